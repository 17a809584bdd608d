// Sending and being answered, over connections that stand.
#include "core/network_client.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "core/check.h"
#include "network_client_fixture.h"

namespace linger::core::network_client_test {
namespace {

class NetworkClientTest : public NetworkClientFixture {
 protected:
  NetworkClientTest() {
    assume_metadata();
    assume_connected(kNode);
  }
};

// --- Request and response ---

TEST_F(NetworkClientTest, ARequestIsAnsweredOnce) {
  const CorrelationId correlation = send(kNode, InitProducerIdRequest{});
  EXPECT_EQ(client_.in_flight_count(kNode), 1);
  EXPECT_TRUE(poll().empty());
  now_ += 5ms;
  InitProducerIdResponse body;
  body.producer_id_and_epoch = {1000, 0};
  respond(kNode, body);

  const auto responses = poll();

  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].correlation, correlation);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::Ok);
  EXPECT_EQ(responses[0].latency, 5ms);
  EXPECT_EQ(responses[0].body, Response{body});
  EXPECT_EQ(client_.in_flight_count(), 0);
  EXPECT_TRUE(poll().empty());
}

TEST_F(NetworkClientTest, SendingToANodeThatIsNotReadyIsAMistake) {
  EXPECT_THROW(send(kOther, InitProducerIdRequest{}), CheckFailure);
}

TEST_F(NetworkClientTest, AProduceRequestTellsItsBatchesWhenItIsCompleted) {
  const ProduceSend request = produce();
  send(kNode, request);
  poll();
  respond(kNode, ProduceResponse{});
  const auto responses = poll();
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].batches, (std::vector{InFlightBatch{kT0, request.parts[0].batch}}));
}

TEST_F(NetworkClientTest, ARequestWithoutResponseIsCompleteWhenItIsWritten) {
  client_.send({.destination = kNode,
                .body = produce(0),
                .expect_response = false,
                .timeout = 1s,
                .created = now_},
               now_, metadata_, store_, journal_);
  const auto responses = poll();
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].outcome, RequestOutcome::NoResponseExpected);
  EXPECT_FALSE(responses[0].body);
  EXPECT_EQ(client_.in_flight_count(kNode), 0);
}

