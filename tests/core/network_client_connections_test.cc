// Connections: how they are made, how they are lost, and what becomes of their requests.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/check.h"
#include "core/network_client.h"
#include "network_client_fixture.h"

namespace linger::core::network_client_connections_test {
namespace {

class ConnectionsTest : public NetworkClientFixture {
 protected:
  explicit ConnectionsTest(NetworkClient::Settings settings = client_settings())
      : NetworkClientFixture{std::move(settings)} {
    assume_metadata();
  }
  ConnectionState state(NodeId node = kNode) const { return client_.connections().state(node); }
  Milliseconds delay() const { return client_.poll_delay(kNode, now_); }

  // A lost connection asks for metadata, and while that is due no node is ready; here it is fresh.
  void refresh_metadata() {
    metadata_.update(metadata_.new_request(now_), metadata_answer(), 12, now_, journal_);
  }
};

// --- Connecting ---

TEST_F(ConnectionsTest, AskingWhetherANodeIsReadyBeginsToConnect) {
  EXPECT_EQ(delay(), 0ms);
  EXPECT_FALSE(ready(kNode));
  EXPECT_EQ(state(), ConnectionState::Connecting);
  EXPECT_EQ(delay(), 10s);  // the whole set-up timeout
  poll();
  ASSERT_EQ(connects_[kNode].size(), 1u);
  EXPECT_EQ(connects_[kNode][0], (ConnectIntent{kNode, "zero", 9092}));

  EXPECT_FALSE(ready(kNode));  // once is enough
  poll();
  EXPECT_EQ(connects_[kNode].size(), 1u);
}

TEST_F(ConnectionsTest, OnlyAskingDoesNotConnect) {
  EXPECT_FALSE(is_ready(kNode));
  poll();
  EXPECT_TRUE(connects_.empty());
}

TEST_F(ConnectionsTest, ANodeNobodyKnowsIsNotReady) {
  EXPECT_FALSE(ready(NodeId{7}));
  poll();
  EXPECT_TRUE(connects_.empty());
}

TEST_F(ConnectionsTest, ANodeOutsideTheSnapshotCanBeNamedWithItsAddress) {
  const Node coordinator{NodeId{7}, "seven", 9097};
  EXPECT_FALSE(client_.ready(coordinator, now_, metadata_, journal_));
  poll();
  EXPECT_EQ(connects_[NodeId{7}].size(), 1u);
}

TEST_F(ConnectionsTest, TheVersionsAreAskedForBeforeANodeIsReady) {
  ready(kNode);
  poll();
  accept(kNode);
  EXPECT_EQ(state(), ConnectionState::Connecting);
  poll();  // the connection is noticed, and the handshake queued
  EXPECT_EQ(state(), ConnectionState::CheckingApiVersions);
  EXPECT_EQ(arrived(kNode), 0u);
  EXPECT_EQ(delay(), kForever);
  poll();  // and only now written
  ASSERT_EQ(arrived(kNode), 1u);
  EXPECT_EQ(oldest(kNode).api_key, ApiKey::ApiVersions);
  EXPECT_EQ(oldest(kNode).api_version, 4);
  EXPECT_EQ(client_.in_flight_count(kNode), 1);

  respond(kNode, told(all_versions()));
  EXPECT_TRUE(poll().empty());

  EXPECT_EQ(state(), ConnectionState::Ready);
  EXPECT_TRUE(is_ready(kNode));
  EXPECT_EQ(client_.in_flight_count(kNode), 0);
  EXPECT_EQ(client_.api_versions(kNode, ApiKey::Produce), (VersionRange{0, 11}));
}

TEST_F(ConnectionsTest, ABrokerThatDoesNotKnowTheVersionIsAskedInTheOneItTells) {
  ready(kNode);
  poll();
  accept(kNode);
  poll();
  poll();
  ApiVersionsResponse too_new;
  too_new.error_code = kUnsupportedVersionError;
  too_new.api_keys = {{ApiKey::ApiVersions, 0, 2}};
  respond(kNode, too_new);
  poll();
  poll();
  EXPECT_EQ(connects_[kNode].size(), 1u);
  ASSERT_EQ(arrived(kNode), 1u);
  EXPECT_EQ(oldest(kNode).api_version, 2);
  respond(kNode, told(all_versions()));
  poll();
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(ConnectionsTest, ABrokerThatTellsNoVersionIsAskedInVersion0) {
  ready(kNode);
  poll();
  accept(kNode);
  poll();
  poll();
  ApiVersionsResponse too_new;
  too_new.error_code = kUnsupportedVersionError;
  respond(kNode, too_new);
  poll();
  poll();
  EXPECT_EQ(oldest(kNode).api_version, 0);

  respond(kNode, too_new);  // not even that one
  poll();
  EXPECT_EQ(state(), ConnectionState::Disconnected);
}

TEST_F(ConnectionsTest, AnyOtherErrorOfTheHandshakeEndsTheConnection) {
  ready(kNode);
  poll();
  accept(kNode);
  poll();
  poll();
  ApiVersionsResponse refused;
  refused.error_code = wire_number(ErrorCode::InvalidRequest);
  respond(kNode, refused);
  EXPECT_TRUE(poll().empty());
  EXPECT_EQ(state(), ConnectionState::Disconnected);
  EXPECT_FALSE(connecting_.contains(kNode));
  EXPECT_TRUE(
      logged("Received error INVALID_REQUEST from node 0 when making an ApiVersionsRequest"));
}

class ConnectionsWithoutDiscoveryTest : public ConnectionsTest {
 protected:
  static NetworkClient::Settings settings() {
    NetworkClient::Settings settings = client_settings();
    settings.discovers_versions = false;
    return settings;
  }
  ConnectionsWithoutDiscoveryTest() : ConnectionsTest{settings()} {}
};

TEST_F(ConnectionsWithoutDiscoveryTest, AConnectionIsReadyAtOnce) {
  ready(kNode);
  poll();
  accept(kNode);
  poll();
  EXPECT_TRUE(is_ready(kNode));
  EXPECT_EQ(client_.in_flight_count(kNode), 0);
}

// --- Losing a connection ---

TEST_F(ConnectionsTest, ALostConnectionFailsItsRequestsInTheOrderOfSending) {
  assume_connected(kNode);
  const CorrelationId first = send(kNode, produce());
  poll();
  const CorrelationId second = send(kNode, produce());
  poll();
  client_.on_reset(kNode);

  const auto responses = poll();

  ASSERT_EQ(responses.size(), 2u);
  EXPECT_EQ(responses[0].correlation, first);
  EXPECT_EQ(responses[1].correlation, second);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::Disconnected);
  EXPECT_EQ(responses[0].batches.size(), 1u);
  EXPECT_TRUE(client_.connection_failed(kNode));
  EXPECT_EQ(client_.api_versions(kNode, ApiKey::Produce), std::nullopt);
}

TEST_F(ConnectionsTest, ALostConnectionAsksForMetadata) {
  assume_connected(kNode);
  EXPECT_FALSE(metadata_.update_requested());
  client_.on_end_of_stream(kNode);
  poll();
  EXPECT_TRUE(metadata_.update_requested());
  EXPECT_TRUE(logged("Node 0 disconnected."));
}

TEST_F(ConnectionsTest, AResponseThatCameBeforeTheEndIsDelivered) {
  assume_connected(kNode);
  send(kNode, produce());
  poll();
  respond(kNode, ProduceResponse{});
  client_.on_end_of_stream(kNode);
  const auto first = poll();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].outcome, RequestOutcome::Ok);
  EXPECT_TRUE(poll().empty());
  EXPECT_EQ(state(), ConnectionState::Disconnected);
}

