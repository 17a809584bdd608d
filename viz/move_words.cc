#include "viz/move_words.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "sim/event_text.h"
#include "sim/fault.h"
#include "sim/hand.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// Which answer or request: the frames of the first segment that is on its way.
std::string frames_on_wire(const Scene& scene, const WireKey& wire) {
  std::int64_t on_way = 0;
  scene.world().events.for_each([&](core::Instant, const sim::QueuedEvent& event) {
    const auto* of_wire = std::get_if<sim::WireEvent>(&event);
    const auto* segment = of_wire ? std::get_if<sim::SegmentArrival>(of_wire) : nullptr;
    const bool is_on_it = segment != nullptr && segment->connection == wire.connection &&
                          segment->direction == wire.direction;
    on_way += is_on_it ? 1 : 0;
  });
  const auto known = scene.index.wires().find(wire);
  if (known == scene.index.wires().end()) return tr("a segment");
  const WireStream& stream = known->second;
  const auto left = std::ranges::count_if(stream.segments, [&](const WireStream::Segment& one) {
    return one.position < scene.position();
  });
  if (on_way > left) return tr("a segment");
  const WireStream::Segment& first = stream.segments[static_cast<std::size_t>(left - on_way)];
  std::string label;
  std::size_t frames = 0;
  bool is_whole = true;
  for (const WireStream::Frame& frame : stream.frames) {
    if (frame.end <= first.begin || frame.begin >= first.end) continue;
    if (frames++ > 0) continue;
    label = request_label(frame.api, frame.correlation);
    is_whole = first.begin <= frame.begin && frame.end <= first.end;
  }
  if (frames == 0) return tr("a segment");
  if (frames > 1) return tr("{} and {} more", label, frames - 1);
  return is_whole ? label : tr("a part of {}", label);
}

class WireWords {
 public:
  explicit WireWords(const Scene& scene) : scene_{scene} {}

  std::string operator()(const sim::SynArrival& e) const {
    return tr("a call for a connection reaches {}", broker(e.connection));
  }
  std::string operator()(const sim::SynAckArrival& e) const {
    return tr("the connection to {} stands", broker(e.connection));
  }
  std::string operator()(const sim::RefusalArrival& e) const {
    return tr("{} refuses the connection", broker(e.connection));
  }
  std::string operator()(const sim::AuthenticationArrival& e) const {
    return is_there(e) ? tr("{} hears who the client is", broker(e.connection))
                       : tr("{} does not know the client", broker(e.connection));
  }
  std::string operator()(const sim::LinkFree& e) const {
    return is_there(e) ? tr("bytes leave the socket for {}", broker(e.connection))
                       : tr("bytes leave the socket of {}", broker(e.connection));
  }
  std::string operator()(const sim::SegmentArrival& e) const {
    const std::string what = frames_on_wire(scene_, {e.connection, e.direction});
    return is_there(e) ? tr("{} arrives at {}", what, broker(e.connection))
                       : tr("the answer to {} arrives from {}", what, broker(e.connection));
  }
  std::string operator()(const sim::FinArrival& e) const {
    return is_there(e) ? tr("{} hears that its client closes", broker(e.connection))
                       : tr("the client hears that {} closes", broker(e.connection));
  }
  std::string operator()(const sim::ResetArrival& e) const {
    return tr("the client hears that {} knows no such connection", broker(e.connection));
  }
  std::string operator()(const sim::ServiceDone& e) const {
    return tr("{} has done {}", broker_label(e.broker), request(e.broker, e.connection));
  }
  std::string operator()(const sim::AcknowledgementDue& e) const {
    return tr("{} answers {}: its followers have it, or its time is up", broker_label(e.broker),
              request(e.broker, e.connection));
  }
  std::string operator()(const sim::AnswerDue& e) const {
    return tr("an answer that {} held back leaves", broker_label(e.broker));
  }
  std::string operator()(const sim::LoggedAnswerDue& e) const {
    return tr("{} answers {}: the transaction log has it", broker_label(e.broker),
              request(e.broker, e.connection));
  }
  std::string operator()(const sim::SilenceEnds& e) const {
    return tr("{} speaks again", broker_label(e.broker));
  }
  std::string operator()(const sim::LinkChanges& e) const {
    return tr("the wires of {} are as they were", broker_label(e.broker));
  }
  std::string operator()(const sim::StallEnds& e) const {
    return tr("{} fetches again", broker_label(e.broker));
  }
  std::string operator()(const sim::PauseEnds& e) const {
    return tr("{} goes on after its pause", broker_label(e.broker));
  }
  std::string operator()(const sim::BrokerSessionExpires& e) const {
    return tr("the controller misses {}", broker_label(e.broker));
  }
  std::string operator()(const sim::ReplicaFetchArrives& e) const {
    return tr("a fetch of {} reaches the leader of {}", broker_label(e.follower), name(e));
  }
  std::string operator()(const sim::ReplicaFetchWaitEnds& e) const {
    return tr("the leader of {} answers {}", name(e), broker_label(e.follower));
  }
  std::string operator()(const sim::ReplicaFetchAnswered& e) const {
    return tr("{} hears from the leader of {}", broker_label(e.follower), name(e));
  }
  std::string operator()(const sim::ReplicaLagCheck& e) const {
    return tr("the leader of {} looks who lags", name(e));
  }
  std::string operator()(const sim::TransitionLogged& e) const {
    return tr("the transaction log has what {} did", e.transactional_id);
  }
  std::string operator()(const sim::MarkersDue& e) const {
    return tr("the markers of {} are written", e.transactional_id);
  }
  std::string operator()(const sim::ExpiryCheckDue& e) const {
    return tr("the coordinator looks whether {} takes too long", e.transactional_id);
  }

