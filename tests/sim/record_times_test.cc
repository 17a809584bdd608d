#include "sim/record_times.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <system_error>
#include <variant>

#include "sim/scenario_folder.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::RecordId;

RecordTimes follow(std::string_view toml, std::int64_t record,
                   std::optional<Instant> at = std::nullopt) {
  const auto times = times_of(shared_scenario(toml), RecordId{record}, at);
  if (!times) throw std::invalid_argument{"there is no such record"};
  return *times;
}

Duration in_stage(const RecordTimes& times, RecordStage stage) {
  Duration sum{};
  for (const RecordSpan& span : times.spans) sum += span.stage == stage ? span.lasted : 0us;
  return sum;
}

// Whatever happens to a record, its spans leave no gap, and add up to what the ledger says.
void expect_no_gap(const RecordTimes& times) {
  Instant at = times.entry.sent_at;
  for (const RecordSpan& span : times.spans) {
    EXPECT_EQ(span.from, at) << span.what;
    EXPECT_GT(span.lasted, 0us) << span.what;
    at += span.lasted;
  }
  if (times.is_complete) {
    EXPECT_EQ(at, times.entry.completed_at);
  }
}

constexpr const char* kOneRecord = R"(
  [[topic]]
  name = "t"
  [network]
  latency = "1ms"
  [producer]
  linger.ms = 5
  [[thread]]
  run = [ { send = "t" } ]
)";

TEST(RecordTimes, OfAPlainRecordAreMetadataLingerAndTheWire) {
  const RecordTimes times = follow(kOneRecord, 0);
  expect_no_gap(times);
  EXPECT_TRUE(times.is_complete);
  EXPECT_GT(in_stage(times, RecordStage::Metadata), 0us);
  EXPECT_GE(in_stage(times, RecordStage::InBatch), 5ms);
  EXPECT_EQ(in_stage(times, RecordStage::InFlight), 2ms);
  EXPECT_EQ(in_stage(times, RecordStage::Backoff), 0us);
  EXPECT_EQ(times.total(), times.entry.completed_at - times.entry.sent_at);
}

TEST(RecordTimes, EachAttemptIsASpanWithItsBackoffBetween) {
  const std::string toml = std::string{"backoff_jitter = false\n"} + kOneRecord + R"(
    [[fault]]
    at = "0ms"
    fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS", times = 2 }
  )";
  const RecordTimes times = follow(toml, 0);
  expect_no_gap(times);
  EXPECT_EQ(in_stage(times, RecordStage::InFlight), 6ms);
  EXPECT_GE(in_stage(times, RecordStage::Backoff), 300ms);
  EXPECT_EQ(times.entry.status, RecordStatus::Acknowledged);
}

TEST(RecordTimes, WaitingForMemoryIsTimeInSend) {
  const RecordTimes times = follow(R"(
    warm = true
    [[topic]]
    name = "t"
    [producer]
    batch.size = 1000
    buffer.memory = 1000
    [[thread]]
    run = [ { send = "t", count = 3, value_size = 800 } ]
  )",
                                   2);
  expect_no_gap(times);
  EXPECT_GT(in_stage(times, RecordStage::Memory), 0us);
}

TEST(RecordTimes, ASlowCallbackHoldsTheRecordsBehindIt) {
  const std::string toml = R"(
    warm = true
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 5
    [[producer.callback]]
    name = "slow"
    takes = "4ms"
    [[thread]]
    run = [ { send = "t", count = 3, callback = "slow" } ]
  )";
  const RecordTimes first = follow(toml, 0);
  expect_no_gap(first);
  EXPECT_EQ(in_stage(first, RecordStage::Held), 0us);
  EXPECT_EQ(first.own_callbacks, 4ms);
  const RecordTimes last = follow(toml, 2);
  expect_no_gap(last);
  EXPECT_EQ(in_stage(last, RecordStage::Held), 8ms);
}

TEST(RecordTimes, ASplitBatchsRecordIsFollowedIntoItsPart) {
  const std::string toml = R"(
    warm = true
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 5
    [[thread]]
    run = [ { send = "t", count = 3, value_size = 500 } ]
    [[fault]]
    at = "0ms"
    fail_produce = { partition = "t-0", error = "MESSAGE_TOO_LARGE" }
  )";
  ASSERT_EQ(run_of(toml).summary.batches.splits, 1);
  for (std::int64_t record = 0; record < 3; ++record) {
    const RecordTimes times = follow(toml, record);
    expect_no_gap(times);
    EXPECT_EQ(times.entry.status, RecordStatus::Acknowledged);
    EXPECT_EQ(in_stage(times, RecordStage::InFlight), 4ms);
  }
}

TEST(RecordTimes, UntilAMomentAreThoseSoFar) {
  const RecordTimes whole = follow(kOneRecord, 0);
  const RecordTimes cut = follow(kOneRecord, 0, whole.entry.appended_at + 2ms);
  EXPECT_FALSE(cut.is_complete);
  EXPECT_EQ(cut.total(), whole.entry.appended_at + 2ms - whole.entry.sent_at);
}

TEST(RecordTimes, OfARecordThatFailsInSendEndThere) {
  const RecordTimes times = follow(R"(
    [cluster]
    missing_topics = ["ghost"]
    [producer]
    max.block.ms = 50
    [[thread]]
    run = [ { send = "ghost" } ]
  )",
                                   0);
  expect_no_gap(times);
  EXPECT_EQ(times.entry.status, RecordStatus::Failed);
  EXPECT_EQ(in_stage(times, RecordStage::Metadata), 50ms);
  EXPECT_EQ(times.total(), 50ms);
}

TEST(RecordTimes, OfARecordThatWasNeverSentAreNone) {
  EXPECT_FALSE(times_of(shared_scenario(kOneRecord), RecordId{1}, std::nullopt).has_value());
  EXPECT_FALSE(times_of(shared_scenario(kOneRecord), RecordId{-1}, std::nullopt).has_value());
}

// Of the first ones, and then of ever fewer: each plays its scenario from the start.
TEST(RecordTimes, OfRecordsInEveryScenarioLeaveNoGap) {
  std::error_code error;
  for (const auto& file : scenarios_below(LINGER_SOURCE_DIR "/scenarios", error)) {
    SCOPED_TRACE(file);
    const auto parsed = load_scenario(file.string());
    if (!std::holds_alternative<Scenario>(parsed)) continue;  // another test says so
    const auto scenario = std::make_shared<const Scenario>(std::get<Scenario>(parsed));
    for (std::int64_t record = 0;; record += 1 + record / 2) {
      const auto times = times_of(scenario, RecordId{record}, std::nullopt);
      if (!times) break;
      expect_no_gap(*times);
      EXPECT_EQ(times->is_complete, times->entry.status > RecordStatus::Pending) << record;
    }
  }
}

TEST(RecordTimesText, AddsUpToTheTotal) {
  const RecordTimes times = follow(kOneRecord, 0);
  const std::string shown = text(times, scenario_of(kOneRecord).topics);
  EXPECT_NE(shown.find("record 0 to t-0, sent by thread app of producer at 0.000 ms: "
                       "acknowledged at offset 0"),
            std::string::npos)
      << shown;
  EXPECT_NE(shown.find("attempt 1: request"), std::string::npos) << shown;
  EXPECT_NE(shown.find("total"), std::string::npos) << shown;
}

}  // namespace
}  // namespace linger::sim
