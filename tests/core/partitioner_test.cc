#include "core/partitioner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/murmur2.h"

namespace linger::core::partitioner_test {
namespace {

using Order = ClassPartitioner::Order;

constexpr TopicId kOrders{0};
constexpr TopicId kLogs{1};

class Partitioners : public ::testing::Test {
 protected:
  ClassPartitioner::Topic topic(TopicId id = kOrders) const { return {id, available_, count_}; }
  ClassPartitioner::Answer answer(ClassPartitioner& partitioner, TopicId id = kOrders,
                                  std::optional<std::string_view> key = std::nullopt) {
    std::optional<ByteSpan> bytes;
    if (key) bytes = bytes_of(*key);
    return partitioner.partition(topic(id), bytes, random_);
  }
  // What so many records without a key get.
  std::vector<std::int32_t> answers(ClassPartitioner& partitioner, int count,
                                    TopicId id = kOrders) {
    std::vector<std::int32_t> all;
    for (int i = 0; i < count; ++i) all.push_back(answer(partitioner, id).partition);
    return all;
  }
  std::map<std::int32_t, int> shares(ClassPartitioner& partitioner, int count) {
    std::map<std::int32_t, int> share;
    for (const std::int32_t partition : answers(partitioner, count)) ++share[partition];
    return share;
  }
  void new_batch(ClassPartitioner& partitioner, std::int32_t previous) {
    partitioner.on_new_batch(topic(), previous, random_);
  }

  std::vector<std::int32_t> available_{0, 1, 2};
  std::int32_t count_ = 3;
  Draws random_{Random{7, RandomStream::PartitionChoice}};
};

TEST_F(Partitioners, AKeyStaysWhereItIsWhileALeaderIsAway) {
  for (const Order order : {Order::RandomStart, Order::Sticky}) {
    ClassPartitioner partitioner{{.order = order}};
    const ClassPartitioner::Answer first = answer(partitioner, kOrders, "customer-7");
    EXPECT_EQ(first.partition, partition_for_key(bytes_of("customer-7"), 3));
    EXPECT_EQ(first.by, PartitionChoice::KeyHash);
    available_ = {(first.partition + 1) % 3};
    EXPECT_EQ(answer(partitioner, kOrders, "customer-7").partition, first.partition);
    available_ = {0, 1, 2};
  }
}

TEST_F(Partitioners, TheOldDefaultGoesOneAfterTheOtherFromARandomOne) {
  ClassPartitioner partitioner{{.order = Order::RandomStart}};
  const std::vector<std::int32_t> all = answers(partitioner, 6);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i], (all[i - 1] + 1) % 3);
  EXPECT_EQ(random_.taken(), 1u);
}

TEST_F(Partitioners, RoundRobinLeavesOutPartitionsWithoutALeader) {
  available_ = {0, 2};
  for (const Order order : {Order::RandomStart, Order::RoundRobin}) {
    ClassPartitioner partitioner{{.order = order}};
    EXPECT_EQ(shares(partitioner, 100), (std::map<std::int32_t, int>{{0, 50}, {2, 50}}));
  }
}

TEST_F(Partitioners, RoundRobinTakesAllWhereNoneHasALeader) {
  available_ = {};
  ClassPartitioner partitioner{{.order = Order::RoundRobin}};
  EXPECT_EQ(answers(partitioner, 4), (std::vector<std::int32_t>{0, 1, 2, 0}));
}

TEST_F(Partitioners, EachTopicHasItsOwnCounterSinceKafka4402) {
  for (const bool by_topic : {true, false}) {
    ClassPartitioner partitioner{{.order = Order::RandomStart, .counts_by_topic = by_topic}};
    const std::int32_t first = answer(partitioner).partition;
    answer(partitioner, kLogs);
    const std::int32_t passed_over = by_topic ? 0 : 1;
    EXPECT_EQ(answer(partitioner).partition, (first + 1 + passed_over) % 3);
  }
}

TEST_F(Partitioners, TheRoundRobinClassIgnoresKeys) {
  ClassPartitioner partitioner{{.order = Order::RoundRobin, .hashes_keys = false}};
  std::vector<std::int32_t> all;
  for (int i = 0; i < 4; ++i) all.push_back(answer(partitioner, kOrders, "key").partition);
  EXPECT_EQ(all, (std::vector<std::int32_t>{0, 1, 2, 0}));
}