TEST_F(ConnectionsTest, EachLossInARowDoublesTheBackoff) {
  assume_connected(kNode);
  client_.on_reset(kNode);
  poll();
  EXPECT_EQ(delay(), 50ms);
  now_ += 50ms;
  ready(kNode);
  client_.on_connect_failed(kNode);
  poll();
  EXPECT_EQ(delay(), 100ms);
  EXPECT_TRUE(logged("Connection to node 0 could not be established"));
}

TEST_F(ConnectionsTest, WithinTheBackoffNoConnectionIsMade) {
  assume_connected(kNode);
  client_.on_reset(kNode);
  poll();
  refresh_metadata();
  now_ += 49ms;
  ready(kNode);
  EXPECT_EQ(state(), ConnectionState::Disconnected);
  now_ += 1ms;
  ready(kNode);
  EXPECT_EQ(state(), ConnectionState::Connecting);
}

TEST_F(ConnectionsTest, AConnectionCutInTheHandshakeBacksOffMoreEachTime) {
  for (const int expected : {50, 100, 200, 400, 800}) {
    ready(kNode);
    poll();
    accept(kNode);
    poll();
    poll();
    EXPECT_EQ(client_.in_flight_count(kNode), 1);
    client_.on_end_of_stream(kNode);
    EXPECT_TRUE(poll().empty());
    EXPECT_EQ(client_.in_flight_count(kNode), 0);
    EXPECT_EQ(delay(), Milliseconds{expected});
    now_ += delay();
  }
}

