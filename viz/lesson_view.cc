#include "viz/lesson_view.h"

#include <algorithm>
#include <utility>

#include "sim/trace_text.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/panel_stack.h"
#include "viz/pointing.h"
#include "viz/status_view.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

std::string verdict_of(const ViewerState& state, std::size_t question) {
  const Answer& answer = state.lesson.answers[question];
  const sim::QuestionOutcome& outcome = state.lesson.outcome.questions[question];
  const std::size_t right = *outcome.right_choice();
  const std::string text = choice_text(state, question, right);
  if (!answer.choice) return tr("the run has: {}", text);
  return *answer.choice == right ? tr("right: {}", text) : tr("not so; the run has: {}", text);
}

std::string in_short(const ViewerState& state, std::size_t question) {
  const Answer& answer = state.lesson.answers[question];
  if (!answer.choice) return "";
  const bool is_right = answer.choice == state.lesson.outcome.questions[question].right_choice();
  return is_right ? tr("right") : tr("not so");
}

// While the picture is there, and a choice points at something in it.
bool is_answered_by_a_click(const ViewerState& state) {
  return !state.presents && !shown_chart(state) && !pointed_things(state).empty();
}

// For a question.
std::string hint_of(const ViewerState& state, QuestionPhase phase, std::size_t choices) {
  const LessonState& lesson = state.lesson;
  const std::string numbers = "1–" + std::to_string(choices);
  const std::string go_on = key_text(GoOn{});
  switch (phase) {
    case QuestionPhase::Ahead:
      return "";
    case QuestionPhase::Open:
      if (lesson.is_teaching && is_answered_by_a_click(state)) {
        return tr(
            "{} or a click in the picture counts a hand, {} takes it back; {} closes the count and "
            "runs on",
            numbers, key_text(TakeBack{}), go_on);
      }
      if (lesson.is_teaching) {
        return tr("{} counts a hand, {} takes it back; {} closes the count and runs on", numbers,
                  key_text(TakeBack{}), go_on);
      }
      if (is_answered_by_a_click(state)) {
        return tr("{} or a click in the picture answers, {} skips", numbers,
                  key_text(SkipQuestion{}));
      }
      return tr("{} answers, {} skips", numbers, key_text(SkipQuestion{}));
    case QuestionPhase::Waiting:
      return tr("{} lets the run show it; once more goes there at once", go_on);
    case QuestionPhase::Known:
      return tr("{} goes on", go_on);
  }
  return "";
}

QuestionView question_view(const ViewerState& state, std::size_t index, QuestionPhase phase) {
  const LessonState& lesson = state.lesson;
  const sim::QuestionTexts& question = lesson_texts(state).questions[index];
  const sim::QuestionOutcome& outcome = lesson.outcome.questions[index];
  const Answer& answer = lesson.answers[index];
  const bool is_known = phase == QuestionPhase::Known;
  QuestionView view;
  view.number = static_cast<int>(index) + 1;
  view.count = static_cast<int>(lesson.answers.size());
  view.phase = phase;
  view.text = question.text;
  view.hands = answer.hands.size();
  view.counts_hands = !answer.hands.empty() || (lesson.is_teaching && phase == QuestionPhase::Open);
  for (std::size_t i = 0; i < outcome.choices.size(); ++i) {
    const std::size_t hands = hands_for(answer, i);
    const float share =
        hands == 0 ? 0 : static_cast<float>(hands) / static_cast<float>(answer.hands.size());
    view.choices.push_back({.number = static_cast<int>(i) + 1,
                            .text = choice_text(state, index, i),
                            .is_chosen = answer.choice == i,
                            .is_right = is_known && outcome.choices[i].is_right,
                            .hands = hands,
                            .share = share});
  }
  if (is_known) {
    view.verdict = verdict_of(state, index);
    view.in_short = in_short(state, index);
    view.because = question.because;
  }
  return view;
}

// Seen, and gone on from: what it came to is enough.
bool is_done_with(const LessonState& lesson, std::size_t question, const sim::Place& here) {
  return phase_of(lesson, question, here) == QuestionPhase::Known &&
         is_before(*lesson.outcome.questions[question].known, here);
}

void add_questions(const ViewerState& state, const sim::Place& here, LessonView& view) {
  auto focus = question_in_focus(state.lesson, here);
  if (focus && is_done_with(state.lesson, *focus, here)) focus.reset();
  for (std::size_t i = state.lesson.answers.size(); i-- > 0;) {
    const QuestionPhase phase = phase_of(state.lesson, i, here);
    const bool is_told_later = phase == QuestionPhase::Open && focus != i;
    if (phase == QuestionPhase::Ahead || is_told_later) continue;
    QuestionView question = question_view(state, i, phase);
    if (focus == i) {
      view.question = std::move(question);
    } else {
      view.before.push_back(std::move(question));
    }
  }
}

std::string score_of(const LessonState& lesson) {
  std::size_t shown = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < lesson.answers.size(); ++i) {
    if (!lesson.answers[i].was_shown || !lesson.answers[i].hands.empty()) continue;
    ++shown;
    if (lesson.answers[i].choice == lesson.outcome.questions[i].right_choice()) ++right;
  }
  return shown == 0 ? "" : tr("{} of {} right", right, shown);
}

