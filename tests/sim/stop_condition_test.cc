#include "sim/stop_condition.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "sim/timeline.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kThreeRecords = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
linger.ms = 5
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 3, every = "1ms" }]
)";

// Where a run stops that begins after everything until `from`, or at its start; none if it does
// not.
std::optional<core::Instant> stopped_at(const std::string& text,
                                        std::optional<core::Duration> from = std::nullopt) {
  const auto parsed = parse_stop(text);
  const auto& stop = std::get<StopPoint>(parsed);
  Timeline run{shared_scenario(kThreeRecords)};
  if (from) run.seek_time(core::Instant{*from});
  StopWatch watch{std::get<StopCondition>(stop), run.world(), run.past()};
  while (run.step_forward()) {
    const auto stops = watch.look(run.world(), run.events_of(run.cursor() - 1));
    if (std::get<bool>(stops)) return run.world().now;
  }
  return std::nullopt;
}

TEST(StopCondition, ATimeIsATime) {
  EXPECT_EQ(std::get<StopPoint>(parse_stop(" 12ms ")), StopPoint{core::Instant{12ms}});
}

TEST(StopCondition, AKindOfEventStopsAtItsNextOne) {
  EXPECT_EQ(stopped_at("record_appended"), core::Instant{0ms});
  EXPECT_EQ(stopped_at("record_appended", 500us), core::Instant{1ms});
  EXPECT_EQ(stopped_at("batch_drained"), core::Instant{5ms});
  EXPECT_EQ(stopped_at("batch_drained", 6ms), std::nullopt);
}

TEST(StopCondition, AConditionThatHoldsAlreadyHasToCeaseFirst) {
  EXPECT_EQ(stopped_at("batches.incomplete > 0"), core::Instant{0ms});
  EXPECT_EQ(stopped_at("batches.incomplete > 0", 1ms), std::nullopt);
  EXPECT_EQ(stopped_at("batches.incomplete == 0", 1ms), core::Instant{9ms});
}

TEST(StopCondition, AnythingElseStopsWhereItsValueChanges) {
  EXPECT_EQ(stopped_at("batch(0).state", 1ms), core::Instant{5ms}) << "it is in flight";
  EXPECT_EQ(stopped_at("batch(0).state", 6ms), core::Instant{9ms}) << "it succeeded";
  EXPECT_EQ(stopped_at("records.sent", 1500us), core::Instant{2ms});
}

TEST(StopCondition, AMistakeIsToldWhereItStands) {
  const auto parsed = parse_stop("pool.available < ");
  ASSERT_TRUE(std::holds_alternative<QueryError>(parsed));
  EXPECT_GT(std::get<QueryError>(parsed).column, 14);
  const auto unknown = std::get<QueryError>(parse_stop("records.sent > 1 and pool.availabel < 3"));
  EXPECT_EQ(unknown.column, 27);
  EXPECT_NE(unknown.fix.find("available"), std::string::npos) << unknown.fix;
}

TEST(StopCondition, WhatCannotExistIsAnError) {
  Timeline run{shared_scenario(kThreeRecords)};
  const auto parsed = parse_stop("partition('nowhere-0').deque > 0");
  StopWatch watch{std::get<StopCondition>(std::get<StopPoint>(parsed)), run.world(), run.past()};
  run.step_forward();
  EXPECT_TRUE(std::holds_alternative<EvalError>(watch.look(run.world(), run.events_of(0))));
}

}  // namespace
}  // namespace linger::sim
