#include "sim/summary.h"

#include <gtest/gtest.h>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

Summary summary_of(std::string_view toml) {
  return run_of(toml).summary;
}

TEST(LatencySummary, TakesPercentilesByNearestRank) {
  std::vector<Duration> latencies;
  for (int i = 100; i >= 1; --i) latencies.emplace_back(i);
  const LatencySummary summary = latency_summary(latencies);
  EXPECT_EQ(summary.count, 100);
  EXPECT_EQ(summary.least, 1us);
  EXPECT_EQ(summary.median, 50us);
  EXPECT_EQ(summary.ninety_ninth, 99us);
  EXPECT_EQ(summary.most, 100us);
}

TEST(LatencySummary, OfOneIsThatOne) {
  const LatencySummary summary = latency_summary({5us});
  EXPECT_EQ(summary.least, 5us);
  EXPECT_EQ(summary.median, 5us);
  EXPECT_EQ(summary.ninety_ninth, 5us);
  EXPECT_EQ(summary.most, 5us);
}

TEST(LatencySummary, OfNoneIsEmpty) {
  EXPECT_EQ(latency_summary({}).count, 0);
}

TEST(Summary, CountsRecordsBatchesAndRequests) {
  const Summary summary = summary_of(R"(
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 5
    [[thread]]
    run = [ { send = "t", count = 10, value_size = 100 } ]
  )");
  EXPECT_EQ(summary.records.sent, 10);
  EXPECT_EQ(summary.records.acknowledged, 10);
  EXPECT_EQ(summary.pending, 0);
  EXPECT_EQ(summary.batches.opened, 1);
  EXPECT_EQ(summary.batches.sent, 1);
  EXPECT_EQ(summary.batches.records, 10);
  EXPECT_EQ(summary.batches.batch_size, Bytes{16'384});
  EXPECT_GT(summary.batches.bytes, Bytes{1'000});
  EXPECT_EQ(summary.requests.produce, 1);
  EXPECT_EQ(summary.requests.records, 10);
  EXPECT_GT(summary.requests.others, 0);
  EXPECT_GT(summary.requests.to_brokers, summary.batches.bytes);
  EXPECT_GT(summary.requests.to_clients, Bytes{});
  EXPECT_EQ(summary.acknowledged.count, 10);
  EXPECT_EQ(summary.logs.records, 10);
  EXPECT_EQ(summary.logs.duplicates, 0);
  EXPECT_TRUE(summary.logs.out_of_order.empty());
  ASSERT_EQ(summary.pools.size(), 1u);
  EXPECT_EQ(summary.pools[0].most_used, Bytes{16'384});
}

TEST(Summary, ARetriedBatchIsSentOnceInTwoRequests) {
  const Summary summary = summary_of(R"(
    [[topic]]
    name = "t"
    [[thread]]
    run = [ { send = "t" } ]
    [[fault]]
    at = "0ms"
    fail_produce = { partition = "t-0", error = "NOT_LEADER_OR_FOLLOWER" }
  )");
  EXPECT_EQ(summary.batches.sent, 1);
  EXPECT_EQ(summary.batches.retries, 1);
  EXPECT_EQ(summary.requests.produce, 2);
  EXPECT_EQ(summary.requests.records, 2);
}

TEST(Summary, SaysWhatThreadsWaitedFor) {
  const Summary summary = summary_of(R"(
    [[topic]]
    name = "t"
    [producer]
    linger.ms = 5
    [[thread]]
    run = [ { send = "t", wait = true }, { send = "t" }, { flush = true }, { close = true } ]
  )");
  EXPECT_GT(summary.blocked.metadata, 0us);
  EXPECT_EQ(summary.blocked.memory, 0us);
  EXPECT_GT(summary.blocked.future, 5ms);
  EXPECT_GT(summary.blocked.flush, 0us);
}

TEST(Summary, FullMemoryIsItsHighWater) {
  const Summary summary = summary_of(R"(
    [[topic]]
    name = "t"
    [producer]
    batch.size = 1000
    buffer.memory = 2000
    [[thread]]
    run = [ { send = "t", count = 40, value_size = 500 } ]
  )");
  EXPECT_EQ(summary.records.acknowledged, 40);
  EXPECT_EQ(summary.pools[0].most_used, Bytes{2'000});
  EXPECT_GT(summary.blocked.memory, 0us);
}

TEST(Summary, NamesTheErrorsOfFailedRecords) {
  const Summary summary = summary_of(R"(
    [[topic]]
    name = "t"
    leaders = ["none"]
    [producer]
    request.timeout.ms = 50
    delivery.timeout.ms = 100
    [[thread]]
    run = [ { send = "t", count = 3 } ]
  )");
  EXPECT_EQ(summary.records.failed, 3);
  EXPECT_EQ(summary.batches.expirations, 1);
  ASSERT_EQ(summary.errors.size(), 1u);
  EXPECT_EQ(summary.errors.begin()->first, "TimeoutException");
  EXPECT_EQ(summary.errors.begin()->second, 3);
  EXPECT_EQ(summary.failed.count, 3);
}

TEST(SummaryText, HasAlignedColumnsAndUnits) {
  Summary summary;
  summary.records = {.sent = 10, .acknowledged = 9, .failed = 1, .refused = 0};
  summary.errors["TimeoutException"] = 1;
  summary.batches = {.opened = 3,
                     .sent = 3,
                     .records = 10,
                     .bytes = Bytes{900},
                     .batch_size = Bytes{3'000},
                     .retries = 1,
                     .splits = 0,
                     .expirations = 1};
  summary.pools = {{"producer", Bytes{33'554'432}, Bytes{16'384}, Bytes{}}};
  const std::string shown = text(summary);
  EXPECT_NE(shown.find("records   10 sent"), std::string::npos) << shown;
  EXPECT_NE(shown.find("3.3 records each"), std::string::npos) << shown;
  EXPECT_NE(shown.find("30.0 % of batch.size"), std::string::npos) << shown;
  EXPECT_NE(shown.find("16.0 KiB at most"), std::string::npos) << shown;
  EXPECT_NE(shown.find("1 TimeoutException"), std::string::npos) << shown;
}

}  // namespace
}  // namespace linger::sim