TEST_F(NetworkClientTest, AnotherRequestWaitsUntilTheLastOneIsWritten) {
  send(kNode, produce());
  EXPECT_FALSE(is_ready(kNode));
  EXPECT_FALSE(client_.node_decision(kNode, now_, metadata_).can_send_more);
  poll();
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(NetworkClientTest, FiveRequestsMayBeInFlight) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(is_ready(kNode));
    send(kNode, produce());
    poll();
  }
  EXPECT_FALSE(is_ready(kNode));
  EXPECT_EQ(client_.in_flight_count(kNode), 5);
  respond(kNode, ProduceResponse{});
  poll();
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(NetworkClientTest, ABrokerThatDoesNotReadBlocksTheNextRequest) {
  client_.on_writable(kNode, Bytes{0} - kRoom + Bytes{10});  // ten bytes of room are left
  send(kNode, produce());
  poll();
  EXPECT_FALSE(is_ready(kNode));
  client_.on_writable(kNode, kRoom);
  poll();
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(NetworkClientTest, TheBufferOfAProduceRequestIsReadUntilItIsWritten) {
  const ProduceSend request = produce();
  send(kNode, request);
  EXPECT_TRUE(store_.has_readers(request.parts[0].buffer));
  poll();
  EXPECT_FALSE(store_.has_readers(request.parts[0].buffer));
}

TEST_F(NetworkClientTest, PartitionsOfOneTopicTravelTogether) {
  ProduceSend request = produce();
  for (const TopicPartition partition : {TopicPartition{TopicId{1}, 0}, TopicPartition{kT, 1}}) {
    request.parts.push_back(produce().parts[0]);
    request.parts.back().partition = partition;
  }
  const auto pieces =
      encode(request, {ApiKey::Produce, 11, CorrelationId{7}, "test"}, kNames, store_);
  BufferStore copy = store_;
  NetworkSend frame{pieces};
  frame.hold_buffers(copy);
  ByteVector socket;
  frame.write_to(socket, frame.size(), copy);
  const auto decoded = decode_request(ByteSpan{socket}.subspan(4));
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  const auto& body = std::get<ProduceRequest>(decoded.value().request);
  ASSERT_EQ(body.topics.size(), 2u);
  EXPECT_EQ(body.topics[0].name, "t");
  EXPECT_EQ(body.topics[0].partitions.size(), 2u);
  EXPECT_EQ(body.topics[1].name, "u");
  EXPECT_EQ(text_of(*body.topics[1].partitions[0].records), "rec");
}

// --- Versions ---

TEST_F(NetworkClientTest, TheNewestVersionThatBothSidesTakeIsUsed) {
  assume_connected(kOther, {{ApiKey::InitProducerId, {0, 3}}});
  send(kOther, InitProducerIdRequest{});
  poll();
  EXPECT_EQ(oldest(kOther).api_version, 3);
  send(kNode, InitProducerIdRequest{});
  poll();
  EXPECT_EQ(oldest(kNode).api_version, 5);
}

TEST_F(NetworkClientTest, WithoutKnownVersionsTheNewestIsUsed) {
  assume_connected(kOther, {});
  send(kOther, InitProducerIdRequest{});
  poll();
  EXPECT_EQ(oldest(kOther).api_version, 5);
}

// Kafka's testMaxUsableProduceMagic.
TEST_F(NetworkClientTest, TheOldestNodeKnownDecidesTheRecordFormat) {
  EXPECT_EQ(client_.usable_magic(), Magic::V2);
  assume_connected(kOther, {{ApiKey::Produce, {0, 2}}});
  EXPECT_EQ(client_.usable_magic(), Magic::V1);
  client_.on_reset(kOther);
  poll();
  EXPECT_EQ(client_.usable_magic(), Magic::V2) << "once it is gone";
}

TEST_F(NetworkClientTest, ANodeThatTakesNoRecordsDoesNotDecideTheirFormat) {
  assume_connected(kOther, {{ApiKey::Metadata, {0, 12}}});
  EXPECT_EQ(client_.usable_magic(), Magic::V2);
}

TEST_F(NetworkClientTest, ARequestNoVersionOfWhichIsTakenIsAbortedInTheNextPoll) {
  assume_connected(kOther, {{ApiKey::Produce, {0, 2}}});
  const ProduceSend request = produce();
  const CorrelationId correlation = send(kOther, request);
  EXPECT_EQ(client_.in_flight_count(kOther), 0);
  EXPECT_FALSE(store_.has_readers(request.parts[0].buffer));

  EXPECT_EQ(begin(), 0ms);
  const PollResult result = finish();

  ASSERT_EQ(result.responses.size(), 1u);
  EXPECT_EQ(result.responses[0].correlation, correlation);
  EXPECT_EQ(result.responses[0].outcome, RequestOutcome::VersionMismatch);
  EXPECT_EQ(result.responses[0].version_mismatch->message,
            "The node does not support Produce with version in range [3,11]. The supported range "
            "is [0,2].");
  EXPECT_EQ(result.responses[0].batches.size(), 1u);
}

TEST_F(NetworkClientTest, AbortedSendsAreDeliveredAlone) {
  assume_connected(kOther, {{ApiKey::Metadata, {0, 12}}});
  send(kNode, InitProducerIdRequest{});
  poll();
  respond(kNode, InitProducerIdResponse{});
  send(kOther, InitProducerIdRequest{});  // which the broker does not know at all

  const auto first = poll();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].version_mismatch->message, "The node does not support InitProducerId");
  const auto second = poll();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].outcome, RequestOutcome::Ok);
}

// --- Correlation ids ---

TEST_F(NetworkClientTest, CorrelationIdsCountFromZero) {
  EXPECT_EQ(send(kNode, produce()), CorrelationId{0});
  poll();
  EXPECT_EQ(send(kNode, produce()), CorrelationId{1});
}

class NetworkClientNearReservedIdsTest : public NetworkClientFixture {
 protected:
  static NetworkClient::Settings settings() {
    NetworkClient::Settings settings = client_settings();
    settings.first_correlation = 0x7ffffff7;
    return settings;
  }
  NetworkClientNearReservedIdsTest() : NetworkClientFixture{settings()} {
    assume_metadata();
    assume_connected(kNode);
  }
};

TEST_F(NetworkClientNearReservedIdsTest, TheReservedIdsAreSkipped) {
  EXPECT_EQ(send(kNode, produce()), CorrelationId{0x7ffffff7});
  poll();
  EXPECT_EQ(send(kNode, produce()), CorrelationId{std::numeric_limits<std::int32_t>::min()});
  poll();
  EXPECT_EQ(send(kNode, produce()), CorrelationId{std::numeric_limits<std::int32_t>::min() + 1});
}

// --- What propagates out of poll ---

TEST_F(NetworkClientTest, AResponseToAnotherRequestPropagatesOutOfPoll) {
  send(kNode, InitProducerIdRequest{});
  poll();
  const RequestHeader wrong{ApiKey::InitProducerId, 5, CorrelationId{99}, "test"};
  client_.on_bytes(kNode, encode_response(wrong, InitProducerIdResponse{}));
  begin();
  const PollResult result = finish();
  ASSERT_TRUE(result.thrown);
  EXPECT_EQ(result.thrown->exception, Exception::IllegalStateException);
  EXPECT_NE(
      result.thrown->message.find("Correlation id for response (99) does not match request (0)"),
      std::string::npos);
  EXPECT_EQ(client_.in_flight_count(kNode), 0);  // the request is gone
}

