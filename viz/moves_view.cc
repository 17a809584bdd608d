#include "viz/moves_view.h"

#include <algorithm>
#include <optional>

#include "sim/chosen_move.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

constexpr int kMostNumbers = 9;
constexpr std::int64_t kStepsBefore = 5;
constexpr std::int64_t kStepsShown = 12;

std::string met_text(const ViewerState& state, const MetState& met) {
  return tr("“{}”, after {}", branch_name(state, met.branch), count_text(met.step, "step"));
}

MoveRow row_of(const ViewerState& state, const Scene& now, const OfferedMove& offered) {
  MoveRow row;
  row.of = class_of(offered.move);
  row.words = move_words(now, offered.move, state.explored);
  if (offered.in > core::Duration{}) row.when = tr("in {}", duration_text(offered.in));
  row.is_own = offered.is_own;
  row.is_explored = offered.is_explored;
  if (offered.run) row.beside = branch_name(state, offered.run->branch);
  if (offered.met) row.leads = met_text(state, *offered.met);
  row.failure = offered.failure;
  return row;
}

std::vector<MoveCount> counts_around(const ViewerState& state) {
  std::vector<MoveCount> counts;
  const auto& followed = state.branches[state.branch].states;
  if (!followed) return counts;
  const auto& states = followed->states();
  const std::int64_t here = state.timeline().cursor();
  if (here >= std::ssize(states)) return counts;
  const std::int64_t last_first = std::max<std::int64_t>(std::ssize(states) - kStepsShown, 0);
  const std::int64_t first = std::clamp<std::int64_t>(here - kStepsBefore, 0, last_first);
  for (std::int64_t step = first; step < std::ssize(states) && step < first + kStepsShown; ++step) {
    counts.push_back({step, states[static_cast<std::size_t>(step)].moves, step == here});
  }
  return counts;
}

std::string faults_text(const ViewerState& state) {
  std::string text;
  for (const sim::Fault& fault : state.explored.faults) {
    if (!text.empty()) text += "; ";
    text += tr_said(sim::text(fault));
  }
  if (text.empty()) return tr("No fault may strike: linger-view --may 'disconnect = 0' lets one.");
  const int struck = sim::explored_world(state.world(), state.explored).struck;
  return tr("May strike: {} ({} of {} so far)", text, struck, state.explored.most_faults);
}

std::string hint_of_moves(const ViewerState& state) {
  if (state.scenario().live) return tr("A recording cannot go otherwise than it did.");
  if (state.timeline().is_over()) return tr("The run is over: go back first.");
  if (!state.moves) return tr("The moves are listed while nothing moves.");
  if (state.moves->why_not.empty()) return "";
  return tr("States are not compared, since linger explore does not take this: {}.",
            tr_said(state.moves->why_not));
}

}  // namespace

MovesView moves_view(const ViewerState& state) {
  MovesView view;
  view.place = tr("after {}, at {}", count_text(state.timeline().cursor(), "step"),
                  sim::instant_text(state.world().now));
  view.hint = hint_of_moves(state);
  view.can_undo = state.branches[state.branch].deeds > 0;
  if (!state.moves) return view;
  const Scene now = scene(state);
  for (const OfferedMove& offered : state.moves->moves) {
    MoveRow row = row_of(state, now, offered);
    row.index = view.rows.size();
    row.number = row.index < kMostNumbers ? static_cast<int>(row.index) + 1 : 0;
    if (offered.move.is_departure) {
      view.departure = tr("Bytes leave a socket at once: nobody else comes before them.");
    }
    view.rows.push_back(std::move(row));
  }
  view.counts = counts_around(state);
  if (state.moves->met) {
    view.met = tr("This state is also that of {}.", met_text(state, *state.moves->met));
  }
  view.faults = faults_text(state);
  return view;
}

}  // namespace linger::viz
