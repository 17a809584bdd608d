#include "sim/recording.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sim/runner.h"
#include "sim/scenario_writer.h"
#include "support/outside_brokers.h"
#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

constexpr const char* kScenario = R"(
  [cluster]
  brokers = 2
  [[topic]]
  name = "orders"
  leaders = [0, 1]
  [producer]
  linger.ms = 3
  [[thread]]
  run = [ { send = "orders", count = 30, every = "1ms", key = "k{i}", value = "v{id}" } ]
  [[fault]]
  at = "10ms"
  disconnect = 0
  [[expect]]
  that = "log('orders-0').records > 0"
)";

RunResult replay(const Scenario& recorded) {
  return run(std::make_shared<const Scenario>(scenario_of(scenario_text(recorded))));
}

template <class E>
std::int64_t count(const std::vector<TraceEvent>& trace) {
  std::int64_t found = 0;
  for (const TraceEvent& event : trace) found += event.as<E>() == nullptr ? 0 : 1;
  return found;
}

TEST(Recording, GivesTheSameRunAgainWithoutTheBrokers) {
  OutsideBrokers live{scenario_of(kScenario)};
  live.run();
  EXPECT_EQ(live.world().counts.acknowledged, 30);
  EXPECT_EQ(live.cluster().find({core::TopicId{0}, 0})->log.end_offset() +
                live.cluster().find({core::TopicId{0}, 1})->log.end_offset(),
            30);
  const Scenario recorded = live.recorded();
  const RunResult again = replay(recorded);
  EXPECT_EQ(text(again.digests), text(live.digests()));
  EXPECT_EQ(recorded.live->digests, digest_map(again.digests));
  EXPECT_EQ(again.summary.records.acknowledged, 30);
}

TEST(Recording, AnotherInputGivesAnotherRun) {
  OutsideBrokers live{scenario_of(kScenario)};
  live.run();
  Scenario recorded = live.recorded();
  auto inputs = *recorded.live->inputs;
  inputs.resize(inputs.size() / 2);
  recorded.live->inputs = std::make_shared<const std::vector<OutsideInput>>(std::move(inputs));
  recorded.end = Instant{1s};
  EXPECT_NE(text(replay(recorded).digests), text(live.digests()));
}

TEST(Recording, WhatCannotBeHadWithRealBrokersIsLeftOutAndSaidSo) {
  const LiveScenario live = as_live(scenario_of(kScenario), {});
  EXPECT_EQ(live.left_out,
            (std::vector<std::string>{"faults: nothing can be done to real brokers from here",
                                      "expectations: they are of simulated brokers"}));
  EXPECT_TRUE(live.scenario.faults.empty());
  EXPECT_TRUE(live.scenario.expectations.empty());
}

TEST(Recording, WarmScenariosBeginColdWithRealBrokers) {
  Scenario scenario = scenario_of(kScenario);
  scenario.warm = true;
  OutsideBrokers live{scenario};
  live.run();
  EXPECT_EQ(live.world().counts.acknowledged, 30);
  EXPECT_GE(count<ConnectionOpened>(live.trace()), 2);
}

// --- An interrupt ---

TEST(Interrupt, ThreadsStopAndProducersAreClosedWithWhatTheyHave) {
  OutsideBrokers live{scenario_of(kScenario)};
  live.run(Instant{15ms});
  live.interrupt();
  live.run();
  const RecordCounts& counts = live.world().counts;
  EXPECT_GT(counts.sent, 5);
  EXPECT_LT(counts.sent, 30);
  EXPECT_EQ(counts.acknowledged, counts.sent);
  EXPECT_EQ(count<core::CloseEnded>(live.trace()), 1);
  EXPECT_EQ(text(replay(live.recorded()).digests), text(live.digests()));
}

TEST(Interrupt, AShutdownHookOfTheScenarioRunsInsteadOfClose) {
  OutsideBrokers live{scenario_of(
      "[[topic]]\nname = \"t\"\n[[thread]]\nname = \"A\"\nrun = [ { send = \"t\", count = 100, "
      "every = \"1ms\" } ]\n[[thread]]\nname = \"hook\"\non_interrupt = true\nrun = [ { flush = "
      "true } ]\n")};
  live.run(Instant{20ms});
  live.interrupt();
  live.run();
  EXPECT_EQ(count<core::FlushEnded>(live.trace()), 1);
  EXPECT_EQ(count<core::CloseStarted>(live.trace()), 0);
}

