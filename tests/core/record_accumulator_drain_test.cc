// The sender's half of the accumulator: ready and drain.
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "core/record_accumulator.h"
#include "core/record_batch.h"
#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_drain_test {
namespace {

using Batches = std::vector<BatchId>;
using Partitions = std::vector<std::int32_t>;

// --- Ready: linger, and what overrides it ---

TEST(RecordAccumulatorReady, ABatchBecomesReadyOnceLingerHasPassedSinceItsCreation) {
  AccumulatorBench bench{{.linger = 5ms}};
  bench.append(0);
  EXPECT_EQ(bench.ready().next_check, 5ms);

  bench.now += 4ms;
  EXPECT_FALSE(bench.is_ready());
  EXPECT_EQ(bench.ready().next_check, 1ms);

  bench.append(0);  // a later record does not prolong it
  bench.now += 1ms;
  EXPECT_TRUE(bench.is_ready());
}

TEST(RecordAccumulatorReady, ARetriedBatchWaitsForItsBackoffAndNotForLinger) {
  AccumulatorBench bench{{.linger = 500ms}};
  bench.append(0);
  bench.now += 500ms;
  const BatchId batch = bench.drain_one();
  bench.now += 15ms;
  bench.reenqueue(batch);
  EXPECT_EQ(bench.ready().next_check, 100ms);

  bench.now += 99ms;
  EXPECT_FALSE(bench.is_ready());
  EXPECT_EQ(bench.ready().next_check, 1ms);
  EXPECT_TRUE(bench.drain().empty());

  bench.now += 1ms;
  EXPECT_TRUE(bench.is_ready());
  EXPECT_EQ(bench.drain().size(), 1u);
}

TEST(RecordAccumulatorReady, TheNextCheckIsWhenTheFirstPartitionCanBecomeReady) {
  AccumulatorBench bench{{.linger = 10ms}};
  bench.append(0);
  EXPECT_EQ(bench.ready().next_check, 10ms);
  bench.now += 5ms;
  bench.append(2);
  EXPECT_EQ(bench.ready().next_check, 5ms);

  bench.append_until_refused(1);
  EXPECT_TRUE(bench.is_ready(NodeId{0}));
  EXPECT_LE(bench.ready().next_check, 10ms);
}

TEST(RecordAccumulatorReady, WithNothingQueuedThereIsNothingToCheck) {
  AccumulatorBench bench{{.linger = 10ms}};
  EXPECT_EQ(bench.ready().next_check, kForever);
  bench.append(0);
  bench.now += 10ms;
  bench.drain();
  EXPECT_EQ(bench.ready().next_check, kForever);
}

TEST(RecordAccumulatorReady, AThreadThatWaitsForMemoryMakesEverythingSendable) {
  AccumulatorBench bench{{.buffer_memory = Bytes{2'048}, .linger = 1min}};
  bench.append(0);
  bench.append(2);
  EXPECT_TRUE(bench.ready().ready_nodes.empty());

  AppendCall blocked = bench.call(1, 1s);
  bench.run(blocked);

  EXPECT_EQ(bench.ready().ready_nodes, (std::vector{NodeId{0}, NodeId{1}}));
  EXPECT_TRUE(bench.decision(0).exhausted);
}

TEST(RecordAccumulatorReady, AFlushMakesEverythingSendableUntilItEnds) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append(0);
  bench.accumulator.begin_flush();
  EXPECT_TRUE(bench.is_ready());
  bench.append(2);
  EXPECT_TRUE(bench.is_ready(NodeId{1})) << "also what is appended meanwhile";

  bench.accumulator.end_flush();
  EXPECT_FALSE(bench.is_ready());
}

TEST(RecordAccumulatorReady, NothingOverridesTheBackoff) {
  AccumulatorBench bench{{.buffer_memory = Bytes{1'024}}};
  bench.append(0);
  bench.reenqueue(bench.drain_one());
  AppendCall blocked = bench.call(1, 1s);
  bench.run(blocked);
  bench.accumulator.begin_flush();
  bench.accumulator.close();

  const ReadinessDecision decision = bench.decision(0);

  EXPECT_TRUE(decision.full && decision.exhausted && decision.flushing && decision.closed);
  EXPECT_EQ(decision.verdict, ReadinessVerdict::BackingOff);
}

TEST(RecordAccumulatorReady, APartitionWithoutLeaderAsksForMetadataEvenWhenMuted) {
  AccumulatorBench bench{{.leaders = {{0, -1}}}};
  bench.append(1);
  bench.accumulator.mute(bench.tp(1), bench.journal);

  EXPECT_EQ(bench.ready().unknown_leader_topics, std::vector{kBenchTopic});
  EXPECT_TRUE(bench.ready().ready_nodes.empty());
}

TEST(RecordAccumulatorReady, AMutedPartitionIsNeitherReadyNorDrained) {
  AccumulatorBench bench{{}};
  bench.append(0);
  bench.accumulator.mute(bench.tp(0), bench.journal);
  EXPECT_FALSE(bench.is_ready());
  EXPECT_EQ(bench.ready().next_check, kForever);
  EXPECT_TRUE(bench.drain().empty());

  bench.accumulator.unmute(bench.tp(0), bench.journal);
  EXPECT_TRUE(bench.is_ready());
  EXPECT_EQ(bench.drain().size(), 1u);
}

TEST(RecordAccumulatorReady, ANodeThatIsReadyMakesTheOthersOfItsPartitionsNotWorthALook) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append_until_refused(0);
  bench.append(1);
  bench.ready();
  EXPECT_EQ(bench.accumulator.queue(bench.tp(0))->last_decision->verdict, ReadinessVerdict::Ready);
  EXPECT_EQ(bench.accumulator.queue(bench.tp(1))->last_decision->verdict,
            ReadinessVerdict::NodeAlreadyReady);
}

TEST(RecordAccumulatorReady, WhatAReadyNodeTakesNeedNotHaveLingered) {
  AccumulatorBench bench{{.linger = 1min}};
  bench.append_until_refused(0);
  bench.append(1);
  EXPECT_EQ(bench.drain().size(), 2u) << "linger.ms is no lower bound";
}

// --- Backoff ---

TEST(RecordAccumulatorReady, WhileABatchBacksOffTheOthersOfItsNodeLeave) {
  AccumulatorBench bench{{.retry_backoff = ExponentialBackoff::constant(Milliseconds{500})}};
  bench.append(0);
  const BatchId retried = bench.drain_one();
  bench.reenqueue(retried);
  bench.append(1);

  EXPECT_TRUE(bench.is_ready()) << "for the other partition";
  EXPECT_EQ(bench.drained_partitions(Bytes{1'048'576}), Partitions{1});

  bench.now += 500ms;
  EXPECT_TRUE(bench.is_ready());
  EXPECT_EQ(bench.drain(), Batches{retried});
}

AccumulatorSetup with_jitter() {
  return {.retry_backoff = ExponentialBackoff{{.initial = 100ms, .max = 1s}}};
}

TEST(RecordAccumulatorReady, ExponentialBackoffStaysInItsWindows) {
  AccumulatorBench bench{with_jitter()};
  bench.append(0);
  BatchId batch = bench.drain_one();
  for (const std::int64_t nominal : {100, 200, 400, 800, 1'000, 1'000}) {
    bench.reenqueue(batch);
    bench.now += Milliseconds{nominal * 8 / 10 - 1};
    EXPECT_FALSE(bench.is_ready()) << nominal;
    EXPECT_TRUE(bench.drain().empty()) << nominal;

    bench.now += Milliseconds{nominal * 4 / 10 + 1};
    EXPECT_TRUE(bench.is_ready()) << nominal;
    batch = bench.drain_one();
  }
}

// Each look draws anew, so a batch can be ready and then not drained.
TEST(RecordAccumulatorReady, InTheJittersWindowReadyAndDrainMayDisagree) {
  int ready_only = 0;
  int not_yet_with_no_time_left = 0;
  AccumulatorBench bench{with_jitter()};
  bench.append(0);
  BatchId batch = bench.drain_one();
  for (int i = 0; i < 400; ++i) {
    bench.accumulator.batches.write(batch).attempts = 0;
    bench.reenqueue(batch);
    bench.now += 100ms;
    const auto check = bench.ready();
    if (check.ready_nodes.empty() && check.next_check == 0ms) ++not_yet_with_no_time_left;
    const Batches taken = bench.drain();
    if (!check.ready_nodes.empty() && taken.empty()) ++ready_only;
    bench.now += 20ms;
    if (taken.empty()) batch = bench.drain_one();
  }
  EXPECT_NEAR(ready_only, 100, 40) << "about 26 in a hundred";
  EXPECT_NEAR(not_yet_with_no_time_left, 100, 40) << "about 25 in a hundred";
}

class NewLeader : public ::testing::Test {
 protected:
  NewLeader() {
    bench_.append(0);
    bench_.ready();
    batch_ = bench_.drain_one();
    bench_.reenqueue(batch_);
    bench_.now += 1ms;
  }
  void learn(Leaders leaders) { bench_.metadata = cluster_of(leaders); }

  AccumulatorBench bench_{{.leaders = {{0, 0, 1}, 100}}};
  BatchId batch_;
};

TEST_F(NewLeader, WithoutANewEpochTheBackoffHolds) {
  learn({{1, 0, 1}, 100});  // another node, the same epoch
  EXPECT_FALSE(bench_.is_ready(NodeId{1}));
  learn({{1, 0, 1}, std::nullopt});
  EXPECT_FALSE(bench_.is_ready(NodeId{1}));
  learn({{1, 0, 1}, 99});
  EXPECT_FALSE(bench_.is_ready(NodeId{1}));
}

TEST_F(NewLeader, ANewEpochEndsTheBackoffOfThisAttempt) {
  learn({{1, 0, 1}, 101});

  EXPECT_TRUE(bench_.is_ready(NodeId{1}));
  EXPECT_TRUE(bench_.is_ready(NodeId{1})) << "also when asked again";
  EXPECT_EQ(bench_.batch(batch_).attempts_when_leader_changed, 1);
  EXPECT_EQ(bench_.drain_one(NodeId{1}), batch_);
}

TEST_F(NewLeader, TheNextAttemptWaitsAgain) {
  learn({{1, 0, 1}, 101});
  bench_.drain_one(NodeId{1});
  bench_.reenqueue(batch_);

  EXPECT_FALSE(bench_.is_ready(NodeId{1}));
  bench_.now += 100ms;
  EXPECT_TRUE(bench_.is_ready(NodeId{1}));
  EXPECT_EQ(bench_.batch(batch_).attempts_when_leader_changed, 1);
}

// --- Drain: sizes and turns ---

TEST(RecordAccumulatorDrain, OneBatchOfAPartitionAtATime) {
  AccumulatorBench bench{{}};
  for (int i = 0; i < 3; ++i) bench.append(0, 900);
  EXPECT_EQ(bench.drain().size(), 1u);
  EXPECT_EQ(bench.deque(0).size(), 2u);
}

TEST(RecordAccumulatorDrain, TheFirstBatchIsTakenHoweverLargeItIs) {
  AccumulatorBench bench{{}};
  bench.append(0, 900);
  bench.append(1, 900);
  EXPECT_EQ(bench.drain(Bytes{1}).size(), 1u);
}

TEST(RecordAccumulatorDrain, ALargeRecordLeavesAtOnceInABatchOfItsOwn) {
  AccumulatorBench bench{{}};
  bench.append(0, 2'048);
  EXPECT_TRUE(bench.is_ready());

  const ProducerBatch& batch = bench.batch(bench.drain_one());

  const ByteSpan bytes{bench.accumulator.buffers.bytes(batch.builder.buffer())};
  const std::vector<Record> records =
      decode_batch(bytes.first(static_cast<std::size_t>(batch.builder.size().count())))
          .value()
          .records;
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(text_of(*records[0].key), "key");
  EXPECT_EQ(records[0].value, ByteVector(2'048, Byte{'v'}));
}

TEST(RecordAccumulatorDrain, AnExactFitIsTakenOneByteMoreIsNot) {
  AccumulatorBench bench{{}};
  bench.append(0, 900);
  bench.append(1, 900);
  const Bytes size = bench.head(0).builder.size();

  EXPECT_EQ(bench.drain(size + size).size(), 2u);
  bench.append(0, 900);
  bench.append(1, 900);
  EXPECT_EQ(bench.drain(size + size - Bytes{1}).size(), 1u);
}

TEST(RecordAccumulatorDrain, SixtyFourFullBatchesFitIntoMaxRequestSize) {
  AccumulatorBench bench{{.leaders = {std::vector<std::int32_t>(100, 0)},
                          .batch_size = Bytes{16'384},
                          .buffer_memory = Bytes{33'554'432}}};
  bench.keyed = false;
  for (std::int32_t partition = 0; partition < 100; ++partition) bench.append(partition, 16'312);
  ASSERT_EQ(bench.head(0).builder.size(), Bytes{16'384});
  EXPECT_EQ(bench.drain(Bytes{1'048'576}).size(), 64u);
}

// Partitions whose heads have these sizes, in the order of draining.
void load(AccumulatorBench& bench, const std::vector<std::int64_t>& sizes) {
  bench.keyed = false;
  const Partitions order = bench.drain_order();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t around_the_value = sizes[i] < 130 ? 61 + 7 : 61 + 9;
    bench.append(order[i], sizes[i] - around_the_value);
    const ProducerBatch& batch = bench.batch(bench.deque(order[i]).back());
    ASSERT_EQ(batch.builder.size(), Bytes{sizes[i]});
  }
}

TEST(RecordAccumulatorDrain, StopsAtTheFirstThatDoesNotFitAndBeginsThereNextTime) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0, 0}}}};
  load(bench, {400, 500, 300, 98});
  const Partitions order = bench.drain_order();

  EXPECT_EQ(bench.drained_partitions(Bytes{1'000}), (Partitions{order[0], order[1]}))
      << "98 would fit, and is not looked at";
  EXPECT_EQ(bench.drained_partitions(Bytes{1'000}), (Partitions{order[2], order[3]}));
}

TEST(RecordAccumulatorDrain, AFullRoundEndsAtTheLastAndTheNextBeginsWithIt) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}}}};
  const Partitions order = bench.drain_order();
  for (int round = 0; round < 3; ++round) {
    for (std::int32_t partition = 0; partition < 3; ++partition) bench.append(partition, 900);
  }
  const Bytes plenty{1'048'576};
  EXPECT_EQ(bench.drained_partitions(plenty), (Partitions{order[0], order[1], order[2]}));
  EXPECT_EQ(bench.drained_partitions(plenty), (Partitions{order[2], order[0], order[1]}));
  EXPECT_EQ(bench.drained_partitions(plenty), (Partitions{order[1], order[2], order[0]}));
}

TEST(RecordAccumulatorDrain, WithOneBatchInARequestPartitionsTakeTurns) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0, 0}}}};
  const Partitions order = bench.drain_order();
  Partitions served;
  for (int i = 0; i < 8; ++i) {
    for (std::int32_t partition = 0; partition < 4; ++partition) bench.append(partition, 900);
    served.push_back(bench.drained_partitions(Bytes{1}).at(0));
  }
  EXPECT_EQ(served, (Partitions{order[0], order[1], order[2], order[3], order[0], order[1],
                                order[2], order[3]}));
}

class TwoNodes : public ::testing::Test {
 protected:
  explicit TwoNodes(DrainIndex index = DrainIndex::PerNode)
      : bench_{{.leaders = {{0, 0, 1, 1}}, .drain_index = index}},
        first_{bench_.drain_order(NodeId{0})},
        second_{bench_.drain_order(NodeId{1})} {
    for (int i = 0; i < 4; ++i) {
      for (std::int32_t partition = 0; partition < 4; ++partition) bench_.append(partition, 900);
    }
  }
  // One batch from each node.
  Partitions round() {
    Partitions taken = bench_.drained_partitions(Bytes{1}, NodeId{0});
    const Partitions other = bench_.drained_partitions(Bytes{1}, NodeId{1});
    taken.insert(taken.end(), other.begin(), other.end());
    return taken;
  }
  AccumulatorBench bench_;
  Partitions first_;
  Partitions second_;
};

TEST_F(TwoNodes, EachHasItsOwnTurn) {
  EXPECT_EQ(round(), (Partitions{first_[0], second_[0]}));
  EXPECT_EQ(round(), (Partitions{first_[1], second_[1]}));
  EXPECT_EQ(round(), (Partitions{first_[0], second_[0]}));
  bench_.accumulator.mute(bench_.tp(second_[1]), bench_.journal);
  EXPECT_EQ(round(), (Partitions{first_[1], second_[0]}));
}

TEST_F(TwoNodes, ANodeThatLeadsNothingDrainsNothing) {
  EXPECT_TRUE(bench_.drain(Bytes{1}, NodeId{2}).empty());
}

class OneIndexForAll : public TwoNodes {
 protected:
  OneIndexForAll() : TwoNodes{DrainIndex::SharedAtStop} {}
};

TEST_F(OneIndexForAll, ServesTheSameTwoPartitionsForEver) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(round(), (Partitions{first_[0], second_[1]})) << i;
}

class OneIndexPastTheStop : public TwoNodes {
 protected:
  OneIndexPastTheStop() : TwoNodes{DrainIndex::SharedPastStop} {}
};

TEST_F(OneIndexPastTheStop, ServesTwoOthersForEver) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(round(), (Partitions{first_[0], second_[0]})) << i;
}

