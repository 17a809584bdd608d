// The bodies of the requests a producer sends and of their responses, one struct for all versions.
//
// A field that a version lacks is left out when writing and keeps its default when reading; in
// which versions a field exists, and in what order they stand, is told in protocol_fields.h. Every
// member has a default, so that a designated initializer need not name it. In Kafka: the classes
// generated from clients/src/main/resources/common/message/*.json, whose names these are.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

inline constexpr NodeId kNoLeader{-1};

// A topic's id in Metadata from version 10. Zero is none.
struct Uuid {
  std::int64_t most_significant = 0;
  std::int64_t least_significant = 0;
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

// --- ApiVersions ---

struct ApiVersionsRequest {
  static constexpr ApiKey kApiKey = ApiKey::ApiVersions;
  std::string client_software_name{};
  std::string client_software_version{};
  friend bool operator==(const ApiVersionsRequest&, const ApiVersionsRequest&) = default;
};

struct ApiVersion {
  ApiKey api_key{};
  std::int16_t min_version = 0;
  std::int16_t max_version = 0;
  friend bool operator==(const ApiVersion&, const ApiVersion&) = default;
};

// Whose error is this is written and read as version 0, whatever version was asked for.
inline constexpr std::int16_t kUnsupportedVersionError = 35;

// Differs: the features a broker announces are skipped when reading and never written.
struct ApiVersionsResponse {
  static constexpr ApiKey kApiKey = ApiKey::ApiVersions;
  std::int16_t error_code = 0;
  std::vector<ApiVersion> api_keys{};
  Milliseconds throttle_time{};
  friend bool operator==(const ApiVersionsResponse&, const ApiVersionsResponse&) = default;
};

// --- Metadata ---

struct MetadataRequestTopic {
  Uuid topic_id{};
  std::string name{};
  friend bool operator==(const MetadataRequestTopic&, const MetadataRequestTopic&) = default;
};

// Differs: topics are asked for and answered by name; a null name fails to decode.
struct MetadataRequest {
  static constexpr ApiKey kApiKey = ApiKey::Metadata;
  // Null asks for all topics, an empty list for none, which version 0 cannot ask for.
  std::optional<std::vector<MetadataRequestTopic>> topics{};
  bool allow_auto_topic_creation = true;
  bool include_cluster_authorized_operations = false;
  bool include_topic_authorized_operations = false;
  friend bool operator==(const MetadataRequest&, const MetadataRequest&) = default;
};

struct MetadataResponseBroker {
  NodeId node_id{};
  std::string host{};
  std::int32_t port = 0;
  std::optional<std::string> rack{};
  friend bool operator==(const MetadataResponseBroker&, const MetadataResponseBroker&) = default;
};

struct MetadataResponsePartition {
  std::int16_t error_code = 0;
  std::int32_t partition_index = 0;
  NodeId leader_id = kNoLeader;
  std::int32_t leader_epoch = -1;
  std::vector<NodeId> replica_nodes{};
  std::vector<NodeId> isr_nodes{};
  std::vector<NodeId> offline_replicas{};
  friend bool operator==(const MetadataResponsePartition&,
                         const MetadataResponsePartition&) = default;
};

// The operations were not asked for.
inline constexpr std::int32_t kNoAuthorizedOperations = std::numeric_limits<std::int32_t>::min();

struct MetadataResponseTopic {
  std::int16_t error_code = 0;
  std::string name{};
  Uuid topic_id{};
  bool is_internal = false;
  std::vector<MetadataResponsePartition> partitions{};
  std::int32_t topic_authorized_operations = kNoAuthorizedOperations;
  friend bool operator==(const MetadataResponseTopic&, const MetadataResponseTopic&) = default;
};

struct MetadataResponse {
  static constexpr ApiKey kApiKey = ApiKey::Metadata;
  Milliseconds throttle_time{};
  std::vector<MetadataResponseBroker> brokers{};
  std::optional<std::string> cluster_id{};
  NodeId controller_id{-1};
  std::vector<MetadataResponseTopic> topics{};
  std::int32_t cluster_authorized_operations = kNoAuthorizedOperations;
  friend bool operator==(const MetadataResponse&, const MetadataResponse&) = default;
};

// --- Produce ---

// The records stay where they are: in the producer's buffer, or in the frame they were read from.
struct ProduceRequestPartition {
  std::int32_t index = 0;
  std::optional<ByteSpan> records{};
  // Compares what the records are, not where.
  friend bool operator==(const ProduceRequestPartition& a, const ProduceRequestPartition& b);
};

struct ProduceRequestTopic {
  std::string name{};
  std::vector<ProduceRequestPartition> partitions{};
  friend bool operator==(const ProduceRequestTopic&, const ProduceRequestTopic&) = default;
};

struct ProduceRequest {
  static constexpr ApiKey kApiKey = ApiKey::Produce;
  std::optional<std::string> transactional_id{};
  std::int16_t acks = 0;
  Milliseconds timeout{};
  std::vector<ProduceRequestTopic> topics{};
  friend bool operator==(const ProduceRequest&, const ProduceRequest&) = default;
};

struct BatchIndexAndErrorMessage {
  std::int32_t batch_index = 0;
  std::optional<std::string> batch_index_error_message{};
  friend bool operator==(const BatchIndexAndErrorMessage&,
                         const BatchIndexAndErrorMessage&) = default;
};

struct LeaderIdAndEpoch {
  NodeId leader_id = kNoLeader;
  std::int32_t leader_epoch = -1;
  friend bool operator==(const LeaderIdAndEpoch&, const LeaderIdAndEpoch&) = default;
};

struct ProduceResponsePartition {
  std::int32_t index = 0;
  std::int16_t error_code = 0;
  std::int64_t base_offset = -1;
  std::int64_t log_append_time = -1;
  std::int64_t log_start_offset = -1;
  std::vector<BatchIndexAndErrorMessage> record_errors{};
  std::optional<std::string> error_message{};
  LeaderIdAndEpoch current_leader{};
  friend bool operator==(const ProduceResponsePartition&,
                         const ProduceResponsePartition&) = default;
};

struct ProduceResponseTopic {
  std::string name{};
  std::vector<ProduceResponsePartition> partitions{};
  friend bool operator==(const ProduceResponseTopic&, const ProduceResponseTopic&) = default;
};

struct NodeEndpoint {
  NodeId node_id{};
  std::string host{};
  std::int32_t port = 0;
  std::optional<std::string> rack{};
  friend bool operator==(const NodeEndpoint&, const NodeEndpoint&) = default;
};

struct ProduceResponse {
  static constexpr ApiKey kApiKey = ApiKey::Produce;
  std::vector<ProduceResponseTopic> topics{};
  Milliseconds throttle_time{};
  std::vector<NodeEndpoint> node_endpoints{};
  friend bool operator==(const ProduceResponse&, const ProduceResponse&) = default;
};

// --- Producer ids and transactions ---

struct InitProducerIdRequest {
  static constexpr ApiKey kApiKey = ApiKey::InitProducerId;
  std::optional<std::string> transactional_id{};
  Milliseconds transaction_timeout{};
  ProducerIdAndEpoch producer_id_and_epoch{};
  friend bool operator==(const InitProducerIdRequest&, const InitProducerIdRequest&) = default;
};

struct InitProducerIdResponse {
  static constexpr ApiKey kApiKey = ApiKey::InitProducerId;
  Milliseconds throttle_time{};
  std::int16_t error_code = 0;
  ProducerIdAndEpoch producer_id_and_epoch{};
  friend bool operator==(const InitProducerIdResponse&, const InitProducerIdResponse&) = default;
};

// Exactly one key before version 4.
struct FindCoordinatorRequest {
  static constexpr ApiKey kApiKey = ApiKey::FindCoordinator;
  CoordinatorType key_type = CoordinatorType::Group;
  std::vector<std::string> coordinator_keys{};
  friend bool operator==(const FindCoordinatorRequest&, const FindCoordinatorRequest&) = default;
};

struct Coordinator {
  std::string key{};  // before version 4 it is not on the wire
  NodeId node_id{-1};
  std::string host{};
  std::int32_t port = -1;
  std::int16_t error_code = 0;
  std::optional<std::string> error_message{};
  friend bool operator==(const Coordinator&, const Coordinator&) = default;
};

// Exactly one coordinator before version 4.
struct FindCoordinatorResponse {
  static constexpr ApiKey kApiKey = ApiKey::FindCoordinator;
  Milliseconds throttle_time{};
  std::vector<Coordinator> coordinators{};
  friend bool operator==(const FindCoordinatorResponse&, const FindCoordinatorResponse&) = default;
};

struct AddPartitionsToTxnTopic {
  std::string name{};
  std::vector<std::int32_t> partitions{};
  friend bool operator==(const AddPartitionsToTxnTopic&, const AddPartitionsToTxnTopic&) = default;
};

struct AddPartitionsToTxnRequest {
  static constexpr ApiKey kApiKey = ApiKey::AddPartitionsToTxn;
  std::string transactional_id{};
  ProducerIdAndEpoch producer_id_and_epoch{};
  std::vector<AddPartitionsToTxnTopic> topics{};
  friend bool operator==(const AddPartitionsToTxnRequest&,
                         const AddPartitionsToTxnRequest&) = default;
};

struct PartitionResult {
  std::int32_t partition_index = 0;
  std::int16_t error_code = 0;
  friend bool operator==(const PartitionResult&, const PartitionResult&) = default;
};

struct TopicResult {
  std::string name{};
  std::vector<PartitionResult> partitions{};
  friend bool operator==(const TopicResult&, const TopicResult&) = default;
};

struct AddPartitionsToTxnResponse {
  static constexpr ApiKey kApiKey = ApiKey::AddPartitionsToTxn;
  Milliseconds throttle_time{};
  std::vector<TopicResult> topics{};
  friend bool operator==(const AddPartitionsToTxnResponse&,
                         const AddPartitionsToTxnResponse&) = default;
};

struct AddOffsetsToTxnRequest {
  static constexpr ApiKey kApiKey = ApiKey::AddOffsetsToTxn;
  std::string transactional_id{};
  ProducerIdAndEpoch producer_id_and_epoch{};
  std::string group_id{};
  friend bool operator==(const AddOffsetsToTxnRequest&, const AddOffsetsToTxnRequest&) = default;
};

struct AddOffsetsToTxnResponse {
  static constexpr ApiKey kApiKey = ApiKey::AddOffsetsToTxn;
  Milliseconds throttle_time{};
  std::int16_t error_code = 0;
  friend bool operator==(const AddOffsetsToTxnResponse&, const AddOffsetsToTxnResponse&) = default;
};

struct TxnOffsetCommitPartition {
  std::int32_t partition_index = 0;
  std::int64_t committed_offset = 0;
  std::int32_t committed_leader_epoch = -1;
  std::optional<std::string> committed_metadata{};
  friend bool operator==(const TxnOffsetCommitPartition&,
                         const TxnOffsetCommitPartition&) = default;
};

struct TxnOffsetCommitTopic {
  std::string name{};
  std::vector<TxnOffsetCommitPartition> partitions{};
  friend bool operator==(const TxnOffsetCommitTopic&, const TxnOffsetCommitTopic&) = default;
};

struct TxnOffsetCommitRequest {
  static constexpr ApiKey kApiKey = ApiKey::TxnOffsetCommit;
  std::string transactional_id{};
  std::string group_id{};
  ProducerIdAndEpoch producer_id_and_epoch{};
  std::int32_t generation_id = -1;
  std::string member_id{};
  std::optional<std::string> group_instance_id{};
  std::vector<TxnOffsetCommitTopic> topics{};
  friend bool operator==(const TxnOffsetCommitRequest&, const TxnOffsetCommitRequest&) = default;
};

struct TxnOffsetCommitResponse {
  static constexpr ApiKey kApiKey = ApiKey::TxnOffsetCommit;
  Milliseconds throttle_time{};
  std::vector<TopicResult> topics{};
  friend bool operator==(const TxnOffsetCommitResponse&, const TxnOffsetCommitResponse&) = default;
};

struct EndTxnRequest {
  static constexpr ApiKey kApiKey = ApiKey::EndTxn;
  std::string transactional_id{};
  ProducerIdAndEpoch producer_id_and_epoch{};
  bool committed = false;
  friend bool operator==(const EndTxnRequest&, const EndTxnRequest&) = default;
};

struct EndTxnResponse {
  static constexpr ApiKey kApiKey = ApiKey::EndTxn;
  Milliseconds throttle_time{};
  std::int16_t error_code = 0;
  friend bool operator==(const EndTxnResponse&, const EndTxnResponse&) = default;
};

// --- Any of them ---

using RequestKinds =
    std::variant<ApiVersionsRequest, MetadataRequest, ProduceRequest, InitProducerIdRequest,
                 FindCoordinatorRequest, AddPartitionsToTxnRequest, AddOffsetsToTxnRequest,
                 TxnOffsetCommitRequest, EndTxnRequest>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct Request : RequestKinds {
  using RequestKinds::variant;
  Request();
  Request(const Request&);
  Request(Request&&) noexcept;
  Request& operator=(const Request&);
  Request& operator=(Request&&) noexcept;
  ~Request();
};
using ResponseKinds =
    std::variant<ApiVersionsResponse, MetadataResponse, ProduceResponse, InitProducerIdResponse,
                 FindCoordinatorResponse, AddPartitionsToTxnResponse, AddOffsetsToTxnResponse,
                 TxnOffsetCommitResponse, EndTxnResponse>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct Response : ResponseKinds {
  using ResponseKinds::variant;
  Response();
  Response(const Response&);
  Response(Response&&) noexcept;
  Response& operator=(const Response&);
  Response& operator=(Response&&) noexcept;
  ~Response();
};

ApiKey api_key_of(const Request& request);
ApiKey api_key_of(const Response& response);

}  // namespace linger::core
