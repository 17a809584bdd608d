// What delivery.timeout.ms means for batches that the accumulator holds.
#include <gtest/gtest.h>

#include <vector>

#include "core/record_accumulator.h"
#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_expiry_test {
namespace {

TEST(RecordAccumulatorExpiry, TheLongestTimeoutExpiresToTheMillisecond) {
  for (const bool muted : {false, true}) {
    AccumulatorBench bench{{.linger = 300ms, .delivery_timeout = 2'147'483'647ms}};
    bench.append(0);
    const Millis created = bench.now;
    bench.now += 300ms;
    EXPECT_TRUE(bench.is_ready());
    if (muted) bench.accumulator.mute(bench.tp(0), bench.journal);
    EXPECT_TRUE(bench.accumulator.take_expired(bench.now).empty());

    bench.now = created + 2'147'483'646ms;
    EXPECT_TRUE(bench.accumulator.take_expired(bench.now).empty());
    bench.now += 1ms;
    EXPECT_EQ(bench.accumulator.take_expired(bench.now).size(), 1u);
    EXPECT_FALSE(bench.is_ready());
  }
}

// A drain does not look at the age of a batch, and comes before the look for expired ones.
TEST(RecordAccumulatorExpiry, AnOverdueBatchIsStillDrainedUnlessItsPartitionIsMuted) {
  for (const bool muted : {false, true}) {
    AccumulatorBench bench{{.linger = 3s, .delivery_timeout = 3'200ms}};
    bench.append(0);
    bench.now += 3s;
    const BatchId batch = bench.drain_one();
    bench.now += 1s;
    bench.reenqueue(batch);
    if (muted) bench.accumulator.mute(bench.tp(0), bench.journal);

    bench.now += 2'200ms;
    EXPECT_EQ(bench.drain().size(), muted ? 0u : 1u);
    EXPECT_EQ(bench.accumulator.take_expired(bench.now).size(), muted ? 1u : 0u);
  }
}

}  // namespace
}  // namespace linger::core::record_accumulator_expiry_test
