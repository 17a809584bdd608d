#include "sim/scenario_coordination_section.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "sim/toml_differences.h"

namespace linger::sim {

namespace {

// Kafka's own keys of brokers.
constexpr std::string_view kTransactionPartitions = "transaction.state.log.num.partitions";
constexpr std::string_view kLogReplicas = "transaction.state.log.replication.factor";
constexpr std::string_view kLogMinInSync = "transaction.state.log.min.isr";
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
constexpr std::string_view kKeepsFailedEpochs = "keeps_failed_epochs";
constexpr std::string_view kAnswerDelay = "coordination_answer_delay";

constexpr std::int64_t kMostLogPartitions = 1'000;

bool is_none(const TomlNode& node) {
  return node.kind == TomlNode::Kind::Text && node.text == "none";
}

std::optional<NodeId> coordinator_of(const TomlNode* node, Reading& reading) {
  if (node == nullptr) return std::nullopt;
  return is_none(*node) ? std::optional{core::kNoLeader} : broker_of(*node, reading);
}

std::string broker_value(const std::optional<NodeId>& broker) {
  const bool is_nobody = !broker || *broker == core::kNoLeader;
  return is_nobody ? toml_quoted("none") : fmt::format("{}", broker->value());
}

}  // namespace

void read_coordination(TableReader& cluster, Reading& reading) {
  CoordinationSpec& spec = reading.scenario.cluster.coordination;
  cluster.read(kTransactionPartitions, spec.transaction_partitions, {1, kMostLogPartitions});
  cluster.read(kLogReplicas, spec.log_replicas, {1, reading.scenario.cluster.brokers});
  cluster.read(kLogMinInSync, spec.log_min_in_sync, {1, reading.scenario.cluster.brokers});
  cluster.read(kGroupPartitions, spec.group_partitions, {1, kMostLogPartitions});
  cluster.read_milliseconds(kMaxTimeout, spec.max_timeout);
  cluster.read_milliseconds(kExpiryCheck, spec.expiry_check, 0);
  cluster.read(kVerifies, spec.verifies_writes);
  const TomlNode* pinned = cluster.find(kTransactionCoordinator);
  spec.transaction_coordinator = coordinator_of(pinned, reading);
  if (pinned != nullptr && spec.log_replicas > 0) {
    reading.mistakes.add(pinned->at, "who leads a log with replicas is not pinned",
                         fmt::format("leave out {} or {}", kTransactionCoordinator, kLogReplicas));
  }
  spec.group_coordinator = coordinator_of(cluster.find(kGroupCoordinator), reading);
  cluster.read(kLogTime, spec.log_time);
  cluster.read(kMarkerTime, spec.marker_time);
  cluster.read(kMarkersNeedLeader, spec.markers_need_leader);
  cluster.read(kKeepsFailedEpochs, spec.keeps_failed_epochs);
  cluster.read(kAnswerDelay, spec.answer_delay);
}

void add_coordination(TomlTable& cluster, const CoordinationSpec& spec, core::RuleSet rules) {
  const CoordinationSpec usual;
  Differences differences{cluster};
  differences.integer(kTransactionPartitions, spec.transaction_partitions,
                      usual.transaction_partitions);
  differences.integer(kLogReplicas, spec.log_replicas, usual.log_replicas);
  differences.integer(kLogMinInSync, spec.log_min_in_sync, usual.log_min_in_sync);
  differences.integer(kGroupPartitions, spec.group_partitions, usual.group_partitions);
  differences.milliseconds(kMaxTimeout, spec.max_timeout, usual.max_timeout);
  differences.milliseconds(kExpiryCheck, spec.expiry_check, usual.expiry_check);
  differences.boolean(kVerifies, spec.verifies_writes, usually_verifies_writes(rules));
  if (spec.transaction_coordinator) {
    cluster.add(kTransactionCoordinator, broker_value(spec.transaction_coordinator));
  }
  if (spec.group_coordinator) cluster.add(kGroupCoordinator, broker_value(spec.group_coordinator));
  differences.time(kLogTime, spec.log_time);
  differences.time(kMarkerTime, spec.marker_time);
  differences.boolean(kMarkersNeedLeader, spec.markers_need_leader, true);
  differences.boolean(kKeepsFailedEpochs, spec.keeps_failed_epochs,
                      usually_keeps_failed_epochs(rules));
  differences.time(kAnswerDelay, spec.answer_delay);
}

}  // namespace linger::sim
