#include "core/cluster_connection_states.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/check.h"

namespace linger::core::cluster_connection_states_test {
namespace {

constexpr NodeId kNode{0};
constexpr NodeId kOther{1};
constexpr Millis kStart{Milliseconds{1'000'000}};

ClusterConnectionStates::Settings settings(Ratio jitter) {
  return {ExponentialBackoff{{.initial = 50ms, .max = 1s, .jitter = jitter}},
          ExponentialBackoff{{.initial = 10s, .max = 30s, .jitter = jitter}}};
}

ClusterConnectionStates states(Ratio jitter = {0, 1}) {
  return ClusterConnectionStates{settings(jitter), Random{1, RandomStream::BackoffJitter}};
}

void connect(ClusterConnectionStates& states, NodeId node, Millis now) {
  states.connecting(node, now, "host");
  states.checking_api_versions(node);
  states.ready(node);
}

TEST(ClusterConnectionStates, ANodeNeverTriedMayBeConnectedAtOnce) {
  const ClusterConnectionStates fresh = states();
  EXPECT_TRUE(fresh.can_connect(kNode, kStart));
  EXPECT_FALSE(fresh.is_blacked_out(kNode, kStart));
  EXPECT_EQ(fresh.connection_delay(kNode, kStart), 0ms);
  EXPECT_FALSE(fresh.is_disconnected(kNode));
}

TEST(ClusterConnectionStates, AConnectionGoesThroughItsStates) {
  ClusterConnectionStates node_states = states();
  node_states.connecting(kNode, kStart, "host");
  EXPECT_FALSE(node_states.can_connect(kNode, kStart));
  EXPECT_TRUE(node_states.is_preparing_connection(kNode));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart + 3s), 10s);  // whole, not what remains

  node_states.checking_api_versions(kNode);
  EXPECT_TRUE(node_states.is_preparing_connection(kNode));
  EXPECT_TRUE(node_states.is_connected(kNode));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), kForever);

  node_states.ready(kNode);
  EXPECT_TRUE(node_states.is_ready(kNode, kStart));
  EXPECT_FALSE(node_states.is_preparing_connection(kNode));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), kForever);

  node_states.disconnected(kNode, kStart + 5s);
  EXPECT_TRUE(node_states.is_disconnected(kNode));
  EXPECT_FALSE(node_states.is_ready(kNode, kStart + 5s));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart + 5s), 50ms);
}

TEST(ClusterConnectionStates, TheBackoffCountsFromTheLoss) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  node_states.disconnected(kNode, kStart + 1s);

  EXPECT_TRUE(node_states.is_blacked_out(kNode, kStart + 1049ms));
  EXPECT_FALSE(node_states.can_connect(kNode, kStart + 1049ms));
  EXPECT_FALSE(node_states.is_blacked_out(kNode, kStart + 1050ms));
  EXPECT_TRUE(node_states.can_connect(kNode, kStart + 1050ms));
}

TEST(ClusterConnectionStates, NodesAreIndependent) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  connect(node_states, kOther, kStart);
  EXPECT_TRUE(node_states.has_ready_nodes(kStart));

  node_states.disconnected(kNode, kStart);
  EXPECT_TRUE(node_states.is_blacked_out(kNode, kStart));
  EXPECT_FALSE(node_states.is_blacked_out(kOther, kStart));
  EXPECT_TRUE(node_states.has_ready_nodes(kStart));

  node_states.disconnected(kOther, kStart);
  EXPECT_FALSE(node_states.has_ready_nodes(kStart));
}

TEST(ClusterConnectionStates, EachLossInARowDoublesTheBackoff) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  for (const std::int64_t expected : {50, 100, 200, 400, 800, 1000, 1000}) {
    node_states.disconnected(kNode, kStart);
    EXPECT_EQ(node_states.connection_delay(kNode, kStart), Milliseconds{expected});
    node_states.connecting(kNode, kStart, "host");
    node_states.checking_api_versions(kNode);  // a handshake that began changes nothing
  }
  node_states.ready(kNode);
  node_states.disconnected(kNode, kStart);
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), 50ms);
}

TEST(ClusterConnectionStates, JitterStaysWithinAFifthAndBelowTheMaximum) {
  ClusterConnectionStates node_states = states(Ratio{1, 5});
  connect(node_states, kNode, kStart);
  node_states.disconnected(kNode, kStart);
  EXPECT_GE(node_states.connection_delay(kNode, kStart), 40ms);
  EXPECT_LE(node_states.connection_delay(kNode, kStart), 60ms);
  for (int i = 0; i < 100; ++i) {
    node_states.connecting(kNode, kStart, "host");
    node_states.disconnected(kNode, kStart);
    EXPECT_LE(node_states.connection_delay(kNode, kStart), 1s);
  }
}

TEST(ClusterConnectionStates, EachConnectThatFailsDoublesTheSetupTimeout) {
  ClusterConnectionStates node_states = states();
  for (const std::int64_t expected : {10, 20, 30, 30}) {
    node_states.connecting(kNode, kStart, "host");
    EXPECT_EQ(node_states.connection_setup_timeout(kNode), std::chrono::seconds{expected});
    node_states.disconnected(kNode, kStart);
  }
  connect(node_states, kNode, kStart);
  EXPECT_EQ(node_states.connection_setup_timeout(kNode), 10s);
  node_states.disconnected(kNode, kStart);  // a loss is not a connect that failed
  EXPECT_EQ(node_states.connection_setup_timeout(kNode), 10s);
}

