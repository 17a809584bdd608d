#include "viz/motion.h"

#include <algorithm>
#include <cstddef>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// More than so many events back nothing is looked for: at high speed a flight is short anyway.
constexpr std::size_t kLookedAt = 3'000;
// A crowd is as well told by its last ones.
constexpr std::size_t kMostFlights = 120;
// Between a batch's memory being taken and the batch being there, at most so much is traced.
constexpr std::size_t kBetweenMemoryAndBatch = 16;

core::NodeId broker_of(core::NodeId node) {
  return node.value() < 0 ? core::NodeId{-1 - node.value()} : node;
}

Anchor deque(BatchRef batch, core::TopicPartition partition) {
  Anchor anchor;
  anchor.kind = Anchor::Kind::Deque;
  anchor.producer = batch.producer;
  anchor.partition = partition;
  anchor.batch = batch.batch;
  return anchor;
}

Anchor in_flight(BatchRef batch, core::NodeId node) {
  Anchor anchor;
  anchor.kind = Anchor::Kind::InFlight;
  anchor.producer = batch.producer;
  anchor.node = broker_of(node);
  anchor.batch = batch.batch;
  return anchor;
}

Anchor of_pool(Anchor::Kind kind, core::ProducerIndex producer) {
  Anchor anchor;
  anchor.kind = kind;
  anchor.producer = producer;
  return anchor;
}

// Makes a flight of an event, if it is one that something flies in.
class Departures {
 public:
  Departures(const Scene& scene, std::size_t position)
      : scene_{scene}, position_{position}, event_{scene.timeline.trace()[position]} {}

  std::optional<Flight> operator()(const core::RecordAppended& appended) const {
    Flight flight = of(FlightKind::Append, appended.batch);
    flight.from.kind = Anchor::Kind::Thread;
    flight.from.producer = producer();
    flight.from.thread = entry_of(scene_, appended.record).thread;
    flight.to = deque(ref(appended.batch), appended.partition);
    flight.record = appended.record;
    flight.label = record_label(appended.record);
    return flight;
  }
  std::optional<Flight> operator()(const core::BatchDrained& drained) const {
    Flight flight = of(FlightKind::Drain, drained.batch);
    flight.from = deque(ref(drained.batch), drained.partition);
    flight.to = in_flight(ref(drained.batch), drained.node);
    flight.detail = count_text(drained.records, "record");
    return flight;
  }
  std::optional<Flight> operator()(const core::BatchRetried& retried) const {
    Flight flight = of(FlightKind::Retry, retried.batch);
    flight.from = place_before(ref(retried.batch));
    flight.to = deque(ref(retried.batch), retried.partition);
    flight.detail = core::name(retried.error);
    return flight;
  }
  std::optional<Flight> operator()(const core::BatchCompleted& completed) const {
    Flight flight = of(FlightKind::Acknowledge, completed.batch);
    flight.from = place_before(ref(completed.batch));
    flight.to.kind = Anchor::Kind::Completions;
    if (completed.state != core::BatchState::Succeeded) {
      flight.kind = has_expired(ref(completed.batch)) ? FlightKind::Expire : FlightKind::Fail;
    }
    if (completed.error) flight.detail = core::name(completed.error->exception);
    return flight;
  }
  std::optional<Flight> operator()(const core::BatchOpened& opened) const {
    const auto source = source_of(opened.buffer);
    if (!source || *source == core::MemorySource::Heap) return std::nullopt;
    Flight flight = of(FlightKind::TakeMemory, opened.batch);
    const bool is_pooled = *source == core::MemorySource::FreeList;
    flight.from = of_pool(is_pooled ? Anchor::Kind::FreeList : Anchor::Kind::NonPooled, producer());
    flight.to = deque(ref(opened.batch), opened.partition);
    flight.label = bytes_text(opened.capacity);
    return flight;
  }
  std::optional<Flight> operator()(const core::MemoryReleased& released) const {
    const auto batch = scene_.index.released_by(position_);
    if (!batch) return std::nullopt;
    Flight flight = of(FlightKind::ReturnMemory, batch->batch);
    flight.from = place_before(*batch);
    flight.to =
        of_pool(released.pooled ? Anchor::Kind::FreeList : Anchor::Kind::NonPooled, producer());
    flight.label = bytes_text(released.size);
    return flight;
  }
  std::optional<Flight> operator()(const sim::BatchWritten& written) const {
    if (written.outcome == sim::AppendOutcome::Refused) return std::nullopt;
    Flight flight;
    flight.kind = FlightKind::Write;
    flight.from.kind = Anchor::Kind::BrokerQueue;
    flight.from.node = written.broker;
    flight.to.kind = Anchor::Kind::Log;
    flight.to.partition = written.partition;
    flight.label = count_text(written.records, "record");
    if (written.outcome == sim::AppendOutcome::Duplicate) flight.detail = tr("already there");
    const auto client = scene_.index.client_of(written.connection);
    if (!client) return flight;
    for (const BatchRef& batch : scene_.index.carried(*client, written.correlation)) {
      if (entry_of(scene_, batch).partition == written.partition) flight.batch = batch;
    }
    return flight;
  }
  std::optional<Flight> operator()(const sim::ReplicaFetched& fetched) const {
    Flight flight;
    flight.kind = FlightKind::Replicate;
    flight.from.kind = Anchor::Kind::Log;
    flight.from.partition = fetched.partition;
    flight.to.kind = Anchor::Kind::Replica;
    flight.to.partition = fetched.partition;
    flight.to.node = fetched.broker;
    flight.label = count_text(fetched.records, "record");
    return flight;
  }
  template <class Other>
  std::optional<Flight> operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  core::ProducerIndex producer() const { return *event_.producer; }
  BatchRef ref(core::BatchId batch) const { return {producer(), batch}; }
  Flight of(FlightKind kind, core::BatchId batch) const {
    Flight flight;
    flight.kind = kind;
    flight.batch = ref(batch);
    flight.label = batch_label(batch);
    return flight;
  }

