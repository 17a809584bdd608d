#include "viz/viewer_hand.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "sim/hand.h"
#include "viz/hand_view.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/viewer_bookmarks.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {

namespace {

void go_to_step(ViewerState& state, std::int64_t step) {
  move_by_hand(state, Motion::Step, [step](sim::Timeline& timeline) { timeline.seek(step); });
}

}  // namespace

void act_by_hand(ViewerState& state, const sim::AppAction& action, std::size_t producer) {
  if (state.timeline().is_over()) {
    say(state, tr("the run is over: go back first"));
    return;
  }
  const core::Instant at = std::max(state.shown_at, state.world().now + core::Duration{1});
  const std::string what = tr_said(sim::text(action));
  const bool is_done = do_by_hand(state, {sim::text(action), at}, [&](sim::Timeline& timeline) {
    timeline.act(action, producer, at);
  });
  if (!is_done) return;
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
  const auto chosen = branch.timeline.last_choice();
  if (branch.deeds == 1) {
    const auto at = branch.timeline.last_done_at();
    close_branch(state);
    if (chosen) {
      go_to_step(state, *chosen);
    } else if (at && *at < state.shown_at) {
      move_to(state, *at);
    }
    say(state, tr("undone: the run goes on as it did"));
    return;
  }
  const core::Instant at = branch.timeline.last_done_at().value_or(state.shown_at);
  branch.timeline.take_back();
  --branch.deeds;
  branch.saved_deeds = std::min(branch.saved_deeds, branch.deeds);
  forget_findings(branch);
  branch.seen = {};
  branch.seen_step = 0;
  std::erase_if(state.bookmarks,
                [&](const Bookmark& mark) { return mark.branch == state.branch && mark.at > at; });
  state.shown_at = state.world().now;
  look_ahead(state);
  branch.parted = first_difference(state.branches[branch.parent].timeline, branch.timeline);
  if (chosen) {
    go_to_step(state, *chosen);
  } else {
    move_to(state, std::min(state.shown_at, at));
  }
  say(state, tr("undone"));
}

}  // namespace linger::viz
