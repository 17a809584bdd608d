#include "sim/runner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

constexpr const char* kTwoRecords = R"(
  [[topic]]
  name = "t"
  [producer]
  linger.ms = 5
  [[thread]]
  run = [ { send = "t", count = 2, every = "1ms" } ]
  [[expect]]
  that = "records.acknowledged == 2"
  [[expect]]
  that = "count(batch_drained) == 7"
  because = "this is not so"
)";

TEST(Run, SaysOfEachExpectationWhetherItHolds) {
  const RunResult result = run_of(kTwoRecords);
  ASSERT_EQ(result.verdicts.size(), 2u);
  EXPECT_TRUE(result.verdicts[0].holds);
  EXPECT_FALSE(result.verdicts[1].holds);
  EXPECT_EQ(result.verdicts[1].because, "this is not so");
  EXPECT_EQ(result.verdicts[1].line, 10);
  EXPECT_NE(result.verdicts[1].values.find("1 == 7"), std::string::npos)
      << result.verdicts[1].values;
  EXPECT_FALSE(result.is_good());
  EXPECT_TRUE(result.broken_laws.empty());
  EXPECT_EQ(result.why, "idle");
}

TEST(Run, PassesEveryEventOnInOrder) {
  std::vector<TraceEvent> events;
  const RunResult result = run(shared_scenario(kTwoRecords), {},
                               [&](const TraceEvent& event) { events.push_back(event); });
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(static_cast<std::int64_t>(events.size()), result.events);
  for (std::size_t i = 1; i < events.size(); ++i) EXPECT_LE(events[i - 1].at, events[i].at);
  EXPECT_NE(events.back().as<RunEnded>(), nullptr);
  Digests digests;
  for (const TraceEvent& event : events) digests.add(event);
  EXPECT_EQ(digests, result.digests);
}

TEST(Run, TwiceGivesTheSameDigests) {
  EXPECT_EQ(run_of(kTwoRecords).digests, run_of(kTwoRecords).digests);
}

TEST(Run, MakesDigestsUnlessNobodyWantsThem) {
  const auto scenario = shared_scenario(kTwoRecords);
  const RunResult with = run(scenario);
  const RunResult without = run(scenario, {.until = std::nullopt, .makes_digests = false});
  EXPECT_NE(with.digests, Digests{});
  EXPECT_EQ(without.digests, Digests{});
  EXPECT_EQ(with.events, without.events);
  EXPECT_EQ(with.why, without.why);
}

TEST(Run, ThatIsCutJudgesNothing) {
  const RunResult result = run(shared_scenario(kTwoRecords), {.until = Instant{3ms}});
  EXPECT_TRUE(result.was_cut);
  EXPECT_EQ(result.why, "cut");
  EXPECT_TRUE(result.verdicts.empty());
  EXPECT_TRUE(result.is_good());
  EXPECT_LE(result.ended_at, Instant{3ms});
  EXPECT_EQ(result.summary.records.acknowledged, 0);
}

TEST(Run, CutAfterItsEndIsNotCut) {
  const RunResult result = run(shared_scenario(kTwoRecords), {.until = Instant{1h}});
  EXPECT_FALSE(result.was_cut);
  EXPECT_EQ(result.digests, run_of(kTwoRecords).digests);
}

}  // namespace
}  // namespace linger::sim
