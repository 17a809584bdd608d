// Whether a call that is held may go on: what the producer acts on, in a place where it can also be
// asked what something else would have made of it.
#pragma once

#include <algorithm>

#include "core/kafka_producer.h"
#include "core/produce_request_result.h"
#include "core/transaction_manager.h"

namespace linger::core {

// In Kafka: RecordAccumulator.awaitFlushCompletion.
inline bool may_go_on(const FlushCall& call, const ProduceRequestResults& results) {
  return std::all_of(call.results.begin(), call.results.end(),
                     [&results](ResultId result) { return results.at(result).is_done; });
}

// In Kafka: FutureRecordMetadata.get.
inline bool may_go_on(const FutureCall& call, const ProduceRequestResults& results, Millis now) {
  return results.at(results.resolve(call.future).result).is_done || now >= call.deadline;
}

// In Kafka: TransactionalRequestResult.await.
inline bool may_go_on(const TransactionCall& call, const TransactionalResult& result, Millis now) {
  return result.is_done || now >= call.deadline;
}

}  // namespace linger::core
