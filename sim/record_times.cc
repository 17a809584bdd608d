#include "sim/record_times.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/client_error.h"
#include "sim/event_text.h"
#include "sim/readable.h"

namespace linger::sim {

namespace {

using core::BatchId;
using core::ReadinessVerdict;
using core::RecordId;

// In which batches the record has been, the last one first: a batch that is split gives its records
// to others.
std::vector<BatchId> batches_of(const RecordEntry& entry, const std::vector<TraceEvent>& trace) {
  std::vector<BatchId> chain;
  if (!entry.batch) return chain;
  chain.push_back(*entry.batch);
  for (auto event = trace.rbegin(); event != trace.rend(); ++event) {
    const auto* split = event->as<core::BatchSplit>();
    if (split == nullptr || event->producer != entry.producer) continue;
    const bool made_it =
        std::find(split->into.begin(), split->into.end(), chain.back()) != split->into.end();
    if (made_it) chain.push_back(split->batch);
  }
  return chain;
}

// The batch that holds the record now, if one does: the ledger knows the one it was appended to.
std::optional<BatchId> current_batch(const World& world, const RecordEntry& entry,
                                     RecordId record) {
  std::optional<BatchId> found = entry.batch;
  if (entry.status != RecordStatus::Pending) return found;
  const auto& batches = world.processes[static_cast<std::size_t>(entry.producer.value())]
                            .producer.accumulator()
                            .batches;
  batches.for_each([&](const core::ProducerBatch& batch) {
    const bool holds_it =
        std::any_of(batch.records.begin(), batch.records.end(),
                    [&](const core::AppendedRecord& held) { return held.id == record; });
    if (holds_it && !batch.is_done()) found = batch.id;
  });
  return found;
}

// Reads a producer's trace as the story of one record.
class Story {
 public:
  Story(RecordId record, std::vector<BatchId> batches)
      : record_{record}, batches_{std::move(batches)} {}

  void tell(const TraceEvent& event) {
    at_ = event.at;
    visit_event(event, [this](const auto& what) { on(what); });
  }
  // The story goes on beyond what is known.
  void stop(Instant at) {
    at_ = std::max(at_, at);
    if (has_begun_ && !is_over_) close_span();
  }

  std::vector<RecordSpan> take_spans() { return std::move(spans_); }
  bool has_begun() const { return has_begun_; }
  bool is_over() const { return is_over_; }
  std::optional<Duration> own_callbacks() const { return own_callbacks_; }

 private:
  void on(const core::SendCalled& sent) {
    if (sent.record != record_) return;
    has_begun_ = true;
    go_to(RecordStage::Sending, "send() is called");
  }
  void on(const core::CallBlocked& blocked) {
    if (!is_ours(blocked.record) || batch_) return;
    if (blocked.on == core::BlockedOn::Metadata) {
      go_to(RecordStage::Metadata, "send() waits for metadata");
    } else if (blocked.on == core::BlockedOn::Memory) {
      go_to(RecordStage::Memory, "send() waits for memory");
    }
  }
  void on(const core::CallResumed& resumed) {
    if (is_ours(resumed.record) && !batch_) go_to(RecordStage::Sending, "send() goes on");
  }
  void on(const core::UserCallStarted& started) {
    if (!is_ours(started.record)) return;
    if (is_over_) {
      callback_began_ = at_;
    } else if (!batch_) {
      go_to(RecordStage::UserCode, fmt::format("user code: {}", word(started.kind)));
    }
  }
  void on(const core::UserCallEnded& ended) {
    if (!is_ours(ended.record)) return;
    if (callback_began_) {
      own_callbacks_ = own_callbacks_.value_or(Duration{}) + (at_ - *callback_began_);
      callback_began_.reset();
    } else if (!is_over_ && !batch_) {
      go_to(RecordStage::Sending, "send() goes on");
    }
  }
  void on(const core::RecordAppended& appended) {
    if (appended.record != record_) return;
    partition_ = appended.partition;
    enter(appended.batch, appended.new_batch ? "opened for it" : "joined");
  }
  void on(const core::SendFailed& failed) {
    if (failed.record == record_ && !batch_) end();
  }
  void on(const core::RecordCompleted& completed) {
    if (completed.record == record_) end();
  }