  // Calls visit(event) for what is known of a batch, the last before this one first, until it
  // returns true.
  template <class Visit>
  void look_back(BatchRef batch, Visit visit) const {
    const auto events = scene_.index.events_of(batch);
    auto at = std::lower_bound(events.begin(), events.end(), position_);
    while (at != events.begin()) {
      if (visit(scene_.timeline.trace()[*--at])) return;
    }
  }
  Anchor place_before(BatchRef batch) const {
    Anchor place = deque(batch, entry_of(scene_, batch).partition);
    look_back(batch, [&](const sim::TraceEvent& event) {
      if (const auto* drained = event.as<core::BatchDrained>()) {
        place = in_flight(batch, drained->node);
        return true;
      }
      return event.as<core::BatchRetried>() != nullptr;
    });
    return place;
  }
  bool has_expired(BatchRef batch) const {
    bool has_expired = false;
    look_back(batch, [&](const sim::TraceEvent& event) {
      has_expired = event.as<core::BatchExpired>() != nullptr;
      return has_expired || event.as<core::BatchDrained>() != nullptr;
    });
    return has_expired;
  }
  std::optional<core::MemorySource> source_of(core::BufferId buffer) const {
    const std::size_t nearest = position_ - std::min(position_, kBetweenMemoryAndBatch);
    for (std::size_t at = position_; at > nearest; --at) {
      const sim::TraceEvent& event = scene_.timeline.trace()[at - 1];
      const auto* allocated = event.as<core::MemoryAllocated>();
      if (allocated == nullptr || event.producer != event_.producer) continue;
      if (allocated->buffer == buffer) return allocated->source;
    }
    return std::nullopt;
  }

  const Scene& scene_;
  std::size_t position_;
  const sim::TraceEvent& event_;
};

// Where much flies at once, memory that comes and goes with each batch is left out.
constexpr std::size_t kCrowd = 8;
bool is_about_memory(const Flight& flight) {
  return flight.kind == FlightKind::TakeMemory || flight.kind == FlightKind::ReturnMemory;
}

}  // namespace

double seconds_since(const Scene& scene, core::Instant then) {
  return static_cast<double>((scene.at - then).count()) / 1e6 / scene.speed + scene.still_for;
}

float eased(double fraction) {
  const double x = std::clamp(fraction, 0.0, 1.0);
  return static_cast<float>(x * x * (3 - 2 * x));
}

std::vector<Flight> flights(const Scene& scene) {
  const std::vector<sim::TraceEvent>& trace = scene.timeline.trace();
  std::vector<Flight> flights;
  const std::size_t end = scene.position();
  for (std::size_t at = end; at > 0 && end - at < kLookedAt; --at) {
    if (flights.size() == kMostFlights) break;
    const sim::TraceEvent& event = trace[at - 1];
    const double age = seconds_since(scene, event.at);
    if (age >= kFlightSeconds || event.step < scene.fresh_from) break;
    auto flight = sim::visit_event(event, Departures{scene, at - 1});
    if (!flight) continue;
    flight->progress = eased(age / kFlightSeconds);
    flight->is_selected = (flight->batch && is_selected(scene, *flight->batch)) ||
                          (flight->record && is_selected(scene, *flight->record));
    flights.push_back(std::move(*flight));
  }
  std::reverse(flights.begin(), flights.end());
  if (flights.size() > kCrowd) std::erase_if(flights, is_about_memory);
  return flights;
}

}  // namespace linger::viz
