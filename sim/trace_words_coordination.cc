#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

std::string producer_words(core::ProducerIdAndEpoch producer) {
  return fmt::format("producer {} epoch {}", producer.producer_id, producer.epoch);
}

}  // namespace

EventText words(const TransactionChanged& event, const TraceNames&) {
  std::string what = fmt::format("{}, {}", word(event.state), producer_words(event.producer));
  if (event.partitions > 0) what += ", " + count_words(event.partitions, "partition");
  if (event.groups > 0) what += ", " + count_words(event.groups, "group");
  return {event.transactional_id, what};
}

EventText words(const MarkerWritten& event, const TraceNames& names) {
  const std::string what = event.error == core::ErrorCode::None
                               ? fmt::format("{} marker of {} at offset {}", word(event.type),
                                             producer_words(event.producer), event.offset)
                               : fmt::format("{} marker of {} refused: {}", word(event.type),
                                             producer_words(event.producer), word(event.error));
  return {partition_words(event.partition, names), what};
}

EventText words(const GroupMarkerWritten& event, const TraceNames&) {
  return {event.group,
          fmt::format("{} marker of {} for {}", word(event.type), producer_words(event.producer),
                      count_words(event.offsets, "offset"))};
}

EventText words(const CoordinatorAnswered& event, const TraceNames& names) {
  std::string what =
      fmt::format("made of {} request {}: ", word(event.api), event.correlation.value());
  what += event.error == core::ErrorCode::None ? "done" : std::string{word(event.error)};
  if (event.partition) what += " for " + partition_words(*event.partition, names);
  if (event.producer.is_valid()) what += fmt::format("; {} now", word(event.state));
  return {broker_words(event.broker), what};
}

EventText words(const CoordinatorMoved& event, const TraceNames&) {
  return {event.key.empty() ? fmt::format("every {}", word(event.of)) : event.key,
          fmt::format("{} coordinates it now", broker_words(event.to))};
}

}  // namespace linger::sim
