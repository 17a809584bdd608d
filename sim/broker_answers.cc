#include "sim/broker_answers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "core/error_code.h"

namespace linger::sim {
namespace {

using core::ApiKey;
using core::ErrorCode;

constexpr std::array kServed{
    core::ApiVersion{ApiKey::Produce, 0, 11},
    core::ApiVersion{ApiKey::Metadata, 0, 12},
    core::ApiVersion{ApiKey::FindCoordinator, 0, 6},
    core::ApiVersion{ApiKey::ApiVersions, 0, 4},
    core::ApiVersion{ApiKey::InitProducerId, 0, 5},
    core::ApiVersion{ApiKey::AddPartitionsToTxn, 0, 3},
    core::ApiVersion{ApiKey::AddOffsetsToTxn, 0, 4},
    core::ApiVersion{ApiKey::EndTxn, 0, 4},
    core::ApiVersion{ApiKey::TxnOffsetCommit, 0, 4},
};

constexpr std::int16_t kFirstVersionWithClientSoftware = 3;

// [a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?
bool is_software_name(std::string_view name) {
  constexpr std::string_view kEdge =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const auto is_edge = [&](char c) { return kEdge.find(c) != std::string_view::npos; };
  if (name.empty() || !is_edge(name.front()) || !is_edge(name.back())) return false;
  for (const char c : name) {
    if (!is_edge(c) && c != '-' && c != '.') return false;
  }
  return true;
}

// --- Metadata ---

// How the partition is led as far as this answer knows.
Partition::Past leadership(const Partition& partition, const Cluster& cluster, Instant now) {
  const Instant known = now - cluster.spec().replication.metadata_lag;
  for (const Partition::Past& past : partition.past) {
    if (known < past.until) return past;
  }
  return {now, partition.leader, partition.leader_epoch, partition.in_sync_replicas};
}

core::MetadataResponsePartition described(std::int32_t index, const Partition& partition,
                                          const Cluster& cluster, Instant now) {
  Partition::Past known = leadership(partition, cluster, now);
  core::MetadataResponsePartition described;
  if (!known.leader) described.error_code = core::wire_number(ErrorCode::LeaderNotAvailable);
  described.partition_index = index;
  described.leader_id = known.leader.value_or(core::kNoLeader);
  described.leader_epoch = known.leader_epoch;
  described.replica_nodes = partition.replicas;
  described.isr_nodes = std::move(known.in_sync_replicas);
  for (const NodeId replica : partition.replicas) {
    if (!cluster.sessions.is_alive(replica)) described.offline_replicas.push_back(replica);
  }
  return described;
}

// What a fault says of the partition in this answer, if it has anything to say.
std::optional<ErrorCode> next_failure(TopicPartition partition, Cluster& cluster, Instant now) {
  if (cluster.find(partition)->metadata_failures.empty()) return std::nullopt;
  std::deque<MetadataFailure>& failures = cluster.write(partition).metadata_failures;
  std::erase_if(failures, [&](const MetadataFailure& failure) {
    return failure.until && *failure.until <= now;
  });
  if (failures.empty()) return std::nullopt;
  const ErrorCode error = failures.front().error;
  if (--failures.front().times <= 0) failures.pop_front();
  return error;
}

core::MetadataResponseTopic described(TopicId topic, Cluster& cluster, Instant now) {
  core::MetadataResponseTopic described_topic;
  described_topic.name = cluster.names().name(topic);
  described_topic.topic_id = cluster.uuid(topic);
  for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
    described_topic.partitions.push_back(described(i, *cluster.find({topic, i}), cluster, now));
    if (const auto error = next_failure({topic, i}, cluster, now)) {
      described_topic.partitions.back().error_code = core::wire_number(*error);
      described_topic.partitions.back().leader_id = core::kNoLeader;
    }
  }
  return described_topic;
}

core::MetadataResponseTopic failed(const std::string& name, ErrorCode error) {
  core::MetadataResponseTopic topic;
  topic.error_code = core::wire_number(error);
  topic.name = name;
  return topic;
}

core::MetadataResponseTopic described(const std::string& name, bool may_create, Cluster& cluster,
                                      Instant now) {
  if (!is_valid_topic_name(name)) return failed(name, ErrorCode::InvalidTopicException);
  const std::optional<TopicId> topic = cluster.names().find(name);
  if (topic && cluster.has_topic(*topic)) return described(*topic, cluster, now);
  if (topic && may_create && cluster.spec().auto_create_topics) cluster.create_topic(*topic);
  return failed(name, ErrorCode::UnknownTopicOrPartition);
}

}  // namespace

std::vector<core::ApiVersion> api_versions(const ClusterSpec& cluster) {
  std::vector<core::ApiVersion> announced;
  for (core::ApiVersion served : kServed) {
    const auto cap = cluster.max_versions.find(served.api_key);
    if (cap != cluster.max_versions.end()) {
      served.max_version = std::min(served.max_version, cap->second);
    }
    if (served.min_version <= served.max_version) announced.push_back(served);
  }
  return announced;
}

bool is_served(ApiKey key, std::int16_t version, const ClusterSpec& cluster) {
  for (const core::ApiVersion& served : api_versions(cluster)) {
    if (served.api_key == key) {
      return served.min_version <= version && version <= served.max_version;
    }
  }
  return false;
}

core::ApiVersionsResponse answer_to(const core::RequestHeader& header,
                                    const core::ApiVersionsRequest& request,
                                    const Cluster& cluster) {
  core::ApiVersionsResponse response;
  const bool names_itself = header.api_version >= kFirstVersionWithClientSoftware;
  if (names_itself && !(is_software_name(request.client_software_name) &&
                        is_software_name(request.client_software_version))) {
    response.error_code = core::wire_number(ErrorCode::InvalidRequest);
    return response;
  }
  response.api_keys = api_versions(cluster.spec());
  return response;
}

core::ApiVersionsResponse refusal_of_api_versions(const ClusterSpec& cluster) {
  core::ApiVersionsResponse response;
  response.error_code = core::kUnsupportedVersionError;
  for (const core::ApiVersion& served : api_versions(cluster)) {
    if (served.api_key == ApiKey::ApiVersions) response.api_keys.push_back(served);
  }
  return response;
}

core::MetadataResponse answer_to(const core::MetadataRequest& request, Cluster& cluster,
                                 Instant now) {
  core::MetadataResponse response;
  for (const NodeId broker : cluster.brokers()) {
    if (!cluster.sessions.is_alive(broker)) continue;
    core::NodeEndpoint at = cluster.advertised(broker);
    response.brokers.push_back({at.node_id, std::move(at.host), at.port, std::nullopt});
  }
  response.cluster_id = "linger";
  response.controller_id = cluster.controller();
  if (!request.topics) {
    for (const TopicId topic : cluster.topics()) {
      response.topics.push_back(described(topic, cluster, now));
    }
    return response;
  }
  for (const core::MetadataRequestTopic& topic : *request.topics) {
    response.topics.push_back(
        described(topic.name, request.allow_auto_topic_creation, cluster, now));
  }
  return response;
}

core::InitProducerIdResponse answer_to(const core::InitProducerIdRequest& request,
                                       Cluster& cluster) {
  CHECK(!request.transactional_id);
  core::InitProducerIdResponse response;
  response.producer_id_and_epoch = {cluster.next_producer_id(), 0};
  return response;
}

}  // namespace linger::sim
