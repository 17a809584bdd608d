#include "core/memory_records_builder.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "core/record_batch.h"

namespace linger::core::memory_records_builder_test {
namespace {

// A record whose parts live as long as it does.
struct RecordOf {
  std::optional<ByteVector> key;
  std::optional<ByteVector> value;
  std::int64_t timestamp = 1'000;
  RecordView view() const { return {timestamp, key, value, {}}; }
};
RecordOf value_of(std::size_t size) {
  return {std::nullopt, ByteVector(size, Byte{'v'})};
}
RecordOf key_and_value(std::size_t key, std::size_t value) {
  return {ByteVector(key, Byte{'k'}), ByteVector(value, Byte{'v'})};
}

class MemoryRecordsBuilderTest : public ::testing::Test {
 protected:
  MemoryRecordsBuilder builder(std::int64_t capacity) {
    return MemoryRecordsBuilder{store_.create(), Bytes{capacity}};
  }
  // Appends as long as there is room, and returns how many.
  int fill(MemoryRecordsBuilder& builder, const RecordOf& record) {
    int appended = 0;
    for (; builder.has_room_for(record.view()); ++appended) builder.append(record.view(), store_);
    return appended;
  }
  RecordBatch written(const MemoryRecordsBuilder& builder) const {
    const ByteSpan bytes{store_.bytes(builder.buffer())};
    return decode_batch(bytes.first(static_cast<std::size_t>(builder.size().count()))).value();
  }

