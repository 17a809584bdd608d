#include "sim/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "names.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;


ServerSideDriver driver(const NetworkSpec& network, std::uint64_t seed = 1) {
  ClusterSpec two_brokers;
  two_brokers.brokers = 2;
  return ServerSideDriver{{two_brokers, network, {}, seed}};
}
ServerSideDriver driver(const LinkSpec& link, std::uint64_t seed = 1) {
  return driver(NetworkSpec{link, {}}, seed);
}

LinkSpec latency(Duration latency) {
  LinkSpec link;
  link.latency = latency;
  return link;
}

// The start of a frame so large that the broker never has the whole of it.
core::ByteVector endless_frame(std::size_t size) {
  core::ByteVector bytes(size, core::Byte{'x'});
  const core::ByteVector length{0x06, 0, 0, 0};  // 96 MiB
  std::copy(length.begin(), length.end(), bytes.begin());
  return bytes;
}

std::vector<std::int64_t> sizes_sent(const ServerSideDriver& run) {
  std::vector<std::int64_t> sizes;
  for (const auto& [when, sent] : run.all<SegmentSent>()) sizes.push_back(sent.bytes.count());
  return sizes;
}

// --- Opening ---

TEST(Network, AConnectionTakesARoundTripToOpen) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, at(10ms));
  const auto opened = run.all<ConnectionOpened>();
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0].first, at(10ms));
  EXPECT_EQ(opened[0].second.broker, NodeId{0});
}

TEST(Network, ALinkMayTakeExtraTimeToOpen) {
  LinkSpec link = latency(5ms);
  link.connect = 3ms;
  ServerSideDriver run = driver(link);
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, at(13ms));
}

TEST(Network, ABrokerMayHaveALinkOfItsOwn) {
  ServerSideDriver run = driver(NetworkSpec{latency(5ms), {{NodeId{1}, latency(20ms)}}});
  run.open(ServerSideDriver::socket(0));
  run.open(ServerSideDriver::socket(1));
  run.run();
  EXPECT_EQ(run.heard(ServerSideDriver::socket(0)).connected_at, at(10ms));
  EXPECT_EQ(run.heard(ServerSideDriver::socket(1)).connected_at, at(40ms));
}

TEST(Network, ABootstrapAddressLeadsToItsBroker) {
  ServerSideDriver run = driver(latency(1ms));
  const ClientSocket bootstrap = ServerSideDriver::socket(-1);
  run.open(bootstrap, {"broker-1", 9093});
  run.run();
  const auto opened = run.all<ConnectionOpened>();
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0].second.node, NodeId{-1});
  EXPECT_EQ(opened[0].second.broker, NodeId{1});
}

TEST(Network, AnAddressWithoutABrokerRefusesAfterARoundTrip) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket, {"nowhere", 9092});
  run.run();
  EXPECT_EQ(run.heard(kSocket).failed_at, at(10ms));
  ASSERT_EQ(run.all<ConnectionRefused>().size(), 1u);
  EXPECT_EQ(run.all<ConnectionRefused>()[0].second.why, "nobody at this address");
}

TEST(Network, ARefusedSocketMayBeOpenedAgain) {
  ServerSideDriver run = driver(latency(5ms));
  run.apply(RefuseConnections{NodeId{0}, 8ms});
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).failed_at, at(10ms));
  run.close(kSocket);  // a socket is closed in any case
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, at(20ms));
}

TEST(Network, AConnectionThatIsGivenUpWhileOpeningIsOver) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run_until(at(7ms));  // the broker has taken it, the client has not heard of it
  run.close(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, Instant{});
  EXPECT_TRUE(run.servers().network().connections().empty());
  EXPECT_TRUE(run.servers().brokers()[0].connections().empty());
}

// --- Bytes ---

