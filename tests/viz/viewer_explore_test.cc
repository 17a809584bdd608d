#include "viz/viewer_explore.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "core/random.h"
#include "sim/chosen_move.h"
#include "sim/query_parser.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/world_key.h"
#include "support/small_world.h"
#include "support/world_state.h"
#include "viewer_fixture.h"
#include "viz/moves_view.h"
#include "viz/pipeline_view.h"

namespace linger::viz {
namespace {

sim::SmallScenario two_threads() {
  sim::SmallScenario small;
  small.settings = {{"batch.size", "1"}, {"retry.backoff.ms", "1"}, {"acks", "all"}};
  small.link = sim::link({.latency = 1ms});
  small.leaders = {0, 0};
  small.programs = {{sim::send({.count = 2})}, {sim::send({.partition = 1})}};
  return small;
}

sim::ExploreOptions may_fail() {
  sim::ExploreOptions options;
  options.faults = {sim::FailProduce{sim::named(0), core::ErrorCode::NotEnoughReplicas}};
  options.most_faults = 1;
  return options;
}

ViewerState exploring(std::shared_ptr<const sim::Scenario> scenario) {
  ViewerState state{std::move(scenario)};
  state.explored = may_fail();
  handle(state, TogglePanel{Panel::Moves});
  return state;
}
ViewerState exploring() {
  return exploring(two_threads().shared());
}

// Of the row that says it.
std::size_t index_of(const ViewerState& state, const std::string& words) {
  for (const MoveRow& row : moves_view(state).rows) {
    if (row.words.find(words) != std::string::npos) return row.index;
  }
  ADD_FAILURE() << "no move says: " << words;
  return 0;
}
const MoveRow& own_row(const MovesView& view) {
  const auto own = std::ranges::find(view.rows, true, &MoveRow::is_own);
  if (own == view.rows.end()) throw std::logic_error{"the run does none of them"};
  return *own;
}

// A world of the explorer's own, to which the same happens.
class Explored {
 public:
  explicit Explored(const sim::SmallScenario& small) : world_{with_fault(small)} {}
  std::vector<sim::Move> moves() const { return sim::moves_in(world_, may_fail(), struck_); }
  void make(const sim::Move& move) {
    sim::make(move, 0, world_, sink_);
    struck_ += move.fault ? 1 : 0;
  }
  sim::StateName name() const { return {sim::world_key(world_, may_fail().far), struck_}; }