TEST(Interrupt, AShutdownHookSleepsThroughARunThatNobodyInterrupts) {
  const RunResult result = run_of(
      "[[topic]]\nname = \"t\"\n[[thread]]\nname = \"A\"\nrun = [ { send = \"t\" } ]\n"
      "[[thread]]\nname = \"hook\"\non_interrupt = true\nrun = [ { send = \"t\" } ]\n");
  EXPECT_EQ(result.summary.records.sent, 1);
  EXPECT_EQ(result.why, "idle");
}

// --- The file ---

std::string error_in(const std::string& live) {
  const auto parsed = parse_scenario(
      "[[topic]]\nname = \"t\"\n[[thread]]\nrun = [ { send = \"t\" } ]\n[live]\n" + live, "r.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  return errors == nullptr ? "" : text(*errors);
}

TEST(RecordingFile, EveryKindOfInputIsReadAsItIsWritten) {
  const std::string text =
      "[live]\nbootstrap = [\"localhost:9092\", \"::1:9093\"]\n"
      "digests = { producer = \"00ff\" }\ninputs = [\n"
      "  \"1 0/-1/0 connected 1048576\",\n  \"2 0/-1/0 room 17\",\n"
      "  \"3 0/-1/0 received 00ff10\",\n  \"4 0/-1/0 ended\",\n  \"5 0/1/1 reset\",\n"
      "  \"5 0/2/2 failed\",\n  \"6 interrupted\",\n]\n";
  const Scenario scenario =
      scenario_of("[[topic]]\nname = \"t\"\n[[thread]]\nrun = [ { send = \"t\" } ]\n" + text);
  EXPECT_EQ(live_section(*scenario.live), text);
}

TEST(RecordingFile, MistakesAreToldWithTheirPlace) {
  EXPECT_EQ(error_in("bootstrap = [\"localhost\"]"),
            "r.toml:6:14: error: 'localhost' is no address of a broker\n"
            "  fix: a host and a port, such as localhost:9092\n");
  const std::string begin = "bootstrap = [\"b:1\"]\ninputs = [";
  for (const char* input :
       {"", "x", "1 0/0/0", "1 0/0/0 received", "1 0/0/0 received 0", "1 0/0/0 received 0g",
        "1 0/0/0 room -1", "1 0/0/0 room 99999999999", "-1 interrupted", "1 0/0 ended",
        "1 0/0/0 dances", "1 0/0/0 ended twice"}) {
    EXPECT_NE(error_in(begin + "\"" + input + "\"]").find("is no input of a live run"),
              std::string::npos)
        << input;
  }
  EXPECT_NE(error_in(begin + "\"1 7/0/0 ended\"]").find("there is no such producer"),
            std::string::npos);
  EXPECT_NE(error_in(begin + "\"2 0/0/0 ended\", \"1 0/0/0 ended\"]").find("in order of time"),
            std::string::npos);
}

TEST(RecordingFile, WhatCannotHaveHappenedIsPassedOver) {
  const RunResult result = run_of(
      "end = \"100ms\"\n[[topic]]\nname = \"t\"\n[[thread]]\nrun = [ { send = \"t\" } ]\n"
      "[live]\nbootstrap = [\"b:1\"]\ninputs = [ \"1 0/-1/0 room 5\", \"2 0/-1/7 connected 9\", "
      "\"3 0/-1/0 connected 100\", \"4 0/-1/0 connected 100\", \"5 0/-1/0 ended\", "
      "\"6 0/-1/0 received 00\", \"7 0/5/1 failed\" ]\n");
  EXPECT_EQ(result.why, "end");
  EXPECT_EQ(result.summary.records.acknowledged, 0);
}

TEST(RecordingFile, TheTraceTellsWhoClosedAConnection) {
  SmallRun run{shared_scenario(
      "end = \"1s\"\n[[topic]]\nname = \"t\"\n[[thread]]\nrun = [ { send = \"t\" } ]\n"
      "[live]\nbootstrap = [\"b:1\"]\ninputs = [ \"1000 0/-1/0 connected 1000\", "
      "\"2000 0/-1/0 ended\", \"400000 0/-1/1 connected 1000\", \"401000 0/-1/1 reset\" ]\n")};
  run.run();
  const auto closed = run.all<ConnectionClosed>();
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[0].first, 2ms);
  EXPECT_EQ(closed[0].second.by, ClosedBy::Broker);
  EXPECT_EQ(closed[1].first, 401ms);
  EXPECT_EQ(closed[1].second.by, ClosedBy::Network);
}

}  // namespace
}  // namespace linger::sim
