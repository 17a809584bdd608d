#include "core/transaction_errors.h"

#include <string>

namespace linger::core {

namespace {

std::string producer_text(const FencedProducer& producer) {
  return "Producer with transactionalId '" + std::string{producer.transactional_id} +
         "' and (producerId=" + std::to_string(producer.id.producer_id) +
         ", epoch=" + std::to_string(producer.id.epoch) + ")";
}

// As Java prints an exception of the protocol's.
std::string qualified(const ClientError& error) {
  return "org.apache.kafka.common.errors." + std::string{name(error.exception)} + ": " +
         error.message;
}

}  // namespace

std::string_view name(TransactionState state) {
  switch (state) {
    case TransactionState::Uninitialized:
      return "UNINITIALIZED";
    case TransactionState::Initializing:
      return "INITIALIZING";
    case TransactionState::Ready:
      return "READY";
    case TransactionState::InTransaction:
      return "IN_TRANSACTION";
    case TransactionState::CommittingTransaction:
      return "COMMITTING_TRANSACTION";
    case TransactionState::AbortingTransaction:
      return "ABORTING_TRANSACTION";
    case TransactionState::AbortableError:
      return "ABORTABLE_ERROR";
    case TransactionState::FatalError:
      return "FATAL_ERROR";
  }
  return {};
}

std::string_view operation_of(TransactionMethod method) {
  switch (method) {
    case TransactionMethod::InitTransactions:
      return "initTransactions";
    case TransactionMethod::BeginTransaction:
      return "beginTransaction";
    case TransactionMethod::SendOffsetsToTransaction:
      return "sendOffsetsToTransaction";
    case TransactionMethod::CommitTransaction:
      return "commitTransaction";
    case TransactionMethod::AbortTransaction:
      return "abortTransaction";
  }
  return {};
}

ClientError invalid_transition(const RefusedTransition& transition, bool is_illegal_state) {
  const std::string whose = transition.transactional_id
                                ? "TransactionalId " + *transition.transactional_id + ": "
                                : std::string{};
  return {is_illegal_state ? Exception::IllegalStateException : Exception::KafkaException,
          whose + "Invalid transition attempted from state " + std::string{name(transition.from)} +
              " to state " + std::string{name(transition.to)}};
}

ClientError after_invalid_transition(const FencedProducer& producer) {
  return {Exception::IllegalStateException,
          producer_text(producer) +
              " cannot execute transactional method because of previous invalid state transition "
              "attempt",
          Exception::IllegalStateException};
}

ClientError call_must_be_retried(std::string_view operation, std::string_view previous) {
  return {Exception::IllegalStateException, "Cannot attempt operation `" + std::string{operation} +
                                                "` because the previous call to `" +
                                                std::string{previous} +
                                                "` timed out and must be retried"};
}

ClientError send_after_failure(const ClientError& last_error) {
  return {Exception::KafkaException,
          "Cannot perform send because at least one previous transactional or idempotent request "
          "has failed with errors.",
          last_error.exception};
}

ClientError send_before_init() {
  return {Exception::IllegalStateException,
          "Cannot perform a 'send' before completing a call to initTransactions when transactions "
          "are enabled."};
}

ClientError send_in_state(TransactionState state) {
  return {Exception::IllegalStateException,
          "Cannot call send in state " + std::string{name(state)}};
}

ClientError add_partition_before_init(std::string_view partition) {
  return {Exception::IllegalStateException,
          "Cannot add partition " + std::string{partition} +
              " to transaction before completing a call to initTransactions"};
}

ClientError add_partition_in_state(std::string_view partition, TransactionState state) {
  return {Exception::IllegalStateException, "Cannot add partition " + std::string{partition} +
                                                " to transaction while in state  " +
                                                std::string{name(state)}};
}

ClientError offsets_outside_transaction() {
  return {Exception::KafkaException,
          "Cannot send offsets to transaction either because the producer is not in an active "
          "transaction"};
}

ClientError offsets_outside_transaction(TransactionState state) {
  return {Exception::IllegalStateException,
          "Cannot send offsets if a transaction is not in progress (currentState= " +
              std::string{name(state)} + ")"};
}

ClientError group_without_member(const ConsumerGroupMetadata& group) {
  return {Exception::IllegalArgumentException,
          "Passed in group metadata GroupMetadata(groupId = " + group.group_id +
              ", generationId = " + std::to_string(group.generation_id) + ", memberId = " +
              group.member_id + ", groupInstanceId = " + group.group_instance_id.value_or("") +
              ") has generationId > 0 but member.id "};
}

ClientError unacknowledged_messages(bool is_safe_to_abort) {
  return {Exception::KafkaException,
          std::string{"The client hasn't received acknowledgment for some previously sent messages "
                      "and can no longer retry them. "} +
              (is_safe_to_abort ? "It is safe to abort the transaction and continue."
                                : "It isn't safe to continue.")};
}

ClientError partitions_not_added(const std::vector<PartitionError>& errors) {
  std::string list;
  for (const PartitionError& one : errors) {
    if (!list.empty()) list += ", ";
    list += one.topic + "-" + std::to_string(one.partition) + "=" + std::string{name(one.error)};
  }
  return {Exception::KafkaException,
          "Could not add partitions to transaction due to errors: {" + list + "}"};
}

ClientError group_not_authorized(std::string_view group) {
  return {Exception::GroupAuthorizationException,
          "Not authorized to access group: " + std::string{group}};
}

ClientError group_metadata_mismatch(std::string_view message) {
  return {Exception::CommitFailedException,
          "Transaction offset Commit failed due to consumer group metadata mismatch: " +
              std::string{message}};
}

ClientError no_coordinator(CoordinatorType type, std::string_view key, std::string_view message) {
  const bool is_group = type == CoordinatorType::Group;
  return {Exception::KafkaException, "Could not find a coordinator with type " +
                                         std::string{is_group ? "GROUP" : "TRANSACTION"} +
                                         " with key " + std::string{key} +
                                         " due to unexpected error: " + std::string{message}};
}

ClientError unexpected_in(std::string_view response, std::string_view message) {
  return {Exception::KafkaException,
          "Unexpected error in " + std::string{response} + std::string{message}};
}

ClientError unhandled_in_end_txn(std::string_view message) {
  return {Exception::KafkaException, "Unhandled error in EndTxnResponse: " + std::string{message}};
}

ClientError more_than_one_in_flight() {
  return {Exception::RuntimeException, "Detected more than one in-flight transactional request."};
}

ClientError wrapped(const ClientError& cause) {
  return {Exception::KafkaException, qualified(cause), cause.exception};
}

ClientError authentication_failed(const ClientError& cause) {
  return {Exception::AuthenticationException, qualified(cause), cause.exception};
}

ClientError negative_sequence(std::string_view partition, std::int32_t sequence) {
  return {Exception::IllegalStateException,
          "Sequence number for partition " + std::string{partition} +
              " is going to become negative: " + std::to_string(sequence)};
}

}  // namespace linger::core
