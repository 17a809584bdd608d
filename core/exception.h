// The Java exceptions a producer can show: which are thrown, which are delivered, which may be
// retried.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/rules.h"

namespace linger::core {

// The Java classes a producer can show, each under its own name.
enum class Exception : std::uint8_t {
  // Java's own.
  IllegalArgumentException,
  IllegalStateException,
  NullPointerException,
  ClassCastException,
  RuntimeException,

  // Kafka's, thrown.
  KafkaException,
  ConfigException,
  InterruptException,
  SerializationException,
  CommitFailedException,

  // Kafka's, delivered: subclasses of ApiException.
  ApiException,
  AuthenticationException,
  BrokerNotAvailableException,
  BufferExhaustedException,
  ClusterAuthorizationException,
  ConcurrentTransactionsException,
  CoordinatorLoadInProgressException,
  CoordinatorNotAvailableException,
  CorruptRecordException,
  DisconnectException,
  DuplicateSequenceException,
  ElectionNotNeededException,
  EligibleLeadersNotAvailableException,
  FencedInstanceIdException,
  FencedLeaderEpochException,
  GroupAuthorizationException,
  IllegalGenerationException,
  IllegalSaslStateException,
  InconsistentTopicIdException,
  InvalidCommitOffsetSizeException,
  InvalidGroupIdException,
  InvalidPartitionsException,
  InvalidPidMappingException,
  InvalidProducerEpochException,
  InvalidRecordException,
  InvalidReplicationFactorException,
  InvalidRequestException,
  InvalidRequiredAcksException,
  InvalidTimestampException,
  InvalidTopicException,
  InvalidTxnStateException,
  InvalidTxnTimeoutException,
  KafkaStorageException,
  LeaderNotAvailableException,
  ListenerNotFoundException,
  NetworkException,
  NotControllerException,
  NotCoordinatorException,
  NotEnoughReplicasAfterAppendException,
  NotEnoughReplicasException,
  NotLeaderOrFollowerException,
  OffsetMetadataTooLarge,
  OffsetOutOfRangeException,
  OperationNotAttemptedException,
  OutOfOrderSequenceException,
  PolicyViolationException,
  PreferredLeaderNotAvailableException,
  ProducerFencedException,
  RebalanceInProgressException,
  RecordBatchTooLargeException,
  RecordTooLargeException,
  ReplicaNotAvailableException,
  SaslAuthenticationException,
  SecurityDisabledException,
  ThrottlingQuotaExceededException,
  TimeoutException,
  TopicAuthorizationException,
  TransactionAbortableException,
  TransactionAbortedException,
  TransactionCoordinatorFencedException,
  TransactionalIdAuthorizationException,
  TransactionalIdNotFoundException,
  UnknownLeaderEpochException,
  UnknownMemberIdException,
  UnknownProducerIdException,
  UnknownServerException,
  UnknownTopicIdException,
  UnknownTopicOrPartitionException,
  UnstableOffsetCommitException,
  UnsupportedCompressionTypeException,
  UnsupportedForMessageFormatException,
  UnsupportedSaslMechanismException,
  UnsupportedVersionException,
};

std::string_view name(Exception exception, Era era = Era::V3_9);  // "TimeoutException"
std::optional<Exception> find_exception(std::string_view name);   // also an old class name

// True if send() delivers it: it returns a failed future and runs the callback. Anything else it
// throws at its caller. BufferExhaustedException has been one since 2.6.
[[nodiscard]] bool is_api_exception(Exception exception, Era era = Era::V3_9);

// True if Java's class derives from RetriableException.
[[nodiscard]] bool is_retriable(Exception exception, Era era = Era::V3_9);

// True if it derives from InvalidMetadataException. Implies is_retriable.
[[nodiscard]] bool is_invalid_metadata(Exception exception, Era era = Era::V3_9);

}  // namespace linger::core
