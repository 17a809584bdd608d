#include "core/metadata_snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace linger::core::metadata_snapshot_test {
namespace {

const TopicNames kNames{{"t", "u"}};
constexpr TopicId kT{0};
constexpr TopicId kU{1};
constexpr NodeId kNode{0};
constexpr NodeId kOther{1};

PartitionMetadata partition(TopicId topic, std::int32_t index, NodeId leader) {
  PartitionMetadata metadata;
  metadata.partition = {topic, index};
  metadata.leader = leader;
  metadata.leader_epoch = 3;
  return metadata;
}

MetadataSnapshot snapshot_of(std::vector<PartitionMetadata> partitions) {
  MetadataSnapshot::Contents contents;
  contents.nodes = {{kNode, "zero", 9092}, {kOther, "one", 9093}};
  contents.partitions = std::move(partitions);
  return MetadataSnapshot{std::move(contents), kNames};
}

MetadataSnapshot partitions_of_t(std::int32_t count) {
  std::vector<PartitionMetadata> partitions;
  for (std::int32_t i = 0; i < count; ++i) partitions.push_back(partition(kT, i, kNode));
  return snapshot_of(std::move(partitions));
}

std::vector<std::int32_t> drained_from(const MetadataSnapshot& snapshot, NodeId node) {
  std::vector<std::int32_t> indexes;
  for (const TopicPartition& id : snapshot.partitions_led_by(node)) {
    indexes.push_back(id.partition);
  }
  return indexes;
}

using Indexes = std::vector<std::int32_t>;

TEST(MetadataSnapshot, KnowsWhoLeadsAPartition) {
  const MetadataSnapshot snapshot =
      snapshot_of({partition(kT, 0, kNode), partition(kT, 1, kOther), partition(kT, 2, kNoNode)});
  EXPECT_EQ(snapshot.leader_for({kT, 0}), kNode);
  EXPECT_EQ(snapshot.leader_for({kT, 1}), kOther);
  EXPECT_EQ(snapshot.leader_for({kT, 2}), std::nullopt);
  EXPECT_EQ(snapshot.leader_for({kT, 3}), std::nullopt);
  EXPECT_EQ(snapshot.leader_epoch({kT, 0}), 3);
  EXPECT_EQ(snapshot.leader_epoch({kT, 3}), std::nullopt);
}

TEST(MetadataSnapshot, ALeaderThatIsNoKnownNodeIsNone) {
  const MetadataSnapshot snapshot = snapshot_of({partition(kT, 0, NodeId{7})});
  EXPECT_EQ(snapshot.leader_for({kT, 0}), std::nullopt);
  EXPECT_TRUE(snapshot.available_partitions(kT).empty());
  EXPECT_EQ(snapshot.partition_count(kT), 1);
}

TEST(MetadataSnapshot, AnUnknownTopicIsNotAnEmptyOne) {
  EXPECT_EQ(partitions_of_t(2).partition_count(kT), 2);
  EXPECT_EQ(partitions_of_t(2).partition_count(kU), std::nullopt);
}

TEST(MetadataSnapshot, SixPartitionsDrainBackwards) {
  EXPECT_EQ(drained_from(partitions_of_t(6), kNode), (Indexes{5, 4, 3, 2, 1, 0}));
}

TEST(MetadataSnapshot, TheTableIsMadeForAsManyEntriesAsThereArePartitions) {
  // Observed: three partitions, all on one node, or two of them.
  EXPECT_EQ(drained_from(partitions_of_t(3), kNode), (Indexes{1, 0, 2}));
  const MetadataSnapshot split =
      snapshot_of({partition(kT, 0, kNode), partition(kT, 1, kOther), partition(kT, 2, kNode)});
  EXPECT_EQ(drained_from(split, kNode), (Indexes{0, 2}));
  EXPECT_EQ(drained_from(split, kOther), (Indexes{1}));
}

TEST(MetadataSnapshot, PartitionsOfTwoTopicsShareOneOrder) {
  // Observed: t-0, t-1, t-2, u-0, u-1 on one node.
  const MetadataSnapshot snapshot =
      snapshot_of({partition(kT, 0, kNode), partition(kT, 1, kNode), partition(kT, 2, kNode),
                   partition(kU, 0, kNode), partition(kU, 1, kNode)});
  const std::vector<TopicPartition> expected{{kT, 2}, {kT, 1}, {kT, 0}, {kU, 1}, {kU, 0}};
  EXPECT_EQ(snapshot.partitions_led_by(kNode), expected);
}

TEST(MetadataSnapshot, AvailablePartitionsComeInTheSameOrder) {
  // Observed: with 0 as its random number, the partitioner takes t-1 of three.
  EXPECT_EQ(partitions_of_t(3).available_partitions(kT), (Indexes{1, 0, 2}));
}

TEST(MetadataSnapshot, OfTwoEntriesForOnePartitionTheLaterCounts) {
  const MetadataSnapshot snapshot =
      snapshot_of({partition(kT, 0, kNode), partition(kT, 0, kOther)});
  EXPECT_EQ(snapshot.partition_count(kT), 1);
  EXPECT_EQ(snapshot.leader_for({kT, 0}), kOther);
}

TEST(MetadataSnapshot, ABootstrapSnapshotHasNodesAlone) {
  const auto snapshot = MetadataSnapshot::bootstrap({{NodeId{-1}, "first", 9092}});
  EXPECT_TRUE(snapshot.is_bootstrap());
  ASSERT_NE(snapshot.find_node(NodeId{-1}), nullptr);
  EXPECT_EQ(snapshot.find_node(NodeId{-1})->host, "first");
  EXPECT_EQ(snapshot.find_node(kNode), nullptr);
  EXPECT_TRUE(snapshot.partitions().empty());
  EXPECT_FALSE(partitions_of_t(1).is_bootstrap());
}

TEST(MetadataSnapshot, ShufflingKeepsTheNodes) {
  const std::vector<Node> nodes{{kNode, "zero", 1}, {kOther, "one", 2}, {NodeId{2}, "two", 3}};
  Draws draws{Random{7, RandomStream::Network}};
  bool moved = false;
  for (int i = 0; i < 20; ++i) {
    const std::vector<Node> order = shuffled(nodes, draws);
    EXPECT_TRUE(std::is_permutation(order.begin(), order.end(), nodes.begin()));
    moved |= order != nodes;
  }
  EXPECT_TRUE(moved);
}

}  // namespace
}  // namespace linger::core::metadata_snapshot_test
