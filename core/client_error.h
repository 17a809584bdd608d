// What the application is told when a send, a flush or a close fails: a Java exception as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/error_code.h"
#include "core/exception.h"
#include "core/id.h"
#include "core/rules.h"
#include "core/time.h"

namespace linger::core {

struct ClientError {
  Exception exception = Exception::KafkaException;
  std::string message;
  std::optional<Exception> cause{};  // the class of getCause(), where Kafka sets one
  friend bool operator==(const ClientError&, const ClientError&) = default;
};

// "TimeoutException: Topic t not present in metadata after 60000 ms."
std::string text(const ClientError& error);

// Answers of a broker.

// In Kafka: Errors.exception(message). Without a text of the broker's own: the code's default.
// Requires: error != None.
ClientError client_error(ErrorCode error);
ClientError client_error(ErrorCode error, std::optional<std::string_view> broker_message,
                         Era era = Era::V3_9);

// What the callbacks of a batch refused with `error` get: for two codes the producer's own text.
// In Kafka: Sender.failBatch. Requires: error != None.
ClientError failed_batch(ErrorCode error, std::optional<std::string_view> broker_message,
                         std::string_view topic, Era era = Era::V3_9);

// A record not to blame, in a batch whose response lists others (KIP-467).
ClientError failed_with_others_in_batch();

// Waiting for metadata in send() and partitionsFor(). In Kafka: KafkaProducer.waitOnMetadata.

ClientError not_present_in_metadata(std::string_view topic, Milliseconds max_block,
                                    std::optional<Exception> cause = std::nullopt);
struct PartitionOfTopic {
  std::string_view topic;
  std::int32_t partition;
  std::int32_t partition_count;
};
ClientError partition_not_present_in_metadata(PartitionOfTopic wanted, Milliseconds max_block,
                                              std::optional<Exception> cause = std::nullopt);
// Before KAFKA-6833: the same words whatever was missing, and an unknown partition thrown at once.
ClientError metadata_not_updated(Milliseconds max_block);
ClientError partition_out_of_range(PartitionOfTopic wanted);
ClientError invalid_topic(std::string_view topic);   // known to be invalid: its name is all it says
ClientError invalid_topics(std::string_view topic);  // found to be invalid by this wait
ClientError not_authorized_to_access_topics(std::string_view topic);
ClientError metadata_update_after_close();  // ProducerMetadata.awaitUpdate

// The record itself. In Kafka: ProducerRecord, KafkaProducer.doSend, ensureValidRecordSize.

struct SizeLimit {
  Bytes size;
  Bytes limit;
};
ClientError record_exceeds_max_request_size(SizeLimit record, Era era = Era::V3_9);
ClientError record_exceeds_buffer_memory(SizeLimit record);
struct Conversion {
  std::string_view from_class;
  std::string_view to_class;
};
ClientError cannot_convert_key(Conversion conversion);
ClientError cannot_convert_value(Conversion conversion);
ClientError invalid_partition_number(std::int32_t partition);  // a record with a negative one
ClientError partitioner_answered(std::int32_t partition);      // a negative one (KAFKA-7572)

// What the oldest broker known takes, and the record or the producer cannot be written in.
// In Kafka: RecordAccumulator.recordsBuilder, MemoryRecordsBuilder.
ClientError idempotence_needs_format_2();
ClientError format_has_no_headers(std::int32_t magic);
ClientError format_has_no_zstd(std::int32_t magic);

// Waiting for memory. In Kafka: BufferPool.allocate.

struct PoolExhaustion {
  Bytes wanted;
  Milliseconds max_block;  // what was left of max.block.ms when the wait for memory began
  Bytes total;
  Bytes available;
  Bytes poolable;
};
// In 3.9 with the pool's figures, in 2.8 without them, in 0.10 as allocation_timed_out.
ClientError buffer_exhausted(const PoolExhaustion& pool, Era era = Era::V3_9);
// Before KAFKA-3720: a plain TimeoutException.
ClientError allocation_timed_out(Milliseconds max_block);
ClientError allocation_exceeds_pool(SizeLimit allocation);
ClientError closed_while_allocating();

// A batch that waited too long. In Kafka: ProducerBatch, RecordBatch in 0.10.

struct ExpiredBatch {
  std::int32_t record_count;
  std::string_view partition;  // "orders-3"
  Milliseconds waited;
};
// In Kafka: Sender.failBatch of an expired batch, since 2.1 (KIP-91).
ClientError expiring_batch(const ExpiredBatch& batch);

// Which of the three clocks of 0.10 ran out (KAFKA-3388). In Kafka: RecordBatch.maybeExpire.
enum class ExpiryReason : std::uint8_t { LastAppend, CreationPlusLinger, LastAttemptPlusBackoff };
ClientError expiring_batch(const ExpiredBatch& batch, ExpiryReason reason);
// Before KAFKA-3388: nothing more than that.
ClientError batch_expired();

// The network. In Kafka: NetworkClient, Sender.

// What a retry that has run out shows of a lost connection, since 2.8 (KAFKA-9023); before, the
// default text of NETWORK_EXCEPTION.
ClientError disconnected_from_node(std::int32_t node);
// A request without an answer in request.timeout.ms, since 3.5 (KAFKA-14317); before, the above.
ClientError disconnected_due_to_timeout(std::int32_t node);

// Closing. In Kafka: KafkaProducer, RecordAccumulator, TransactionManager.

ClientError closed();                   // send() after close()
ClientError cannot_send_after_close();  // the same in 0.10: the accumulator refuses
// close() during send(); with the failure that close() brought about as its cause.
ClientError closed_while_sending(std::optional<Exception> cause = std::nullopt);
ClientError closed_forcefully(Era era = Era::V3_9);  // a batch that a forced close aborts
ClientError transactions_closed_forcefully();        // a pending transactional call
ClientError negative_close_timeout();
ClientError failed_to_close();

// Interrupts.

ClientError interrupted();
ClientError flush_interrupted();

// Transactions. In Kafka: KafkaProducer, TransactionManager, Sender.

ClientError transactions_not_enabled();
ClientError transaction_aborted();                    // a batch dropped by an abort
ClientError in_an_error_state(Exception last_error);  // which becomes the cause
ClientError not_transactional();
ClientError timed_out_awaiting(std::string_view operation, Milliseconds timeout,
                               Era era = Era::V3_9);
struct FencedProducer {
  std::string_view transactional_id;
  ProducerIdAndEpoch id;
};
ClientError producer_fenced(const FencedProducer& producer, Era era = Era::V3_9);
ClientError old_producer_epoch(const FencedProducer& producer, Era era = Era::V3_9);

// Futures. In Kafka: FutureRecordMetadata.get(timeout).

ClientError future_timed_out(Milliseconds timeout);

}  // namespace linger::core
