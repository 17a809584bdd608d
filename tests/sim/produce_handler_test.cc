#include "sim/produce_handler.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/error_code.h"
#include "core/memory_records_builder.h"
#include "core/message_set.h"
#include "names.h"
#include "support/record_batches.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ByteVector;
using core::ErrorCode;

constexpr core::ProducerIdAndEpoch kProducer{1000, 0};

// Where the fields of a batch stand.
constexpr std::size_t kBaseOffsetAt = 0;
constexpr std::size_t kLengthAt = 8;
constexpr std::size_t kMagicAt = 16;
constexpr std::size_t kCrcAt = 17;
constexpr std::size_t kLastOffsetDeltaAt = 23;
constexpr std::size_t kBaseSequenceAt = 53;
constexpr std::size_t kCountAt = 57;

Cluster cluster_of_two() {
  ClusterSpec spec;
  spec.brokers = 2;
  TopicSpec orders;
  orders.name = "orders";
  orders.leaders = {NodeId{0}, NodeId{1}};
  spec.topics = {orders};
  spec.message_max_bytes = Bytes{1'000};
  return Cluster{spec, core::TopicNames{{"orders", "missing"}}};
}

// As a producer writes it, of records with values of 5 bytes.
ByteVector written(const core::RecordFormat& format, std::int32_t records) {
  core::BufferStore store;
  core::MemoryRecordsBuilder builder{
      store.create(), {.format = format, .capacity = Bytes{16'384}, .write_limit = Bytes{16'384}}};
  core::RecordView record;
  record.value = core::bytes_of("value");
  for (std::int32_t i = 0; i < records; ++i) builder.append(record, store);
  builder.close(store);
  const ByteVector& bytes = store.bytes(builder.buffer());
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(builder.size().count())};
}
ByteVector compressed_batch(core::CompressionType type, std::int32_t records) {
  return written({core::Magic::V2, core::compression_of(type)}, records);
}
ByteVector message_set(std::int32_t records,
                       core::CompressionType type = core::CompressionType::None) {
  return written({core::Magic::V1, core::compression_of(type)}, records);
}
ByteVector message_of(core::ByteSpan value) {
  core::RecordView record;
  record.value = value;
  ByteVector bytes(static_cast<std::size_t>(core::message_size(core::Magic::V1, record).count()));
  core::write_message(bytes.data(), core::Magic::V1, 0, record);
  return bytes;
}

class ProduceHandler : public testing::Test {
 protected:
  // Broker 0 gets the request.
  PendingProduce handle(const core::ProduceRequest& request, std::int16_t version = 11) {
    BrokerContext context{cluster, Instant{5ms}, effects};
    const ProduceOrigin origin{.broker = NodeId{0},
                               .connection = ConnectionId{3},
                               .correlation = CorrelationId{9},
                               .version = version,
                               .producer = ProducerIndex{0}};
    return handle_produce(request, origin, context);
  }
  core::ProduceResponsePartition answer(const ByteVector& batch, std::int16_t version = 11) {
    return handle(produce_request("orders", 0, batch), version).response.topics[0].partitions[0];
  }
  ErrorCode error(const ByteVector& batch, std::int16_t version = 11) {
    return ErrorCode{answer(batch, version).error_code};
  }
  BatchWritten last_written() const {
    return std::get<BatchWritten>(effects.happened.back().event);
  }
  const PartitionLog& log() const { return cluster.find(kOrders0)->log; }

  Cluster cluster = cluster_of_two();
  Effects effects;
};

// --- Appending ---

TEST_F(ProduceHandler, ABatchIsAppendedAndTheAnswerNamesItsOffset) {
  answer(batch_bytes({.records = 3}));
  const core::ProduceResponsePartition second = answer(batch_bytes({.records = 2}));
  EXPECT_EQ(second.error_code, 0);
  EXPECT_EQ(second.base_offset, 3);
  EXPECT_EQ(second.log_start_offset, 0);
  EXPECT_EQ(second.log_append_time, -1);
  EXPECT_EQ(log().end_offset(), 5);
  EXPECT_EQ(log().batch(1).origin.connection, ConnectionId{3});
  EXPECT_EQ(log().batch(1).origin.appended_at, Instant{5ms});
}

TEST_F(ProduceHandler, TellsWhatItDidWithABatch) {
  answer(batch_bytes({.records = 2, .producer = kProducer, .sequence = 0}));
  EXPECT_EQ(last_written().outcome, AppendOutcome::Appended);
  EXPECT_EQ(last_written().correlation, CorrelationId{9});
  EXPECT_EQ(last_written().partition, kOrders0);
  EXPECT_EQ(last_written().records, 2);
  EXPECT_EQ(last_written().producer, kProducer);
  EXPECT_EQ(last_written().sequence, 0);
  EXPECT_EQ(last_written().base_offset, 0);
}