  void on(const core::ReadinessDecision& decision) {
    if (!waits_in_deque_ || decision.partition != partition_) return;
    const std::string batch = fmt::format("in batch {}: ", batch_->value());
    if (decision.batch != batch_) {
      go_to(stage_, batch + "another batch of its partition goes first");
    } else if (decision.backing_off) {
      go_to(RecordStage::Backoff, batch + "backing off");
    } else {
      go_to(RecordStage::InBatch, batch + std::string{waits_for(decision.verdict)});
    }
  }
  static std::string_view waits_for(ReadinessVerdict verdict) {
    switch (verdict) {
      case ReadinessVerdict::NoLeader:
        return "no leader is known";
      case ReadinessVerdict::Muted:
        return "the partition is muted";
      case ReadinessVerdict::Waiting:
        return "lingers";
      case ReadinessVerdict::Ready:
      case ReadinessVerdict::NodeAlreadyReady:
        return "ready, waits for its broker";
      case ReadinessVerdict::BackingOff:
      case ReadinessVerdict::EmptyDeque:
        break;
    }
    return "waits";
  }

  void on(const core::BatchDrained& drained) {
    if (!is_ours(drained.batch)) return;
    waits_in_deque_ = false;
    go_to(RecordStage::Held, "drained, the sender is held before the request");
  }
  void on(const core::RequestSent& sent) {
    if (!batch_ ||
        std::find(sent.batches.begin(), sent.batches.end(), *batch_) == sent.batches.end()) {
      return;
    }
    correlation_ = sent.correlation;
    go_to(RecordStage::InFlight, fmt::format("attempt {}: request {} to broker {}", ++attempts_,
                                             sent.correlation.value(), sent.node.value()));
  }
  void on(const core::RequestCompleted& completed) {
    if (correlation_ != completed.correlation) return;
    correlation_.reset();
    const std::string outcome = completed.outcome == core::RequestOutcome::Ok
                                    ? "answered"
                                    : std::string{word(completed.outcome)};
    go_to(RecordStage::Held, outcome + ", callbacks before its own run");
  }
  void on(const core::BatchRetried& retried) {
    if (!is_ours(retried.batch)) return;
    waits_in_deque_ = true;
    go_to(RecordStage::Backoff, fmt::format("in batch {}: back in the deque after {}",
                                            retried.batch.value(), word(retried.error)));
  }
  void on(const core::BatchSplit& split) {
    if (!is_ours(split.batch)) return;
    for (const BatchId part : split.into) {
      if (std::find(batches_.begin(), batches_.end(), part) == batches_.end()) continue;
      enter(part, fmt::format("split off batch {}", split.batch.value()));
    }
  }
  void on(const core::BatchExpired& expired) {
    if (!is_ours(expired.batch)) return;
    waits_in_deque_ = false;
    go_to(RecordStage::Held, "expired, callbacks before its own run");
  }
  template <class Other>
  void on(const Other&) {}

  bool is_ours(std::optional<RecordId> record) const { return has_begun_ && record == record_; }
  bool is_ours(BatchId batch) const { return batch_ == batch && !is_over_; }

  void enter(BatchId batch, const std::string& how) {
    batch_ = batch;
    waits_in_deque_ = true;
    go_to(RecordStage::InBatch, fmt::format("in batch {}: {}", batch.value(), how));
  }
  void end() {
    close_span();
    is_over_ = true;
    waits_in_deque_ = false;
  }
  void go_to(RecordStage stage, std::string what) {
    if (is_over_ || (stage == stage_ && what == what_)) return;
    close_span();
    stage_ = stage;
    what_ = std::move(what);
  }
  // A stage that took no time is no part of where the time went.
  void close_span() {
    if (!what_.empty() && at_ > since_) spans_.push_back({stage_, since_, at_ - since_, what_});
    since_ = at_;
  }

  RecordId record_;
  std::vector<BatchId> batches_;
  bool has_begun_ = false;
  bool is_over_ = false;
  bool waits_in_deque_ = false;
  std::optional<BatchId> batch_;  // that holds it now
  TopicPartition partition_;
  std::optional<core::CorrelationId> correlation_;
  std::int32_t attempts_ = 0;
  std::optional<Instant> callback_began_;
  std::optional<Duration> own_callbacks_;

