// What a transaction coordinator knows of a transactional id, and what requests make of it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/sim_event.h"

namespace linger::sim {

// In Kafka: TransactionMetadata. Differs: ids do not expire.
struct TransactionMetadata {
  core::ProducerIdAndEpoch producer;       // epoch -1: nobody has it yet
  core::ProducerIdAndEpoch last_producer;  // before its own bump; none after another's
  Duration timeout{};
  TransactionState state = TransactionState::Empty;
  std::set<TopicPartition> partitions;  // with markers to be written, once it ends
  std::set<std::string> groups;
  Instant started{};
  friend bool operator==(const TransactionMetadata&, const TransactionMetadata&) = default;
};

bool is_ending(TransactionState state);  // PrepareCommit, PrepareAbort

// What a request is answered, and what the transaction becomes, if it changes.
struct TransactionDecision {
  core::ErrorCode error = core::ErrorCode::None;
  std::optional<TransactionMetadata> next;
};

// --- The rules, each for a transaction without a pending transition ---

struct InitRequest {
  core::ProducerIdAndEpoch expected;  // none: whoever asks is new
  Duration timeout{};
};
// A new epoch, or a new producer id, which is -1 then: whoever coordinates knows a free one. An
// open transaction is aborted first, and the client asked to try again.
TransactionDecision decide_init(const TransactionMetadata& known, const InitRequest& request);

struct AddRequest {
  core::ProducerIdAndEpoch producer;
  std::set<TopicPartition> partitions;
  std::set<std::string> groups;
  Instant now{};
};
TransactionDecision decide_add(const TransactionMetadata& known, AddRequest request);

struct EndRequest {
  core::ProducerIdAndEpoch producer;
  bool committed = false;
};
// Differs: while markers are written, the next transition is pending in Kafka, which is why ending
// the transaction in the other way has to wait, too.
TransactionDecision decide_end(const TransactionMetadata& known, const EndRequest& request);

// A partition's leader asks whether a batch belongs to the open transaction. In Kafka:
// AddPartitionsToTxn with verifyOnly. NONE, or TRANSACTION_ABORTABLE, or why it cannot be told.
core::ErrorCode verify(const TransactionMetadata& known, core::ProducerIdAndEpoch producer,
                       TopicPartition partition);

// INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, or NONE.
core::ErrorCode check_owner(const TransactionMetadata& known, core::ProducerIdAndEpoch producer);

// Aborted by somebody else, under an epoch that its owner does not have.
TransactionMetadata fenced(const TransactionMetadata& known);
// All markers are written. Requires: is_ending(known.state).
TransactionMetadata completed(const TransactionMetadata& known);

}  // namespace linger::sim
