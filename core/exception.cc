#include "core/exception.h"

#include <array>
#include <cstddef>

#include "core/check.h"

namespace linger::core {
namespace {

// How send() tells of it, and whether the client may try again. Each kind includes those before it,
// as the classes derive: RetriableException is an ApiException, InvalidMetadataException retriable.
enum class Kind : std::uint8_t { Thrown, Api, Retriable, InvalidMetadata };

struct ExceptionInfo {
  constexpr ExceptionInfo(Exception e, std::string_view n, std::string_view old, Kind always)
      : ExceptionInfo{e, n, old, always, always, always} {}
  constexpr ExceptionInfo(Exception e, std::string_view n, std::string_view old, Kind in_v3_9,
                          Kind in_v2_8, Kind in_v0_10_2)
      : exception{e}, name{n}, old_name{old}, v3_9{in_v3_9}, v2_8{in_v2_8}, v0_10_2{in_v0_10_2} {}

  Exception exception;
  std::string_view name;
  std::string_view old_name;
  Kind v3_9;
  Kind v2_8;
  Kind v0_10_2;
};

using enum Kind;

constexpr auto kExceptions = std::to_array<ExceptionInfo>({
    {Exception::IllegalArgumentException, "IllegalArgumentException", "", Thrown},
    {Exception::IllegalStateException, "IllegalStateException", "", Thrown},
    {Exception::NullPointerException, "NullPointerException", "", Thrown},
    {Exception::ClassCastException, "ClassCastException", "", Thrown},
    {Exception::RuntimeException, "RuntimeException", "", Thrown},
    {Exception::KafkaException, "KafkaException", "", Thrown},
    {Exception::ConfigException, "ConfigException", "", Thrown},
    {Exception::InterruptException, "InterruptException", "", Thrown},
    {Exception::SerializationException, "SerializationException", "", Thrown},
    {Exception::CommitFailedException, "CommitFailedException", "", Thrown},
    {Exception::ApiException, "ApiException", "", Api},
    {Exception::AuthenticationException, "AuthenticationException", "", Api},
    {Exception::BrokerNotAvailableException, "BrokerNotAvailableException", "", Api},
    {Exception::BufferExhaustedException, "BufferExhaustedException", "", Retriable, Retriable,
     Thrown},
    {Exception::ClusterAuthorizationException, "ClusterAuthorizationException", "", Api},
    {Exception::ConcurrentTransactionsException, "ConcurrentTransactionsException", "", Retriable,
     Api, Api},
    {Exception::CoordinatorLoadInProgressException, "CoordinatorLoadInProgressException",
     "GroupLoadInProgressException", Retriable},
    {Exception::CoordinatorNotAvailableException, "CoordinatorNotAvailableException",
     "GroupCoordinatorNotAvailableException", Retriable},
    {Exception::CorruptRecordException, "CorruptRecordException", "", Retriable},
    {Exception::DisconnectException, "DisconnectException", "", Retriable},
    {Exception::DuplicateSequenceException, "DuplicateSequenceException", "", Api},
    {Exception::ElectionNotNeededException, "ElectionNotNeededException", "", InvalidMetadata},
    {Exception::EligibleLeadersNotAvailableException, "EligibleLeadersNotAvailableException", "",
     InvalidMetadata},
    {Exception::FencedInstanceIdException, "FencedInstanceIdException", "", Api},
    {Exception::FencedLeaderEpochException, "FencedLeaderEpochException", "", InvalidMetadata},
    {Exception::GroupAuthorizationException, "GroupAuthorizationException", "", Api},
    {Exception::IllegalGenerationException, "IllegalGenerationException", "", Api},
    {Exception::IllegalSaslStateException, "IllegalSaslStateException", "", Api},
    {Exception::InconsistentTopicIdException, "InconsistentTopicIdException", "", InvalidMetadata},
    {Exception::InvalidCommitOffsetSizeException, "InvalidCommitOffsetSizeException", "", Api},
    {Exception::InvalidGroupIdException, "InvalidGroupIdException", "", Api},
    {Exception::InvalidPartitionsException, "InvalidPartitionsException", "", Api},
    {Exception::InvalidPidMappingException, "InvalidPidMappingException", "", Api},
    {Exception::InvalidProducerEpochException, "InvalidProducerEpochException", "", Api},
    {Exception::InvalidRecordException, "InvalidRecordException", "", Api},
    {Exception::InvalidReplicationFactorException, "InvalidReplicationFactorException", "", Api},
    {Exception::InvalidRequestException, "InvalidRequestException", "", Api},
    {Exception::InvalidRequiredAcksException, "InvalidRequiredAcksException", "", Api},
    {Exception::InvalidTimestampException, "InvalidTimestampException", "", Api},
    {Exception::InvalidTopicException, "InvalidTopicException", "", Api},
    {Exception::InvalidTxnStateException, "InvalidTxnStateException", "", Api},
    {Exception::InvalidTxnTimeoutException, "InvalidTxnTimeoutException", "", Api},
    {Exception::KafkaStorageException, "KafkaStorageException", "", InvalidMetadata},
    {Exception::LeaderNotAvailableException, "LeaderNotAvailableException", "", InvalidMetadata},
    {Exception::ListenerNotFoundException, "ListenerNotFoundException", "", InvalidMetadata},
    {Exception::NetworkException, "NetworkException", "", InvalidMetadata},
    {Exception::NotControllerException, "NotControllerException", "", Retriable},
    {Exception::NotCoordinatorException, "NotCoordinatorException",
     "NotCoordinatorForGroupException", Retriable},
    {Exception::NotEnoughReplicasAfterAppendException, "NotEnoughReplicasAfterAppendException", "",
     Retriable},
    {Exception::NotEnoughReplicasException, "NotEnoughReplicasException", "", Retriable},
    {Exception::NotLeaderOrFollowerException, "NotLeaderOrFollowerException",
     "NotLeaderForPartitionException", InvalidMetadata},
    {Exception::OffsetMetadataTooLarge, "OffsetMetadataTooLarge", "", Api},
    {Exception::OffsetOutOfRangeException, "OffsetOutOfRangeException", "", Api},
    {Exception::OperationNotAttemptedException, "OperationNotAttemptedException", "", Api},
    {Exception::OutOfOrderSequenceException, "OutOfOrderSequenceException", "", Api},
    {Exception::PolicyViolationException, "PolicyViolationException", "", Api},
    {Exception::PreferredLeaderNotAvailableException, "PreferredLeaderNotAvailableException", "",
     InvalidMetadata},
    {Exception::ProducerFencedException, "ProducerFencedException", "", Api},
    {Exception::RebalanceInProgressException, "RebalanceInProgressException", "", Api},
    {Exception::RecordBatchTooLargeException, "RecordBatchTooLargeException", "", Api},
    {Exception::RecordTooLargeException, "RecordTooLargeException", "", Api},
    {Exception::ReplicaNotAvailableException, "ReplicaNotAvailableException", "", InvalidMetadata,
     InvalidMetadata, Api},
    {Exception::SaslAuthenticationException, "SaslAuthenticationException", "", Api},
    {Exception::SecurityDisabledException, "SecurityDisabledException", "", Api},
    {Exception::ThrottlingQuotaExceededException, "ThrottlingQuotaExceededException", "",
     Retriable},
    {Exception::TimeoutException, "TimeoutException", "", Retriable},
    {Exception::TopicAuthorizationException, "TopicAuthorizationException", "", Api},
    {Exception::TransactionAbortableException, "TransactionAbortableException", "", Api},
    {Exception::TransactionAbortedException, "TransactionAbortedException", "", Api},
    {Exception::TransactionCoordinatorFencedException, "TransactionCoordinatorFencedException", "",
     Api},
    {Exception::TransactionalIdAuthorizationException, "TransactionalIdAuthorizationException", "",
     Api},
    {Exception::TransactionalIdNotFoundException, "TransactionalIdNotFoundException", "", Api},
    {Exception::UnknownLeaderEpochException, "UnknownLeaderEpochException", "", Retriable},
    {Exception::UnknownMemberIdException, "UnknownMemberIdException", "", Api},
    {Exception::UnknownProducerIdException, "UnknownProducerIdException", "", Api},
    {Exception::UnknownServerException, "UnknownServerException", "", Api},
    {Exception::UnknownTopicIdException, "UnknownTopicIdException", "", InvalidMetadata},
    {Exception::UnknownTopicOrPartitionException, "UnknownTopicOrPartitionException", "",
     InvalidMetadata},
    {Exception::UnstableOffsetCommitException, "UnstableOffsetCommitException", "", Retriable},
    {Exception::UnsupportedCompressionTypeException, "UnsupportedCompressionTypeException", "",
     Api},
    {Exception::UnsupportedForMessageFormatException, "UnsupportedForMessageFormatException", "",
     Api},
    {Exception::UnsupportedSaslMechanismException, "UnsupportedSaslMechanismException", "", Api},
    {Exception::UnsupportedVersionException, "UnsupportedVersionException", "", Api},
});

constexpr bool rows_stand_at_their_own_number() {
  for (std::size_t i = 0; i < kExceptions.size(); ++i) {
    if (static_cast<std::size_t>(kExceptions[i].exception) != i) return false;
  }
  return true;
}
static_assert(rows_stand_at_their_own_number());

const ExceptionInfo& info(Exception exception) {
  const auto at = static_cast<std::size_t>(exception);
  CHECK(at < kExceptions.size());
  return kExceptions[at];
}

Kind kind(Exception exception, Era era) {
  const ExceptionInfo& row = info(exception);
  switch (era) {
    case Era::V0_10_2:
      return row.v0_10_2;
    case Era::V2_8:
      return row.v2_8;
    case Era::V3_9:
      return row.v3_9;
  }
  return row.v3_9;
}

}  // namespace

std::string_view name(Exception exception, Era era) {
  const bool had_another = era == Era::V0_10_2 && !info(exception).old_name.empty();
  return had_another ? info(exception).old_name : info(exception).name;
}

std::optional<Exception> find_exception(std::string_view name) {
  for (const ExceptionInfo& row : kExceptions) {
    if (!name.empty() && (name == row.name || name == row.old_name)) return row.exception;
  }
  return std::nullopt;
}

bool is_api_exception(Exception exception, Era era) {
  return kind(exception, era) >= Api;
}

bool is_retriable(Exception exception, Era era) {
  return kind(exception, era) >= Retriable;
}

bool is_invalid_metadata(Exception exception, Era era) {
  return kind(exception, era) == InvalidMetadata;
}

}  // namespace linger::core
