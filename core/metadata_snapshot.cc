#include "core/metadata_snapshot.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/java_hash.h"

namespace linger::core {

namespace {
const std::vector<std::int32_t> kNoPartitions;
const std::vector<TopicPartition> kNoTopicPartitions;
}  // namespace

MetadataSnapshot::MetadataSnapshot(Contents contents, const TopicNames& names, PartitionOrder order)
    : contents_{std::move(contents)} {
  sort_as_java_does(names, order);
  build_indexes();
}

MetadataSnapshot MetadataSnapshot::bootstrap(std::vector<Node> nodes) {
  MetadataSnapshot snapshot;
  snapshot.contents_.nodes = std::move(nodes);
  snapshot.is_bootstrap_ = true;
  return snapshot;
}

// The map is made with as many entries as there are partitions in mind, not with the usual 16. Of
// two entries for one partition the later replaces the earlier, in its place.
void MetadataSnapshot::sort_as_java_does(const TopicNames& names, PartitionOrder order) {
  const std::size_t capacity = contents_.partitions.size();
  std::vector<PartitionMetadata> inserted;
  std::vector<std::int32_t> hashes;
  std::map<TopicPartition, std::size_t> position;
  for (PartitionMetadata& partition : contents_.partitions) {
    const TopicPartition id = partition.partition;
    const auto [at, is_new] = position.emplace(id, inserted.size());
    if (is_new) {
      hashes.push_back(java_hash(names.name(id.topic), id.partition));
      inserted.push_back(std::move(partition));
    } else {
      inserted[at->second] = std::move(partition);
    }
  }
  if (order == PartitionOrder::AsListed) {
    contents_.partitions = std::move(inserted);
    return;
  }
  contents_.partitions.clear();
  for (const std::size_t at : java_hash_map_order(hashes, InitialCapacity{capacity})) {
    contents_.partitions.push_back(std::move(inserted[at]));
  }
}

void MetadataSnapshot::build_indexes() {
  for (std::size_t i = 0; i < contents_.partitions.size(); ++i) {
    const PartitionMetadata& metadata = contents_.partitions[i];
    TopicIndex& topic = topics_[metadata.partition.topic];
    PartitionIndex& partition = topic.partitions[metadata.partition.partition];
    partition.position = i;
    partition.leader.epoch = metadata.leader_epoch;
    if (find_node(metadata.leader) == nullptr) continue;
    std::vector<TopicPartition>& led = led_by_[metadata.leader];
    partition.leader.node = metadata.leader;
    partition.leader.place = led.size();
    led.push_back(metadata.partition);
    topic.available.push_back(metadata.partition.partition);
  }
}

const Node* MetadataSnapshot::find_node(NodeId id) const {
  const auto at = std::find_if(contents_.nodes.begin(), contents_.nodes.end(),
                               [id](const Node& node) { return node.id == id; });
  return at == contents_.nodes.end() ? nullptr : &*at;
}

const std::vector<std::int32_t>& MetadataSnapshot::available_partitions(TopicId topic) const {
  const auto at = topics_.find(topic);
  return at == topics_.end() ? kNoPartitions : at->second.available;
}

const PartitionMetadata* MetadataSnapshot::find_partition(TopicPartition partition) const {
  const PartitionIndex* found = find(partition);
  return found == nullptr ? nullptr : &contents_.partitions[found->position];
}

std::optional<NodeId> MetadataSnapshot::leader_for(TopicPartition partition) const {
  return known_leader(partition).node;
}

std::optional<std::int32_t> MetadataSnapshot::leader_epoch(TopicPartition partition) const {
  return known_leader(partition).epoch;
}

const std::vector<TopicPartition>& MetadataSnapshot::partitions_led_by(NodeId node) const {
  const auto at = led_by_.find(node);
  return at == led_by_.end() ? kNoTopicPartitions : at->second;
}

std::optional<Uuid> MetadataSnapshot::topic_id(TopicId topic) const {
  const auto at = contents_.topic_ids.find(topic);
  if (at == contents_.topic_ids.end()) return std::nullopt;
  return at->second;
}

std::vector<Node> shuffled(std::vector<Node> nodes, Draws& draws) {
  for (std::size_t left = nodes.size(); left > 1; --left) {
    const std::int32_t chosen = draws.below(static_cast<std::int32_t>(left));
    std::swap(nodes[left - 1], nodes[static_cast<std::size_t>(chosen)]);
  }
  return nodes;
}

}  // namespace linger::core
