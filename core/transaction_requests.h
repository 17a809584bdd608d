// The requests a transaction manager wants sent, and in which order it gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_call.h"
#include "core/transaction_events.h"

namespace linger::core {

using TransactionalRequestBody =
    std::variant<FindCoordinatorRequest, InitProducerIdRequest, AddPartitionsToTxnRequest,
                 AddOffsetsToTxnRequest, TxnOffsetCommitRequest, EndTxnRequest>;

// In Kafka: TransactionManager.TxnRequestHandler.
struct TransactionalRequest {
  TransactionalRequestBody body;
  std::optional<TransactionResultId> result;  // what somebody may wait for
  bool is_retry = false;
  bool is_epoch_bump = false;             // InitProducerId
  Milliseconds retry_backoff{};           // to sleep before it is repeated
  std::vector<OffsetToCommit> offsets{};  // AddOffsetsToTxn: what is to come after it
  ConsumerGroupMetadata group{};          // the same

  // Whom it is for; none: any broker.
  std::optional<CoordinatorType> coordinator() const;
  std::string coordinator_key() const;
  ApiKey api() const;
  bool is_end_txn() const { return std::holds_alternative<EndTxnRequest>(body); }
};

// What it says, as the trace tells it.
TransactionRequestSent told(const TransactionalRequest& request);

// FindCoordinator before a first InitProducerId, before additions to the transaction, before
// EndTxn, before an InitProducerId that raises the epoch. Equal ones leave in the order of Java's
// PriorityQueue, a binary heap: not always that in which they came.
class TransactionRequestQueue {
 public:
  bool is_empty() const { return heap_.empty(); }
  const TransactionalRequest& next() const { return heap_.front(); }
  void add(TransactionalRequest request);
  // Requires: !is_empty().
  TransactionalRequest take();
  // In the order in which Java iterates over them.
  const std::vector<TransactionalRequest>& all() const { return heap_; }

 private:
  std::vector<TransactionalRequest> heap_;
};

// --- The contents of requests, in the order of Java's hash maps ---

std::vector<TopicPartition> in_hash_order(const std::vector<TopicPartition>& partitions,
                                          const TopicNames& topics);
std::vector<AddPartitionsToTxnTopic> topics_to_add(const std::vector<TopicPartition>& partitions,
                                                   const TopicNames& topics);
std::vector<TxnOffsetCommitTopic> topics_to_commit(const std::vector<OffsetToCommit>& offsets,
                                                   const TopicNames& topics);

// What a response says of each partition, in the order in which the client looks at them.
struct PartitionError {
  std::string topic;
  std::int32_t partition = 0;
  ErrorCode error = ErrorCode::None;
};
std::vector<PartitionError> partition_errors(const std::vector<TopicResult>& results, Era era);

}  // namespace linger::core