TEST_F(ProduceHandler, OnePartitionsErrorDoesNotTouchTheOthers) {
  const ByteVector batch = batch_bytes({});
  core::ProduceRequest request = produce_request("orders", 1, batch);
  request.topics[0].partitions.push_back({0, batch});
  const PendingProduce produce = handle(request);
  const auto& answers = produce.response.topics[0].partitions;
  EXPECT_EQ(ErrorCode{answers[0].error_code}, ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(ErrorCode{answers[1].error_code}, ErrorCode::None);
  EXPECT_TRUE(has_errors(produce.response));
  ASSERT_EQ(produce.undecided.size(), 1u);
  EXPECT_EQ(produce.undecided[0].partition, kOrders0);
}

// --- Refusing ---

TEST_F(ProduceHandler, AcksMustBeMinusOneZeroOrOne) {
  const ByteVector batch = batch_bytes({});
  for (const int acks : {-2, 2}) {
    const PendingProduce produce =
        handle(produce_request("orders", 0, batch, static_cast<std::int16_t>(acks)));
    EXPECT_EQ(ErrorCode{produce.response.topics[0].partitions[0].error_code},
              ErrorCode::InvalidRequiredAcks);
  }
  EXPECT_EQ(log().end_offset(), 0);
}

TEST_F(ProduceHandler, TheTopicAndThePartitionMustExist) {
  const ByteVector batch = batch_bytes({});
  for (const auto& [topic, partition] : {std::pair{"orders", 2}, std::pair{"orders", -1},
                                         std::pair{"missing", 0}, std::pair{"unheard of", 0}}) {
    const PendingProduce produce = handle(produce_request(topic, partition, batch));
    EXPECT_EQ(ErrorCode{produce.response.topics[0].partitions[0].error_code},
              ErrorCode::UnknownTopicOrPartition);
  }
}

TEST_F(ProduceHandler, ABatchMayBeAsLargeAsAllowed) {
  const std::size_t overhead = batch_bytes({.value_size = 900}).size() - 900;
  const ByteVector just_fits = batch_bytes({.value_size = 1'000 - overhead});
  ASSERT_EQ(just_fits.size(), 1'000u);
  EXPECT_EQ(error(just_fits), ErrorCode::None);
  EXPECT_EQ(error(batch_bytes({.value_size = 1'001 - overhead})), ErrorCode::MessageTooLarge);
}

TEST_F(ProduceHandler, ASpoiledChecksumIsACorruptMessage) {
  EXPECT_EQ(error(with_field(batch_bytes({}), kCrcAt, 0)), ErrorCode::CorruptMessage);
  EXPECT_EQ(last_written().outcome, AppendOutcome::Refused);
  EXPECT_EQ(log().end_offset(), 0);
}

TEST_F(ProduceHandler, ExactlyOneBatchOfFormat2) {
  const ByteVector batch = batch_bytes({});
  ByteVector two = batch;
  two.insert(two.end(), batch.begin(), batch.end());
  EXPECT_EQ(error(two), ErrorCode::InvalidRecord);
  EXPECT_EQ(error({}), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kMagicAt, std::int8_t{1})), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(ByteVector(batch.begin(), batch.end() - 1)), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kLengthAt, -1)), ErrorCode::InvalidRecord);

  core::ProduceRequest null_records = produce_request("orders", 0, batch);
  null_records.topics[0].partitions[0].records.reset();
  EXPECT_EQ(ErrorCode{handle(null_records).response.topics[0].partitions[0].error_code},
            ErrorCode::InvalidRecord);
}

TEST_F(ProduceHandler, TheHeaderMustNotContradictItself) {
  const ByteVector batch = batch_bytes({.records = 2, .producer = kProducer, .sequence = 0});
  EXPECT_EQ(error(with_field(batch, kBaseOffsetAt, std::int64_t{1})), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kLastOffsetDeltaAt, 2)), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kLastOffsetDeltaAt, std::numeric_limits<int>::max())),
            ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kCountAt, 0)), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(with_field(batch, kBaseSequenceAt, -1)), ErrorCode::InvalidRecord);
  EXPECT_EQ(error(batch_bytes({.attributes = core::kControlFlag})), ErrorCode::InvalidRecord);
}

