#include "viz/inspector_view.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/record_batch.h"
#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// What happened to the batch until the cursor, in order.
std::vector<const sim::TraceEvent*> past_of(const Scene& scene, BatchRef ref) {
  std::vector<const sim::TraceEvent*> events;
  for (const std::size_t position : scene.index.events_of(ref)) {
    if (position >= scene.position()) break;
    events.push_back(&scene.timeline.trace()[position]);
  }
  return events;
}

// --- Why it happened ---

class Reasons {
 public:
  Reasons(const Scene& scene, BatchRef ref)
      : config_{process_of(scene, ref.producer).producer.config()} {}

  // Of the next event. Call it for each, in order.
  std::string operator()(const sim::TraceEvent& event) {
    if (const auto* decision = event.as<core::ReadinessDecision>()) last_ = *decision;
    return sim::visit_event(event, [this](const auto& what) { return why(what); });
  }

 private:
  std::string why(const core::BatchOpened&) const {
    return tr("no batch in the deque had room for the record");
  }
  std::string why(const core::BatchClosedForAppends& closed) const {
    return tr("{} does not fit: {} of {} (batch.size)", record_label(closed.refused),
              bytes_text(closed.batch_size + closed.next_size), bytes_text(closed.write_limit));
  }
  std::string why(const core::ReadinessDecision& decision) const {
    switch (decision.verdict) {
      case core::ReadinessVerdict::Waiting:
        return tr("neither full nor linger.ms over");
      case core::ReadinessVerdict::BackingOff:
        return "retry.backoff.ms";
      case core::ReadinessVerdict::Muted:
        return "max.in.flight.requests.per.connection = 1";
      case core::ReadinessVerdict::NodeAlreadyReady:
        return tr("the whole node is drained");
      default:
        return "";
    }
  }
  std::string why(const core::BatchDrained&) const {
    if (!last_) return "";
    if (last_->verdict == core::ReadinessVerdict::NodeAlreadyReady) return tr("its node was ready");
    std::string terms;
    const std::pair<bool, std::string_view> all[] = {
        {last_->full, tr("full")},
        {last_->expired, tr("expired: linger.ms or backoff over")},
        {last_->exhausted, tr("exhausted: a thread waits for memory")},
        {last_->closed, tr("closing")},
        {last_->flushing, tr("flushing")},
        {last_->completing, tr("completing a transaction")}};
    for (const auto& [holds, name] : all) {
      if (holds) terms += terms.empty() ? std::string{name} : tr(", {}", name);
    }
    return terms;
  }
  std::string why(const core::RetryDecision& decision) const {
    if (decision.split) return tr("too large, and of more than one record: split instead");
    if (decision.already_done) return tr("it was completed while in flight");
    if (decision.delivery_timeout_passed) return tr("delivery.timeout.ms has passed");
    if (!decision.retriable) return tr("the error is not retriable");
    if (!decision.attempts_left) return tr("no retries are left");
    return tr("retriable, and retries are left");
  }
  std::string why(const core::BatchRetried& retried) const {
    return tr("{}, sending {} failed", core::name(retried.error), retried.attempts);
  }
  std::string why(const core::BatchExpired&) const {
    return "delivery.timeout.ms = " + std::to_string(config_.delivery_timeout.count());
  }
  std::string why(const core::BatchCompleted& completed) const {
    return completed.error ? core::text(*completed.error) : "";
  }
  std::string why(const core::BatchSplit&) const { return "MESSAGE_TOO_LARGE (KIP-126)"; }
  std::string why(const core::LateAnswerIgnored&) const {
    return tr("its fate was told before, and stays");
  }
  std::string why(const core::MemoryReleased& released) const {
    return released.pooled ? tr("of batch.size: kept for the next batch") : tr("not of batch.size");
  }
  template <class Other>
  std::string why(const Other&) const {
    return "";
  }

  const core::ProducerConfig& config_;
  std::optional<core::ReadinessDecision> last_;
};

// --- The rows ---

// Many of a kind in a row are told by the first and a count.
constexpr std::size_t kToldOneByOne = 3;

bool comes_in_crowds(const sim::TraceEvent& event) {
  return event.as<core::RecordAppended>() != nullptr ||
         event.as<core::RecordCompleted>() != nullptr;
}

bool are_alike(const sim::TraceEvent& a, const sim::TraceEvent& b) {
  return a.what.index() == b.what.index() &&
         std::visit([](const auto& one) { return one.index(); }, a.what) ==
             std::visit([](const auto& one) { return one.index(); }, b.what);
}

bool is_decision(const sim::TraceEvent& event) {
  return sim::visit_event(
      event, []<class Event>(const Event&) { return Event::kStream == core::Stream::Decisions; });
}

