// How followers come by what the leader has, and what follows from it: the high watermark and the
// in-sync replicas.
#pragma once

#include <cstdint>
#include <string>

#include "core/id.h"
#include "sim/broker_context.h"
#include "sim/cluster.h"
#include "sim/wire_event.h"

namespace linger::sim {

//   follower ── offset, last epoch ──▶ leader ── parts from its log ──▶ truncate, fetch again
//                                             ── has more ──▶ batches, high watermark
//                                             ── has nothing ──▶ waits for an append, or some time
//
// The fetch tells the leader how far the follower is. A follower learns the high watermark with the
// next answer, so that its own trails.
//
// In Kafka: ReplicaFetcherThread, ReplicaManager and Partition. Differs: each partition is fetched
// by itself, and all there is at once; the in-sync replicas change without asking the controller; a
// follower that cannot reach its leader begins again as soon as it can.
class Replication {
 public:
  explicit Replication(BrokerContext& in) : in_{in}, cluster_{in.cluster} {}

  // --- Of partitions that are not replicated: nothing ---

  // The leader appended something.
  void appended(TopicPartition at);
  // The follower's fetches begin anew, from where its log ends.
  void begin(TopicPartition at, NodeId follower);
  // Those of all who follow.
  void begin_all(TopicPartition at);
  // The broker is there again: it fetches what it follows, and is asked for what it leads.
  void begin_of(NodeId broker);
  // The high watermark moves to where all that count have come.
  void advance(TopicPartition at);
  // A follower leaves the in-sync replicas.
  void remove_from_isr(TopicPartition at, NodeId broker, std::string why);

  // --- What was scheduled is due ---

  void on(const ReplicaFetchArrives& event);
  void on(const ReplicaFetchWaitEnds& event);
  void on(const ReplicaFetchAnswered& event);
  void on(const ReplicaLagCheck& event);

 private:
  const ReplicationSpec& spec() const { return cluster_.spec().replication; }
  // The follower that the fetch is of; nullptr if it is void.
  template <class FetchEvent>
  Replica* current(const FetchEvent& event);
  bool is_caught_up(const Partition& partition, const ReplicaProgress& progress) const;
  bool may_join(const Partition& partition, NodeId broker) const;
  void note_progress(TopicPartition at, NodeId follower);
  bool can_be_fetched(const PartitionLog& log, std::int64_t offset) const;
  bool is_too_large(const StoredBatch& batch) const;
  void answer(TopicPartition at, NodeId follower);
  void send(ReplicaFetchAnswered answer);
  void truncate(TopicPartition at, NodeId follower, std::int64_t offset);
  void schedule_lag_check(TopicPartition at);
  void tell(SimEvent event) { in_.effects.happened.push_back({std::nullopt, std::move(event)}); }

  BrokerContext& in_;
  Cluster& cluster_;
};

}  // namespace linger::sim
