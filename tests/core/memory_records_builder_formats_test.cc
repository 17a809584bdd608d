// The builder with codecs, and in the format of 0.10.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/compression_ratio_estimator.h"
#include "core/memory_records_builder.h"
#include "core/message_set.h"
#include "core/record_batch.h"
#include "support/noise.h"

namespace linger::core::memory_records_builder_formats_test {
namespace {

constexpr Bytes kBatchSize{16'384};
constexpr TopicId kTopic{0};

RecordFormat format_0_10(CompressionType type = CompressionType::None) {
  return {.magic = Magic::V1, .compression = compression_of(type), .counts_header = false};
}
RecordFormat format_2(CompressionType type) {
  return {.magic = Magic::V2, .compression = compression_of(type)};
}

class FormatsTest : public ::testing::Test {
 protected:
  static RecordView zeros_of(std::size_t size) {
    static const ByteVector kZeros(70'000);
    RecordView record;
    record.value = ByteSpan{kZeros}.first(size);
    return record;
  }
  static RecordView key_and_value() {
    RecordView record;
    record.key = bytes_of("key");
    record.value = bytes_of("value");
    return record;
  }

  MemoryRecordsBuilder builder(const RecordFormat& format, Bytes limit, float ratio = 1.0F) {
    return {store_.create(), {format, limit, limit, ratio}};
  }
  int fill(MemoryRecordsBuilder& builder, const RecordView& record) {
    int appended = 0;
    for (; builder.has_room_for(record); ++appended) builder.append(record, store_);
    return appended;
  }
  ByteSpan written(const MemoryRecordsBuilder& builder) const {
    return ByteSpan{store_.bytes(builder.buffer())}.first(
        static_cast<std::size_t>(builder.size().count()));
  }

  BufferStore store_;
};

// What the real classes made of records with values of 100 zero bytes, one batch after another.
// What zlib made of them may differ by some bytes from one version to the next.
struct Observed {
  std::int64_t records;
  std::int64_t uncompressed;
  std::int64_t estimated;  // 0: not known
  std::int64_t built;
};
constexpr std::int64_t kBetweenVersions = 8;

class Learning : public FormatsTest {
 protected:
  void expect(const RecordFormat& format, CompressionRatioEstimator estimator,
              const std::vector<Observed>& batches) {
    for (const Observed& expected : batches) {
      auto batch = builder(format, kBatchSize, estimator.estimate(kTopic));
      EXPECT_EQ(fill(batch, zeros_of(100)), expected.records);
      EXPECT_EQ(batch.uncompressed_size(), Bytes{expected.uncompressed});
      if (expected.estimated > 0) {
        EXPECT_EQ(batch.size(), Bytes{expected.estimated});
      }
      batch.close(store_);
      EXPECT_LE(std::abs(batch.size().count() - expected.built), kBetweenVersions) << batch.size();
      estimator.observe(kTopic, batch.observed_ratio());
    }
  }
};

TEST_F(Learning, In0102IsOptimisticFromTheStart) {
  expect(format_0_10(CompressionType::Gzip),
         CompressionRatioEstimator{{.for_each_topic = false, .first = 0.5F}},
         {{232, 31'088, 0, 751}, {256, 34'304, 0, 835}, {283, 37'922, 0, 908}});
}

TEST_F(Learning, Since011BelievesInBytesAsTheyAreAndLearnsSlowly) {
  expect(format_2(CompressionType::Gzip), CompressionRatioEstimator{{}},
         {{141, 15'446, 16'279, 508}, {142, 15'556, 16'313, 510}, {143, 15'666, 16'345, 513}});
}

// --- Format 1 without a codec ---

TEST_F(FormatsTest, InFormat1BatchesHaveNoHeaderAndRecordsAFixedOverhead) {
  auto batch = builder(format_0_10(), kBatchSize);
  EXPECT_EQ(batch.size(), Bytes{0});
  for (int i = 0; i < 3; ++i) batch.append(key_and_value(), store_);
  EXPECT_EQ(batch.size(), Bytes{126});
}

TEST_F(FormatsTest, HowManyFitInFormat1) {
  auto large = builder(format_0_10(), kBatchSize);
  EXPECT_EQ(fill(large, zeros_of(100)), 122);
  EXPECT_EQ(large.size(), Bytes{16'348});
  auto keyed = builder(format_0_10(), kBatchSize);
  EXPECT_EQ(fill(keyed, key_and_value()), 390);
  EXPECT_EQ(keyed.size(), Bytes{16'380});
  auto small = builder(format_0_10(), Bytes{1'024});
  EXPECT_EQ(fill(small, key_and_value()), 24);
  EXPECT_EQ(small.size(), Bytes{1'008});
}

TEST_F(FormatsTest, AnExactFitIsFullAndOneByteMoreIsNot) {
  auto exact = builder(format_0_10(), Bytes{126});
  EXPECT_EQ(fill(exact, key_and_value()), 3);
  EXPECT_TRUE(exact.is_full());
  auto larger = builder(format_0_10(), Bytes{127});
  EXPECT_EQ(fill(larger, key_and_value()), 3);
  EXPECT_FALSE(larger.is_full());
}

TEST_F(FormatsTest, TheWriteLimitMayBeLessThanTheBuffer) {
  const Bytes size = message_size(Magic::V1, zeros_of(20'000));
  MemoryRecordsBuilder batch{store_.create(), {format_0_10(), size, kBatchSize}};
  EXPECT_TRUE(batch.has_room_for(zeros_of(20'000)));
  batch.append(zeros_of(20'000), store_);
  EXPECT_TRUE(batch.is_full());
  EXPECT_EQ(batch.capacity(), size);
}

TEST_F(FormatsTest, Format1ReadsBackAsAMessageSet) {
  auto batch = builder(format_0_10(), kBatchSize);
  fill(batch, key_and_value());
  batch.close(store_);
  const auto records = decode_message_set(written(batch));
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records->size(), 390u);
  EXPECT_EQ(records->back().offset, 389);
}

// --- Codecs ---

struct Written {
  Magic magic;
  CompressionType type;
};
class EveryFormat : public FormatsTest, public ::testing::WithParamInterface<Written> {
 protected:
  RecordFormat format() const { return {GetParam().magic, compression_of(GetParam().type)}; }
  std::size_t records_in(const MemoryRecordsBuilder& batch) const {
    if (GetParam().magic == Magic::V2) return decode_batch(written(batch)).value().records.size();
    return decode_message_set(written(batch)).value().size();
  }
};
INSTANTIATE_TEST_SUITE_P(All, EveryFormat,
                         ::testing::Values(Written{Magic::V0, CompressionType::Gzip},
                                           Written{Magic::V0, CompressionType::Lz4},
                                           Written{Magic::V1, CompressionType::None},
                                           Written{Magic::V1, CompressionType::Gzip},
                                           Written{Magic::V1, CompressionType::Snappy},
                                           Written{Magic::V1, CompressionType::Lz4},
                                           Written{Magic::V2, CompressionType::None},
                                           Written{Magic::V2, CompressionType::Gzip},
                                           Written{Magic::V2, CompressionType::Snappy},
                                           Written{Magic::V2, CompressionType::Lz4},
                                           Written{Magic::V2, CompressionType::Zstd}));

TEST_P(EveryFormat, ReadsBackWhatWasAppended) {
  auto batch = builder(format(), kBatchSize);
  const int appended = fill(batch, zeros_of(100));
  batch.close(store_);
  EXPECT_EQ(records_in(batch), static_cast<std::size_t>(appended));
}

TEST_P(EveryFormat, BuiltTheSizeIsExactAndTheRatioSeen) {
  auto batch = builder(format(), kBatchSize);
  fill(batch, zeros_of(100));
  EXPECT_EQ(batch.observed_ratio(), 1.0F) << "until it is closed";
  batch.close(store_);
  const bool is_compressed = GetParam().type != CompressionType::None;
  EXPECT_EQ(batch.observed_ratio() < 0.2F, is_compressed);
  EXPECT_EQ(batch.size() < Bytes{4'000}, is_compressed);
}

TEST_F(FormatsTest, AnOpenBatchKeepsTheRatioItWasTold) {
  auto batch = builder(format_2(CompressionType::Gzip), kBatchSize, 0.2F);
  const ByteVector key(4, Byte{'k'});
  const ByteVector value(8'192);
  RecordView record;
  record.key = key;
  record.value = value;
  batch.append(record, store_);
  EXPECT_EQ(batch.size(), Bytes{1'784});
  EXPECT_TRUE(batch.has_room_for(record)) << "which counts as it is: 8207 bytes";

  auto afterwards = builder(format_2(CompressionType::Gzip), kBatchSize, 1.0F);
  afterwards.append(record, store_);
  EXPECT_EQ(afterwards.size(), Bytes{8'678});
  EXPECT_FALSE(afterwards.has_room_for(record));
}

TEST_F(FormatsTest, ClosedForAppendsItsSizeIsStillAnEstimate) {
  auto batch = builder(format_2(CompressionType::Gzip), kBatchSize);
  fill(batch, zeros_of(100));
  batch.close_for_appends();
  EXPECT_EQ(batch.size(), Bytes{16'279});
  batch.close(store_);
  EXPECT_LT(batch.size(), Bytes{600});
}

TEST_F(FormatsTest, ANewIdentityMakesTheSizeAnEstimateUntilTheNextClose) {
  auto batch = builder(format_2(CompressionType::Gzip), kBatchSize);
  fill(batch, zeros_of(100));
  batch.set_producer_state({1'000, 0}, 40, false);
  batch.close(store_);
  const Bytes built = batch.size();

  batch.set_producer_state({1'000, 1}, 0, false);
  EXPECT_EQ(batch.size(), Bytes{16'279});
  batch.close(store_);
  EXPECT_EQ(batch.size(), built);
  EXPECT_EQ(decode_batch(written(batch)).value().header.base_sequence, 0);
}

TEST_F(FormatsTest, ACopyTakenBeforeGoesOnByItself) {
  auto batch = builder(format_2(CompressionType::Zstd), kBatchSize);
  batch.append(zeros_of(100), store_);
  const BufferStore store_before = store_;
  MemoryRecordsBuilder copy = batch;
  batch.append(zeros_of(200), store_);
  batch.close(store_);
  EXPECT_EQ(decode_batch(written(batch)).value().records.size(), 2u);

  store_ = store_before;
  copy.close(store_);
  EXPECT_EQ(decode_batch(written(copy)).value().records.size(), 1u);
}

// --- Buffers that are too small ---

// What the real classes did with random values right after three batches of zeros, which had made
// them believe in 0.37: twice batch.size went to the broker.
TEST_F(FormatsTest, RecordsThatCompressWorseThanBelievedOutgrowTheBuffer) {
  CompressionRatioEstimator estimator{{.for_each_topic = false, .first = 0.5F}};
  estimator.observe(kTopic, 717.0F / 31'088.0F);
  estimator.observe(kTopic, 801.0F / 34'304.0F);
  estimator.observe(kTopic, 874.0F / 37'922.0F);
  auto batch = builder(format_0_10(CompressionType::Gzip), kBatchSize, estimator.estimate(kTopic));
  const ByteVector values = noise(400 * 100);
  RecordView record;
  for (std::size_t i = 0; i < 400; ++i) {
    record.value = ByteSpan{values}.subspan(i * 100, 100);
    if (batch.has_room_for(record)) batch.append(record, store_);
  }
  EXPECT_EQ(batch.record_count(), 312);
  EXPECT_EQ(batch.size(), Bytes{16'276});
  EXPECT_TRUE(batch.has_outgrown_buffer()) << "as closing will show";
  batch.close(store_);
  EXPECT_TRUE(batch.has_outgrown_buffer());
  EXPECT_LE(std::abs(batch.size().count() - 35'085), 200) << batch.size();
  EXPECT_EQ(batch.capacity(), kBatchSize) << "what the pool counts";
}

TEST_F(FormatsTest, RecordsThatCompressWellStayInTheBuffer) {
  auto batch = builder(format_2(CompressionType::Snappy), kBatchSize, 0.1F);
  fill(batch, zeros_of(1'000));
  EXPECT_GT(batch.uncompressed_size(), kBatchSize);
  EXPECT_FALSE(batch.has_outgrown_buffer());
  batch.close(store_);
  EXPECT_FALSE(batch.has_outgrown_buffer());
}

TEST_F(FormatsTest, WithoutACodecABufferIsNeverOutgrown) {
  auto batch = builder(format_0_10(), kBatchSize);
  fill(batch, zeros_of(100));
  EXPECT_FALSE(batch.has_outgrown_buffer());
}

}  // namespace
}  // namespace linger::core::memory_records_builder_formats_test
