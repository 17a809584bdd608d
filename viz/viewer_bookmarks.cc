#include "viz/viewer_bookmarks.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

bool stands_before(const Bookmark& a, const Bookmark& b) {
  return std::tie(a.branch, a.at, a.step) < std::tie(b.branch, b.at, b.step);
}

Bookmark here(const ViewerState& state) {
  return {state.branch, state.timeline().cursor(), state.shown_at};
}

}  // namespace

void toggle_bookmark(ViewerState& state) {
  const Bookmark mark = here(state);
  const auto at =
      std::lower_bound(state.bookmarks.begin(), state.bookmarks.end(), mark, stands_before);
  if (at != state.bookmarks.end() && *at == mark) {
    state.bookmarks.erase(at);
    say(state, tr("the bookmark is gone"));
    return;
  }
  state.bookmarks.insert(at, mark);
  say(state, tr("bookmark at {}", sim::instant_text(mark.at)));
}

void go_to_bookmark(ViewerState& state, std::size_t index) {
  if (index >= state.bookmarks.size()) return;
  const Bookmark mark = state.bookmarks[index];
  if (mark.branch != state.branch) show_branch(state, mark.branch);
  move_by_hand(state, Motion::Step, [&mark](sim::Timeline& timeline) { timeline.seek(mark.step); });
  // A question on the way may hold the run before it.
  if (state.timeline().cursor() == mark.step && state.shown_at < mark.at) move_to(state, mark.at);
}

void go_to_next_bookmark(ViewerState& state, Way way) {
  const std::vector<Bookmark>& marks = state.bookmarks;
  if (marks.empty()) {
    say(state, tr("there is no bookmark"));
    return;
  }
  const auto count = static_cast<std::ptrdiff_t>(marks.size());
  std::ptrdiff_t to = 0;
  if (way == Way::Forward) {
    to = std::upper_bound(marks.begin(), marks.end(), here(state), stands_before) - marks.begin();
  } else {
    to = std::lower_bound(marks.begin(), marks.end(), here(state), stands_before) - marks.begin() -
         1;
  }
  go_to_bookmark(state, static_cast<std::size_t>((to + count) % count));
}

void forget_bookmarks_of(ViewerState& state, std::size_t closed) {
  std::erase_if(state.bookmarks, [closed](const Bookmark& mark) { return mark.branch == closed; });
  for (Bookmark& mark : state.bookmarks) {
    if (mark.branch > closed) --mark.branch;
  }
}

}  // namespace linger::viz
