#include "core/client_error.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/check.h"

namespace linger::core::client_error_test {
namespace {

TEST(ClientError, AnErrorCodeBecomesItsClassAndDefaultText) {
  EXPECT_EQ(text(client_error(ErrorCode::NotEnoughReplicas)),
            "NotEnoughReplicasException: Messages are rejected since there are fewer in-sync "
            "replicas than required.");
  EXPECT_THROW(client_error(ErrorCode::None), CheckFailure);
}

TEST(ClientError, TheTextOfTheBrokerGoesBeforeTheDefault) {
  const ClientError error = client_error(ErrorCode::InvalidRecord, "no key");
  EXPECT_EQ(error.exception, Exception::InvalidRecordException);
  EXPECT_EQ(error.message, "no key");
}

TEST(ClientError, ABatchRefusedForAuthorizationHasATextOfTheProducer) {
  EXPECT_EQ(failed_batch(ErrorCode::TopicAuthorizationFailed, "ignored", "orders").message,
            "Not authorized to access topics: [orders]");
  EXPECT_EQ(failed_batch(ErrorCode::ClusterAuthorizationFailed, std::nullopt, "orders").message,
            "The producer is not authorized to do idempotent sends");
  EXPECT_EQ(failed_batch(ErrorCode::InvalidRequest, "custom", "orders").message, "custom");
  EXPECT_EQ(failed_batch(ErrorCode::RequestTimedOut, std::nullopt, "orders").message,
            "The request timed out.");
}

TEST(ClientError, ARecordInABatchWithBadOnesIsToldSo) {
  EXPECT_EQ(text(failed_with_others_in_batch()),
            "KafkaException: Failed to append record because it was part of a batch which had one "
            "more more invalid records");
}

TEST(ClientError, MetadataThatDoesNotComeIsATimeoutThatQuotesTheWholeBudget) {
  EXPECT_EQ(text(not_present_in_metadata("t", 60s)),
            "TimeoutException: Topic t not present in metadata after 60000 ms.");
  EXPECT_EQ(
      partition_not_present_in_metadata({.topic = "t", .partition = 2, .partition_count = 1}, 60s)
          .message,
      "Partition 2 of topic t with partition count 1 is not present in metadata after 60000 "
      "ms.");
}

TEST(ClientError, AMetadataTimeoutCanCarryTheLastErrorOfTheTopic) {
  const ClientError error =
      not_present_in_metadata("t", 60s, Exception::UnknownTopicOrPartitionException);
  EXPECT_EQ(error.cause, Exception::UnknownTopicOrPartitionException);
  EXPECT_EQ(not_present_in_metadata("t", 60s).cause, std::nullopt);
}

TEST(ClientError, In010MetadataTimesOutInOneWordingAndAnUnknownPartitionIsThrown) {
  EXPECT_EQ(text(metadata_not_updated(60s)),
            "TimeoutException: Failed to update metadata after 60000 ms.");
  const ClientError thrown =
      partition_out_of_range({.topic = "t", .partition = 2, .partition_count = 1});
  EXPECT_EQ(thrown.message, "Invalid partition given with record: 2 is not in the range [0...1).");
  EXPECT_FALSE(is_api_exception(thrown.exception));
}

TEST(ClientError, AnInvalidTopicIsNamedAloneOnceItIsKnown) {
  EXPECT_EQ(invalid_topic("a b").message, "a b");
  EXPECT_EQ(invalid_topics("a b").message, "Invalid topics: [a b]");
}

TEST(ClientError, ATooLargeRecordIsToldItsSizeAndTheLimit) {
  EXPECT_EQ(text(record_exceeds_max_request_size({Bytes{1'048'577}, Bytes{1'048'576}})),
            "RecordTooLargeException: The message is 1048577 bytes when serialized which is larger "
            "than 1048576, which is the value of the max.request.size configuration.");
  EXPECT_EQ(
      record_exceeds_max_request_size({Bytes{1'048'577}, Bytes{1'048'576}}, Era::V0_10_2).message,
      "The message is 1048577 bytes when serialized which is larger than the maximum request size "
      "you have configured with the max.request.size configuration.");
  EXPECT_EQ(record_exceeds_buffer_memory({Bytes{200}, Bytes{100}}).message,
            "The message is 200 bytes when serialized which is larger than the total memory buffer "
            "you have configured with the buffer.memory configuration.");
}

TEST(ClientError, ASerializerOfAnotherClassIsNamedWithItsSetting) {
  const Conversion conversion{.from_class = "java.lang.Integer",
                              .to_class = "org.acme.StringSerializer"};
  EXPECT_EQ(text(cannot_convert_key(conversion)),
            "SerializationException: Can't convert key of class java.lang.Integer to class "
            "org.acme.StringSerializer specified in key.serializer");
  EXPECT_EQ(cannot_convert_value(conversion).message,
            "Can't convert value of class java.lang.Integer to class org.acme.StringSerializer "
            "specified in value.serializer");
}

TEST(ClientError, ANegativePartitionIsAnIllegalArgument) {
  EXPECT_EQ(text(invalid_partition_number(-1)),
            "IllegalArgumentException: Invalid partition: -1. Partition number should always be "
            "non-negative or null.");
  EXPECT_EQ(partitioner_answered(-5).message,
            "The partitioner generated an invalid partition number: -5. Partition number should "
            "always be non-negative.");
}

TEST(ClientError, AnExhaustedPoolSaysMoreInEachEra) {
  const PoolExhaustion pool{.wanted = Bytes{16'384},
                            .max_block = 300ms,
                            .total = Bytes{32'768},
                            .available = Bytes{100},
                            .poolable = Bytes{16'384}};
  EXPECT_EQ(text(buffer_exhausted(pool, Era::V0_10_2)),
            "TimeoutException: Failed to allocate memory within the configured max blocking time "
            "300 ms.");
  EXPECT_EQ(text(buffer_exhausted(pool, Era::V2_8)),
            "BufferExhaustedException: Failed to allocate memory within the configured max "
            "blocking time 300 ms.");
  EXPECT_EQ(text(buffer_exhausted(pool)),
            "BufferExhaustedException: Failed to allocate 16384 bytes within the configured max "
            "blocking time 300 ms. Total memory: 32768 bytes. Available memory: 100 bytes. "
            "Poolable size: 16384 bytes");
}

TEST(ClientError, AnAllocationBeyondThePoolCanNeverSucceed) {
  EXPECT_EQ(text(allocation_exceeds_pool({Bytes{200}, Bytes{100}})),
            "IllegalArgumentException: Attempt to allocate 200 bytes, but there is a hard limit of "
            "100 on memory allocations.");
}

TEST(ClientError, AnExpiredBatchHasNoBlankAfterTheColonSinceKip91) {
  EXPECT_EQ(text(expiring_batch({.record_count = 3, .partition = "t-0", .waited = 120'001ms})),
            "TimeoutException: Expiring 3 record(s) for t-0:120001 ms has passed since batch "
            "creation");
}

TEST(ClientError, In010AnExpiredBatchSaysWhichClockRanOut) {
  const ExpiredBatch batch{.record_count = 1, .partition = "t-0", .waited = 61ms};
  const std::string begin = "Expiring 1 record(s) for t-0: 61 ms has passed since ";
  EXPECT_EQ(expiring_batch(batch, ExpiryReason::LastAppend).message, begin + "last append");
  EXPECT_EQ(expiring_batch(batch, ExpiryReason::CreationPlusLinger).message,
            begin + "batch creation plus linger time");
  EXPECT_EQ(expiring_batch(batch, ExpiryReason::LastAttemptPlusBackoff).message,
            begin + "last attempt plus backoff time");
}

TEST(ClientError, ALostConnectionAndAMissingAnswerDiffer) {
  EXPECT_EQ(text(disconnected_from_node(1)), "NetworkException: Disconnected from node 1");
  EXPECT_EQ(text(disconnected_due_to_timeout(1)),
            "TimeoutException: Disconnected from node 1 due to timeout");
}

TEST(ClientError, AForcedCloseFailsBatchesWithAnIllegalStateIn010) {
  EXPECT_EQ(text(closed_forcefully(Era::V0_10_2)),
            "IllegalStateException: Producer is closed forcefully.");
  EXPECT_EQ(text(closed_forcefully()), "KafkaException: Producer is closed forcefully.");
  EXPECT_EQ(text(transactions_closed_forcefully()),
            "KafkaException: The producer closed forcefully");
}

TEST(ClientError, SendingWhileOrAfterClosingIsThrown) {
  EXPECT_EQ(text(closed()),
            "IllegalStateException: Cannot perform operation after producer has been closed");
  EXPECT_EQ(text(cannot_send_after_close()),
            "IllegalStateException: Cannot send after the producer is closed.");
  EXPECT_EQ(text(closed_while_sending()), "KafkaException: Producer closed while send in progress");
  EXPECT_EQ(closed_while_sending(Exception::KafkaException).cause, Exception::KafkaException);
  EXPECT_EQ(text(closed_while_allocating()),
            "KafkaException: Producer closed while allocating memory");
  EXPECT_EQ(text(negative_close_timeout()),
            "IllegalArgumentException: The timeout cannot be negative.");
  EXPECT_EQ(text(failed_to_close()), "KafkaException: Failed to close kafka producer");
  EXPECT_EQ(text(metadata_update_after_close()),
            "KafkaException: Requested metadata update after close");
}

TEST(ClientError, AnInterruptShowsJavasOwnCause) {
  EXPECT_EQ(text(interrupted()), "InterruptException: java.lang.InterruptedException");
  EXPECT_EQ(text(flush_interrupted()), "InterruptException: Flush interrupted.");
}

TEST(ClientError, ATransactionalCallThatTakesTooLongNamesItsOperation) {
  EXPECT_EQ(text(timed_out_awaiting("InitProducerId", 60s)),
            "TimeoutException: Timeout expired after 60000ms while awaiting InitProducerId");
  EXPECT_EQ(timed_out_awaiting("EndTxn(true)", 60s, Era::V2_8).message,
            "Timeout expired after 60000 milliseconds while awaiting EndTxn(true)");
}

TEST(ClientError, AFencedProducerIsNamedSince39) {
  const FencedProducer producer{.transactional_id = "billing", .id = {7, 3}};
  EXPECT_EQ(text(producer_fenced(producer)),
            "ProducerFencedException: Producer with transactionalId 'billing' and (producerId=7, "
            "epoch=3) has been fenced by another producer with the same transactionalId");
  EXPECT_EQ(producer_fenced(producer, Era::V2_8).message,
            "The producer has been rejected from the broker because it tried to use an old epoch "
            "with the transactionalId");
  EXPECT_EQ(old_producer_epoch(producer).message,
            "Producer with transactionalId 'billing' and (producerId=7, epoch=3) attempted to "
            "produce with an old epoch");
  EXPECT_EQ(old_producer_epoch(producer, Era::V2_8).message,
            "Producer attempted to produce with an old epoch (producerId=7, epoch=3)");
}

TEST(ClientError, TransactionalCallsSayWhatTheyMiss) {
  EXPECT_EQ(text(transactions_not_enabled()),
            "IllegalStateException: Cannot use transactional methods without enabling transactions "
            "by setting the transactional.id configuration property");
  EXPECT_EQ(text(not_transactional()),
            "IllegalStateException: Transactional method invoked on a non-transactional producer.");
  EXPECT_EQ(text(transaction_aborted()),
            "TransactionAbortedException: Failing batch since transaction was aborted");
  EXPECT_EQ(in_an_error_state(Exception::OutOfOrderSequenceException).cause,
            Exception::OutOfOrderSequenceException);
}

TEST(ClientError, AFutureWaitedForTooLongSaysSo) {
  EXPECT_EQ(text(future_timed_out(5s)), "TimeoutException: Timeout after waiting for 5000 ms.");
}

TEST(ClientError, WithoutATextShowsItsClassAlone) {
  EXPECT_EQ(text(ClientError{Exception::RecordBatchTooLargeException, ""}),
            "RecordBatchTooLargeException");
}

}  // namespace
}  // namespace linger::core::client_error_test
