#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/run_export.h"
#include "sim/trace_names.h"

namespace linger::sim {

namespace {

constexpr std::string_view kCsvHead =
    "record,producer,thread,partition,batch,sent_us,appended_us,ready_us,drained_us,request_us,"
    "done_us,fate,offset,timestamp,requests,error\n";

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n") == std::string_view::npos) return std::string{text};
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_time(std::optional<Instant> at) {
  return at ? std::to_string(at->time_since_epoch().count()) : "";
}

std::string_view fate_word(RecordStatus status) {
  switch (status) {
    case RecordStatus::Sending:
      return "sending";
    case RecordStatus::Pending:
      return "pending";
    case RecordStatus::Acknowledged:
      return "acknowledged";
    case RecordStatus::Failed:
      return "failed";
    case RecordStatus::Refused:
      return "refused";
  }
  return "";
}

// What the trace tells of batches, which the ledger does not keep.
struct BatchTimes {
  std::optional<Instant> ready;
  std::optional<Instant> drained;
  std::optional<Instant> requested;
  std::int64_t requests = 0;
};

class BatchTimesReader {
 public:
  explicit BatchTimesReader(std::span<const TraceEvent> trace) {
    for (const TraceEvent& event : trace) {
      if (!event.producer) continue;
      producer_ = *event.producer;
      at_ = event.at;
      visit_event(event, *this);
    }
  }
  const BatchTimes& of(ProducerIndex producer, core::BatchId batch) {
    return times_[{producer, batch}];
  }
  // The batch that the record was put into at first.
  std::optional<core::BatchId> first_batch(core::RecordId record) const {
    const auto found = appended_to_.find(record);
    if (found == appended_to_.end()) return std::nullopt;
    return found->second;
  }

  void operator()(const core::RecordAppended& appended) {
    appended_to_.emplace(appended.record, appended.batch);
  }
  void operator()(const core::ReadinessDecision& decision) {
    const bool is_ready = decision.verdict == core::ReadinessVerdict::Ready ||
                          decision.verdict == core::ReadinessVerdict::NodeAlreadyReady;
    if (is_ready && decision.batch) note_first(own(*decision.batch).ready);
  }
  void operator()(const core::BatchDrained& drained) { note_first(own(drained.batch).drained); }
  void operator()(const core::RequestSent& sent) {
    for (const core::BatchId batch : sent.batches) {
      note_first(own(batch).requested);
      ++own(batch).requests;
    }
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  BatchTimes& own(core::BatchId batch) { return times_[{producer_, batch}]; }
  void note_first(std::optional<Instant>& of) const {
    if (!of) of = at_;
  }

  std::map<std::pair<ProducerIndex, core::BatchId>, BatchTimes> times_;
  std::map<core::RecordId, core::BatchId> appended_to_;
  ProducerIndex producer_;
  Instant at_{};
};

}  // namespace

std::string records_csv(const FinishedRun& run) {
  std::string csv{kCsvHead};
  const TraceNames names = names_of(*run.world.scenario);
  BatchTimesReader batches{run.trace};
  for (std::size_t i = 0; i < run.world.records.size(); ++i) {
    const RecordEntry& entry = run.world.records[i];
    const core::RecordId record{static_cast<std::int64_t>(i)};
    BatchTimes times;
    if (const auto first = batches.first_batch(record)) {
      times = batches.of(entry.producer, *first);
      // Of a batch that was split the parts are sent on their own.
      if (entry.batch && entry.batch != first) {
        times.requests += batches.of(entry.producer, *entry.batch).requests;
      }
    }
    const bool is_done =
        entry.status != RecordStatus::Sending && entry.status != RecordStatus::Pending;
    const bool has_batch = entry.batch.has_value();
    const auto thread = static_cast<std::size_t>(entry.thread.value());
    const std::string partition = entry.partition.partition < 0
                                      ? names.topics.name(entry.partition.topic)
                                      : names.topics.text(entry.partition);
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", i,
                   csv_field(names.producers[static_cast<std::size_t>(entry.producer.value())]),
                   csv_field(entry.thread.value() < 0 ? "sender" : names.threads[thread]),
                   csv_field(partition), has_batch ? std::to_string(entry.batch->value()) : "",
                   csv_time(entry.sent_at), has_batch ? csv_time(entry.appended_at) : "",
                   csv_time(times.ready), csv_time(times.drained), csv_time(times.requested),
                   is_done ? csv_time(entry.completed_at) : "", fate_word(entry.status),
                   entry.offset < 0 ? "" : std::to_string(entry.offset),
                   entry.timestamp < 0 ? "" : std::to_string(entry.timestamp), times.requests,
                   entry.error ? csv_field(word(entry.error->exception)) : "");
  }
  return csv;
}

}  // namespace linger::sim
