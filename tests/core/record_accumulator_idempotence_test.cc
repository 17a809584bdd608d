// What idempotence forbids a drain.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/record_accumulator.h"
#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_idempotence_test {
namespace {

using Batches = std::vector<BatchId>;
using Partitions = std::vector<std::int32_t>;

TEST(RecordAccumulatorDrain, WithoutAProducerIdNothingIsTaken) {
  AccumulatorBench bench{{.idempotent = true}};
  bench.transactions.emplace();
  bench.append(0);
  EXPECT_TRUE(bench.is_ready());
  EXPECT_TRUE(bench.drain().empty());
}

TEST(RecordAccumulatorDrain, ABlockedPartitionKeepsTheTurnAndStarvesTheOthersOfItsNode) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}, .idempotent = true}};
  const Partitions order = bench.drain_order();
  bench.append(order[1]);
  const BatchId lost = bench.drain_one();
  bench.transactions->mark_sequence_unresolved(bench.batch(lost), bench.journal);
  for (int i = 0; i < 2; ++i) {
    for (std::int32_t partition = 0; partition < 3; ++partition) bench.append(partition, 900);
  }

  EXPECT_EQ(bench.drain().size(), 2u);
  EXPECT_TRUE(bench.drain().empty());
  EXPECT_TRUE(bench.drain().empty());

  EXPECT_EQ(bench.deque(order[0]).size(), 1u);
  EXPECT_EQ(bench.deque(order[2]).size(), 1u);
  EXPECT_TRUE(bench.is_ready()) << "the sender looks again at once, and again";
}

TEST(RecordAccumulatorDrain, RetriesGoOutOneAtATimeInTheirOrder) {
  AccumulatorBench bench{{.idempotent = true}};
  for (int i = 0; i < 3; ++i) bench.append(0, 900);
  const Batches sent{bench.drain_one(), bench.drain_one()};
  bench.reenqueue(sent[1]);
  bench.now += 100ms;
  EXPECT_TRUE(bench.drain().empty()) << "the one before it is in flight";

  bench.reenqueue(sent[0]);
  bench.now += 100ms;
  EXPECT_EQ(bench.drain(), Batches{sent[0]});
  EXPECT_TRUE(bench.drain().empty());

  bench.complete(sent[0]);
  EXPECT_EQ(bench.drain(), Batches{sent[1]});
  EXPECT_EQ(bench.drain().size(), 1u) << "behind it comes what has no sequence yet";
}

TEST(RecordAccumulatorDrain, SequencesAreGivenAtTheFirstDrainAndKept) {
  AccumulatorBench bench{{.idempotent = true}};
  bench.append_until_refused(0);
  EXPECT_FALSE(bench.head(0).builder.has_sequence());
  const BatchId first = bench.drain_one();
  const BatchId second = bench.drain_one();
  EXPECT_EQ(bench.batch(first).builder.base_sequence(), 0);
  EXPECT_EQ(bench.batch(second).builder.base_sequence(), bench.batch(first).builder.record_count());

  bench.reenqueue(first);
  bench.now += 100ms;
  bench.drain_one();
  EXPECT_EQ(bench.batch(first).builder.base_sequence(), 0);
}

}  // namespace
}  // namespace linger::core::record_accumulator_idempotence_test