  BufferStore store_;
};

// --- How much fits ---

TEST_F(MemoryRecordsBuilderTest, ABatchWithoutRecordsIsItsHeaderOf61Bytes) {
  EXPECT_EQ(builder(16'384).size(), Bytes{61});
}

TEST_F(MemoryRecordsBuilderTest, ThreeRecordsOfKey3AndValue5TakeFifteenBytesEach) {
  auto batch = builder(16'384);
  for (int i = 0; i < 3; ++i) batch.append(key_and_value(3, 5).view(), store_);
  EXPECT_EQ(batch.size(), Bytes{106});
}

TEST_F(MemoryRecordsBuilderTest, NullsDeltasAndHeadersCostWhatTheyNeed) {
  auto batch = builder(16'384);
  RecordOf first = key_and_value(10, 100);
  RecordOf second = value_of(200);
  second.timestamp = 1'070;
  batch.append(first.view(), store_);
  EXPECT_EQ(batch.size(), Bytes{61 + 119});
  batch.append(second.view(), store_);
  EXPECT_EQ(batch.size(), Bytes{61 + 119 + 210});

  const ByteVector key(64, Byte{'k'});
  const std::vector<RecordHeader> headers{{"trace", ByteVector{'a', 'b', 'c'}}};
  batch.append(RecordView{9'000, ByteSpan{key}, std::nullopt, headers}, store_);
  EXPECT_EQ(batch.size(), Bytes{474});
}

TEST_F(MemoryRecordsBuilderTest, AHundredBytesFit148TimesIn16384) {
  auto batch = builder(16'384);
  EXPECT_EQ(fill(batch, value_of(100)), 148);
  EXPECT_EQ(batch.size(), Bytes{16'277});
}

TEST_F(MemoryRecordsBuilderTest, FromThe65thOnARecordIsAByteLonger) {
  auto batch = builder(16'384);
  for (int i = 0; i < 64; ++i) {
    ASSERT_EQ(batch.size_of_next(value_of(100).view()), Bytes{109});
    batch.append(value_of(100).view(), store_);
  }
  EXPECT_EQ(batch.size_of_next(value_of(100).view()), Bytes{110});
}

TEST_F(MemoryRecordsBuilderTest, SmallRecordsFit1024TimesIn16384And64TimesIn1024) {
  auto large = builder(16'384);
  EXPECT_EQ(fill(large, key_and_value(3, 5)), 1'024);
  EXPECT_EQ(large.size(), Bytes{16'381});

  auto small = builder(1'024);
  EXPECT_EQ(fill(small, key_and_value(3, 5)), 64);
  EXPECT_EQ(small.size(), Bytes{1'021});
}

TEST_F(MemoryRecordsBuilderTest, LaterTimestampsCostTheBytesOfTheirDelta) {
  auto batch = builder(16'384);
  RecordOf record = value_of(0);
  record.timestamp = 1'000;
  batch.append(record.view(), store_);
  const Bytes without_delta = batch.size_of_next(record.view());

  record.timestamp = 1'063;
  EXPECT_EQ(batch.size_of_next(record.view()), without_delta);
  record.timestamp = 1'064;
  EXPECT_EQ(batch.size_of_next(record.view()), without_delta + Bytes{1});
  record.timestamp = 0;  // a negative delta of 1000
  EXPECT_EQ(batch.size_of_next(record.view()), without_delta + Bytes{1});
}

TEST_F(MemoryRecordsBuilderTest, AnExactFitIsTakenAndMakesTheBatchFull) {
  auto batch = builder(106);
  EXPECT_EQ(fill(batch, key_and_value(3, 5)), 3);
  EXPECT_TRUE(batch.is_full());
}

TEST_F(MemoryRecordsBuilderTest, OneByteMoreLeavesItOpenWithoutRoomForAnother) {
  auto batch = builder(107);
  EXPECT_EQ(fill(batch, key_and_value(3, 5)), 3);
  EXPECT_FALSE(batch.is_full());
  EXPECT_FALSE(batch.has_room_for(key_and_value(3, 5).view()));
}

TEST_F(MemoryRecordsBuilderTest, AnEmptyBatchIsNeverFullAndTakesAnyRecord) {
  auto batch = builder(1);
  EXPECT_FALSE(batch.is_full());
  EXPECT_TRUE(batch.has_room_for(value_of(20'000).view()));

  batch.append(value_of(20'000).view(), store_);
  EXPECT_TRUE(batch.is_full());
}

// A new batch for a large record has a buffer of the record's upper bound, which is more than the
// record needs: in the rest a tiny record may travel along.
struct Slack {
  std::size_t value;
  std::int64_t capacity;
  std::int64_t used;
  std::size_t fits;  // the largest value a second record may have
};
class LargeRecord : public MemoryRecordsBuilderTest, public ::testing::WithParamInterface<Slack> {};

TEST_P(LargeRecord, LeavesRoomForATinyOne) {
  const RecordOf large = value_of(GetParam().value);
  const Bytes capacity = batch_size_upper_bound(large.view());
  EXPECT_EQ(capacity, Bytes{GetParam().capacity});

  auto batch = builder(capacity.count());
  batch.append(large.view(), store_);

  EXPECT_EQ(batch.size(), Bytes{GetParam().used});
  EXPECT_FALSE(batch.is_full());
  EXPECT_TRUE(batch.has_room_for(value_of(GetParam().fits).view()));
  EXPECT_FALSE(batch.has_room_for(value_of(GetParam().fits + 1).view()));
}
INSTANTIATE_TEST_SUITE_P(Sizes, LargeRecord,
                         ::testing::Values(Slack{5, 90, 73, 10}, Slack{20'000, 20'087, 20'072, 8},
                                           Slack{1'000'000, 1'000'087, 1'000'072, 8}));

// --- Closing ---

TEST_F(MemoryRecordsBuilderTest, ClosedForAppendsItIsFullWhateverRoomThereIs) {
  auto batch = builder(16'384);
  batch.append(value_of(5).view(), store_);
  EXPECT_TRUE(batch.has_room_for(value_of(5).view()));

  batch.close_for_appends();

  EXPECT_TRUE(batch.is_full());
  EXPECT_FALSE(batch.has_room_for(value_of(5).view()));
  EXPECT_FALSE(batch.is_built()) << "the header may still be written";
  EXPECT_THROW(batch.append(value_of(5).view(), store_), CheckFailure);
}

TEST_F(MemoryRecordsBuilderTest, WhatIsWrittenReadsBackAsARecordBatch) {
  auto batch = builder(16'384);
  RecordOf first = key_and_value(10, 100);
  RecordOf second = value_of(200);
  second.timestamp = 1'070;
  batch.append(first.view(), store_);
  batch.append(second.view(), store_);
  batch.set_producer_state({1'000, 3}, 7, false);
  batch.close(store_);

  const RecordBatch read = written(batch);
  EXPECT_EQ(read.header.producer_id_and_epoch, (ProducerIdAndEpoch{1'000, 3}));
  EXPECT_EQ(read.header.base_sequence, 7);
  EXPECT_EQ(read.header.record_count, 2);
  EXPECT_EQ(read.header.last_offset_delta, 1);
  EXPECT_EQ(read.header.base_timestamp, 1'000);
  EXPECT_EQ(read.header.max_timestamp, 1'070);
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[0].key, first.key);
  EXPECT_EQ(read.records[1].value, second.value);
  EXPECT_EQ(read.records[1].timestamp, 1'070);
}

TEST_F(MemoryRecordsBuilderTest, TheMaximalTimestampNeedNotBeTheLast) {
  auto batch = builder(16'384);
  RecordOf record = value_of(1);
  record.timestamp = 2'000;
  batch.append(record.view(), store_);
  record.timestamp = 1'000;
  batch.append(record.view(), store_);
  batch.close(store_);

  EXPECT_EQ(written(batch).header.max_timestamp, 2'000);
  EXPECT_EQ(written(batch).records[1].timestamp, 1'000);
}

TEST_F(MemoryRecordsBuilderTest, ANewIdentityIsWrittenByTheNextClose) {
  auto batch = builder(16'384);
  batch.append(value_of(5).view(), store_);
  batch.set_producer_state({1'000, 0}, 40, false);
  batch.close(store_);

  batch.set_producer_state({1'000, 1}, 0, false);
  EXPECT_EQ(written(batch).header.base_sequence, 40) << "not before";
  batch.close(store_);

  EXPECT_EQ(written(batch).header.base_sequence, 0);
  EXPECT_EQ(written(batch).header.producer_id_and_epoch, (ProducerIdAndEpoch{1'000, 1}));
}

TEST_F(MemoryRecordsBuilderTest, AnIdentityIsWholeAndNeedsFormat2) {
  auto batch = builder(16'384);
  EXPECT_THROW(batch.set_producer_state({1'000, -1}, 0, false), CheckFailure) << "no epoch";
  EXPECT_THROW(batch.set_producer_state({1'000, 0}, -1, false), CheckFailure) << "no sequence";
  EXPECT_THROW(batch.set_producer_state({}, 0, true), CheckFailure) << "a transaction of nobody";
  MemoryRecordsBuilder old{store_.create(),
                           {{.magic = Magic::V1}, Bytes{16'384}, Bytes{16'384}, 1.0F}};
  EXPECT_THROW(old.set_producer_state({1'000, 0}, 0, false), CheckFailure);
}

TEST_F(MemoryRecordsBuilderTest, ABufferThatWasUsedBeforeIsWrittenOver) {
  const BufferId buffer = store_.create();
  MemoryRecordsBuilder before{buffer, Bytes{1'000}};
  before.append(value_of(800).view(), store_);
  before.close(store_);

  MemoryRecordsBuilder after{buffer, Bytes{1'000}};
  after.append(key_and_value(3, 5).view(), store_);
  after.close(store_);

  EXPECT_EQ(after.size(), Bytes{76});
  EXPECT_EQ(written(after).records.at(0).value, key_and_value(3, 5).value);
}

}  // namespace
}  // namespace linger::core::memory_records_builder_test
