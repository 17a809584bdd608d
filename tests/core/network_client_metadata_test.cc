// The metadata updater: when it asks, whom, and what it makes of answers.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/network_client.h"
#include "network_client_fixture.h"

namespace linger::core::network_client_metadata_test {
namespace {

// Knows one bootstrap address, and nothing else.
class MetadataUpdaterTest : public NetworkClientFixture {
 protected:
  explicit MetadataUpdaterTest(NetworkClient::Settings settings = client_settings())
      : NetworkClientFixture{std::move(settings)} {
    metadata_.bootstrap({{kBootstrap, "first", 9092}});
    metadata_.add(kT, now_, journal_);
  }
  void bootstrap() {
    poll();
    accept(kBootstrap);
    poll();
    poll();
    respond(kBootstrap, told(all_versions()));
    poll();
    poll();
  }
};

// --- Asking ---

TEST_F(MetadataUpdaterTest, AnUpdateThatIsDueConnectsToSomeNode) {
  EXPECT_EQ(begin(), 50ms);  // reconnect.backoff.ms
  finish();
  EXPECT_EQ(connects_[kBootstrap], (std::vector{ConnectIntent{kBootstrap, "first", 9092}}));
}

TEST_F(MetadataUpdaterTest, MetadataIsAskedForAsSoonAsANodeIsReady) {
  bootstrap();
  ASSERT_EQ(arrived(kBootstrap), 1u);
  EXPECT_EQ(oldest(kBootstrap).api_key, ApiKey::Metadata);
  EXPECT_EQ(oldest(kBootstrap).api_version, 12);
  respond(kBootstrap, metadata_answer());
  EXPECT_TRUE(poll().empty());  // it is the client's own
  EXPECT_EQ(metadata_.snapshot().leader_for(kT0), kNode);
  EXPECT_FALSE(metadata_.update_requested());
}

TEST_F(MetadataUpdaterTest, WhileAnUpdateIsDueNoNodeIsReady) {
  bootstrap();
  respond(kBootstrap, metadata_answer());
  poll();
  assume_connected(kNode);
  EXPECT_TRUE(is_ready(kNode));
  metadata_.request_update("test", journal_);
  EXPECT_TRUE(is_ready(kNode));  // it is asked for, and held back: not due
  now_ += 100ms;
  EXPECT_FALSE(is_ready(kNode));
  const NodeDecision decision = client_.node_decision(kNode, now_, metadata_);
  EXPECT_TRUE(decision.metadata_due);
  EXPECT_EQ(decision.connection, ConnectionState::Ready);

  begin();  // the request is queued
  EXPECT_FALSE(client_.node_decision(kNode, now_, metadata_).metadata_due);
  EXPECT_FALSE(is_ready(kNode));
  finish();  // and written
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(MetadataUpdaterTest, OneRequestIsInProgressAtATime) {
  bootstrap();
  EXPECT_EQ(begin(), 1s);
  finish();
  EXPECT_EQ(arrived(kBootstrap), 1u);
}

TEST_F(MetadataUpdaterTest, APollSleepsNoLongerThanUntilTheNextUpdate) {
  bootstrap();
  respond(kBootstrap, metadata_answer());
  poll();
  metadata_.request_update("test", journal_);
  now_ += 30ms;
  EXPECT_EQ(begin(), 70ms);
}

TEST_F(MetadataUpdaterTest, WhileANodeConnectsNoOtherIsConnected) {
  metadata_.bootstrap({{kBootstrap, "first", 9092}, {NodeId{-2}, "second", 9092}});
  poll();
  poll();
  EXPECT_EQ(connects_.size(), 1u);
}

TEST_F(MetadataUpdaterTest, AConnectedNodeThatIsBusyIsWaitedFor) {
  bootstrap();
  respond(kBootstrap, metadata_answer());
  poll();
  assume_connected(kNode);
  client_.on_writable(kNode, Bytes{0} - kRoom);
  assume_connected(kOther);
  client_.on_writable(kOther, Bytes{0} - kRoom);
  send(kNode, produce());
  send(kOther, produce());
  metadata_.request_update("test", journal_);
  now_ += 100ms;
  EXPECT_EQ(begin(), 50ms);  // busy ones are no candidates at all
}

// --- Answers ---

TEST_F(MetadataUpdaterTest, AnAnswerWithoutBrokersIsAFailure) {
  bootstrap();
  respond(kBootstrap, MetadataResponse{});
  const std::int32_t version = metadata_.update_version();
  poll();
  EXPECT_EQ(metadata_.update_version(), version);
  EXPECT_EQ(metadata_.time_to_next_update(now_), 100ms);
}

TEST_F(MetadataUpdaterTest, ErrorsOfTopicsAreLogged) {
  bootstrap();
  MetadataResponse response = metadata_answer();
  response.topics[0].error_code = wire_number(ErrorCode::LeaderNotAvailable);
  respond(kBootstrap, response);
  poll();
  EXPECT_TRUE(
      logged("reported a recoverable issue with correlation id 1 : "
             "{t=LEADER_NOT_AVAILABLE}"));
}

TEST_F(MetadataUpdaterTest, PartitionsWithoutListenerAreLogged) {
  bootstrap();
  MetadataResponse response = metadata_answer();
  response.topics[0].partitions[0].error_code = wire_number(ErrorCode::ListenerNotFound);
  respond(kBootstrap, response);
  poll();
  EXPECT_TRUE(
      logged("1 partitions have leader brokers without a matching listener, including "
             "[t-0]"));
}

TEST_F(MetadataUpdaterTest, ALostRequestIsAFailedUpdate) {
  bootstrap();
  client_.on_reset(kBootstrap);
  poll();
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_EQ(metadata_.time_to_next_update(now_), 100ms);
  EXPECT_EQ(client_.in_flight_count(), 0);
}

TEST_F(MetadataUpdaterTest, ARequestThatTimedOutIsMadeAgain) {
  bootstrap();
  ASSERT_EQ(arrived(kBootstrap), 1u);
  poll_after(1'001ms);
  EXPECT_EQ(arrived(kBootstrap), 0u) << "its connection is closed";
  poll_after(100ms);
  ASSERT_EQ(connects_[kBootstrap].size(), 2u) << "and another is made";
  bootstrap();
  ASSERT_EQ(arrived(kBootstrap), 1u);
  EXPECT_EQ(oldest(kBootstrap).api_key, ApiKey::Metadata);
}

TEST_F(MetadataUpdaterTest, ADeadBootstrapBrokerIsTriedWithBackoff) {
  poll();
  client_.on_connect_failed(kBootstrap);
  poll();
  EXPECT_EQ(metadata_.time_to_next_update(now_), 100ms);  // a failed update, since it was due
  EXPECT_TRUE(logged("Bootstrap broker first:9092 (id: -1 rack: null) disconnected"));
}

TEST_F(MetadataUpdaterTest, AUsersOwnMetadataRequestIsDeliveredToTheUser) {
  bootstrap();
  respond(kBootstrap, metadata_answer());
  poll();
  assume_connected(kNode);
  send(kNode, MetadataRequest{});
  poll();
  client_.on_reset(kNode);
  const auto responses = poll();
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].api, ApiKey::Metadata);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::Disconnected);
}

TEST_F(MetadataUpdaterTest, ABrokerThatTakesNoMetadataRequestIsAFatalErrorAndNeverAskedAgain) {
  poll();
  accept(kBootstrap);
  poll();
  poll();
  respond(kBootstrap, told({{ApiKey::ApiVersions, {0, 4}}, {ApiKey::Metadata, {99, 99}}}));
  poll();
  poll();
  EXPECT_EQ(metadata_.take_fatal_error()->exception, Exception::UnsupportedVersionException);
  now_ += 300s;
  poll();
  EXPECT_EQ(arrived(kBootstrap), 0u);
  EXPECT_FALSE(client_.node_decision(kBootstrap, now_, metadata_).metadata_due);
}

TEST_F(MetadataUpdaterTest, TheOldestMetadataRequestIsNeverSent) {
  poll();
  accept(kBootstrap);
  poll();
  poll();
  respond(kBootstrap, told({{ApiKey::ApiVersions, {0, 4}}, {ApiKey::Metadata, {0, 0}}}));
  poll();
  poll();
  const auto error = metadata_.take_fatal_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->exception, Exception::UnsupportedVersionException);
  EXPECT_EQ(error->message, "MetadataRequest versions older than 1 are not supported.");
  EXPECT_EQ(arrived(kBootstrap), 0u);
}

