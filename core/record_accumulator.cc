#include "core/record_accumulator.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/record_accumulator_append.h"

namespace linger::core {

RecordAccumulator::RecordAccumulator(Settings settings)
    : settings_{std::move(settings)},
      pool_{BufferPool::Settings{.total = settings_.buffer_memory,
                                 .poolable = settings_.batch_size,
                                 .returns_gathered_memory = settings_.returns_gathered_memory,
                                 .leaves_line_when_late = settings_.leaves_line_when_late,
                                 .exhaustion_worded_as = settings_.exhaustion_worded_as}},
      compression_ratio_{settings_.compression_ratio} {}

// --- Appending ---

RecordAccumulator::AppendResult RecordAccumulator::append(AppendCall& call,
                                                          const RecordView& record, Millis now,
                                                          const MetadataSnapshot& metadata,
                                                          Journal& journal) {
  const bool starts = !call.waiter && !call.buffer;
  if (starts) ++appends_in_progress_;
  AppendResult result = run_append(call, record, now, metadata, journal);
  const bool is_inside = std::holds_alternative<WaitsForMemory>(result) ||
                         std::holds_alternative<NeverReturns>(result);
  if (is_inside) return result;
  const bool failed = std::holds_alternative<ClientError>(result);
  finish_append(call, failed ? Ending::Failed : Ending::Appended, journal);
  return result;
}

bool RecordAccumulator::may_advance(const AppendCall& call, Millis now) const {
  return call.waiter && pool_.may_advance(*call.waiter, now);
}

void RecordAccumulator::finish_append(AppendCall& call, Ending ending, Journal& journal) {
  --appends_in_progress_;
  if (!call.buffer) return;
  const BufferId unused = *std::exchange(call.buffer, std::nullopt);
  if (ending == Ending::Failed && !settings_.returns_unused_buffer) {
    pool_.lose(unused, call.buffer_size, buffers);
  } else {
    pool_.deallocate(unused, call.buffer_size, buffers, journal);
  }
}

// The clock is not read again after the wait for memory by anybody but the caller: `now` is when
// this part of the call runs.
RecordAccumulator::AppendResult RecordAccumulator::run_append(AppendCall& call,
                                                              const RecordView& record, Millis now,
                                                              const MetadataSnapshot& metadata,
                                                              Journal& journal) {
  auto at = topics_.find(call.topic);
  if (at == topics_.end()) {
    at = topics_.try_emplace(call.topic, BuiltInPartitioner{settings_.batch_size}).first;
  }
  TopicQueues& topic = at->second;
  if (settings_.batch_size == Bytes{0} && !call.partition) return NeverReturns{};
  for (;;) {
    std::optional<BuiltInPartitioner::Sticky> sticky;
    // A call that waited for memory chose its partition before; whether the choice still stands is
    // checked below.
    if (!call.waiter) {
      if (!call.partition) {
        sticky = topic.partitioner.current(metadata.available_partitions(call.topic),
                                           metadata.partition_count(call.topic).value_or(1),
                                           settings_.partition_choice);
      }
      call.sticky = sticky;
      call.destination =
          TopicPartition{call.topic, call.partition ? *call.partition : sticky->partition};
    } else {
      sticky = call.sticky;
    }
    PartitionQueue& queue = queue_for(topic, *call.destination);
    const auto account = [&](const Appended& appended) {
      if (sticky) {
        topic.partitioner.update(*sticky, appended.grown_by, may_switch(queue),
                                 metadata.available_partitions(call.topic),
                                 metadata.partition_count(call.topic).value_or(1),
                                 settings_.partition_choice);
      }
    };
    if (!call.waiter) {
      if (sticky_choice_changed(topic, queue, sticky, call.topic, metadata)) continue;
      if (closed_) return settings_.refusal_after_close;
      if (const auto appended = append_to_last(call, queue, record, now, journal)) {
        account(*appended);
        return *appended;
      }
      if (call.stop_if_new_batch_is_needed) return NewBatchNeeded{};
    }
    if (!call.buffer) {
      const auto obtained = obtain_buffer(call, record, now, journal);
      if (const auto* waits = std::get_if<WaitsForMemory>(&obtained)) return *waits;
      if (const auto* error = std::get_if<ClientError>(&obtained)) return *error;
    }
    if (sticky_choice_changed(topic, queue, sticky, call.topic, metadata)) continue;
    if (closed_) return settings_.refusal_after_close;
    // Another thread may have opened a batch while this one waited.
    std::optional<Appended> appended = append_to_last(call, queue, record, now, journal);
    if (!appended) {
      if (const auto error = format_error(call, record)) return *error;
      appended = append_to_new(call, queue, record, now, journal);
    }
    account(*appended);
    return *appended;
  }
}

std::variant<std::monostate, RecordAccumulator::WaitsForMemory, ClientError>
RecordAccumulator::obtain_buffer(AppendCall& call, const RecordView& record, Millis now,
                                 Journal& journal) {
  call.buffer_size = std::max(settings_.batch_size, upper_bound(record, call.usable_magic));
  const BufferPool::Allocation allocation =
      call.waiter ? pool_.advance(*call.waiter, now, buffers, journal)
                  : pool_.allocate(call.buffer_size, now, call.max_block, buffers, journal);
  if (const auto* waits = std::get_if<BufferPool::MustWait>(&allocation)) {
    call.waiter = waits->waiter;
    return WaitsForMemory{pool_.deadline(waits->waiter)};
  }
  call.waiter.reset();
  if (const auto* error = std::get_if<ClientError>(&allocation)) return *error;
  call.buffer = std::get<BufferPool::Allocated>(allocation).buffer;
  return std::monostate{};
}

// Another thread may have moved the choice on; or a move was withheld until the partition's batches
// are full, which they are now (KAFKA-14156).
bool RecordAccumulator::sticky_choice_changed(
    TopicQueues& topic, const PartitionQueue& queue,
    const std::optional<BuiltInPartitioner::Sticky>& sticky, TopicId id,
    const MetadataSnapshot& metadata) {
  if (!sticky) return false;
  if (!topic.partitioner.is_current(*sticky)) return true;
  if (!may_switch(queue)) return false;
  topic.partitioner.update(*sticky, Bytes{0}, true, metadata.available_partitions(id),
                           metadata.partition_count(id).value_or(1), settings_.partition_choice);
  return !topic.partitioner.is_current(*sticky);
}

std::optional<RecordAccumulator::Appended> RecordAccumulator::append_to_last(
    AppendCall& call, PartitionQueue& queue, const RecordView& record, Millis now,
    Journal& journal) {
  if (queue.batches.empty()) return std::nullopt;
  ProducerBatch& last = batches.write(queue.batches.back());
  const Bytes before = last.builder.size();
  // Differs: Kafka finds out while it writes, and throws.
  const bool cannot_hold = !record.headers.empty() && last.builder.format().magic != Magic::V2;
  if (cannot_hold || !last.builder.try_append(record, buffers)) {
    if (!last.builder.is_closed_for_appends()) {
      journal.add(BatchClosedForAppends{.batch = last.id,
                                        .partition = last.partition,
                                        .refused = call.record,
                                        .batch_size = last.builder.size(),
                                        .next_size = last.builder.size_of_next(record),
                                        .write_limit = last.builder.write_limit()});
      stop_appends(last);
    }
    return std::nullopt;
  }
  const AppendedRecord appended{call.record, record.timestamp, call.callback};
  note_record(last, appended, now);
  results.hold(last.result);
  return note_append(appended, queue, last, record, last.builder.size() - before, false, journal);
}

RecordAccumulator::Appended RecordAccumulator::append_to_new(AppendCall& call,
                                                             PartitionQueue& queue,
                                                             const RecordView& record, Millis now,
                                                             Journal& journal) {
  const BufferId buffer = *std::exchange(call.buffer, std::nullopt);
  ProducerBatch& batch = batches.add(ProducerBatch{
      .id = batches.next_id(),
      .partition = *call.destination,
      .builder =
          MemoryRecordsBuilder{
              buffer, builder_settings(call.topic, format(call.usable_magic), call.buffer_size)},
      .result = results.create(*call.destination),
      .records = {},
      .created = now,
      .last_attempt = now,
      .last_append = now});
  queue.batches.push_back(batch.id);
  watch(queue);
  note_incomplete(batch);
  journal.add(BatchOpened{batch.id, batch.partition, buffer, call.buffer_size,
                          static_cast<std::int32_t>(queue.batches.size())});
  batch.builder.append(record, buffers);
  batch.records.reserve(usual_records_);
  const AppendedRecord appended{call.record, record.timestamp, call.callback};
  note_record(batch, appended, now);
  results.hold(batch.result);
  return note_append(appended, queue, batch, record, batch.builder.size(), true, journal);
}

MemoryRecordsBuilder::Settings RecordAccumulator::builder_settings(TopicId topic,
                                                                   const RecordFormat& format,
                                                                   Bytes capacity) const {
  return {.format = format,
          .capacity = capacity,
          .write_limit = settings_.fills_whole_buffer ? capacity : settings_.batch_size,
          .ratio = compression_ratio_.estimate(topic)};
}

RecordFormat RecordAccumulator::format(Magic usable_magic) const {
  RecordFormat format = settings_.format;
  format.magic = std::min(format.magic, usable_magic);
  return format;
}

std::optional<ClientError> RecordAccumulator::format_error(const AppendCall& call,
                                                           const RecordView& record) const {
  const RecordFormat chosen = format(call.usable_magic);
  if (chosen.magic == Magic::V2) return std::nullopt;
  const auto magic = static_cast<std::int32_t>(chosen.magic);
  if (settings_.needs_format_2) return idempotence_needs_format_2();
  if (chosen.compression.type == CompressionType::Zstd) return format_has_no_zstd(magic);
  if (!record.headers.empty()) return format_has_no_headers(magic);
  return std::nullopt;
}

// Since 0.11 the header stays open: an idempotent batch gets its sequence when it is drained.
void RecordAccumulator::stop_appends(ProducerBatch& batch) {
  if (settings_.closes_appends_alone) {
    batch.builder.close_for_appends();
  } else {
    close_batch(batch);
  }
}

// Each close teaches the estimator, and since 0.11 so does a close of what is closed already: a
// batch that is drained again to be retried tells the same once more.
void RecordAccumulator::close_batch(ProducerBatch& batch) {
  const bool is_new = !batch.builder.is_built();
  batch.builder.close(buffers);
  if (!batch.builder.format().is_compressed()) return;
  if (!is_new && !settings_.compression_ratio.for_each_topic) return;
  compression_ratio_.observe(batch.partition.topic, batch.builder.observed_ratio());
  if (settings_.compression_ratio.for_each_topic) return;
  const auto ratio = compression_ratio_.estimate(batch.partition.topic);
  for (const BatchId id : incomplete()) {
    if (!batches.at(id).builder.is_built()) batches.write(id).builder.expect_ratio(ratio);
  }
}

// --- Retry, split, expiry, abort ---

void RecordAccumulator::reenqueue(BatchId id, Millis now, ErrorCode error,
                                  const TransactionManager* transactions, Journal& journal) {
  ProducerBatch& batch = batches.write(id);
  ++batch.attempts;
  batch.last_attempt = batch.last_append = std::max(batch.last_append, now);
  batch.is_retried = true;
  PartitionQueue& queue = queue_of(batch);
  std::size_t position = 0;
  if (transactions == nullptr) {
    put_in_front(queue, id);
  } else {
    CHECK(batch.builder.has_sequence() && transactions->tracks_in_flight(batch.partition));
    position = insert_in_sequence_order(queue, batch);
  }
  journal.add(BatchRetried{.batch = id,
                           .partition = batch.partition,
                           .error = error,
                           .attempts = batch.attempts,
                           .sequence = batch.builder.base_sequence(),
                           .position = static_cast<std::int32_t>(position),
                           .deque_size = static_cast<std::int32_t>(queue.batches.size())});
}

// Before KIP-91 a muted partition is spared: what is in flight there is older.
std::vector<RecordAccumulator::Expired> RecordAccumulator::take_expired(Millis now) {
  const bool spares_muted = settings_.expiry.clock != ExpiryClock::FromCreation;
  std::vector<Expired> expired;
  for_each_watched([&](TopicPartition partition, PartitionQueue& queue) {
    if (!spares_muted || !is_muted(partition)) take_expired(queue, now, expired);
    return true;
  });
  return expired;
}

// From the head on, up to the first that has not expired; the oldest clock looks behind one that is
// retried.
void RecordAccumulator::take_expired(PartitionQueue& queue, Millis now,
                                     std::vector<Expired>& expired) {
  const std::size_t before = expired.size();
  for (const BatchId id : queue.batches) {
    const ProducerBatch& batch = batches.at(id);
    const PlaceInDeque place =
        id == queue.batches.back() ? PlaceInDeque::Last : PlaceInDeque::BeforeOthers;
    if (const auto expiry = expiry_of(batch, place, settings_.expiry, now)) {
      expired.push_back({id, *expiry});
      stop_appends(batches.write(id));
      continue;
    }
    if (settings_.expiry.clock == ExpiryClock::FromCreation) note_expiry_of(batch);
    if (settings_.expiry.clock != ExpiryClock::LastAttempt || !batch.is_retried) break;
  }
  if (expired.size() == before) return;
  std::erase_if(queue.batches, [&](BatchId id) {
    return std::any_of(expired.begin() + static_cast<std::ptrdiff_t>(before), expired.end(),
                       [id](const Expired& one) { return one.batch == id; });
  });
}

void RecordAccumulator::note_expiry_of(const ProducerBatch& batch) {
  next_expiry_ = std::min(next_expiry_, after(batch.created, settings_.expiry.delivery_timeout));
}

void RecordAccumulator::remove_for_abort(BatchId id) {
  ProducerBatch& batch = batches.write(id);
  stop_appends(batch);
  std::erase(queue_of(batch).batches, id);
}

void RecordAccumulator::note_incomplete(ProducerBatch& batch) {
  batch.is_incomplete = true;
  ++incomplete_;
}

std::vector<BatchId> RecordAccumulator::incomplete() const {
  std::vector<BatchId> found;
  batches.for_each([&found](const ProducerBatch& batch) {
    if (batch.is_incomplete) found.push_back(batch.id);
  });
  return found;
}

std::vector<BatchId> RecordAccumulator::undrained(const TransactionManager* transactions) const {
  std::vector<BatchId> found;
  for (const BatchId id : incomplete()) {
    const MemoryRecordsBuilder& records = batches.at(id).builder;
    const bool was_drained = transactions != nullptr ? records.has_sequence() : records.is_built();
    if (!was_drained) found.push_back(id);
  }
  return found;
}

void RecordAccumulator::deallocate(BatchId id, Journal& journal) {
  ProducerBatch& batch = batches.write(id);
  CHECK(batch.is_incomplete);
  batch.is_incomplete = false;
  --incomplete_;
  if (batch.is_split) {
    buffers.discard(batch.builder.buffer());
  } else {
    const auto buffer = batch.builder.has_outgrown_buffer() ? BufferPool::Returned::Replaced
                                                            : BufferPool::Returned::AsItWas;
    pool_.deallocate(batch.builder.buffer(), batch.builder.capacity(), buffer, buffers, journal);
  }
}

void RecordAccumulator::forget_if_unused(BatchId id) {
  const ProducerBatch& batch = batches.at(id);
  if (!batch.is_done() || batch.requests_out > 0 || batch.is_incomplete) return;
  results.release(batch.result);
  batches.erase(id);
}

// --- State ---

void RecordAccumulator::mute(TopicPartition partition, Journal& journal) {
  if (muted_.insert(partition).second) journal.add(PartitionMuted{partition, true});
}

void RecordAccumulator::unmute(TopicPartition partition, Journal& journal) {
  if (muted_.erase(partition) > 0) journal.add(PartitionMuted{partition, false});
}

void RecordAccumulator::note_node_latency(NodeId node, Millis now, bool can_drain) {
  if (settings_.partition_availability_timeout <= 0ms) return;
  NodeLatency& latency = node_latency_.try_emplace(node, NodeLatency{now, now}).first->second;
  latency.ready = now;
  if (can_drain) latency.drained = now;
}

void RecordAccumulator::end_flush() {
  CHECK(flushes_in_progress_ > 0);
  --flushes_in_progress_;
}

void RecordAccumulator::close() {
  closed_ = true;
  if (settings_.closes_pool) pool_.close();
}

const BuiltInPartitioner* RecordAccumulator::partitioner(TopicId topic) const {
  const auto at = topics_.find(topic);
  return at == topics_.end() ? nullptr : &at->second.partitioner;
}

}  // namespace linger::core
