// What each record passes when it is appended: as one piece with whoever includes it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/record_accumulator.h"

namespace linger::core {

inline bool RecordAccumulator::may_switch(const PartitionQueue& queue) const {
  return !settings_.switches_after_whole_batches || all_full(queue);
}

inline bool RecordAccumulator::all_full(const PartitionQueue& queue) const {
  return queue.batches.empty() || batches.at(queue.batches.back()).is_full();
}

inline void RecordAccumulator::note_record(ProducerBatch& batch, const AppendedRecord& appended,
                                           Millis now) {
  batch.records.push_back(appended);
  batch.last_append = now;
}

inline RecordAccumulator::Appended RecordAccumulator::note_append(
    const AppendedRecord& appended, const PartitionQueue& queue, ProducerBatch& batch,
    const RecordView& record, Bytes grown_by, bool is_new, Journal& journal) {
  const auto index = batch.builder.record_count() - 1;
  const bool full = queue.batches.size() > 1 || batch.is_full();
  if (journal.is_on()) {
    journal.add(
        RecordAppended{.record = appended.id,
                       .partition = batch.partition,
                       .batch = batch.id,
                       .index = index,
                       .new_batch = is_new,
                       .batch_is_full = full,
                       .bytes = grown_by,
                       .batch_size = batch.builder.size(),
                       .upper_bound = batch_size_upper_bound(batch.builder.format(), record),
                       .deque_size = static_cast<std::int32_t>(queue.batches.size())});
  }
  return Appended{{batch.result, index, record.timestamp}, batch.partition, full, is_new, grown_by};
}

// --- Where nothing can hold the append ---

// What would move the sticky choice on before the append, or has to wait, is left to append().
inline RecordAccumulator::OpenBatch RecordAccumulator::open_batch(
    TopicId topic, std::optional<std::int32_t> partition, const RecordView& record,
    Bytes key_value_headers) {
  const auto queues = topics_.find(topic);
  if (closed_ || queues == topics_.end()) return {};
  const auto& sticky = queues->second.partitioner.sticky();
  if (!partition && !sticky) return {};
  const auto queue = queues->second.queues.find(partition ? *partition : sticky->partition);
  if (queue == queues->second.queues.end() || queue->second.batches.empty()) return {};
  if (!partition && may_switch(queue->second)) return {};
  Cow<ProducerBatch>& last = batches.slot(queue->second.batches.back());
  const MemoryRecordsBuilder& records = last->builder;
  if (records.format().magic != Magic::V2) return {};
  const MemoryRecordsBuilder::NextSize size = records.next_size(record, key_value_headers);
  if (!records.has_room_for(size)) return {};
  return {&queues->second, &queue->second, &last, size, !partition};
}

inline RecordAccumulator::Appended RecordAccumulator::append(const OpenBatch& open,
                                                             const AppendedRecord& appended,
                                                             const RecordView& record, Millis now,
                                                             const MetadataSnapshot& metadata,
                                                             Journal& journal) {
  ProducerBatch& batch = open.batch->write();
  const Bytes before = batch.builder.size();
  batch.builder.append(record, open.size, buffers);
  note_record(batch, appended, now);
  const Bytes grown_by = batch.builder.size() - before;
  if (open.is_sticky) {
    BuiltInPartitioner& partitioner = open.topic->partitioner;
    const TopicId topic = batch.partition.topic;
    partitioner.update(*partitioner.sticky(), grown_by, may_switch(*open.queue),
                       metadata.available_partitions(topic),
                       metadata.partition_count(topic).value_or(1), settings_.partition_choice);
  }
  return note_append(appended, *open.queue, batch, record, grown_by, false, journal);
}

}  // namespace linger::core
