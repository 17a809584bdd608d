#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

std::string because(const std::string& why) {
  return why.empty() ? "" : ": " + why;
}

std::string_view way(Direction direction) {
  return direction == Direction::ToBroker ? "to the broker" : "to the client";
}

}  // namespace

// --- The network client ---

EventText words(const core::ConnectionChanged& event, const TraceNames&) {
  return {broker_words(event.node),
          fmt::format("connection {}{}", word(event.state), because(event.why))};
}

EventText words(const core::RequestSent& event, const TraceNames&) {
  const std::string batches =
      event.batches.empty() ? "" : fmt::format(" with {}", batch_words(event.batches));
  return {
      broker_words(event.node),
      fmt::format("{} v{} request {} sent{}: {}, {} in flight", word(event.api), event.version,
                  event.correlation.value(), batches, bytes_words(event.bytes), event.in_flight)};
}

EventText words(const core::RequestWritten& event, const TraceNames&) {
  return {broker_words(event.node),
          fmt::format("request {} written to the socket", event.correlation.value())};
}

EventText words(const core::RequestCompleted& event, const TraceNames&) {
  return {broker_words(event.node),
          fmt::format("{} request {} over: {} after {}, {} in flight", word(event.api),
                      event.correlation.value(), word(event.outcome), time_words(event.latency),
                      event.in_flight)};
}

EventText words(const core::BytesMoved& event, const TraceNames&) {
  return {broker_words(event.node),
          fmt::format("{} {}", bytes_words(event.bytes), event.written ? "written" : "read")};
}

EventText words(const core::MetadataUpdateRequested& event, const TraceNames&) {
  return {"metadata", fmt::format("update requested{}", because(event.why))};
}

EventText words(const core::MetadataUpdated& event, const TraceNames&) {
  if (event.failed) return {"metadata", "update failed"};
  return {"metadata",
          fmt::format("version {}{}", event.version, event.partial ? ", of new topics alone" : "")};
}

EventText words(const core::LeaderLearned& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("led by {}{}{}, as the producer learns", broker_words(event.leader),
                      event.epoch < 0 ? "" : fmt::format(" since epoch {}", event.epoch),
                      event.from_hint ? " by a produce response" : "")};
}

EventText words(const core::NodeThrottled& event, const TraceNames&) {
  return {broker_words(event.node), fmt::format("throttles us for {}", time_words(event.throttle))};
}

// --- Wires ---

EventText words(const ConnectionOpened& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("connection {} opened by {}", event.connection.value(),
                      event.node == event.broker ? "the producer"
                                                 : fmt::format("the producer, which calls it {}",
                                                               broker_words(event.node)))};
}

EventText words(const ConnectionRefused& event, const TraceNames&) {
  return {broker_words(event.node), fmt::format("connection refused{}", because(event.why))};
}

EventText words(const ConnectionClosed& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("connection {} closed by the {}{}", event.connection.value(), word(event.by),
                      because(event.why))};
}

EventText words(const SegmentSent& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("{} leave {}, due at {}", bytes_words(event.bytes), way(event.direction),
                      instant_text(event.arrives))};
}

EventText words(const SegmentArrived& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("{} arrive, {}", bytes_words(event.bytes), way(event.direction))};
}

EventText words(const SegmentLost& event, const TraceNames&) {
  return {broker_words(event.broker), fmt::format("{} do not get through, {}; what is behind waits",
                                                  bytes_words(event.bytes), way(event.direction))};
}

// --- Brokers ---

EventText words(const RequestReceived& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("received {} v{} request {}: {}", word(event.api), event.version,
                      event.correlation.value(), bytes_words(event.bytes))};
}

EventText words(const BatchWritten& event, const TraceNames& names) {
  const std::string records = count_words(event.records, "record");
  std::string what;
  switch (event.outcome) {
    case AppendOutcome::Appended:
      what = fmt::format("appended {} at offset {}", records, event.base_offset);
      break;
    case AppendOutcome::Duplicate:
      what = fmt::format("knows these {} already: a duplicate, not appended", records);
      break;
    case AppendOutcome::Refused:
      what = fmt::format("refused {}", records);
      break;
  }
  const std::string answer =
      event.error == core::ErrorCode::None ? "" : fmt::format(", answers {}", word(event.error));
  return {partition_words(event.partition, names),
          fmt::format("{} {}{}", broker_words(event.broker), what, answer)};
}

EventText words(const ResponseSent& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("answers {} request {}: {}{}", word(event.api), event.correlation.value(),
                      bytes_words(event.bytes), event.lost ? ", and the answer is lost" : "")};
}

EventText words(const ClientThrottled& event, const TraceNames&) {
  return {broker_words(event.broker),
          fmt::format("holds connection {} back for {} ms: its client is over its quota",
                      event.connection.value(), event.throttle.count())};
}

EventText words(const LeaderChanged& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("{} leads it from epoch {}",
                      event.leader ? broker_words(*event.leader) : "nobody", event.epoch)};
}

EventText words(const BrokerStateChanged& event, const TraceNames&) {
  return {broker_words(event.broker), fmt::format("is {}", word(event.state))};
}

}  // namespace linger::sim
