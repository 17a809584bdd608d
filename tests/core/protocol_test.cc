#include "core/protocol.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/protocol_messages.h"

namespace linger::core::protocol_test {
namespace {

using std::nullopt;

// --- Support ---

std::string hex_of(ByteSpan bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const Byte byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

ByteVector from_hex(std::string_view hex) {
  ByteVector bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<Byte>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16)));
  }
  return bytes;
}

constexpr std::size_t kSizeBytes = 4;

// What stands behind a frame's size.
ByteSpan payload_of(const ByteVector& frame) {
  return ByteSpan{frame}.subspan(kSizeBytes);
}

RequestHeader header_of(ApiKey key, int version, int correlation_id) {
  return {key, static_cast<std::int16_t>(version), CorrelationId{correlation_id}, "producer-1"};
}

RequestHeader transactional_header_of(ApiKey key, int version, int correlation_id) {
  RequestHeader header = header_of(key, version, correlation_id);
  header.client_id = "producer-tx";
  return header;
}

// The hexadecimal digits are those of the whole frame.
void expect_request(const RequestHeader& header, const Request& request, std::string_view hex) {
  EXPECT_EQ(hex_of(encode_request(header, request)), hex);

  const ByteVector frame = from_hex(hex);
  const Decoded<ReceivedRequest> decoded = decode_request(payload_of(frame));
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  EXPECT_TRUE(decoded.value().header == header);
  EXPECT_TRUE(decoded.value().request == request);
}

// The hexadecimal digits begin at the correlation id.
void expect_response(const RequestHeader& header, const Response& response, std::string_view hex) {
  const ByteVector frame = encode_response(header, response);
  EXPECT_EQ(hex_of(payload_of(frame)), hex);
  EXPECT_EQ(load<std::int32_t>(frame.data()), static_cast<std::int32_t>(hex.size() / 2));

  const Decoded<Response> decoded = decode_response(header, from_hex(hex));
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  EXPECT_TRUE(decoded.value() == response);
}

const ProducerIdAndEpoch kProducer{1000, 0};

// --- ApiVersions ---

const std::vector<ApiVersion> kSomeApis{
    {ApiKey::Produce, 0, 11}, {ApiKey::Metadata, 0, 12}, {ApiKey::ApiVersions, 0, 4}};

TEST(Protocol, AnApiVersionsRequestNamesTheClientsSoftwareFromVersion3) {
  expect_request(header_of(ApiKey::ApiVersions, 0, 0), ApiVersionsRequest{},
                 "000000140012000000000000000a70726f64756365722d31");
  expect_request(
      header_of(ApiKey::ApiVersions, 3, 0), ApiVersionsRequest{"kafka-sim", "1.0"},
      "000000240012000300000000000a70726f64756365722d31000a6b61666b612d73696d04312e3000");
}

TEST(Protocol, AnApiVersionsResponseHasNoTagsInItsHeaderEvenIfFlexible) {
  const ApiVersionsResponse response{0, kSomeApis};
  expect_response(header_of(ApiKey::ApiVersions, 0, 0), response,
                  "0000000000000000000300000000000b00030000000c001200000004");
  expect_response(header_of(ApiKey::ApiVersions, 3, 0), response,
                  "0000000000000400000000000b0000030000000c00001200000004000000000000");
}

TEST(Protocol, AnUnsupportedApiVersionsRequestIsAnsweredInVersion0) {
  const ApiVersionsResponse response{kUnsupportedVersionError, {{ApiKey::ApiVersions, 0, 3}}};
  const RequestHeader sent = header_of(ApiKey::ApiVersions, 4, 7);
  expect_response(sent, response, "00000007002300000001001200000003");

  const RequestHeader from_the_future = header_of(ApiKey::ApiVersions, 99, 7);
  EXPECT_EQ(encode_response(from_the_future, response), encode_response(sent, response));
}

// As librdkafka's mock cluster writes it.
TEST(Protocol, ARefusalOfAVersionCountsHoweverTheRestOfItIsWritten) {
  const Decoded<Response> decoded = decode_response(
      header_of(ApiKey::ApiVersions, 4, 0), from_hex("000000000023010012000000020000000000"));
  ASSERT_TRUE(decoded.ok());
  const auto& refusal = std::get<ApiVersionsResponse>(decoded.value());
  EXPECT_EQ(refusal.error_code, kUnsupportedVersionError);
  EXPECT_TRUE(refusal.api_keys.empty());
}

