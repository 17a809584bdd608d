#include "core/built_in_partitioner.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <vector>

#include "support/accumulator_bench.h"

namespace linger::core::built_in_partitioner_test {
namespace {

using Sticky = BuiltInPartitioner::Sticky;

// A topic of so many partitions that all have a leader, unless a test takes some away.
class BuiltInPartitionerTest : public ::testing::Test {
 protected:
  explicit BuiltInPartitionerTest(std::int32_t partitions = 3) : partition_count_{partitions} {
    for (std::int32_t i = 0; i < partitions; ++i) available_.push_back(i);
  }

  Sticky current() { return partitioner_.current(available_, partition_count_, random_); }
  enum class Batches { SomeOpen, AllFull };
  // True if the choice moved on.
  bool account(std::int64_t bytes, Batches batches) {
    const Sticky before = current();
    const std::uint64_t draws = random_.taken();
    partitioner_.update(before, Bytes{bytes}, batches == Batches::AllFull, available_,
                        partition_count_, random_);
    const bool moved = !partitioner_.is_current(before);
    EXPECT_EQ(random_.taken() - draws, moved ? 1u : 0u) << "one draw for each choice";
    return moved;
  }
  // How long the queues of partitions 0, 1, … are.
  void queues_are(std::vector<std::int32_t> sizes) {
    BuiltInPartitioner::QueueSizes load;
    load.total_queues = sizes.size();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      load.partitions.push_back(static_cast<std::int32_t>(i));
    }
    load.sizes = std::move(sizes);
    partitioner_.update_load(load);
  }
  // How often each partition is chosen.
  std::map<std::int32_t, int> choices(int count) {
    std::map<std::int32_t, int> chosen;
    for (int i = 0; i < count; ++i) {
      account(1'000'000, Batches::AllFull);
      ++chosen[current().partition];
    }
    return chosen;
  }

