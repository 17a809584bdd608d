#include "sim/hand.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/timeline.h"
#include "sim/trace_names.h"
#include "sim/trace_text.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOneRecord = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0, 0]
[network]
latency = "2ms"
[producer]
linger.ms = 50
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)";

SendAction three_records() {
  SendAction send;
  send.topic = "orders";
  send.partition = 1;
  send.count = 3;
  return send;
}

Timeline lingering_at(core::Duration when) {
  Timeline run{shared_scenario(kOneRecord)};
  run.seek_time(core::Instant{when});
  return run;
}

TEST(Hand, WhatIsDoneInTheApplicationsPlaceIsDoneByTheProducer) {
  Timeline run = lingering_at(10ms);
  run.act(three_records(), 0, core::Instant{12ms});
  run.act(FlushAction{}, 0, core::Instant{20ms});
  run.seek_time(core::Instant{21ms});
  EXPECT_EQ(run.world().counts.sent, 4);
  EXPECT_EQ(run.world().processes[0].producer.client().in_flight_count(), 1);
  run.run_to_end();
  EXPECT_EQ(run.world().counts.acknowledged, 4);
  EXPECT_LT(run.world().now, core::Instant{50ms}) << "nothing lingered";
}

TEST(Hand, TheScenarioDoesTheSameByItself) {
  Timeline by_hand = lingering_at(10ms);
  by_hand.act(three_records(), 0, core::Instant{12ms});
  by_hand.seek_time(core::Instant{13ms});
  by_hand.act(FlushAction{}, 0, core::Instant{20ms});
  by_hand.seek_time(core::Instant{20ms});
  by_hand.act(CloseAction{}, 0, core::Instant{22ms});
  by_hand.run_to_end();
  const auto saved = parse_scenario(scenario_text(by_hand.scenario()), "saved.toml");
  ASSERT_TRUE(std::holds_alternative<Scenario>(saved))
      << text(std::get<std::vector<ParseError>>(saved));
  Timeline again{std::make_shared<const Scenario>(std::get<Scenario>(saved))};
  again.run_to_end();
  ASSERT_EQ(again.trace().size(), by_hand.trace().size());
  const TraceNames names = names_of(by_hand.scenario());
  for (std::size_t i = 0; i < again.trace().size(); ++i) {
    EXPECT_EQ(again.trace()[i].at, by_hand.trace()[i].at) << i;
    EXPECT_EQ(describe(again.trace()[i], names).sentence,
              describe(by_hand.trace()[i], names).sentence);
  }
}

TEST(Hand, IsThereAgainHoweverOneComesBack) {
  Timeline run = lingering_at(10ms);
  run.act(three_records(), 0, core::Instant{12ms});
  run.run_to_end();
  const auto end = run.world().now;
  run.seek(0);
  EXPECT_EQ(run.scenario().threads.size(), 1U) << "it was not yet done";
  run.run_to_end();
  EXPECT_EQ(run.world().now, end);
  EXPECT_EQ(run.world().counts.acknowledged, 4);
}

TEST(Hand, IsTakenBackOneByOne) {
  Timeline untouched = lingering_at(0ms);
  untouched.run_to_end();
  Timeline run = lingering_at(10ms);
  run.act(three_records(), 0, core::Instant{12ms});
  run.seek_time(core::Instant{14ms});
  run.act(FlushAction{}, 0, core::Instant{20ms});
  run.run_to_end();
  EXPECT_EQ(run.last_done_at(), core::Instant{20ms});
  EXPECT_TRUE(run.take_back());
  EXPECT_LE(run.world().now, core::Instant{14ms}) << "where it was done";
  EXPECT_EQ(run.last_done_at(), core::Instant{12ms});
  EXPECT_TRUE(run.take_back());
  EXPECT_FALSE(run.take_back());
  run.run_to_end();
  EXPECT_EQ(run.trace().size(), untouched.trace().size());
  EXPECT_EQ(run.scenario().threads.size(), 1U);
}

TEST(Hand, FaultsAndActsKeepTheirOrder) {
  Timeline run = lingering_at(10ms);
  run.act(FlushAction{}, 0, core::Instant{11ms});
  run.inject(StopBroker{}, core::Instant{12ms});
  run.act(three_records(), 0, core::Instant{13ms});
  run.seek(0);
  run.seek_time(core::Instant{14ms});
  EXPECT_EQ(run.scenario().faults.size(), 1U);
  EXPECT_EQ(run.scenario().threads.size(), 3U);
  EXPECT_TRUE(run.take_back());
  EXPECT_TRUE(run.take_back());
  EXPECT_TRUE(run.scenario().faults.empty());
  EXPECT_EQ(run.scenario().threads.size(), 2U);
}

TEST(Hand, SaysWhatIsDone) {
  EXPECT_EQ(text(AppAction{three_records()}), "send 3 records: orders-1");
  EXPECT_EQ(text(AppAction{CloseAction{core::Milliseconds{0}}}), "close, in 0 ms at most");
}

}  // namespace
}  // namespace linger::sim
