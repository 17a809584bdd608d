// Who notices that a broker is gone, and chooses who leads in its place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/id.h"
#include "sim/broker_context.h"
#include "sim/replication.h"
#include "sim/wire_event.h"

namespace linger::sim {

//   a broker is gone ── session timeout ──▶ it leaves the in-sync replicas; where it led,
//     the first replica that is in sync and alive leads; if there is none, nobody,
//     or with unclean elections the first that is alive
//
// The new leader's log is the truth from then on: what the old one's had beyond it is lost.
// In Kafka: ReplicationControlManager. Differs: it is never gone itself; brokers do as it says at
// once; a broker that comes back before it is missed goes on leading what it led.
class Controller {
 public:
  explicit Controller(BrokerContext& in) : in_{in}, cluster_{in.cluster}, replication_{in} {}

  // It takes no part any more, until it returns.
  void left(NodeId broker);
  enum class Return { Restarted, WentOn };
  void returned(NodeId broker, Return how);
  void on(const BrokerSessionExpires& event);
  // It says goodbye: others lead what it led, before it is gone.
  void shut_down(NodeId broker);

  // A partition has come to be; who is gone does not lead it. Requires: it is replicated.
  void created(TopicPartition at);

  // By hand: it leads, in sync or not, or nobody does. False if it is no replica or not there.
  // Requires: the partition is replicated.
  bool change_leader(TopicPartition at, std::optional<NodeId> leader,
                     std::optional<std::int32_t> epoch);

 private:
  void miss(NodeId broker);
  void elect(TopicPartition at);
  void lead(TopicPartition at, std::optional<NodeId> leader, std::int32_t epoch);
  void seat(TopicPartition at, NodeId leader);

  BrokerContext& in_;
  Cluster& cluster_;
  Replication replication_;
};

}  // namespace linger::sim
