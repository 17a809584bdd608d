// What a partition remembers of each producer id, so that it appends no batch twice and none out of
// order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <variant>

#include "core/error_code.h"
#include "core/record_batch.h"
#include "sim/scenario.h"

namespace linger::sim {

struct BatchMetadata {
  std::int32_t first_sequence = 0;
  std::int32_t last_sequence = 0;
  std::int64_t base_offset = 0;
  friend bool operator==(const BatchMetadata&, const BatchMetadata&) = default;
};

// Invariant: at least one batch, at most kBatchesKept, oldest first, sequences without a gap.
struct ProducerStateEntry {
  std::int16_t epoch = -1;
  std::deque<BatchMetadata> batches;
  std::int32_t last_sequence() const { return batches.back().last_sequence; }
  friend bool operator==(const ProducerStateEntry&, const ProducerStateEntry&) = default;
};

// The rules, for a batch of sequences f to l under epoch e:
//
//   one of the last five batches of epoch e is f to l    a duplicate: answered with its offset
//   e is older than the epoch known                      INVALID_PRODUCER_EPOCH
//   e is newer                                           f must be 0, or OUT_OF_ORDER…
//   e is the epoch known                                 f must follow, or OUT_OF_ORDER…
//   the producer id is not known                         any f will do
//
// So a retry of a batch older than five is out of order and no duplicate, which is why a producer
// may have five in flight.
// In Kafka: ProducerStateManager and ProducerAppendInfo. Differs: no transactions, no expiry of
// what is idle, no snapshots.
class ProducerStateManager {
 public:
  static constexpr std::size_t kBatchesKept = 5;

  struct InOrder {};
  struct Duplicate {
    std::int64_t base_offset = 0;
  };
  struct Refused {
    core::ErrorCode error = core::ErrorCode::None;
  };
  using Verdict = std::variant<InOrder, Duplicate, Refused>;
  // Requires: the batch has a producer id and a sequence.
  Verdict check(const core::RecordBatchHeader& batch, UnknownProducer unknown) const;

  // The batch was appended; its header has the offset it got. Requires: check() said InOrder.
  void update(const core::RecordBatchHeader& appended);

  // By producer id.
  const std::map<std::int64_t, ProducerStateEntry>& entries() const { return entries_; }

 private:
  std::map<std::int64_t, ProducerStateEntry> entries_;
};

}  // namespace linger::sim
