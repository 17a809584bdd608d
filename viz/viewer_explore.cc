#include "viz/viewer_explore.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/check.h"
#include "sim/chosen_move.h"
#include "sim/explorable.h"
#include "viz/language.h"
#include "viz/move_words.h"
#include "viz/panel_stack.h"
#include "viz/text.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// So many states of each run are known, and none where a world is too large to be copied so often.
constexpr std::int64_t kMostFollowed = 2'000;
constexpr std::size_t kMostPartitions = 64;

std::int64_t most_followed(const ViewerState& state) {
  std::size_t partitions = 0;
  for (const auto& topic : state.scenario().cluster.topics) partitions += topic.leaders.size();
  return partitions > kMostPartitions ? 0 : kMostFollowed;
}

void follow_states(ViewerState& state) {
  const std::int64_t most = most_followed(state);
  for (Branch& branch : state.branches) {
    if (!branch.states) branch.states.emplace(branch.timeline.whole_scenario(), state.explored);
    branch.states->follow(std::min(branch.timeline.frontier(), most));
  }
}

// Where the runs come to a state first, those that are shown first.
class MetStates {
 public:
  explicit MetStates(const ViewerState& state) : state_{state} {}

  // Not as the state after `but_after` steps of the run that is shown, or of one that is the same
  // until then.
  std::optional<MetState> find(const sim::StateName& name, std::int64_t but_after) const {
    for (std::size_t i = 0; i < state_.branches.size(); ++i) {
      const auto& states = state_.branches[i].states->states();
      for (std::size_t step = 0; step < states.size(); ++step) {
        if (states[step].name != name) continue;
        const MetState met{i, static_cast<std::int64_t>(step)};
        if (met.step != but_after || !is_this_run(met)) return met;
      }
    }
    return std::nullopt;
  }

 private:
  bool is_this_run(const MetState& met) const {
    return state_.branches[met.branch].timeline.has_same_past(state_.timeline(), met.step);
  }

  const ViewerState& state_;
};

class MoveFinder {
 public:
  explicit MoveFinder(const ViewerState& state)
      : state_{state}, options_{state.explored}, cursor_{state.timeline().cursor()} {}

  MovesHere find() {
    MovesHere here{
        state_.branch, cursor_, {}, {}, {}, state_.branches.size(), state_.timeline().frontier()};
    here.why_not = sim::why_not_explorable(state_.scenario()).value_or("");
    if (state_.timeline().is_over() || state_.scenario().live) return here;
    const sim::ExploredWorld explored = sim::explored_world(state_.world(), options_);
    for (const sim::Move& move : sim::moves_in(explored, options_)) add(move, true, here);
    const sim::Move own = move_of(state_.branch);
    const auto is_own = [&](const OfferedMove& one) { return sim::is_same(one.move, own); };
    if (std::ranges::none_of(here.moves, is_own)) add(own, false, here);
    for (OfferedMove& one : here.moves) {
      one.is_own = is_own(one);
      if (!one.is_own) one.run = run_that_does(one.move);
      if (one.is_explored) look_behind(explored, one, here.why_not.empty());
    }
    if (here.why_not.empty()) {
      here.met = MetStates{state_}.find(sim::state_name(explored, options_), cursor_);
    }
    return here;
  }

 private:
  void add(const sim::Move& move, bool is_explored, MovesHere& here) const {
    OfferedMove offered{move, false, is_explored, {}, {}, {}, {}};
    for (const sim::Coming& one : sim::coming(state_.world())) {
      if (!move.fault && one.lane == move.next) offered.in = one.at - state_.world().now;
    }
    here.moves.push_back(std::move(offered));
  }

  // What a run does after the same past as the one that is shown.
  sim::Move move_of(std::size_t branch) const {
    const sim::ChosenMove* choice = state_.branches[branch].timeline.choice_at(cursor_);
    if (choice == nullptr) return sim::own_move(state_.world(), options_);
    if (choice->fault) {
      const auto at = std::ranges::find(options_.faults, *choice->fault);
      return {static_cast<std::size_t>(at - options_.faults.begin()), {}};
    }
    if (choice->next) return {std::nullopt, *choice->next};
    return {std::nullopt, {}, true};
  }

  std::optional<MetState> run_that_does(const sim::Move& move) const {
    for (std::size_t i = 0; i < state_.branches.size(); ++i) {
      const sim::Timeline& other = state_.branches[i].timeline;
      const bool is_beside = i != state_.branch && other.frontier() > cursor_ &&
                             other.has_same_past(state_.timeline(), cursor_);
      if (is_beside && sim::is_same(move_of(i), move)) return MetState{i, cursor_ + 1};
    }
    return std::nullopt;
  }

  // Takes the move on a copy.
  void look_behind(const sim::ExploredWorld& explored, OfferedMove& offered, bool has_names) const {
    sim::ExploredWorld next = explored;
    sim::TraceSink sink;
    sink.is_on = false;
    try {
      sim::make(offered.move, explored.first_fault, next.world, sink);
    } catch (const core::CheckFailure& failure) {
      offered.failure = failure.what();
      return;
    }
    next.struck += offered.move.fault ? 1 : 0;
    if (!has_names || offered.is_own || offered.run) return;
    offered.met = MetStates{state_}.find(sim::state_name(next, options_), -1);
  }

  const ViewerState& state_;
  const sim::ExploreOptions& options_;
  std::int64_t cursor_;
};

void show_run(ViewerState& state, const MetState& where) {
  state.branch = where.branch;
  if (where.branch != 0) state.last_fork = where.branch;
  state.current().timeline.seek(where.step - 1);
  state.shown_at = state.world().now;
  move_by_hand(state, Motion::Step, [](sim::Timeline& timeline) { timeline.step_forward(); });
  say(state, tr("branch: {}", branch_name(state, where.branch)));
}

}  // namespace

void look_into_moves(ViewerState& state) {
  if (state.is_playing || front_panel(state) != Panel::Moves) {
    state.moves.reset();
    return;
  }
  const auto& known = state.moves;
  const bool is_known =
      known && known->branch == state.branch && known->step == state.timeline().cursor() &&
      known->branches == state.branches.size() && known->frontier == state.timeline().frontier();
  if (is_known) return;
  follow_states(state);
  state.moves = MoveFinder{state}.find();
}

void take_move(ViewerState& state, std::size_t index) {
  if (state.timeline().is_over()) {
    say(state, tr("the run is over: go back first"));
    return;
  }
  follow_states(state);
  const MovesHere here = MoveFinder{state}.find();
  if (index >= here.moves.size()) return;
  const OfferedMove& offered = here.moves[index];
  if (offered.is_own) {
    move_by_hand(state, Motion::Step, [](sim::Timeline& timeline) { timeline.step_forward(); });
    return;
  }
  if (offered.run) return show_run(state, *offered.run);
  const auto words_in = [&](Language wanted) {
    const InLanguage speaking{wanted};
    return tr("{}, after {}", move_words(scene(state), offered.move, state.explored),
              count_text(here.step, "step"));
  };
  const std::string what = move_words(scene(state), offered.move, state.explored);
  const Deed deed{words_in(Language::English), {}, words_in(Language::Chinese)};
  const bool is_done = do_by_hand(state, deed, [&](sim::Timeline& timeline) {
    timeline.choose(sim::chosen_move_of(offered.move, state.explored));
  });
  if (!is_done) return;
  move_by_hand(state, Motion::Step, [](sim::Timeline& timeline) { timeline.step_forward(); });
  say(state, tr("taken: {}", what));
}

}  // namespace linger::viz
