// A batch's place in its deque, and its clock.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/drain_flip.h"
#include "sim/expiry_flip.h"
#include "sim/timeline.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

World world_at(const std::string& more, core::Duration when) {
  Timeline run{shared_scenario(R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
)" + more)};
  run.seek_time(core::Instant{when});
  return run.world();
}

constexpr core::ProducerIndex kProducer{0};
constexpr core::BatchId kFirst{0};
constexpr core::BatchId kSecond{1};

// The first batch was refused and backs off; the second, full as well, stands behind it.
const std::string kBehindARetry = R"([producer]
retry.backoff.ms = 50
batch.size = 400
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 350, count = 3, every = "1ms" }]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = "NOT_ENOUGH_REPLICAS", times = 9 }
)";

TEST(DrainedAsHead, ABatchThatStandsBehindOneThatBacksOffIsTakenIfItWereTheHead) {
  const World world = world_at(
      "[producer]\nlinger.ms = 30\nbatch.size = 400\n"
      "max.in.flight.requests.per.connection = 1\n[[thread]]\n"
      "name = \"A\"\nrun = [{ send = \"orders\", partition = 0, "
      "value_size = 350, count = 3 }]\n",
      1ms);
  const auto* queue = world.processes[0].producer.accumulator().queue({core::TopicId{0}, 0});
  ASSERT_GE(queue->batches.size(), 2U);
  EXPECT_FALSE(drained_as_head(world, kProducer, queue->batches.front())) << "it is the head";
  const auto then = drained_as_head(world, kProducer, queue->batches.back());
  ASSERT_TRUE(then);
  EXPECT_FALSE(then->is_taken) << "the partition's first batch is in flight, one at a time";
}

TEST(DrainedAsHead, WhatIsNotReadyByItselfIsLeftAlsoAsTheHead) {
  const World world = world_at(kBehindARetry, 10ms);
  const auto* queue = world.processes[0].producer.accumulator().queue({core::TopicId{0}, 0});
  ASSERT_GE(queue->batches.size(), 2U);
  for (std::size_t i = 1; i < queue->batches.size(); ++i) {
    const auto then = drained_as_head(world, kProducer, queue->batches[i]);
    ASSERT_TRUE(then);
    // Each was sent before, and failed at the same time: all of them back off.
    EXPECT_FALSE(then->is_taken) << i;
    EXPECT_EQ(then->left_by, DrainTerm::NothingReady) << i;
  }
}

const std::string kNobodyLeads = R"([producer]
request.timeout.ms = 100
delivery.timeout.ms = 200
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
[[fault]]
at = "0ms"
silent = { broker = 0 }
)";

TEST(ExpiryFlip, ABatchThatHasWaitedTooLongHadNotIfItWereNew) {
  World world = world_at(kNobodyLeads, 150ms);
  auto flipped = flip_expiry(world, kProducer, kFirst);
  ASSERT_TRUE(flipped);
  EXPECT_FALSE(flipped->now);
  EXPECT_FALSE(flipped->changes_outcome()) << "it has not expired yet";
  world.now = core::Instant{200ms};
  flipped = flip_expiry(world, kProducer, kFirst);
  ASSERT_TRUE(flipped->now);
  EXPECT_FALSE(flipped->then);
  EXPECT_TRUE(flipped->changes_outcome());
}

TEST(ExpiryFlip, WithoutTheBatchNothingIsSaid) {
  EXPECT_FALSE(flip_expiry(world_at(kNobodyLeads, 150ms), kProducer, kSecond));
}

}  // namespace
}  // namespace linger::sim
