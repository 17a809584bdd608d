#include "sim/timeline.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/digest.h"
#include "support/small_world.h"
#include "support/world_state.h"

namespace linger::sim {
namespace {

// A bit of everything: two threads, two brokers, retries, a lost connection.
SmallScenario lively() {
  return {.settings = {{"enable.idempotence", "true"}, {"batch.size", "300"}},
          .brokers = 2,
          .leaders = {0, 1, 0},
          .link = link({.latency = 2ms, .jitter = 3ms}),
          .programs = {{send({.partition = std::nullopt, .count = 12, .every = 1ms}), FlushAction{},
                        send({.wait = true})},
                       {send({.partition = 1, .count = 8, .every = 2ms})}},
          .faults = {{5ms, Disconnect{NodeId{0}}},
                     {12ms, FailProduce{named(2), core::ErrorCode::NotEnoughReplicas, 2}}},
          .jitter = true};
}
// Nothing but its own rhythm: as many steps as one likes.
SmallScenario steady(std::int64_t records) {
  return {.programs = {{send({.count = records, .every = 1ms})}}};
}

Digests digests_of(std::span<const TraceEvent> trace) {
  Digests digests;
  for (const TraceEvent& event : trace) digests.add(event);
  return digests;
}

// The state after each step, walked once from the beginning.
std::vector<std::string> states_of(const Timeline& finished) {
  Timeline walk = finished;
  walk.seek(0);
  std::vector<std::string> states{state_of(walk.world())};
  while (walk.step_forward()) states.push_back(state_of(walk.world()));
  return states;
}

class TimelineTest : public ::testing::Test {
 protected:
  Timeline timeline_{lively().shared()};
};

// --- Walking ---

TEST_F(TimelineTest, BeginsAtStepZeroAndKnowsNothing) {
  EXPECT_EQ(timeline_.cursor(), 0);
  EXPECT_EQ(timeline_.frontier(), 0);
  EXPECT_TRUE(timeline_.trace().empty());
  EXPECT_FALSE(timeline_.step_back());
}

TEST_F(TimelineTest, EachStepForwardIsRemembered) {
  EXPECT_TRUE(timeline_.step_forward());
  EXPECT_EQ(timeline_.cursor(), 1);
  EXPECT_EQ(timeline_.frontier(), 1);
  EXPECT_FALSE(timeline_.trace().empty());
}

TEST_F(TimelineTest, AtTheEndThereIsNoStepForward) {
  timeline_.run_to_end();
  EXPECT_TRUE(timeline_.is_over());
  EXPECT_FALSE(timeline_.step_forward());
  EXPECT_EQ(timeline_.cursor(), timeline_.frontier());
}

TEST_F(TimelineTest, AStepBackAndForwardIsTheSameWorld) {
  timeline_.run_to_end();
  const std::vector<std::string> states = states_of(timeline_);
  for (std::int64_t step = timeline_.frontier(); step > 0; step -= 7) {
    timeline_.seek(step);
    ASSERT_TRUE(timeline_.step_back());
    ASSERT_EQ(state_of(timeline_.world()), states[static_cast<std::size_t>(step) - 1]);
    ASSERT_TRUE(timeline_.step_forward());
    ASSERT_EQ(state_of(timeline_.world()), states[static_cast<std::size_t>(step)]);
  }
}

TEST_F(TimelineTest, WalkingBackAddsNothingToTheTrace) {
  timeline_.run_to_end();
  const Digests whole = digests_of(timeline_.trace());
  timeline_.seek(timeline_.frontier() / 2);
  while (timeline_.step_forward()) {
  }
  EXPECT_EQ(digests_of(timeline_.trace()), whole);
}

TEST_F(TimelineTest, FromAnywhereTheRunGoesOnToTheSameEnd) {
  timeline_.run_to_end();
  const Digests whole = digests_of(timeline_.trace());
  for (std::int64_t step = 0; step < timeline_.frontier(); step += 11) {
    timeline_.seek(step);
    Timeline fork = timeline_.fork();
    ASSERT_EQ(fork.frontier(), step);
    fork.run_to_end();
    ASSERT_EQ(digests_of(fork.trace()), whole) << step;
  }
}

TEST_F(TimelineTest, ASeekBeyondTheEndStopsThere) {
  timeline_.seek(1'000'000);
  EXPECT_TRUE(timeline_.is_over());
}

// --- The past ---

TEST_F(TimelineTest, ThePastEndsAtTheCursor) {
  timeline_.run_to_end();
  const std::size_t all = timeline_.trace().size();
  timeline_.seek(20);
  EXPECT_LT(timeline_.past().size(), all);
  EXPECT_EQ(timeline_.trace().size(), all);
  for (const TraceEvent& event : timeline_.past()) EXPECT_LT(event.step, 20);
  timeline_.seek(0);
  EXPECT_TRUE(timeline_.past().empty());
}

TEST_F(TimelineTest, TheEventsOfStepsMakeUpTheTrace) {
  timeline_.run_to_end();
  std::size_t events = 0;
  for (std::int64_t step = 0; step < timeline_.frontier(); ++step) {
    for (const TraceEvent& event : timeline_.events_of(step)) {
      ASSERT_EQ(event.step, step);
      ASSERT_EQ(event.at, timeline_.step_at(step));
    }
    events += timeline_.events_of(step).size();
  }
  EXPECT_EQ(events, timeline_.trace().size());
}

TEST_F(TimelineTest, SeekingATimeIncludesAllThatHappensThen) {
  timeline_.run_to_end();
  timeline_.seek_time(Instant{5ms});
  EXPECT_LE(timeline_.world().now, Instant{5ms});
  EXPECT_GT(timeline_.step_at(timeline_.cursor()), Instant{5ms});

  Timeline fresh{lively().shared()};
  fresh.seek_time(Instant{5ms});
  EXPECT_EQ(fresh.cursor(), timeline_.cursor());
  EXPECT_EQ(state_of(fresh.world()), state_of(timeline_.world()));
}

// --- Branches ---

TEST_F(TimelineTest, AForkSharesThePastAndLeavesTheOriginalAlone) {
  timeline_.run_to_end();
  const std::int64_t end = timeline_.frontier();
  timeline_.seek(40);
  Timeline fork = timeline_.fork();
  fork.inject(Disconnect{NodeId{1}});
  fork.run_to_end();

  EXPECT_EQ(timeline_.frontier(), end);
  EXPECT_EQ(timeline_.scenario().faults.size(), 2u);
  EXPECT_EQ(fork.scenario().faults.size(), 3u);
  EXPECT_EQ(
      digests_of(fork.trace().empty() ? fork.past()
                                      : std::span{fork.trace()}.first(timeline_.past().size())),
      digests_of(timeline_.past()));
}

TEST_F(TimelineTest, AnInjectedFaultHappensAMicrosecondLaterAndForgetsTheFuture) {
  timeline_.run_to_end();
  timeline_.seek(40);
  const Instant now = timeline_.world().now;
  timeline_.inject(Disconnect{NodeId{1}});
  EXPECT_EQ(timeline_.frontier(), 40);

  timeline_.seek_time(now + Duration{1});
  ASSERT_FALSE(timeline_.past().empty());
  bool applied = false;
  for (const TraceEvent& event : timeline_.past()) {
    applied |= event.as<FaultApplied>() != nullptr && event.at == now + Duration{1};
  }
  EXPECT_TRUE(applied);
}

TEST_F(TimelineTest, AFaultMayBeInjectedForLater) {
  timeline_.seek(10);
  const Instant later = timeline_.world().now + 50ms;
  timeline_.inject(Disconnect{NodeId{1}}, later);
  timeline_.run_to_end();
  std::vector<Instant> applied;
  for (const TraceEvent& event : timeline_.trace()) {
    if (event.as<FaultApplied>()) applied.push_back(event.at);
  }
  EXPECT_EQ(applied.back(), later);
}

TEST_F(TimelineTest, BehindAnInjectionTheWorldIsTheSameHoweverItIsReached) {
  timeline_.seek(40);
  timeline_.inject(Disconnect{NodeId{1}});
  timeline_.run_to_end();
  const Digests whole = digests_of(timeline_.trace());
  const std::vector<std::string> states = states_of(timeline_);

  timeline_.seek(15);  // where nobody knows of the fault yet
  for (std::size_t step = 15; step + 1 < states.size(); ++step) {
    ASSERT_EQ(state_of(timeline_.world()), states[step]) << step;
    ASSERT_TRUE(timeline_.step_forward());
  }
  timeline_.seek(60);
  EXPECT_EQ(state_of(timeline_.world()), states[60]);
  EXPECT_EQ(digests_of(timeline_.trace()), whole);
}

TEST_F(TimelineTest, TwoFaultsMayBeInjectedOneAfterTheOther) {
  timeline_.seek(30);
  timeline_.inject(Disconnect{NodeId{1}});
  timeline_.seek(60);
  timeline_.inject(ChangeLeader{named(1), NodeId{0}});
  timeline_.run_to_end();
  const Digests whole = digests_of(timeline_.trace());

  timeline_.seek(10);
  Timeline shorter = timeline_.fork();
  shorter.run_to_end();
  EXPECT_NE(digests_of(shorter.trace()), whole) << "the fork is older than both";

  timeline_.seek(70);
  Timeline same = timeline_.fork();
  same.run_to_end();
  EXPECT_EQ(digests_of(same.trace()), whole);
}

TEST_F(TimelineTest, WhatWasInjectedReplaysFromTheScenario) {
  timeline_.seek(40);
  timeline_.inject(Disconnect{NodeId{1}});
  timeline_.run_to_end();
  Timeline replay{std::make_shared<const Scenario>(timeline_.scenario())};
  replay.run_to_end();
  EXPECT_EQ(digests_of(replay.trace()), digests_of(timeline_.trace()));
}

// --- Checkpoints ---

TEST(Timeline, KeepsACheckpointEverySoManySteps) {
  Timeline timeline{steady(40).shared()};
  timeline.run_to_end();
  EXPECT_NEAR(static_cast<double>(timeline.checkpoint_count()),
              static_cast<double>(timeline.frontier()) / 32, 2);
}

TEST_F(TimelineTest, AWorldOfAnEarlierStepIsTheOneThatASeekComesTo) {
  timeline_.seek(20);
  timeline_.inject(FailProduce{named(0), core::ErrorCode::InvalidRecord, 1, false});
  timeline_.run_to_end();
  const std::vector<std::string> states = states_of(timeline_);
  for (std::int64_t step = 0; step < timeline_.frontier(); ++step) {
    const World world = timeline_.world_at(step);
    EXPECT_EQ(world.steps, step);
    ASSERT_EQ(state_of(world), states[static_cast<std::size_t>(step)]) << step;
  }
  EXPECT_EQ(timeline_.cursor(), timeline_.frontier()) << "it stays where it is";
}

TEST(Timeline, OfALongRunKeepsNoMoreThan512) {
  Timeline timeline{steady(4'000).shared()};
  timeline.run_to_end();
  ASSERT_GT(timeline.frontier(), 512 * 32);
  EXPECT_LE(timeline.checkpoint_count(), 512u);

  const std::string end = state_of(timeline.world());
  timeline.seek(timeline.frontier() / 3);
  timeline.run_to_end();
  EXPECT_EQ(state_of(timeline.world()), end);
}

TEST(Timeline, OfALongRunStillKnowsWhatWasInjectedEarly) {
  Timeline timeline{steady(4'000).shared()};
  timeline.seek(33);
  timeline.inject(FailProduce{named(0), core::ErrorCode::InvalidRecord, 1, false});
  timeline.run_to_end();
  ASSERT_GT(timeline.frontier(), 512 * 32);
  const std::int64_t failed = timeline.world().counts.failed;
  EXPECT_EQ(failed, 1);

  timeline.seek(20);
  timeline.seek(timeline.frontier());
  EXPECT_EQ(timeline.world().counts.failed, failed);
}

}  // namespace
}  // namespace linger::sim
