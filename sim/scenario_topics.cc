#include "sim/scenario_topics.h"

#include <algorithm>
#include <cstddef>

namespace linger::sim {

namespace {

constexpr std::size_t kLongestTopicName = 249;

}  // namespace

bool is_legal_topic_name(std::string_view name) {
  const auto is_legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestTopicName && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_legal);
}

std::optional<std::int32_t> partition_count(const std::string& topic, const ClusterSpec& cluster) {
  for (const TopicSpec& known : cluster.topics) {
    if (known.name == topic) return static_cast<std::int32_t>(known.leaders.size());
  }
  if (cluster.auto_create_topics && is_legal_topic_name(topic)) return cluster.default_partitions;
  return std::nullopt;
}

}  // namespace linger::sim