LifeRow life_row(const Scene& scene, const sim::TraceEvent& event, std::string why) {
  LifeRow row;
  row.at = event.at;
  row.step = event.step;
  row.time = sim::instant_text(event.at);
  row.what = tr_said(sim::describe(event, scene.names).sentence);
  row.why = std::move(why);
  row.stream = sim::visit_event(
      event, []<class Event>(const Event&) -> core::Stream { return Event::kStream; });
  row.is_decision = is_decision(event);
  row.is_at_cursor = event.step + 1 == scene.timeline.cursor();
  return row;
}

std::vector<LifeRow> life(const Scene& scene, BatchRef ref,
                          const std::vector<const sim::TraceEvent*>& events) {
  std::vector<LifeRow> rows;
  Reasons reasons{scene, ref};
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::size_t end = i + 1;
    while (comes_in_crowds(*events[i]) && end < events.size() &&
           are_alike(*events[i], *events[end])) {
      ++end;
    }
    rows.push_back(life_row(scene, *events[i], reasons(*events[i])));
    if (end - i <= kToldOneByOne) continue;
    LifeRow rest = life_row(scene, *events[end - 1], "");
    rest.what = tr("… and so {}, the last: {}",
                   count_text(static_cast<std::int64_t>(end - i - 1), "more record"), rest.what);
    rows.push_back(std::move(rest));
    i = end - 1;
  }
  return rows;
}

// --- The phases ---

std::vector<PhaseSpan> phases(const Scene& scene, BatchRef ref) {
  std::vector<PhaseSpan> spans;
  const sim::BatchLife* life = scene.index.lives().find(ref.producer, ref.batch);
  if (life == nullptr) return spans;
  for (const sim::BatchLife::Stage& stage : life->stages) {
    if (stage.position >= scene.position()) break;
    if (!spans.empty()) spans.back().to = stage.from;
    const bool is_over = stage.phase == sim::BatchPhase::Done;
    spans.push_back({stage.phase, stage.from, is_over ? stage.from : scene.at, 0, 1, ""});
  }
  if (spans.empty()) return spans;
  const core::Instant began = spans.front().from;
  const auto whole =
      static_cast<float>(std::max<std::int64_t>((spans.back().to - began).count(), 1));
  for (PhaseSpan& span : spans) {
    span.begin = static_cast<float>((span.from - began).count()) / whole;
    span.end = static_cast<float>((span.to - began).count()) / whole;
    span.text = tr(sim::word(span.phase));
    if (span.phase != sim::BatchPhase::Done) span.text += " " + duration_text(span.to - span.from);
  }
  return spans;
}

// --- Its records ---

InspectedRecord inspected(const Scene& scene, core::RecordId record) {
  const sim::RecordEntry& entry = entry_of(scene, record);
  InspectedRecord row;
  row.record = record;
  row.label = record_label(record);
  row.thread = thread_name(scene.names, entry.thread);
  row.status = word(entry.status);
  row.offset = entry.offset;
  row.timestamp = entry.timestamp;
  if (entry.error) row.error = core::name(entry.error->exception);
  row.is_selected = is_selected(scene, record);
  return row;
}

std::vector<InspectedRecord> records_of(const Scene& scene, BatchRef ref,
                                        const std::vector<const sim::TraceEvent*>& events) {
  std::map<core::RecordId, std::string> sizes;
  std::vector<core::RecordId> ids;
  if (const core::ProducerBatch* batch = find_batch(scene, ref)) {
    for (const core::AppendedRecord& appended : batch->records) ids.push_back(appended.id);
  }
  const bool is_alive = !ids.empty();
  for (const sim::TraceEvent* event : events) {
    if (const auto* appended = event->as<core::RecordAppended>()) {
      sizes[appended->record] = bytes_text(appended->bytes);
      if (!is_alive) ids.push_back(appended->record);
    } else if (const auto* completed = event->as<core::RecordCompleted>()) {
      // Those of a part of a split batch were appended elsewhere.
      if (!is_alive && !sizes.contains(completed->record)) ids.push_back(completed->record);
    }
  }
  std::vector<InspectedRecord> rows;
  for (const core::RecordId id : ids) {
    rows.push_back(inspected(scene, id));
    const auto size = sizes.find(id);
    if (size != sizes.end()) rows.back().size = size->second;
  }
  return rows;
}

// --- Its bytes ---

std::string attributes_text(const core::RecordBatchHeader& header) {
  constexpr const char* kCodecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
  const int codec = header.compression_codec();
  std::string text = codec < 5 ? tr(kCodecs[codec]) : tr("unknown codec");
  text += header.is_log_append_time() ? tr(", log append time") : tr(", create time");
  if (header.is_transactional()) text += tr(", transactional");
  if (header.is_control()) text += tr(", control");
  return text;
}

