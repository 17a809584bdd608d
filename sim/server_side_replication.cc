// What happens to replicas and to who leads them: what was scheduled for them, and faults.
#include <algorithm>
#include <optional>
#include <utility>

#include "sim/controller.h"
#include "sim/replication.h"
#include "sim/server_side.h"

namespace linger::sim {
namespace {

std::optional<Instant> end_after(const std::optional<Duration>& lasts, Instant now) {
  if (!lasts) return std::nullopt;
  return now + *lasts;
}

// Do brokers copy one another's logs? Else it makes no difference who is gone.
bool replicates(const Cluster& cluster) {
  const std::vector<TopicSpec>& topics = cluster.spec().topics;
  if (cluster.spec().coordination.log_replicas > 0) return true;
  return std::any_of(topics.begin(), topics.end(),
                     [](const TopicSpec& topic) { return topic.replicas > 1; });
}

}  // namespace

void ServerSide::begin(std::int64_t epoch_ms, Effects& effects) {
  cluster_.clocks.epoch_ms = epoch_ms;
  BrokerContext context{cluster_, Instant{}, effects};
  for (const TopicPartition at : cluster_.replicated()) Replication{context}.begin_all(at);
}

// --- What was scheduled is due ---

void ServerSide::handle(const ReplicaFetchArrives& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Replication{context}.on(event);
  look_at_waiting(now, effects);
}

void ServerSide::handle(const ReplicaFetchWaitEnds& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Replication{context}.on(event);
}

void ServerSide::handle(const ReplicaFetchAnswered& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Replication{context}.on(event);
}

void ServerSide::handle(const ReplicaLagCheck& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Replication{context}.on(event);
  look_at_waiting(now, effects);
}

void ServerSide::handle(const StallEnds& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Replication{context}.begin_of(event.broker);
}

void ServerSide::handle(const PauseEnds& event, Instant now, Effects& effects) {
  if (cluster_.sessions.pause_end(event.broker, now)) return;  // another fault has prolonged it
  cluster_.sessions.paused_until.erase(event.broker);
  if (network_.is_down(event.broker)) return;
  effects.happened.push_back({std::nullopt, BrokerStateChanged{event.broker, BrokerState::Up}});
  broker_returned(event.broker, Controller::Return::WentOn, now, effects);
}

void ServerSide::handle(const BrokerSessionExpires& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  Controller{context}.on(event);
  look_at_waiting(now, effects);
}

bool ServerSide::waits_for_pause(NodeId broker, WireEvent event, Instant now, Effects& effects) {
  const std::optional<Instant> end = cluster_.sessions.pause_end(broker, now);
  if (end) effects.scheduled.push_back({*end, std::move(event)});
  return end.has_value();
}

// Where one log stands for all replicas, whoever leads goes on leading.
void ServerSide::broker_left(NodeId broker, Instant now, Effects& effects) {
  if (!replicates(cluster_)) return;
  BrokerContext context{cluster_, now, effects};
  Controller{context}.left(broker);
}

void ServerSide::broker_returned(NodeId broker, Controller::Return how, Instant now,
                                 Effects& effects) {
  const bool is_back = cluster_.sessions.is_absent(broker) && !network_.is_down(broker) &&
                       !network_.is_silent(broker, now) &&
                       !cluster_.sessions.pause_end(broker, now);
  if (!is_back) return;
  BrokerContext context{cluster_, now, effects};
  Controller{context}.returned(broker, how);
  look_at_waiting(now, effects);
}

void ServerSide::look_at_waiting(Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  for (Broker& broker : brokers_) {
    if (!cluster_.sessions.pause_end(broker.id(), now)) broker.look_at_waiting(context);
  }
}

// --- Faults ---

void ServerSide::apply_to(const ChangeLeader& fault, Instant now, Effects& effects) {
  const std::optional<TopicPartition> partition = cluster_.find_partition(fault.partition);
  const bool can_lead = !fault.leader || find_broker(*fault.leader) != nullptr;
  if (!partition || !can_lead) return;
  if (cluster_.find(*partition)->is_replicated()) {
    BrokerContext context{cluster_, now, effects};
    if (!Controller{context}.change_leader(*partition, fault.leader, fault.epoch)) return;
  } else {
    cluster_.remember_leadership(*partition, now);
    effects.happened.push_back(
        {std::nullopt, cluster_.change_leader(*partition, fault.leader, fault.epoch)});
  }
  look_at_waiting(now, effects);
}

void ServerSide::apply_to(const StopBroker& fault, Instant now, Effects& effects) {
  Broker* broker = find_broker(fault.broker);
  if (broker == nullptr || network_.is_down(fault.broker)) return;
  const bool is_replica = replicates(cluster_);
  if (is_replica && fault.controlled) {
    BrokerContext context{cluster_, now, effects};
    Controller{context}.shut_down(fault.broker);
    look_at_waiting(now, effects);
  }
  network_.stop(fault.broker);
  if (is_replica) broker->forget_connections();  // nobody goes on with what was in service
  network_.break_connections(fault.broker, "the broker stopped", effects);
  effects.happened.push_back({std::nullopt, BrokerStateChanged{fault.broker, BrokerState::Down}});
  if (!is_replica) return;
  broker_left(fault.broker, now, effects);
  BrokerContext context{cluster_, now, effects};
  // What it had answered and is on the way is lost, as on the clients' wires.
  Replication{context}.begin_of(fault.broker);
}

void ServerSide::apply_to(const StartBroker& fault, Instant now, Effects& effects) {
  if (!network_.is_down(fault.broker)) return;
  network_.start(fault.broker);
  cluster_.sessions.paused_until.erase(fault.broker);  // it is another process
  effects.happened.push_back({std::nullopt, BrokerStateChanged{fault.broker, BrokerState::Up}});
  broker_returned(fault.broker, Controller::Return::Restarted, now, effects);
}

void ServerSide::apply_to(const ShrinkIsr& fault, Instant now, Effects& effects) {
  const std::optional<TopicPartition> at = cluster_.find_partition(fault.partition);
  if (!at) return;
  const Partition& partition = *cluster_.find(*at);
  const bool can_leave = partition.is_replicated() && partition.has_in_sync(fault.broker) &&
                         !partition.is_led_by(fault.broker);
  if (!can_leave) return;
  BrokerContext context{cluster_, now, effects};
  Replication replication{context};
  const auto end = end_after(fault.lasts, now);
  if (end) cluster_.write(*at).others->kept_out_until[fault.broker] = *end;
  replication.remove_from_isr(*at, fault.broker, "by hand");
  replication.advance(*at);
  look_at_waiting(now, effects);
}

void ServerSide::apply_to(const SlowFollower& fault, Instant now, Effects&) {
  cluster_.sessions.troubles.push_back({.follower = fault.broker,
                                        .extra = fault.extra,
                                        .stalls = false,
                                        .until = end_after(fault.lasts, now)});
}

void ServerSide::apply_to(const StallFollower& fault, Instant now, Effects& effects) {
  const auto end = end_after(fault.lasts, now);
  cluster_.sessions.troubles.push_back(
      {.follower = fault.broker, .extra = {}, .stalls = true, .until = end});
  if (end) effects.scheduled.push_back({*end, StallEnds{fault.broker}});
}

void ServerSide::apply_to(const SlowBroker& fault, Instant now, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker != nullptr) broker->slow_down(fault.extra, end_after(fault.lasts, now));
}

void ServerSide::apply_to(const PauseBroker& fault, Instant now, Effects& effects) {
  if (find_broker(fault.broker) == nullptr || network_.is_down(fault.broker)) return;
  const std::optional<Instant> before = cluster_.sessions.pause_end(fault.broker, now);
  const Instant end = std::max(before.value_or(now), now + fault.lasts);
  if (end == now) return;
  cluster_.sessions.paused_until[fault.broker] = end;
  effects.scheduled.push_back({end, PauseEnds{fault.broker}});
  if (before) return;
  effects.happened.push_back({std::nullopt, BrokerStateChanged{fault.broker, BrokerState::Paused}});
  broker_left(fault.broker, now, effects);
}

}  // namespace linger::sim
