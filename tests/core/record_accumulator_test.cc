#include "core/record_accumulator.h"

#include <gtest/gtest.h>

#include <variant>
#include <vector>

#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_test {
namespace {

using Batches = std::vector<BatchId>;

// --- Append ---

TEST(RecordAccumulator, TheFirstRecordOfAPartitionOpensABatch) {
  AccumulatorBench bench{{}};

  const auto first = bench.append(0);
  EXPECT_TRUE(first.new_batch);
  EXPECT_FALSE(first.batch_is_full);
  EXPECT_EQ(first.grown_by, Bytes{61 + 15}) << "with the batch's header";

  const auto second = bench.append(0);
  EXPECT_FALSE(second.new_batch);
  EXPECT_EQ(second.grown_by, Bytes{15});
  EXPECT_EQ(second.future.result, first.future.result);
  EXPECT_EQ(second.future.index, 1);
}

TEST(RecordAccumulator, ABatchTakes64SmallRecordsInAKilobyteAndTheNextOpensAnother) {
  AccumulatorBench bench{{.linger = 10ms}};
  for (int i = 0; i < 64; ++i) {
    ASSERT_FALSE(bench.append(0).batch_is_full);
    ASSERT_EQ(bench.deque(0).size(), 1u);
  }
  EXPECT_FALSE(bench.is_ready());

  const auto refused = bench.append(0);

  EXPECT_TRUE(refused.new_batch);
  EXPECT_TRUE(refused.batch_is_full) << "there is more than one in the deque";
  EXPECT_TRUE(bench.head(0).builder.is_closed_for_appends());
  EXPECT_TRUE(bench.is_ready());

  const Batches drained = bench.drain();
  ASSERT_EQ(drained.size(), 1u);
  EXPECT_EQ(bench.batch(drained[0]).records.size(), 64u);
}

TEST(RecordAccumulator, ALargeRecordMakesTheBatchBeforeItLeaveWhateverLingerSays) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append(0);
  EXPECT_FALSE(bench.is_ready());