  Instant at_{};
  Instant since_{};
  RecordStage stage_ = RecordStage::Sending;
  std::string what_;
  std::vector<RecordSpan> spans_;
};

std::string fate(const RecordTimes& times) {
  const RecordEntry& entry = times.entry;
  switch (entry.status) {
    case RecordStatus::Sending:
      return "still in send()";
    case RecordStatus::Pending:
      return "still on its way";
    case RecordStatus::Acknowledged:
      return entry.offset < 0 ? "acknowledged, without an offset"
                              : fmt::format("acknowledged at offset {}", entry.offset);
    case RecordStatus::Failed:
      return "failed: " + core::text(*entry.error);
    case RecordStatus::Refused:
      return "refused: " + core::text(*entry.error);
  }
  return "";
}

}  // namespace

std::string_view name(RecordStage stage) {
  switch (stage) {
    case RecordStage::Sending:
      return "send()";
    case RecordStage::UserCode:
      return "user code";
    case RecordStage::Metadata:
      return "metadata";
    case RecordStage::Memory:
      return "memory";
    case RecordStage::InBatch:
      return "in batch";
    case RecordStage::Backoff:
      return "backoff";
    case RecordStage::Held:
      return "callbacks";
    case RecordStage::InFlight:
      return "in flight";
  }
  return "";
}

Duration RecordTimes::total() const {
  Duration total{};
  for (const RecordSpan& span : spans) total += span.lasted;
  return total;
}

std::optional<RecordTimes> times_of(const std::shared_ptr<const Scenario>& scenario,
                                    RecordId record, std::optional<Instant> at) {
  World world{scenario};
  TraceSink trace;
  for (auto due = next_due(world); due && (!at || *due <= *at); due = next_due(world)) {
    step(world, trace);
  }
  const auto index = static_cast<std::size_t>(record.value());
  if (record.value() < 0 || index >= world.records.size()) return std::nullopt;

  RecordTimes times;
  times.record = record;
  times.entry = world.records[index];
  times.entry.batch = current_batch(world, times.entry, record);
  times.producer = scenario->producers[static_cast<std::size_t>(times.entry.producer.value())].name;
  const std::int32_t thread = times.entry.thread.value();
  times.thread = thread < 0 ? "the sender's own thread"
                            : "thread " + scenario->threads[static_cast<std::size_t>(thread)].name;
  const std::vector<TraceEvent> events = trace.take();
  Story story{record, batches_of(times.entry, events)};
  for (const TraceEvent& event : events) {
    if (event.producer == times.entry.producer) story.tell(event);
  }
  story.stop(at && !world.ended ? *at : world.now);
  times.spans = story.take_spans();
  times.is_complete = story.is_over();
  times.own_callbacks = story.own_callbacks();
  return times;
}

std::string text(const RecordTimes& times, const core::TopicNames& topics) {
  const TopicPartition partition = times.entry.partition;
  const std::string where =
      partition.partition < 0 ? topics.name(partition.topic) : topics.text(partition);
  std::string text = fmt::format(
      "record {} to {}, sent by {} of {} at {}: {}\n\n", times.record.value(), where, times.thread,
      times.producer, readable_duration(times.entry.sent_at.time_since_epoch()), fate(times));
  TextTable rows{{TextTable::Align::Right, TextTable::Align::Right}};
  rows.add({"at", "for", "stage", ""});
  std::map<RecordStage, Duration> sums;
  for (const RecordSpan& span : times.spans) {
    rows.add({readable_duration(span.from.time_since_epoch()), readable_duration(span.lasted),
              std::string{name(span.stage)}, span.what});
    sums[span.stage] += span.lasted;
  }
  text += rows.text("  ");
  TextTable totals{{TextTable::Align::Left, TextTable::Align::Right}};
  for (const auto& [stage, lasted] : sums) {
    totals.add({std::string{name(stage)}, readable_duration(lasted)});
  }
  totals.add({times.is_complete ? "total" : "until now", readable_duration(times.total())});
  text += "\n" + totals.text("  ");
  if (times.own_callbacks) {
    text += fmt::format("\nafter that its own callbacks ran for {}\n",
                        readable_duration(*times.own_callbacks));
  }
  return text;
}

}  // namespace linger::sim
