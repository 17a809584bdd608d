#include "sim/cluster.h"

#include <gtest/gtest.h>

#include <string>

#include "core/id.h"

namespace linger::sim {
namespace {

constexpr TopicId kOrders{0};
constexpr TopicId kOther{1};

ClusterSpec three_brokers() {
  ClusterSpec spec;
  spec.brokers = 3;
  TopicSpec orders;
  orders.name = "orders";
  orders.leaders = {NodeId{2}, std::nullopt, NodeId{0}};
  orders.replication_factor = 2;
  spec.topics = {orders};
  spec.default_partitions = 4;
  return spec;
}

Cluster cluster() {
  return Cluster{three_brokers(), core::TopicNames{{"orders", "other"}}};
}

TEST(Cluster, BrokersHaveAddressesByTheirId) {
  EXPECT_EQ(Cluster::endpoint(NodeId{2}).host, "broker-2");
  EXPECT_EQ(Cluster::endpoint(NodeId{2}).port, 9094);
  EXPECT_EQ(cluster().find_broker("broker-2", 9094), NodeId{2});
  EXPECT_EQ(cluster().find_broker("broker-2", 9092), std::nullopt);
  EXPECT_EQ(cluster().find_broker("broker-3", 9095), std::nullopt);
}

TEST(Cluster, ReplicasAreTheLeaderAndTheBrokersAfterIt) {
  const Cluster three = cluster();
  const Partition& led_by_2 = *three.find({kOrders, 0});
  EXPECT_EQ(led_by_2.replicas, (std::vector<NodeId>{NodeId{2}, NodeId{0}}));
  EXPECT_EQ(led_by_2.in_sync_replicas, led_by_2.replicas);
  const Partition& leaderless = *three.find({kOrders, 1});
  EXPECT_EQ(leaderless.leader, std::nullopt);
  EXPECT_EQ(leaderless.replicas, (std::vector<NodeId>{NodeId{1}, NodeId{2}}));
}

TEST(Cluster, WhatDoesNotExistIsNotFound) {
  EXPECT_EQ(cluster().find({kOrders, 3}), nullptr);
  EXPECT_EQ(cluster().find({kOrders, -1}), nullptr);
  EXPECT_EQ(cluster().find({kOther, 0}), nullptr);
  EXPECT_EQ(cluster().find_partition({"orders", 3}), std::nullopt);
  EXPECT_EQ(cluster().find_partition({"nowhere", 0}), std::nullopt);
}

TEST(Cluster, ANewLeaderMeansANewEpoch) {
  Cluster three = cluster();
  const LeaderChanged changed = three.change_leader({kOrders, 0}, NodeId{1});
  EXPECT_EQ(changed.leader, NodeId{1});
  EXPECT_EQ(changed.epoch, 1);
  const Partition& partition = *three.find({kOrders, 0});
  EXPECT_TRUE(partition.is_led_by(NodeId{1}));
  EXPECT_EQ(partition.replicas.size(), 3u);
  three.change_leader({kOrders, 0}, std::nullopt);
  EXPECT_FALSE(three.find({kOrders, 0})->is_led_by(NodeId{1}));
  EXPECT_EQ(three.find({kOrders, 0})->leader_epoch, 2);
}

TEST(Cluster, ANewTopicHasTheDefaultPartitionsLedInTurn) {
  Cluster three = cluster();
  three.create_topic(kOther);
  EXPECT_EQ(three.partition_count(kOther), 4);
  EXPECT_EQ(three.find({kOther, 2})->leader, NodeId{2});
  EXPECT_EQ(three.find({kOther, 3})->leader, NodeId{0});
}

TEST(Cluster, ProducerIdsAreFresh) {
  Cluster three = cluster();
  EXPECT_EQ(three.next_producer_id(), 1000);
  EXPECT_EQ(three.next_producer_id(), 1001);
}

TEST(Cluster, ACopyDoesNotSeeLaterChanges) {
  Cluster three = cluster();
  const Cluster before = three;
  three.change_leader({kOrders, 0}, NodeId{1});
  EXPECT_EQ(before.find({kOrders, 0})->leader, NodeId{2});
}

TEST(Cluster, TopicNamesAreCheckedAsKafkaDoes) {
  EXPECT_TRUE(is_valid_topic_name("orders.v2_eu-west"));
  EXPECT_TRUE(is_valid_topic_name(std::string(249, 'a')));
  EXPECT_FALSE(is_valid_topic_name(std::string(250, 'a')));
  EXPECT_FALSE(is_valid_topic_name(""));
  EXPECT_FALSE(is_valid_topic_name("."));
  EXPECT_FALSE(is_valid_topic_name(".."));
  EXPECT_FALSE(is_valid_topic_name("no spaces"));
}

}  // namespace
}  // namespace linger::sim
