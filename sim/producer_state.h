// What a partition remembers of each producer id, so that it appends no batch twice and none out of
// order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "core/error_code.h"
#include "core/record_batch.h"
#include "sim/control_batch.h"
#include "sim/partition_log.h"
#include "sim/scenario.h"

namespace linger::sim {

struct BatchMetadata {
  std::int32_t first_sequence = 0;
  std::int32_t last_sequence = 0;
  std::int64_t base_offset = 0;
  friend bool operator==(const BatchMetadata&, const BatchMetadata&) = default;
};

// Invariant: at most kBatchesKept batches, oldest first, sequences without a gap; none if a marker
// alone told of the epoch.
struct ProducerStateEntry {
  std::int16_t epoch = -1;
  std::int64_t last_timestamp = -1;  // the largest of its last batch, or of a marker
  std::deque<BatchMetadata> batches;
  std::optional<std::int64_t> transaction_began;  // at that offset, and is open
  // -1: the next one is 0.
  std::int32_t last_sequence() const { return batches.empty() ? -1 : batches.back().last_sequence; }
  friend bool operator==(const ProducerStateEntry&, const ProducerStateEntry&) = default;
};

// What a reader of committed records leaves out.
struct AbortedTransaction {
  std::int64_t producer_id = -1;
  std::int64_t first_offset = 0;
  std::int64_t marker_offset = 0;
  friend bool operator==(const AbortedTransaction&, const AbortedTransaction&) = default;
};

// The rules, for a batch of sequences f to l under epoch e:
//
//   one of the last five batches of epoch e is f to l    a duplicate: answered with its offset
//   e is older than the epoch known                      INVALID_PRODUCER_EPOCH
//   e is newer                                           f must be 0, or OUT_OF_ORDER…
//   e is the epoch known                                 f must follow, or OUT_OF_ORDER…
//   the producer id is not known                         any f will do
//   it has an open transaction, the batch belongs to none  INVALID_TXN_STATE
//
// A marker ends the transaction. If its epoch is a new one, older ones are refused from then on,
// and the next sequence is 0.
//
// So a retry of a batch older than five is out of order and no duplicate, which is why a producer
// may have five in flight.
// A follower's is what the log that it fetched tells; a new leader goes on with that.
// In Kafka: ProducerStateManager and ProducerAppendInfo. Differs: no snapshots;
// epochs of coordinators are not compared.
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

  // NONE, or why the marker may not be appended. Requires: it is of a producer id.
  core::ErrorCode check(const Marker& marker) const;
  // The marker was appended at that offset. Requires: check() said NONE.
  void update(const Marker& marker, std::int64_t offset, std::int64_t timestamp);

  // A batch of any kind stands in the log, and was checked where it was appended first.
  void update(const StoredBatch& batch);

  // Whoever appended nothing for so long, and has no open transaction, is not known any more. Both
  // in milliseconds; `now` since 1970. In Kafka: removeExpiredProducers.
  void forget_idle(std::int64_t now, std::int64_t expiration);
  // So is whoever has no batch left in the log. In Kafka: truncateHead, before KAFKA-7190 (2.4.0).
  void forget_before(std::int64_t start_offset);

  bool has_open_transaction(std::int64_t producer_id) const;
  // Where the earliest open transaction begins.
  std::optional<std::int64_t> first_unstable_offset() const;
  // In the order in which they ended.
  const std::vector<AbortedTransaction>& aborted() const { return aborted_; }

  // By producer id.
  const std::map<std::int64_t, ProducerStateEntry>& entries() const { return entries_; }

 private:
  ProducerStateEntry& entry_of(core::ProducerIdAndEpoch producer);

  std::map<std::int64_t, ProducerStateEntry> entries_;
  std::vector<AbortedTransaction> aborted_;
};

// What the log tells of them.
ProducerStateManager producers_in(const PartitionLog& log);

}  // namespace linger::sim
