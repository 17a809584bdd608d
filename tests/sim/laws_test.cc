// Each law holds in ordinary worlds, and finds the witness in one that somebody's hand has spoilt.
#include "sim/laws.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "support/small_world.h"

namespace linger::sim {
namespace {

// The parts of a world that nobody but the producer itself may change.
core::RecordAccumulator& accumulator_of(World& world) {
  return const_cast<core::RecordAccumulator&>(world.processes.at(0).producer.accumulator());
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
