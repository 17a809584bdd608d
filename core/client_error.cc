#include "core/client_error.h"

namespace linger::core {
namespace {

std::string in_ms(Milliseconds wait) {
  return std::to_string(wait.count()) + " ms";
}

std::string in_bytes(Bytes size) {
  return std::to_string(size.count()) + " bytes";
}

std::string quoted(std::string_view word) {
  return "'" + std::string{word} + "'";
}

std::string serialized_size(Bytes size) {
  return "The message is " + in_bytes(size) + " when serialized which is larger than ";
}

// As ProducerIdAndEpoch prints itself.
std::string id_and_epoch(ProducerIdAndEpoch id) {
  return "(producerId=" + std::to_string(id.producer_id) + ", epoch=" + std::to_string(id.epoch) +
         ")";
}

std::string producer_of(const FencedProducer& producer) {
  return "Producer with transactionalId " + quoted(producer.transactional_id) + " and " +
         id_and_epoch(producer.id);
}

std::string cannot_convert(std::string_view what, Conversion conversion) {
  return "Can't convert " + std::string{what} + " of class " + std::string{conversion.from_class} +
         " to class " + std::string{conversion.to_class} + " specified in " + std::string{what} +
         ".serializer";
}

std::string expiring(const ExpiredBatch& batch) {
  return "Expiring " + std::to_string(batch.record_count) + " record(s) for " +
         std::string{batch.partition} + ":";
}

}  // namespace

std::string text(const ClientError& error) {
  std::string line{name(error.exception)};
  return error.message.empty() ? line : line + ": " + error.message;
}

ClientError client_error(ErrorCode error) {
  return client_error(error, std::nullopt);
}

ClientError client_error(ErrorCode error, std::optional<std::string_view> broker_message, Era era) {
  return {exception_of(error), std::string{broker_message.value_or(default_message(error, era))}};
}

ClientError failed_batch(ErrorCode error, std::optional<std::string_view> broker_message,
                         std::string_view topic, Era era) {
  if (error == ErrorCode::TopicAuthorizationFailed) return not_authorized_to_access_topics(topic);
  if (error == ErrorCode::ClusterAuthorizationFailed) {
    return {Exception::ClusterAuthorizationException,
            "The producer is not authorized to do idempotent sends"};
  }
  return client_error(error, broker_message, era);
}

ClientError failed_with_others_in_batch() {
  return {Exception::KafkaException,
          "Failed to append record because it was part of a batch which had one more more invalid "
          "records"};
}

ClientError not_present_in_metadata(std::string_view topic, Milliseconds max_block,
                                    std::optional<Exception> cause) {
  return {
      Exception::TimeoutException,
      "Topic " + std::string{topic} + " not present in metadata after " + in_ms(max_block) + ".",
      cause};
}

ClientError partition_not_present_in_metadata(PartitionOfTopic wanted, Milliseconds max_block,
                                              std::optional<Exception> cause) {
  return {Exception::TimeoutException,
          "Partition " + std::to_string(wanted.partition) + " of topic " +
              std::string{wanted.topic} + " with partition count " +
              std::to_string(wanted.partition_count) + " is not present in metadata after " +
              in_ms(max_block) + ".",
          cause};
}

ClientError metadata_not_updated(Milliseconds max_block) {
  return {Exception::TimeoutException, "Failed to update metadata after " + in_ms(max_block) + "."};
}

ClientError partition_out_of_range(PartitionOfTopic wanted) {
  return {Exception::KafkaException,
          "Invalid partition given with record: " + std::to_string(wanted.partition) +
              " is not in the range [0..." + std::to_string(wanted.partition_count) + ")."};
}

ClientError invalid_topic(std::string_view topic) {
  return {Exception::InvalidTopicException, std::string{topic}};
}

ClientError invalid_topics(std::string_view topic) {
  return {Exception::InvalidTopicException, "Invalid topics: [" + std::string{topic} + "]"};
}

ClientError not_authorized_to_access_topics(std::string_view topic) {
  return {Exception::TopicAuthorizationException,
          "Not authorized to access topics: [" + std::string{topic} + "]"};
}

ClientError metadata_update_after_close() {
  return {Exception::KafkaException, "Requested metadata update after close"};
}

ClientError record_exceeds_max_request_size(SizeLimit record, Era era) {
  const std::string limit =
      era == Era::V0_10_2
          ? "the maximum request size you have configured with the max.request.size configuration."
          : std::to_string(record.limit.count()) +
                ", which is the value of the max.request.size configuration.";
  return {Exception::RecordTooLargeException, serialized_size(record.size) + limit};
}

ClientError record_exceeds_buffer_memory(SizeLimit record) {
  return {Exception::RecordTooLargeException,
          serialized_size(record.size) +
              "the total memory buffer you have configured with the buffer.memory configuration."};
}

ClientError cannot_convert_key(Conversion conversion) {
  return {Exception::SerializationException, cannot_convert("key", conversion),
          Exception::ClassCastException};
}

ClientError cannot_convert_value(Conversion conversion) {
  return {Exception::SerializationException, cannot_convert("value", conversion),
          Exception::ClassCastException};
}

ClientError invalid_partition_number(std::int32_t partition) {
  return {Exception::IllegalArgumentException,
          "Invalid partition: " + std::to_string(partition) +
              ". Partition number should always be non-negative or null."};
}

ClientError partitioner_answered(std::int32_t partition) {
  return {Exception::IllegalArgumentException,
          "The partitioner generated an invalid partition number: " + std::to_string(partition) +
              ". Partition number should always be non-negative."};
}

ClientError buffer_exhausted(const PoolExhaustion& pool, Era era) {
  if (era == Era::V0_10_2) return allocation_timed_out(pool.max_block);
  if (era == Era::V2_8) {
    return {Exception::BufferExhaustedException, allocation_timed_out(pool.max_block).message};
  }
  return {Exception::BufferExhaustedException,
          "Failed to allocate " + in_bytes(pool.wanted) +
              " within the configured max blocking time " + in_ms(pool.max_block) +
              ". Total memory: " + in_bytes(pool.total) + ". Available memory: " +
              in_bytes(pool.available) + ". Poolable size: " + in_bytes(pool.poolable)};
}

ClientError allocation_timed_out(Milliseconds max_block) {
  return {Exception::TimeoutException,
          "Failed to allocate memory within the configured max blocking time " + in_ms(max_block) +
              "."};
}

ClientError idempotence_needs_format_2() {
  return {Exception::UnsupportedVersionException,
          "Attempting to use idempotence with a broker which does not support the required message "
          "format (v2). The broker must be version 0.11 or later."};
}

ClientError format_has_no_headers(std::int32_t magic) {
  return {Exception::IllegalArgumentException,
          "Magic v" + std::to_string(magic) + " does not support record headers"};
}

ClientError format_has_no_zstd(std::int32_t magic) {
  return {Exception::IllegalArgumentException,
          "ZStandard compression is not supported for magic " + std::to_string(magic)};
}

ClientError allocation_exceeds_pool(SizeLimit allocation) {
  return {Exception::IllegalArgumentException,
          "Attempt to allocate " + in_bytes(allocation.size) + ", but there is a hard limit of " +
              std::to_string(allocation.limit.count()) + " on memory allocations."};
}

ClientError closed_while_allocating() {
  return {Exception::KafkaException, "Producer closed while allocating memory"};
}

ClientError expiring_batch(const ExpiredBatch& batch) {
  return {Exception::TimeoutException,
          expiring(batch) + in_ms(batch.waited) + " has passed since batch creation"};
}

ClientError batch_expired() {
  return {Exception::TimeoutException, "Batch Expired"};
}

ClientError expiring_batch(const ExpiredBatch& batch, ExpiryReason reason) {
  const std::string message = expiring(batch) + " " + in_ms(batch.waited) + " has passed since ";
  switch (reason) {
    case ExpiryReason::LastAppend:
      return {Exception::TimeoutException, message + "last append"};
    case ExpiryReason::CreationPlusLinger:
      return {Exception::TimeoutException, message + "batch creation plus linger time"};
    case ExpiryReason::LastAttemptPlusBackoff:
      return {Exception::TimeoutException, message + "last attempt plus backoff time"};
  }
  return {Exception::TimeoutException, message};
}

ClientError disconnected_from_node(std::int32_t node) {
  return {Exception::NetworkException, "Disconnected from node " + std::to_string(node)};
}

ClientError disconnected_due_to_timeout(std::int32_t node) {
  return {Exception::TimeoutException,
          "Disconnected from node " + std::to_string(node) + " due to timeout"};
}

ClientError closed() {
  return {Exception::IllegalStateException,
          "Cannot perform operation after producer has been closed"};
}

ClientError cannot_send_after_close() {
  return {Exception::IllegalStateException, "Cannot send after the producer is closed."};
}

ClientError closed_while_sending(std::optional<Exception> cause) {
  return {Exception::KafkaException, "Producer closed while send in progress", cause};
}

ClientError closed_forcefully(Era era) {
  const Exception exception =
      era == Era::V0_10_2 ? Exception::IllegalStateException : Exception::KafkaException;
  return {exception, "Producer is closed forcefully."};
}

ClientError transactions_closed_forcefully() {
  return {Exception::KafkaException, "The producer closed forcefully"};
}

ClientError negative_close_timeout() {
  return {Exception::IllegalArgumentException, "The timeout cannot be negative."};
}

ClientError failed_to_close() {
  return {Exception::KafkaException, "Failed to close kafka producer"};
}

ClientError interrupted() {
  return {Exception::InterruptException, "java.lang.InterruptedException"};
}

ClientError flush_interrupted() {
  return {Exception::InterruptException, "Flush interrupted."};
}

ClientError transactions_not_enabled() {
  return {Exception::IllegalStateException,
          "Cannot use transactional methods without enabling transactions by setting the "
          "transactional.id configuration property"};
}

ClientError transaction_aborted() {
  return {Exception::TransactionAbortedException, "Failing batch since transaction was aborted"};
}

ClientError in_an_error_state(Exception last_error) {
  return {Exception::KafkaException,
          "Cannot execute transactional method because we are in an error state", last_error};
}

ClientError not_transactional() {
  return {Exception::IllegalStateException,
          "Transactional method invoked on a non-transactional producer."};
}

ClientError timed_out_awaiting(std::string_view operation, Milliseconds timeout, Era era) {
  const std::string unit = era == Era::V3_9 ? "ms" : " milliseconds";
  return {Exception::TimeoutException, "Timeout expired after " + std::to_string(timeout.count()) +
                                           unit + " while awaiting " + std::string{operation}};
}

ClientError producer_fenced(const FencedProducer& producer, Era era) {
  if (era != Era::V3_9) {
    return {Exception::ProducerFencedException,
            "The producer has been rejected from the broker because it tried to use an old epoch "
            "with the transactionalId"};
  }
  return {
      Exception::ProducerFencedException,
      producer_of(producer) + " has been fenced by another producer with the same transactionalId"};
}

ClientError old_producer_epoch(const FencedProducer& producer, Era era) {
  if (era != Era::V3_9) {
    return {Exception::InvalidProducerEpochException,
            "Producer attempted to produce with an old epoch " + id_and_epoch(producer.id)};
  }
  return {Exception::InvalidProducerEpochException,
          producer_of(producer) + " attempted to produce with an old epoch"};
}

ClientError future_timed_out(Milliseconds timeout) {
  return {Exception::TimeoutException, "Timeout after waiting for " + in_ms(timeout) + "."};
}

}  // namespace linger::core
