// Which format and which version a produce request has.
#include <gtest/gtest.h>

#include "support/producer_bench.h"

namespace linger::core::sender_formats_test {
namespace {

TEST(SenderFormats, BrokersThatTakeBatchesGetThemInTheNewestVersion) {
  ProducerBench bench{{}};
  bench.send({});
  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].header.api_version, 11);
  EXPECT_EQ(bench.requests()[0].batches[0].header.magic, Magic::V2);
}

TEST(SenderFormats, WithAnOldBrokerKnownMessagesOfFormat1TravelInVersion2) {
  ProducerBench bench{{}};
  bench.meet_an_old_broker();
  const RecordId record = bench.send({});
  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].header.api_version, 2);
  EXPECT_EQ(bench.requests()[0].batches[0].header.magic, Magic::V1);
  EXPECT_TRUE(bench.requests()[0].batches[0].is_sound);
  bench.acknowledge(7);
  bench.step();
  EXPECT_EQ(bench.outcome(record).offset, 7);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderFormats, ABatchIsRewrittenForABrokerThatTurnsUpLater) {
  for (const char* codec : {"none", "gzip", "zstd"}) {
    ProducerBench bench{{.settings = {{"compression.type", codec}}}};
    const RecordId record = bench.send({.value_size = 50, .headers = {{"trace", std::nullopt}}});
    bench.meet_an_old_broker();
    bench.step();
    ASSERT_EQ(bench.requests().size(), 1u);
    EXPECT_EQ(bench.requests()[0].header.api_version, 2);
    EXPECT_EQ(bench.requests()[0].batches[0].header.magic, Magic::V1);
    EXPECT_EQ(bench.requests()[0].batches[0].header.record_count, 1);
    EXPECT_TRUE(bench.requests()[0].batches[0].is_sound);
    bench.acknowledge(7);
    bench.step();
    EXPECT_EQ(bench.outcome(record).offset, 7);
    EXPECT_TRUE(bench.all_memory_is_free());
  }
}

TEST(SenderFormats, OneOldBatchMakesTheWholeRequestOld) {
  ProducerBench bench{{}};
  bench.send({.partition = 0});
  bench.meet_an_old_broker();
  bench.send({.partition = 1});
  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  ASSERT_EQ(bench.requests()[0].batches.size(), 2u);
  for (const ArrivedBatch& batch : bench.requests()[0].batches) {
    EXPECT_EQ(batch.header.magic, Magic::V1);
    EXPECT_TRUE(batch.is_sound);
  }
}

TEST(SenderFormats, ACompressedBatchIsRetriedAsItIs) {
  ProducerBench bench{{.settings = {{"compression.type", "snappy"},
                                    {"enable.idempotence", "true"},
                                    {"retry.backoff.ms", "0"}}}};
  bench.send({.value_size = 500});
  bench.step();
  const std::size_t size = bench.requests().at(0).batches[0].size;
  EXPECT_LT(size, 300u);
  bench.refuse(ErrorCode::NotLeaderOrFollower);
  bench.steps(4);
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].batches[0].size, size);
  EXPECT_TRUE(bench.requests()[0].batches[0].is_sound);
}

// Kafka's testIdempotentSplitBatchAndSend.
TEST(SenderFormats, ACompressedBatchThatWasTooLargeIsSplitWithItsSequences) {
  ProducerSetup setup{.settings = {{"compression.type", "gzip"},
                                   {"enable.idempotence", "true"},
                                   {"batch.size", "16384"}}};
  setup.compression_ratio = 0.2F;
  ProducerBench bench{setup};
  const RecordId first = bench.send({.value_size = 8'192, .key = "key1"});
  const RecordId second = bench.send({.value_size = 8'192, .key = "key1"});
  bench.step();
  ASSERT_EQ(bench.requests().at(0).batches[0].header.record_count, 2);
  bench.refuse(ErrorCode::MessageTooLarge);
  bench.steps(3);
  EXPECT_EQ(bench.sequences().next_sequence, 2);
  EXPECT_GT(bench.producer.accumulator().compression_ratio().estimate(kBenchTopic), 0.98F);
  ASSERT_GE(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].batches[0].header.base_sequence, 0);
  EXPECT_EQ(bench.requests()[0].batches[0].header.record_count, 1);
  bench.acknowledge(0);
  bench.steps(3);
  EXPECT_EQ(bench.outcome(first).offset, 0);
  EXPECT_FALSE(bench.is_done(second));
  ASSERT_GE(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].batches[0].header.base_sequence, 1);
  bench.acknowledge(1);
  bench.steps(2);
  EXPECT_EQ(bench.outcome(second).offset, 1);
  EXPECT_TRUE(bench.all_memory_is_free());
}

}  // namespace
}  // namespace linger::core::sender_formats_test
