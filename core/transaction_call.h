// A call of a transactional producer's methods, and what it may carry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/client_error.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

// Whose offsets are committed: what the group's coordinator checks them against.
// In Kafka: ConsumerGroupMetadata.
struct ConsumerGroupMetadata {
  std::string group_id;
  std::int32_t generation_id = -1;  // unknown
  std::string member_id;
  std::optional<std::string> group_instance_id;
  friend bool operator==(const ConsumerGroupMetadata&, const ConsumerGroupMetadata&) = default;
};

// An offset that a transaction commits with its records.
struct OffsetToCommit {
  TopicPartition partition;
  std::int64_t offset = 0;
  std::int32_t leader_epoch = -1;
  std::string metadata{};
  friend bool operator==(const OffsetToCommit&, const OffsetToCommit&) = default;
};

// What the transaction manager does for such a call, until it is done: in Kafka,
// TransactionalRequestResult.
using TransactionResultId = Id<struct TransactionResultIdTag, std::int64_t>;

struct TransactionCallEnd {
  CallOutcome outcome = CallOutcome::Ok;
  std::optional<ClientError> error;
};

// initTransactions(), beginTransaction(), sendOffsetsToTransaction(), commitTransaction() or
// abortTransaction(). All but the second wait for their result, at most max.block.ms; what the
// producer does for a call that timed out goes on.
struct TransactionCall {
  ThreadId thread;
  TransactionMethod method = TransactionMethod::InitTransactions;
  Millis started{};
  Millis deadline = kNever;
  std::optional<TransactionResultId> result;  // what it waits for
  std::optional<TransactionCallEnd> end;      // it is over
};

}  // namespace linger::core