TEST(Protocol, ARequestOfAVersionNotImplementedHasAHeaderAllTheSame) {
  ByteVector frame = encode_request(header_of(ApiKey::ApiVersions, 4, 7), ApiVersionsRequest{});
  frame[7] = 99;
  ByteReader payload{payload_of(frame)};
  const Decoded<RequestHeader> header = decode_request_header(payload);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header.value(), header_of(ApiKey::ApiVersions, 99, 7));

  const Decoded<Request> body = decode_request_body(header.value(), payload);
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().what, "a version not implemented");
}

TEST(Protocol, FeaturesABrokerAnnouncesAreSkipped) {
  const Decoded<Response> decoded =
      decode_response(header_of(ApiKey::ApiVersions, 3, 0), from_hex("00000000"
                                                                     "0000"
                                                                     "01"
                                                                     "00000000"
                                                                     "01"
                                                                     "01"
                                                                     "08"
                                                                     "0000000000000005"));
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  EXPECT_TRUE(decoded.value() == Response{ApiVersionsResponse{}});
}

// --- Metadata ---

TEST(Protocol, AMetadataRequestNamesTopics) {
  const MetadataRequest request{std::vector<MetadataRequestTopic>{{{}, "t"}}};
  expect_request(header_of(ApiKey::Metadata, 2, 1), request,
                 "0000001b0003000200000001000a70726f64756365722d3100000001000174");
  expect_request(header_of(ApiKey::Metadata, 9, 1), request,
                 "0000001d0003000900000001000a70726f64756365722d31000202740001000000");
  expect_request(
      header_of(ApiKey::Metadata, 12, 1), request,
      "0000002c0003000c00000001000a70726f64756365722d3100020000000000000000000000000000000002740001"
      "0000");
}

TEST(Protocol, AllTopicsAreAskedForByNullOrInVersion0ByAnEmptyList) {
  expect_request(header_of(ApiKey::Metadata, 0, 1), MetadataRequest{},
                 "000000180003000000000001000a70726f64756365722d3100000000");
  expect_request(header_of(ApiKey::Metadata, 1, 1), MetadataRequest{},
                 "000000180003000100000001000a70726f64756365722d31ffffffff");
}

TEST(Protocol, NoTopicsAtAllAreAskedForByAnEmptyListFromVersion1) {
  const MetadataRequest request{std::vector<MetadataRequestTopic>{}};
  expect_request(header_of(ApiKey::Metadata, 1, 1), request,
                 "000000180003000100000001000a70726f64756365722d3100000000");
  EXPECT_THROW(encode_request(header_of(ApiKey::Metadata, 0, 1), request), CheckFailure);
}

// One broker, one topic of one partition, as far as `version` can tell of them.
MetadataResponse metadata_response_of(int version) {
  MetadataResponse response;
  response.brokers = {{NodeId{0}, "h0", 9092, nullopt}};
  response.cluster_id = "c1";
  response.controller_id = NodeId{0};
  MetadataResponsePartition partition;
  partition.leader_id = NodeId{0};
  if (version >= 7) partition.leader_epoch = 5;
  partition.replica_nodes = {NodeId{0}};
  partition.isr_nodes = {NodeId{0}};
  MetadataResponseTopic topic;
  topic.name = "t";
  if (version >= 10) topic.topic_id = {1, 2};
  topic.partitions = {partition};
  response.topics = {topic};
  return response;
}

TEST(Protocol, AMetadataResponseTellsLeadersAndFromVersion7TheirEpochs) {
  expect_response(
      header_of(ApiKey::Metadata, 2, 1), metadata_response_of(2),
      "0000000100000001000000000002683000002384ffff000263310000000000000001000000017400000000010000"
      "000000000000000000000001000000000000000100000000");
  expect_response(
      header_of(ApiKey::Metadata, 9, 1), metadata_response_of(9),
      "00000001000000000002000000000368300000238400000363310000000002000002740002000000000000000000"
      "000000000502000000000200000000010080000000008000000000");
  expect_response(
      header_of(ApiKey::Metadata, 12, 1), metadata_response_of(12),
      "00000001000000000002000000000368300000238400000363310000000002000002740000000000000001000000"
      "000000000200020000000000000000000000000005020000000002000000000100800000000000");
}

// --- Produce ---

constexpr std::string_view kBatch =
    "00000000000000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffff"
    "ffffffffffffffffffffff0000000110000000026b027600";
constexpr std::string_view kMessageSet =
    "00000000000000000000001839268c3301000000018bcfe56800000000016b0000000176";

