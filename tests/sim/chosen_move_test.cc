#include "sim/chosen_move.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"
#include "sim/digest.h"
#include "sim/query_parser.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/timeline.h"
#include "sim/world_key.h"
#include "support/small_world.h"
#include "support/world_state.h"

namespace linger::sim {
namespace {

// Two threads, a batch for each record, a response that may be lost and a connection that may
// break.
SmallScenario two_threads() {
  SmallScenario small;
  small.settings = {{"batch.size", "1"}, {"retry.backoff.ms", "1"}, {"acks", "all"}};
  small.link = link({.latency = 1ms});
  small.leaders = {0, 0};
  small.programs = {{send({.count = 2})}, {send({.partition = 1})}};
  return small;
}

ExploreOptions may_fail() {
  ExploreOptions options;
  options.faults = {FailProduce{named(0), core::ErrorCode::NotEnoughReplicas},
                    Disconnect{NodeId{0}}};
  options.most_faults = 2;
  return options;
}

// The explorer's own worlds, beside a timeline in which the same moves are made.
class TwoWalks {
 public:
  TwoWalks(const std::shared_ptr<const Scenario>& scenario, ExploreOptions options)
      : timeline{scenario}, options_{std::move(options)}, world_{with_faults(*scenario)} {
    first_fault_ = scenario->faults.size();
  }

  std::vector<Move> moves() const { return moves_in(world_, options_, struck_); }

  void take(const Move& move) {
    make(move, first_fault_, world_, sink_);
    struck_ += move.fault ? 1 : 0;
    timeline.choose(chosen_move_of(move, options_));
    timeline.step_forward();
  }

  void expect_same() const {
    const ExploredWorld seen = explored_world(timeline.world(), options_);
    EXPECT_EQ(state_name(seen, options_), (StateName{world_key(world_, options_.far), struck_}));
    EXPECT_EQ(seen.world.now, world_.now);
    const std::vector<Move> offered = moves_in(seen, options_);
    const std::vector<Move> wanted = moves();
    ASSERT_EQ(offered.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_TRUE(is_same(offered[i], wanted[i])) << i;
    }
  }

  Timeline timeline;

 private:
  std::shared_ptr<const Scenario> with_faults(Scenario scenario) const {
    for (const Fault& fault : options_.faults) scenario.faults.push_back({Moment{}, fault, 0});
    return std::make_shared<const Scenario>(std::move(scenario));
  }

  ExploreOptions options_;
  World world_;
  std::size_t first_fault_ = 0;
  int struck_ = 0;
  TraceSink sink_;
};

Digests digests_of(const Timeline& timeline) {
  Digests digests;
  for (const TraceEvent& event : timeline.past()) digests.add(event);
  return digests;
}

// As it is saved, and read again.
std::shared_ptr<const Scenario> saved(const Timeline& timeline) {
  const ParsedScenario read = parse_scenario(scenario_text(*timeline.whole_scenario()), "saved");
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&read)) {
    ADD_FAILURE() << text(*errors);
  }
  return std::make_shared<const Scenario>(std::get<Scenario>(read));
}

// Walks at random until it is over; then back and forth in it.
void expect_a_walk_is_the_explorers(std::uint64_t seed) {
  TwoWalks walks{two_threads().shared(), may_fail()};
  core::Random random{seed, core::RandomStream::Applications};
  std::vector<std::string> states{state_of(walks.timeline.world())};
  for (int i = 0; i < 60; ++i) {
    walks.expect_same();
    const std::vector<Move> moves = walks.moves();
    if (moves.empty() || testing::Test::HasFailure()) break;
    const auto chosen = random.uniform(0, static_cast<std::int64_t>(moves.size()) - 1);
    walks.take(moves[static_cast<std::size_t>(chosen)]);
    states.push_back(state_of(walks.timeline.world()));
  }
  ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  Timeline& timeline = walks.timeline;
  const Digests whole = digests_of(timeline);
  Timeline again{saved(timeline)};
  again.seek(timeline.cursor());
  EXPECT_EQ(digests_of(again), whole) << scenario_text(*timeline.whole_scenario());
  for (int i = 0; i < 12; ++i) {
    const std::int64_t step = random.uniform(0, timeline.frontier());
    timeline.seek(step);
    ASSERT_EQ(state_of(timeline.world()), states[static_cast<std::size_t>(step)]) << step;
    if (step == timeline.frontier()) continue;
    EXPECT_EQ(state_of(timeline.world_at(step)), states[static_cast<std::size_t>(step)]) << step;
  }
}