TEST_F(ProduceHandler, TheHeaderMustNotContradictTheRecords) {
  const ByteVector batch =
      with_field(with_field(batch_bytes({.records = 2}), kCountAt, 3), kLastOffsetDeltaAt, 2);
  EXPECT_EQ(error(batch), ErrorCode::InvalidRecord);
}

TEST_F(ProduceHandler, ZstdIsForVersion7AndLater) {
  const ByteVector zstd = compressed_batch(core::CompressionType::Zstd, 1);
  EXPECT_EQ(error(zstd, 6), ErrorCode::UnsupportedCompressionType);
  EXPECT_EQ(error(zstd, 7), ErrorCode::None);
}

// --- Codecs and old formats ---

TEST_F(ProduceHandler, CompressedItMayHoldMoreThanIsAllowed) {
  const ByteVector batch = compressed_batch(core::CompressionType::Gzip, 100);
  EXPECT_EQ(answer(batch).base_offset, 0);
  EXPECT_EQ(log().end_offset(), 100);
  const auto records = log().batch(0).content();
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records->size(), 100u);
}

TEST_F(ProduceHandler, WhatACodecHidesIsLookedAt) {
  EXPECT_EQ(error(batch_bytes({.attributes = 1})), ErrorCode::InvalidRecord) << "no gzip stream";
  const ByteVector batch = compressed_batch(core::CompressionType::Lz4, 2);
  EXPECT_EQ(error(with_field(with_field(batch, kCountAt, 3), kLastOffsetDeltaAt, 2)),
            ErrorCode::InvalidRecord);
}

TEST_F(ProduceHandler, UpToVersion2ThereIsAMessageSet) {
  const ByteVector set = message_set(3);
  answer(set, 2);
  EXPECT_EQ(answer(set, 2).base_offset, 3);
  EXPECT_EQ(log().end_offset(), 6);
  EXPECT_EQ(log().batch(1).base_offset(), 3);
  EXPECT_EQ(last_written().records, 3);
  EXPECT_EQ(log().batch(1).content()->size(), 3u);
  const auto stored = core::decode_message_set(log().batch(1).bytes.span());
  EXPECT_EQ(stored->at(2).offset, 5);
}

TEST_F(ProduceHandler, AWrapperOfMessagesIsOneBatch) {
  ByteVector set = message_set(3, core::CompressionType::Gzip);
  answer(message_set(2), 2);
  EXPECT_EQ(answer(set, 2).base_offset, 2);
  const auto stored = core::decode_message_set(log().batch(1).bytes.span());
  EXPECT_EQ(stored->at(0).offset, 2);
  EXPECT_EQ(stored->at(2).offset, 4);
}