TEST_F(ConnectionsTest, AnIdleConnectionIsAnOrdinaryLoss) {
  assume_connected(kNode);
  now_ += 540'001ms;
  assume_metadata();  // fresh: a request for it would keep the connection busy
  poll();
  EXPECT_EQ(state(), ConnectionState::Disconnected);
  EXPECT_EQ(delay(), 50ms);
  EXPECT_TRUE(logged("Idle connection to node 0 disconnected."));
}

// --- Timeouts ---

TEST_F(ConnectionsTest, ARequestTimesOutWhenItsTimeIsExceeded) {
  assume_connected(kNode);
  send(kNode, produce(), 100ms);
  poll();
  EXPECT_TRUE(poll_after(100ms).empty());
  const auto responses = poll_after(1ms);
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::TimedOut);
  EXPECT_EQ(responses[0].latency, 101ms);
  EXPECT_FALSE(connecting_.contains(kNode));
  EXPECT_TRUE(metadata_.update_requested());
}

TEST_F(ConnectionsTest, OneLateRequestEndsAllOfItsConnection) {
  assume_connected(kNode);
  send(kNode, produce(), 200ms);
  poll();
  send(kNode, produce(), 100ms);
  poll();
  EXPECT_TRUE(poll_after(100ms).empty());
  send(kNode, produce(), 1s);
  EXPECT_EQ(poll_after(1ms).size(), 3u);
}

TEST_F(ConnectionsTest, AResponseThatComesInTheVeryPollWins) {
  assume_connected(kNode);
  send(kNode, produce(), 100ms);
  poll();
  respond(kNode, ProduceResponse{});
  const auto responses = poll_after(101ms);
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::Ok);
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(ConnectionsTest, ARequestThatWasNotEvenWrittenTimesOutToo) {
  assume_connected(kNode);
  client_.on_writable(kNode, Bytes{0} - kRoom);
  const ProduceSend request = produce();
  send(kNode, request, 100ms);
  EXPECT_EQ(poll_after(101ms).size(), 1u);
  EXPECT_FALSE(store_.has_readers(request.parts[0].buffer));
}

class ConnectionsBeforeTimeoutsWereToldTest : public ConnectionsTest {
 protected:
  static NetworkClient::Settings settings() {
    NetworkClient::Settings settings = client_settings();
    settings.tells_timeouts = false;
    return settings;
  }
  ConnectionsBeforeTimeoutsWereToldTest() : ConnectionsTest{settings()} {}
};

TEST_F(ConnectionsBeforeTimeoutsWereToldTest, ATimeoutLooksLikeADisconnect) {
  assume_connected(kNode);
  send(kNode, produce(), 100ms);
  poll();
  EXPECT_EQ(poll_after(101ms).at(0).outcome, RequestOutcome::Disconnected);
}

TEST_F(ConnectionsTest, AConnectThatHangsTimesOut) {
  ready(kNode);
  ready(kOther);
  poll_after(10s);
  EXPECT_FALSE(client_.connection_failed(kNode));
  poll_after(1ms);
  EXPECT_TRUE(client_.connection_failed(kNode));
  EXPECT_TRUE(client_.connection_failed(kOther));
  EXPECT_TRUE(connecting_.empty());
  EXPECT_TRUE(logged("due to socket connection setup timeout. The timeout value is 10000 ms."));
  now_ += 50ms;
  ready(kNode);
  EXPECT_EQ(delay(), 20s);
}