  bench.append(0, 1'000);

  EXPECT_TRUE(bench.is_ready());
  EXPECT_EQ(bench.deque(0).size(), 2u);
}

TEST(RecordAccumulator, ARecordLargerThanBatchSizeGetsABufferOfItsUpperBound) {
  AccumulatorBench bench{{}};
  bench.append(0, 2'048);

  const ProducerBatch& batch = bench.head(0);
  EXPECT_EQ(batch.builder.capacity(), Bytes{61 + 21 + 4 + 2'050 + 1});
  EXPECT_EQ(bench.accumulator.pool().available() + batch.builder.capacity(),
            bench.accumulator.pool().total());
}

TEST(RecordAccumulator, BatchesOfOneByteStillTakeTwoTinyRecords) {
  AccumulatorBench bench{{.batch_size = Bytes{1}}};
  bench.keyed = false;
  bench.append(0, 5);
  EXPECT_FALSE(bench.append(0, 5).new_batch) << "the buffer has the slack of an upper bound";
  EXPECT_TRUE(bench.append(0, 5).new_batch);
}

TEST(RecordAccumulator, ABatchKeepsItsClockFromCreationAndItsLastAppend) {
  AccumulatorBench bench{{.linger = 1s}};
  const Millis created = bench.now;
  bench.append(0);
  bench.now += 7ms;
  bench.append(0);

  EXPECT_EQ(bench.head(0).created, created);
  EXPECT_EQ(bench.head(0).last_attempt, created);
  EXPECT_EQ(bench.head(0).last_append, created + 7ms);
}

TEST(RecordAccumulator, AskedToStopItTellsThatANewBatchIsNeededAndTakesNothing) {
  AccumulatorBench bench{{}};
  AppendCall call = bench.call(0);
  call.stop_if_new_batch_is_needed = true;

  EXPECT_TRUE(std::holds_alternative<RecordAccumulator::NewBatchNeeded>(bench.run(call)));
  EXPECT_EQ(bench.accumulator.pool().available(), bench.accumulator.pool().total());
  EXPECT_EQ(bench.accumulator.appends_in_progress(), 0);
  EXPECT_FALSE(bench.accumulator.has_incomplete());
}

TEST(RecordAccumulator, AskedToStopItStillClosesTheBatchThatHadNoRoom) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append(0);
  AppendCall call = bench.call(0);
  call.stop_if_new_batch_is_needed = true;

  bench.run(call, 1'000);

  EXPECT_TRUE(bench.head(0).is_full());
  EXPECT_TRUE(bench.is_ready());
}

// --- Append: waiting for memory ---

// Memory for one batch, which is taken.
AccumulatorSetup one_batch() {
  return {.buffer_memory = Bytes{1'024}};
}

TEST(RecordAccumulator, WithoutMemoryAnAppendWaitsUntilABatchIsDone) {
  AccumulatorBench bench{one_batch()};
  bench.append(0);
  AppendCall blocked = bench.call(1, 100ms);
  EXPECT_TRUE(std::holds_alternative<RecordAccumulator::WaitsForMemory>(bench.run(blocked)));
  EXPECT_EQ(bench.accumulator.appends_in_progress(), 1);
  EXPECT_FALSE(bench.accumulator.may_advance(blocked, bench.now));

  bench.complete(bench.drain_one());

  ASSERT_TRUE(bench.accumulator.may_advance(blocked, bench.now));
  const auto appended = std::get<RecordAccumulator::Appended>(bench.run(blocked));
  EXPECT_TRUE(appended.new_batch);
  EXPECT_EQ(bench.accumulator.appends_in_progress(), 0);
}

TEST(RecordAccumulator, TheBatchsClockStartsAfterTheWaitForMemory) {
  AccumulatorBench bench{one_batch()};
  bench.append(0);
  AppendCall blocked = bench.call(1, 100ms);
  bench.run(blocked);

  bench.now += 60ms;
  bench.complete(bench.drain_one());
  bench.run(blocked);

  EXPECT_EQ(bench.head(1).created, bench.now);
}

TEST(RecordAccumulator, AnAppendThatFindsNoMemoryInTimeFails) {
  AccumulatorBench bench{one_batch()};
  bench.append(0);
  AppendCall blocked = bench.call(1, 100ms);
  bench.run(blocked);

  bench.now += 99ms;
  EXPECT_FALSE(bench.accumulator.may_advance(blocked, bench.now));
  bench.now += 1ms;
  ASSERT_TRUE(bench.accumulator.may_advance(blocked, bench.now));

  EXPECT_EQ(std::get<ClientError>(bench.run(blocked)).exception,
            Exception::BufferExhaustedException);
  EXPECT_EQ(bench.accumulator.appends_in_progress(), 0);
}

// Memory for two batches, which are taken by partitions 1 and 2.
struct TwoBatchesTaken : AccumulatorBench {
  TwoBatchesTaken() : AccumulatorBench{{.buffer_memory = Bytes{2'048}}} {
    append(1);
    append(2);
  }
};

TEST(RecordAccumulator, TheLoserOfARaceForANewBatchJoinsTheWinnersAndReturnsItsBuffer) {
  TwoBatchesTaken bench;
  AppendCall winner = bench.call(0, 100ms);
  AppendCall loser = bench.call(0, 100ms);
  bench.run(winner);
  bench.run(loser);

  bench.complete(bench.drain_one(NodeId{0}));
  EXPECT_TRUE(std::get<RecordAccumulator::Appended>(bench.run(winner)).new_batch);
  bench.complete(bench.drain_one(NodeId{1}));
  const auto joined = std::get<RecordAccumulator::Appended>(bench.run(loser));

  EXPECT_FALSE(joined.new_batch);
  EXPECT_EQ(bench.deque(0).size(), 1u);
  EXPECT_EQ(bench.accumulator.pool().available(), Bytes{1'024});
}

TEST(RecordAccumulator, AThreadTimesOutOnMemoryAlthoughTheOpenBatchHasRoom) {
  TwoBatchesTaken bench;
  AppendCall first = bench.call(0, 100ms);
  AppendCall second = bench.call(0, 100ms);
  bench.run(first);
  bench.run(second);

  bench.complete(bench.drain_one());
  bench.run(first);
  ASSERT_EQ(bench.deque(0).size(), 1u);
  ASSERT_FALSE(bench.head(0).is_full());

  bench.now += 100ms;
  EXPECT_EQ(std::get<ClientError>(bench.run(second)).exception,
            Exception::BufferExhaustedException);
}

// --- Append: the built-in partitioner ---

TEST(RecordAccumulator, KeylessRecordsStickToAPartitionUntilItsBatchesAreFull) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}}};
  bench.keyed = false;

  const TopicPartition first = bench.append(std::nullopt, 5).partition;
  EXPECT_EQ(bench.append(std::nullopt, 1'024).partition, first) << "1167 bytes: switch withheld";
  EXPECT_EQ(bench.accumulator.partitioner(kBenchTopic)->sticky()->produced, Bytes{1'167});

  const auto before = *bench.accumulator.partitioner(kBenchTopic)->sticky();
  bench.append(std::nullopt, 1'024);  // refused by the last batch, which is full now
  EXPECT_FALSE(bench.accumulator.partitioner(kBenchTopic)->is_current(before));
  EXPECT_EQ(bench.accumulator.pool().available(),
            Bytes{1'048'576 - 1'024 - 2 * bench.head(first.partition).builder.capacity().count()} -
                Bytes{2 * (1'110 - 1'024)});
}

TEST(RecordAccumulator, APartitionGetsTwoWholeBatchesOf200ByteValuesInATurn) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}}};
  bench.keyed = false;
  std::vector<std::int32_t> turns;  // whose it was, record by record
  for (int i = 0; i < 24; ++i) turns.push_back(bench.append(std::nullopt, 200).partition.partition);

  // Each batch of 897 bytes holds four of them.
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(turns[i], turns[i - i % 8]) << i;
  for (const BatchId id : bench.accumulator.incomplete()) {
    if (bench.batch(id).builder.is_closed_for_appends()) {
      EXPECT_EQ(bench.batch(id).builder.size(), Bytes{897});
    }
  }
}

TEST(RecordAccumulator, BytesOfKeyedRecordsDoNotMoveTheStickyChoice) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}}};
  bench.append(std::nullopt);
  const auto before = *bench.accumulator.partitioner(kBenchTopic)->sticky();

  for (int i = 0; i < 10; ++i) bench.append(before.partition, 900);

  EXPECT_EQ(*bench.accumulator.partitioner(kBenchTopic)->sticky(), before);
}

TEST(RecordAccumulator, AChoiceThatMovedOnWhileTheThreadWaitedIsMadeAgain) {
  AccumulatorBench bench{{.leaders = {{0, 0}}, .buffer_memory = Bytes{1'086 + 1'024}}};
  bench.keyed = false;
  const std::int32_t before = bench.append(std::nullopt, 1'000).partition.partition;
  const std::int32_t after = 1 - before;
  bench.append(after);
  AppendCall blocked = bench.call(std::nullopt, 100ms);
  bench.run(blocked, 900);  // refused by the batch of the first choice, which is full now
  ASSERT_EQ(blocked.destination->partition, before);

  bench.metadata = cluster_of({before == 0 ? std::vector{-1, 0} : std::vector{0, -1}});
  EXPECT_EQ(bench.append(std::nullopt).partition.partition, after);
  bench.complete(bench.drain_one());
  const auto appended = std::get<RecordAccumulator::Appended>(bench.run(blocked, 900));

  EXPECT_EQ(appended.partition.partition, after);
  EXPECT_TRUE(appended.new_batch) << "with the buffer that was obtained for the first choice";
  EXPECT_EQ(bench.accumulator.pool().available(), Bytes{0});
}

// No batch is cut off half full because the partitioner moved on.
TEST(RecordAccumulator, SwitchingLeavesNoFractionalBatches) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}, .batch_size = Bytes{512}, .linger = 10ms}};
  bench.keyed = false;
  for (int round = 0; round < 10; ++round) {
    for (int sent = 0; sent < 512 * 2 / 3; sent += 57) bench.append(std::nullopt, 50);
    bench.now += 10ms;
    if (!bench.is_ready()) continue;
    for (const BatchId id : bench.drain()) {
      EXPECT_GE(bench.batch(id).builder.size(), Bytes{256});
      EXPECT_LE(bench.batch(id).builder.size(), Bytes{512});
    }
  }
}

// --- Expiry ---

TEST(RecordAccumulator, ABatchExpiresExactlyAtItsDeliveryTimeout) {
  AccumulatorBench bench{{.delivery_timeout = 1'500ms}};
  bench.append(0);
  const Millis created = bench.now;

  bench.now = created + 1'499ms;
  EXPECT_TRUE(bench.accumulator.take_expired(bench.now).empty());
  EXPECT_EQ(bench.accumulator.next_expiry(), created + 1'500ms);

  bench.now = created + 1'500ms;
  const auto expired = bench.accumulator.take_expired(bench.now);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_TRUE(bench.deque(0).empty());
  EXPECT_TRUE(bench.batch(expired[0].batch).builder.is_closed_for_appends());
}

TEST(RecordAccumulator, MutedAndRetriedBatchesExpireLikeOthers) {
  AccumulatorBench bench{{.delivery_timeout = 3'200ms}};
  bench.append(0);
  bench.reenqueue(bench.drain_one());
  bench.append(1);
  bench.accumulator.mute(bench.tp(1), bench.journal);

  bench.now += 3'200ms;

  EXPECT_EQ(bench.accumulator.take_expired(bench.now).size(), 2u);
}

TEST(RecordAccumulator, TheNextExpiryIsThatOfTheOldestLiveBatch) {
  AccumulatorBench bench{{.delivery_timeout = 1s}};
  EXPECT_EQ(bench.accumulator.next_expiry(), kNever);
  const Millis start = bench.now;
  bench.append(1);
  bench.now += 100ms;
  bench.append(0);

  bench.accumulator.take_expired(bench.now);

  EXPECT_EQ(bench.accumulator.next_expiry(), start + 1s);
  bench.accumulator.forget_next_expiry();
  EXPECT_EQ(bench.accumulator.next_expiry(), kNever);
}

TEST(RecordAccumulator, AnEndlessDeliveryTimeoutHasNoExpiry) {
  AccumulatorBench bench{{.delivery_timeout = kForever}};
  bench.append(0);
  bench.now += std::chrono::hours{100'000};
  EXPECT_TRUE(bench.accumulator.take_expired(bench.now).empty());
  EXPECT_EQ(bench.accumulator.next_expiry(), kNever);
}

TEST(RecordAccumulator, ABatchReenqueuedBeforeItsCreationTimeDoesNotExpire) {
  AccumulatorBench bench{{.delivery_timeout = 10'240ms}};
  bench.append(0);
  const Millis created = bench.now;
  const BatchId batch = bench.drain_one();
  bench.now = created - 2ms;  // a clock read earlier in the pass
  bench.reenqueue(batch);

  EXPECT_FALSE(bench.batch(batch).has_reached_delivery_timeout(10'240ms, bench.now));
  EXPECT_EQ(bench.batch(batch).last_attempt, created);
  EXPECT_EQ(bench.batch(batch).waited(bench.now), 0ms);
}

// --- Retries ---

TEST(RecordAccumulator, WithoutIdempotenceTwoRetriedBatchesComeBackReversed) {
  AccumulatorBench bench{{}};
  bench.append_until_refused(0);
  const BatchId first = bench.drain_one();
  const BatchId second = bench.drain_one();

  bench.reenqueue(first);
  bench.reenqueue(second);

  EXPECT_EQ(bench.deque(0), (Batches{second, first}));
}

TEST(RecordAccumulator, ARetriedBatchCountsItsAttemptAndKeepsItsCreationTime) {
  AccumulatorBench bench{{}};
  bench.append(0);
  const Millis created = bench.now;
  const BatchId batch = bench.drain_one();
  bench.now += 20ms;
  bench.reenqueue(batch);

  EXPECT_EQ(bench.batch(batch).attempts, 1);
  EXPECT_TRUE(bench.batch(batch).is_retried);
  EXPECT_EQ(bench.batch(batch).created, created);
  EXPECT_EQ(bench.batch(batch).last_attempt, bench.now);
  EXPECT_EQ(bench.batch(batch).last_append, bench.now);
}

class SequenceOrder : public ::testing::Test {
 protected:
  SequenceOrder() {
    for (int i = 0; i < 4; ++i) bench_.append(0, 900);
    for (BatchId& id : drained_) id = bench_.drain_one();
  }
  AccumulatorBench bench_{{.idempotent = true}};
  BatchId drained_[3];  // with sequences 0, 1, 2; a fourth waits and has none
};

TEST_F(SequenceOrder, RetriedBatchesAreQueuedBySequenceWhateverTheirOrderOfReturn) {
  for (const int index : {1, 2, 0}) bench_.reenqueue(drained_[index]);

  const Batches expected{drained_[0], drained_[1], drained_[2], bench_.deque(0).back()};
  EXPECT_EQ(bench_.deque(0), expected);
}

TEST_F(SequenceOrder, BatchesWithoutASequenceStayBehind) {
  const BatchId fresh = bench_.deque(0).at(0);
  bench_.reenqueue(drained_[2]);
  EXPECT_EQ(bench_.deque(0), (Batches{drained_[2], fresh}));
}

TEST_F(SequenceOrder, ARetriedBatchMustBeTrackedAsInFlight) {
  for (const BatchId id : drained_)
    bench_.transactions->remove_in_flight(bench_.batch(id), bench_.accumulator.batches);
  EXPECT_THROW(bench_.reenqueue(drained_[0]), CheckFailure);
}

// --- Deallocate, abort, close ---

TEST(RecordAccumulator, MemoryGoesBackOnceAndOnlyOnce) {
  AccumulatorBench bench{{}};
  bench.append(0);
  const BatchId batch = bench.drain_one();
  EXPECT_TRUE(bench.accumulator.has_incomplete());

  bench.accumulator.deallocate(batch, bench.journal);
  EXPECT_FALSE(bench.accumulator.has_incomplete());
  EXPECT_EQ(bench.accumulator.pool().available(), Bytes{1'048'576});
  EXPECT_THROW(bench.accumulator.deallocate(batch, bench.journal), CheckFailure);
}

TEST(RecordAccumulator, AnAbortTakesABatchOutOfItsDeque) {
  AccumulatorBench bench{{}};
  bench.append_until_refused(0);
  const Batches before = bench.deque(0);

  bench.accumulator.remove_for_abort(before[0]);

  EXPECT_EQ(bench.deque(0), Batches{before[1]});
  EXPECT_TRUE(bench.batch(before[0]).builder.is_closed_for_appends());
}

TEST(RecordAccumulator, UndrainedAreThoseThatNeverLeft) {
  AccumulatorBench bench{{}};
  bench.append(0);
  bench.append(1);
  const BatchId retried = bench.drain_one();
  bench.reenqueue(retried);

  const Batches undrained = bench.accumulator.undrained(nullptr);
  EXPECT_EQ(undrained.size(), 1u);
  EXPECT_NE(undrained.at(0), retried);
}

TEST(RecordAccumulator, AClosedAccumulatorRefusesAppendsAndSendsTheRest) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append(0);
  EXPECT_FALSE(bench.is_ready());

  bench.accumulator.close();

  AppendCall refused = bench.call(0);
  const ClientError error = std::get<ClientError>(bench.run(refused));
  EXPECT_EQ(error.exception, Exception::KafkaException);
  EXPECT_EQ(error.message, "Producer closed while send in progress");
  EXPECT_EQ(bench.accumulator.appends_in_progress(), 0);
  EXPECT_TRUE(bench.is_ready());
}

TEST(RecordAccumulator, CloseFailsAnAppendThatWaitsForMemory) {
  AccumulatorBench bench{one_batch()};
  bench.append(0);
  AppendCall blocked = bench.call(1, 1min);
  bench.run(blocked);

  bench.accumulator.close();

  ASSERT_TRUE(bench.accumulator.may_advance(blocked, bench.now));
  EXPECT_EQ(std::get<ClientError>(bench.run(blocked)).message,
            "Producer closed while allocating memory");
}

TEST(RecordAccumulator, ABatchIsForgottenWhenNoBookNamesItAnyMore) {
  AccumulatorBench bench{{}};
  bench.append(0);
  const BatchId id = bench.drain_one();
  bench.accumulator.batches.write(id).requests_out = 1;
  bench.complete(id);
  EXPECT_TRUE(bench.accumulator.batches.contains(id)) << "a request carries it";

  bench.accumulator.batches.write(id).requests_out = 0;
  bench.accumulator.forget_if_unused(id);
  EXPECT_FALSE(bench.accumulator.batches.contains(id));
}

}  // namespace
}  // namespace linger::core::record_accumulator_test
