#include "viz/viewer_hand.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/hand.h"
#include "sim/trace_text.h"
#include "viz/hand_view.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/viewer_bookmarks.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// Nothing that anybody has seen is lost if the run goes on otherwise from here.
bool may_go_on_otherwise(const ViewerState& state) {
  const Branch& branch = state.branches[state.branch];
  const bool is_parent =
      std::any_of(state.branches.begin() + 1, state.branches.end(),
                  [&](const Branch& other) { return other.parent == state.branch; });
  return branch.deeds > 0 && !is_parent && branch.seen <= state.shown_at;
}

}  // namespace

void act_by_hand(ViewerState& state, const sim::AppAction& action, std::size_t producer) {
  if (state.timeline().is_over()) {
    say(state, tr("the run is over: go back first"));
    return;
  }
  const core::Instant at = std::max(state.shown_at, state.world().now + core::Duration{1});
  const std::string what = tr_said(sim::text(action));
  if (may_go_on_otherwise(state)) {
    Branch& branch = state.current();
    branch.timeline.act(action, producer, at);
    branch.index = {};
    branch.so_far = {};
    branch.tap.reset();
    branch.laws.reset();
    ++branch.deeds;
    look_ahead(state);
  } else {
    Branch branch{.name = tr("{} at {}", what, sim::instant_text(at)),
                  .timeline = state.timeline(),
                  .index = {},
                  .parent = state.branch,
                  .what_if = {},
                  .parted = {},
                  .so_far = {},
                  .tap = {},
                  .laws = {},
                  .deeds = 1,
                  .seen = {}};
    branch.timeline.act(action, producer, at);
    if (!add_branch(state, std::move(branch))) return;
  }
  move_by_hand(state, Motion::Step, [at](sim::Timeline& timeline) { timeline.seek_time(at); });
  say(state, tr("by hand: {}", what));
}

void act_numbered(ViewerState& state, int number) {
  for (const HandButton& button : hand_view(state).buttons) {
    if (button.number != number) continue;
    act_by_hand(state, button.action, button.producer);
    return;
  }
}

void undo_by_hand(ViewerState& state) {
  Branch& branch = state.current();
  if (branch.deeds == 0) {
    say(state, tr("nothing was done by hand in this run"));
    return;
  }
  if (branch.deeds == 1) {
    const auto at = branch.timeline.last_done_at();
    close_branch(state);
    if (at && *at < state.shown_at) move_to(state, *at);
    say(state, tr("undone: the run goes on as it did"));
    return;
  }
  const core::Instant at = branch.timeline.last_done_at().value_or(state.shown_at);
  branch.timeline.take_back();
  --branch.deeds;
  branch.index = {};
  branch.so_far = {};
  branch.tap.reset();
  branch.laws.reset();
  branch.seen = {};
  std::erase_if(state.bookmarks,
                [&](const Bookmark& mark) { return mark.branch == state.branch && mark.at > at; });
  state.shown_at = state.world().now;
  look_ahead(state);
  branch.parted = first_difference(state.branches[branch.parent].timeline, branch.timeline);
  move_to(state, std::min(state.shown_at, at));
  say(state, tr("undone"));
}

}  // namespace linger::viz
