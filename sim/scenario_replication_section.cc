#include "sim/scenario_replication_section.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/toml_differences.h"

namespace linger::sim {

namespace {

// Kafka's own keys of brokers.
constexpr std::string_view kFetchWait = "replica.fetch.wait.max.ms";
constexpr std::string_view kLagTime = "replica.lag.time.max.ms";
constexpr std::string_view kLargestFetched = "replica.fetch.max.bytes";
constexpr std::string_view kMinInSync = "min.insync.replicas";
constexpr std::string_view kUnclean = "unclean.leader.election.enable";
constexpr std::string_view kSessionTimeout = "broker.session.timeout.ms";
// Ours.
constexpr std::string_view kReplicaLatency = "replica_latency";
constexpr std::string_view kHighWatermark = "high_watermark_needs_min_isr";
constexpr std::string_view kTruncates = "truncates_to_high_watermark";
constexpr std::string_view kMetadataLag = "metadata_lag";

constexpr std::int64_t kMostReplicas = 100;

}  // namespace

void read_replication(TableReader& cluster, Reading& reading) {
  ReplicationSpec& spec = reading.scenario.cluster.replication;
  cluster.read(kReplicaLatency, spec.latency);
  cluster.read_milliseconds(kFetchWait, spec.fetch_wait);
  cluster.read_milliseconds(kLagTime, spec.lag_time);
  cluster.read(kMinInSync, spec.min_in_sync_replicas, {1, kMostReplicas});
  cluster.read(kUnclean, spec.unclean_elections);
  cluster.read_milliseconds(kSessionTimeout, spec.session_timeout);
  cluster.read(kHighWatermark, spec.high_watermark_needs_min_isr);
  cluster.read(kTruncates, spec.truncates_to_high_watermark);
  cluster.read(kMetadataLag, spec.metadata_lag);
  if (const TomlNode* largest = cluster.find(kLargestFetched)) {
    spec.largest_fetched = size_of(*largest, reading.mistakes);
  }
}

void add_replication(TomlTable& cluster, const ReplicationSpec& spec, core::Era era) {
  const ReplicationSpec usual = usual_replication(era);
  Differences differences{cluster};
  differences.time(kReplicaLatency, spec.latency, usual.latency);
  differences.milliseconds(kFetchWait, spec.fetch_wait, usual.fetch_wait);
  differences.milliseconds(kLagTime, spec.lag_time, usual.lag_time);
  differences.integer(kMinInSync, spec.min_in_sync_replicas, usual.min_in_sync_replicas);
  differences.boolean(kUnclean, spec.unclean_elections, usual.unclean_elections);
  differences.milliseconds(kSessionTimeout, spec.session_timeout, usual.session_timeout);
  differences.boolean(kHighWatermark, spec.high_watermark_needs_min_isr,
                      usual.high_watermark_needs_min_isr);
  differences.boolean(kTruncates, spec.truncates_to_high_watermark,
                      usual.truncates_to_high_watermark);
  differences.time(kMetadataLag, spec.metadata_lag, usual.metadata_lag);
  if (spec.largest_fetched) cluster.add(kLargestFetched, size_value(*spec.largest_fetched));
}

void read_replicas(TableReader& table, TopicSpec& topic, Reading& reading) {
  table.read("replicas", topic.replicas, {1, reading.scenario.cluster.brokers});
  if (table.find(kMinInSync) == nullptr) return;
  std::int32_t least = 1;
  table.read(kMinInSync, least, {1, kMostReplicas});
  topic.min_in_sync_replicas = least;
}

void add_replicas(TomlTable& table, const TopicSpec& topic) {
  Differences differences{table};
  differences.integer("replicas", topic.replicas, 1);
  differences.integer(kMinInSync, topic.min_in_sync_replicas);
}

}  // namespace linger::sim