// --- The least loaded node ---

class LeastLoadedNodeTest : public NetworkClientFixture {
 protected:
  LeastLoadedNodeTest() { assume_metadata(); }

  std::set<NodeId> chosen() {
    std::set<NodeId> nodes;
    for (int i = 0; i < 50; ++i) {
      const auto found = client_.least_loaded_node(now_, metadata_).node;
      if (found) nodes.insert(*found);
    }
    return nodes;
  }
};

TEST_F(LeastLoadedNodeTest, WhereTheSearchBeginsIsChance) {
  EXPECT_EQ(chosen(), (std::set{kNode, kOther}));
}

TEST_F(LeastLoadedNodeTest, AnIdleConnectionIsPreferred) {
  assume_connected(kOther);
  EXPECT_EQ(chosen(), (std::set{kOther}));
}

TEST_F(LeastLoadedNodeTest, OfBusyConnectionsTheOneWithFewestRequestsIsPreferred) {
  assume_connected(kNode);
  assume_connected(kOther);
  for (const NodeId node : {kNode, kNode, kOther}) {
    send(node, produce());
    poll();
  }
  EXPECT_EQ(chosen(), (std::set{kOther}));
}

TEST_F(LeastLoadedNodeTest, AConnectionBeingMadeIsPreferredToANewOne) {
  ready(kNode);
  EXPECT_EQ(chosen(), (std::set{kNode}));
}