// --- The client ends a connection ---

TEST_F(ConnectionsTest, ADisconnectAbortsTheRequestsInFlight) {
  assume_connected(kNode);
  const CorrelationId first = send(kNode, produce());
  poll();
  const CorrelationId second = send(kNode, produce());
  client_.disconnect(kNode, now_, metadata_, store_, journal_);
  EXPECT_TRUE(client_.connection_failed(kNode));
  EXPECT_EQ(delay(), 50ms);
  EXPECT_FALSE(metadata_.update_requested());

  const auto responses = poll();
  ASSERT_EQ(responses.size(), 2u);
  EXPECT_EQ(responses[0].correlation, first);
  EXPECT_EQ(responses[1].correlation, second);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::Disconnected);
}

TEST_F(ConnectionsTest, ASecondDisconnectDoesNotStartTheBackoffAgain) {
  assume_connected(kNode);
  client_.disconnect(kNode, now_, metadata_, store_, journal_);
  now_ += 50ms;
  EXPECT_EQ(delay(), 0ms);
  client_.disconnect(kNode, now_, metadata_, store_, journal_);
  EXPECT_EQ(delay(), 0ms);
}

TEST_F(ConnectionsTest, ADisconnectInTheHandshakeReportsNothing) {
  ready(kNode);
  poll();
  accept(kNode);
  poll();
  client_.disconnect(kNode, now_, metadata_, store_, journal_);
  EXPECT_EQ(client_.in_flight_count(), 0);
  EXPECT_TRUE(poll().empty());
}

TEST_F(ConnectionsTest, ClosingANodeForgetsItsRequestsWithoutAWord) {
  assume_connected(kNode);
  send(kNode, produce());
  client_.close(kNode, now_, metadata_, store_, journal_);
  EXPECT_EQ(client_.in_flight_count(kNode), 0);
  EXPECT_TRUE(poll().empty());
  EXPECT_EQ(delay(), 0ms);  // no backoff
  connect(kNode);
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(ConnectionsTest, ClosingANodeThatConnectsLeavesNothingBehind) {
  ready(kNode);
  poll();
  client_.close(kNode, now_, metadata_, store_, journal_);
  accept(kNode);  // too late
  EXPECT_TRUE(poll().empty());
  EXPECT_FALSE(client_.connections().has_entry(kNode));
  connect(kNode);
  connect(kOther);
  EXPECT_TRUE(is_ready(kNode));
  EXPECT_TRUE(is_ready(kOther));
}

TEST_F(ConnectionsTest, ClosingTheClientClosesEverything) {
  assume_connected(kNode);
  const ProduceSend request = produce();
  send(kNode, request);
  client_.close(metadata_, store_, journal_);
  EXPECT_FALSE(client_.is_active());
  EXPECT_TRUE(metadata_.is_closed());
  EXPECT_FALSE(store_.has_readers(request.parts[0].buffer));
  EXPECT_THROW(begin(), CheckFailure);
}

// --- The poll's own timeout ---

TEST_F(ConnectionsTest, APollSleepsNoLongerThanTheRequestTimeout) {
  EXPECT_EQ(begin(kForever), 1s);
  finish();
  EXPECT_EQ(begin(300ms), 300ms);
}

TEST_F(ConnectionsTest, TheJournalFollowsAConnection) {
  connect(kNode);
  client_.on_reset(kNode);
  poll();
  std::vector<ConnectionState> states;
  std::string why;
  for (const ConnectionChanged& change : taken<ConnectionChanged>()) {
    states.push_back(change.state);
    why = change.why;
  }
  EXPECT_EQ(states, (std::vector{ConnectionState::Connecting, ConnectionState::CheckingApiVersions,
                                 ConnectionState::Ready, ConnectionState::Disconnected}));
  EXPECT_EQ(why, "Connection reset by peer");
}

}  // namespace
}  // namespace linger::core::network_client_connections_test
