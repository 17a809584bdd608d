// Kafka's protocol errors: their wire numbers, their names, which are retriable.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/exception.h"
#include "core/rules.h"

namespace linger::core {

// Those a producer, or a broker that serves one, can meet. The numbers are the protocol's, so that
// a trace can be read beside Kafka's own documentation.
enum class ErrorCode : std::int16_t {
  UnknownServerError = -1,
  None = 0,
  OffsetOutOfRange = 1,
  CorruptMessage = 2,
  UnknownTopicOrPartition = 3,
  LeaderNotAvailable = 5,
  NotLeaderOrFollower = 6,
  RequestTimedOut = 7,
  BrokerNotAvailable = 8,
  ReplicaNotAvailable = 9,
  MessageTooLarge = 10,
  OffsetMetadataTooLarge = 12,
  NetworkException = 13,
  CoordinatorLoadInProgress = 14,
  CoordinatorNotAvailable = 15,
  NotCoordinator = 16,
  InvalidTopicException = 17,
  RecordListTooLarge = 18,
  NotEnoughReplicas = 19,
  NotEnoughReplicasAfterAppend = 20,
  InvalidRequiredAcks = 21,
  IllegalGeneration = 22,
  InvalidGroupId = 24,
  UnknownMemberId = 25,
  RebalanceInProgress = 27,
  InvalidCommitOffsetSize = 28,
  TopicAuthorizationFailed = 29,
  GroupAuthorizationFailed = 30,
  ClusterAuthorizationFailed = 31,
  InvalidTimestamp = 32,
  UnsupportedSaslMechanism = 33,
  IllegalSaslState = 34,
  UnsupportedVersion = 35,
  InvalidPartitions = 37,
  InvalidReplicationFactor = 38,
  NotController = 41,
  InvalidRequest = 42,
  UnsupportedForMessageFormat = 43,
  PolicyViolation = 44,
  OutOfOrderSequenceNumber = 45,
  DuplicateSequenceNumber = 46,
  InvalidProducerEpoch = 47,
  InvalidTxnState = 48,
  InvalidProducerIdMapping = 49,
  InvalidTransactionTimeout = 50,
  ConcurrentTransactions = 51,
  TransactionCoordinatorFenced = 52,
  TransactionalIdAuthorizationFailed = 53,
  SecurityDisabled = 54,
  OperationNotAttempted = 55,
  KafkaStorageError = 56,
  SaslAuthenticationFailed = 58,
  UnknownProducerId = 59,
  ListenerNotFound = 72,
  FencedLeaderEpoch = 74,
  UnknownLeaderEpoch = 75,
  UnsupportedCompressionType = 76,
  PreferredLeaderNotAvailable = 80,
  FencedInstanceId = 82,
  EligibleLeadersNotAvailable = 83,
  ElectionNotNeeded = 84,
  InvalidRecord = 87,
  UnstableOffsetCommit = 88,
  ThrottlingQuotaExceeded = 89,
  ProducerFenced = 90,
  UnknownTopicId = 100,
  InconsistentTopicId = 103,
  TransactionalIdNotFound = 105,
  TransactionAbortable = 120,
};

struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view name;      // "NOT_LEADER_OR_FOLLOWER"
  std::string_view old_name;  // "NOT_LEADER_FOR_PARTITION"; empty if it never had another
  Exception exception;        // the class the Java client raises for it
  std::string_view message;   // what that exception says where the broker sent no text of its own
};

// Every code above, by number.
std::span<const ErrorCodeInfo> error_codes();

std::string_view name(ErrorCode error);
std::string_view default_message(ErrorCode error, Era era = Era::V3_9);

// The class the Java client raises for it. Requires: error != None.
Exception exception_of(ErrorCode error);

// By name, in any case; also an old name ("NOT_LEADER_FOR_PARTITION"), or the beginning of one name
// only, up to an underscore ("NOT_LEADER").
std::optional<ErrorCode> find_error_code(std::string_view name);

// As a client of `era` reads a number off the wire: one it does not know is UnknownServerError.
ErrorCode error_code_from_wire(std::int16_t number, Era era = Era::V3_9);
inline std::int16_t wire_number(ErrorCode error) {
  return static_cast<std::int16_t>(error);
}

// May the client try again by itself? None is not retriable.
[[nodiscard]] bool is_retriable(ErrorCode error, Era era = Era::V3_9);

// Does it say that the client's metadata is stale? Every such error is retriable.
[[nodiscard]] bool is_invalid_metadata(ErrorCode error, Era era = Era::V3_9);

}  // namespace linger::core