TEST_F(Partitioners, TheRoundRobinClassGivesEachItsShareWhateverGoesToAnotherTopic) {
  ClassPartitioner partitioner{{.order = Order::RoundRobin, .hashes_keys = false}};
  std::map<std::int32_t, int> share;
  for (int i = 0; i < 30; ++i) {
    ++share[answer(partitioner).partition];
    if (i % 5 == 0) answer(partitioner, kLogs);
  }
  EXPECT_EQ(share, (std::map<std::int32_t, int>{{0, 10}, {1, 10}, {2, 10}}));
}

TEST_F(Partitioners, TheRoundRobinClassRepeatsItsAnswerForANewBatchSinceKafka17632) {
  for (const bool repeats : {false, true}) {
    ClassPartitioner partitioner{{.order = Order::RoundRobin, .repeats_answer = repeats}};
    const std::int32_t first = answer(partitioner).partition;
    new_batch(partitioner, first);
    EXPECT_EQ(answer(partitioner).partition == first, repeats);
    EXPECT_NE(answer(partitioner).partition, first) << "once only";
  }
}

TEST_F(Partitioners, TheStickyOneMovesOnlyWhereANewBatchIsNeeded) {
  ClassPartitioner partitioner{{.order = Order::Sticky}};
  for (int run = 0; run < 20; ++run) {
    const std::vector<std::int32_t> all = answers(partitioner, 10);
    EXPECT_EQ(std::ranges::count(all, all.front()), 10);
    new_batch(partitioner, all.front());
    EXPECT_NE(answer(partitioner).partition, all.front());
  }
}

TEST_F(Partitioners, TheUniformStickyClassIgnoresKeys) {
  ClassPartitioner partitioner{{.order = Order::Sticky, .hashes_keys = false}};
  for (int run = 0; run < 3; ++run) {
    const std::int32_t first = answer(partitioner, kOrders, "key 0").partition;
    for (int i = 1; i < 10; ++i) {
      EXPECT_EQ(answer(partitioner, kOrders, "key " + std::to_string(i)).partition, first);
    }
    new_batch(partitioner, first);
    EXPECT_NE(answer(partitioner, kOrders, "key 0").partition, first);
  }
}

TEST_F(Partitioners, TheStickyOneChoosesNoneWithoutALeaderIfItCanBeHelped) {
  count_ = 5;
  available_ = {0, 3};
  ClassPartitioner partitioner{{.order = Order::Sticky}};
  for (int run = 0; run < 20; ++run) {
    const std::int32_t sticky = answer(partitioner).partition;
    EXPECT_TRUE(sticky == 0 || sticky == 3) << sticky;
    new_batch(partitioner, sticky);
    EXPECT_EQ(answer(partitioner).partition, 3 - sticky);
  }
  available_ = {};
  std::map<std::int32_t, int> share;
  for (int run = 0; run < 100; ++run) {
    ++share[answer(partitioner).partition];
    new_batch(partitioner, answer(partitioner).partition);
  }
  EXPECT_EQ(share.size(), 5u);
}

TEST_F(Partitioners, TheStickyOneStaysWhereTheNewBatchIsElsewhere) {
  ClassPartitioner partitioner{{.order = Order::Sticky}};
  const std::int32_t sticky = answer(partitioner).partition;
  new_batch(partitioner, (sticky + 1) % 3);
  EXPECT_EQ(partitioner.sticky(kOrders), sticky);
}

TEST_F(Partitioners, TheStickyOneStaysIfThereIsNoOther) {
  available_ = {2};
  ClassPartitioner partitioner{{.order = Order::Sticky}};
  EXPECT_EQ(answer(partitioner).partition, 2);
  new_batch(partitioner, 2);
  EXPECT_EQ(answer(partitioner).partition, 2);
}

TEST_F(Partitioners, TheFirstNewBatchChoosesBeforeAnybodyAsked) {
  ClassPartitioner partitioner{{.order = Order::Sticky}};
  new_batch(partitioner, 1);
  EXPECT_TRUE(partitioner.sticky(kOrders).has_value());
}

}  // namespace
}  // namespace linger::core::partitioner_test
