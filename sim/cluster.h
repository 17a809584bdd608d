// The cluster as it is: brokers, topics, who leads what, and the partitions' logs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cow.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/topic_names.h"
#include "sim/broker_clocks.h"
#include "sim/broker_sessions.h"
#include "sim/fault.h"
#include "sim/group_coordinator.h"
#include "sim/partition_log.h"
#include "sim/produce_rule.h"
#include "sim/producer_state.h"
#include "sim/replica.h"
#include "sim/request_rule.h"
#include "sim/scenario.h"
#include "sim/sim_event.h"
#include "sim/transaction_log.h"

namespace linger::sim {

using core::TopicId;

// A FailMetadata that is in force.
struct MetadataFailure {
  core::ErrorCode error = core::ErrorCode::None;
  std::int32_t times = 1;
  std::optional<Instant> until;  // none: until it has met so many
};

// A FailProduce that is in force.
struct ProduceFailure {
  core::ErrorCode error = core::ErrorCode::None;
  bool append = false;
  std::int32_t times = 1;
  std::optional<Instant> until;  // none: until it has met so many
};

struct Partition {
  std::optional<NodeId> leader;
  std::int32_t leader_epoch = 0;
  std::vector<NodeId> replicas;
  std::vector<NodeId> in_sync_replicas;
  PartitionLog log;  // of the leader, or of who led last
  ProducerStateManager producers;
  std::optional<ReplicaSet> others;  // none: that log stands for all replicas
  TimestampSpec timestamps{};
  // What is still to go wrong with it, oldest first; each has at least one time left.
  std::deque<ProduceFailure> failures;
  std::deque<LoseResponse> losses;
  std::deque<MetadataFailure> metadata_failures;

  // How it was led before, oldest first, as long as metadata may tell of it.
  struct Past {
    Instant until{};
    std::optional<NodeId> leader;
    std::int32_t leader_epoch = 0;
    std::vector<NodeId> in_sync_replicas;
  };
  std::deque<Past> past;

  bool is_led_by(NodeId broker) const { return leader == broker; }
  bool is_replicated() const { return others.has_value(); }
  // Every in-sync replica has what stands below. Where one log stands for all, that is all of it.
  std::int64_t high_watermark() const { return others ? others->high_watermark : log.end_offset(); }
  bool has_enough_in_sync() const {
    return !others || std::ssize(in_sync_replicas) >= others->min_in_sync;
  }
  bool has_in_sync(NodeId broker) const {
    return std::find(in_sync_replicas.begin(), in_sync_replicas.end(), broker) !=
           in_sync_replicas.end();
  }
};

// The copy of a broker; nullptr if it is no replica.
const PartitionLog* log_at(const Partition& partition, NodeId broker);

// What a broker's configuration and the controller tell every broker, and what they replicate.
//
// Differs: all brokers learn of a change at once; a broker that hears of it later would look at a
// Cluster of its own. Unless a topic says so (`replicas`), the replicas of a partition hold the
// same at any time: there is one log for all, and whoever leads appends to it.
class Cluster {
 public:
  Cluster(ClusterSpec spec, core::TopicNames names);

  const ClusterSpec& spec() const { return *spec_; }
  const core::TopicNames& names() const { return names_; }

  // --- Brokers ---

  // Ids 0, 1, …; broker 2 is at broker-2:9094.
  std::vector<NodeId> brokers() const;
  static core::NodeEndpoint endpoint(NodeId broker);
  // The address that clients are told of it.
  core::NodeEndpoint advertised(NodeId broker) const;
  struct Address {
    std::string host;
    std::int32_t port = 0;
  };
  void advertise(NodeId broker, std::optional<Address> address);
  std::optional<NodeId> find_broker(std::string_view host, std::int32_t port) const;
  NodeId controller() const { return NodeId{0}; }

  // --- Topics ---

  // Those that exist, by ascending id.
  std::vector<TopicId> topics() const;
  bool has_topic(TopicId topic) const { return topics_.contains(topic); }
  // 0 for a topic that does not exist.
  std::int32_t partition_count(TopicId topic) const;
  // With the default number of partitions. Requires: !has_topic(topic).
  void create_topic(TopicId topic);
  // Requires: so does this; its leaders exist.
  void create_topic(TopicId topic, const TopicSpec& spec);
  // As the scenario has it, or as topics are created by themselves.
  TopicSpec usual_spec(TopicId topic) const;
  // With all that is in it. Requires: has_topic(topic).
  void delete_topic(TopicId topic);
  // What clusters call it since KIP-516: another one each time it is created.
  core::Uuid uuid(TopicId topic) const;

  // --- Partitions ---

  bool has_partition(TopicPartition partition) const;
  // nullptr if there is none. The pointer holds until the cluster changes.
  const Partition* find(TopicPartition partition) const;
  // To be changed, by the broker that leads it or by a fault. Requires: has_partition(partition).
  Partition& write(TopicPartition partition);
  // By name. Nothing if it does not exist.
  std::optional<TopicPartition> find_partition(const PartitionName& name) const;

  // All whose replicas have logs of their own, by topic and number.
  std::vector<TopicPartition> replicated() const;
  // Before anything about its leader changes: metadata may tell of it for a while.
  void remember_leadership(TopicPartition partition, Instant now);

  // Another leader, or none; the epoch grows. Requires: has_partition(partition), and one log
  // stands for all replicas.
  LeaderChanged change_leader(TopicPartition partition, std::optional<NodeId> leader,
                              std::optional<std::int32_t> epoch = std::nullopt);

  // How long answers are held back, see ClusterSpec.
  Duration answer_delay() const { return spec_->answer_delay; }
  Duration produce_answer_delay() const { return produce_answer_delay_; }
  void delay_produce_answers(Duration delay) { produce_answer_delay_ = delay; }

  // What else it takes with requests about coordination.
  Duration coordination_answer_delay() const {
    return coordination_answer_delay_.value_or(produce_answer_delay_);
  }
  void delay_coordination_answers(Duration delay) { coordination_answer_delay_ = delay; }

  ProduceRules produce_rules;
  RequestRules request_rules;
  BrokerSessions sessions;
  BrokerClocks clocks;
  std::int64_t replica_fetches = 0;  // so far
  TransactionLog transactions;
  GroupTable groups;

  // A producer id that nobody has.
  std::int64_t next_producer_id() { return next_producer_id_++; }

 private:
  friend class WorldWalk;

  void add_topic(TopicId topic, const TopicSpec& spec);
  std::vector<NodeId> replicas_of(const TopicSpec& spec, std::size_t partition) const;
  ReplicaSet replica_set(const TopicSpec& spec, const std::vector<NodeId>& replicas) const;

  core::Cow<ClusterSpec> spec_;  // never written
  core::TopicNames names_;
  std::map<TopicId, std::vector<core::Cow<Partition>>> topics_;
  std::map<TopicId, std::int32_t> deleted_;  // how often
  std::map<NodeId, Address> advertised_;  // where it is not the real one
  std::int64_t next_producer_id_ = 1000;
  Duration produce_answer_delay_;
  std::optional<Duration> coordination_answer_delay_;
};

// As Kafka allows them: letters, digits, '.', '_' and '-', at most 249.
bool is_valid_topic_name(std::string_view name);

}  // namespace linger::sim
