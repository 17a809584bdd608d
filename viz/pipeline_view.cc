#include "viz/pipeline_view.h"

#include <algorithm>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

std::string identity_of(const core::KafkaProducer& producer) {
  const core::TransactionManager* transactions = producer.transactions();
  if (transactions == nullptr) return "";
  if (!transactions->has_producer_id()) return tr("no producer id yet");
  return tr("producer id {}, epoch {}", transactions->producer().producer_id,
            transactions->producer().epoch);
}

ProducerPart producer_part(const Scene& scene, std::size_t number) {
  ProducerPart part;
  part.index = core::ProducerIndex{static_cast<std::int32_t>(number)};
  part.name = scene.names.producers[number];
  const sim::ProducerProcess& process = process_of(scene, part.index);
  part.identity = identity_of(process.producer);
  part.threads = thread_boxes(scene, part.index);
  part.sender = sender_box(scene, part.index);
  part.lanes = lanes(scene, part.index);
  part.connections = connection_boxes(scene, part.index);
  part.pool = pool_view(scene, part.index);
  part.is_closed = process.producer.is_closed();
  part.has_exited = process.has_exited;
  return part;
}

CompletionRow completion_row(const Scene& scene, core::RecordId record, core::Instant told_at) {
  const sim::RecordEntry& entry = entry_of(scene, record);
  CompletionRow row;
  row.record = record;
  row.label = record_label(record);
  const bool has_partition = entry.partition.partition >= 0;
  row.partition = has_partition ? scene.names.topics.text(entry.partition)
                                : scene.names.topics.name(entry.partition.topic);
  row.is_acknowledged = entry.status == sim::RecordStatus::Acknowledged;
  row.offset = entry.offset;
  if (entry.error) {
    row.text = core::name(entry.error->exception);
  } else {
    row.text = entry.offset >= 0 ? tr("offset {}", number_text(entry.offset)) : tr("no offset");
  }
  row.latency = duration_text(told_at - entry.sent_at);
  if (entry.batch) row.batch = BatchRef{entry.producer, *entry.batch};
  row.is_selected = is_selected(scene, record) || (row.batch && is_selected(scene, *row.batch));
  row.age = static_cast<float>(std::min(seconds_since(scene, told_at), kFlightSeconds));
  return row;
}

// Where something is about to land, what stands there is drawn faint.
class Arrivals {
 public:
  explicit Arrivals(const std::vector<Flight>& flights) : flights_{flights} {}

  void mark(BatchBox& box, Anchor::Kind place) const {
    for (const Flight& flight : flights_) {
      const bool carries_batch =
          flight.kind == FlightKind::Drain || flight.kind == FlightKind::Retry;
      if (carries_batch && flight.to.kind == place && flight.batch == box.ref) {
        box.is_arriving = true;
      }
    }
  }
  void mark(LogBatch& batch) const {
    for (const Flight& flight : flights_) {
      const bool is_this = flight.batch && flight.batch == batch.batch;
      if (flight.to.kind == Anchor::Kind::Log && is_this) batch.is_arriving = true;
    }
  }

 private:
  const std::vector<Flight>& flights_;
};

void mark_arrivals(PipelineView& view) {
  const Arrivals arrivals{view.flights};
  for (ProducerPart& producer : view.producers) {
    for (Lane& lane : producer.lanes) {
      for (BatchBox& box : lane.batches) arrivals.mark(box, Anchor::Kind::Deque);
    }
    for (ConnectionBox& connection : producer.connections) {
      for (RequestBox& request : connection.in_flight) {
        for (BatchBox& box : request.batches) arrivals.mark(box, Anchor::Kind::InFlight);
      }
    }
  }
  for (BrokerBox& broker : view.brokers) {
    for (LogTail& log : broker.logs) {
      if (!log.batches.empty()) arrivals.mark(log.batches.back());
    }
  }
}

}  // namespace

std::vector<CompletionRow> completion_rows(const Scene& scene, std::size_t at_most) {
  std::vector<CompletionRow> rows;
  const auto told = scene.index.moments_before(MomentKind::RecordFate, scene.position());
  for (auto at = told.rbegin(); at != told.rend() && rows.size() < at_most; ++at) {
    const sim::TraceEvent& event = scene.timeline.trace()[at->position];
    if (const auto* completed = event.as<core::RecordCompleted>()) {
      rows.push_back(completion_row(scene, completed->record, event.at));
    } else if (const auto* failed = event.as<core::SendFailed>()) {
      rows.push_back(completion_row(scene, failed->record, event.at));
    }
  }
  return rows;
}

PipelineView pipeline_view(const Scene& scene, const PipelineLimits& limits) {
  PipelineView view;
  for (std::size_t i = 0; i < scene.world().processes.size(); ++i) {
    view.producers.push_back(producer_part(scene, i));
  }
  view.packets = packets(scene);
  add_brokers(scene, limits.log_batches, view);
  view.completions = completion_rows(scene, limits.completions);
  view.acknowledged = scene.world().counts.acknowledged;
  view.failed = scene.world().counts.failed + scene.world().counts.refused;
  view.flights = flights(scene);
  mark_arrivals(view);
  return view;
}

}  // namespace linger::viz
