#include "sim/scenario_coordination_section.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "sim/units.h"

namespace linger::sim {

namespace {

// Kafka's own keys of brokers.
constexpr std::string_view kTransactionPartitions = "transaction.state.log.num.partitions";
constexpr std::string_view kGroupPartitions = "offsets.topic.num.partitions";
constexpr std::string_view kMaxTimeout = "transaction.max.timeout.ms";
constexpr std::string_view kExpiryCheck =
    "transaction.abort.timed.out.transaction.cleanup.interval.ms";
constexpr std::string_view kVerifies = "transaction.partition.verification.enable";
// Ours.
constexpr std::string_view kTransactionCoordinator = "transaction_coordinator";
constexpr std::string_view kGroupCoordinator = "group_coordinator";
constexpr std::string_view kLogTime = "transaction_log_time";
constexpr std::string_view kMarkerTime = "marker_time";
constexpr std::string_view kMarkersNeedLeader = "markers_need_leader";
constexpr std::string_view kAnswerDelay = "coordination_answer_delay";

constexpr std::int64_t kMostLogPartitions = 1'000;

bool is_none(const TomlNode& node) {
  return node.kind == TomlNode::Kind::Text && node.text == "none";
}

std::optional<NodeId> coordinator_of(const TomlNode* node, Reading& reading) {
  if (node == nullptr) return std::nullopt;
  return is_none(*node) ? std::optional{core::kNoLeader} : broker_of(*node, reading);
}

void read_milliseconds(TableReader& table, std::string_view key, std::int64_t least,
                       Duration& value) {
  std::int64_t number = std::chrono::floor<core::Milliseconds>(value).count();
  table.read(key, number, {least, std::numeric_limits<std::int32_t>::max()});
  value = core::Milliseconds{number};
}

std::string broker_value(const std::optional<NodeId>& broker) {
  const bool is_nobody = !broker || *broker == core::kNoLeader;
  return is_nobody ? toml_quoted("none") : fmt::format("{}", broker->value());
}

std::string milliseconds_value(Duration value) {
  return fmt::format("{}", std::chrono::floor<core::Milliseconds>(value).count());
}

}  // namespace

void read_coordination(TableReader& cluster, Reading& reading) {
  CoordinationSpec& spec = reading.scenario.cluster.coordination;
  cluster.read(kTransactionPartitions, spec.transaction_partitions, {1, kMostLogPartitions});
  cluster.read(kGroupPartitions, spec.group_partitions, {1, kMostLogPartitions});
  read_milliseconds(cluster, kMaxTimeout, 1, spec.max_timeout);
  read_milliseconds(cluster, kExpiryCheck, 0, spec.expiry_check);
  cluster.read(kVerifies, spec.verifies_writes);
  spec.transaction_coordinator = coordinator_of(cluster.find(kTransactionCoordinator), reading);
  spec.group_coordinator = coordinator_of(cluster.find(kGroupCoordinator), reading);
  cluster.read(kLogTime, spec.log_time);
  cluster.read(kMarkerTime, spec.marker_time);
  cluster.read(kMarkersNeedLeader, spec.markers_need_leader);
  cluster.read(kAnswerDelay, spec.answer_delay);
}

void add_coordination(TomlTable& cluster, const CoordinationSpec& spec, core::RuleSet rules) {
  const CoordinationSpec usual;
  const auto number = [&](std::string_view key, std::int64_t value, std::int64_t usually) {
    if (value != usually) cluster.add(key, fmt::format("{}", value));
  };
  const auto time = [&](std::string_view key, Duration value) {
    if (value != Duration{}) cluster.add_text(key, duration_text(value));
  };
  number(kTransactionPartitions, spec.transaction_partitions, usual.transaction_partitions);
  number(kGroupPartitions, spec.group_partitions, usual.group_partitions);
  if (spec.max_timeout != usual.max_timeout) {
    cluster.add(kMaxTimeout, milliseconds_value(spec.max_timeout));
  }
  if (spec.expiry_check != usual.expiry_check) {
    cluster.add(kExpiryCheck, milliseconds_value(spec.expiry_check));
  }
  if (spec.verifies_writes != usually_verifies_writes(rules)) {
    cluster.add(kVerifies, spec.verifies_writes ? "true" : "false");
  }
  if (spec.transaction_coordinator) {
    cluster.add(kTransactionCoordinator, broker_value(spec.transaction_coordinator));
  }
  if (spec.group_coordinator) cluster.add(kGroupCoordinator, broker_value(spec.group_coordinator));
  time(kLogTime, spec.log_time);
  time(kMarkerTime, spec.marker_time);
  if (!spec.markers_need_leader) cluster.add(kMarkersNeedLeader, "false");
  if (spec.answer_delay) cluster.add_text(kAnswerDelay, duration_text(*spec.answer_delay));
}

}  // namespace linger::sim