std::string hex_text(std::uint32_t number) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(number >> shift) & 0xF];
  return text;
}

std::vector<HeaderField> fields(const core::RecordBatchHeader& header) {
  const core::ProducerIdAndEpoch producer = header.producer_id_and_epoch;
  return {{"base offset", std::to_string(header.base_offset), 0, 8},
          {"batch length", std::to_string(header.batch_length), 8, 4},
          {"partition leader epoch", std::to_string(header.partition_leader_epoch), 12, 4},
          {"magic", "2", 16, 1},
          {"CRC-32C", hex_text(header.crc), 17, 4},
          {"attributes", attributes_text(header), 21, 2},
          {"last offset delta", std::to_string(header.last_offset_delta), 23, 4},
          {"base timestamp", std::to_string(header.base_timestamp), 27, 8},
          {"max timestamp", std::to_string(header.max_timestamp), 35, 8},
          {"producer id", std::to_string(producer.producer_id), 43, 8},
          {"producer epoch", std::to_string(producer.epoch), 51, 2},
          {"base sequence", std::to_string(header.base_sequence), 53, 4},
          {"record count", std::to_string(header.record_count), 57, 4}};
}

void read_header(const Scene& scene, BatchRef ref, BatchInspectorView& view) {
  const core::ProducerBatch* batch = find_batch(scene, ref);
  if (batch != nullptr && batch->builder.is_built() && !view.is_done) {
    const auto& buffers = accumulator_of(scene, ref.producer).buffers;
    const auto header = core::decode_batch_header(buffers.bytes(batch->builder.buffer()));
    if (header.ok()) view.header = fields(header.value());
    view.header_from = tr("its buffer");
    if (batch->builder.format().magic != core::Magic::V2) {
      view.header_from = tr("a message set has no header of its own");
    }
    return;
  }
  const sim::BatchEntry& entry = entry_of(scene, ref);
  const sim::Partition* partition = scene.world().servers.cluster().find(entry.partition);
  if (entry.base_offset >= 0 && partition != nullptr) {
    const std::size_t at = partition->log.find_batch(entry.base_offset);
    if (at < partition->log.batch_count()) {
      const core::RecordBatchHeader& header = partition->log.batch(at).header;
      if (header.magic == core::Magic::V2) view.header = fields(header);
      view.header_from = tr("the log of {}", scene.names.topics.text(entry.partition));
      return;
    }
  }
  view.header_from = view.is_done ? tr("its memory went back to the pool")
                                  : tr("the header is written when the batch is drained");
}

// --- Its state ---

void tell_outcome(const sim::BatchEntry& entry, BatchInspectorView& view) {
  const bool is_success = entry.outcome == core::BatchState::Succeeded;
  view.look = is_success ? BatchLook::Acknowledged : BatchLook::Failed;
  view.state = entry.was_split ? tr("split") : tr(sim::word(entry.outcome));
  if (entry.error) view.error = core::text(*entry.error);
}

std::string subtitle(const sim::BatchEntry& entry, const std::optional<BatchBox>& box) {
  const std::int32_t records = box ? box->records : entry.records;
  const core::Bytes size = box ? box->size : entry.bytes;
  const core::Bytes capacity = box ? box->capacity : entry.capacity;
  std::string text = tr("{}, {}", count_text(records, "record"), bytes_text(size));
  if (capacity > core::Bytes{0}) text += tr(" of {}", bytes_text(capacity));
  if (entry.attempts > 0) text += tr(", {}", count_text(entry.attempts, "failed sending"));
  if (entry.is_split) text += tr(", part of a split batch");
  return text;
}

}  // namespace

std::optional<BatchInspectorView> batch_inspector_view(const Scene& scene) {
  const auto ref = selected_batch(scene);
  if (!ref) return std::nullopt;
  const sim::BatchEntry& entry = entry_of(scene, *ref);
  BatchInspectorView view;
  view.ref = *ref;
  view.title = tr("batch {} of {}", ref->batch.value(), scene.names.topics.text(entry.partition));
  view.is_done = entry.status == sim::BatchStatus::Done;
  if (find_batch(scene, *ref) != nullptr) {
    view.box = batch_box(scene, *ref);
    view.look = view.box->look;
    view.state = view.box->state;
  }
  if (view.is_done) tell_outcome(entry, view);
  view.subtitle = subtitle(entry, view.box);
  const std::vector<const sim::TraceEvent*> events = past_of(scene, *ref);
  view.phases = phases(scene, *ref);
  view.life = life(scene, *ref, events);
  view.records = records_of(scene, *ref, events);
  read_header(scene, *ref, view);
  return view;
}

}  // namespace linger::viz
