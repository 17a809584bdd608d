#include "sim/cluster.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/check.h"

namespace linger::sim {
namespace {

constexpr std::int32_t kFirstPort = 9092;

CoordinatorSeats::Layout transaction_seats(const ClusterSpec& spec) {
  return {spec.brokers, spec.coordination.transaction_partitions,
          spec.coordination.transaction_coordinator, spec.coordination.log_replicas};
}

CoordinatorSeats::Layout group_seats(const ClusterSpec& spec) {
  return {spec.brokers, spec.coordination.group_partitions, spec.coordination.group_coordinator, 0};
}

}  // namespace

Cluster::Cluster(ClusterSpec spec, core::TopicNames names)
    : produce_rules{spec.produce_rules},
      request_rules{spec.coordination.rules},
      transactions{transaction_seats(spec)},
      groups{group_seats(spec)},
      spec_{std::move(spec)},
      names_{std::move(names)},
      produce_answer_delay_{spec_->produce_answer_delay.value_or(spec_->answer_delay)},
      coordination_answer_delay_{spec_->coordination.answer_delay} {
  for (const TopicSpec& topic : spec_->topics) {
    const std::optional<TopicId> id = names_.find(topic.name);
    CHECK(id && !has_topic(*id));
    add_topic(*id, topic);
  }
}

std::vector<NodeId> Cluster::brokers() const {
  std::vector<NodeId> ids;
  for (std::int32_t id = 0; id < spec_->brokers; ++id) ids.emplace_back(id);
  return ids;
}

core::NodeEndpoint Cluster::endpoint(NodeId broker) {
  return {.node_id = broker,
          .host = "broker-" + std::to_string(broker.value()),
          .port = kFirstPort + broker.value(),
          .rack = std::nullopt};
}

core::NodeEndpoint Cluster::advertised(NodeId broker) const {
  core::NodeEndpoint told = endpoint(broker);
  const auto at = advertised_.find(broker);
  if (at == advertised_.end()) return told;
  told.host = at->second.host;
  told.port = at->second.port;
  return told;
}

void Cluster::advertise(NodeId broker, std::optional<Address> address) {
  advertised_.erase(broker);
  if (address) advertised_.emplace(broker, *std::move(address));
}

std::optional<NodeId> Cluster::find_broker(std::string_view host, std::int32_t port) const {
  for (const NodeId broker : brokers()) {
    const core::NodeEndpoint at = endpoint(broker);
    if (at.host == host && at.port == port) return broker;
  }
  return std::nullopt;
}

std::vector<TopicId> Cluster::topics() const {
  std::vector<TopicId> ids;
  for (const auto& [id, partitions] : topics_) ids.push_back(id);
  return ids;
}

std::int32_t Cluster::partition_count(TopicId topic) const {
  const auto at = topics_.find(topic);
  return at == topics_.end() ? 0 : static_cast<std::int32_t>(at->second.size());
}

void Cluster::create_topic(TopicId topic) {
  create_topic(topic, usual_spec(topic));
}

void Cluster::create_topic(TopicId topic, const TopicSpec& spec) {
  add_topic(topic, spec);
}

TopicSpec Cluster::usual_spec(TopicId topic) const {
  const std::string& name = names_.name(topic);
  for (const TopicSpec& known : spec_->topics) {
    if (known.name == name) return known;
  }
  TopicSpec spec;
  spec.name = name;
  for (std::int32_t i = 0; i < spec_->default_partitions; ++i) {
    spec.leaders.emplace_back(NodeId{i % spec_->brokers});
  }
  return spec;
}

void Cluster::delete_topic(TopicId topic) {
  CHECK(has_topic(topic));
  topics_.erase(topic);
  ++deleted_[topic];
}

core::Uuid Cluster::uuid(TopicId topic) const {
  constexpr std::int64_t kLinger = 0x6c696e676572;  // its letters
  constexpr std::int64_t kTopics = std::int64_t{1} << 32;
  const auto deleted = deleted_.find(topic);
  const std::int64_t before = deleted == deleted_.end() ? 0 : deleted->second;
  return {kLinger, before * kTopics + topic.value() + 1};
}

bool Cluster::has_partition(TopicPartition partition) const {
  return partition.partition >= 0 && partition.partition < partition_count(partition.topic);
}

const Partition* Cluster::find(TopicPartition partition) const {
  if (!has_partition(partition)) return nullptr;
  return &*topics_.at(partition.topic)[static_cast<std::size_t>(partition.partition)];
}

Partition& Cluster::write(TopicPartition partition) {
  CHECK(has_partition(partition));
  return topics_.at(partition.topic)[static_cast<std::size_t>(partition.partition)].write();
}

std::optional<TopicPartition> Cluster::find_partition(const PartitionName& name) const {
  const std::optional<TopicId> topic = names_.find(name.topic);
  if (!topic || !has_partition({*topic, name.partition})) return std::nullopt;
  return TopicPartition{*topic, name.partition};
}

LeaderChanged Cluster::change_leader(TopicPartition partition, std::optional<NodeId> leader,
                                     std::optional<std::int32_t> epoch) {
  Partition& changed = write(partition);
  changed.leader = leader;
  changed.leader_epoch = epoch.value_or(changed.leader_epoch + 1);
  if (leader && std::find(changed.replicas.begin(), changed.replicas.end(), *leader) ==
                    changed.replicas.end()) {
    changed.replicas.push_back(*leader);
    changed.in_sync_replicas.push_back(*leader);
  }
  return {partition, leader, changed.leader_epoch};
}

void Cluster::add_topic(TopicId topic, const TopicSpec& spec) {
  CHECK(!has_topic(topic));
  std::vector<core::Cow<Partition>>& partitions = topics_[topic];
  for (std::size_t i = 0; i < spec.leaders.size(); ++i) {
    Partition partition;
    partition.leader = spec.leaders[i];
    partition.replicas = replicas_of(spec, i);
    partition.in_sync_replicas = partition.replicas;
    partition.timestamps = spec.timestamps;
    if (spec.replicas > 1) partition.others = replica_set(spec, partition.replicas);
    partitions.emplace_back(std::move(partition));
  }
}

// The leader, and the brokers that follow it by id.
std::vector<NodeId> Cluster::replicas_of(const TopicSpec& spec, std::size_t partition) const {
  const NodeId by_position{static_cast<std::int32_t>(partition) % spec_->brokers};
  const NodeId first = spec.leaders[partition].value_or(by_position);
  const std::int32_t factor = std::max(spec.replication_factor, spec.replicas);
  const std::int32_t count = std::clamp(factor, 1, spec_->brokers);
  std::vector<NodeId> replicas;
  for (std::int32_t i = 0; i < count; ++i) {
    replicas.emplace_back((first.value() + i) % spec_->brokers);
  }
  return replicas;
}

ReplicaSet Cluster::replica_set(const TopicSpec& spec, const std::vector<NodeId>& replicas) const {
  ReplicaSet set{.leading = replicas.front(), .followers = {}};
  const auto count = static_cast<std::int32_t>(replicas.size());
  set.min_in_sync =
      std::min(spec.min_in_sync_replicas.value_or(spec_->replication.min_in_sync_replicas), count);
  for (std::size_t i = 1; i < replicas.size(); ++i) set.followers.emplace(replicas[i], Replica{});
  return set;
}

std::vector<TopicPartition> Cluster::replicated() const {
  std::vector<TopicPartition> found;
  for (const auto& [topic, partitions] : topics_) {
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      if (!partitions[i]->is_replicated()) break;  // as all of the topic
      found.push_back({topic, static_cast<std::int32_t>(i)});
    }
  }
  return found;
}

void Cluster::remember_leadership(TopicPartition partition, Instant now) {
  const Duration lag = spec_->replication.metadata_lag;
  if (lag == Duration{}) return;
  Partition& changes = write(partition);
  std::erase_if(changes.past, [&](const Partition::Past& past) { return past.until + lag <= now; });
  changes.past.push_back({now, changes.leader, changes.leader_epoch, changes.in_sync_replicas});
}

const PartitionLog* log_at(const Partition& partition, NodeId broker) {
  if (!partition.others) {
    const auto& all = partition.replicas;
    return std::find(all.begin(), all.end(), broker) == all.end() ? nullptr : &partition.log;
  }
  if (partition.others->leading == broker) return &partition.log;
  const auto at = partition.others->followers.find(broker);
  return at == partition.others->followers.end() ? nullptr : &at->second.log;
}

bool is_valid_topic_name(std::string_view name) {
  constexpr std::size_t kLongest = 249;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= kLongest && name != "." && name != ".." &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace linger::sim
