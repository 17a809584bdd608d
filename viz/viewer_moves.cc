#include "viz/viewer_moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/panel_stack.h"
#include "viz/plots_view.h"
#include "viz/said.h"
#include "viz/viewer_branches.h"

namespace linger::viz {
namespace {

// How much of a run is known at once, so that the scrub bar shows where things are.
constexpr std::int64_t kLookAhead = 10'000;

// To the last world that was whole.
void restore(sim::Timeline& timeline) {
  const std::int64_t good = timeline.cursor();
  if (good == 0) {
    timeline = sim::Timeline{timeline.world().scenario};
    return;
  }
  timeline.seek(good - 1);
  timeline.seek(good);
}

// Back to where a law broke first on the way.
void hold_at_broken_law(ViewerState& state, std::int64_t from) {
  const auto law = law_that_stops(state, from);
  if (!law) return;
  if (law->step < state.timeline().cursor()) {
    move_timeline(state, [&law](sim::Timeline& timeline) { timeline.seek(law->step); });
    settle(state, Motion::Step);
  }
  say_broken(state, *law);
}

// Back to where the run had to stop, if it went on from there.
void hold_at(ViewerState& state, const std::optional<sim::Place>& stop) {
  const auto here = place_in_lesson(state);
  if (!stop || !here || !is_before(*stop, *here)) return;
  move_timeline(state, [&stop](sim::Timeline& timeline) { timeline.seek(stop->step); });
  settle(state, Motion::Step);
  state.shown_at = std::max(state.world().now, stop->at);
}

AnswerMark mark_of(const Answer& answer, const sim::QuestionOutcome& outcome) {
  if (!answer.choice) return AnswerMark::Skipped;
  return answer.choice == outcome.right_choice() ? AnswerMark::Right : AnswerMark::Wrong;
}

void note_progress(ViewerState& state) {
  LessonProgress done;
  done.was_seen = state.timeline().is_over();
  for (std::size_t i = 0; i < state.lesson.answers.size(); ++i) {
    const Answer& answer = state.lesson.answers[i];
    const bool is_of_a_class = !answer.hands.empty();
    if (!answer.was_shown || is_of_a_class) continue;
    done.answers[i] = mark_of(answer, state.lesson.outcome.questions[i]);
  }
  if (done == LessonProgress{} || state.scenario().file.empty()) return;
  LessonProgress& kept = state.progress.lessons[lesson_key(state.scenario().file)];
  kept.was_seen = kept.was_seen || done.was_seen;
  for (const auto& [question, mark] : done.answers) kept.answers[question] = mark;
}

}  // namespace

void say(ViewerState& state, std::string text) {
  state.message = ViewerState::Message{std::move(text), 0};
}

void look_ahead(ViewerState& state) {
  sim::Timeline& timeline = state.current().timeline;
  const std::int64_t cursor = timeline.cursor();
  try {
    timeline.seek(std::max(timeline.frontier(), cursor + kLookAhead));
  } catch (const core::CheckFailure&) {
    // It is told when somebody goes there.
    restore(timeline);
  }
  timeline.seek(cursor);
  state.current().index.extend(timeline);
}

bool move_timeline(ViewerState& state, const std::function<void(sim::Timeline&)>& move) {
  sim::Timeline& timeline = state.current().timeline;
  try {
    move(timeline);
    state.error.clear();
    return true;
  } catch (const core::CheckFailure& failure) {
    restore(timeline);
    state.is_playing = false;
    state.error = tr("stopped after step {} at {}: {}", timeline.cursor(),
                     sim::instant_text(timeline.world().now), failure.what());
    return false;
  }
}

void settle(ViewerState& state, Motion motion) {
  state.current().index.extend(state.timeline());
  state.shown_at = state.world().now;
  note_seen(state);
  state.still_for = 0;
  const std::int64_t last_step = std::max<std::int64_t>(state.timeline().cursor() - 1, 0);
  state.fresh_from = motion == Motion::Step ? last_step : 0;
}

void note_seen(ViewerState& state) {
  Branch& branch = state.current();
  branch.seen = std::max(branch.seen, state.shown_at);
  branch.seen_step = std::max(branch.seen_step, branch.timeline.cursor());
}

void move_by_hand(ViewerState& state, Motion motion,
                  const std::function<void(sim::Timeline&)>& move) {
  const auto stop = stop_ahead(state);
  const std::int64_t from = state.timeline().cursor();
  state.is_playing = false;
  state.skip.reset();
  move_timeline(state, move);
  settle(state, motion);
  hold_at_broken_law(state, from);
  hold_at(state, stop);
  arrive(state);
}

void move_to(ViewerState& state, core::Instant at) {
  const auto stop = stop_ahead(state);
  const core::Instant to = std::max(at, core::Instant{});
  const std::int64_t from = state.timeline().cursor();
  state.is_playing = false;
  state.skip.reset();
  move_timeline(state, [to](sim::Timeline& timeline) { timeline.seek_time(to); });
  settle(state, Motion::Jump);
  if (state.error.empty() && !state.timeline().is_over()) {
    state.shown_at = std::max(state.world().now, to);
  }
  hold_at_broken_law(state, from);
  hold_at(state, stop);
  arrive(state);
}

// --- The lesson ---

std::optional<sim::Place> place_in_lesson(const ViewerState& state) {
  if (state.branch != 0) return std::nullopt;
  return sim::Place{state.timeline().cursor(), state.shown_at};
}

std::optional<sim::Place> stop_ahead(const ViewerState& state) {
  const auto here = place_in_lesson(state);
  if (!here) return std::nullopt;
  return next_stop(state.lesson, *here);
}

std::optional<std::size_t> open_question(const ViewerState& state) {
  const auto here = place_in_lesson(state);
  if (!here) return std::nullopt;
  return open_question(state.lesson, *here);
}

void follow_laws(ViewerState& state) {
  if (!state.is_shown(Panel::Laws) && !state.stops_at_broken_law) return;
  Branch& branch = state.current();
  if (!branch.laws) {
    // At the frontier, all that was injected is known.
    sim::Timeline whole = branch.timeline;
    whole.seek(whole.frontier());
    branch.laws.emplace(whole.world().scenario);
  }
  branch.laws->follow(branch.timeline.cursor());
}

std::optional<sim::BrokenLaw> law_that_stops(ViewerState& state, std::int64_t from) {
  if (!state.stops_at_broken_law) return std::nullopt;
  follow_laws(state);
  return state.current().laws->first_broken(from, state.timeline().cursor());
}

void say_broken(ViewerState& state, const sim::BrokenLaw& law) {
  say(state, tr("stopped, since a law is broken: {}",
                fmt::format("{}: {}", tr(law.name), tr_said(law.what))));
}

void arrive(ViewerState& state) {
  if (const auto here = place_in_lesson(state)) {
    const std::vector<Answer> before = state.lesson.answers;
    note_shown(state.lesson, *here);
    if (open_question(state) || before != state.lesson.answers) {
      bring_to_front(state, Panel::Lesson);
    }
    note_progress(state);
  }
  follow_beside(state);
  follow_wires(state);
}

void look_into_why(ViewerState& state) {
  const Scene now = scene(state);
  const auto lane = lane_to_explain(now);
  if (state.is_playing || !lane || front_panel(state) != Panel::Readiness) {
    state.why.reset();
    return;
  }
  const bool is_known = state.why && state.why->branch == state.branch &&
                        state.why->step == state.timeline().cursor() && state.why->lane == *lane &&
                        state.why->selection == now.selection;
  if (is_known) return;
  state.why = why_details(now, state.branch, *lane);
  if (future_of(state) == Future::Shown) add_request_details(now, *state.why);
}

}  // namespace linger::viz
