#include "sim/broker.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error_code.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ApiKey;
using core::ByteVector;
using core::CorrelationId;
using core::ErrorCode;

constexpr ClientSocket kSocket{ProducerIndex{0}, NodeId{0}};
constexpr TopicPartition kOrders0{TopicId{0}, 0};
constexpr Duration kLatency = 1ms;

struct Times {
  Duration service{};
  Duration replication{};
};

// A connection to broker 0 of two, which leads orders-0, and a round trip of 2 ms.
class BrokerTest : public testing::Test {
 protected:
  ServerSideDriver& start(Times times = {}) {
    ServerSideDriver::Setup setup;
    setup.cluster.brokers = 2;
    TopicSpec orders;
    orders.name = "orders";
    orders.leaders = {NodeId{0}, NodeId{1}};
    setup.cluster.topics = {orders};
    setup.cluster.service_time = times.service;
    setup.cluster.replication_time = times.replication;
    setup.network.link.latency = kLatency;
    setup.topics = {"orders"};
    run_.emplace(setup);
    run_->open(kSocket);
    run_->run();
    return *run_;
  }

  void produce(std::int32_t correlation, std::int16_t acks, const ByteVector& records,
               core::Milliseconds timeout = core::Milliseconds{30'000}) {
    core::ProduceRequest request = produce_request("orders", 0, records, acks);
    request.timeout = timeout;
    run_->request(kSocket, produce_header(correlation), request);
  }
  core::ProduceResponsePartition produced(std::int32_t correlation, std::size_t index) {
    const core::Response response = run_->response(kSocket, produce_header(correlation), index);
    return std::get<core::ProduceResponse>(response).topics.at(0).partitions.at(0);
  }
  std::size_t answers() { return run_->heard(kSocket).frames().size(); }
  Instant answered_at() { return run_->heard(kSocket).last_bytes_at; }
  bool is_served_no_more() { return run_->servers().brokers()[0].connections().empty(); }

  std::optional<ServerSideDriver> run_;
  const ByteVector batch = batch_bytes({});
};

// --- Requests and responses ---

TEST_F(BrokerTest, ARequestIsAnsweredAfterTheServiceTime) {
  ServerSideDriver& run = start({.service = 5ms});
  const Instant sent = run.now();
  produce(1, 1, batch);
  run.run();
  EXPECT_EQ(answered_at(), sent + kLatency + 5ms + kLatency);
  EXPECT_EQ(produced(1, 0).base_offset, 0);
  EXPECT_EQ(run.all<RequestReceived>().at(0).first, sent + kLatency);
  EXPECT_EQ(run.all<ResponseSent>().at(0).first, sent + kLatency + 5ms);
}

TEST_F(BrokerTest, AConnectionIsServedOneRequestAtATimeInOrder) {
  ServerSideDriver& run = start({.service = 5ms});
  const Instant sent = run.now();
  for (std::int32_t i = 0; i < 3; ++i) produce(i, 1, batch);
  run.run();
  EXPECT_EQ(answered_at(), sent + kLatency + 15ms + kLatency);
  for (std::int32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(produced(i, static_cast<std::size_t>(i)).base_offset, i);
    EXPECT_EQ(run.all<RequestReceived>()[static_cast<std::size_t>(i)].first, sent + kLatency);
  }
}

TEST_F(BrokerTest, ConnectionsAreServedByThemselves) {
  ServerSideDriver& run = start({.service = 5ms});
  const ClientSocket other = ServerSideDriver::socket(0, 1);
  run.open(other);
  run.run();
  const Instant sent = run.now();
  produce(1, 1, batch);
  run.request(other, produce_header(1), produce_request("orders", 0, batch));
  run.run();
  EXPECT_EQ(answered_at(), sent + 7ms);
  EXPECT_EQ(run.heard(other).last_bytes_at, sent + 7ms);
  EXPECT_EQ(run.log(kOrders0).batch(1).origin.producer, ProducerIndex{1});
}

TEST_F(BrokerTest, EveryServedVersionOfProduceIsAnswered) {
  ServerSideDriver& run = start();
  for (std::int16_t version = 3; version <= 11; ++version) {
    run.request(kSocket, produce_header(version, version), produce_request("orders", 0, batch));
    run.run();
    const auto index = static_cast<std::size_t>(version - 3);
    const core::Response response = run.response(kSocket, produce_header(version, version), index);
    EXPECT_EQ(std::get<core::ProduceResponse>(response).topics[0].partitions[0].base_offset,
              version - 3);
  }
}

TEST_F(BrokerTest, EveryServedVersionOfMetadataIsAnswered) {
  ServerSideDriver& run = start();
  core::MetadataRequest request;
  request.topics = {{{{}, "orders"}}};
  for (std::int16_t version = 0; version <= 12; ++version) {
    const core::RequestHeader header{ApiKey::Metadata, version, CorrelationId{version}, "test"};
    run.request(kSocket, header, request);
    run.run();
    const core::Response response =
        run.response(kSocket, header, static_cast<std::size_t>(version));
    EXPECT_EQ(std::get<core::MetadataResponse>(response).topics.at(0).partitions.size(), 2u);
  }
}

TEST_F(BrokerTest, EveryServedVersionOfInitProducerIdIsAnswered) {
  ServerSideDriver& run = start();
  for (std::int16_t version = 0; version <= 5; ++version) {
    const core::RequestHeader header{ApiKey::InitProducerId, version, CorrelationId{version}, {}};
    run.request(kSocket, header, core::InitProducerIdRequest{});
    run.run();
    const core::Response response =
        run.response(kSocket, header, static_cast<std::size_t>(version));
    EXPECT_EQ(std::get<core::InitProducerIdResponse>(response).producer_id_and_epoch.producer_id,
              1000 + version);
  }
}

TEST_F(BrokerTest, ApiVersionsOfAVersionNobodyKnowsIsAnsweredAsVersion0) {
  ServerSideDriver& run = start();
  const core::RequestHeader header{ApiKey::ApiVersions, 4, CorrelationId{7}, "test"};
  ByteVector frame = core::encode_request(header, core::ApiVersionsRequest{"java", "9.9"});
  frame[7] = 9;  // the version
  run.send(kSocket, frame);
  run.run();
  const auto response = std::get<core::ApiVersionsResponse>(run.response(kSocket, header, 0));
  EXPECT_EQ(response.error_code, core::kUnsupportedVersionError);
  ASSERT_EQ(response.api_keys.size(), 1u);
  EXPECT_EQ(response.api_keys[0], (core::ApiVersion{ApiKey::ApiVersions, 0, 4}));
  EXPECT_FALSE(is_served_no_more());
}

// --- acks ---

TEST_F(BrokerTest, AcksAllWaitsForTheFollowersAndAcks1DoesNot) {
  ServerSideDriver& run = start({.replication = 20ms});
  const Instant first = run.now();
  produce(1, 1, batch);
  run.run();
  EXPECT_EQ(answered_at(), first + 2ms);
  const Instant second = run.now();
  produce(2, -1, batch);
  run.run();
  EXPECT_EQ(answered_at(), second + 22ms);
}

TEST_F(BrokerTest, WhoeverWaitsForTheFollowersHoldsUpTheConnection) {
  ServerSideDriver& run = start({.replication = 20ms});
  const Instant sent = run.now();
  produce(1, -1, batch);
  produce(2, 1, batch);
  run.run_until(sent + 21ms);
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.log(kOrders0).batch_count(),
            2u);  // the second one the moment the first is answered
  run.run_until(sent + 22ms);
  EXPECT_EQ(answers(), 2u);
}