 private:
  static std::shared_ptr<const sim::Scenario> with_fault(const sim::SmallScenario& small) {
    sim::Scenario scenario = small.build();
    scenario.faults.push_back({sim::Moment{}, may_fail().faults.front(), 0});
    return std::make_shared<const sim::Scenario>(std::move(scenario));
  }
  sim::World world_;
  int struck_ = 0;
  sim::TraceSink sink_;
};

sim::StateName name_of(const ViewerState& state) {
  return sim::state_name(sim::explored_world(state.world(), state.explored), state.explored);
}

TEST(Moves, AreThoseOfTheExplorerAndLeadWhereItsOwnDo) {
  core::Random random{3, core::RandomStream::Applications};
  for (int walk = 0; walk < 8; ++walk) {
    ViewerState state = exploring();
    Explored explored{two_threads()};
    for (int i = 0; i < 40 && !state.timeline().is_over(); ++i) {
      const std::vector<sim::Move> wanted = explored.moves();
      std::vector<sim::Move> offered;
      for (const OfferedMove& one : state.moves->moves) {
        if (one.is_explored) offered.push_back(one.move);
      }
      ASSERT_EQ(offered.size(), wanted.size());
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        ASSERT_TRUE(sim::is_same(offered[k], wanted[k])) << "step " << i << ", move " << k;
      }
      const auto chosen =
          static_cast<std::size_t>(random.uniform(0, static_cast<std::int64_t>(wanted.size()) - 1));
      handle(state, TakeMove{chosen});
      explored.make(wanted[chosen]);
      ASSERT_EQ(name_of(state), explored.name()) << "step " << i;
    }
    EXPECT_LE(state.branches.size(), 2U) << "nobody had looked further";
  }
}

TEST(Moves, AWalkOfMovesAndBacksShowsWhatAFreshRunShows) {
  core::Random random{5, core::RandomStream::Applications};
  ViewerState state = exploring();
  for (int i = 0; i < 60; ++i) {
    const auto kind = random.uniform(0, 5);
    if (kind == 0) {
      handle(state, StepEvent{Way::Back});
    } else if (kind == 1) {
      handle(state, ShowBranch{static_cast<std::size_t>(random.uniform(0, 15))});
    } else if (kind == 2 && state.branches.size() > 10) {
      handle(state, CloseBranch{});
    } else if (kind == 3) {
      handle(state, StepEvent{Way::Forward});
    } else {
      handle(state, TakeMove{static_cast<std::size_t>(random.uniform(0, 3))});
    }
    handle(state, SeekStep{state.timeline().cursor()});
    ASSERT_EQ(state.error, "");
    ViewerState fresh{state.timeline().whole_scenario()};
    handle(fresh, SeekStep{state.timeline().cursor()});
    ASSERT_EQ(sim::state_of(state.world()), sim::state_of(fresh.world())) << i;
    ASSERT_EQ(pipeline_view(scene(state)), pipeline_view(scene(fresh))) << i;
  }
  EXPECT_GT(state.branches.size(), 2U);
}

TEST(Moves, OneThatTheRunDoesNotTakeMakesABranchAndBackIsTheRunAsItWas) {
  ViewerState state = exploring();
  const MovesView view = moves_view(state);
  ASSERT_GE(view.rows.size(), 3U);
  EXPECT_EQ(own_row(view).words, "thread app-0: send to t");
  EXPECT_EQ(own_row(view).of, MoveClass::Thread);
  handle(state, TakeMove{index_of(state, "thread app-1")});
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.timeline().cursor(), 1);
  EXPECT_EQ(state.world().records[0].partition.partition, 1);
  do_all(state, {StepEvent{Way::Back}, ShowBranch{0}, StepEvent{Way::Forward}});
  EXPECT_EQ(state.world().records[0].partition.partition, 0);
}

TEST(Moves, TheOneTheRunTakesIsAStep) {
  ViewerState state = exploring();
  handle(state, TakeMove{own_row(moves_view(state)).index});
  EXPECT_EQ(state.branches.size(), 1U);
  EXPECT_EQ(state.timeline().cursor(), 1);
}

TEST(Moves, TheOneThatAnotherRunTakesLeadsThere) {
  ViewerState state = exploring();
  handle(state, TakeMove{index_of(state, "thread app-1")});
  handle(state, StepEvent{Way::Back});
  const MoveRow first = moves_view(state).rows[index_of(state, "thread app-0")];
  EXPECT_EQ(first.beside, "as written");
  handle(state, TakeMove{first.index});
  EXPECT_EQ(state.branch, 0U);
  EXPECT_EQ(state.timeline().cursor(), 1);
  handle(state, StepEvent{Way::Back});
  handle(state, TakeMove{index_of(state, "thread app-1")});
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.branches.size(), 2U);
}

TEST(Moves, GoingBackAndTakingAnotherLosesNothing) {
  ViewerState state = exploring();
  handle(state, TakeMove{index_of(state, "thread app-1")});
  do_all(state, {StepEvent{Way::Forward}, StepEvent{Way::Forward}});
  const auto name = name_of(state);
  do_all(state, {SeekStep{1}, TakeMove{index_of(state, "thread app-0")}});
  handle(state, SeekStep{1});
  for (const MoveRow& row : moves_view(state).rows) {
    if (row.of == MoveClass::Outcome) handle(state, TakeMove{row.index});
  }
  EXPECT_GT(state.branches.size(), 2U);
  do_all(state, {ShowBranch{1}, SeekStep{3}});
  EXPECT_EQ(name_of(state), name);
}

// Of each run the states, found by walking it.
std::vector<std::vector<sim::StateName>> all_names(const ViewerState& state) {
  std::vector<std::vector<sim::StateName>> names;
  for (const Branch& branch : state.branches) {
    sim::Timeline walk = branch.timeline;
    std::vector<sim::StateName>& of_run = names.emplace_back();
    walk.seek(0);
    do {
      const auto seen = sim::explored_world(walk.world(), state.explored);
      of_run.push_back(sim::state_name(seen, state.explored));
    } while (walk.step_forward());
  }
  return names;
}