TEST(ClusterConnectionStates, ExactlyTheOverdueConnectsAreTimedOut) {
  ClusterConnectionStates node_states = states();
  node_states.connecting(kNode, kStart, "host");
  node_states.connecting(kOther, kStart + 1s, "host");
  EXPECT_TRUE(node_states.nodes_with_connection_setup_timeout(kStart + 10s).empty());
  EXPECT_EQ(node_states.nodes_with_connection_setup_timeout(kStart + 10s + 1ms),
            (std::vector{kNode}));
  node_states.checking_api_versions(kNode);
  EXPECT_EQ(node_states.nodes_with_connection_setup_timeout(kStart + 20s), (std::vector{kOther}));
}

TEST(ClusterConnectionStates, ANewHostStartsAfresh) {
  ClusterConnectionStates node_states = states();
  node_states.connecting(kNode, kStart, "old");
  node_states.disconnected(kNode, kStart);
  node_states.connecting(kNode, kStart, "old");
  EXPECT_EQ(node_states.connection_setup_timeout(kNode), 20s);
  node_states.connecting(kNode, kStart, "new");
  EXPECT_EQ(node_states.connection_setup_timeout(kNode), 10s);
}

TEST(ClusterConnectionStates, RemovalLiftsTheBackoff) {
  ClusterConnectionStates node_states = states();
  node_states.connecting(kNode, kStart, "host");
  node_states.disconnected(kNode, kStart);
  EXPECT_FALSE(node_states.can_connect(kNode, kStart));
  node_states.remove(kNode);
  EXPECT_TRUE(node_states.can_connect(kNode, kStart));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), 0ms);
}

TEST(ClusterConnectionStates, AThrottledNodeIsNotReady) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  node_states.throttle(kNode, kStart + 100ms);
  EXPECT_FALSE(node_states.is_ready(kNode, kStart + 99ms));
  EXPECT_EQ(node_states.poll_delay(kNode, kStart + 50ms), 50ms);
  EXPECT_TRUE(node_states.is_ready(kNode, kStart + 100ms));
  EXPECT_EQ(node_states.poll_delay(kNode, kStart + 100ms), kForever);
}

TEST(ClusterConnectionStates, AThrottleIsNeverShortened) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  node_states.throttle(kNode, kStart + 100ms);
  node_states.throttle(kNode, kStart + 50ms);
  EXPECT_EQ(node_states.throttle_delay(kNode, kStart), 100ms);
}

TEST(ClusterConnectionStates, AThrottleOfALostConnectionDoesNotDelay) {
  ClusterConnectionStates node_states = states();
  connect(node_states, kNode, kStart);
  node_states.throttle(kNode, kStart + 100ms);
  node_states.disconnected(kNode, kStart);
  EXPECT_EQ(node_states.poll_delay(kNode, kStart), 50ms);
}

TEST(ClusterConnectionStates, AFailedAuthenticationIsRememberedUntilTheNodeIsReady) {
  ClusterConnectionStates node_states = states();
  node_states.connecting(kNode, kStart, "host");
  node_states.disconnected(kNode, kStart);
  node_states.authentication_failed(kNode, kStart, {Exception::SaslAuthenticationException, "no"});
  EXPECT_TRUE(node_states.is_disconnected(kNode));
  EXPECT_TRUE(node_states.authentication_error(kNode));
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), 100ms);  // counted twice

  connect(node_states, kNode, kStart + 100ms);
  EXPECT_FALSE(node_states.authentication_error(kNode));
}

TEST(ClusterConnectionStates, TransitionsOfAnUnknownNodeAreAMistake) {
  ClusterConnectionStates node_states = states();
  EXPECT_THROW(node_states.ready(kNode), CheckFailure);
  EXPECT_THROW(node_states.disconnected(kNode, kStart), CheckFailure);
}

// --- Rules ---

TEST(ClusterConnectionStates, BeforeKafka13879AHandshakeThatFailsIsRepeatedWithoutGrowingPauses) {
  for (const bool outlives : {true, false}) {
    ClusterConnectionStates::Settings of = settings({0, 1});
    of.backoff_outlives_handshake = outlives;
    ClusterConnectionStates node_states{of, Random{1, RandomStream::BackoffJitter}};
    for (int i = 0; i < 3; ++i) {
      node_states.connecting(kNode, kStart, "host");
      node_states.checking_api_versions(kNode);
      node_states.disconnected(kNode, kStart);
    }
    EXPECT_EQ(node_states.connection_delay(kNode, kStart), outlives ? 200ms : 50ms);
  }
}

TEST(ClusterConnectionStates, BeforeKafka12762NothingEndsTheWaitForAConnection) {
  ClusterConnectionStates::Settings of = settings({0, 1});
  of.delays_by_setup_timeout = false;
  ClusterConnectionStates node_states{of, Random{1, RandomStream::BackoffJitter}};
  node_states.connecting(kNode, kStart, "host");
  EXPECT_EQ(node_states.connection_delay(kNode, kStart), kForever);
}

}  // namespace
}  // namespace linger::core::cluster_connection_states_test