TEST_F(BrokerTest, ADuplicateThatTheFollowersHaveIsAnsweredAtOnce) {
  ServerSideDriver& run = start({.replication = 20ms});
  const ByteVector idempotent = batch_bytes({.producer = {1000, 0}, .sequence = 0});
  produce(1, -1, idempotent);
  run.run();
  const Instant again = run.now();
  produce(2, -1, idempotent);
  run.run();
  EXPECT_EQ(answered_at(), again + 2ms);
  EXPECT_EQ(produced(2, 1).base_offset, 0);
}

TEST_F(BrokerTest, WhatTheFollowersDoNotGetInTimeTimesOutAndStays) {
  ServerSideDriver& run = start({.replication = 60s});
  const Instant sent = run.now();
  produce(1, -1, batch, core::Milliseconds{100});
  run.run();
  EXPECT_EQ(answered_at(), sent + 102ms);
  EXPECT_EQ(ErrorCode{produced(1, 0).error_code}, ErrorCode::RequestTimedOut);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
}

TEST_F(BrokerTest, AnErrorIsAnsweredWithoutWaiting) {
  ServerSideDriver& run = start({.replication = 20ms});
  const Instant sent = run.now();
  produce(1, -1, with_field(batch, 17, 0));
  run.run();
  EXPECT_EQ(answered_at(), sent + 2ms);
}

