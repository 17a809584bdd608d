#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

constexpr std::string_view kSubject = "transaction";

std::string because(const std::optional<core::ClientError>& error) {
  return error ? fmt::format(": {}", core::text(*error)) : "";
}

std::string identity_words(const core::ProducerIdAndEpoch& producer) {
  return fmt::format("producer id {} epoch {}", producer.producer_id, producer.epoch);
}

// What the request says beside who asks.
std::string contents(const core::TransactionRequestSent::Contents& event) {
  if (event.looks_for) {
    return fmt::format(": who coordinates {} '{}'?", word(*event.looks_for), event.key);
  }
  std::string text;
  if (event.committed) text += *event.committed ? ": commit" : ": abort";
  if (!event.group.empty()) text += fmt::format(": group '{}'", event.group);
  if (!event.partitions.empty()) text += fmt::format(": {}", event.partitions);
  if (event.producer && event.producer->is_valid()) {
    text += fmt::format(", {}", identity_words(*event.producer));
  }
  return text;
}

}  // namespace

EventText words(const core::TransactionStateChanged& event, const TraceNames&) {
  return {std::string{kSubject},
          fmt::format("{} -> {}{}", word(event.from), word(event.to), because(event.error))};
}

EventText words(const core::TransitionRefused& event, const TraceNames&) {
  return {std::string{kSubject}, fmt::format("{} -> {} refused: {}", word(event.from),
                                             word(event.to), core::text(event.error))};
}

EventText words(const core::TransactionalCallStarted& event, const TraceNames& names) {
  return {thread_words(event.thread, names), fmt::format("{}()", word(event.call))};
}

EventText words(const core::TransactionalCallEnded& event, const TraceNames& names) {
  const auto after = [&](std::string_view what) {
    return fmt::format("{}() {} after {}{}", word(event.call), what, time_words(event.took),
                       because(event.error));
  };
  const std::string subject = thread_words(event.thread, names);
  switch (event.outcome) {
    case core::CallOutcome::Ok:
      return {subject, fmt::format("{}() returned", word(event.call))};
    case core::CallOutcome::Done:
      return {subject, after("returned")};
    case core::CallOutcome::Failed:
      return {subject, after("failed")};
    case core::CallOutcome::Threw:
      return {subject, fmt::format("{}() threw{}", word(event.call), because(event.error))};
    case core::CallOutcome::TimedOut:
      return {subject, after("timed out")};
  }
  return {subject, ""};
}

EventText words(const core::TransactionRequestSent& event, const TraceNames&) {
  return {broker_words(event.node),
          fmt::format("{}{}{}", word(event.api), contents(*event.contents),
                      event.is_retry ? ", once more" : "")};
}

EventText words(const core::TransactionRequestAnswered& event, const TraceNames&) {
  const std::string subject = broker_words(event.node);
  if (event.outcome != core::RequestOutcome::Ok) {
    return {subject, fmt::format("{}: {}", word(event.api), word(event.outcome))};
  }
  std::string text =
      event.error == core::ErrorCode::None ? "success" : std::string{word(event.error)};
  if (!event.partitions.empty()) text = event.partitions;
  const bool succeeded = event.error == core::ErrorCode::None;
  if (succeeded && event.coordinator) text = fmt::format("node {}", event.coordinator->value());
  if (succeeded && event.producer) text = identity_words(*event.producer);
  return {subject, fmt::format("{} answered after {}: {}", word(event.api),
                               time_words(event.latency), text)};
}

}  // namespace linger::sim
