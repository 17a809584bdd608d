// The accumulator with codecs, and in the format of 0.10.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/message_set.h"
#include "core/record_accumulator.h"
#include "core/record_batch.h"
#include "support/accumulator_bench.h"
#include "support/noise.h"

namespace linger::core::record_accumulator_formats_test {
namespace {

AccumulatorSetup gzip(Bytes batch_size, float first_ratio) {
  AccumulatorSetup setup{.batch_size = batch_size};
  setup.format.compression = compression_of(CompressionType::Gzip);
  setup.compression_ratio.first = first_ratio;
  return setup;
}
AccumulatorSetup of_0_10(CompressionType type = CompressionType::None) {
  AccumulatorSetup setup;
  setup.format = {.magic = Magic::V1, .compression = compression_of(type), .counts_header = false};
  setup.compression_ratio = {.for_each_topic = false, .first = 0.5F};
  setup.fills_whole_buffer = false;
  setup.closes_appends_alone = false;
  return setup;
}

float estimate(const AccumulatorBench& bench) {
  return bench.accumulator.compression_ratio().estimate(kBenchTopic);
}

// --- What batches believe ---

TEST(RecordAccumulatorFormats, ABatchKeepsTheRatioItWasOpenedWith) {
  AccumulatorBench bench{gzip(Bytes{1'024}, 1.0F)};
  bench.append(0, 200);
  bench.append(1, 200);
  const Bytes before = bench.head(1).builder.size();
  EXPECT_LT(before, Bytes{400});
  const std::int32_t other = 1 - bench.partition_of(bench.drain_one());
  EXPECT_LT(estimate(bench), 1.0F);
  EXPECT_EQ(bench.head(other).builder.size(), before);
}

TEST(RecordAccumulatorFormats, Before011AnOpenBatchSeesWhatAnotherFoundOut) {
  AccumulatorBench bench{of_0_10(CompressionType::Gzip)};
  bench.append(0, 200);
  bench.append(1, 200);
  EXPECT_EQ(bench.head(1).builder.size(), Bytes{124}) << "237 bytes, halved, and five percent";
  const std::int32_t other = 1 - bench.partition_of(bench.drain_one());
  EXPECT_LT(bench.head(other).builder.size(), Bytes{124});
}

TEST(RecordAccumulatorFormats, ARetryTeachesTheSameAgain) {
  AccumulatorBench bench{gzip(Bytes{1'024}, 1.0F)};
  bench.append(0, 500);
  const BatchId batch = bench.drain_one();
  EXPECT_FLOAT_EQ(estimate(bench), 0.995F);
  bench.reenqueue(batch);
  bench.now += Milliseconds{100};
  bench.drain_one();
  EXPECT_FLOAT_EQ(estimate(bench), 0.99F);
}

TEST(RecordAccumulatorFormats, Before011ARetryTeachesNothing) {
  AccumulatorBench bench{of_0_10(CompressionType::Gzip)};
  bench.append(0, 500);
  const BatchId batch = bench.drain_one();
  const float after = estimate(bench);
  EXPECT_LT(after, 0.5F);
  bench.reenqueue(batch);
  bench.now += Milliseconds{100};
  bench.drain_one();
  EXPECT_EQ(estimate(bench), after);
}

TEST(RecordAccumulatorFormats, WithoutACodecNothingIsLearnt) {
  AccumulatorBench bench{AccumulatorSetup{}};
  bench.append(0);
  bench.drain_one();
  EXPECT_EQ(estimate(bench), 1.0F);
}

// --- Closing ---

TEST(RecordAccumulatorFormats, ARefusedBatchIsClosedForAppendsAlone) {
  AccumulatorBench bench{AccumulatorSetup{}};
  bench.append_until_refused(0);
  EXPECT_TRUE(bench.head(0).builder.is_closed_for_appends());
  EXPECT_FALSE(bench.head(0).builder.is_built());
}

TEST(RecordAccumulatorFormats, Before011ARefusedBatchIsBuilt) {
  AccumulatorBench bench{of_0_10()};
  bench.append_until_refused(0);
  EXPECT_TRUE(bench.head(0).builder.is_built());
}

// --- Limits ---

TEST(RecordAccumulatorFormats, Before011ALargeRecordIsAloneAndFullAtOnce) {
  AccumulatorBench bench{of_0_10()};
  bench.append(0, 2'048);
  const MemoryRecordsBuilder& records = bench.head(0).builder;
  EXPECT_EQ(records.capacity(), Bytes{34 + 3 + 2'048});
  EXPECT_EQ(records.write_limit(), Bytes{1'024});
  EXPECT_TRUE(records.is_full());
}

TEST(RecordAccumulatorFormats, WithoutBatchingTinyRecordsShareABatchSince011) {
  for (const bool is_0_10 : {false, true}) {
    AccumulatorSetup setup = is_0_10 ? of_0_10() : AccumulatorSetup{};
    setup.batch_size = Bytes{0};
    AccumulatorBench bench{setup};
    bench.keyed = false;
    bench.append(0);
    bench.append(0);
    EXPECT_EQ(bench.deque(0).size(), is_0_10 ? 2u : 1u);
  }
}

TEST(RecordAccumulatorFormats, HowMuchFitsIn1024InTheFormatOf010) {
  AccumulatorBench bench{of_0_10()};
  EXPECT_EQ(bench.append_until_refused(0), 24);  // of 42 bytes
}

class EveryRecordFormat : public ::testing::TestWithParam<RecordFormat> {};
INSTANTIATE_TEST_SUITE_P(
    All, EveryRecordFormat,
    ::testing::Values(RecordFormat{Magic::V1, {}},
                      RecordFormat{Magic::V1, compression_of(CompressionType::Gzip)},
                      RecordFormat{Magic::V1, compression_of(CompressionType::Snappy)},
                      RecordFormat{Magic::V1, compression_of(CompressionType::Lz4)},
                      RecordFormat{Magic::V2, {}},
                      RecordFormat{Magic::V2, compression_of(CompressionType::Gzip)},
                      RecordFormat{Magic::V2, compression_of(CompressionType::Snappy)},
                      RecordFormat{Magic::V2, compression_of(CompressionType::Lz4)},
                      RecordFormat{Magic::V2, compression_of(CompressionType::Zstd)}));

TEST_P(EveryRecordFormat, ARecordOfTwiceTheBatchSizeIsReadyAtOnceAndIntact) {
  AccumulatorBench bench{AccumulatorSetup{.format = GetParam()}};
  bench.append(0, 2'048);
  EXPECT_TRUE(bench.is_ready());
  const BatchId batch = bench.drain_one();
  const std::vector<Record> records = bench.accumulator.records_of(bench.batch(batch));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].value, ByteVector(2'048, Byte{'v'}));
  EXPECT_EQ(text_of(*records[0].key), "key");
}

TEST_P(EveryRecordFormat, PartsOfASplitKeepFormatCodecAndHeaders) {
  AccumulatorSetup setup{.format = GetParam()};
  setup.compression_ratio.first = 0.05F;
  if (!GetParam().is_compressed()) setup.batch_size = Bytes{16'384};
  AccumulatorBench bench{setup};
  const std::vector<RecordHeader> headers{{"trace", ByteVector{'7'}}};
  for (int i = 0; i < 50; ++i) {
    RecordView record;
    record.value = bytes_of("a value that is neither long nor short");
    if (GetParam().magic == Magic::V2) record.headers = headers;
    AppendCall call = bench.call(0);
    bench.accumulator.append(call, record, bench.now, bench.metadata, bench.journal);
  }
  ASSERT_EQ(bench.deque(0).size(), 1u);
  const BatchId original = bench.drain_one();
  if (!bench.batch(original).builder.can_be_split()) {
    EXPECT_TRUE(GetParam().magic == Magic::V1 && !GetParam().is_compressed());
    return;
  }
  bench.accumulator.split(original, nullptr, bench.journal);
  std::size_t found = 0;
  while (!bench.deque(0).empty()) {
    const BatchId part = bench.drain_one();
    EXPECT_EQ(bench.batch(part).builder.format(), GetParam());
    for (const Record& record : bench.accumulator.records_of(bench.batch(part))) {
      ++found;
      EXPECT_EQ(record.headers.size(), GetParam().magic == Magic::V2 ? 1u : 0u);
    }
  }
  EXPECT_EQ(found, 50u);
}

// --- What the oldest broker takes ---

ClientError error_of(AccumulatorBench& bench, const RecordView& record) {
  AppendCall call = bench.call(0);
  call.usable_magic = Magic::V1;
  return std::get<ClientError>(
      bench.accumulator.append(call, record, bench.now, bench.metadata, bench.journal));
}

TEST(RecordAccumulatorFormats, AnOldBrokerGetsTheOldFormat) {
  AccumulatorBench bench{AccumulatorSetup{}};
  AppendCall call = bench.call(0);
  call.usable_magic = Magic::V1;
  bench.run(call);
  EXPECT_EQ(bench.head(0).builder.format().magic, Magic::V1);
  EXPECT_EQ(bench.head(0).builder.size(), Bytes{42});
}

TEST(RecordAccumulatorFormats, IdempotenceNeedsTheNewFormat) {
  AccumulatorBench bench{AccumulatorSetup{.needs_format_2 = true}};
  EXPECT_EQ(error_of(bench, {}), idempotence_needs_format_2());
  EXPECT_EQ(bench.accumulator.pool().available(), bench.accumulator.pool().total());
}

TEST(RecordAccumulatorFormats, SoDoHeadersAndZstd) {
  AccumulatorBench plain{AccumulatorSetup{}};
  const std::vector<RecordHeader> headers{{"trace", std::nullopt}};
  RecordView record;
  record.headers = headers;
  EXPECT_EQ(error_of(plain, record).message, "Magic v1 does not support record headers");

  AccumulatorSetup setup;
  setup.format.compression = compression_of(CompressionType::Zstd);
  AccumulatorBench zstd{setup};
  EXPECT_EQ(error_of(zstd, {}).message, "ZStandard compression is not supported for magic 1");
}

// --- Memory ---

TEST(RecordAccumulatorFormats, ABufferThatTheCodecReplacedDoesNotGoToTheFreeList) {
  AccumulatorBench bench{gzip(Bytes{1'024}, 0.1F)};
  const ByteVector values = noise(40 * 100);
  for (std::size_t i = 0; i < 40; ++i) {
    RecordView record;
    record.value = ByteSpan{values}.subspan(i * 100, 100);
    AppendCall call = bench.call(0);
    ASSERT_TRUE(std::holds_alternative<RecordAccumulator::Appended>(
        bench.accumulator.append(call, record, bench.now, bench.metadata, bench.journal)));
  }
  const BatchId batch = bench.drain_one();
  ASSERT_GT(bench.batch(batch).builder.size(), Bytes{1'024});
  bench.complete(batch);
  EXPECT_TRUE(bench.accumulator.pool().free_list().empty());
  EXPECT_EQ(bench.accumulator.pool().available(), Bytes{1'048'576}) << "it counts as batch.size";
}

TEST(RecordAccumulatorFormats, ABufferThatSufficedDoes) {
  AccumulatorBench bench{gzip(Bytes{1'024}, 1.0F)};
  bench.append(0, 500);
  bench.complete(bench.drain_one());
  EXPECT_EQ(bench.accumulator.pool().free_list().size(), 1u);
}

// --- Drain ---

TEST(RecordAccumulatorFormats, ARequestIsFilledByEstimatesAndCountsWhatWasBuilt) {
  AccumulatorBench bench{gzip(Bytes{16'384}, 1.0F)};
  bench.append(0, 8'000);
  bench.append(1, 8'000);
  const Bytes estimated = bench.head(1).builder.size();
  ASSERT_GT(estimated, Bytes{8'000});
  // The first is taken in any case, and built it is small: the estimate of the second decides.
  EXPECT_EQ(bench.drain(Bytes{8'000}).size(), 1u);
  bench.append(bench.deque(0).empty() ? 0 : 1, 8'000);
  EXPECT_EQ(bench.drain(Bytes{9'000}).size(), 2u);
}

// --- Split ---

TEST(RecordAccumulatorFormats, TwoRecordsOfAnOptimisticBatchAreSplitIntoTwo) {
  AccumulatorSetup setup = gzip(Bytes{16'384}, 0.2F);
  setup.idempotent = true;
  AccumulatorBench bench{setup};
  for (int i = 0; i < 2; ++i) {
    RecordView record;
    const ByteVector value(8'192);
    record.key = bytes_of("key1");
    record.value = value;
    AppendCall call = bench.call(0);
    bench.accumulator.append(call, record, bench.now, bench.metadata, bench.journal);
  }
  ASSERT_EQ(bench.deque(0).size(), 1u);
  const BatchId original = bench.drain_one();
  bench.transactions->remove_in_flight(bench.batch(original), bench.accumulator.batches);
  bench.accumulator.split(original, &*bench.transactions, bench.journal);

  EXPECT_EQ(estimate(bench), 1.0F);
  ASSERT_EQ(bench.deque(0).size(), 2u);
  for (std::int32_t i = 0; i < 2; ++i) {
    const MemoryRecordsBuilder& part =
        bench.batch(bench.deque(0)[static_cast<std::size_t>(i)]).builder;
    EXPECT_EQ(part.record_count(), 1);
    EXPECT_EQ(part.base_sequence(), i);
    EXPECT_EQ(part.size(), Bytes{8'678});
    EXPECT_EQ(part.format().compression.type, CompressionType::Gzip);
  }
}

TEST(RecordAccumulatorFormats, OldFormatsWithoutACodecCannotBeSplit) {
  AccumulatorBench bench{of_0_10()};
  bench.append(0);
  bench.append(0);
  EXPECT_FALSE(bench.head(0).builder.can_be_split());
}

// Kafka's testSplitFrequency: however well the messages of a mix compress, few batches are larger
// than they were meant to be.
TEST(RecordAccumulatorFormats, FewBatchesOfAnyMixAreTooLarge) {
  const ByteVector random = noise(100'000);
  for (std::size_t good_percent = 1; good_percent < 100; good_percent += 7) {
    AccumulatorBench bench{gzip(Bytes{1'024}, 1.0F)};
    int batches = 0;
    int too_large = 0;
    const auto look_at = [&](const std::vector<BatchId>& drained) {
      for (const BatchId id : drained) {
        ++batches;
        if (bench.batch(id).builder.size() > Bytes{1'024 + 61}) ++too_large;
        bench.complete(id);
      }
    };
    for (std::size_t i = 0; i < 1'000; ++i) {
      RecordView record;
      const ByteVector good(100, Byte{'v'});
      const bool is_good = i * 37 % 100 < good_percent;
      record.value = is_good ? ByteSpan{good} : ByteSpan{random}.subspan(i * 100 % 99'900, 100);
      AppendCall call = bench.call(0);
      const auto appended = std::get<RecordAccumulator::Appended>(
          bench.accumulator.append(call, record, bench.now, bench.metadata, bench.journal));
      if (appended.batch_is_full) look_at(bench.drain(Bytes{1}));
    }
    EXPECT_LT(too_large * 10, batches) << good_percent;
  }
}

}  // namespace
}  // namespace linger::core::record_accumulator_formats_test
