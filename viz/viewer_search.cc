#include "viz/viewer_search.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "viz/language.h"
#include "viz/mistake.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// How many steps are run at a time while something is looked for.
constexpr int kSearchStride = 512;

std::optional<std::int64_t> known_next(const TraceIndex& index,
                                       const std::vector<MomentKind>& kinds, std::int64_t cursor) {
  std::optional<std::int64_t> next;
  for (const MomentKind kind : kinds) {
    const std::vector<TraceMoment>& moments = index.moments(kind);
    const auto at = std::lower_bound(
        moments.begin(), moments.end(), cursor,
        [](const TraceMoment& moment, std::int64_t from) { return moment.step < from; });
    if (at != moments.end() && (!next || at->step < *next)) next = at->step;
  }
  return next;
}

// The last step with one, before the step that led to the cursor.
std::optional<std::int64_t> find_last(const ViewerState& state,
                                      const std::vector<MomentKind>& kinds) {
  std::optional<std::int64_t> last;
  const std::int64_t before = state.timeline().cursor() - 1;
  for (const MomentKind kind : kinds) {
    const std::vector<TraceMoment>& moments = state.branches[state.branch].index.moments(kind);
    const auto at = std::lower_bound(
        moments.begin(), moments.end(), before,
        [](const TraceMoment& moment, std::int64_t end) { return moment.step < end; });
    if (at != moments.begin() && (!last || std::prev(at)->step > *last)) {
      last = std::prev(at)->step;
    }
  }
  return last;
}

// The world after so many steps is the first at which it stops. Runs on, and comes back.
std::variant<std::optional<std::int64_t>, sim::EvalError> find_stop(
    ViewerState& state, const sim::StopCondition& condition) {
  const std::int64_t cursor = state.timeline().cursor();
  sim::StopWatch watch{condition, state.world(), state.timeline().past()};
  std::variant<std::optional<std::int64_t>, sim::EvalError> found = std::optional<std::int64_t>{};
  move_timeline(state, [&](sim::Timeline& timeline) {
    while (timeline.step_forward()) {
      const auto stops = watch.look(timeline.world(), timeline.events_of(timeline.cursor() - 1));
      if (const auto* error = std::get_if<sim::EvalError>(&stops)) {
        found = *error;
        return;
      }
      if (!std::get<bool>(stops)) continue;
      found = std::optional{timeline.cursor()};
      return;
    }
  });
  // Where a law breaks first, the run does not get so far.
  if (const auto law = law_that_stops(state, cursor)) found = std::optional{law->step};
  move_timeline(state, [cursor](sim::Timeline& timeline) { timeline.seek(cursor); });
  state.current().index.extend(state.timeline());
  return found;
}

}  // namespace

std::optional<std::int64_t> find_next(ViewerState& state, const std::vector<MomentKind>& kinds) {
  const std::int64_t cursor = state.timeline().cursor();
  const TraceIndex& index = state.current().index;
  std::optional<std::int64_t> found = known_next(index, kinds, cursor);
  bool goes_on = true;
  while (!found && goes_on) {
    goes_on = move_timeline(state, [](sim::Timeline& timeline) {
      timeline.seek(timeline.frontier());
      for (int i = 0; i < kSearchStride && timeline.step_forward(); ++i) {
      }
    });
    goes_on = goes_on && !state.timeline().is_over();
    state.current().index.extend(state.timeline());
    found = known_next(index, kinds, cursor);
  }
  move_timeline(state, [cursor](sim::Timeline& timeline) { timeline.seek(cursor); });
  return found;
}

std::vector<MomentKind> kinds_of(JumpTarget target) {
  switch (target) {
    case JumpTarget::Send:
      return {MomentKind::Send};
    case JumpTarget::Drain:
      return {MomentKind::Drain};
    case JumpTarget::Retry:
      return {MomentKind::Retry};
    case JumpTarget::Expiry:
      return {MomentKind::Expiry};
    case JumpTarget::Completion:
      return {MomentKind::Success, MomentKind::Failure};
    case JumpTarget::Fault:
      return {MomentKind::Fault};
    case JumpTarget::Narration:
      return {MomentKind::Narration};
    case JumpTarget::Anything:
      return {MomentKind::Drain,  MomentKind::Success, MomentKind::Retry, MomentKind::Failure,
              MomentKind::Expiry, MomentKind::Fault,   MomentKind::Flush, MomentKind::Narration};
  }
  return {};
}

void jump_to_moment(ViewerState& state, const std::vector<MomentKind>& kinds, Way way,
                    std::string_view name) {
  const auto step = way == Way::Forward ? find_next(state, kinds) : find_last(state, kinds);
  if (!step) {
    say(state,
        way == Way::Forward ? tr("no {} comes any more", name) : tr("no {} came before", name));
    return;
  }
  move_by_hand(state, Motion::Step,
               [to = *step + 1](sim::Timeline& timeline) { timeline.seek(to); });
}

void run_until_stop(ViewerState& state, const sim::StopPoint& stop) {
  if (const auto* at = std::get_if<core::Instant>(&stop)) {
    move_to(state, *at);
    return;
  }
  const auto found = find_stop(state, std::get<sim::StopCondition>(stop));
  if (const auto* error = std::get_if<sim::EvalError>(&found)) {
    say(state, mistake_line(error->message, error->fix));
    return;
  }
  const auto& step = std::get<std::optional<std::int64_t>>(found);
  if (!step) {
    if (state.error.empty()) say(state, tr("the run never comes to that from here on"));
    return;
  }
  move_by_hand(state, Motion::Step, [&step](sim::Timeline& timeline) { timeline.seek(*step); });
}

}  // namespace linger::viz
