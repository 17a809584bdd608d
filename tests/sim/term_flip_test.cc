#include "sim/term_flip.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/timeline.h"
#include "support/scenarios.h"
#include "support/two_partitions.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ReadinessVerdict;

const std::string kWorldOfFlips = std::string{kTwoPartitions} + R"([producer]
retry.backoff.ms = 20
batch.size = 1000
buffer.memory = 4000
)";

World world_at(const std::string& more, core::Duration when) {
  Timeline run{shared_scenario(kWorldOfFlips + more)};
  run.seek_time(core::Instant{when});
  return run.world();
}

const std::string kLingering = R"(linger.ms = 50
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)";

const std::string kRefused = R"(
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = "NOT_ENOUGH_REPLICAS", times = 2 }
)";

constexpr core::TopicPartition kLingerer{core::TopicId{0}, 0};

FlippedTerms flipped(const World& world, core::TopicPartition partition = kLingerer) {
  return flip_terms(world, core::ProducerIndex{0}, partition);
}

const TermFlip& flip_of(const FlippedTerms& terms, ReadinessTerm term) {
  return terms.flips.at(static_cast<std::size_t>(term));
}

ReadinessVerdict verdict_if(const FlippedTerms& terms, ReadinessTerm term) {
  return flip_of(terms, term).then.value().verdict;
}

TEST(TermFlip, ABatchThatLingersIsSentByAnyOfTheTermsOfWhichOneIsEnough) {
  const FlippedTerms terms = flipped(world_at(kLingering, 10ms));
  EXPECT_EQ(terms.now.verdict, ReadinessVerdict::Waiting);
  using enum ReadinessTerm;
  for (const ReadinessTerm term : {Full, Expired, Exhausted, Closed, Flushing, Completing}) {
    EXPECT_EQ(verdict_if(terms, term), ReadinessVerdict::Ready) << word(term);
    EXPECT_TRUE(flip_of(terms, term).changes_outcome) << word(term);
    // It alone is otherwise.
    for (int i = 0; i < kReadinessTerms; ++i) {
      const auto other = static_cast<ReadinessTerm>(i);
      EXPECT_EQ(holds(other, *flip_of(terms, term).then) != holds(other, terms.now), other == term)
          << word(term) << ", " << word(other);
    }
  }
  EXPECT_EQ(verdict_if(terms, Muted), ReadinessVerdict::Muted);
  EXPECT_EQ(verdict_if(terms, NoLeader), ReadinessVerdict::NoLeader);
  EXPECT_FALSE(flip_of(terms, Muted).changes_outcome) << "it is not sent either way";
}

TEST(TermFlip, ABatchThatBacksOffIsSentOnlyIfItDidNot) {
  const FlippedTerms terms = flipped(world_at(kRefused, 10ms));
  EXPECT_EQ(terms.now.verdict, ReadinessVerdict::BackingOff);
  for (const TermFlip& flip : terms.flips) {
    EXPECT_EQ(flip.changes_outcome, flip.term == ReadinessTerm::BackingOff) << word(flip.term);
  }
  EXPECT_FALSE(flip_of(terms, ReadinessTerm::Expired).then) << "it is the same wait";
}

TEST(TermFlip, WhatIsReadyIsHeldBackByAGuardAlone) {
  // A flush of another thread makes it ready; the broker is slow to answer the first batch.
  const FlippedTerms terms = flipped(world_at(R"(linger.ms = 50
max.in.flight.requests.per.connection = 1
enable.idempotence = false
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }, { at = "1ms", flush = true }]
[[thread]]
name = "B"
run = [{ at = "2ms", send = "orders", partition = 0, value_size = 100 }]
)",
                                              2ms));
  EXPECT_EQ(terms.now.verdict, ReadinessVerdict::Muted);
  EXPECT_EQ(verdict_if(terms, ReadinessTerm::Muted), ReadinessVerdict::Ready);
  EXPECT_TRUE(flip_of(terms, ReadinessTerm::Muted).changes_outcome);
  EXPECT_FALSE(flip_of(terms, ReadinessTerm::Flushing).changes_outcome) << "muted comes first";
}

TEST(TermFlip, TheWorldIsLeftAsItWas) {
  const World world = world_at(kLingering, 10ms);
  const core::RecordAccumulator& before = world.processes[0].producer.accumulator();
  const auto last = before.queue(kLingerer)->last_decision;
  flipped(world);
  EXPECT_EQ(before.queue(kLingerer)->last_decision, last);
  EXPECT_EQ(before.pool().waiter_count(), 0);
  EXPECT_FALSE(before.is_closed());
}

TEST(TermFlip, WithoutABatchThereIsNothingToTurnRound) {
  EXPECT_TRUE(flipped(world_at(kLingering, 10ms), {core::TopicId{0}, 1}).flips.empty());
}

// What is said of the flush comes true: a thread that calls flush() then makes the sender send.
TEST(TermFlip, WhatAFlushWouldDoItDoes) {
  const World held = world_at(kLingering, 11ms);
  EXPECT_TRUE(flip_of(flipped(held), ReadinessTerm::Flushing).changes_outcome);
  const World flushed = world_at(
      kLingering + "[[thread]]\nname = \"B\"\nrun = [{ at = \"10ms\", flush = true }]\n", 11ms);
  EXPECT_EQ(held.processes[0].batches[0].status, BatchStatus::Open);
  EXPECT_EQ(flushed.processes[0].batches[0].status, BatchStatus::InFlight);
}

}  // namespace
}  // namespace linger::sim
