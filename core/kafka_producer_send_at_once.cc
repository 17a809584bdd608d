// KafkaProducer.send where nothing holds it, which is how most records go: the stages of
// kafka_producer_send.cc in one.
#include <span>

#include "core/check.h"
#include "core/kafka_producer.h"
#include "core/murmur2.h"
#include "core/record_accumulator_append.h"

namespace linger::core {

namespace {

std::optional<Bytes> size_if_any(const std::optional<ByteVector>& bytes) {
  if (!bytes) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(bytes->size())};
}

std::optional<ByteSpan> span_of(const std::optional<ByteVector>& bytes) {
  return bytes ? std::optional<ByteSpan>{*bytes} : std::nullopt;
}

std::span<const RecordHeader> headers_of(const ProducerRecord& record, bool are_known) {
  return are_known ? std::span<const RecordHeader>{record.headers}
                   : std::span<const RecordHeader>{};
}

}  // namespace

// By user code that is to be asked, or by something that makes it fail.
bool KafkaProducer::may_be_held(const ProducerRecord& record) const {
  if (settings_.interceptors > 0 || settings_.has_key_serializer ||
      settings_.has_value_serializer) {
    return true;
  }
  if (!record.partition && (settings_.has_partitioner || partitioner_)) return true;
  if (sender_.is_closing() || client_.usable_magic() != Magic::V2) return true;
  if (transactions_ && !transactions_->takes_any_record()) return true;
  return !metadata_.snapshot().invalid_topics().empty() || !metadata_.contains_topic(record.topic);
}

// None: the accumulator chooses.
std::optional<std::int32_t> KafkaProducer::plain_partition(const ProducerRecord& record,
                                                           std::int32_t partition_count) const {
  if (record.partition || !record.key || config().partitioner_ignore_keys) return record.partition;
  return partition_for_key(*record.key, partition_count);
}

// No code of the user's hears of it, and there is memory for the buffer. (A batch in an older
// format may refuse the record.)
bool KafkaProducer::may_open_batch(Bytes upper_bound) const {
  return !tells_of_new_batches() && accumulator_.may_open_batch(upper_bound);
}

// The future is not held.
[[gnu::noinline]] RecordAccumulator::Appended KafkaProducer::append_to_new_batch(
    const AppendedRecord& kept, TopicId topic, std::optional<std::int32_t> partition,
    const RecordView& view, Millis now, Journal& journal) {
  AppendCall call;
  call.record = kept.id;
  call.topic = topic;
  call.partition = partition;
  call.callback = kept.callback;
  const auto result = accumulator_.append(call, view, now, metadata_.snapshot(), journal);
  const auto& appended = std::get<RecordAccumulator::Appended>(result);
  accumulator_.results.release(appended.future.result);
  return appended;
}

// Each record passes here: what it consists of is compiled as one.
[[gnu::flatten]] std::optional<RecordFuture> KafkaProducer::send_at_once(
    ThreadId thread, const ProducerRecord& record, FutureIs future, Millis now, Journal& journal) {
  const MetadataSnapshot& metadata = metadata_.snapshot();
  const std::optional<std::int32_t> partition_count = metadata.partition_count(record.topic);
  if (!partition_count || record.partition.value_or(0) >= *partition_count) return std::nullopt;
  if (may_be_held(record)) return std::nullopt;

  const RecordView view{.timestamp = record.timestamp.value_or(now.time_since_epoch().count()),
                        .key = span_of(record.key),
                        .value = span_of(record.value),
                        .headers = headers_of(record, has_rule(Rule::Kip82Headers))};
  const Bytes key_value_headers = key_value_headers_size(view);
  const Bytes upper_bound = batch_size_upper_bound(key_value_headers);
  if (upper_bound > config().max_request_size || upper_bound > config().buffer_memory) {
    return std::nullopt;
  }
  const std::optional<std::int32_t> partition = plain_partition(record, *partition_count);
  const auto open = accumulator_.open_batch(record.topic, partition, view, key_value_headers);
  if (open.batch == nullptr && !may_open_batch(upper_bound)) return std::nullopt;

  metadata_.note_use(record.topic, now);
  if (journal.is_on()) {
    journal.add(SendCalled{.record = record.id,
                           .thread = thread,
                           .topic = record.topic,
                           .partition = record.partition,
                           .key_size = size_if_any(record.key),
                           .value_size = size_if_any(record.value)});
    const PartitionChoice by =
        record.partition ? PartitionChoice::Explicit : PartitionChoice::KeyHash;
    if (partition) journal.add(PartitionChosen{record.id, {record.topic, *partition}, by});
  }
  const AppendedRecord kept{record.id, view.timestamp, record.callback};
  const auto appended =
      open.batch != nullptr
          ? accumulator_.append(open, kept, view, now, metadata, journal)
          : append_to_new_batch(kept, record.topic, partition, view, now, journal);
  if (future == FutureIs::Kept) accumulator_.results.hold(appended.future.result);
  if (appended.batch_is_full || appended.new_batch) wakeup();
  if (journal.is_on()) {
    if (!partition) {
      journal.add(PartitionChosen{record.id, appended.partition, PartitionChoice::Sticky});
    }
    journal.add(SendReturned{record.id, thread});
  }
  return appended.future;
}

}  // namespace linger::core
