#include "viz/ledger_view.h"

#include <gtest/gtest.h>

#include "support/scenarios.h"
#include "viewer_fixture.h"

namespace linger::viz {
namespace {

RecordLedgerView ledger(const ViewerState& state, RecordFilter filter = RecordFilter::All,
                        Window window = {}) {
  return record_ledger_view(scene(state), filter, window);
}

ConsumerLogView consumer(const ViewerState& state, Window window = {}) {
  return consumer_log_view(scene(state), lane().partition, window);
}

TEST(RecordLedgerView, FollowsEachRecordToItsFate) {
  ViewerState state = viewer_at(kLinger, 1ms);
  EXPECT_EQ(ledger(state).rows.size(), 2U);
  EXPECT_EQ(ledger(state).pending, 2);
  EXPECT_EQ(ledger(state).rows[0].status_word, "pending");
  EXPECT_EQ(ledger(state).rows[0].offset_text, "–");

  handle(state, ToEnd{});
  const RecordLedgerView view = ledger(state);
  EXPECT_EQ(view.acknowledged, 3);
  ASSERT_EQ(view.rows.size(), 3U);
  EXPECT_EQ(view.rows[1].label, "r1");
  EXPECT_EQ(view.rows[1].thread, "A");
  EXPECT_EQ(view.rows[1].partition, "orders-0");
  EXPECT_EQ(view.rows[1].batch, batch(0));
  EXPECT_EQ(view.rows[1].offset_text, "1");
  EXPECT_EQ(view.rows[1].latency, "8.0 ms");
}

TEST(RecordLedgerView, CountsTheSendingsThatFailedAlsoBeforeTheLastOne) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  EXPECT_EQ(ledger(state).rows[0].attempts, 1);
  handle(state, ToEnd{});
  EXPECT_EQ(ledger(state).rows[0].attempts, 2);
}

TEST(RecordLedgerView, AnErrorIsToldInKafkasWords) {
  ViewerState state = viewer_of(kExpiry);
  handle(state, ToEnd{});
  const RecordRow row = ledger(state).rows.at(0);
  EXPECT_EQ(row.status, sim::RecordStatus::Failed);
  EXPECT_TRUE(row.error.starts_with("TimeoutException: Expiring 1 record(s) for orders-0"))
      << row.error;
}

TEST(RecordLedgerView, AWindowShowsItsRowsAndCountsThemAll) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  const RecordLedgerView view = ledger(state, RecordFilter::All, {.first = 1, .count = 1});
  EXPECT_EQ(view.total, 3);
  ASSERT_EQ(view.rows.size(), 1U);
  EXPECT_EQ(view.rows[0].record, core::RecordId{1});
  EXPECT_TRUE(ledger(state, RecordFilter::All, {.first = 99, .count = 5}).rows.empty());
}

TEST(RecordLedgerView, AFilterLetsThroughOneFateOrOneBatch) {
  ViewerState state = viewer_at(kMemory, 30ms);
  EXPECT_EQ(ledger(state, RecordFilter::Acknowledged).total, 2);
  EXPECT_EQ(ledger(state, RecordFilter::Pending).total, 1);
  EXPECT_EQ(ledger(state, RecordFilter::Failed).total, 0);
  handle(state, Select{batch(1)});
  const RecordLedgerView view = ledger(state, RecordFilter::OfSelection);
  ASSERT_EQ(view.total, 1);
  EXPECT_TRUE(view.rows[0].is_selected);
  EXPECT_EQ(view.rows[0].partition, "orders-1");
}

TEST(ConsumerLogView, ReadsTheLogInOrder) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  const ConsumerLogView view = consumer(state);
  EXPECT_EQ(view.name, "orders-0");
  EXPECT_EQ(view.end_offset, 3);
  ASSERT_EQ(view.rows.size(), 3U);
  for (std::int64_t i = 0; i < 3; ++i) {
    const ConsumerRow& row = view.rows[static_cast<std::size_t>(i)];
    EXPECT_EQ(row.offset, i);
    EXPECT_EQ(row.record, core::RecordId{i});
    EXPECT_EQ(row.mark, ConsumerMark::None);
    EXPECT_TRUE(row.missing_before.empty());
    EXPECT_EQ(row.begins_batch, i == 0);
  }
  EXPECT_EQ(view.duplicates + view.reordered + view.missing, 0);
}