TEST_F(BrokerTest, Acks0HasNoAnswer) {
  ServerSideDriver& run = start();
  produce(1, 0, batch);
  produce(2, 1, batch);
  run.run();
  EXPECT_EQ(answers(), 1u);
  EXPECT_EQ(produced(2, 0).base_offset, 1);
}

TEST_F(BrokerTest, AnErrorWithAcks0ClosesTheConnection) {
  ServerSideDriver& run = start();
  const Instant sent = run.now();
  produce(1, 0, with_field(batch, 17, 0));
  produce(2, 1, batch);
  run.run();
  EXPECT_EQ(run.heard(kSocket).ended_at, sent + 2ms);
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 0);
}

// --- Leaders ---

TEST_F(BrokerTest, ALeaderChangeAnswersWhoWaitsForTheFollowers) {
  ServerSideDriver& run = start({.replication = 20ms});
  const Instant sent = run.now();
  produce(1, -1, batch);
  run.run_until(sent + 10ms);
  run.apply(ChangeLeader{{"orders", 0}, NodeId{1}});
  run.run();
  EXPECT_EQ(answered_at(), sent + 11ms);
  EXPECT_EQ(ErrorCode{produced(1, 0).error_code}, ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(produced(1, 0).current_leader, (core::LeaderIdAndEpoch{NodeId{1}, 1}));
  EXPECT_EQ(answers(), 1u);
  ASSERT_EQ(run.all<LeaderChanged>().size(), 1u);
}

TEST_F(BrokerTest, WhoeverWaitsNextDoesNotProfitFromTheTimeTheFirstHasWaited) {
  ServerSideDriver& run = start({.replication = 20ms});
  const Instant sent = run.now();
  produce(1, -1, batch);
  produce(2, -1, batch);
  run.run_until(sent + 10ms);
  run.apply(ChangeLeader{{"orders", 0}, NodeId{1}});
  run.apply(ChangeLeader{{"orders", 0}, NodeId{0}});  // now the second one is served
  run.run();
  EXPECT_EQ(answers(), 2u);
  EXPECT_EQ(answered_at(), sent + 10ms + 20ms + kLatency);
}

TEST_F(BrokerTest, AfterALeaderChangeOnlyTheNewLeaderAppends) {
  ServerSideDriver& run = start();
  run.apply(ChangeLeader{{"orders", 0}, NodeId{1}});
  produce(1, 1, batch);
  run.run();
  EXPECT_EQ(ErrorCode{produced(1, 0).error_code}, ErrorCode::NotLeaderOrFollower);
  const ClientSocket to_1 = ServerSideDriver::socket(1);
  run.open(to_1);
  run.run();
  run.request(to_1, produce_header(1), produce_request("orders", 0, batch));
  run.run();
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
  EXPECT_EQ(run.log(kOrders0).batch(0).header.partition_leader_epoch, 1);
}

// --- Bytes that make no sense ---

TEST_F(BrokerTest, AnUnknownRequestClosesTheConnection) {
  ServerSideDriver& run = start();
  run.send(kSocket, {0, 0, 0, 10, 0x7f, 0x7f, 0, 0, 0, 0, 0, 1, 0xff, 0xff});
  run.run();
  EXPECT_NE(run.heard(kSocket).ended_at, Instant{});
  EXPECT_TRUE(is_served_no_more());
}

TEST_F(BrokerTest, AVersionThatIsNotServedClosesTheConnection) {
  ServerSideDriver& run = start();
  // Produce in version 12, which came after these brokers.
  run.send(kSocket, {0, 0, 0, 11, 0, 0, 0, 12, 0, 0, 0, 1, 0xff, 0xff, 0});
  run.run();
  EXPECT_TRUE(is_served_no_more());
}

TEST_F(BrokerTest, ATruncatedBodyClosesTheConnection) {
  ServerSideDriver& run = start();
  ByteVector frame = core::encode_request(produce_header(1), produce_request("orders", 0, batch));
  frame.pop_back();
  frame[3] = static_cast<core::Byte>(frame[3] - 1);
  run.send(kSocket, frame);
  run.run();
  EXPECT_TRUE(is_served_no_more());
  EXPECT_EQ(run.log(kOrders0).end_offset(), 0);
}

TEST_F(BrokerTest, AFrameOfMoreThan100MiBClosesTheConnection) {
  ServerSideDriver& run = start();
  run.send(kSocket, {0x06, 0x40, 0x00, 0x01});
  run.run();
  EXPECT_EQ(run.all<ConnectionClosed>().at(0).second.why,
            "Invalid receive (size = 104857601 larger than 104857600)");
}

TEST_F(BrokerTest, WhatStandsBeforeTheNonsenseIsStillAnswered) {
  ServerSideDriver& run = start({.service = 5ms});
  const Instant sent = run.now();
  produce(1, 1, batch);
  run.send(kSocket, {0xff, 0xff, 0xff, 0xff});
  run.run();
  EXPECT_EQ(answers(), 1u);
  EXPECT_EQ(answered_at(), sent + 7ms);
  EXPECT_EQ(run.heard(kSocket).ended_at, sent + 7ms);
}

// --- When somebody goes away ---

TEST_F(BrokerTest, WhatWasReceivedWholeIsServedThoughTheClientHasClosed) {
  ServerSideDriver& run = start({.service = 5ms});
  produce(1, 1, batch);
  produce(2, 1, batch);
  run.close(kSocket);
  run.run();
  EXPECT_EQ(run.log(kOrders0).end_offset(), 2);
  EXPECT_TRUE(is_served_no_more());
  EXPECT_TRUE(run.servers().network().connections().empty());
}

TEST_F(BrokerTest, WhenTheConnectionBreaksOnlyTheRequestInServiceIsDone) {
  ServerSideDriver& run = start({.service = 5ms});
  produce(1, 1, batch);
  produce(2, 1, batch);
  run.run_until(run.now() + 3ms);
  run.apply(Disconnect{NodeId{0}});
  run.run();
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
  EXPECT_EQ(answers(), 0u);
  ASSERT_EQ(run.all<ResponseSent>().size(), 1u);
  EXPECT_TRUE(run.all<ResponseSent>()[0].second.lost);
  EXPECT_TRUE(is_served_no_more());
}

TEST_F(BrokerTest, AllRequestsForAPartitionMayFailForAWhile) {
  ServerSideDriver& run = start();
  const Instant begin = run.now();
  run.apply(FailProduce{{"orders", 0}, ErrorCode::NotEnoughReplicas, {}, false, 100ms});
  for (std::int32_t i = 0; i < 3; ++i) produce(i, 1, batch);
  run.run_until(begin + 100ms);
  produce(3, 1, batch);
  run.run();
  for (std::int32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(produced(i, static_cast<std::size_t>(i)).error_code,
              core::wire_number(ErrorCode::NotEnoughReplicas));
  }
  EXPECT_EQ(produced(3, 3).error_code, 0);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
}

TEST_F(BrokerTest, AnAnswerMayBeLostAndTheConnectionClosed) {
  ServerSideDriver& run = start();
  run.apply(LoseResponse{{"orders", 0}, 1, true});
  const Instant sent = run.now();
  produce(1, 1, batch);
  produce(2, 1, batch);
  run.run();
  EXPECT_EQ(run.heard(kSocket).ended_at, sent + 2ms);
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
  EXPECT_TRUE(run.all<ResponseSent>().at(0).second.lost);
}

TEST_F(BrokerTest, AnAnswerMayBeLostInSilenceAndNothingBehindItIsServed) {
  ServerSideDriver& run = start();
  run.apply(LoseResponse{{"orders", 0}, 1, false});
  produce(1, 1, batch);
  produce(2, 1, batch);
  run.run();
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.heard(kSocket).ended_at, Instant{});
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
  const auto views = run.servers().brokers()[0].connections();
  ASSERT_EQ(views.size(), 1u);
  EXPECT_EQ(views[0].serving, Broker::Serving::Silent);
  EXPECT_EQ(views[0].requests.size(), 2u);
  run.close(kSocket);
  run.run();
  EXPECT_TRUE(is_served_no_more());
}

TEST_F(BrokerTest, ABrokerThatFallsSilentForgetsWhatItWasDoing) {
  ServerSideDriver& run = start({.service = 5ms});
  produce(1, 1, batch);
  run.run_until(run.now() + 3ms);
  run.apply(FallSilent{NodeId{0}, 100ms});
  run.run();
  EXPECT_EQ(run.log(kOrders0).end_offset(), 0);
  EXPECT_EQ(answers(), 0u);
}

// --- Copies ---

TEST_F(BrokerTest, ACopyGoesOnByItself) {
  ServerSideDriver& run = start({.service = 5ms});
  produce(1, 1, batch);
  run.run_until(run.now() + 3ms);
  ServerSideDriver fork = run;
  fork.apply(Disconnect{NodeId{0}});
  fork.run();
  run.run();
  EXPECT_EQ(answers(), 1u);
  EXPECT_TRUE(fork.heard(kSocket).bytes.empty());
}

}  // namespace
}  // namespace linger::sim
