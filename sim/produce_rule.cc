#include "sim/produce_rule.h"

#include <algorithm>
#include <set>

namespace linger::sim {

bool matches(const ProduceRule& rule, const OfferedRequest& request) {
  const bool is_counted = request.number >= rule.first_request &&
                          (!rule.last_request || request.number <= *rule.last_request);
  const bool is_in_time = request.now >= rule.from && (!rule.until || request.now <= *rule.until);
  return is_counted && is_in_time && rule.times.value_or(1) > 0 &&
         (!rule.broker || *rule.broker == request.broker);
}

bool matches(const ProduceRule& rule, const OfferedBatch& batch) {
  return (!rule.partition || *rule.partition == batch.partition) &&
         (!rule.sequence || *rule.sequence == batch.sequence) &&
         batch.records >= rule.least_records && batch.size >= rule.least_size;
}

std::vector<std::optional<ProduceRule>> ProduceRules::take(
    const OfferedRequest& request, const std::vector<OfferedBatch>& batches) {
  std::vector<std::optional<ProduceRule>> met;
  std::set<std::size_t> used;
  for (const OfferedBatch& batch : batches) {
    const auto rule = std::find_if(rules_.begin(), rules_.end(), [&](const ProduceRule& one) {
      return matches(one, request) && matches(one, batch);
    });
    if (rule == rules_.end()) {
      met.emplace_back();
      continue;
    }
    met.emplace_back(*rule);
    used.insert(static_cast<std::size_t>(rule - rules_.begin()));
  }
  for (const std::size_t index : used) {
    if (rules_[index].times) --*rules_[index].times;
  }
  return met;
}

}  // namespace linger::sim