TEST(Moves, TellWhereTheStateThatTheyLeadToIsMet) {
  core::Random random{9, core::RandomStream::Applications};
  ViewerState state = exploring();
  std::int64_t met = 0;
  for (int i = 0; i < 40; ++i) {
    if (random.uniform(0, 2) == 0) handle(state, SeekStep{random.uniform(0, 6)});
    handle(state, TakeMove{static_cast<std::size_t>(random.uniform(0, 3))});
    if (!state.moves || state.moves->moves.empty()) continue;
    const auto names = all_names(state);
    const auto here = sim::explored_world(state.world(), state.explored);
    for (const OfferedMove& one : state.moves->moves) {
      if (!one.is_explored || one.is_own || one.run) continue;
      sim::ExploredWorld next = here;
      sim::TraceSink sink;
      sim::make(one.move, here.first_fault, next.world, sink);
      next.struck += one.move.fault ? 1 : 0;
      const sim::StateName name = sim::state_name(next, state.explored);
      const bool is_known = std::ranges::any_of(
          names, [&](const auto& run) { return std::ranges::count(run, name) > 0; });
      ASSERT_EQ(one.met.has_value(), is_known);
      if (!one.met) continue;
      ++met;
      EXPECT_EQ(names[one.met->branch][static_cast<std::size_t>(one.met->step)], name);
    }
  }
  EXPECT_GT(met, 0);
}

// Who comes first of a thread and of what has nothing to do with it makes no difference.
TEST(Moves, TellThatAStateWasMetOnAnotherWay) {
  core::Random random{9, core::RandomStream::Applications};
  ViewerState state = exploring();
  bool was_told = false;
  for (int i = 0; i < 60 && !was_told; ++i) {
    if (random.uniform(0, 2) == 0) handle(state, SeekStep{random.uniform(0, 6)});
    handle(state, TakeMove{static_cast<std::size_t>(random.uniform(0, 3))});
    if (!state.moves || !state.moves->met) continue;
    was_told = true;
    const MetState met = *state.moves->met;
    EXPECT_FALSE(moves_view(state).met.empty());
    const sim::StateName name = name_of(state);
    do_all(state, {ShowBranch{met.branch}, SeekStep{met.step}});
    EXPECT_EQ(name_of(state), name);
  }
  EXPECT_TRUE(was_told);
}

TEST(Moves, AFaultStrikesNowAndIsAnOutcome) {
  ViewerState state = exploring();
  handle(state, SeekStep{2});
  const core::Instant now = state.world().now;
  const MovesView view = moves_view(state);
  EXPECT_NE(view.faults.find("0 of 1"), std::string::npos) << view.faults;
  const auto fault = std::ranges::find(view.rows, MoveClass::Outcome, &MoveRow::of);
  ASSERT_NE(fault, view.rows.end());
  handle(state, TakeMove{fault->index});
  EXPECT_EQ(state.world().now, now);
  EXPECT_EQ(state.world().scenario->faults.size(), 1U);
  const MovesView after = moves_view(state);
  EXPECT_EQ(std::ranges::count(after.rows, MoveClass::Outcome, &MoveRow::of), 0) << "one at most";
  EXPECT_NE(after.faults.find("1 of 1"), std::string::npos) << after.faults;
}

TEST(Moves, AreUndoneOneByOne) {
  ViewerState state = exploring();
  handle(state, TakeMove{index_of(state, "thread app-1")});
  const std::size_t second = own_row(moves_view(state)).index == 0 ? 1 : 0;
  const auto name = name_of(state);
  handle(state, TakeMove{second});
  EXPECT_EQ(state.branches.size(), 2U);
  handle(state, UndoByHand{});
  EXPECT_EQ(state.timeline().cursor(), 1);
  EXPECT_EQ(name_of(state), name);
  handle(state, UndoByHand{});
  EXPECT_EQ(state.branches.size(), 1U);
  EXPECT_EQ(state.timeline().cursor(), 0);
}

