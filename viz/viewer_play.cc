// How time flows while the viewer plays.
#include <algorithm>
#include <cmath>
#include <optional>

#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_explore.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_state.h"
#include "viz/viewer_sweep.h"

namespace linger::viz {
namespace {

// In one frame no more happens than this; at high speed the rest waits for the next.
constexpr int kStepsInAFrame = 2'000;
// A longer pause of the machine, a window being dragged, say, is not caught up with.
constexpr double kLongestFrame = 0.25;

// Nothing moves, and nothing will for so many seconds on the wall: it is not worth waiting for.
constexpr double kWorthSkipping = 2;
// The same while something crawls along a wire.
constexpr double kWorthSkippingMotion = 6;
// So much of the wait is still seen.
constexpr double kPlayLeadIn = 0.3;

constexpr double kSkipTold = 3;
constexpr double kMessageTold = 6;

core::Duration virtual_time(const ViewerState& state, double seconds) {
  return core::Duration{std::llround(seconds * state.speed * 1e6)};
}

void grow_old(ViewerState& state, double seconds) {
  if (state.skip && (state.skip->age += seconds) > kSkipTold) state.skip.reset();
  if (state.message && (state.message->age += seconds) > kMessageTold) state.message.reset();
}

bool reached_narration(const ViewerState& state) {
  const auto events = state.timeline().events_of(state.timeline().cursor() - 1);
  return std::any_of(events.begin(), events.end(), [](const sim::TraceEvent& event) {
    return event.as<sim::NarrationReached>() != nullptr;
  });
}

bool stop_at_broken_law(ViewerState& state) {
  const auto broken = law_that_stops(state, state.timeline().cursor() - 1);
  if (broken) say_broken(state, *broken);
  return broken.has_value();
}

enum class PlayFlow { GoesOn, Ends, HeldByLesson };

// Lets everything happen until `until`, but not beyond a stop of the lesson.
PlayFlow run_until(ViewerState& state, core::Instant until, const std::optional<sim::Place>& stop) {
  for (int i = 0; i < kStepsInAFrame; ++i) {
    const bool is_held = stop && stop->step <= state.timeline().cursor() &&
                         stop->at <= std::max(until, state.world().now);
    if (is_held) return PlayFlow::HeldByLesson;
    const auto next = state.timeline().next_at();
    if (!next || *next > until) return PlayFlow::GoesOn;
    const auto step = [](sim::Timeline& timeline) { timeline.step_forward(); };
    if (!move_timeline(state, step)) return PlayFlow::Ends;
    const bool stops = state.pauses_at_narration && state.played_for > 0;
    if (stops && reached_narration(state)) return PlayFlow::Ends;
    if (stop_at_broken_law(state)) return PlayFlow::Ends;
  }
  return PlayFlow::GoesOn;
}

// Jumps to shortly before something happens, if that is long to come.
void skip_idle(ViewerState& state, const std::optional<sim::Place>& stop) {
  const auto next = state.timeline().next_at();
  if (!next) return;
  const Scene now = scene(state);
  const auto past = state.timeline().past();
  if (!past.empty() && seconds_since(now, past.back().at) < kFlightSeconds) return;
  const double limit = packets(now).empty() ? kWorthSkipping : kWorthSkippingMotion;
  const bool is_stop_next = stop && stop->step == state.timeline().cursor();
  const core::Instant goal = is_stop_next ? std::min(*next, stop->at) : *next;
  if (goal - state.shown_at < virtual_time(state, limit)) return;
  const core::Instant to = goal - virtual_time(state, kPlayLeadIn);
  state.skip = ViewerState::Skip{to - state.shown_at, 0};
  state.shown_at = to;
}

}  // namespace

void advance(ViewerState& state, double seconds) {
  grow_old(state, seconds);
  run_next_of_sweep(state);
  if (!state.is_playing) {
    state.still_for = std::min(state.still_for + seconds, kFlightSeconds);
    return;
  }
  const core::Instant from = state.shown_at;
  const core::Instant until = from + virtual_time(state, std::min(seconds, kLongestFrame));
  const auto stop = stop_ahead(state);
  const PlayFlow flow = run_until(state, until, stop);
  state.played_for += seconds;
  state.current().index.extend(state.timeline());
  state.is_playing = flow == PlayFlow::GoesOn && !state.timeline().is_over();
  if (!state.is_playing) {
    state.shown_at = std::max(state.world().now, from);
    if (flow == PlayFlow::HeldByLesson) state.shown_at = std::max(state.world().now, stop->at);
    arrive(state);
    follow_laws(state);
    look_into_why(state);
    look_into_moves(state);
    return;
  }
  const auto next = state.timeline().next_at();
  state.shown_at = next ? std::min(until, *next) : state.world().now;
  state.still_for = 0;
  skip_idle(state, stop);
  note_seen(state);
  follow_beside(state);
  follow_wires(state);
  follow_laws(state);
}

}  // namespace linger::viz
