#include <fmt/format.h>

#include "core/ascii.h"
#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

std::string waiters_words(std::int32_t waiters) {
  if (waiters == 0) return "";
  return fmt::format(", {}",
                     waiters == 1 ? "1 thread waits" : fmt::format("{} threads wait", waiters));
}

// Where a batch has a sequence: ", sequence 8".
std::string sequence_words(std::int32_t sequence) {
  return sequence < 0 ? "" : fmt::format(", sequence {}", sequence);
}

std::string id_words(core::ProducerIdAndEpoch id) {
  if (!id.is_valid()) return "no producer id";
  return fmt::format("producer id {} epoch {}", id.producer_id, id.epoch);
}

std::string completion(const core::BatchCompleted& event) {
  const std::string records = count_words(event.records, "record");
  switch (event.state) {
    case core::BatchState::Open:
      return "is open";
    case core::BatchState::Succeeded:
      if (event.base_offset < 0) return fmt::format("succeeded: {}, offset unknown", records);
      return fmt::format("succeeded: {} from offset {}", records, event.base_offset);
    case core::BatchState::Failed:
    case core::BatchState::Aborted:
      break;
  }
  return fmt::format("{} with {}: {}", word(event.state), records,
                     event.error ? core::text(*event.error) : "no error");
}

}  // namespace

EventText words(const core::MemoryAllocated& event, const TraceNames&) {
  std::string from;
  switch (event.source) {
    case core::MemorySource::FreeList:
      from = "from the free list";
      break;
    case core::MemorySource::NonPooled:
      from = "from the non-pooled part";
      break;
    case core::MemorySource::Heap:
      from = "from the heap, not the pool";
      break;
  }
  return {"pool", fmt::format("buffer {} taken {}: {}, {} available{}", event.buffer.value(), from,
                              bytes_words(event.size), event.available.count(),
                              waiters_words(event.waiters))};
}

EventText words(const core::MemoryReleased& event, const TraceNames&) {
  return {"pool", fmt::format("buffer {} given back {}: {}, {} available{}", event.buffer.value(),
                              event.pooled ? "to the free list" : "to the non-pooled part",
                              bytes_words(event.size), event.available.count(),
                              waiters_words(event.waiters))};
}

EventText words(const core::WaiterGathered& event, const TraceNames&) {
  return {"pool", fmt::format("waiter {} has gathered {} of {}", event.waiter.value(),
                              event.gathered.count(), bytes_words(event.needed))};
}

EventText words(const core::BatchOpened& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} opened: room for {}, {} in the deque", event.batch.value(),
                      bytes_words(event.capacity), event.deque_size)};
}

EventText words(const core::RecordAppended& event, const TraceNames& names) {
  return {
      partition_words(event.partition, names),
      fmt::format("record {} appended to batch {} as number {}: {} more, {} in all{}",
                  event.record.value(), event.batch.value(), event.index, bytes_words(event.bytes),
                  event.batch_size.count(), event.batch_is_full ? "; the sender is woken" : "")};
}

EventText words(const core::BatchClosedForAppends& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} takes no more: {} and {} for record {} exceed {}",
                      event.batch.value(), event.batch_size.count(), event.next_size.count(),
                      event.refused.value(), event.write_limit.count())};
}

EventText words(const core::BatchDrained& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} drained: {}, {} → {}{}{}", event.batch.value(),
                      count_words(event.records, "record"), bytes_words(event.bytes),
                      broker_words(event.node), sequence_words(event.sequence),
                      event.attempts == 0 ? "" : fmt::format(", attempt {}", event.attempts + 1))};
}

EventText words(const core::BatchRetried& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} goes back to its deque, place {} of {}: {}, {} so far{}",
                      event.batch.value(), event.position + 1, event.deque_size, word(event.error),
                      count_words(event.attempts, "failure"), sequence_words(event.sequence))};
}

EventText words(const core::BatchSplit& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} split into {}", event.batch.value(), batch_words(event.into))};
}

EventText words(const core::BatchExpired& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} expired {}: {}, {} old", event.batch.value(),
                      event.in_flight ? "in flight" : "in its deque",
                      count_words(event.records, "record"), time_words(event.age))};
}

EventText words(const core::BatchCompleted& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("batch {} {}", event.batch.value(), completion(event))};
}

EventText words(const core::LateAnswerIgnored& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("late answer for batch {} ignored: {}", event.batch.value(),
                      event.error == core::ErrorCode::None ? "success" : word(event.error))};
}

EventText words(const core::PartitionMuted& event, const TraceNames& names) {
  return {partition_words(event.partition, names), event.muted ? "muted" : "unmuted"};
}

EventText words(const core::ProducerIdSet& event, const TraceNames&) {
  return {"producer", fmt::format("{}{}", id_words(event.producer),
                                  event.bumped_locally ? ", bumped without asking" : "")};
}

EventText words(const core::SequencesReset& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("sequences start at 0 again, {}: {} rewritten", id_words(event.producer),
                      count_words(event.rewritten_batches, "batch"))};
}

EventText words(const core::SequenceUnresolved& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          event.resolved ? "all sequences are resolved"
                         : fmt::format("what became of the sequences below {} is unknown",
                                       event.next_sequence)};
}

EventText words(const core::SenderBackedOff& event, const TraceNames&) {
  return {"sender", fmt::format("sleeps {} and reads nothing meanwhile: a request is repeated",
                                time_words(event.backoff))};
}

EventText words(const core::BatchesAborted& event, const TraceNames&) {
  return {"sender",
          fmt::format("{}{} aborted: {}", count_words(event.batches, "batch"),
                      event.undrained_only ? " that never left" : "", core::text(event.error))};
}

EventText words(const core::SenderPassStarted& event, const TraceNames&) {
  return {"sender", fmt::format("pass {}", event.pass)};
}

EventText words(const core::SenderSlept& event, const TraceNames&) {
  return {"sender", event.timeout == core::kForever
                        ? "polls without limit"
                        : fmt::format("polls for {}", time_words(event.timeout))};
}

EventText words(const core::SenderStopped& event, const TraceNames&) {
  return {"sender", event.died ? "died of an Error that nobody catches" : "stopped"};
}

EventText words(const core::Logged& event, const TraceNames&) {
  return {"log", fmt::format("{:<5} {}", core::upper_case(word(event.level)), event.text)};
}

}  // namespace linger::sim