TEST_F(LeastLoadedNodeTest, ThrottledNodesAreLeftOut) {
  assume_connected(kNode);
  assume_connected(kOther);
  for (const NodeId node : {kNode, kOther}) {
    send(node, produce());
    poll();
    ProduceResponse throttled;
    throttled.throttle_time = 100ms;
    respond(node, throttled);
    poll();
  }
  EXPECT_TRUE(chosen().empty());
}

TEST_F(LeastLoadedNodeTest, UnreachableNodesTakeTurns) {
  for (int round = 0; round < 3; ++round) {
    std::set<NodeId> tried;
    for (int i = 0; i < 2; ++i) {
      const NodeId node = *client_.least_loaded_node(now_, metadata_).node;
      tried.insert(node);
      ready(node);
      client_.on_connect_failed(node);
      poll_after(1ms);
    }
    EXPECT_EQ(tried, (std::set{kNode, kOther}));
    now_ += 1s;
    assume_metadata();
  }
}

TEST_F(LeastLoadedNodeTest, WhileAllBackOffThereIsNone) {
  for (const NodeId node : {kNode, kOther}) {
    assume_connected(node);
    client_.on_reset(node);
  }
  poll();
  assume_metadata();
  const auto found = client_.least_loaded_node(now_, metadata_);
  EXPECT_FALSE(found.node);
  EXPECT_FALSE(found.connection_ready);
}

TEST_F(LeastLoadedNodeTest, AFullConnectionIsNoCandidateAndStillReady) {
  assume_connected(kNode);
  for (int i = 0; i < 5; ++i) {
    send(kNode, produce());
    poll();
  }
  client_.ready(*metadata_.snapshot().find_node(kOther), now_, metadata_, journal_);
  client_.on_connect_failed(kOther);
  poll();
  const auto found = client_.least_loaded_node(now_, metadata_);
  EXPECT_FALSE(found.node);
  EXPECT_TRUE(found.connection_ready);
}

// --- Rebootstrap ---

class RebootstrapTest : public MetadataUpdaterTest {
 protected:
  static NetworkClient::Settings settings() {
    NetworkClient::Settings settings = client_settings();
    settings.rebootstraps = true;
    return settings;
  }
  RebootstrapTest() : MetadataUpdaterTest{settings()} {}
};

TEST_F(RebootstrapTest, WithNoUsableNodeTheClientBeginsAgain) {
  bootstrap();
  respond(kBootstrap, metadata_answer());
  poll();
  for (const NodeId node : {kNode, kOther}) {
    ready(node);
    client_.on_connect_failed(node);
  }
  poll();
  metadata_.request_update("test", journal_);
  now_ += 40ms;  // within their backoff
  EXPECT_EQ(metadata_.snapshot().find_node(kBootstrap), nullptr);
  metadata_.add(TopicId{1}, now_, journal_);  // an update is due now
  poll();
  EXPECT_NE(metadata_.snapshot().find_node(kBootstrap), nullptr);
  EXPECT_TRUE(metadata_.snapshot().is_bootstrap());
}

}  // namespace
}  // namespace linger::core::network_client_metadata_test
