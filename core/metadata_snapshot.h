// The cluster as the client last heard of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/draws.h"
#include "core/error_code.h"
#include "core/flat_map.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/topic_names.h"

namespace linger::core {

// A broker as the client knows it: bootstrap addresses are -1, -2, …
struct Node {
  NodeId id = kNoNode;
  std::string host;
  std::int32_t port = 0;
  friend bool operator==(const Node&, const Node&) = default;
};

// One partition, as a broker described it. The leader may name a node nobody knows; ask
// MetadataSnapshot::leader_for(), which knows none then.
struct PartitionMetadata {
  TopicPartition partition;
  ErrorCode error = ErrorCode::None;
  NodeId leader = kNoNode;
  std::optional<std::int32_t> leader_epoch;
  std::vector<NodeId> replicas;
  std::vector<NodeId> in_sync_replicas;
  std::vector<NodeId> offline_replicas;
  friend bool operator==(const PartitionMetadata&, const PartitionMetadata&) = default;
};

// An immutable view of nodes, topics and partitions. What is not in it is unknown, which is not the
// same as empty: partition_count() of an unknown topic is nullopt.
//
// Since KAFKA-7738 Kafka keeps partitions in a HashMap, and the order in which that one yields them
// shows: it is the drain order of a node's partitions, and the order the partitioner counts
// available ones in. So lists of partitions come in hash order here: t-5 … t-0 for six partitions
// of topic t. Before, they come as the broker listed them.
//
// In Kafka: MetadataSnapshot and Cluster. Differs: no racks, no controller, no internal topics.
class MetadataSnapshot {
 public:
  struct Contents {
    std::vector<Node> nodes;
    std::vector<PartitionMetadata> partitions;  // in the order they were put into the HashMap
    std::map<TopicId, Uuid> topic_ids;
    std::set<TopicId> invalid_topics;
    std::set<TopicId> unauthorized_topics;
    friend bool operator==(const Contents&, const Contents&) = default;
  };

  enum class PartitionOrder { Hash, AsListed };

  MetadataSnapshot() = default;
  // Nodes are kept in the order given; Kafka shuffles them once for each snapshot (see shuffled()).
  MetadataSnapshot(Contents contents, const TopicNames& names,
                   PartitionOrder order = PartitionOrder::Hash);
  // The nodes to begin with, and nothing else.
  static MetadataSnapshot bootstrap(std::vector<Node> nodes);

  bool is_bootstrap() const { return is_bootstrap_; }
  const Contents& contents() const { return contents_; }
  const std::vector<Node>& nodes() const { return contents_.nodes; }
  // nullptr if it is unknown. The pointer holds while this snapshot does.
  const Node* find_node(NodeId id) const;

  std::optional<std::int32_t> partition_count(TopicId topic) const;
  // Partitions whose leader is a known node. In their order.
  const std::vector<std::int32_t>& available_partitions(TopicId topic) const;
  // nullptr if it is unknown. The pointer holds while this snapshot does.
  const PartitionMetadata* find_partition(TopicPartition partition) const;
  // nullopt if there is none, if it is unknown, or if its node is.
  std::optional<NodeId> leader_for(TopicPartition partition) const;
  std::optional<std::int32_t> leader_epoch(TopicPartition partition) const;
  // In drain order.
  const std::vector<TopicPartition>& partitions_led_by(NodeId node) const;
  // leader_for() and leader_epoch(), and where among the partitions of that node this one stands.
  struct Leader {
    std::optional<NodeId> node{};
    std::optional<std::int32_t> epoch{};
    std::size_t place = 0;
    friend bool operator==(const Leader&, const Leader&) = default;
  };
  Leader known_leader(TopicPartition partition) const;
  // All of them, in their order.
  const std::vector<PartitionMetadata>& partitions() const { return contents_.partitions; }

  std::optional<Uuid> topic_id(TopicId topic) const;
  const std::map<TopicId, Uuid>& topic_ids() const { return contents_.topic_ids; }
  const std::set<TopicId>& invalid_topics() const { return contents_.invalid_topics; }
  const std::set<TopicId>& unauthorized_topics() const { return contents_.unauthorized_topics; }

  friend bool operator==(const MetadataSnapshot&, const MetadataSnapshot&) = default;

 private:
  friend class StateWalk;

  struct PartitionIndex {
    std::size_t position = 0;  // in the contents
    Leader leader;
    friend bool operator==(const PartitionIndex&, const PartitionIndex&) = default;
  };
  struct TopicIndex {
    std::vector<std::int32_t> available;
    FlatMap<std::int32_t, PartitionIndex> partitions;
    friend bool operator==(const TopicIndex&, const TopicIndex&) = default;
  };

  const PartitionIndex* find(TopicPartition partition) const;

  void sort_as_java_does(const TopicNames& names, PartitionOrder order);
  void build_indexes();

  Contents contents_;
  bool is_bootstrap_ = false;
  // Answers to the questions every pass of the sender asks, derived once.
  FlatMap<TopicId, TopicIndex> topics_;
  FlatMap<NodeId, std::vector<TopicPartition>> led_by_;
};

// --- What each record, and each batch, asks ---

inline std::optional<std::int32_t> MetadataSnapshot::partition_count(TopicId topic) const {
  const auto at = topics_.find(topic);
  if (at == topics_.end()) return std::nullopt;
  return static_cast<std::int32_t>(at->second.partitions.size());
}

inline const MetadataSnapshot::PartitionIndex* MetadataSnapshot::find(
    TopicPartition partition) const {
  const auto topic = topics_.find(partition.topic);
  if (topic == topics_.end()) return nullptr;
  const auto at = topic->second.partitions.find(partition.partition);
  return at == topic->second.partitions.end() ? nullptr : &at->second;
}

inline MetadataSnapshot::Leader MetadataSnapshot::known_leader(TopicPartition partition) const {
  const PartitionIndex* found = find(partition);
  return found == nullptr ? Leader{} : found->leader;
}

// Collections.shuffle: which node is asked first is chance.
std::vector<Node> shuffled(std::vector<Node> nodes, Draws& draws);

}  // namespace linger::core