 private:
  template <class Event>
  static bool is_there(const Event& event) {
    return event.direction == sim::Direction::ToBroker;
  }
  template <class Event>
  std::string name(const Event& event) const {
    return scene_.names.topics.text(event.partition);
  }
  // With the producer's name, if there are several.
  std::string broker(sim::ConnectionId id) const {
    for (const auto& connection : scene_.world().servers.network().connections()) {
      if (connection.connection != id) continue;
      const std::string broker = broker_label(connection.broker);
      const auto& producers = scene_.timeline.scenario().producers;
      const auto producer = static_cast<std::size_t>(connection.socket.producer.value());
      if (producers.size() < 2 || producer >= producers.size()) return broker;
      return tr("{} (of {})", broker, producers[producer].name);
    }
    return tr("connection {}", id.value());
  }
  std::string request(core::NodeId broker, sim::ConnectionId id) const {
    for (const sim::Broker& one : scene_.world().servers.brokers()) {
      if (one.id() != broker) continue;
      for (const auto& connection : one.connections()) {
        if (connection.connection != id || connection.requests.empty()) continue;
        const core::RequestHeader& header = connection.requests.front();
        return request_label(header.api_key, header.correlation_id);
      }
    }
    return tr("connection {}", id.value());
  }

  const Scene& scene_;
};

// What is due of a lane first, in the world's queue.
std::optional<sim::QueuedEvent> first_of(const sim::World& world, const sim::Lane& lane) {
  std::optional<sim::EventQueue::Place> first;
  std::optional<sim::QueuedEvent> found;
  world.events.for_each_place(
      [&](const sim::EventQueue::Place& place, const sim::QueuedEvent& event) {
        if (sim::lane_of(event) != lane || (first && !place.is_before(*first))) return;
        first = place;
        found = event;
      });
  return found;
}

std::string thread_words(const Scene& scene, std::size_t index) {
  const sim::AppThread& thread = scene.world().threads[index];
  const sim::AppThreadSpec& spec = scene.timeline.scenario().threads[index];
  std::string what;
  if (!std::holds_alternative<sim::AppThread::BetweenActions>(thread.call)) {
    const core::ProducerIndex producer{static_cast<std::int32_t>(thread.producer)};
    for (const ThreadBox& box : thread_boxes(scene, producer)) {
      if (box.id == thread.id) what = box.activity;
    }
  } else if (thread.action < spec.program.size()) {
    const sim::AppAction& action = spec.program[thread.action];
    const auto* send = std::get_if<sim::SendAction>(&action);
    what = send != nullptr ? tr("send to {}", send->topic) : tr_said(sim::text(action));
  } else {
    what = tr("its program ends");
  }
  return tr("thread {}: {}", spec.name, what);
}

std::string sender_words(const Scene& scene, std::size_t index) {
  using State = sim::SenderThread::State;
  const sim::SenderThread& sender = scene.world().processes[index].sender;
  const bool waits = sender.state == State::Polling || sender.state == State::Sleeping;
  const std::string what = waits ? tr("its wait ends, and a pass begins") : tr("its pass goes on");
  const auto& producers = scene.timeline.scenario().producers;
  if (producers.size() < 2) return tr("the sender: {}", what);
  return tr("the sender of {}: {}", producers[index].name, what);
}

std::string lane_words(const Scene& scene, const sim::Lane& lane) {
  const auto index = static_cast<std::size_t>(lane.number);
  switch (lane.kind) {
    case sim::Lane::Kind::Fault:
      return tr("as written: {}",
                tr_said(sim::text(scene.timeline.scenario().faults[index].fault)));
    case sim::Lane::Kind::Narration:
      return tr("the lesson says something");
    case sim::Lane::Kind::Thread:
      return thread_words(scene, index);
    case sim::Lane::Kind::Sender:
      return sender_words(scene, index);
    case sim::Lane::Kind::ToBroker:
    case sim::Lane::Kind::ToClient:
    case sim::Lane::Kind::AtBroker:
    case sim::Lane::Kind::Replica:
    case sim::Lane::Kind::Leader:
    case sim::Lane::Kind::Broker:
    case sim::Lane::Kind::Coordinators:
    case sim::Lane::Kind::Outside:
      break;
  }
  const auto event = first_of(scene.world(), lane);
  const auto* wire = event ? std::get_if<sim::WireEvent>(&*event) : nullptr;
  if (wire == nullptr) return sim::lane_text(lane, scene.timeline.scenario());
  return std::visit(WireWords{scene}, static_cast<const sim::WireEventKinds&>(*wire));
}

}  // namespace

MoveClass class_of(const sim::Move& move) {
  if (move.fault) return MoveClass::Outcome;
  const bool is_thread = !move.is_end && (move.next.kind == sim::Lane::Kind::Thread ||
                                          move.next.kind == sim::Lane::Kind::Sender);
  return is_thread ? MoveClass::Thread : MoveClass::Order;
}

std::string_view word(MoveClass move_class) {
  switch (move_class) {
    case MoveClass::Order:
      return tr("order");
    case MoveClass::Outcome:
      return tr("outcome");
    case MoveClass::Thread:
      return tr("thread");
  }
  return "";
}

std::string move_words(const Scene& scene, const sim::Move& move,
                       const sim::ExploreOptions& options) {
  if (move.fault) return tr_said(sim::text(options.faults.at(*move.fault)));
  if (move.is_end) return tr("nothing is due: the run ends");
  return lane_words(scene, move.next);
}

}  // namespace linger::viz
