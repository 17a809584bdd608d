// What each fault of the wires and of the requests does to the bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error_code.h"
#include "names.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ByteVector;

constexpr NodeId kBroker{0};

// A connection to the one broker, which leads orders-0, 1 ms away.
class FaultEffects : public testing::Test {
 protected:
  FaultEffects() : run_{setup()} {}

  static ServerSideDriver::Setup setup() {
    ServerSideDriver::Setup setup;
    TopicSpec orders;
    orders.name = "orders";
    orders.leaders = {kBroker};
    setup.cluster.topics = {orders};
    setup.network.link.latency = 1ms;
    setup.topics = {"orders"};
    return setup;
  }

  void connect() {
    run_.open(kSocket);
    run_.run();
  }
  Instant after(Duration wait) const { return run_.now() + wait; }
  void wait(Duration wait) { run_.run_until(after(wait)); }

  void produce(std::int32_t correlation, std::size_t value_size = 5) {
    BatchOf one;
    one.value_size = value_size;
    run_.request(kSocket, produce_header(correlation),
                 produce_request("orders", 0, batch_bytes(one)));
  }
  std::int64_t appended() const { return run_.log(kOrders0).end_offset(); }
  std::size_t answers() { return run_.heard(kSocket).frames().size(); }
  const ByteVector& heard() { return run_.heard(kSocket).bytes; }
  std::string why_closed() const {
    const auto closed = run_.all<ConnectionClosed>();
    return closed.empty() ? "" : closed.back().second.why;
  }
  template <class Event>
  std::size_t count() const {
    return run_.all<Event>().size();
  }

  ServerSideDriver run_;
};

// --- Wires ---

TEST_F(FaultEffects, JitterIsAddedToEachSegmentAndNonePassesAnother) {
  connect();
  run_.apply(AddJitter{kBroker, 10ms, {}, Way::ToBroker});
  for (std::int32_t i = 0; i < 50; ++i) {
    produce(i);
    wait(1ms);
  }
  run_.run();
  std::vector<Duration> taken;
  for (const auto& [sent, segment] : run_.all<SegmentSent>()) {
    if (segment.direction == Direction::ToBroker) taken.push_back(segment.arrives - sent);
  }
  ASSERT_EQ(taken.size(), 50u);
  EXPECT_GE(*std::min_element(taken.begin(), taken.end()), 1ms);
  EXPECT_LE(*std::max_element(taken.begin(), taken.end()), 11ms);
  EXPECT_GT(*std::max_element(taken.begin(), taken.end()), 6ms);
  EXPECT_EQ(appended(), 50);
}

