// What becomes of a batch that a broker finds too large.
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "core/record_accumulator.h"
#include "core/record_batch.h"
#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_split_test {
namespace {

using Batches = std::vector<BatchId>;

class Split : public ::testing::Test {
 protected:
  explicit Split(bool idempotent = true) : bench_{{.idempotent = idempotent}} {}

  // What fitted into a batch once fits into its parts again, unless a codec did better before than
  // it does now. There is none here: the batch is given the room by hand.
  void open_a_batch_of(std::int64_t capacity) {
    futures_.push_back(bench_.append(0).future);
    original_ = bench_.deque(0).at(0);
    ProducerBatch& batch = bench_.accumulator.batches.write(original_);
    const RecordView first{1'000'000, bytes_of("key"), bytes_of("vvvvv"), {}};
    batch.builder = MemoryRecordsBuilder{batch.builder.buffer(), Bytes{capacity}};
    batch.builder.append(first, bench_.accumulator.buffers);
  }
  void append(std::int64_t value_size = 5) {
    futures_.push_back(bench_.append(0, value_size).future);
  }
  void send() { ASSERT_EQ(bench_.drain_one(), original_); }
  void split() {
    auto* manager = bench_.transactions ? &*bench_.transactions : nullptr;
    if (manager) manager->remove_in_flight(bench_.batch(original_), bench_.accumulator.batches);
    bench_.accumulator.split(original_, manager, bench_.journal);
  }
  // Where the record's outcome is after the split.
  RecordFuture future(std::size_t record) const {
    return bench_.accumulator.results.resolve(futures_.at(record));
  }
  ResultId result_of(BatchId id) const { return bench_.batch(id).result; }
  std::vector<Record> records_of(BatchId id) {
    ProducerBatch& batch = bench_.accumulator.batches.write(id);
    batch.builder.close(bench_.accumulator.buffers);
    const ByteSpan bytes{bench_.accumulator.buffers.bytes(batch.builder.buffer())};
    return decode_batch(bytes.first(static_cast<std::size_t>(batch.builder.size().count())))
        .value()
        .records;
  }

