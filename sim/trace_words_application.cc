#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

std::string record_words(const std::optional<core::RecordId>& record) {
  return record ? fmt::format("record {}", record->value()) : "no record";
}

std::string_view call_words(core::UserCallKind kind) {
  switch (kind) {
    case core::UserCallKind::OnSend:
      return "interceptor's onSend";
    case core::UserCallKind::SerializeKey:
      return "key serializer";
    case core::UserCallKind::SerializeValue:
      return "value serializer";
    case core::UserCallKind::Partition:
      return "partitioner";
    case core::UserCallKind::OnAcknowledgement:
      return "interceptor's onAcknowledgement";
    case core::UserCallKind::Callback:
      return "callback";
  }
  return "";
}

std::string_view waits_for(core::BlockedOn on) {
  switch (on) {
    case core::BlockedOn::Metadata:
      return "for metadata";
    case core::BlockedOn::Memory:
      return "for memory";
    case core::BlockedOn::Flush:
      return "for the flush";
    case core::BlockedOn::Future:
      return "for the record's fate";
    case core::BlockedOn::SenderExit:
      return "for the sender to stop";
    case core::BlockedOn::UserCode:
      return "for user code";
    case core::BlockedOn::EndlessLoop:
      return "in a loop without end";
    case core::BlockedOn::Transaction:
      return "for the transaction coordinator";
  }
  return "";
}

std::string sizes(const core::SendCalled& event) {
  std::string text;
  if (event.partition) text += fmt::format(", partition {}", *event.partition);
  if (event.key_size) text += fmt::format(", key {}", bytes_words(*event.key_size));
  if (event.value_size) text += fmt::format(", value {}", bytes_words(*event.value_size));
  return text;
}

}  // namespace

EventText words(const core::SendCalled& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          fmt::format("send() of record {} to {}{}", event.record.value(),
                      names.topics.name(event.topic), sizes(event))};
}

EventText words(const core::PartitionChosen& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("chosen for record {}: {}", event.record.value(), word(event.by))};
}

EventText words(const core::SendReturned& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          fmt::format("send() of record {} returned", event.record.value())};
}

EventText words(const core::SendFailed& event, const TraceNames& names) {
  const bool threw = event.delivery == core::Delivery::Thrown;
  return {thread_words(event.thread, names),
          fmt::format("send() of record {} {}: {}", event.record.value(),
                      threw ? "threw" : "returned a failed future", core::text(event.error))};
}

EventText words(const core::CallBlocked& event, const TraceNames& names) {
  const std::string limit = event.at_most == core::kForever
                                ? "without limit"
                                : fmt::format("at most {}", time_words(event.at_most));
  return {thread_words(event.thread, names),
          fmt::format("waits {}, {}", waits_for(event.on), limit)};
}

EventText words(const core::CallResumed& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          fmt::format("waits no longer {}", waits_for(event.on))};
}

EventText words(const core::UserCallStarted& event, const TraceNames&) {
  return {"user code",
          fmt::format("{} called, {}", call_words(event.kind), record_words(event.record))};
}

EventText words(const core::UserCallEnded& event, const TraceNames&) {
  const std::string how = event.threw ? fmt::format("threw {}", *event.threw) : "returned";
  return {"user code",
          fmt::format("{} {}, {}", call_words(event.kind), how, record_words(event.record))};
}

EventText words(const core::FlushStarted& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          fmt::format("flush(): {} to wait for", count_words(event.incomplete_batches, "batch"))};
}

EventText words(const core::FlushEnded& event, const TraceNames& names) {
  return {thread_words(event.thread, names), "flush() returned"};
}

EventText words(const core::CloseStarted& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          fmt::format("close(), timeout {}",
                      event.timeout == core::kForever ? "none" : time_words(event.timeout))};
}

EventText words(const core::CloseEnded& event, const TraceNames& names) {
  return {thread_words(event.thread, names),
          event.forced ? "close() returned: what was left is aborted" : "close() returned"};
}

EventText words(const core::RecordCompleted& event, const TraceNames& names) {
  const std::string subject = partition_words(event.partition, names);
  if (event.error) {
    return {subject,
            fmt::format("record {} failed: {}", event.record.value(), core::text(*event.error))};
  }
  if (event.offset < 0) {
    return {subject, fmt::format("record {} acknowledged, offset unknown", event.record.value())};
  }
  return {subject,
          fmt::format("record {} acknowledged at offset {}", event.record.value(), event.offset)};
}

// --- The run ---

EventText words(const FaultApplied& event, const TraceNames&) {
  return {"fault", event.text};
}

EventText words(const ThreadEnded& event, const TraceNames& names) {
  return {thread_words(event.thread, names), "thread ended"};
}

EventText words(const SenderSpun& event, const TraceNames&) {
  return {"sender", fmt::format("spins: {} without anything to do, 1 ms passes",
                                count_words(event.empty_passes, "pass"))};
}

EventText words(const NarrationReached& event, const TraceNames& names) {
  const auto index = static_cast<std::size_t>(event.index);
  if (event.index < 0 || index >= names.narration.size()) {
    return {"narration", fmt::format("number {}", event.index)};
  }
  return {"narration", names.narration[index]};
}

EventText words(const RunEnded& event, const TraceNames&) {
  return {"", fmt::format("the run is over: {}", event.why)};
}

}  // namespace linger::sim
