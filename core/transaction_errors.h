// What a transaction manager tells whoever asks it for something it cannot do, or fails.
#pragma once

#include <string_view>
#include <vector>

#include "core/client_error.h"
#include "core/event_words.h"
#include "core/topic_names.h"
#include "core/transaction_call.h"
#include "core/transaction_requests.h"

namespace linger::core {

std::string_view name(TransactionState state);  // "IN_TRANSACTION"

// Since KAFKA-13412 an IllegalStateException, before a plain KafkaException. Without a
// transactional id nothing says whose transition it is.
struct RefusedTransition {
  std::optional<std::string> transactional_id;
  TransactionState from;
  TransactionState to;
};
ClientError invalid_transition(const RefusedTransition& transition, bool is_illegal_state);

// The state of a producer that tried what it may not (KAFKA-14831).
ClientError after_invalid_transition(const FencedProducer& producer);

// A call of a method while the result of another one was not seen yet (KAFKA-13412).
ClientError call_must_be_retried(std::string_view operation, std::string_view previous);
std::string_view operation_of(TransactionMethod method);  // "commitTransaction"

// send() in the wrong state, before KAFKA-13412 and since.
ClientError send_after_failure(const ClientError& last_error);
ClientError send_before_init();
ClientError send_in_state(TransactionState state);
ClientError add_partition_before_init(std::string_view partition);
ClientError add_partition_in_state(std::string_view partition, TransactionState state);

ClientError offsets_outside_transaction();                        // before KAFKA-13412
ClientError offsets_outside_transaction(TransactionState state);  // since
ClientError group_without_member(const ConsumerGroupMetadata& group);

ClientError unacknowledged_messages(bool is_safe_to_abort);
ClientError partitions_not_added(const std::vector<PartitionError>& errors);
ClientError group_not_authorized(std::string_view group);
ClientError group_metadata_mismatch(std::string_view message);
ClientError no_coordinator(CoordinatorType type, std::string_view key, std::string_view message);
ClientError unexpected_in(std::string_view response, std::string_view message);
ClientError unhandled_in_end_txn(std::string_view message);
ClientError more_than_one_in_flight();
// An exception around another of the protocol's.
ClientError wrapped(const ClientError& cause);
ClientError authentication_failed(const ClientError& cause);
ClientError negative_sequence(std::string_view partition, std::int32_t sequence);

}  // namespace linger::core
