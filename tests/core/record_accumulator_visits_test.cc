// In which order the accumulator looks at its deques, and that it passes none over that it should
// look at.
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "core/random.h"
#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_visits_test {
namespace {

std::vector<std::int32_t> visited(bool maps_by_topic) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0, 0}}, .maps_by_topic = maps_by_topic}};
  for (const std::int32_t partition : {2, 0, 3, 1}) bench.append(partition);
  bench.journal.take();
  bench.ready();
  std::vector<std::int32_t> order;
  for (const Event& event : bench.journal.take()) {
    const auto* decision = std::get_if<ReadinessDecision>(&event);
    if (decision != nullptr) order.push_back(decision->partition.partition);
  }
  return order;
}

TEST(RecordAccumulator, PartitionsAreVisitedByNumberSinceKip794AndInHashOrderBefore) {
  EXPECT_EQ(visited(true), (std::vector<std::int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(visited(false), (std::vector<std::int32_t>{3, 2, 1, 0}));
}

// Partitions of three brokers, used at random: what is watched is compared with all there is.
class WatchedDeques : public testing::TestWithParam<bool> {
 protected:
  static constexpr std::int32_t kPartitions = 70;  // more than fit one word of a bit set
  static constexpr Milliseconds kBackoff{20};
  static constexpr Milliseconds kDeliveryTimeout{400};

  static AccumulatorSetup setup() {
    AccumulatorSetup setup;
    setup.leaders.of.clear();
    for (std::int32_t i = 0; i < kPartitions; ++i) setup.leaders.of.push_back(i % 3);
    setup.linger = Milliseconds{3};
    setup.retry_backoff = ExponentialBackoff::constant(kBackoff);
    setup.delivery_timeout = kDeliveryTimeout;
    setup.maps_by_topic = GetParam();
    return setup;
  }

  // What a look at every deque finds: the batch each was seen with, and how long it has waited.
  void expect_all_were_seen() {
    for (const TopicPartition partition : bench_.accumulator.partitions()) {
      const auto& queue = *bench_.accumulator.queue(partition);
      ASSERT_TRUE(queue.last_decision) << partition.partition;
      const bool is_empty = queue.batches.empty();
      EXPECT_EQ(queue.last_decision->verdict == ReadinessVerdict::EmptyDeque, is_empty);
      if (is_empty) continue;
      EXPECT_EQ(queue.last_decision->batch, queue.batches.front());
      EXPECT_EQ(queue.last_decision->waited, bench_.head(partition.partition).waited(bench_.now));
    }
  }

  // One batch of each partition of the node that has one, in turn behind the last one looked at.
  std::vector<BatchId> expected_of(NodeId node) {
    const std::vector<std::int32_t> order = bench_.drain_order(node);
    std::vector<BatchId> expected;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::int32_t partition = order[(start_[node.value()] + i) % order.size()];
      const std::vector<BatchId> deque = bench_.deque(partition);
      if (!deque.empty() && !is_backing_off(bench_.batch(deque.front()))) {
        expected.push_back(deque.front());
      }
    }
    // The last one that was looked at.
    start_[node.value()] = (start_[node.value()] + order.size() - 1) % order.size();
    return expected;
  }

  bool is_backing_off(const ProducerBatch& batch) const {
    return batch.attempts > 0 && batch.waited(bench_.now) < kBackoff;
  }

  std::int32_t any(std::int32_t count) {
    return static_cast<std::int32_t>(random_.uniform(0, count - 1));
  }

  AccumulatorBench bench_{setup()};
  Random random_{1, RandomStream::Applications, 0};
  std::deque<BatchId> in_flight_;
  std::size_t start_[3] = {};
};

TEST_P(WatchedDeques, AreAllThatALookAtEveryDequeWouldFind) {
  for (int round = 0; round < 300; ++round) {
    for (std::int32_t i = any(6); i > 0; --i) bench_.append(any(kPartitions), 200);
    bench_.now += Milliseconds{any(4)};
    bench_.ready();
    expect_all_were_seen();
    const NodeId node{any(3)};
    const std::vector<BatchId> expected = expected_of(node);
    const std::vector<BatchId> drained = bench_.drain(Bytes{1'000'000}, node);
    ASSERT_EQ(drained, expected) << "round " << round;
    in_flight_.insert(in_flight_.end(), drained.begin(), drained.end());
    for (; in_flight_.size() > 10; in_flight_.pop_front()) {
      const bool is_refused = any(8) == 0;
      is_refused ? bench_.reenqueue(in_flight_.front()) : bench_.complete(in_flight_.front());
    }
    bench_.accumulator.take_expired(bench_.now);
    for (const TopicPartition partition : bench_.accumulator.partitions()) {
      for (const BatchId id : bench_.deque(partition.partition)) {
        EXPECT_FALSE(bench_.batch(id).has_reached_delivery_timeout(kDeliveryTimeout, bench_.now));
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(RecordAccumulator, WatchedDeques, testing::Bool());

}  // namespace
}  // namespace linger::core::record_accumulator_visits_test