TEST_F(NetworkClientTest, WhatElseHappenedInAPollThatThrewIsLost) {
  assume_connected(kOther);
  send(kNode, InitProducerIdRequest{});
  send(kOther, InitProducerIdRequest{});
  poll();
  respond(kNode, InitProducerIdResponse{});
  client_.on_bytes(kOther, ByteVector{0, 0, 0, 1, 7});  // too short to be a response
  begin();
  const PollResult result = finish();
  EXPECT_TRUE(result.thrown);
  EXPECT_TRUE(result.responses.empty());
  EXPECT_EQ(client_.in_flight_count(), 0);
  EXPECT_TRUE(poll().empty());
}

TEST_F(NetworkClientTest, AConnectionLostInAPollThatThrewGoesUnnoticedUntilItsRequestsTimeOut) {
  assume_connected(kOther);
  send(kNode, InitProducerIdRequest{});
  send(kOther, InitProducerIdRequest{});
  poll();
  client_.on_bytes(kNode, ByteVector{0, 0, 0, 1, 7});
  client_.on_reset(kOther);
  begin();
  EXPECT_TRUE(finish().thrown);
  EXPECT_EQ(client_.connections().state(kOther), ConnectionState::Ready);
  EXPECT_FALSE(is_ready(kOther));  // its channel is gone
  EXPECT_TRUE(poll_after(1s).empty());
  EXPECT_EQ(poll_after(1ms).size(), 1u);
}

TEST_F(NetworkClientTest, AResponseNobodyAskedForPropagatesOutOfPoll) {
  client_.on_bytes(kNode, ByteVector{0, 0, 0, 4, 0, 0, 0, 0});
  begin();
  EXPECT_EQ(finish().thrown->message, "There are no in-flight requests for node 0");
}

// --- Throttling ---

TEST_F(NetworkClientTest, AThrottledNodeIsNotReadyUntilTheTimeIsOver) {
  send(kNode, produce());
  poll();
  ProduceResponse throttled;
  throttled.throttle_time = 100ms;
  respond(kNode, throttled);
  EXPECT_EQ(poll().size(), 1u);

  EXPECT_FALSE(is_ready(kNode));
  EXPECT_EQ(client_.poll_delay(kNode, now_), 100ms);
  now_ += 50ms;
  EXPECT_TRUE(client_.node_decision(kNode, now_, metadata_).throttled);
  EXPECT_EQ(client_.poll_delay(kNode, now_), 50ms);
  now_ += 50ms;
  EXPECT_TRUE(is_ready(kNode));
}

TEST_F(NetworkClientTest, AnOlderBrokerThrottlesByItself) {
  assume_connected(kOther, {{ApiKey::Produce, {0, 5}}});
  send(kOther, produce());
  poll();
  ProduceResponse throttled;
  throttled.throttle_time = 100ms;
  respond(kOther, throttled);
  poll();
  EXPECT_TRUE(is_ready(kOther));
}

TEST_F(NetworkClientTest, RequestsInFlightDoNotAgeWhileTheirConnectionIsThrottled) {
  send(kNode, produce());
  poll();
  send(kNode, produce());
  poll();
  ProduceResponse throttled;
  throttled.throttle_time = 1s;
  respond(kNode, throttled);
  EXPECT_EQ(poll().size(), 1u);
  EXPECT_TRUE(poll_after(2s).empty());
  EXPECT_EQ(client_.in_flight_count(kNode), 1);
  EXPECT_EQ(poll_after(1ms).size(), 1u);
}

// --- The journal ---

TEST_F(NetworkClientTest, TheJournalFollowsARequest) {
  const ProduceSend request = produce();
  send(kNode, request);
  const auto sent = taken<RequestSent>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].api, ApiKey::Produce);
  EXPECT_EQ(sent[0].version, 11);
  EXPECT_EQ(sent[0].in_flight, 1);
  EXPECT_EQ(sent[0].batches, (std::vector{request.parts[0].batch}));

  begin();
  finish();
  const std::vector<Event> events = journal_.take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<BytesMoved>(events[0]).bytes, sent[0].bytes);
  EXPECT_EQ(std::get<RequestWritten>(events[1]).correlation, sent[0].correlation);

  respond(kNode, ProduceResponse{});
  poll();
  const auto completed = taken<RequestCompleted>();
  ASSERT_EQ(completed.size(), 1u);
  EXPECT_EQ(completed[0].outcome, RequestOutcome::Ok);
  EXPECT_EQ(completed[0].in_flight, 0);
}

TEST_F(NetworkClientTest, ACopyGoesOnByItself) {
  send(kNode, InitProducerIdRequest{});
  poll();
  NetworkClient copy = client_;
  Metadata metadata = metadata_;
  BufferStore store = store_;
  respond(kNode, InitProducerIdResponse{});
  EXPECT_EQ(poll().size(), 1u);
  EXPECT_EQ(copy.in_flight_count(), 1);
  copy.begin_poll(0ms, now_, metadata, store, journal_);
  EXPECT_TRUE(copy.finish_poll(now_, metadata, store, journal_).responses.empty());
}

}  // namespace
}  // namespace linger::core::network_client_test