// Which partitions are served, one in each request, when all four always have a batch.
Partitions served_one_by_one(DrainIndex index) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0, 0}}, .drain_index = index}};
  const Partitions order = bench.drain_order();
  Partitions served;
  for (int i = 0; i < 4; ++i) {
    for (std::int32_t partition = 0; partition < 4; ++partition) bench.append(partition, 900);
    const std::int32_t taken = bench.drained_partitions(Bytes{1}).at(0);
    const auto place = std::find(order.begin(), order.end(), taken) - order.begin();
    served.push_back(static_cast<std::int32_t>(place));
  }
  return served;
}

TEST(RecordAccumulatorDrain, AnIndexThatStepsPastWhatDidNotFitStarvesEverySecondPartition) {
  EXPECT_EQ(served_one_by_one(DrainIndex::SharedAtStop), (Partitions{0, 1, 2, 3}));
  EXPECT_EQ(served_one_by_one(DrainIndex::SharedPastStop), (Partitions{0, 2, 0, 2}));
  EXPECT_EQ(served_one_by_one(DrainIndex::PerNode), (Partitions{0, 1, 2, 3}));
}

TEST(RecordAccumulatorDrain, BeforeKafka1445OnlyPartitionsThatAreReadyThemselvesAreDrained) {
  for (const bool whole_nodes : {true, false}) {
    AccumulatorBench bench{
        {.leaders = {{0, 0}}, .linger = 10ms, .drains_whole_nodes = whole_nodes}};
    bench.append(0);
    bench.now += 10ms;
    bench.append(1);  // its linger has just begun
    bench.ready();
    EXPECT_EQ(bench.drain().size(), whole_nodes ? 2u : 1u);
  }
}

}  // namespace
}  // namespace linger::core::record_accumulator_drain_test
