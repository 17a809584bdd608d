// What the transaction coordinators of a cluster have written down.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/cow.h"
#include "core/time.h"
#include "sim/coordinator_seats.h"
#include "sim/transaction_metadata.h"

namespace linger::sim {

// One transactional id. What is pending is being written to the transaction log; until it stands
// there, everybody else is asked to wait.
struct TransactionEntry {
  TransactionMetadata metadata;
  std::optional<TransactionMetadata> pending;
  std::int64_t transition = 0;  // so many were begun
};

// What the transaction log says, and who reads it: one value for all brokers, as they replicate it.
struct TransactionLog {
  explicit TransactionLog(const CoordinatorSeats::Layout& layout) : seats{layout} {}

  CoordinatorSeats seats;
  core::Instant fails_until{};  // it takes nothing before
  std::map<std::string, core::Cow<TransactionEntry>, std::less<>> entries;

  // nullptr if nobody has initialised the id.
  const TransactionEntry* find(std::string_view transactional_id) const;
  // Markers are still to be written somewhere.
  bool is_ending_a_transaction() const;
};

}  // namespace linger::sim
