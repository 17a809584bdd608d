#include "sim/request_flip.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "sim/event_queue.h"

namespace linger::sim {
namespace {

// Somebody waits for the answer.
constexpr int kMostStepsOfRequest = 5'000;

// A copy of a world that is run on, with an eye on one request.
class RequestTrial {
 public:
  RequestTrial(World world, const RequestId& request)
      : world_{std::move(world)}, request_{request} {}

  World& world() { return world_; }
  const std::vector<core::BatchId>& sent_with() const { return sent_with_; }
  bool was_sent() const { return was_sent_; }

  RequestFate run_on() {
    for (int i = 0; i < kMostStepsOfRequest && fate_.kind == RequestFate::Kind::Open; ++i) {
      if (!take_step()) break;
    }
    return fate_;
  }
  // Lets happen now what is due of these lanes, and what comes of it, until the stage is over.
  bool hurry(const std::vector<Lane::Kind>& kinds, ConnectionId connection, RequestStage stage) {
    bool has_hurried = false;
    for (int i = 0; i < kMostStepsOfRequest && !is_over(stage); ++i) {
      if (!bring_forward(kinds, connection)) break;
      has_hurried = true;
      for (int steps = 0; steps < kMostStepsOfRequest; ++steps) {
        const auto next = next_due(world_);
        if (!next || *next > world_.now || is_over(stage) || !take_step()) break;
      }
    }
    return has_hurried;
  }

 private:
  bool is_over(RequestStage stage) const {
    return fate_.kind != RequestFate::Kind::Open || reached_ >= static_cast<int>(stage);
  }
  bool take_step() {
    sink_.events.clear();
    try {
      if (!step(world_, sink_)) return false;
    } catch (const core::CheckFailure&) {
      return false;
    }
    for (const TraceEvent& event : sink_.events) look_at(event);
    return true;
  }
  void look_at(const TraceEvent& event) {
    if (const auto* received = event.as<RequestReceived>()) {
      if (is_its(received->connection, received->correlation)) reach(RequestStage::Received);
    }
    if (const auto* answered = event.as<ResponseSent>()) {
      if (is_its(answered->connection, answered->correlation)) reach(RequestStage::Answered);
    }
    if (event.producer != request_.producer) return;
    if (const auto* sent = event.as<core::RequestSent>()) {
      if (sent->correlation != request_.correlation) return;
      was_sent_ = true;
      sent_with_ = sent->batches;
    }
    if (const auto* written = event.as<core::RequestWritten>()) {
      if (written->correlation == request_.correlation) reach(RequestStage::Written);
    }
    const auto* completed = event.as<core::RequestCompleted>();
    if (completed == nullptr || completed->correlation != request_.correlation) return;
    const bool is_answered = completed->outcome == core::RequestOutcome::Ok ||
                             completed->outcome == core::RequestOutcome::NoResponseExpected;
    fate_ = {is_answered ? RequestFate::Kind::Answered : RequestFate::Kind::Failed, event.at};
  }
  bool is_its(ConnectionId connection, core::CorrelationId correlation) const {
    return correlation == request_.correlation &&
           world_.servers.network().find({request_.producer, request_.node}) == connection;
  }
  void reach(RequestStage stage) { reached_ = std::max(reached_, static_cast<int>(stage)); }

  // All that is due of these lanes later than now. False: there is nothing.
  bool bring_forward(const std::vector<Lane::Kind>& kinds, ConnectionId connection) {
    const auto is_meant = [&](const EventQueue::Place& place, const QueuedEvent& event) {
      return place.at > world_.now && is_among(lane_of(event), kinds, connection);
    };
    bool is_any = false;
    while (const auto first = world_.events.first_place(is_meant)) {
      is_any = true;
      QueuedEvent event = world_.events.take(*first);
      world_.events.push(world_.now, first->event_class, std::move(event));
    }
    return is_any;
  }
  static bool is_among(const Lane& lane, const std::vector<Lane::Kind>& kinds,
                       ConnectionId connection) {
    if (std::find(kinds.begin(), kinds.end(), lane.kind) == kinds.end()) return false;
    const bool is_of_connection = lane.kind == Lane::Kind::ToBroker ||
                                  lane.kind == Lane::Kind::ToClient ||
                                  lane.kind == Lane::Kind::AtBroker;
    return !is_of_connection || lane.number == connection.value();
  }

  World world_;
  RequestId request_;
  TraceSink sink_;
  RequestFate fate_;
  int reached_ = -1;
  bool was_sent_ = false;
  std::vector<core::BatchId> sent_with_;
};

std::vector<Lane::Kind> lanes_of(RequestStage stage) {
  switch (stage) {
    case RequestStage::Written:
    case RequestStage::Received:
      return {Lane::Kind::ToBroker};
    case RequestStage::Answered:
      return {Lane::Kind::AtBroker, Lane::Kind::Replica, Lane::Kind::Coordinators};
    case RequestStage::Here:
      return {Lane::Kind::ToClient};
  }
  return {};
}

// The last one that says so, until now.
const core::RequestSent* sending_of(const Timeline& run, const RequestId& request) {
  const auto past = run.past();
  for (std::size_t i = past.size(); i-- > 0;) {
    const auto* sent = past[i].as<core::RequestSent>();
    if (sent != nullptr && past[i].producer == request.producer &&
        sent->correlation == request.correlation) {
      return sent;
    }
  }
  return nullptr;
}

// The next of the faults that are due is not. False: there is none.
bool take_out_fault(World& world) {
  const auto first =
      world.events.first_place([](const EventQueue::Place&, const QueuedEvent& event) {
        return std::holds_alternative<FaultDue>(event);
      });
  if (!first) return false;
  world.fault_done[std::get<FaultDue>(world.events.take(*first)).index] = true;
  return true;
}

}  // namespace

RequestFate fate_of(const World& world, const RequestId& request) {
  return RequestTrial{world, request}.run_on();
}

std::optional<RequestFate> fate_without_waiting(const World& world, const RequestId& request,
                                                RequestStage stage) {
  const auto connection = world.servers.network().find({request.producer, request.node});
  if (!connection) return std::nullopt;
  RequestTrial trial{world, request};
  if (!trial.hurry(lanes_of(stage), *connection, stage)) return std::nullopt;
  return trial.run_on();
}

std::optional<RequestFate> fate_without_fault(const Timeline& run, std::int64_t step,
                                              const RequestId& request) {
  const core::RequestSent* sent = sending_of(run, request);
  if (sent == nullptr || run.cursor() - step > kMostStepsOfRequest) return std::nullopt;
  RequestTrial trial{run.world_at(step), request};
  const auto& in_flight = trial.world()
                              .processes[static_cast<std::size_t>(request.producer.value())]
                              .producer.client()
                              .in_flight();
  bool was_in_flight = false;
  if (in_flight.count(request.node) > 0) {
    for (const core::InFlightRequest& one : in_flight.requests(request.node)) {
      was_in_flight = was_in_flight || one.correlation == request.correlation;
    }
  }
  if (!take_out_fault(trial.world())) return std::nullopt;
  const RequestFate fate = trial.run_on();
  if (fate.kind == RequestFate::Kind::Open) return std::nullopt;
  const bool is_the_same =
      was_in_flight || (trial.was_sent() && trial.sent_with() == sent->batches);
  if (!is_the_same) return std::nullopt;
  return fate;
}

}  // namespace linger::sim