std::vector<WhatIfView> what_if_views(const ViewerState& state) {
  const std::vector<sim::WhatIfTexts>& what_ifs = lesson_texts(state).what_ifs;
  std::vector<WhatIfView> views;
  for (std::size_t i = 0; i < what_ifs.size(); ++i) {
    WhatIfView view{.number = static_cast<int>(i) + 1, .text = what_ifs[i].text, .index = i};
    view.is_offered = is_offered(state.lesson, i);
    for (const Branch& branch : state.branches) view.is_open |= branch.what_if == i;
    view.is_shown = state.branches[state.branch].what_if == i;
    views.push_back(std::move(view));
  }
  return views;
}

std::optional<WhatIfOutcome> what_if_outcome(const ViewerState& state) {
  const Branch& branch = state.branches[state.branch];
  if (!branch.what_if) return std::nullopt;
  const sim::WhatIfTexts& what_if = lesson_texts(state).what_ifs[*branch.what_if];
  WhatIfOutcome outcome;
  outcome.text = what_if.text;
  if (branch.timeline.is_over()) outcome.because = what_if.because;
  return outcome;
}

std::size_t what_ifs_offered(const LessonState& lesson) {
  std::size_t offered = 0;
  while (is_offered(lesson, offered)) ++offered;
  return offered;
}

std::string hint_at_the_end(const ViewerState& state) {
  const std::string next = key_text(NextLesson{Way::Forward});
  const std::size_t offered = what_ifs_offered(state.lesson);
  const bool has_next = state.lessons.size() > 1;
  if (offered == 0) return has_next ? tr("{} opens the next lesson", next) : std::string{};
  const std::string numbers = offered == 1 ? "1" : "1–" + std::to_string(offered);
  if (!has_next) return tr("{} runs it otherwise", numbers);
  return tr("{} runs it otherwise, {} opens the next lesson", numbers, next);
}

// What to do next, whatever is in the picture.
std::string hint_of(const ViewerState& state, const LessonView& view) {
  const std::string go_on = key_text(GoOn{});
  if (state.branch != 0) {
    const std::string back = key_text(TakeBack{});
    const std::string other = key_text(NextBranch{});
    if (state.timeline().is_over()) {
      return tr("{} goes back, {} changes between the runs", back, other);
    }
    if (state.is_playing) return tr("{} goes to the end at once, {} goes back", go_on, back);
    return tr("{} plays it, {} changes between the runs, {} goes back", go_on, other, back);
  }
  const bool is_over = state.timeline().is_over();
  if (view.question && !(is_over && view.question->phase == QuestionPhase::Known)) {
    return hint_of(state, view.question->phase, view.question->choices.size());
  }
  if (is_over) return hint_at_the_end(state);
  if (state.is_playing) {
    return tr("{} goes on at once, {} holds it, {} plays faster", go_on, key_text(PlayPause{}),
              key_text(ChangeSpeed{Way::Forward}));
  }
  return state.timeline().cursor() == 0 ? tr("{} begins", go_on) : tr("{} goes on", go_on);
}

std::vector<LessonNote> notes_of(const ViewerState& state) {
  const Scene now = scene(state);
  const std::vector<std::string>& narration = lesson_texts(state).narration;
  std::vector<LessonNote> notes;
  const auto reached = now.index.moments_before(MomentKind::Narration, now.position());
  for (auto at = reached.rbegin(); at != reached.rend(); ++at) {
    const sim::TraceEvent& event = state.timeline().trace()[at->position];
    const auto index = event.as<sim::NarrationReached>()->index;
    notes.push_back({.text = narration[static_cast<std::size_t>(index)],
                     .at = sim::instant_text(event.at),
                     .when = event.at,
                     .is_new = event.at == state.shown_at});
  }
  return notes;
}

std::optional<ViewerCommand> click_of(const ViewerState& state, const LessonView& view) {
  if (state.branch != 0) return TakeBack{};
  const bool is_open = view.question && view.question->phase == QuestionPhase::Open;
  if (is_open && !view.is_teaching) return SkipQuestion{};
  if (state.timeline().is_over() && !is_open) return std::nullopt;
  return GoOn{};
}

}  // namespace

LessonView lesson_view(const ViewerState& state) {
  LessonView view;
  const sim::LessonTexts& lesson = lesson_texts(state);
  view.title = lesson.title;
  view.text = lesson.text;
  view.asks = state.lesson.asks;
  view.is_teaching = state.lesson.is_teaching;
  view.score = score_of(state.lesson);
  if (const auto here = place_in_lesson(state)) add_questions(state, *here, view);
  view.what_if = what_if_outcome(state);
  view.what_ifs = what_if_views(state);
  view.notes = notes_of(state);
  view.hint = hint_of(state, view);
  view.click = click_of(state, view);
  view.is_told_in_picture = shows_start(state);
  return view;
}

}  // namespace linger::viz