  AccumulatorBench bench_;
  std::vector<RecordFuture> futures_;
  BatchId original_;
};

TEST_F(Split, WithoutACodecGivesOneBatchOfTheSameSize) {
  open_a_batch_of(1'024);
  for (int i = 0; i < 63; ++i) append();
  send();

  split();

  ASSERT_EQ(bench_.deque(0).size(), 1u);
  const ProducerBatch& part = bench_.head(0);
  EXPECT_EQ(part.builder.size(), bench_.batch(original_).builder.size());
  EXPECT_EQ(part.builder.capacity(), Bytes{1'024});
}

TEST_F(Split, FillsBatchesOfBatchSizeInTheOrderOfTheRecords) {
  open_a_batch_of(16'384);
  for (int i = 1; i < 130; ++i) append();
  send();

  split();

  const Batches parts = bench_.deque(0);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(bench_.batch(parts[0]).builder.record_count(), 64);
  EXPECT_EQ(bench_.batch(parts[1]).builder.record_count(), 64);
  EXPECT_EQ(bench_.batch(parts[2]).builder.record_count(), 2);
  EXPECT_EQ(bench_.batch(parts[2]).records.at(1).id, RecordId{129});
  for (const BatchId part : parts) {
    EXPECT_TRUE(bench_.batch(part).is_split);
    EXPECT_TRUE(bench_.batch(part).builder.is_closed_for_appends());
  }
}

TEST_F(Split, ChainsEachFutureToItsPlaceInTheNewBatches) {
  open_a_batch_of(16'384);
  for (int i = 1; i < 70; ++i) append();
  send();
  split();

  const Batches parts = bench_.deque(0);
  EXPECT_EQ(future(0), (RecordFuture{result_of(parts[0]), 0}));
  EXPECT_EQ(future(63), (RecordFuture{result_of(parts[0]), 63}));
  EXPECT_EQ(future(64), (RecordFuture{result_of(parts[1]), 0}));
  EXPECT_EQ(future(69), (RecordFuture{result_of(parts[1]), 5}));
}

TEST_F(Split, OfASplitBatchLengthensTheChain) {
  open_a_batch_of(1'024);
  append();
  send();
  split();
  bench_.complete(original_);
  const BatchId first = bench_.deque(0).at(0);
  original_ = bench_.drain_one();
  ASSERT_EQ(original_, first);
  split();

  EXPECT_EQ(future(1), (RecordFuture{result_of(bench_.deque(0).at(0)), 1}));
}

TEST_F(Split, AResultIsForgottenWithTheLastWhoLooksAtIt) {
  open_a_batch_of(1'024);
  append();
  send();
  split();
  bench_.complete(original_);
  const BatchId part = bench_.drain_one();
  const ResultId result = result_of(part);
  bench_.complete(part);
  EXPECT_TRUE(bench_.accumulator.results.at(result).is_done) << "two futures still look at it";

  for (const RecordFuture& future : futures_) bench_.accumulator.results.release(future.result);
  EXPECT_THROW(bench_.accumulator.results.at(result), CheckFailure);
}

TEST_F(Split, KeepsHeadersTimestampsAndValues) {
  open_a_batch_of(16'384);
  bench_.headers = {{"trace", ByteVector{'a', 'b'}}};
  append(900);
  append(900);
  send();
  split();

  const Batches parts = bench_.deque(0);
  ASSERT_EQ(parts.size(), 2u);
  const std::vector<Record> last = records_of(parts[1]);
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(text_of(*last[0].key), "key");
  EXPECT_EQ(last[0].value, ByteVector(900, Byte{'v'}));
  EXPECT_EQ(last[0].timestamp, 1'000'000);
  EXPECT_EQ(last[0].headers, bench_.headers);
}

TEST_F(Split, GivesConsecutiveSequencesFromTheOriginalsOn) {
  open_a_batch_of(16'384);
  for (int i = 1; i < 70; ++i) append();
  send();
  split();

  const Batches parts = bench_.deque(0);
  EXPECT_EQ(bench_.batch(parts[0]).builder.base_sequence(), 0);
  EXPECT_EQ(bench_.batch(parts[1]).builder.base_sequence(), 64);
  EXPECT_EQ(bench_.transactions->partitions().at(bench_.tp(0)).in_flight, parts);
  EXPECT_EQ(bench_.transactions->partitions().at(bench_.tp(0)).next_sequence, 70);
}

TEST_F(Split, PartsLeaveOneAtATime) {
  open_a_batch_of(16'384);
  for (int i = 1; i < 70; ++i) append();
  send();
  split();
  const Batches parts = bench_.deque(0);

  EXPECT_EQ(bench_.drain(), Batches{parts[0]});
  EXPECT_TRUE(bench_.drain().empty());
  bench_.complete(parts[0]);
  EXPECT_EQ(bench_.drain(), Batches{parts[1]});
}

TEST_F(Split, PartsKeepTheOriginalsClockAndDoNotBackOff) {
  open_a_batch_of(1'024);
  append();
  const Millis created = bench_.now;
  bench_.now += 50ms;
  send();
  bench_.reenqueue(original_);
  bench_.now += 100ms;
  send();
  split();

  EXPECT_EQ(bench_.head(0).created, created);
  EXPECT_EQ(bench_.head(0).attempts, 0);
  EXPECT_TRUE(bench_.is_ready());
}

TEST_F(Split, PartsCostNoMemoryOfThePool) {
  open_a_batch_of(1'024);
  append();
  send();
  split();
  EXPECT_EQ(bench_.accumulator.pool().available(), Bytes{1'048'576 - 1'024});

  bench_.complete(original_);
  EXPECT_EQ(bench_.accumulator.pool().available(), bench_.accumulator.pool().total());
  bench_.complete(bench_.drain_one());
  EXPECT_EQ(bench_.accumulator.pool().available(), bench_.accumulator.pool().total());
  EXPECT_FALSE(bench_.accumulator.has_incomplete());
}

class SplitWithoutIdempotence : public Split {
 protected:
  SplitWithoutIdempotence() : Split{false} {}
};

TEST_F(SplitWithoutIdempotence, PartsStandBeforeWhatIsQueuedInTheirOrder) {
  open_a_batch_of(16'384);
  for (int i = 1; i < 70; ++i) append();
  send();
  bench_.append(0);
  const BatchId queued = bench_.deque(0).at(0);

  split();

  const Batches deque = bench_.deque(0);
  ASSERT_EQ(deque.size(), 3u);
  EXPECT_EQ(bench_.batch(deque[0]).records.at(0).id, RecordId{0});
  EXPECT_EQ(bench_.batch(deque[1]).records.at(0).id, RecordId{64});
  EXPECT_EQ(deque[2], queued);
}

TEST(RecordAccumulatorSplit, SinceKafka8350WhatWasSplitIsSplitToHalves) {
  for (const bool halves : {true, false}) {
    AccumulatorBench bench{{.batch_size = Bytes{1'024}, .splits_to_halves = halves}};
    for (int i = 0; i < 4; ++i) bench.append(0, 200);
    const BatchId batch = bench.drain_one();
    bench.accumulator.split(batch, nullptr, bench.journal);
    const BatchId again = bench.drain_one();
    EXPECT_EQ(bench.accumulator.split(again, nullptr, bench.journal), halves ? 4u : 1u)
        << "the header counts, too: a half has room for one of them";
  }
}

}  // namespace
}  // namespace linger::core::record_accumulator_split_test