  BuiltInPartitioner partitioner_{Bytes{1'024}};
  std::vector<std::int32_t> available_;
  std::int32_t partition_count_;
  Draws random_{Random{1, RandomStream::PartitionChoice}};
};

// --- Sticky bytes ---

TEST_F(BuiltInPartitionerTest, TheFirstChoiceIsMadeWhenItIsAskedForAndStays) {
  EXPECT_FALSE(partitioner_.sticky());
  const Sticky first = current();
  EXPECT_EQ(current(), first);
  EXPECT_EQ(random_.taken(), 1u);
}

TEST_F(BuiltInPartitionerTest, WithFullBatchesTheChoiceMovesOnAfterBatchSizeBytes) {
  EXPECT_FALSE(account(1'023, Batches::AllFull));
  EXPECT_TRUE(account(1, Batches::AllFull));
  EXPECT_EQ(current().produced, Bytes{0});
}

TEST_F(BuiltInPartitionerTest, WithAnOpenBatchItWaitsForTwiceAsMany) {
  EXPECT_FALSE(account(2'047, Batches::SomeOpen));
  EXPECT_TRUE(account(1, Batches::SomeOpen));
}

TEST_F(BuiltInPartitionerTest, ASwitchThatWasWithheldIsMadeUpForWithoutNewBytes) {
  EXPECT_FALSE(account(1'167, Batches::SomeOpen));
  EXPECT_TRUE(account(0, Batches::AllFull));
}

TEST_F(BuiltInPartitionerTest, BytesForAChoiceThatIsGoneDoNotCount) {
  const Sticky before = current();
  account(1'024, Batches::AllFull);

  partitioner_.update(before, Bytes{5'000}, true, available_, partition_count_, random_);

  EXPECT_EQ(current().produced, Bytes{0});
}

TEST_F(BuiltInPartitionerTest, TheSamePartitionMayBeChosenAgainAndIsAnotherChoice) {
  available_ = {2};
  const Sticky before = current();
  EXPECT_TRUE(account(1'024, Batches::AllFull));
  EXPECT_EQ(current().partition, before.partition);
  EXPECT_FALSE(partitioner_.is_current(before));
}

// --- Who is chosen ---

TEST_F(BuiltInPartitionerTest, PartitionsWithoutALeaderAreNotChosen) {
  available_ = {0, 2};
  EXPECT_EQ(choices(200).count(1), 0u);
}

TEST_F(BuiltInPartitionerTest, IfNoneHasALeaderAllAre) {
  available_ = {};
  EXPECT_EQ(choices(200).size(), 3u);
}

TEST_F(BuiltInPartitionerTest, ShorterQueuesWeighMore) {
  queues_are({1, 7, 2});
  EXPECT_EQ(partitioner_.cumulative_weights(), (std::vector<std::int32_t>{7, 8, 14}));

  const auto chosen = choices(1'400);
  EXPECT_NEAR(chosen.at(0), 700, 80);
  EXPECT_NEAR(chosen.at(1), 100, 40);
  EXPECT_NEAR(chosen.at(2), 600, 80);
}

struct Queues {
  std::vector<std::int32_t> sizes;
  std::vector<std::int32_t> cumulative;  // empty: all the same
};
class LoadTable : public BuiltInPartitionerTest, public ::testing::WithParamInterface<Queues> {};

TEST_P(LoadTable, SumsWhatEachQueueIsShorterThanTheLongestAndOne) {
  queues_are(GetParam().sizes);
  EXPECT_EQ(partitioner_.cumulative_weights(), GetParam().cumulative);
}
INSTANTIATE_TEST_SUITE_P(WorkedExamples, LoadTable,
                         ::testing::Values(Queues{{0, 3, 1}, {4, 5, 8}},
                                           Queues{{5, 0, 3, 0, 1}, {1, 7, 10, 16, 21}},
                                           Queues{{2, 2, 2}, {}}, Queues{{0, 0}, {}},
                                           Queues{{7}, {}}, Queues{{}, {}}));

TEST_F(BuiltInPartitionerTest, EqualQueuesOfWhichOneIsExcludedStillMakeATable) {
  partitioner_.update_load(
      BuiltInPartitioner::QueueSizes{.partitions = {0, 1}, .sizes = {2, 2}, .total_queues = 3});
  EXPECT_EQ(partitioner_.cumulative_weights(), (std::vector<std::int32_t>{1, 2}));
  EXPECT_EQ(choices(200).count(2), 0u);
}

TEST_F(BuiltInPartitionerTest, TheOnlyOneLeftIsAlwaysChosen) {
  partitioner_.update_load(
      BuiltInPartitioner::QueueSizes{.partitions = {1}, .sizes = {7}, .total_queues = 2});
  EXPECT_EQ(choices(50), (std::map<std::int32_t, int>{{1, 50}}));
}

TEST_F(BuiltInPartitionerTest, WithoutLoadATableIsForgotten) {
  queues_are({1, 7, 2});
  partitioner_.update_load(std::nullopt);
  EXPECT_TRUE(partitioner_.cumulative_weights().empty());
}

TEST_F(BuiltInPartitionerTest, TheTableIsDrawnFromWhereALeaderIsMissingToo) {
  available_ = {0};
  partitioner_.update_load(
      BuiltInPartitioner::QueueSizes{.partitions = {2}, .sizes = {1}, .total_queues = 3});
  current();
  account(1'024, Batches::AllFull);
  EXPECT_EQ(current().partition, 2) << "it may be older than the metadata";
}

// --- What the accumulator tells it of its queues ---

// Partition i is led by node i. Nodes count as unavailable after 100 ms.
class QueueLoad : public ::testing::Test {
 protected:
  QueueLoad() : bench_{{.leaders = {{0, 1, 2}}, .availability_timeout = 100ms}} {
    for (std::int32_t node = 0; node < 3; ++node) note(node, can_drain);
  }
  enum Drains { can_drain, cannot_drain };
  void note(std::int32_t node, Drains drains) {
    bench_.accumulator.note_node_latency(NodeId{node}, bench_.now, drains == can_drain);
  }
  void queues_are(std::vector<int> sizes) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const auto partition = static_cast<std::int32_t>(i);
      if (sizes[i] == 0) {  // used, and empty again
        bench_.append(partition, 900);
        bench_.complete(bench_.drain_one(NodeId{partition}));
      }
      for (int batch = 0; batch < sizes[i]; ++batch) bench_.append(partition, 900);
    }
  }
  // The broker has had data for so long that it did not take.
  void make_unavailable(std::int32_t node, Milliseconds wait) {
    bench_.now += wait;
    note(node, cannot_drain);
  }
  struct Table {
    std::vector<std::int32_t> partitions;
    std::vector<std::int32_t> cumulative;
    friend bool operator==(const Table&, const Table&) = default;
  };
  Table table() {
    bench_.ready();
    const BuiltInPartitioner& partitioner = *bench_.accumulator.partitioner(kBenchTopic);
    return {partitioner.weighted_partitions(), partitioner.cumulative_weights()};
  }

  AccumulatorBench bench_;
};

TEST_F(QueueLoad, CountsBatches) {
  queues_are({1, 7, 2});
  EXPECT_EQ(table(), (Table{{0, 1, 2}, {7, 8, 14}}));
}

TEST_F(QueueLoad, IsUnknownUntilEveryPartitionWasUsed) {
  queues_are({1, 7});
  EXPECT_EQ(table(), (Table{{}, {}}));
}

TEST_F(QueueLoad, IsNotLookedAtWithoutAdaptivePartitioning) {
  AccumulatorBench bench{{.leaders = {{0, 1}}, .adaptive_partitioning = false}};
  bench.append(0, 900);
  bench.append(1, 900);
  bench.append(1, 900);
  bench.ready();
  EXPECT_TRUE(bench.accumulator.partitioner(kBenchTopic)->cumulative_weights().empty());
}

TEST_F(QueueLoad, IsThatOfTheLastLookThoughNobodyDrewFromTheOneBefore) {
  AccumulatorBench bench{{.leaders = {{0, 1, 2}}}};
  const auto weights = [&] {
    bench.ready();
    return bench.accumulator.partitioner(kBenchTopic)->cumulative_weights();
  };
  for (const std::int32_t partition : {0, 1, 1, 1, 2}) bench.append(partition, 900);
  EXPECT_EQ(weights(), (std::vector{3, 4, 7}));
  for (int batch = 0; batch < 3; ++batch) bench.complete(bench.drain_one(NodeId{1}));
  EXPECT_EQ(weights(), (std::vector{1, 3, 4}));
}

TEST_F(QueueLoad, LeavesOutAPartitionWithoutLeader) {
  queues_are({1, 7, 2});
  bench_.metadata = cluster_of({{0, -1, 2}});
  EXPECT_EQ(table(), (Table{{0, 2}, {2, 3}}));
}

TEST_F(QueueLoad, LeavesOutANodeThatTookNothingForLongerThanTheTimeout) {
  queues_are({1, 7, 2});
  make_unavailable(1, 100ms);
  EXPECT_EQ(table(), (Table{{0, 1, 2}, {7, 8, 14}})) << "not yet";
  make_unavailable(1, 1ms);
  EXPECT_EQ(table(), (Table{{0, 2}, {2, 3}}));

  note(1, can_drain);
  EXPECT_EQ(table(), (Table{{0, 1, 2}, {7, 8, 14}})) << "it took data again";
}

TEST_F(QueueLoad, PrefersAnUnavailableNodeWhoseQueueHappensToBeEmpty) {
  queues_are({1, 0, 1});
  make_unavailable(1, 1s);
  EXPECT_EQ(table(), (Table{{0, 1, 2}, {1, 3, 4}})) << "a defect of 3.9";
}

TEST_F(QueueLoad, GivesTheLengthOfAnExcludedQueueToAnEmptyOneBehindIt) {
  queues_are({5, 0, 1});
  make_unavailable(0, 1s);
  EXPECT_EQ(table(), (Table{{1, 2}, {1, 6}})) << "a defect of 3.9: {2, 3} would be right";
}

}  // namespace
}  // namespace linger::core::built_in_partitioner_test