TEST_F(FaultEffects, BandwidthIsLimitedForAWhile) {
  connect();
  run_.apply(LimitBandwidth{kBroker, {Bytes{1'000'000}}, 1s, Way::ToBroker});
  const Instant begin = run_.now();
  produce(1, 100'000);
  run_.run();
  EXPECT_GE(run_.heard(kSocket).last_bytes_at, begin + 100ms);
  run_.run_until(begin + 2s);
  produce(2, 100'000);
  run_.run();
  EXPECT_EQ(run_.heard(kSocket).last_bytes_at, begin + 2s + 2ms);
}

TEST_F(FaultEffects, SegmentsMayBeMadeSmaller) {
  connect();
  run_.apply(LimitSegments{kBroker, Bytes{100}});
  produce(1, 1'000);
  run_.run();
  EXPECT_EQ(answers(), 1u);
  EXPECT_GT(count<SegmentSent>(), 11u);
  for (const auto& [when, sent] : run_.all<SegmentSent>()) EXPECT_LE(sent.bytes, Bytes{100});
}

TEST_F(FaultEffects, OnlyLargeSegmentsAreDroppedAndWhatIsBehindThemWaits) {
  connect();
  run_.apply(DropSegments{kBroker, Bytes{1'400}, 10s});
  const Instant begin = run_.now();
  produce(1);
  run_.run_until(begin + 1s);
  EXPECT_EQ(answers(), 1u);
  produce(2, 10'000);
  produce(3);
  run_.run_until(begin + 9s);
  EXPECT_EQ(answers(), 1u);
  ASSERT_EQ(count<SegmentLost>(), 1u) << "it is told once, however often it is sent";
  EXPECT_GT(run_.all<SegmentLost>()[0].second.bytes, Bytes{10'000});
  run_.run();
  EXPECT_EQ(answers(), 3u);
  EXPECT_EQ(run_.heard(kSocket).last_bytes_at, begin + 10s + 2ms);
}

TEST_F(FaultEffects, SmallerSegmentsPassWhereLargeOnesAreDropped) {
  connect();
  run_.apply(DropSegments{kBroker, Bytes{1'400}});
  produce(1, 10'000);
  wait(1s);
  EXPECT_EQ(appended(), 0);
  run_.apply(LimitSegments{kBroker, Bytes{1'360}});
  run_.run();
  EXPECT_EQ(answers(), 1u);
}

TEST_F(FaultEffects, AConnectionMayBeOpenOneWayOnly) {
  connect();
  run_.apply(DropSegments{kBroker, Bytes{0}, {}, Way::ToClient});
  produce(1);
  produce(2);
  wait(60s);
  EXPECT_EQ(appended(), 2);
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run_.heard(kSocket).ended_at, Instant{});
}

TEST_F(FaultEffects, WhatIsHeldBackIsDeliveredThoughItsClientHasClosed) {
  connect();
  run_.apply(AcceptNothing{kBroker, 5s});
  produce(1);
  wait(1s);
  run_.close(kSocket);
  EXPECT_EQ(appended(), 0);
  run_.run();
  EXPECT_EQ(appended(), 1);
  EXPECT_TRUE(run_.servers().network().connections().empty());
}

TEST_F(FaultEffects, APeerThatAcceptsNothingLeavesTheBytesInTheSocket) {
  run_.open(kSocket, Bytes{10'000});
  run_.run();
  run_.apply(AcceptNothing{kBroker, 5s});
  produce(1, 5'000);
  wait(1s);
  const Bytes room = run_.heard(kSocket).room;
  EXPECT_LT(room, Bytes{5'000});
  EXPECT_EQ(run_.servers().network().connections().at(0).waiting_to_broker, Bytes{10'000} - room);
  run_.run();
  EXPECT_EQ(run_.heard(kSocket).room, Bytes{10'000});
  EXPECT_EQ(answers(), 1u);
}

TEST_F(FaultEffects, APeerThatAcceptsNothingAcceptsConnections) {
  run_.apply(AcceptNothing{kBroker});
  connect();
  EXPECT_EQ(run_.heard(kSocket).connected_at, at(2ms));
}

TEST_F(FaultEffects, AMiddleboxForgetsAnIdleConnectionAndTellsNobody) {
  connect();
  run_.apply(DropIdle{kBroker, 240s});
  produce(1);
  wait(240s);
  produce(2);
  wait(240s + 2ms);
  EXPECT_EQ(answers(), 2u);
  produce(3);
  wait(240s + 3ms);
  EXPECT_EQ(answers(), 3u) << "what arrived last was the answer, two milliseconds later";
  produce(4);
  wait(600s);
  EXPECT_EQ(answers(), 3u);
  EXPECT_EQ(count<SegmentLost>(), 1u);
  EXPECT_EQ(run_.heard(kSocket).reset_at, Instant{});
  EXPECT_EQ(run_.heard(kSocket).ended_at, Instant{});
  // Neither does the broker hear that it is closed; a new one is as good as any.
  run_.close(kSocket);
  wait(1s);
  EXPECT_EQ(run_.servers().brokers()[0].connections().size(), 1u);
  connect();
  produce(5);
  run_.run();
  EXPECT_EQ(answers(), 4u);
}

// --- Requests and answers ---

TEST_F(FaultEffects, AFrameAboveASizeClosesTheConnection) {
  connect();
  run_.apply(CloseAbove{kBroker, Bytes{1'000}, 10s});
  produce(1);
  produce(2, 2'000);
  run_.run();
  EXPECT_EQ(answers(), 1u);
  EXPECT_EQ(appended(), 1);
  EXPECT_TRUE(why_closed().ends_with("larger than 1000)")) << why_closed();
  EXPECT_NE(run_.heard(kSocket).ended_at, Instant{});
}

TEST_F(FaultEffects, ARequestIsCutInTheMiddle) {
  connect();
  run_.apply(CutRequest{kBroker, Bytes{100}});
  produce(1, 1'000);
  run_.run();
  EXPECT_EQ(appended(), 0);
  EXPECT_EQ(why_closed(), "a request was cut");
  run_.close(kSocket);
  connect();
  produce(2, 1'000);
  run_.run();
  EXPECT_EQ(appended(), 1) << "it happens once";
}

TEST_F(FaultEffects, AnAnswerIsCutInTheMiddle) {
  connect();
  run_.apply(CutAnswer{kBroker, Bytes{10}});
  produce(1);
  run_.run();
  EXPECT_EQ(appended(), 1);
  EXPECT_EQ(heard().size(), 10u);
  EXPECT_NE(run_.heard(kSocket).ended_at, Instant{});
  EXPECT_TRUE(run_.all<ResponseSent>().at(0).second.lost);
}

TEST_F(FaultEffects, GarbageIsAnsweredInTheWordsOfOthers) {
  const auto answer = [&](Garbage what) {
    run_ = ServerSideDriver{setup()};
    connect();
    run_.apply(AnswerGarbage{kBroker, what});
    produce(1);
    run_.run();
    EXPECT_NE(run_.heard(kSocket).ended_at, Instant{});
    return core::load<std::int32_t>(heard().data());
  };
  EXPECT_EQ(answer(Garbage::Http), 1'213'486'160);
  EXPECT_EQ(answer(Garbage::TlsAlert), 352'518'912);
  EXPECT_EQ(answer(Garbage::NegativeSize), -1);
}

TEST_F(FaultEffects, GarbageIsAnsweredForAWhile) {
  run_.apply(AnswerGarbage{kBroker, Garbage::Http, {}, 10s});
  for (int i = 0; i < 3; ++i) {
    connect();
    produce(i);
    run_.run();
    run_.close(kSocket);
    wait(1s);
  }
  EXPECT_EQ(answers(), 0u);
  wait(10s);
  connect();
  produce(4);
  run_.run();
  const auto sent = run_.all<ResponseSent>();
  ASSERT_EQ(sent.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(sent[i].second.lost);
  EXPECT_FALSE(sent[3].second.lost);
}

// The size that a broker reads in the first four bytes of others' protocols.
TEST_F(FaultEffects, AStrangersFirstBytesAreTakenForASize) {
  const auto why = [&](StrangerSays says) {
    run_ = ServerSideDriver{setup()};
    run_.apply(Stranger{kBroker, says});
    run_.run();
    EXPECT_TRUE(run_.servers().network().connections().empty());
    for (const auto& [when, closed] : run_.all<ConnectionClosed>()) {
      if (closed.by == ClosedBy::Broker) return closed.why;
    }
    return std::string{};
  };
  EXPECT_EQ(why(StrangerSays::HttpGet),
            "Invalid receive (size = 1195725856 larger than 104857600)");
  EXPECT_EQ(why(StrangerSays::HttpPost),
            "Invalid receive (size = 1347375956 larger than 104857600)");
  EXPECT_EQ(why(StrangerSays::HttpHead),
            "Invalid receive (size = 1212498244 larger than 104857600)");
  EXPECT_EQ(why(StrangerSays::TlsHello),
            "Invalid receive (size = 369295616 larger than 104857600)");
}

TEST_F(FaultEffects, AStrangerIsRefusedAtHisFourthByteHoweverTheyArrive) {
  run_.apply(LimitSegments{kBroker, Bytes{1}});
  run_.apply(Stranger{kBroker, StrangerSays::HttpGet});
  run_.run();
  std::size_t taken = 0;
  for (const auto& [when, segment] : run_.all<SegmentArrived>()) {
    taken += segment.direction == Direction::ToBroker ? 1 : 0;
  }
  EXPECT_EQ(taken, 16u);
  EXPECT_EQ(run_.all<ConnectionClosed>().at(0).second.why,
            "Invalid receive (size = 1195725856 larger than 104857600)");
}

// --- What clients are told ---

TEST_F(FaultEffects, AnotherAddressIsAdvertisedUntilTheRealOneIsAgain) {
  connect();
  const auto told = [&](std::size_t index) {
    core::RequestHeader header{core::ApiKey::Metadata, 12, core::CorrelationId{1}, "p"};
    run_.request(kSocket, header, core::MetadataRequest{});
    run_.run();
    const auto response = std::get<core::MetadataResponse>(run_.response(kSocket, header, index));
    return response.brokers.at(0).host + ":" + std::to_string(response.brokers.at(0).port);
  };
  EXPECT_EQ(told(0), "broker-0:9092");
  run_.apply(Advertise{kBroker, "localhost", 19'092});
  EXPECT_EQ(told(1), "localhost:19092");
  run_.apply(Advertise{kBroker, ""});
  EXPECT_EQ(told(2), "broker-0:9092");
}

TEST_F(FaultEffects, MetadataMayTellAnErrorOfAPartition) {
  connect();
  const auto told = [&](std::size_t index) {
    core::RequestHeader header{core::ApiKey::Metadata, 12, core::CorrelationId{1}, "p"};
    core::MetadataRequest request;
    request.topics = {core::MetadataRequestTopic{.name = "orders"}};
    run_.request(kSocket, header, request);
    run_.run();
    const auto response = std::get<core::MetadataResponse>(run_.response(kSocket, header, index));
    return response.topics.at(0).partitions.at(0);
  };
  run_.apply(FailMetadata{{"orders", 0}, core::ErrorCode::LeaderNotAvailable, 2});
  for (std::size_t i = 0; i < 2; ++i) {
    const core::MetadataResponsePartition partition = told(i);
    EXPECT_EQ(partition.error_code, core::wire_number(core::ErrorCode::LeaderNotAvailable));
    EXPECT_EQ(partition.leader_id, core::kNoLeader);
  }
  EXPECT_EQ(told(2).leader_id, kBroker);
}

}  // namespace
}  // namespace linger::sim
