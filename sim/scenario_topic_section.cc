#include "sim/scenario_topic_section.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/scenario_replication_section.h"
#include "sim/scenario_topics.h"
#include "sim/toml_differences.h"

namespace linger::sim {

namespace {

// --- Who leads ---

// A broker's id, or none for -1 and "none".
std::optional<std::optional<NodeId>> leader_of(const TomlNode& node, Reading& reading) {
  const bool is_none = (node.kind == TomlNode::Kind::Text && node.text == "none") ||
                       (node.kind == TomlNode::Kind::Integer && node.integer == -1);
  if (is_none) return std::optional<NodeId>{};
  const auto broker = broker_of(node, reading);
  if (!broker) return std::nullopt;
  return broker;
}

void read_leaders(const TomlNode& list, TopicSpec& topic, Reading& reading) {
  if (list.kind != TomlNode::Kind::Array || list.items.empty() ||
      list.items.size() > static_cast<std::size_t>(kMostPartitions)) {
    reading.mistakes.add(list.at, "'leaders' is a list of brokers, one for each partition",
                         "such as leaders = [0, 1, \"none\"]");
    return;
  }
  for (const TomlNode& item : list.items) {
    if (const auto leader = leader_of(item, reading)) topic.leaders.push_back(*leader);
  }
}

void spread_leaders(std::int32_t partitions, TopicSpec& topic, const ClusterSpec& cluster) {
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    topic.leaders.push_back(NodeId{partition % cluster.brokers});
  }
}

bool is_spread(const TopicSpec& topic, const ClusterSpec& cluster) {
  for (std::size_t partition = 0; partition < topic.leaders.size(); ++partition) {
    const auto brokers = static_cast<std::size_t>(cluster.brokers);
    const NodeId usual{static_cast<std::int32_t>(partition % brokers)};
    if (topic.leaders[partition] != usual) return false;
  }
  return true;
}

// --- Timestamps ---

// Kafka's own keys of topics.
constexpr std::string_view kType = "message.timestamp.type";
constexpr std::string_view kDifference = "message.timestamp.difference.max.ms";
constexpr std::string_view kBefore = "message.timestamp.before.max.ms";
constexpr std::string_view kAfter = "message.timestamp.after.max.ms";

constexpr std::string_view kCreateTime = "CreateTime";
constexpr std::string_view kLogAppendTime = "LogAppendTime";

void read_limit(TableReader& table, std::string_view key, std::optional<Duration>& limit) {
  if (table.find(key) == nullptr) return;
  Duration read{};
  table.read_milliseconds(key, read, 0);
  limit = read;
}

void add_limit(TomlTable& table, std::string_view key, const std::optional<Duration>& limit) {
  if (limit) Differences{table}.milliseconds(key, *limit, Duration{-1});
}

void read_timestamps(TableReader& table, TimestampSpec& spec) {
  if (const TomlNode* node = table.find(kType)) {
    const auto word = text_of(*node, table.mistakes());
    if (word && check_known(*node, *word, "timestamp type",
                            {std::string{kCreateTime}, std::string{kLogAppendTime}},
                            table.mistakes())) {
      spec.type =
          *word == kLogAppendTime ? TimestampType::LogAppendTime : TimestampType::CreateTime;
    }
  }
  table.exclude(kDifference, kBefore);
  table.exclude(kDifference, kAfter);
  read_limit(table, kDifference, spec.before_max);
  spec.after_max = spec.before_max;
  read_limit(table, kBefore, spec.before_max);
  read_limit(table, kAfter, spec.after_max);
}

void add_timestamps(TomlTable& table, const TimestampSpec& spec) {
  if (spec.type == TimestampType::LogAppendTime) table.add_text(kType, kLogAppendTime);
  if (spec.before_max == spec.after_max) return add_limit(table, kDifference, spec.before_max);
  add_limit(table, kBefore, spec.before_max);
  add_limit(table, kAfter, spec.after_max);
}

}  // namespace

void read_topic(const TomlNode& node, Reading& reading) {
  TopicSpec topic;
  const TomlNode flat = flattened(node);
  TableReader table{flat, "[[topic]]", reading.mistakes};
  const TomlNode* name = table.require("name", "\"orders\"");
  if (name != nullptr) topic.name = text_of(*name, reading.mistakes).value_or("");
  if (!topic.name.empty() && !is_legal_topic_name(topic.name)) {
    reading.mistakes.add(name->at, fmt::format("'{}' is no legal name of a topic", topic.name),
                         "at most 249 letters, digits, '.', '_' and '-'");
  }
  std::int32_t partitions = 1;
  table.read("partitions", partitions, {1, kMostPartitions});
  table.exclude("leaders", "partitions");
  if (const TomlNode* leaders = table.find("leaders")) {
    read_leaders(*leaders, topic, reading);
  } else {
    spread_leaders(partitions, topic, reading.scenario.cluster);
  }
  table.exclude("replicas", "replication_factor");
  table.read("replication_factor", topic.replication_factor, {1, reading.scenario.cluster.brokers});
  read_replicas(table, topic, reading);
  read_timestamps(table, topic.timestamps);
  table.finish();
  if (std::find(reading.topics.begin(), reading.topics.end(), topic.name) != reading.topics.end()) {
    reading.mistakes.add(node.at, fmt::format("there are two topics '{}'", topic.name),
                         "give each topic one [[topic]] table");
    return;
  }
  if (topic.name.empty()) return;
  reading.topics.push_back(topic.name);
  reading.scenario.cluster.topics.push_back(std::move(topic));
}

TomlTable topic_table(const TopicSpec& topic, const ClusterSpec& cluster) {
  TomlTable table;
  table.add_text("name", topic.name);
  if (is_spread(topic, cluster)) {
    table.add("partitions", fmt::format("{}", topic.leaders.size()));
  } else {
    std::vector<std::string> leaders;
    for (const auto& leader : topic.leaders) {
      leaders.push_back(leader ? fmt::format("{}", leader->value()) : "\"none\"");
    }
    table.add("leaders", fmt::format("[{}]", fmt::join(leaders, ", ")));
  }
  Differences{table}.integer("replication_factor", topic.replication_factor, 1);
  add_replicas(table, topic);
  add_timestamps(table, topic.timestamps);
  return table;
}

}  // namespace linger::sim
