// Each law holds in ordinary worlds, and finds the witness in one that somebody's hand has spoilt.
#include "sim/laws.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/small_world.h"

namespace linger::sim {
namespace {

// The parts of a world that nobody but the producer itself may change.
core::RecordAccumulator& accumulator_of(World& world) {
  return const_cast<core::RecordAccumulator&>(world.processes.at(0).producer.accumulator());
}

Broken breach_of(std::string_view name, const World& world) {
  for (const auto laws : {laws_of_a_step(), laws_of_a_run()}) {
    for (const Law& law : laws) {
      if (law.name == name) return law.broken(world);
    }
  }
  throw std::invalid_argument{std::string{name}};
}

SmallScenario ordinary() {
  return {.settings = {{"linger.ms", "50"}, {"batch.size", "250"}},
          .leaders = {0, 0},
          .link = link({.latency = 5ms}),
          .programs = {{send({.count = 6}), send({.partition = 1})}}};
}

class Laws : public ::testing::Test {
 protected:
  std::optional<std::string> broken_now() { return broken_law(run_.world(), laws_of_a_step()); }
  std::optional<std::string> broken_at_the_end() {
    return broken_law(run_.world(), laws_of_a_run());
  }
  // The law's name, of the message.
  static std::string name(const std::optional<std::string>& broken) {
    return broken ? broken->substr(0, broken->find(": ")) : "";
  }

  SmallRun run_{ordinary()};
};

TEST_F(Laws, HoldAtEachStepAndAtTheEnd) {
  while (run_.step()) ASSERT_EQ(broken_now(), std::nullopt) << run_.now().count();
  EXPECT_EQ(broken_at_the_end(), std::nullopt);
}

TEST_F(Laws, HoldWhereARunIsCutInTheMiddle) {
  run_.run_until(3ms);
  EXPECT_EQ(broken_at_the_end(), std::nullopt) << "what is held has no fate yet";
}

TEST_F(Laws, HoldWhileSplitBatchesAreOnTheirWay) {
  SmallScenario split = ordinary();
  split.settings["batch.size"] = "16384";
  split.faults = {{0ms, FailProduce{named(0), core::ErrorCode::MessageTooLarge, 3}}};
  SmallRun run{split};
  while (run.step()) {
    ASSERT_EQ(broken_law(run.world(), laws_of_a_step()), std::nullopt);
    ASSERT_EQ(broken_law(run.world(), laws_of_a_run()), std::nullopt) << run.now().count();
  }
  EXPECT_EQ(run.world().counts.acknowledged, 7);
}

TEST_F(Laws, NoticeMemoryFromNowhere) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  core::Journal journal;
  const core::BufferId nobodys = accumulator.buffers.create();
  const_cast<core::BufferPool&>(accumulator.pool())
      .deallocate(nobodys, Bytes{100}, accumulator.buffers, journal);
  EXPECT_EQ(name(broken_now()), "the pool's books balance");
}

TEST_F(Laws, NoticeMemoryThatIsGoneWhenNothingIsLeft) {
  run_.run();
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  core::Journal journal;
  const_cast<core::BufferPool&>(accumulator.pool())
      .allocate(Bytes{100}, {}, core::Milliseconds{0}, accumulator.buffers, journal);
  EXPECT_EQ(name(broken_at_the_end()), "all memory is free when nothing is left");
}

TEST_F(Laws, NoticeMemoryThatIsLost) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  const_cast<core::BufferPool&>(accumulator.pool())
      .lose(accumulator.buffers.create(), Bytes{100}, accumulator.buffers);
  EXPECT_NE(broken_now(), std::nullopt);
  const Broken lost = breach_of("no memory is lost", run_.world());
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->spared_by, "") << "3.9 loses none";
}

// A sender that sleeps for long, and somebody who could go on.
class Forgotten : public ::testing::Test {
 protected:
  static constexpr std::string_view kLaw = "nobody who could go on is forgotten";

  static SmallScenario lingers() {
    return {.settings = {{"linger.ms", "50"}, {"batch.size", "250"}, {"buffer.memory", "1000"}},
            .link = link({.latency = 5ms}),
            .programs = {{send()}}};
  }
  Broken breach() { return breach_of(kLaw, run_.world()); }

