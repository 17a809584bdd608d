#include "sim/broker_answers.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/error_code.h"

namespace linger::sim {
namespace {

using core::ApiKey;
using core::ErrorCode;

Cluster two_brokers(bool auto_create = false) {
  ClusterSpec spec;
  spec.brokers = 2;
  TopicSpec orders;
  orders.name = "orders";
  orders.leaders = {NodeId{1}, std::nullopt};
  orders.replication_factor = 2;
  spec.topics = {orders};
  spec.auto_create_topics = auto_create;
  spec.default_partitions = 3;
  return Cluster{spec, core::TopicNames{{"orders", "new"}}};
}

core::MetadataRequest asking_for(const std::vector<std::string>& topics) {
  core::MetadataRequest request;
  request.topics.emplace();
  for (const std::string& topic : topics) request.topics->push_back({{}, topic});
  return request;
}

core::RequestHeader api_versions_header(std::int16_t version) {
  return {ApiKey::ApiVersions, version, core::CorrelationId{1}, "test"};
}

// --- ApiVersions ---

TEST(ApiVersions, WhatIsServedIsAnnouncedByAscendingKey) {
  const core::ApiVersionsResponse response = answer_to(api_versions_header(0), {}, two_brokers());
  EXPECT_EQ(response.error_code, 0);
  ASSERT_EQ(response.api_keys.size(), 9u);
  EXPECT_EQ(response.api_keys[0], (core::ApiVersion{ApiKey::Produce, 0, 11}));
  EXPECT_EQ(response.api_keys[1], (core::ApiVersion{ApiKey::Metadata, 0, 12}));
  EXPECT_EQ(response.api_keys[2], (core::ApiVersion{ApiKey::FindCoordinator, 0, 6}));
  EXPECT_EQ(response.api_keys[3], (core::ApiVersion{ApiKey::ApiVersions, 0, 4}));
  EXPECT_EQ(response.api_keys[4], (core::ApiVersion{ApiKey::InitProducerId, 0, 5}));
  EXPECT_EQ(response.api_keys[5], (core::ApiVersion{ApiKey::AddPartitionsToTxn, 0, 3}));
  EXPECT_EQ(response.api_keys[8], (core::ApiVersion{ApiKey::TxnOffsetCommit, 0, 4}));
}

TEST(ApiVersions, BrokersThatKnowNoEpochBumpsSaySo) {
  ClusterSpec spec;
  spec.max_versions = {{ApiKey::InitProducerId, 2}};
  const core::ApiVersionsResponse response = answer_to(
      api_versions_header(0), {}, Cluster{spec, core::TopicNames{std::vector<std::string>{}}});
  EXPECT_EQ(response.api_keys[4], (core::ApiVersion{ApiKey::InitProducerId, 0, 2}));
}

TEST(ApiVersions, WhatIsAnnouncedIsServedAndNothingElse) {
  EXPECT_TRUE(is_served(ApiKey::Produce, 0, {}));
  EXPECT_FALSE(is_served(ApiKey::Produce, -1, {}));
  EXPECT_FALSE(is_served(ApiKey::Produce, 12, {}));
  EXPECT_FALSE(is_served(ApiKey::EndTxn, 5, {}));
}

TEST(ApiVersions, AClientThatNamesItsSoftwareDoesSoProperly) {
  const Cluster cluster = two_brokers();
  EXPECT_EQ(answer_to(api_versions_header(3), {"apache-kafka-java", "3.9.0"}, cluster).error_code,
            0);
  for (const char* name : {"", "-java", "java.", "ja va"}) {
    EXPECT_EQ(ErrorCode{answer_to(api_versions_header(3), {name, "3.9.0"}, cluster).error_code},
              ErrorCode::InvalidRequest);
    EXPECT_EQ(ErrorCode{answer_to(api_versions_header(4), {"java", name}, cluster).error_code},
              ErrorCode::InvalidRequest);
    EXPECT_EQ(answer_to(api_versions_header(2), {name, name}, cluster).error_code, 0);
  }
}

// --- Metadata ---

TEST(Metadata, NamesAllBrokersAndWhoLeads) {
  Cluster cluster = two_brokers();
  cluster.change_leader({TopicId{0}, 0}, NodeId{0});
  const core::MetadataResponse response = answer_to(asking_for({"orders"}), cluster);
  ASSERT_EQ(response.brokers.size(), 2u);
  EXPECT_EQ(response.brokers[1].host, "broker-1");
  EXPECT_EQ(response.brokers[1].port, 9093);
  ASSERT_EQ(response.topics.size(), 1u);
  EXPECT_EQ(response.topics[0].name, "orders");
  EXPECT_EQ(response.topics[0].error_code, 0);
  const auto& partitions = response.topics[0].partitions;
  ASSERT_EQ(partitions.size(), 2u);
  EXPECT_EQ(partitions[0].leader_id, NodeId{0});
  EXPECT_EQ(partitions[0].leader_epoch, 1);
  EXPECT_EQ(partitions[0].replica_nodes, (std::vector<NodeId>{NodeId{1}, NodeId{0}}));
  EXPECT_EQ(partitions[0].isr_nodes, partitions[0].replica_nodes);
}

TEST(Metadata, APartitionWithoutALeaderSaysSo) {
  Cluster cluster = two_brokers();
  const core::MetadataResponse response = answer_to(asking_for({"orders"}), cluster);
  const auto& leaderless = response.topics[0].partitions[1];
  EXPECT_EQ(ErrorCode{leaderless.error_code}, ErrorCode::LeaderNotAvailable);
  EXPECT_EQ(leaderless.leader_id, core::kNoLeader);
}

TEST(Metadata, NullAsksForAllTopicsAndAnEmptyListForNone) {
  Cluster cluster = two_brokers();
  EXPECT_EQ(answer_to(core::MetadataRequest{}, cluster).topics.size(), 1u);
  EXPECT_TRUE(answer_to(asking_for({}), cluster).topics.empty());
}

TEST(Metadata, AnUnknownTopicIsUnknown) {
  Cluster cluster = two_brokers();
  const core::MetadataResponse response = answer_to(asking_for({"new", "a b"}), cluster);
  EXPECT_EQ(ErrorCode{response.topics[0].error_code}, ErrorCode::UnknownTopicOrPartition);
  EXPECT_EQ(ErrorCode{response.topics[1].error_code}, ErrorCode::InvalidTopicException);
  EXPECT_FALSE(cluster.has_topic(TopicId{1}));
}

TEST(Metadata, AnUnknownTopicMayBeCreatedAndIsFoundTheNextTime) {
  Cluster cluster = two_brokers(true);
  EXPECT_EQ(ErrorCode{answer_to(asking_for({"new"}), cluster).topics[0].error_code},
            ErrorCode::UnknownTopicOrPartition);
  const core::MetadataResponse second = answer_to(asking_for({"new"}), cluster);
  EXPECT_EQ(second.topics[0].error_code, 0);
  EXPECT_EQ(second.topics[0].partitions.size(), 3u);
}

TEST(Metadata, TheClientMayForbidTheCreation) {
  Cluster cluster = two_brokers(true);
  core::MetadataRequest request = asking_for({"new"});
  request.allow_auto_topic_creation = false;
  answer_to(request, cluster);
  EXPECT_FALSE(cluster.has_topic(TopicId{1}));
}

// --- InitProducerId ---

TEST(InitProducerId, EveryoneGetsAnIdOfItsOwn) {
  Cluster cluster = two_brokers();
  EXPECT_EQ(answer_to(core::InitProducerIdRequest{}, cluster).producer_id_and_epoch,
            (core::ProducerIdAndEpoch{1000, 0}));
  EXPECT_EQ(answer_to(core::InitProducerIdRequest{}, cluster).producer_id_and_epoch,
            (core::ProducerIdAndEpoch{1001, 0}));
}

}  // namespace
}  // namespace linger::sim
