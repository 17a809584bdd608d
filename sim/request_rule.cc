#include "sim/request_rule.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace linger::sim {
namespace {

bool contains(const core::AddPartitionsToTxnTopic& topic, const PartitionName& partition) {
  const auto& all = topic.partitions;
  return topic.name == partition.topic &&
         std::find(all.begin(), all.end(), partition.partition) != all.end();
}

bool contains(const core::TxnOffsetCommitTopic& topic, const PartitionName& partition) {
  const auto& all = topic.partitions;
  return topic.name == partition.topic && std::any_of(all.begin(), all.end(), [&](const auto& one) {
           return one.partition_index == partition.partition;
         });
}

bool contains(const core::Request& request, const PartitionName& partition) {
  const auto is_in = [&](const auto& topic) { return contains(topic, partition); };
  if (const auto* add = std::get_if<core::AddPartitionsToTxnRequest>(&request)) {
    return std::any_of(add->topics.begin(), add->topics.end(), is_in);
  }
  if (const auto* commit = std::get_if<core::TxnOffsetCommitRequest>(&request)) {
    return std::any_of(commit->topics.begin(), commit->topics.end(), is_in);
  }
  return false;
}

bool looks_for(const core::Request& request, core::CoordinatorType type) {
  const auto* find = std::get_if<core::FindCoordinatorRequest>(&request);
  return find != nullptr && find->key_type == type;
}

bool ends_as(const core::Request& request, bool committed) {
  const auto* end = std::get_if<core::EndTxnRequest>(&request);
  return end != nullptr && end->committed == committed;
}

}  // namespace

bool matches(const RequestRule& rule, const CoordinationRequest& request) {
  const bool is_counted = request.number >= rule.first_request &&
                          (!rule.last_request || request.number <= *rule.last_request);
  const bool is_in_time = request.now >= rule.from && (!rule.until || request.now <= *rule.until);
  return rule.api == core::api_key_of(request.body) && is_counted && is_in_time &&
         rule.times.value_or(1) > 0 && (!rule.broker || *rule.broker == request.broker) &&
         (!rule.key || looks_for(request.body, *rule.key)) &&
         (!rule.committed || ends_as(request.body, *rule.committed)) &&
         (!rule.partition || contains(request.body, *rule.partition));
}

std::optional<RequestRule> RequestRules::take(const CoordinationRequest& request) {
  const auto rule = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const RequestRule& one) { return matches(one, request); });
  if (rule == rules_.end()) return std::nullopt;
  if (rule->times) --*rule->times;
  return *rule;
}

}  // namespace linger::sim
