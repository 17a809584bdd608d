#include "sim/transaction_metadata.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/check.h"

namespace linger::sim {
namespace {

using core::ErrorCode;
using core::ProducerIdAndEpoch;
using enum TransactionState;

// The last one is kept for a fence.
constexpr std::int16_t kLastEpochGivenOut = std::numeric_limits<std::int16_t>::max() - 1;

bool is_exhausted(std::int16_t epoch) {
  return epoch >= kLastEpochGivenOut;
}

// May somebody who has this id and epoch go on under the next one?
bool is_expected(const TransactionMetadata& known, ProducerIdAndEpoch expected) {
  if (!expected.is_valid() || known.producer.epoch == -1) return true;
  const bool was_rotated =
      expected.producer_id == known.last_producer.producer_id && is_exhausted(expected.epoch);
  return expected.producer_id == known.producer.producer_id || was_rotated;
}

TransactionMetadata emptied(TransactionMetadata metadata, Duration timeout) {
  metadata.timeout = timeout;
  metadata.state = Empty;
  metadata.partitions.clear();
  metadata.groups.clear();
  return metadata;
}

TransactionDecision next_epoch(const TransactionMetadata& known, const InitRequest& request) {
  TransactionMetadata next = emptied(known, request.timeout);
  const ProducerIdAndEpoch expected = request.expected;
  const bool is_current = !expected.is_valid() || expected.epoch == known.producer.epoch;
  if (is_exhausted(known.producer.epoch) && is_current) {
    next.last_producer = expected.is_valid() ? known.producer : ProducerIdAndEpoch{};
    next.producer = {-1, 0};
    return {ErrorCode::None, next};
  }
  if (is_current || known.producer.epoch == -1) {
    next.last_producer = expected.is_valid() ? known.producer : ProducerIdAndEpoch{};
    ++next.producer.epoch;
    return {ErrorCode::None, next};
  }
  // The answer to the last bump was lost, and the client asks again.
  if (expected.epoch == known.last_producer.epoch) return {ErrorCode::None, next};
  return {ErrorCode::ProducerFenced, std::nullopt};
}

bool contains(const auto& whole, const auto& part) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

bool is_ending(TransactionState state) {
  return state == PrepareCommit || state == PrepareAbort;
}

TransactionDecision decide_init(const TransactionMetadata& known, const InitRequest& request) {
  if (is_ending(known.state)) return {ErrorCode::ConcurrentTransactions, std::nullopt};
  if (!is_expected(known, request.expected)) return {ErrorCode::ProducerFenced, std::nullopt};
  const bool is_last_epoch = known.producer.epoch == std::numeric_limits<std::int16_t>::max();
  if (known.state == Ongoing && is_last_epoch) return {ErrorCode::UnknownServerError, std::nullopt};
  if (known.state == Ongoing) return {ErrorCode::ConcurrentTransactions, fenced(known)};
  return next_epoch(known, request);
}

TransactionDecision decide_add(const TransactionMetadata& known, AddRequest request) {
  const ErrorCode refusal = check_owner(known, request.producer);
  if (refusal != ErrorCode::None) return {refusal, std::nullopt};
  if (is_ending(known.state)) return {ErrorCode::ConcurrentTransactions, std::nullopt};
  if (known.state == Ongoing && contains(known.partitions, request.partitions) &&
      contains(known.groups, request.groups)) {
    return {ErrorCode::None, std::nullopt};
  }
  TransactionMetadata next = known;
  if (known.state != Ongoing) {
    next.state = Ongoing;
    next.started = request.now;
    next.partitions.clear();
    next.groups.clear();
  }
  next.partitions.merge(request.partitions);
  next.groups.merge(request.groups);
  return {ErrorCode::None, std::move(next)};
}

TransactionDecision decide_end(const TransactionMetadata& known, const EndRequest& request) {
  const ErrorCode refusal = check_owner(known, request.producer);
  if (refusal != ErrorCode::None) return {refusal, std::nullopt};
  const ErrorCode wrong_end = ErrorCode::InvalidTxnState;
  switch (known.state) {
    case Empty:
      return {wrong_end, std::nullopt};
    case Ongoing: {
      TransactionMetadata next = known;
      next.state = request.committed ? PrepareCommit : PrepareAbort;
      return {ErrorCode::None, std::move(next)};
    }
    case PrepareCommit:
    case PrepareAbort:
      return {ErrorCode::ConcurrentTransactions, std::nullopt};
    case CompleteCommit:
      return {request.committed ? ErrorCode::None : wrong_end, std::nullopt};
    case CompleteAbort:
      return {request.committed ? wrong_end : ErrorCode::None, std::nullopt};
  }
  return {wrong_end, std::nullopt};
}

ErrorCode verify(const TransactionMetadata& known, ProducerIdAndEpoch producer,
                 TopicPartition partition) {
  if (known.producer.producer_id != producer.producer_id)
    return ErrorCode::InvalidProducerIdMapping;
  if (known.producer.epoch != producer.epoch) return ErrorCode::ProducerFenced;
  if (is_ending(known.state)) return ErrorCode::ConcurrentTransactions;
  return known.partitions.contains(partition) ? ErrorCode::None : ErrorCode::TransactionAbortable;
}

ErrorCode check_owner(const TransactionMetadata& known, ProducerIdAndEpoch producer) {
  if (known.producer.producer_id != producer.producer_id)
    return ErrorCode::InvalidProducerIdMapping;
  return known.producer.epoch == producer.epoch ? ErrorCode::None : ErrorCode::ProducerFenced;
}

TransactionMetadata fenced(const TransactionMetadata& known) {
  CHECK(known.state == Ongoing);
  TransactionMetadata next = known;
  next.state = PrepareAbort;
  next.last_producer = {};
  ++next.producer.epoch;
  return next;
}

TransactionMetadata completed(const TransactionMetadata& known) {
  CHECK(is_ending(known.state));
  TransactionMetadata next = known;
  next.state = known.state == PrepareCommit ? CompleteCommit : CompleteAbort;
  next.partitions.clear();
  next.groups.clear();
  return next;
}

}  // namespace linger::sim