TEST(Moves, EachStepTellsHowManyThereAre) {
  ViewerState state = exploring();
  handle(state, SeekStep{4});
  const std::size_t here = state.moves->moves.size();
  const MovesView view = moves_view(state);
  const auto count = std::ranges::find(view.counts, true, &MoveCount::is_here);
  ASSERT_NE(count, view.counts.end());
  EXPECT_EQ(count->step, 4);
  const auto not_explored =
      std::ranges::count(state.moves->moves, false, &OfferedMove::is_explored);
  EXPECT_EQ(count->moves + static_cast<std::size_t>(not_explored), here);
}

// What linger explore writes opens in the viewer, and every step of it is one of the moves.
TEST(Moves, OfACounterexampleAreSeenAsTaken) {
  sim::SmallScenario small = two_threads();
  small.programs = {{sim::send({.count = 3})}};
  sim::ExploreOptions options = may_fail();
  options.always = {std::get<sim::Query>(sim::parse_condition("log('t-0').is_in_order"))};
  const sim::Exploration found = sim::explore(small.shared(), options);
  ASSERT_TRUE(found.broken);
  const std::string file = sim::scenario_text(sim::as_scenario(small.build(), options, found));
  ViewerState state = exploring(std::make_shared<const sim::Scenario>(sim::scenario_of(file)));
  bool has_struck = false;
  for (const sim::Move& move : found.way) {
    const auto own = std::ranges::find(state.moves->moves, true, &OfferedMove::is_own);
    ASSERT_NE(own, state.moves->moves.end());
    EXPECT_TRUE(own->is_explored) << state.timeline().cursor();
    EXPECT_TRUE(sim::is_same(own->move, move)) << state.timeline().cursor();
    has_struck = has_struck || own->move.fault;
    handle(state, StepEvent{Way::Forward});
  }
  EXPECT_TRUE(has_struck);
  // Without the fault it does not come to that.
  handle(state, SeekStep{0});
  while (!std::ranges::find(state.moves->moves, true, &OfferedMove::is_own)->move.fault) {
    handle(state, StepEvent{Way::Forward});
  }
  const auto another = std::ranges::find_if(
      state.moves->moves, [](const OfferedMove& one) { return !one.is_own && !one.move.fault; });
  ASSERT_NE(another, state.moves->moves.end());
  handle(state, TakeMove{static_cast<std::size_t>(another - state.moves->moves.begin())});
  EXPECT_EQ(state.branches.size(), 2U);
  EXPECT_TRUE(state.timeline().whole_scenario()->faults.empty());
}

TEST(Moves, WhatIsTakenIsSavedAsAScenarioThatDoesTheSame) {
  ViewerState state = exploring();
  handle(state, TakeMove{index_of(state, "thread app-1")});
  handle(state, SeekStep{3});
  for (const MoveRow& row : moves_view(state).rows) {
    if (row.of == MoveClass::Outcome) handle(state, TakeMove{row.index});
  }
  const std::string text = sim::scenario_text(*state.timeline().whole_scenario());
  ViewerState again{std::make_shared<const sim::Scenario>(sim::scenario_of(text))};
  handle(again, SeekStep{state.timeline().cursor()});
  EXPECT_EQ(sim::state_of(again.world()), sim::state_of(state.world())) << text;
}

TEST(Moves, ThereAreNoneOnceTheRunIsOver) {
  ViewerState state = exploring();
  handle(state, ToEnd{});
  EXPECT_TRUE(moves_view(state).rows.empty());
  EXPECT_NE(moves_view(state).hint.find("over"), std::string::npos);
  handle(state, TakeMove{0});
  EXPECT_EQ(state.branches.size(), 1U);
}

TEST(Moves, AreNotLookedUpWhileTimeFlowsOrNobodyLooks) {
  ViewerState state = exploring();
  EXPECT_TRUE(state.moves);
  handle(state, PlayPause{});
  EXPECT_FALSE(state.moves);
  handle(state, PlayPause{});
  EXPECT_TRUE(state.moves);
  handle(state, TogglePanel{Panel::Moves});
  EXPECT_FALSE(state.moves);
}

}  // namespace
}  // namespace linger::viz
