#include "sim/transaction_log.h"

#include <algorithm>

namespace linger::sim {

const TransactionEntry* TransactionLog::find(std::string_view transactional_id) const {
  const auto known = entries.find(transactional_id);
  return known == entries.end() ? nullptr : &*known->second;
}

bool TransactionLog::is_ending_a_transaction() const {
  return std::any_of(entries.begin(), entries.end(),
                     [](const auto& entry) { return is_ending(entry.second->metadata.state); });
}

}  // namespace linger::sim
