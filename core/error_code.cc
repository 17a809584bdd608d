#include "core/error_code.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.h"
#include "core/check.h"

namespace linger::core {
namespace {

// Names and classes are those of 3.9, whatever the era; so are the texts, but for a few of 0.10.
// Differs: a client knows some more codes, which no answer to a producer carries.
constexpr auto kErrorCodes = std::to_array<ErrorCodeInfo>({
    {ErrorCode::UnknownServerError, "UNKNOWN_SERVER_ERROR", "UNKNOWN",
     Exception::UnknownServerException,
     "The server experienced an unexpected error when processing the request."},
    {ErrorCode::None, "NONE", "", Exception::KafkaException, ""},  // exception_of() refuses it
    {ErrorCode::OffsetOutOfRange, "OFFSET_OUT_OF_RANGE", "", Exception::OffsetOutOfRangeException,
     "The requested offset is not within the range of offsets maintained by the server."},
    {ErrorCode::CorruptMessage, "CORRUPT_MESSAGE", "", Exception::CorruptRecordException,
     "This message has failed its CRC checksum, exceeds the valid size, has a null key for a "
     "compacted topic, or is otherwise corrupt."},
    {ErrorCode::UnknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION", "",
     Exception::UnknownTopicOrPartitionException,
     "This server does not host this topic-partition."},
    {ErrorCode::LeaderNotAvailable, "LEADER_NOT_AVAILABLE", "",
     Exception::LeaderNotAvailableException,
     "There is no leader for this topic-partition as we are in the middle of a leadership "
     "election."},
    {ErrorCode::NotLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", "NOT_LEADER_FOR_PARTITION",
     Exception::NotLeaderOrFollowerException,
     "For requests intended only for the leader, this error indicates that the broker is not the "
     "current leader. For requests intended for any replica, this error indicates that the "
     "broker is not a replica of the topic partition."},
    {ErrorCode::RequestTimedOut, "REQUEST_TIMED_OUT", "", Exception::TimeoutException,
     "The request timed out."},
    {ErrorCode::BrokerNotAvailable, "BROKER_NOT_AVAILABLE", "",
     Exception::BrokerNotAvailableException, "The broker is not available."},
    {ErrorCode::ReplicaNotAvailable, "REPLICA_NOT_AVAILABLE", "",
     Exception::ReplicaNotAvailableException,
     "The replica is not available for the requested topic-partition. Produce/Fetch requests and "
     "other requests intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if "
     "the broker is not a replica of the topic-partition."},
    {ErrorCode::MessageTooLarge, "MESSAGE_TOO_LARGE", "", Exception::RecordTooLargeException,
     "The request included a message larger than the max message size the server will accept."},
    {ErrorCode::OffsetMetadataTooLarge, "OFFSET_METADATA_TOO_LARGE", "",
     Exception::OffsetMetadataTooLarge, "The metadata field of the offset request was too large."},
    {ErrorCode::NetworkException, "NETWORK_EXCEPTION", "", Exception::NetworkException,
     "The server disconnected before a response was received."},
    {ErrorCode::CoordinatorLoadInProgress, "COORDINATOR_LOAD_IN_PROGRESS", "GROUP_LOAD_IN_PROGRESS",
     Exception::CoordinatorLoadInProgressException,
     "The coordinator is loading and hence can't process requests."},
    {ErrorCode::CoordinatorNotAvailable, "COORDINATOR_NOT_AVAILABLE",
     "GROUP_COORDINATOR_NOT_AVAILABLE", Exception::CoordinatorNotAvailableException,
     "The coordinator is not available."},
    {ErrorCode::NotCoordinator, "NOT_COORDINATOR", "NOT_COORDINATOR_FOR_GROUP",
     Exception::NotCoordinatorException, "This is not the correct coordinator."},
    {ErrorCode::InvalidTopicException, "INVALID_TOPIC_EXCEPTION", "",
     Exception::InvalidTopicException,
     "The request attempted to perform an operation on an invalid topic."},
    {ErrorCode::RecordListTooLarge, "RECORD_LIST_TOO_LARGE", "",
     Exception::RecordBatchTooLargeException,
     "The request included message batch larger than the configured segment size on the server."},
    {ErrorCode::NotEnoughReplicas, "NOT_ENOUGH_REPLICAS", "", Exception::NotEnoughReplicasException,
     "Messages are rejected since there are fewer in-sync replicas than required."},
    {ErrorCode::NotEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "",
     Exception::NotEnoughReplicasAfterAppendException,
     "Messages are written to the log, but to fewer in-sync replicas than required."},
    {ErrorCode::InvalidRequiredAcks, "INVALID_REQUIRED_ACKS", "",
     Exception::InvalidRequiredAcksException,
     "Produce request specified an invalid value for required acks."},
    {ErrorCode::IllegalGeneration, "ILLEGAL_GENERATION", "", Exception::IllegalGenerationException,
     "Specified group generation id is not valid."},
    {ErrorCode::InvalidGroupId, "INVALID_GROUP_ID", "", Exception::InvalidGroupIdException,
     "The configured groupId is invalid."},
    {ErrorCode::UnknownMemberId, "UNKNOWN_MEMBER_ID", "", Exception::UnknownMemberIdException,
     "The coordinator is not aware of this member."},
    {ErrorCode::RebalanceInProgress, "REBALANCE_IN_PROGRESS", "",
     Exception::RebalanceInProgressException, "The group is rebalancing, so a rejoin is needed."},
    {ErrorCode::InvalidCommitOffsetSize, "INVALID_COMMIT_OFFSET_SIZE", "",
     Exception::InvalidCommitOffsetSizeException, "The committing offset data size is not valid."},
    {ErrorCode::TopicAuthorizationFailed, "TOPIC_AUTHORIZATION_FAILED", "",
     Exception::TopicAuthorizationException, "Topic authorization failed."},
    {ErrorCode::GroupAuthorizationFailed, "GROUP_AUTHORIZATION_FAILED", "",
     Exception::GroupAuthorizationException, "Group authorization failed."},
    {ErrorCode::ClusterAuthorizationFailed, "CLUSTER_AUTHORIZATION_FAILED", "",
     Exception::ClusterAuthorizationException, "Cluster authorization failed."},
    {ErrorCode::InvalidTimestamp, "INVALID_TIMESTAMP", "", Exception::InvalidTimestampException,
     "The timestamp of the message is out of acceptable range."},
    {ErrorCode::UnsupportedSaslMechanism, "UNSUPPORTED_SASL_MECHANISM", "",
     Exception::UnsupportedSaslMechanismException,
     "The broker does not support the requested SASL mechanism."},
    {ErrorCode::IllegalSaslState, "ILLEGAL_SASL_STATE", "", Exception::IllegalSaslStateException,
     "Request is not valid given the current SASL state."},
    {ErrorCode::UnsupportedVersion, "UNSUPPORTED_VERSION", "",
     Exception::UnsupportedVersionException, "The version of API is not supported."},
    {ErrorCode::InvalidPartitions, "INVALID_PARTITIONS", "", Exception::InvalidPartitionsException,
     "Number of partitions is below 1."},
    {ErrorCode::InvalidReplicationFactor, "INVALID_REPLICATION_FACTOR", "",
     Exception::InvalidReplicationFactorException,
     "Replication factor is below 1 or larger than the number of available brokers."},
    {ErrorCode::NotController, "NOT_CONTROLLER", "", Exception::NotControllerException,
     "This is not the correct controller for this cluster."},
    {ErrorCode::InvalidRequest, "INVALID_REQUEST", "", Exception::InvalidRequestException,
     "This most likely occurs because of a request being malformed by the client library or the "
     "message was sent to an incompatible broker. See the broker logs for more details."},
    {ErrorCode::UnsupportedForMessageFormat, "UNSUPPORTED_FOR_MESSAGE_FORMAT", "",
     Exception::UnsupportedForMessageFormatException,
     "The message format version on the broker does not support the request."},
    {ErrorCode::PolicyViolation, "POLICY_VIOLATION", "", Exception::PolicyViolationException,
     "Request parameters do not satisfy the configured policy."},
    {ErrorCode::OutOfOrderSequenceNumber, "OUT_OF_ORDER_SEQUENCE_NUMBER", "",
     Exception::OutOfOrderSequenceException,
     "The broker received an out of order sequence number."},
    {ErrorCode::DuplicateSequenceNumber, "DUPLICATE_SEQUENCE_NUMBER", "",
     Exception::DuplicateSequenceException, "The broker received a duplicate sequence number."},
    {ErrorCode::InvalidProducerEpoch, "INVALID_PRODUCER_EPOCH", "",
     Exception::InvalidProducerEpochException, "Producer attempted to produce with an old epoch."},
    {ErrorCode::InvalidTxnState, "INVALID_TXN_STATE", "", Exception::InvalidTxnStateException,
     "The producer attempted a transactional operation in an invalid state."},
    {ErrorCode::InvalidProducerIdMapping, "INVALID_PRODUCER_ID_MAPPING", "",
     Exception::InvalidPidMappingException,
     "The producer attempted to use a producer id which is not currently assigned to its "
     "transactional id."},
    {ErrorCode::InvalidTransactionTimeout, "INVALID_TRANSACTION_TIMEOUT", "",
     Exception::InvalidTxnTimeoutException,
     "The transaction timeout is larger than the maximum value allowed by the broker (as "
     "configured by transaction.max.timeout.ms)."},
    {ErrorCode::ConcurrentTransactions, "CONCURRENT_TRANSACTIONS", "",
     Exception::ConcurrentTransactionsException,
     "The producer attempted to update a transaction while another concurrent operation on the "
     "same transaction was ongoing."},
    {ErrorCode::TransactionCoordinatorFenced, "TRANSACTION_COORDINATOR_FENCED", "",
     Exception::TransactionCoordinatorFencedException,
     "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the "
     "current coordinator for a given producer."},
    {ErrorCode::TransactionalIdAuthorizationFailed, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "",
     Exception::TransactionalIdAuthorizationException, "Transactional Id authorization failed."},
    {ErrorCode::SecurityDisabled, "SECURITY_DISABLED", "", Exception::SecurityDisabledException,
     "Security features are disabled."},
    {ErrorCode::OperationNotAttempted, "OPERATION_NOT_ATTEMPTED", "",
     Exception::OperationNotAttemptedException,
     "The broker did not attempt to execute this operation. This may happen for batched RPCs "
     "where some operations in the batch failed, causing the broker to respond without trying "
     "the rest."},
    {ErrorCode::KafkaStorageError, "KAFKA_STORAGE_ERROR", "", Exception::KafkaStorageException,
     "Disk error when trying to access log file on the disk."},
    {ErrorCode::SaslAuthenticationFailed, "SASL_AUTHENTICATION_FAILED", "",
     Exception::SaslAuthenticationException, "SASL Authentication failed."},
    {ErrorCode::UnknownProducerId, "UNKNOWN_PRODUCER_ID", "", Exception::UnknownProducerIdException,
     "This exception is raised by the broker if it could not locate the producer metadata "
     "associated with the producerId in question. This could happen if, for instance, the "
     "producer's records were deleted because their retention time had elapsed. Once the last "
     "records of the producerId are removed, the producer's metadata is removed from the broker, "
     "and future appends by the producer will return this exception."},
    {ErrorCode::ListenerNotFound, "LISTENER_NOT_FOUND", "", Exception::ListenerNotFoundException,
     "There is no listener on the leader broker that matches the listener on which metadata "
     "request was processed."},
    {ErrorCode::FencedLeaderEpoch, "FENCED_LEADER_EPOCH", "", Exception::FencedLeaderEpochException,
     "The leader epoch in the request is older than the epoch on the broker."},
    {ErrorCode::UnknownLeaderEpoch, "UNKNOWN_LEADER_EPOCH", "",
     Exception::UnknownLeaderEpochException,
     "The leader epoch in the request is newer than the epoch on the broker."},
    {ErrorCode::UnsupportedCompressionType, "UNSUPPORTED_COMPRESSION_TYPE", "",
     Exception::UnsupportedCompressionTypeException,
     "The requesting client does not support the compression type of given partition."},
    {ErrorCode::PreferredLeaderNotAvailable, "PREFERRED_LEADER_NOT_AVAILABLE", "",
     Exception::PreferredLeaderNotAvailableException, "The preferred leader was not available."},
    {ErrorCode::FencedInstanceId, "FENCED_INSTANCE_ID", "", Exception::FencedInstanceIdException,
     "The broker rejected this static consumer since another consumer with the same "
     "group.instance.id has registered with a different member.id."},
    {ErrorCode::EligibleLeadersNotAvailable, "ELIGIBLE_LEADERS_NOT_AVAILABLE", "",
     Exception::EligibleLeadersNotAvailableException,
     "Eligible topic partition leaders are not available."},
    {ErrorCode::ElectionNotNeeded, "ELECTION_NOT_NEEDED", "", Exception::ElectionNotNeededException,
     "Leader election not needed for topic partition."},
    {ErrorCode::InvalidRecord, "INVALID_RECORD", "", Exception::InvalidRecordException,
     "This record has failed the validation on broker and hence will be rejected."},
    {ErrorCode::UnstableOffsetCommit, "UNSTABLE_OFFSET_COMMIT", "",
     Exception::UnstableOffsetCommitException,
     "There are unstable offsets that need to be cleared."},
    {ErrorCode::ThrottlingQuotaExceeded, "THROTTLING_QUOTA_EXCEEDED", "",
     Exception::ThrottlingQuotaExceededException, "The throttling quota has been exceeded."},
    {ErrorCode::ProducerFenced, "PRODUCER_FENCED", "", Exception::ProducerFencedException,
     "There is a newer producer with the same transactionalId which fences the current one."},
    {ErrorCode::UnknownTopicId, "UNKNOWN_TOPIC_ID", "", Exception::UnknownTopicIdException,
     "This server does not host this topic ID."},
    {ErrorCode::InconsistentTopicId, "INCONSISTENT_TOPIC_ID", "",
     Exception::InconsistentTopicIdException,
     "The log's topic ID did not match the topic ID in the request."},
    {ErrorCode::TransactionalIdNotFound, "TRANSACTIONAL_ID_NOT_FOUND", "",
     Exception::TransactionalIdNotFoundException, "The transactionalId could not be found."},
    {ErrorCode::TransactionAbortable, "TRANSACTION_ABORTABLE", "ABORTABLE_TRANSACTION",
     Exception::TransactionAbortableException,
     "The server encountered an error with the transaction. The client can abort the transaction "
     "to continue using this transactional ID."},
});

static_assert(std::is_sorted(kErrorCodes.begin(), kErrorCodes.end(),
                             [](const auto& a, const auto& b) { return a.code < b.code; }));

// The highest number each era's client knows.
constexpr std::int16_t last_known_number(Era era) {
  switch (era) {
    case Era::V0_10_2:
      return 44;
    case Era::V2_8:
      return 104;
    case Era::V3_9:
      return 127;
  }
  return 0;
}

const ErrorCodeInfo* row_of(ErrorCode error) {
  const auto at =
      std::lower_bound(kErrorCodes.begin(), kErrorCodes.end(), error,
                       [](const ErrorCodeInfo& row, ErrorCode code) { return row.code < code; });
  return at != kErrorCodes.end() && at->code == error ? &*at : nullptr;
}

const ErrorCodeInfo& info(ErrorCode error) {
  const ErrorCodeInfo* row = row_of(error);
  CHECK(row != nullptr);
  return *row;
}

// "NOT_LEADER" is short for "NOT_LEADER_OR_FOLLOWER".
bool is_short_for(std::string_view text, std::string_view name) {
  return name.starts_with(text) && name.size() > text.size() && name[text.size()] == '_';
}

struct OlderText {
  ErrorCode error;
  std::string_view text;
};
constexpr OlderText kTextsOf0_10[] = {
    {ErrorCode::UnknownServerError,
     "The server experienced an unexpected error when processing the request"},
    {ErrorCode::CorruptMessage,
     "This message has failed its CRC checksum, exceeds the valid size, or is otherwise corrupt."},
    {ErrorCode::NotLeaderOrFollower, "This server is not the leader for that topic-partition."},
    {ErrorCode::ReplicaNotAvailable,
     "The replica is not available for the requested topic-partition"},
};

}  // namespace

std::span<const ErrorCodeInfo> error_codes() {
  return kErrorCodes;
}

std::string_view name(ErrorCode error) {
  return info(error).name;
}

std::string_view default_message(ErrorCode error, Era era) {
  if (era == Era::V0_10_2) {
    for (const auto& [code, text] : kTextsOf0_10) {
      if (code == error) return text;
    }
  }
  return info(error).message;
}

Exception exception_of(ErrorCode error) {
  CHECK(error != ErrorCode::None);
  return info(error).exception;
}

std::optional<ErrorCode> find_error_code(std::string_view wanted) {
  const std::string text = upper_case(wanted);
  if (text.empty()) return std::nullopt;
  std::optional<ErrorCode> short_for;
  bool is_ambiguous = false;
  for (const ErrorCodeInfo& row : kErrorCodes) {
    if (text == row.name || text == row.old_name) return row.code;
    if (!is_short_for(text, row.name)) continue;
    is_ambiguous = short_for.has_value();
    short_for = row.code;
  }
  return is_ambiguous ? std::nullopt : short_for;
}

ErrorCode error_code_from_wire(std::int16_t number, Era era) {
  const ErrorCode error{number};
  const bool is_known = number <= last_known_number(era) && row_of(error) != nullptr;
  return is_known ? error : ErrorCode::UnknownServerError;
}

bool is_retriable(ErrorCode error, Era era) {
  return error != ErrorCode::None && is_retriable(exception_of(error), era);
}

bool is_invalid_metadata(ErrorCode error, Era era) {
  return error != ErrorCode::None && is_invalid_metadata(exception_of(error), era);
}

}  // namespace linger::core