TEST_F(ProduceHandler, OfAMessageSetEachMessageHasToFit) {
  EXPECT_EQ(error(message_set(30), 2), ErrorCode::None) << "of 39 bytes";
  core::ByteVector large(1'001 - 34);
  EXPECT_EQ(error(message_of(large), 2), ErrorCode::MessageTooLarge);
  large.pop_back();
  EXPECT_EQ(error(message_of(large), 2), ErrorCode::None);
}

TEST_F(ProduceHandler, AMessageSetThatIsNoneIsCorrupt) {
  ByteVector set = message_set(2);
  set[20] ^= 1;
  EXPECT_EQ(error(set, 2), ErrorCode::CorruptMessage);
  EXPECT_EQ(error({}, 2), ErrorCode::CorruptMessage);
  EXPECT_EQ(error(batch_bytes({}), 2), ErrorCode::CorruptMessage);
  EXPECT_EQ(error(message_set(1)), ErrorCode::InvalidRecord) << "later versions have batches";
  EXPECT_EQ(log().end_offset(), 0);
}

TEST_F(ProduceHandler, ATransactionalBatchBelongsToATransactionalId) {
  EXPECT_EQ(error(batch_bytes(
                {.producer = kProducer, .sequence = 0, .attributes = core::kTransactionalFlag})),
            ErrorCode::TransactionalIdAuthorizationFailed);
}

// --- Idempotence ---

TEST_F(ProduceHandler, ADuplicateIsAnsweredWithItsOffsetAndNotAppended) {
  const ByteVector batch = batch_bytes({.records = 2, .producer = kProducer, .sequence = 0});
  answer(batch_bytes({.records = 4}));
  EXPECT_EQ(answer(batch).base_offset, 4);
  EXPECT_EQ(answer(batch).base_offset, 4);
  EXPECT_EQ(last_written().outcome, AppendOutcome::Duplicate);
  EXPECT_EQ(last_written().error, ErrorCode::None);
  EXPECT_EQ(log().end_offset(), 6);
}

TEST_F(ProduceHandler, AGapIsOutOfOrderAndTellsWhereTheLogStarts) {
  answer(batch_bytes({.producer = kProducer, .sequence = 0}));
  const auto refused = answer(batch_bytes({.producer = kProducer, .sequence = 2}));
  EXPECT_EQ(ErrorCode{refused.error_code}, ErrorCode::OutOfOrderSequenceNumber);
  EXPECT_EQ(refused.base_offset, -1);
  EXPECT_EQ(refused.log_start_offset, 0);
}

TEST_F(ProduceHandler, PartitionsRememberProducersByThemselves) {
  cluster.change_leader({TopicId{0}, 1}, NodeId{0});
  const ByteVector batch = batch_bytes({.producer = kProducer, .sequence = 0});
  answer(batch);
  handle(produce_request("orders", 1, batch));
  EXPECT_EQ(cluster.find({TopicId{0}, 1})->log.end_offset(), 1);
}

// --- Faults ---

TEST_F(ProduceHandler, AFaultFailsSoManyRequests) {
  cluster.write(kOrders0).failures.push_back(
      {.error = ErrorCode::NotEnoughReplicas, .append = false, .times = 2, .until = {}});
  const ByteVector batch = batch_bytes({});
  EXPECT_EQ(error(batch), ErrorCode::NotEnoughReplicas);
  EXPECT_EQ(error(batch), ErrorCode::NotEnoughReplicas);
  EXPECT_EQ(log().end_offset(), 0);
  EXPECT_EQ(error(batch), ErrorCode::None);
}

TEST_F(ProduceHandler, AFaultMayFailWhatWasAppended) {
  cluster.write(kOrders0).failures.push_back(
      {.error = ErrorCode::RequestTimedOut, .append = true, .times = 1, .until = {}});
  const ByteVector batch = batch_bytes({.producer = kProducer, .sequence = 0});
  EXPECT_EQ(error(batch), ErrorCode::RequestTimedOut);
  EXPECT_EQ(last_written().outcome, AppendOutcome::Appended);
  EXPECT_EQ(last_written().error, ErrorCode::RequestTimedOut);
  EXPECT_EQ(error(batch), ErrorCode::None);
  EXPECT_EQ(last_written().outcome, AppendOutcome::Duplicate);
  EXPECT_EQ(log().end_offset(), 1);
}

TEST_F(ProduceHandler, AFaultLosesTheAnswerOfWhatWasAppended) {
  cluster.write(kOrders0).losses.push_back({{"orders", 0}, 1, true});
  const ByteVector spoiled = with_field(batch_bytes({}), kCrcAt, 0);
  EXPECT_EQ(handle(produce_request("orders", 0, spoiled)).fate, ResponseFate::Sent);
  const ByteVector batch = batch_bytes({});
  EXPECT_EQ(handle(produce_request("orders", 0, batch, 0)).fate, ResponseFate::Sent);
  EXPECT_EQ(handle(produce_request("orders", 0, batch)).fate, ResponseFate::LostAndClosed);
  EXPECT_EQ(handle(produce_request("orders", 0, batch)).fate, ResponseFate::Sent);
}

// --- Leaders ---

TEST_F(ProduceHandler, NotLeaderComesWithAHint) {
  cluster.change_leader({TopicId{0}, 1}, NodeId{1});
  const ByteVector batch = batch_bytes({});
  PendingProduce produce = handle(produce_request("orders", 1, batch));
  add_leader_hints(produce.response, cluster);
  const auto& refused = produce.response.topics[0].partitions[0];
  EXPECT_EQ(refused.current_leader, (core::LeaderIdAndEpoch{NodeId{1}, 1}));
  ASSERT_EQ(produce.response.node_endpoints.size(), 1u);
  EXPECT_EQ(produce.response.node_endpoints[0], Cluster::endpoint(NodeId{1}));
}

TEST_F(ProduceHandler, WhoeverLeadsNoMoreCannotVouchForTheFollowers) {
  const ByteVector batch = batch_bytes({});
  PendingProduce produce = handle(produce_request("orders", 0, batch, -1));
  fail_where_not_leading(produce, NodeId{0}, cluster);
  EXPECT_EQ(produce.undecided.size(), 1u);
  cluster.change_leader(kOrders0, NodeId{1});
  fail_where_not_leading(produce, NodeId{0}, cluster);
  EXPECT_TRUE(produce.undecided.empty());
  EXPECT_EQ(ErrorCode{produce.response.topics[0].partitions[0].error_code},
            ErrorCode::NotLeaderOrFollower);
  EXPECT_EQ(log().end_offset(), 1);  // the batch stays
}

}  // namespace
}  // namespace linger::sim