// Requires: `records` outlives the request.
ProduceRequest produce_request_of(std::int16_t acks, const ByteVector& records) {
  return {nullopt, acks, Milliseconds{30'000}, {{"t", {{0, ByteSpan{records}}}}}};
}

TEST(Protocol, AProduceRequestOf010CarriesAMessageSet) {
  const ByteVector records = from_hex(kMessageSet);
  expect_request(
      header_of(ApiKey::Produce, 2, 2), produce_request_of(1, records),
      "000000510000000200000002000a70726f64756365722d310001000075300000000100017400000001"
      "000000000000002400000000000000000000001839268c3301000000018bcfe56800000000016b0000"
      "000176");
}

TEST(Protocol, AProduceRequestCarriesABatchForEachPartition) {
  const ByteVector records = from_hex(kBatch);
  const ProduceRequest request = produce_request_of(-1, records);
  expect_request(
      header_of(ApiKey::Produce, 8, 2), request,
      "000000750000000800000002000a70726f64756365722d31ffffffff000075300000000100017400000001000000"
      "000000004600000000000000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe5"
      "6800ffffffffffffffffffffffffffff0000000110000000026b027600");
  expect_request(
      header_of(ApiKey::Produce, 9, 2), request,
      "0000006e0000000900000002000a70726f64756365722d310000ffff000075300202740200000000470000000000"
      "0000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffff"
      "ffffffffffff0000000110000000026b027600000000");
  expect_request(
      header_of(ApiKey::Produce, 11, 2), request,
      "0000006e0000000b00000002000a70726f64756365722d310000ffff000075300202740200000000470000000000"
      "0000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffff"
      "ffffffffffff0000000110000000026b027600000000");
}

TEST(Protocol, TheRecordsOfADecodedProduceRequestAreViewsOfItsFrame) {
  const ByteVector records = from_hex(kBatch);
  const ByteVector frame =
      encode_request(header_of(ApiKey::Produce, 8, 2), produce_request_of(-1, records));
  const Decoded<ReceivedRequest> decoded = decode_request(payload_of(frame));
  ASSERT_TRUE(decoded.ok());
  const auto& request = std::get<ProduceRequest>(decoded.value().request);
  EXPECT_EQ(request.topics[0].partitions[0].records->data(),
            frame.data() + frame.size() - records.size());
}

TEST(Protocol, AProduceFrameAroundItsRecordsIsTheSameFrame) {
  const ByteVector first = from_hex(kBatch);
  const ByteVector second = from_hex(kMessageSet);
  const ByteVector none;
  const ProduceRequest request{
      "tx",
      -1,
      Milliseconds{30'000},
      {{"a", {{0, ByteSpan{first}}, {3, ByteSpan{none}}}}, {"b", {{1, ByteSpan{second}}}}}};
  for (int version = 3; version <= 11; ++version) {
    const RequestHeader header = header_of(ApiKey::Produce, version, 2);
    const FrameAround around = encode_produce_request_around(header, request);
    ASSERT_EQ(around.gaps.size(), 3u);
    ByteVector interleaved;
    std::size_t from = 0;
    const auto add_up_to = [&](std::size_t end) {
      const ByteSpan own = ByteSpan{around.bytes}.subspan(from, end - from);
      interleaved.insert(interleaved.end(), own.begin(), own.end());
      from = end;
    };
    for (std::size_t i = 0; i < 3; ++i) {
      const ByteVector& records = *std::array{&first, &none, &second}[i];
      EXPECT_EQ(around.gaps[i].size, records.size());
      add_up_to(around.gaps[i].at);
      interleaved.insert(interleaved.end(), records.begin(), records.end());
    }
    add_up_to(around.bytes.size());
    EXPECT_EQ(hex_of(interleaved), hex_of(encode_request(header, request)));
  }
}

TEST(Protocol, AProduceFrameCannotBeWrittenAroundNull) {
  const ProduceRequest request{nullopt, -1, Milliseconds{30'000}, {{"t", {{0, nullopt}}}}};
  EXPECT_THROW(encode_produce_request_around(header_of(ApiKey::Produce, 8, 2), request),
               CheckFailure);
}

// As far as `version` can tell.
ProduceResponse produce_response_of(int version) {
  ProduceResponsePartition partition;
  partition.base_offset = 42;
  if (version >= 5) partition.log_start_offset = 0;
  return {{{"t", {partition}}}};
}

TEST(Protocol, AProduceResponseTellsTheOffsetOfTheFirstRecord) {
  expect_response(
      header_of(ApiKey::Produce, 2, 2), produce_response_of(2),
      "000000020000000100017400000001000000000000000000000000002affffffffffffffff00000000");
  expect_response(
      header_of(ApiKey::Produce, 8, 2), produce_response_of(8),
      "000000020000000100017400000001000000000000000000000000002affffffffffffffff000000000000000000"
      "000000ffff00000000");
  for (const int version : {9, 10, 11}) {
    expect_response(header_of(ApiKey::Produce, version, 2), produce_response_of(version),
                    "000000020002027402000000000000000000000000002affffffffffffffff0000000000000000"
                    "01000000000000"
                    "0000");
  }
}

TEST(Protocol, AProduceResponseHintsAtTheNewLeaderFromVersion10) {
  ProduceResponsePartition partition;
  partition.error_code = 6;
  partition.current_leader = {NodeId{2}, 8};
  ProduceResponse response{{{"t", {partition}}}};
  response.node_endpoints = {{NodeId{2}, "h2", 9094, nullopt}};
  expect_response(
      header_of(ApiKey::Produce, 10, 2), response,
      "000000020002027402000000000006ffffffffffffffffffffffffffffffffffffffffffffffff01000100090000"
      "00020000000800000000000001000e0200000002036832000023860000");
}

// --- Producer ids and transactions ---

TEST(Protocol, AProducerIdIsAskedForWithOrWithoutATransactionalId) {
  constexpr Milliseconds kNoTimeout{std::numeric_limits<std::int32_t>::max()};
  expect_request(header_of(ApiKey::InitProducerId, 4, 3),
                 InitProducerIdRequest{nullopt, kNoTimeout},
                 "000000250016000400000003000a70726f64756365722d3100007fffffffffffffffffffffffffff"
                 "00");
  expect_request(
      transactional_header_of(ApiKey::InitProducerId, 4, 3),
      InitProducerIdRequest{"tx", Milliseconds{60'000}},
      "000000280016000400000003000b70726f64756365722d7478000374780000ea60ffffffffffffffff"
      "ffff00");
  expect_response(header_of(ApiKey::InitProducerId, 4, 3),
                  InitProducerIdResponse{Milliseconds{0}, 0, kProducer},
                  "000000030000000000000000000000000003e8000000");
}

TEST(Protocol, ACoordinatorIsAskedForByOneKeyAndFromVersion4ByAList) {
  const FindCoordinatorRequest request{CoordinatorType::Transaction, {"tx"}};
  expect_request(transactional_header_of(ApiKey::FindCoordinator, 3, 4), request,
                 "0000001b000a000300000004000b70726f64756365722d7478000374780100");
  expect_request(transactional_header_of(ApiKey::FindCoordinator, 4, 4), request,
                 "0000001c000a000400000004000b70726f64756365722d747800010203747800");

  const FindCoordinatorRequest two{CoordinatorType::Transaction, {"tx", "ty"}};
  EXPECT_THROW(encode_request(header_of(ApiKey::FindCoordinator, 3, 4), two), CheckFailure);
}

TEST(Protocol, ACoordinatorIsNamedWithItsKeyFromVersion4) {
  FindCoordinatorResponse response{Milliseconds{0}, {{"", NodeId{0}, "h0", 9092, 0, ""}}};
  expect_response(header_of(ApiKey::FindCoordinator, 3, 4), response,
                  "000000040000000000000001000000000368300000238400");
  response.coordinators[0].key = "tx";
  expect_response(header_of(ApiKey::FindCoordinator, 4, 4), response,
                  "0000000400000000000203747800000000036830000023840000010000");
}

TEST(Protocol, PartitionsAreAddedToATransaction) {
  expect_request(
      transactional_header_of(ApiKey::AddPartitionsToTxn, 3, 5),
      AddPartitionsToTxnRequest{"tx", kProducer, {{"t", {0}}}},
      "0000002d0018000300000005000b70726f64756365722d74780003747800000000000003e8000002027402000000"
      "000000");
  expect_response(header_of(ApiKey::AddPartitionsToTxn, 3, 5),
                  AddPartitionsToTxnResponse{Milliseconds{0}, {{"t", {{0, 0}}}}},
                  "00000005000000000002027402000000000000000000");
}

TEST(Protocol, AGroupsOffsetsAreAddedToATransaction) {
  expect_request(
      transactional_header_of(ApiKey::AddOffsetsToTxn, 3, 6),
      AddOffsetsToTxnRequest{"tx", kProducer, "g"},
      "000000260019000300000006000b70726f64756365722d74780003747800000000000003e80000026700");
  expect_response(header_of(ApiKey::AddOffsetsToTxn, 3, 6), AddOffsetsToTxnResponse{},
                  "000000060000000000000000");
}

TEST(Protocol, OffsetsAreCommittedWithinATransaction) {
  expect_request(
      transactional_header_of(ApiKey::TxnOffsetCommit, 3, 7),
      TxnOffsetCommitRequest{"tx", "g", kProducer, -1, "", nullopt, {{"in", {{0, 100, -1, ""}}}}},
      "00000044001c000300000007000b70726f64756365722d747800037478026700000000000003e80000ffffffff01"
      "000203696e02000000000000000000000064ffffffff01000000");
  expect_response(header_of(ApiKey::TxnOffsetCommit, 3, 7),
                  TxnOffsetCommitResponse{Milliseconds{0}, {{"in", {{0, 0}}}}},
                  "0000000700000000000203696e02000000000000000000");
}

TEST(Protocol, ATransactionEndsWithACommitOrAnAbort) {
  const RequestHeader header = transactional_header_of(ApiKey::EndTxn, 3, 8);
  expect_request(
      header, EndTxnRequest{"tx", kProducer, true},
      "00000025001a000300000008000b70726f64756365722d74780003747800000000000003e800000100");
  expect_request(
      header, EndTxnRequest{"tx", kProducer, false},
      "00000025001a000300000008000b70726f64756365722d74780003747800000000000003e800000000");
  expect_response(header, EndTxnResponse{}, "000000080000000000000000");
}

// --- What must not be ---

TEST(Protocol, ARequestMayHaveNoClientId) {
  const RequestHeader header{ApiKey::EndTxn, 3, CorrelationId{8}, nullopt};
  expect_request(header, EndTxnRequest{"", {}, false},
                 "00000018001a000300000008ffff0001ffffffffffffffffffff0000");
}

TEST(Protocol, AResponseToAnotherRequestIsAnError) {
  const ByteVector frame = encode_response(header_of(ApiKey::EndTxn, 3, 8), EndTxnResponse{});
  const Decoded<Response> decoded =
      decode_response(header_of(ApiKey::EndTxn, 3, 9), payload_of(frame));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().text(), "another request's correlation id at byte 4");
}

TEST(Protocol, AnUnknownApiKeyIsAnError) {
  ByteVector frame = encode_request(header_of(ApiKey::EndTxn, 3, 8), EndTxnRequest{});
  frame[5] = 1;  // Fetch
  const Decoded<ReceivedRequest> decoded = decode_request(payload_of(frame));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().text(), "an unknown api key at byte 2");
}

TEST(Protocol, BytesBehindTheBodyAreAnError) {
  ByteVector frame = encode_request(header_of(ApiKey::EndTxn, 3, 8), EndTxnRequest{});
  frame.push_back(0);
  const Decoded<ReceivedRequest> decoded = decode_request(payload_of(frame));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().what, "bytes are left over");
}

TEST(Protocol, ACountOfBillionsIsRefusedBeforeAnythingIsAllocated) {
  const Decoded<Response> decoded =
      decode_response(header_of(ApiKey::Metadata, 0, 1), from_hex("00000001"
                                                                  "7fffffff"
                                                                  "00000000"));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().text(), "fewer bytes than announced at byte 8");
}

TEST(Protocol, ARequestMustMatchItsHeader) {
  EXPECT_THROW(encode_request(header_of(ApiKey::EndTxn, 3, 8), MetadataRequest{}), CheckFailure);
  EXPECT_THROW(encode_request(header_of(ApiKey::EndTxn, 5, 8), EndTxnRequest{}), CheckFailure);
}

// --- Apis ---

TEST(Api, WhatAClientMaySendIsImplemented) {
  for (const Api& api : kApis) {
    for (const VersionRange client : {api.client_0_10_2, api.client_2_8, api.client_3_9}) {
      if (client.is_empty()) continue;
      EXPECT_TRUE(api.implemented.contains(client.first)) << api.name;
      EXPECT_TRUE(api.implemented.contains(client.last)) << api.name;
    }
  }
}

TEST(Api, KeysHaveKafkasNumbersAndNames) {
  EXPECT_EQ(static_cast<int>(ApiKey::TxnOffsetCommit), 28);
  EXPECT_EQ(api_name(ApiKey::AddPartitionsToTxn), "AddPartitionsToTxn");
  EXPECT_EQ(api_name(ApiKey{1}), "unknown");
  EXPECT_EQ(find_api(ApiKey{1}), nullptr);
}

TEST(Api, BecomesFlexibleAtItsOwnVersion) {
  EXPECT_FALSE(is_flexible(ApiKey::Produce, 8));
  EXPECT_TRUE(is_flexible(ApiKey::Produce, 9));
  EXPECT_FALSE(is_flexible(ApiKey::InitProducerId, 1));
  EXPECT_TRUE(is_flexible(ApiKey::InitProducerId, 2));
}

}  // namespace
}  // namespace linger::core::protocol_test
