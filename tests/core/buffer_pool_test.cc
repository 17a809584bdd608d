#include "core/buffer_pool.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/pool_bench.h"

namespace linger::core::buffer_pool_test {
namespace {

BufferPool::Settings pool_of(std::int64_t total, std::int64_t poolable) {
  return {.total = Bytes{total}, .poolable = Bytes{poolable}};
}

// --- Memory that is there ---

TEST(BufferPool, ABufferOfBatchSizeGoesToTheFreeListAndIsHandedOutAgain) {
  PoolBench bench{pool_of(65'536, 1'024)};

  const BufferId first = bench.take(1'024);
  EXPECT_EQ(bench.available(), 64'512);
  EXPECT_EQ(bench.idle_buffers(), 0u);

  bench.give_back(first, 1'024);
  EXPECT_EQ(bench.available(), 65'536);
  EXPECT_EQ(bench.non_pooled(), 64'512);
  EXPECT_EQ(bench.idle_buffers(), 1u);

  EXPECT_EQ(bench.take(1'024), first);
  EXPECT_EQ(bench.non_pooled(), 64'512);
}

TEST(BufferPool, ABufferOfAnotherSizeNeverEntersTheFreeList) {
  PoolBench bench{pool_of(65'536, 1'024)};

  const BufferId large = bench.take(2'048);
  EXPECT_EQ(bench.available(), 63'488);

  bench.give_back(large, 2'048);
  EXPECT_EQ(bench.available(), 65'536);
  EXPECT_EQ(bench.idle_buffers(), 0u);
}

TEST(BufferPool, TheBufferThatWasIdleLongestIsHandedOutFirst) {
  PoolBench bench{pool_of(30, 10)};
  const std::vector<BufferId> out = bench.take(3, 10);
  bench.give_back(out[1], 10);
  bench.give_back(out[0], 10);

  EXPECT_EQ(bench.take(10), out[1]);
  EXPECT_EQ(bench.take(10), out[0]);
}

TEST(BufferPool, ALargeAllocationBreaksUpTheNewestIdleBuffers) {
  PoolBench bench{pool_of(30, 10)};
  const std::vector<BufferId> out = bench.take(3, 10);
  for (const BufferId buffer : out) bench.give_back(buffer, 10);

  bench.take(15);

  EXPECT_EQ(bench.idle_buffers(), 1u);
  EXPECT_EQ(bench.non_pooled(), 5);
  EXPECT_EQ(bench.take(10), out[0]);
}

TEST(BufferPool, TheWholePoolCanBeAllocatedButNotAByteMore) {
  PoolBench bench{pool_of(1'024, 512)};

  const ClientError refused = bench.refusal(1'025);
  EXPECT_EQ(refused.exception, Exception::IllegalArgumentException);
  EXPECT_EQ(refused.message,
            "Attempt to allocate 1025 bytes, but there is a hard limit of 1024 on memory "
            "allocations.");

  bench.take(1'024);
  EXPECT_EQ(bench.available(), 0);
}

TEST(BufferPool, CountsMoreMemoryThanThirtyTwoBitsHold) {
  PoolBench bench{pool_of(20'000'000'000, 2'000'000'000)};
  const std::vector<BufferId> out = bench.take(2, 2'000'000'000);
  EXPECT_EQ(bench.available(), 16'000'000'000);

  bench.give_back(out[0], 2'000'000'000);
  EXPECT_EQ(bench.available(), 18'000'000'000);
  bench.give_back(out[1], 2'000'000'000);
  EXPECT_EQ(bench.available(), 20'000'000'000);
  EXPECT_EQ(bench.idle_buffers(), 2u);
}

// --- Memory that must be waited for ---

TEST(BufferPool, AThreadThatFindsTooLittleWaitsUntilMemoryIsGivenBack) {
  PoolBench bench{pool_of(5'120, 1'024)};
  const BufferId out = bench.take(1'024);

  const WaiterId waiter = bench.wait_for(5'120);
  EXPECT_TRUE(bench.is_waiting(waiter));
  EXPECT_EQ(bench.available(), 4'096) << "nothing is taken before somebody gives memory back";

  bench.give_back(out, 1'024);
  EXPECT_TRUE(bench.was_served(waiter));
  EXPECT_EQ(bench.available(), 0);
}

TEST(BufferPool, WithoutTimeToWaitTheAllocationFailsAtOnce) {
  PoolBench bench{pool_of(2, 1)};
  bench.take(1);

  EXPECT_EQ(bench.refusal(2, 0ms).exception, Exception::BufferExhaustedException);
  EXPECT_EQ(bench.pool().waiter_count(), 0);
  EXPECT_EQ(bench.available(), 1);
}

TEST(BufferPool, ExhaustionTellsTheFiguresOfThePool) {
  PoolBench bench{pool_of(2, 1)};
  bench.take(1);
  const WaiterId waiter = bench.wait_for(2, 10ms);

  bench.pass(9ms);
  EXPECT_TRUE(bench.is_waiting(waiter));
  bench.pass(1ms);

  EXPECT_EQ(bench.error(waiter).exception, Exception::BufferExhaustedException);
  EXPECT_EQ(bench.error(waiter).message,
            "Failed to allocate 2 bytes within the configured max blocking time 10 ms. Total "
            "memory: 2 bytes. Available memory: 1 bytes. Poolable size: 1 bytes");
  EXPECT_EQ(bench.pool().waiter_count(), 0);
}

TEST(BufferPool, MemoryGivenBackMeanwhileDoesNotProlongTheWait) {
  PoolBench bench{pool_of(10, 1)};
  const std::vector<BufferId> out = bench.take(10, 1);
  const WaiterId waiter = bench.wait_for(10, 2'000ms);

  bench.pass(1'000ms);
  bench.give_back(out[0], 1);
  bench.pass(999ms);
  bench.give_back(out[1], 1);
  EXPECT_EQ(bench.gathered(waiter), 2);
  bench.pass(1ms);

  EXPECT_EQ(bench.error(waiter).exception, Exception::BufferExhaustedException);
  EXPECT_EQ(bench.available(), 2);
}

TEST(BufferPool, AWaiterForOneWholeBufferTakesItAsItIs) {
  PoolBench bench{pool_of(10, 10)};
  const BufferId out = bench.take(10);
  const WaiterId waiter = bench.wait_for(10);

  bench.give_back(out, 10);

  EXPECT_EQ(bench.served(waiter).buffer, out);
  EXPECT_EQ(bench.served(waiter).source, MemorySource::FreeList);
}

// --- Fairness ---

TEST(BufferPool, WaitersAreServedInTheirOrderAndKeepWhatTheyGather) {
  PoolBench bench{pool_of(100, 10)};
  const std::vector<BufferId> out = bench.take(10, 10);
  const WaiterId first = bench.wait_for(35);
  const WaiterId second = bench.wait_for(10);

  for (int i = 0; i < 3; ++i) {
    bench.give_back(out[static_cast<std::size_t>(i)], 10);
    EXPECT_EQ(bench.gathered(first), 10 * (i + 1));
    EXPECT_EQ(bench.gathered(second), 0) << "the second is not looked at";
    EXPECT_EQ(bench.available(), 0);
  }
}

TEST(BufferPool, WhatTheHeadLeavesGoesToTheNextInLine) {
  PoolBench bench{pool_of(100, 10)};
  const std::vector<BufferId> out = bench.take(10, 10);
  const WaiterId first = bench.wait_for(35);
  const WaiterId second = bench.wait_for(10);
  for (std::size_t i = 0; i < 3; ++i) bench.give_back(out[i], 10);

  bench.give_back(out[3], 10);  // 5 of it complete the first, 5 are left
  EXPECT_TRUE(bench.was_served(first));
  EXPECT_EQ(bench.gathered(second), 5);
  EXPECT_EQ(bench.non_pooled(), 0);

  bench.give_back(out[4], 10);  // it holds 5 already, and so cannot take the buffer whole
  EXPECT_TRUE(bench.was_served(second));
  EXPECT_EQ(bench.served(second).source, MemorySource::NonPooled);
  EXPECT_EQ(bench.non_pooled(), 5);
  EXPECT_EQ(bench.idle_buffers(), 0u);

  bench.give_back(out[5], 10);
  EXPECT_EQ(bench.non_pooled(), 5);
  EXPECT_EQ(bench.idle_buffers(), 1u);
  EXPECT_EQ(bench.available(), 15);
}

TEST(BufferPool, AWaiterThatTimesOutGivesBackWhatItGathered) {
  PoolBench bench{pool_of(100, 10)};
  const std::vector<BufferId> out = bench.take(10, 10);
  const WaiterId waiter = bench.wait_for(35, 300ms);
  bench.give_back(out[0], 10);
  EXPECT_EQ(bench.gathered(waiter), 10);

  bench.pass(300ms);
  EXPECT_FALSE(bench.was_served(waiter));
  EXPECT_EQ(bench.non_pooled(), 10);

  for (std::size_t i = 1; i < 10; ++i) bench.give_back(out[i], 10);
  EXPECT_EQ(bench.available(), 100);
  EXPECT_EQ(bench.idle_buffers(), 9u) << "the buffer it broke up stays broken";
}

TEST(BufferPool, BeforeKafka4840WhatATimedOutWaiterGatheredWasLost) {
  PoolBench bench{{.total = Bytes{100}, .poolable = Bytes{10}, .returns_gathered_memory = false}};
  const std::vector<BufferId> out = bench.take(10, 10);
  bench.wait_for(35, 300ms);
  bench.give_back(out[0], 10);

  bench.pass(300ms);
  for (std::size_t i = 1; i < 10; ++i) bench.give_back(out[i], 10);

  EXPECT_EQ(bench.available(), 90);
  EXPECT_EQ(bench.pool().lost(), Bytes{10});
}

TEST(BufferPool, ANewcomerPassesAWaiterWhoNeedsMore) {
  PoolBench bench{pool_of(100, 10)};
  bench.take(6, 10);
  const WaiterId waiter = bench.wait_for(50);

  bench.take(30);

  EXPECT_TRUE(bench.is_waiting(waiter));
  EXPECT_EQ(bench.gathered(waiter), 10) << "the newcomer's leaving tells the waiter of the rest";
  EXPECT_EQ(bench.available(), 0);
}

TEST(BufferPool, WhenTheHeadTimesOutTheNextIsServedAtThatInstant) {
  PoolBench bench{pool_of(100, 10)};
  const std::vector<BufferId> out = bench.take(10, 10);
  const WaiterId first = bench.wait_for(100, 50ms);
  const WaiterId second = bench.wait_for(10, 500ms);
  bench.give_back(out[0], 10);

  bench.pass(50ms);

  EXPECT_EQ(bench.error(first).exception, Exception::BufferExhaustedException);
  EXPECT_TRUE(bench.was_served(second));
}

TEST(BufferPool, BeforeKafka4840TheNextInLineWasNotToldOfATimeout) {
  PoolBench bench{{.total = Bytes{100}, .poolable = Bytes{10}, .returns_gathered_memory = false}};
  const std::vector<BufferId> out = bench.take(10, 10);
  bench.wait_for(100, 50ms);
  const WaiterId second = bench.wait_for(10, 500ms);
  bench.give_back(out[0], 10);

  bench.pass(50ms);
  EXPECT_TRUE(bench.is_waiting(second));

  bench.give_back(out[1], 10);
  EXPECT_TRUE(bench.was_served(second));
}

TEST(BufferPool, ASecondSignalBeforeTheThreadRunsIsAbsorbed) {
  BufferPool pool{pool_of(20, 10)};
  BufferStore store;
  Journal journal;
  const Millis now{};
  const auto take = [&](std::int64_t size, Milliseconds max_block) {
    return pool.allocate(Bytes{size}, now, max_block, store, journal);
  };
  const BufferId one = std::get<BufferPool::Allocated>(take(10, 0ms)).buffer;
  const BufferId two = std::get<BufferPool::Allocated>(take(10, 0ms)).buffer;
  const WaiterId waiter = std::get<BufferPool::MustWait>(take(20, 1s)).waiter;

  pool.deallocate(one, Bytes{10}, store, journal);
  pool.deallocate(two, Bytes{10}, store, journal);

  const auto served = pool.advance(waiter, now, store, journal);
  EXPECT_TRUE(std::holds_alternative<BufferPool::Allocated>(served));
  EXPECT_EQ(pool.available(), Bytes{0});
}

TEST(BufferPool, ANewcomerAtTheInstantOfASignalMayTakeTheMemoryFirst) {
  BufferPool pool{pool_of(10, 10)};
  BufferStore store;
  Journal journal;
  const Millis now{};
  const auto out =
      std::get<BufferPool::Allocated>(pool.allocate(Bytes{10}, now, 0ms, store, journal));
  const auto waits =
      std::get<BufferPool::MustWait>(pool.allocate(Bytes{10}, now, 1s, store, journal));
  pool.deallocate(out.buffer, Bytes{10}, store, journal);

  const auto newcomer = pool.allocate(Bytes{10}, now, 0ms, store, journal);
  EXPECT_TRUE(std::holds_alternative<BufferPool::Allocated>(newcomer));

  const auto again = pool.advance(waits.waiter, now, store, journal);
  EXPECT_TRUE(std::holds_alternative<BufferPool::MustWait>(again)) << "it waits on";
}

// --- Close ---

TEST(BufferPool, AClosedPoolRefusesAndStillTakesBack) {
  PoolBench bench{pool_of(2, 1)};
  const BufferId out = bench.take(1);
  bench.close();

  const ClientError refused = bench.refusal(1);
  EXPECT_EQ(refused.exception, Exception::KafkaException);
  EXPECT_EQ(refused.message, "Producer closed while allocating memory");

  bench.give_back(out, 1);
  EXPECT_EQ(bench.available(), 2);
}

TEST(BufferPool, CloseFailsAllWhoWaitAndReturnsWhatTheyGathered) {
  PoolBench bench{pool_of(2, 1)};
  const std::vector<BufferId> out = bench.take(2, 1);
  const WaiterId first = bench.wait_for(2);
  const WaiterId second = bench.wait_for(2);
  bench.give_back(out[0], 1);
  EXPECT_EQ(bench.gathered(first), 1);

  bench.close();

  EXPECT_EQ(bench.error(first).message, "Producer closed while allocating memory");
  EXPECT_EQ(bench.error(second).message, "Producer closed while allocating memory");
  EXPECT_EQ(bench.pool().waiter_count(), 0);
  EXPECT_EQ(bench.available(), 1);
}

// --- Rules ---

TEST(BufferPool, BeforeKafka4840ANewcomerThatPassesTellsNobodyOfWhatItLeaves) {
  for (const bool tells : {true, false}) {
    PoolBench bench{{.total = Bytes{100}, .poolable = Bytes{10}, .returns_gathered_memory = tells}};
    bench.take(6, 10);
    const WaiterId waiter = bench.wait_for(50);
    bench.take(30);
    EXPECT_EQ(bench.gathered(waiter), tells ? 10 : 0);
  }
}

TEST(BufferPool, BeforeKafka3651AWaiterThatGaveUpBlocksTheLine) {
  for (const bool leaves : {true, false}) {
    PoolBench bench{{.total = Bytes{20},
                     .poolable = Bytes{10},
                     .returns_gathered_memory = false,
                     .leaves_line_when_late = leaves}};
    const auto taken = bench.take(2, 10);
    const WaiterId first = bench.wait_for(20, 100ms);
    const WaiterId second = bench.wait_for(10, 1s);
    bench.pass(100ms);
    EXPECT_FALSE(bench.is_waiting(first));
    bench.give_back(taken[0], 10);
    EXPECT_EQ(bench.was_served(second), leaves);
    EXPECT_EQ(bench.pool().waiter_count(), leaves ? 0 : 2);
  }
}

TEST(BufferPool, WhoeverIsPutFirstIsServedBeforeThoseWhoCameEarlier) {
  PoolBench bench{pool_of(20, 10)};
  const auto taken = bench.take(2, 10);
  const WaiterId first = bench.wait_for(10);
  const WaiterId second = bench.wait_for(10);
  bench.put_first(second);
  bench.give_back(taken[0], 10);
  EXPECT_TRUE(bench.was_served(second));
  EXPECT_TRUE(bench.is_waiting(first));
  bench.give_back(taken[1], 10);
  EXPECT_TRUE(bench.was_served(first));
}

TEST(BufferPool, WhoeverIsPutFirstInAPoisonedLineTakesWhatThereIs) {
  PoolBench bench{{.total = Bytes{20}, .poolable = Bytes{10}, .leaves_line_when_late = false}};
  const auto taken = bench.take(2, 10);
  bench.wait_for(20, 100ms);
  const WaiterId second = bench.wait_for(10);
  bench.pass(100ms);
  bench.give_back(taken[0], 10);
  ASSERT_TRUE(bench.is_waiting(second));
  bench.put_first(second);
  EXPECT_TRUE(bench.was_served(second));
}

}  // namespace
}  // namespace linger::core::buffer_pool_test