  SmallRun run_{lingers()};
};

TEST_F(Forgotten, NobodyIsWhileABatchLingers) {
  while (run_.step()) ASSERT_FALSE(breach()) << breach()->what << run_.now().count();
}

TEST_F(Forgotten, ABatchIsThatIsReadyBeforeTheSenderWakes) {
  run_.run_until(3ms);
  std::optional<Instant>& due = run_.world().processes[0].sender.due;
  ASSERT_EQ(due, Instant{50ms});
  due = Instant{50'999us};
  EXPECT_FALSE(breach()) << "the millisecond is not over";
  for (const auto late : {std::optional{Instant{51ms}}, std::optional<Instant>{}}) {
    due = late;
    ASSERT_TRUE(breach());
    EXPECT_EQ(breach()->what, "batch 0 is ready before the sender wakes");
    EXPECT_EQ(breach()->spared_by, "");
  }
}

TEST_F(Forgotten, ABatchIsThatIsNotTheOnlyOneWithoutAWakeup) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  auto& queue = const_cast<core::RecordAccumulator::PartitionQueue&>(*accumulator.queue(tp(0)));
  queue.batches.push_back(queue.batches.front());
  ASSERT_TRUE(breach());
  EXPECT_EQ(breach()->spared_by, "");
}

TEST_F(Forgotten, ABatchIsThatExpires) {
  SmallScenario scenario = lingers();
  scenario.settings = {{"request.timeout.ms", "200"}, {"delivery.timeout.ms", "250"}};
  scenario.settings["linger.ms"] = "50";
  scenario.faults = {{0ms, FallSilent{NodeId{0}, 1s}}};
  SmallRun run{scenario};
  run.run_until(100ms);
  ASSERT_FALSE(breach_of(kLaw, run.world()));
  run.world().processes[0].sender.due = Instant{251ms};
  ASSERT_TRUE(breach_of(kLaw, run.world()));
  EXPECT_EQ(breach_of(kLaw, run.world())->what,
            "batch 0 expires in flight before the sender wakes");
  EXPECT_EQ(breach_of(kLaw, run.world())->spared_by, "");
}

TEST_F(Forgotten, AThreadIsThatWaitsBesideEnoughMemory) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  auto& pool = const_cast<core::BufferPool&>(accumulator.pool());
  core::Journal journal;
  const auto whole = pool.allocate(pool.available(), {}, 1s, accumulator.buffers, journal);
  pool.allocate(Bytes{100}, {}, 1s, accumulator.buffers, journal);
  ASSERT_EQ(pool.waiter_count(), 1);
  ASSERT_TRUE(breach());
  EXPECT_EQ(breach()->spared_by, "who begins to wait for memory wakes nobody");
  const auto& allocated = std::get<core::BufferPool::Allocated>(whole);
  pool.deallocate(allocated.buffer, Bytes{500}, accumulator.buffers, journal);
  ASSERT_TRUE(breach());
  EXPECT_EQ(breach()->spared_by, "who begins to wait for memory wakes nobody") << "it was told";
  const_cast<core::BufferPool::Waiter&>(pool.waiters().front()).signalled = false;
  ASSERT_TRUE(breach());
  EXPECT_EQ(breach()->spared_by, "");
}

TEST_F(Laws, NoticeABatchThatCountsOtherRecordsThanItHolds) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  const core::BatchId first = accumulator.incomplete().at(0);
  accumulator.batches.write(first).records.pop_back();
  EXPECT_EQ(name(broken_now()), "batches keep their limits");
}

TEST_F(Laws, NoticeBatchesInAWrongOrder) {
  while (run_.world().counts.sent < 7) run_.step();
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  const auto deque = accumulator.queue(tp(0))->batches;
  ASSERT_GE(deque.size(), 2u);
  accumulator.remove_for_abort(deque[0]);
  auto& queue = const_cast<core::RecordAccumulator::PartitionQueue&>(*accumulator.queue(tp(0)));
  queue.batches.push_back(deque[0]);
  EXPECT_EQ(name(broken_now()), "deques are in order");
}