TEST(ChosenMove, AWalkInATimelineIsTheExplorersOwn) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    expect_a_walk_is_the_explorers(seed);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ChosenMove, TheWorldBeforeItKnowsNothingOfIt) {
  TwoWalks walks{two_threads().shared(), may_fail()};
  const std::vector<Move> moves = walks.moves();
  ASSERT_GT(moves.size(), 1U);
  const std::string before = state_of(walks.timeline.world());
  walks.take(moves.back());
  walks.timeline.step_back();
  EXPECT_EQ(state_of(walks.timeline.world()), before);
  ASSERT_NE(walks.timeline.choice_at(0), nullptr);
  EXPECT_TRUE(walks.timeline.world().scenario->order.empty());
}

TEST(ChosenMove, AnotherOneTakesItsPlaceInAFork) {
  TwoWalks walks{two_threads().shared(), may_fail()};
  const std::vector<Move> moves = walks.moves();
  walks.take(moves.back());
  walks.timeline.seek(0);
  Timeline fork = walks.timeline.fork();
  EXPECT_EQ(fork.choice_at(0), nullptr);
  EXPECT_TRUE(fork.has_same_past(walks.timeline, 0));
  fork.step_forward();
  EXPECT_FALSE(fork.has_same_past(walks.timeline, 1));
}

TEST(ChosenMove, IsTakenBackAsIfItHadNotBeen) {
  Timeline timeline{two_threads().shared()};
  timeline.seek(3);
  const std::string before = state_of(timeline.world());
  const ExploreOptions options = may_fail();
  timeline.choose(chosen_move_of({0, {}}, options));
  EXPECT_EQ(timeline.last_choice(), 3);
  timeline.step_forward();
  EXPECT_TRUE(timeline.take_back());
  EXPECT_EQ(state_of(timeline.world()), before);
  timeline.run_to_end();
  Timeline fresh{two_threads().shared()};
  fresh.run_to_end();
  EXPECT_EQ(digests_of(timeline), digests_of(fresh));
}

// In the world that the explorer has, a fault of the counterexample is one that may strike, and so
// it does not strike where somebody goes another way.
TEST(ChosenMove, AFaultThatMayStrikeDoesNotComeByItselfOnAnotherWay) {
  SmallScenario small = two_threads();
  small.faults = {{2ms, FailProduce{named(1), core::ErrorCode::NotEnoughReplicas}},
                  {3ms, Disconnect{NodeId{0}}}};
  const ExploreOptions options = may_fail();
  Timeline timeline{small.shared()};
  const auto moves = moves_in(explored_world(timeline.world(), options), options);
  ASSERT_FALSE(moves.front().fault);
  timeline.choose(chosen_move_of(moves[1], options));
  timeline.run_to_end();
  const std::vector<ScheduledFault>& left = timeline.world().scenario->faults;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<FailProduce>(left.front().fault));
  EXPECT_TRUE(timeline.world().fault_done.front());
}

TEST(ChosenMove, EveryStepOfACounterexampleIsTheExplorersMove) {
  const SmallScenario small = two_threads();
  ExploreOptions options = may_fail();
  options.most_faults = 1;
  options.always = {std::get<Query>(parse_condition("records.acknowledged < 2"))};
  const Exploration found = explore(small.shared(), options);
  ASSERT_TRUE(found.broken);
  Timeline timeline{std::make_shared<const Scenario>(as_scenario(small.build(), options, found))};
  for (const Move& move : found.way) {
    ASSERT_TRUE(is_same(own_move(timeline.world(), options), move)) << timeline.cursor();
    timeline.step_forward();
  }
  EXPECT_EQ(timeline.world().counts.acknowledged, 2);
}

}  // namespace
}  // namespace linger::sim