TEST(ConsumerLogView, ARecordThatStandsThereTwiceIsADuplicate) {
  ViewerState state = viewer_of(kDuplicates);
  handle(state, ToEnd{});
  const ConsumerLogView view = consumer(state);
  ASSERT_EQ(view.rows.size(), 4U);
  EXPECT_EQ(view.duplicates, 2);
  EXPECT_EQ(view.rows[1].mark, ConsumerMark::None);
  EXPECT_EQ(view.rows[2].mark, ConsumerMark::Duplicate);
  EXPECT_EQ(view.rows[2].mark_text, "duplicate of offset 0");
}

// Without idempotence and with several requests in flight, one that fails is overtaken.
constexpr std::string_view kOvertaken = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "logs"
leaders = [0]
[network]
latency = "2ms"
[producer]
enable.idempotence = false
[[thread]]
name = "A"
run = [{ send = "logs", partition = 0, value_size = 100, count = 3, every = "1ms" }]
[[fault]]
at = "0ms"
fail_produce = { partition = "logs-0", error = "NOT_ENOUGH_REPLICAS", times = 1 }
)";

TEST(ConsumerLogView, ARecordThatWasOvertakenLeavesAGapUntilItComes) {
  ViewerState state = viewer_at(kOvertaken, 8ms);
  const ConsumerLogView gap = consumer(state);
  ASSERT_EQ(gap.rows.size(), 2U);
  EXPECT_EQ(gap.rows[0].record, core::RecordId{1});
  EXPECT_EQ(gap.rows[0].missing_before, std::vector{core::RecordId{0}});
  EXPECT_EQ(gap.rows[0].missing_text, "gap: r0");
  EXPECT_TRUE(gap.rows[1].missing_before.empty());

  handle(state, ToEnd{});
  const ConsumerLogView late = consumer(state);
  ASSERT_EQ(late.rows.size(), 3U);
  EXPECT_TRUE(late.rows[0].missing_before.empty());
  EXPECT_EQ(late.rows[2].mark, ConsumerMark::Reordered);
  EXPECT_EQ(late.rows[2].mark_text, "after r2");
  EXPECT_EQ(late.reordered, 1);
}

TEST(ConsumerLogView, WhatTheBrokersAcknowledgedAndDoNotHaveIsCounted) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  EXPECT_EQ(consumer(state).missing, 0);
}

// The answer to the first copy is lost. The follower has that one, and stalls; the second copy dies
// with its leader.
constexpr std::string_view kLeaderWithCopiesDies = R"(
warm = true
backoff_jitter = false
end = "3s"
[cluster]
brokers = 2
broker.session.timeout.ms = 500
[[topic]]
name = "orders"
replicas = 2
[producer]
acks = 1
enable.idempotence = false
request.timeout.ms = 40
delivery.timeout.ms = 1000
linger.ms = 0
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, count = 2 }, { sleep = "1s" },
       { send = "orders", partition = 0, count = 2 }]
[[fault]]
at = "0ms"
lose_response = { partition = "orders-0", times = 1 }
[[fault]]
at = "30ms"
stall_follower = { broker = 1, for = "100s" }
[[fault]]
at = "400ms"
stop = 0
)";

TEST(ConsumerLogView, IsTheLogOfThenThoughNobodyLookedBeforeAnotherOneLed) {
  sim::Timeline run{sim::shared_scenario(kLeaderWithCopiesDies)};
  run.run_to_end();
  TraceIndex late;
  late.extend(run);
  const auto look = [&](const TraceIndex& index) {
    const Scene then{run, index, {}, run.world().now, 1, 0, 0, sim::names_of(run.scenario())};
    return consumer_log_view(then, lane().partition, {});
  };
  const ConsumerLogView end = look(late);
  run.seek_time(core::Instant{390ms});
  TraceIndex early;
  early.extend(run);
  EXPECT_EQ(look(late), look(early));
  EXPECT_GT(look(late).duplicates, 0);
  EXPECT_EQ(end.duplicates, 0);
}

TEST(ConsumerLogView, APartitionThatDoesNotExistHasNoRows) {
  const ViewerState state = viewer_of(kLinger);
  const ConsumerLogView view = consumer_log_view(scene(state), {core::TopicId{0}, 7}, {});
  EXPECT_EQ(view.end_offset, 0);
}

}  // namespace
}  // namespace linger::viz