TEST_F(Laws, NoticeABatchThatIsDoneAndWaits) {
  run_.run_until(3ms);
  core::RecordAccumulator& accumulator = accumulator_of(run_.world());
  ASSERT_FALSE(accumulator.queue(tp(0))->batches.empty());
  accumulator.batches.write(accumulator.queue(tp(0))->batches.front()).state =
      core::BatchState::Failed;
  EXPECT_EQ(name(broken_now()), "nothing that is done waits");
}

TEST_F(Laws, NoticeTwoBatchesOfAPartitionInFlightWhereOneRequestMayBe) {
  SmallScenario one = ordinary();
  one.settings["max.in.flight.requests.per.connection"] = "1";
  SmallRun run{one};
  run.run_until(3ms);
  auto& in_flight = const_cast<core::InFlightBatches&>(run.producer().sender().in_flight_batches());
  ASSERT_EQ(in_flight.of(tp(1)).size(), 1u);
  EXPECT_EQ(broken_law(run.world(), laws_of_a_step()), std::nullopt);
  in_flight.add(tp(1), core::BatchId{99});
  EXPECT_EQ(name(broken_law(run.world(), laws_of_a_step())), "one batch of a partition at a time");
}

TEST_F(Laws, NoticeARecordThatIsNotWhereItWasAcknowledged) {
  run_.run();
  RecordEntry& entry = run_.world().records.write(2);
  ASSERT_EQ(entry.status, RecordStatus::Acknowledged);
  ++entry.offset;
  EXPECT_EQ(name(broken_at_the_end()), "what is acknowledged is in the log");
}

// The last batch of t-0 for another time, as a broker would append it that knows no producer.
TEST_F(Laws, NoticeASequenceThatStandsInALogTwice) {
  SmallScenario idempotent = ordinary();
  idempotent.settings["enable.idempotence"] = "true";
  SmallRun run{idempotent};
  run.run();
  PartitionLog& log = const_cast<Cluster&>(run.world().servers.cluster()).write(tp(0)).log;
  ASSERT_GE(log.batch_count(), 2u);
  EXPECT_EQ(broken_law(run.world(), laws_of_a_run()), std::nullopt);
  StoredBatch again = log.batch(log.batch_count() - 1);
  again.header.base_offset = log.end_offset();
  again.records.clear();
  log.append(again);
  EXPECT_EQ(name(broken_law(run.world(), laws_of_a_run())), "sequences in the logs have no gap");
}

// The first batch of t-0 behind the last, as if it had come there first.
TEST_F(Laws, NoticeALogInAnotherOrderThanItsThread) {
  SmallScenario one = ordinary();
  one.settings["max.in.flight.requests.per.connection"] = "1";
  SmallRun run{one};
  run.run();
  PartitionLog& log = const_cast<Cluster&>(run.world().servers.cluster()).write(tp(0)).log;
  ASSERT_GE(log.batch_count(), 2u);
  ASSERT_FALSE(breach_of("logs keep the order of each thread", run.world()));
  const auto first = log.batch(0).records;
  log.annotate(0, log.batch(1).records);
  log.annotate(log.batch(1).base_offset(), first);
  const Broken breach = breach_of("logs keep the order of each thread", run.world());
  ASSERT_TRUE(breach);
  EXPECT_EQ(breach->spared_by, "");
}

std::string text_of_file(const std::string& path) {
  std::ifstream file{LINGER_SOURCE_DIR "/" + path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(LawsInTheReadme, TheOneOfYourOwnIsOneOfTheLaws) {
  const std::string readme = text_of_file("README.md");
  const std::size_t begin = readme.find("```cpp\n") + 7;
  const std::string law = readme.substr(begin, readme.find("```", begin) - begin);
  EXPECT_GT(law.size(), 100u);
  EXPECT_NE(text_of_file("sim/laws.cc").find(law), std::string::npos) << law;
}

TEST_F(Laws, NoticeARecordThatIsToldTwice) {
  run_.run();
  run_.world().records.write(2).completions = 2;
  EXPECT_EQ(name(broken_at_the_end()), "no record is told its fate twice");
}

TEST_F(Laws, NoticeARecordThatWasForgotten) {
  run_.run();
  run_.world().records.write(2).status = RecordStatus::Pending;
  EXPECT_EQ(name(broken_at_the_end()), "every record has a fate, or is held");
}

}  // namespace
}  // namespace linger::sim
