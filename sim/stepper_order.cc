// What may come next, lane by lane, and an order that is written down.
#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "sim/stepper.h"

namespace linger::sim {
namespace {

using Kind = Lane::Kind;

// Whose turn an event of the queue is.
struct LaneOfEvent {
  static Lane of(ConnectionId connection, Kind kind) { return {kind, connection.value(), {}}; }
  static Lane of(ConnectionId connection, Direction direction) {
    return of(connection, direction == Direction::ToBroker ? Kind::ToBroker : Kind::ToClient);
  }
  static Lane replica(TopicPartition partition, NodeId follower) {
    return {Kind::Replica, follower.value(), partition};
  }
  static Lane broker(NodeId broker) { return {Kind::Broker, broker.value(), {}}; }
  static Lane coordinators() { return {Kind::Coordinators, 0, {}}; }

  Lane operator()(const FaultDue& due) const {
    return {Kind::Fault, static_cast<std::int32_t>(due.index), {}};
  }
  Lane operator()(const NarrationDue& due) const {
    return {Kind::Narration, static_cast<std::int32_t>(due.index), {}};
  }
  Lane operator()(const WireEvent& event) const { return std::visit(*this, event); }

  Lane operator()(const SynArrival& e) const { return of(e.connection, Kind::ToBroker); }
  Lane operator()(const SynAckArrival& e) const { return of(e.connection, Kind::ToClient); }
  Lane operator()(const RefusalArrival& e) const { return of(e.connection, Kind::ToClient); }
  Lane operator()(const LinkFree& e) const { return of(e.connection, e.direction); }
  Lane operator()(const SegmentArrival& e) const { return of(e.connection, e.direction); }
  Lane operator()(const FinArrival& e) const { return of(e.connection, e.direction); }
  Lane operator()(const AuthenticationArrival& e) const { return of(e.connection, e.direction); }
  Lane operator()(const ResetArrival& e) const { return of(e.connection, Kind::ToClient); }
  Lane operator()(const ServiceDone& e) const { return of(e.connection, Kind::AtBroker); }
  Lane operator()(const AcknowledgementDue& e) const { return of(e.connection, Kind::AtBroker); }
  Lane operator()(const AnswerDue& e) const { return of(e.connection, Kind::AtBroker); }
  Lane operator()(const LoggedAnswerDue& e) const { return of(e.connection, Kind::AtBroker); }
  Lane operator()(const SilenceEnds& e) const { return broker(e.broker); }
  Lane operator()(const LinkChanges& e) const { return broker(e.broker); }
  Lane operator()(const StallEnds& e) const { return broker(e.broker); }
  Lane operator()(const PauseEnds& e) const { return broker(e.broker); }
  Lane operator()(const BrokerSessionExpires& e) const { return broker(e.broker); }
  Lane operator()(const ReplicaFetchArrives& e) const { return replica(e.partition, e.follower); }
  Lane operator()(const ReplicaFetchWaitEnds& e) const { return replica(e.partition, e.follower); }
  Lane operator()(const ReplicaFetchAnswered& e) const { return replica(e.partition, e.follower); }
  Lane operator()(const ReplicaLagCheck& e) const { return {Kind::Leader, 0, e.partition}; }
  Lane operator()(const TransitionLogged&) const { return coordinators(); }
  Lane operator()(const MarkersDue&) const { return coordinators(); }
  Lane operator()(const ExpiryCheckDue&) const { return coordinators(); }
};

bool is_departure(const QueuedEvent& event) {
  const auto* wire = std::get_if<WireEvent>(&event);
  return wire != nullptr && std::holds_alternative<LinkFree>(*wire);
}

}  // namespace

Lane lane_of(const QueuedEvent& event) {
  return std::visit(LaneOfEvent{}, event);
}

std::vector<Stepper::LaneDue> Stepper::next_of_each_lane(const World& world) {
  std::vector<LaneDue> lanes;
  const auto offer = [&](const Lane& lane, const Due& due) {
    const auto known = std::find_if(lanes.begin(), lanes.end(),
                                    [&](const LaneDue& other) { return other.lane == lane; });
    if (known == lanes.end()) {
      lanes.push_back({lane, due});
    } else if (due.place ? due.place->is_before(*known->due.place) : is_before(due, known->due)) {
      known->due = due;
    }
  };
  world.events.for_each_place([&](const EventQueue::Place& place, const QueuedEvent& event) {
    Due due{place.at, place.event_class};
    due.place = place;
    due.is_departure = is_departure(event);
    offer(lane_of(event), due);
  });
  if (const OutsideInput* input = next_input(world)) {
    offer({Kind::Outside, 0, {}}, {input->at, EventClass::Outside});
  }
  for (std::size_t i = 0; i < world.threads.size(); ++i) {
    const AppThread& thread = world.threads[i];
    const Lane lane{Kind::Thread, static_cast<std::int32_t>(i), {}};
    if (thread.due) offer(lane, {*thread.due, EventClass::Application, i, thread.turn_now()});
    for (const AppThread::WatchedCall& watched : thread.watched) {
      const Turn turn{Turn::Why::Acts, thread.turn};
      if (watched.due) offer(lane, {*watched.due, EventClass::Application, i, turn});
    }
  }
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    const SenderThread& sender = world.processes[i].sender;
    if (!sender.due) continue;
    const auto event_class = sender.is_spinning ? EventClass::SpinningSender : EventClass::Sender;
    offer({Kind::Sender, static_cast<std::int32_t>(i), {}}, {*sender.due, event_class, i});
  }
  std::sort(lanes.begin(), lanes.end(), [](const LaneDue& a, const LaneDue& b) {
    if (a.due.place && b.due.place) return a.due.place->is_before(*b.due.place);
    return is_before(a.due, b.due);
  });
  return lanes;
}

std::optional<Stepper::Due> Stepper::next_by_order(const World& world) {
  const std::vector<OrderEntry>& order = world.scenario->order;
  const auto entry =
      std::lower_bound(order.begin(), order.end(), world.steps,
                       [](const OrderEntry& one, std::int64_t step) { return one.step < step; });
  if (entry == order.end() || entry->step != world.steps) return std::nullopt;
  for (const LaneDue& next : next_of_each_lane(world)) {
    if (next.lane == entry->next) return next.due;
  }
  return std::nullopt;
}

}  // namespace linger::sim