TEST(Network, ASocketHasRoomForItsSendBufferAndAgainWhenSegmentsHaveLeft) {
  LinkSpec link = latency(1ms);
  link.bandwidth = Bytes{1'000'000};
  link.segment = Bytes{1'000};
  ServerSideDriver run = driver(link);
  run.open(kSocket, Bytes{2'500});
  run.run();
  EXPECT_EQ(run.heard(kSocket).room, Bytes{2'500});
  const Instant sent = run.now();
  run.send(kSocket, endless_frame(2'500));
  EXPECT_EQ(run.heard(kSocket).room, Bytes{0});
  run.run_until(sent + 999us);
  EXPECT_EQ(run.heard(kSocket).room, Bytes{0});
  run.run_until(sent + 1ms);
  EXPECT_EQ(run.heard(kSocket).room, Bytes{1'000});
  run.run_until(sent + 2'500us);
  EXPECT_EQ(run.heard(kSocket).room, Bytes{2'500});
}

TEST(Network, WithoutABandwidthThereIsRoomAgainAtOnce) {
  ServerSideDriver run = driver(latency(1ms));
  run.open(kSocket, Bytes{100});
  run.run();
  run.send(kSocket, endless_frame(100));
  run.run_until(run.now());
  EXPECT_EQ(run.heard(kSocket).room, Bytes{100});
}

TEST(Network, WritesOfOneInstantTravelTogether) {
  ServerSideDriver run = driver(latency(1ms));
  run.open(kSocket);
  run.run();
  run.send(kSocket, endless_frame(10));
  run.send(kSocket, core::ByteVector(20));
  run.run();
  EXPECT_EQ(sizes_sent(run), std::vector<std::int64_t>{30});
}

TEST(Network, FramesSplitAndCoalesceOnABusyLink) {
  LinkSpec link = latency(1ms);
  link.bandwidth = Bytes{1'000'000};
  link.segment = Bytes{100};
  ServerSideDriver run = driver(link);
  run.open(kSocket);
  run.run();
  run.send(kSocket, endless_frame(130));
  run.run_until(run.now() + 10us);  // 100 are leaving
  run.send(kSocket, core::ByteVector(50));
  run.run();
  EXPECT_EQ(sizes_sent(run), (std::vector<std::int64_t>{100, 80}));
}

TEST(Network, ASegmentArrivesWhenItSaidItWould) {
  LinkSpec link = latency(2ms);
  link.jitter = 3ms;
  link.segment = Bytes{10};
  ServerSideDriver run = driver(link);
  run.open(kSocket);
  run.run();
  run.send(kSocket, endless_frame(100));
  run.run();
  const auto sent = run.all<SegmentSent>();
  const auto arrived = run.all<SegmentArrived>();
  ASSERT_EQ(sent.size(), 10u);
  ASSERT_EQ(arrived.size(), 10u);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(sent[i].second.arrives, arrived[i].first);
  }
}

TEST(Network, OneConnectionsDrawsDoNotMoveAnothers) {
  LinkSpec link = latency(2ms);
  link.jitter = 5ms;
  const auto opened_at = [&](bool with_traffic) {
    ServerSideDriver run = driver(link);
    run.open(kSocket);
    if (with_traffic) {
      run.run();
      for (int i = 0; i < 5; ++i) run.send(kSocket, endless_frame(10));
    }
    run.run_until(at(1s));
    run.open(ServerSideDriver::socket(1));
    run.run();
    return run.heard(ServerSideDriver::socket(1)).connected_at;
  };
  EXPECT_EQ(opened_at(false), opened_at(true));
}

TEST(Network, AnotherSeedGivesOtherDelays) {
  LinkSpec link = latency(2ms);
  link.jitter = 500ms;
  ServerSideDriver one = driver(link, 1);
  ServerSideDriver other = driver(link, 2);
  one.open(kSocket);
  other.open(kSocket);
  one.run();
  other.run();
  EXPECT_NE(one.heard(kSocket).connected_at, other.heard(kSocket).connected_at);
}

// --- Closing ---

TEST(Network, BytesSentBeforeTheCloseStillArriveAndTheEndBehindThem) {
  LinkSpec link = latency(1ms);
  link.bandwidth = Bytes{1'000'000};
  link.segment = Bytes{100};
  ServerSideDriver run = driver(link);
  run.open(kSocket);
  run.run();
  run.send(kSocket, endless_frame(1'000));
  run.close(kSocket);
  const Instant closed = run.now();
  run.run_until(closed + 2ms - 1us);
  EXPECT_EQ(run.all<SegmentArrived>().size(), 9u);
  EXPECT_EQ(run.servers().brokers()[0].connections().size(), 1u);
  run.run_until(closed + 2ms);
  EXPECT_EQ(run.all<SegmentArrived>().size(), 10u);
  EXPECT_TRUE(run.servers().brokers()[0].connections().empty());
  EXPECT_TRUE(run.servers().network().connections().empty());
}

TEST(Network, AClientHearsTheEndOneLatencyAfterTheBrokerCloses) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run();
  run.send(kSocket, core::ByteVector{0xff, 0xff, 0xff, 0xff});  // no frame has this size
  run.run();
  EXPECT_EQ(run.heard(kSocket).ended_at, at(20ms));
  const auto closed = run.all<ConnectionClosed>();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].first, at(15ms));
  EXPECT_EQ(closed[0].second.by, ClosedBy::Broker);
  EXPECT_EQ(closed[0].second.why, "Invalid receive (size = -1)");
  run.close(kSocket);
  EXPECT_TRUE(run.servers().network().connections().empty());
}

// --- Faults ---

TEST(Network, ADisconnectLosesWhatIsOnTheWireAndBothSidesHearOfItAtOnce) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run();
  run.send(kSocket, endless_frame(10));
  run.run_until(at(12ms));
  run.apply(Disconnect{NodeId{0}});
  EXPECT_EQ(run.heard(kSocket).reset_at, at(12ms));
  EXPECT_TRUE(run.servers().brokers()[0].connections().empty());
  run.run();
  EXPECT_TRUE(run.all<SegmentArrived>().empty());
  ASSERT_EQ(run.all<ConnectionClosed>().size(), 1u);
  EXPECT_EQ(run.all<ConnectionClosed>()[0].second.by, ClosedBy::Network);
}

TEST(Network, ADisconnectTouchesNoOtherBroker) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(ServerSideDriver::socket(0));
  run.open(ServerSideDriver::socket(1));
  run.run();
  run.apply(Disconnect{NodeId{0}});
  EXPECT_EQ(run.servers().network().connections().size(), 1u);
}

TEST(Network, AfterADisconnectTheSocketMayBeOpenedAgain) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run();
  run.apply(Disconnect{NodeId{0}});
  run.close(kSocket);
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, at(20ms));
}

TEST(Network, LatencyIsAddedForAWhile) {
  ServerSideDriver run = driver(latency(1ms));
  run.open(kSocket);
  run.run_until(at(10ms));
  run.apply(AddLatency{NodeId{0}, 50ms, 10ms});
  run.send(kSocket, endless_frame(10));
  run.run_until(at(100ms));
  run.send(kSocket, core::ByteVector(10));
  run.run();
  const auto arrived = run.all<SegmentArrived>();
  ASSERT_EQ(arrived.size(), 2u);
  EXPECT_EQ(arrived[0].first, at(61ms));
  EXPECT_EQ(arrived[1].first, at(101ms));
}

TEST(Network, LatencyMayBeAddedOneWayAlone) {
  ServerSideDriver run = driver(latency(1ms));
  run.apply(AddLatency{NodeId{0}, 50ms, {}, Way::ToClient});
  run.open(kSocket);
  run.run_until(at(100ms));
  EXPECT_EQ(run.heard(kSocket).connected_at, at(52ms));
  run.send(kSocket, endless_frame(10));
  run.run();
  EXPECT_EQ(run.all<SegmentArrived>().at(0).first, at(101ms));
}

TEST(Network, ASilentBrokerNeverAnswersAConnectionRequest) {
  ServerSideDriver run = driver(latency(1ms));
  run.apply(FallSilent{NodeId{0}, {}});
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, Instant{});
  EXPECT_EQ(run.heard(kSocket).failed_at, Instant{});
  run.close(kSocket);  // the client gives up
  EXPECT_TRUE(run.servers().network().connections().empty());
}

TEST(Network, BytesToASilentBrokerVanish) {
  ServerSideDriver run = driver(latency(1ms));
  run.open(kSocket);
  run.run();
  run.apply(FallSilent{NodeId{0}, {}});
  run.send(kSocket, endless_frame(10));
  run.run();
  EXPECT_EQ(run.all<SegmentArrived>().size(), 1u);
  EXPECT_TRUE(run.servers().brokers()[0].connections().empty());
  EXPECT_EQ(run.heard(kSocket).reset_at, Instant{});
  EXPECT_EQ(run.heard(kSocket).ended_at, Instant{});
}

TEST(Network, WhatABrokerHasNotSentYetIsLostWhenItFallsSilent) {
  LinkSpec link = latency(1ms);
  link.bandwidth = Bytes{1'000};
  link.segment = Bytes{10};
  ServerSideDriver run = driver(link);
  run.open(kSocket);
  run.run();
  const core::RequestHeader header{core::ApiKey::ApiVersions, 0, core::CorrelationId{1}, "test"};
  run.request(kSocket, header, core::ApiVersionsRequest{});
  while (run.all<ResponseSent>().empty()) run.run_until(run.now() + 1ms);
  run.run_until(run.now() + 15ms);  // the second segment is leaving
  run.apply(FallSilent{NodeId{0}, {}});
  run.run();
  EXPECT_EQ(run.heard(kSocket).bytes.size(), 20u);
}

TEST(Network, AfterTheSilenceTheBrokersMachineKnowsNoConnectionFromBefore) {
  ServerSideDriver run = driver(latency(5ms));
  run.open(kSocket);
  run.run();
  run.apply(FallSilent{NodeId{0}, 100ms});
  run.run();
  EXPECT_EQ(run.now(), at(110ms));
  run.send(kSocket, endless_frame(10));
  run.run();
  EXPECT_EQ(run.heard(kSocket).reset_at, at(120ms));
  run.close(kSocket);
  run.open(kSocket);
  run.run();
  EXPECT_EQ(run.heard(kSocket).connected_at, at(130ms));
}

TEST(Network, ASecondSilenceDoesNotShortenTheFirst) {
  ServerSideDriver run = driver(latency(1ms));
  run.apply(FallSilent{NodeId{0}, 100ms});
  run.apply(FallSilent{NodeId{0}, 10ms});
  run.run();
  const auto states = run.all<BrokerStateChanged>();
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].second.state, BrokerState::Silent);
  EXPECT_EQ(states[1].second.state, BrokerState::Up);
  EXPECT_EQ(states[1].first, at(100ms));
}

}  // namespace
}  // namespace linger::sim
