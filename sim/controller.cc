#include "sim/controller.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/transaction_coordinator.h"

namespace linger::sim {
namespace {

// How many batches two logs have in common at their beginning.
std::size_t common_batches(const PartitionLog& a, const PartitionLog& b) {
  const std::size_t shorter = std::min(a.batch_count(), b.batch_count());
  std::size_t common = 0;
  const auto is_same = [](const StoredBatch& one, const StoredBatch& other) {
    return one.end_offset() == other.end_offset() &&
           one.header.partition_leader_epoch == other.header.partition_leader_epoch;
  };
  while (common < shorter && is_same(a.batch(common), b.batch(common))) ++common;
  return common;
}

// What the old log has and the new one has not.
RecordsLost lost_between(TopicPartition at, const PartitionLog& before, const PartitionLog& now) {
  RecordsLost lost{at, 0, 0};
  std::size_t i = common_batches(before, now);
  lost.offset = i < before.batch_count() ? before.batch(i).base_offset() : before.end_offset();
  for (; i < before.batch_count(); ++i) {
    if (!before.batch(i).header.is_control()) lost.records += before.batch(i).header.record_count;
  }
  return lost;
}

}  // namespace

void Controller::left(NodeId broker) {
  BrokerSessions& sessions = cluster_.sessions;
  if (sessions.is_absent(broker)) return;
  const std::int64_t number = ++sessions.absences_so_far;
  sessions.absences.emplace(broker, Absence{number, false, in_.now});
  in_.effects.scheduled.push_back({in_.now + cluster_.spec().replication.session_timeout,
                                   BrokerSessionExpires{broker, number}});
}

void Controller::on(const BrokerSessionExpires& event) {
  const auto at = cluster_.sessions.absences.find(event.broker);
  const bool is_gone = at != cluster_.sessions.absences.end() && at->second.number == event.absence;
  if (is_gone && !at->second.is_noticed) miss(event.broker);
}

void Controller::shut_down(NodeId broker) {
  left(broker);
  miss(broker);
}

// The last of the in-sync replicas stays one: it alone may lead when it comes back.
void Controller::miss(NodeId broker) {
  cluster_.sessions.absences.at(broker).is_noticed = true;
  for (const TopicPartition at : cluster_.replicated()) {
    const Partition& partition = *cluster_.find(at);
    if (partition.is_led_by(broker)) {
      elect(at);
    } else if (partition.has_in_sync(broker) && partition.in_sync_replicas.size() > 1) {
      replication_.remove_from_isr(at, broker, "it is gone");
    }
    replication_.advance(at);
  }
  TransactionCoordinator{in_}.broker_is_gone(broker);
}

void Controller::created(TopicPartition at) {
  const std::vector<NodeId> replicas = cluster_.find(at)->replicas;
  for (const NodeId replica : replicas) {
    const Partition& partition = *cluster_.find(at);
    if (cluster_.sessions.is_alive(replica)) continue;
    if (partition.is_led_by(replica)) {
      elect(at);
    } else if (partition.has_in_sync(replica) && partition.in_sync_replicas.size() > 1) {
      replication_.remove_from_isr(at, replica, "it is gone");
    }
  }
  replication_.begin_all(at);
}

void Controller::returned(NodeId broker, Return how) {
  cluster_.sessions.absences.erase(broker);
  for (const TopicPartition at : cluster_.replicated()) {
    auto& followers = cluster_.write(at).others->followers;
    const auto replica = followers.find(broker);
    if (how == Return::Restarted && replica != followers.end()) {
      replica->second.is_new_follower = true;
    }
    if (!cluster_.find(at)->leader) elect(at);
  }
  replication_.begin_of(broker);
  TransactionCoordinator{in_}.broker_is_back(broker);
}

void Controller::elect(TopicPartition at) {
  const Partition& partition = *cluster_.find(at);
  std::optional<NodeId> in_sync;
  std::optional<NodeId> alive;
  for (const NodeId replica : partition.replicas) {
    if (!cluster_.sessions.is_alive(replica)) continue;
    if (!alive) alive = replica;
    if (!in_sync && partition.has_in_sync(replica)) in_sync = replica;
  }
  const bool is_unclean = !in_sync && alive && cluster_.spec().replication.unclean_elections;
  const std::optional<NodeId> leader = is_unclean ? alive : in_sync;
  if (!leader && !partition.leader) return;
  lead(at, leader, partition.leader_epoch + 1);
}

bool Controller::change_leader(TopicPartition at, std::optional<NodeId> leader,
                               std::optional<std::int32_t> epoch) {
  const Partition& partition = *cluster_.find(at);
  if (leader && (log_at(partition, *leader) == nullptr || cluster_.sessions.is_absent(*leader))) {
    return false;
  }
  const std::int32_t next = partition.leader_epoch + 1;
  lead(at, leader, std::max(epoch.value_or(next), next));
  return true;
}

// Requires: whoever is to lead is a replica.
void Controller::lead(TopicPartition at, std::optional<NodeId> leader, std::int32_t epoch) {
  cluster_.remember_leadership(at, in_.now);
  Partition& partition = cluster_.write(at);
  const bool is_clean = !leader || partition.has_in_sync(*leader);
  partition.leader = leader;
  partition.leader_epoch = epoch;
  in_.effects.happened.push_back({std::nullopt, LeaderElected{at, leader, epoch, is_clean}});
  if (!leader) return replication_.begin_all(at);
  const std::vector<NodeId> in_sync = partition.in_sync_replicas;
  if (!is_clean) partition.in_sync_replicas.push_back(*leader);
  for (const NodeId replica : in_sync) {
    if (is_clean && cluster_.sessions.is_alive(replica)) continue;
    replication_.remove_from_isr(at, replica, is_clean ? "it is gone" : "of an unclean election");
  }
  seat(at, *leader);
  replication_.begin_all(at);
  replication_.appended(at);
}

// Its log is the partition's, and it knows nothing of those who follow it.
void Controller::seat(TopicPartition at, NodeId leader) {
  Partition& partition = cluster_.write(at);
  ReplicaSet& others = *partition.others;
  if (others.leading != leader) {
    Replica next = std::move(others.followers.at(leader));
    others.followers.erase(leader);
    const RecordsLost lost = lost_between(at, partition.log, next.log);
    if (lost.records > 0) in_.effects.happened.push_back({std::nullopt, lost});
    Replica before;
    before.log = std::exchange(partition.log, std::move(next.log));
    before.producers = std::exchange(partition.producers, std::move(next.producers));
    before.high_watermark = std::exchange(others.high_watermark, next.high_watermark);
    others.followers.emplace(others.leading, std::move(before));
    others.leading = leader;
  }
  others.epoch_start = partition.log.end_offset();
  for (auto& [broker, replica] : others.followers) {
    const Instant too_early = in_.now - cluster_.spec().replication.lag_time - Duration{1};
    const Instant caught_up = partition.has_in_sync(broker) ? in_.now : too_early;
    replica.progress = {.end_offset = std::nullopt,
                        .caught_up = caught_up,
                        .fetched = caught_up,
                        .leader_end_offset = partition.log.end_offset()};
    replica.is_new_follower = true;
  }
}

}  // namespace linger::sim
