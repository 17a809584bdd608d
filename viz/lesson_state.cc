#include "viz/lesson_state.h"

#include <algorithm>
#include <tuple>

#include "core/check.h"

namespace linger::viz {
namespace {

const sim::QuestionOutcome& outcome_of(const LessonState& lesson, std::size_t question) {
  return lesson.outcome.questions[question];
}

// One with a mistake, such as a moment the run never comes to, is not asked.
bool can_be_asked(const LessonState& lesson, std::size_t question) {
  const sim::QuestionOutcome& outcome = outcome_of(lesson, question);
  return lesson.asks && outcome.asked && outcome.known && outcome.right_choice();
}

bool was_reached(const std::optional<sim::Place>& place, const sim::Place& here) {
  return place && !is_before(here, *place);
}

std::optional<sim::Place> earlier(std::optional<sim::Place> a, const sim::Place& b) {
  return a && is_before(*a, b) ? a : b;
}

}  // namespace

bool is_before(const sim::Place& a, const sim::Place& b) {
  return std::tie(a.step, a.at) < std::tie(b.step, b.at);
}

LessonState begin_lesson(const std::shared_ptr<const sim::Scenario>& scenario) {
  LessonState lesson;
  try {
    lesson.outcome = sim::lesson_outcome(scenario);
  } catch (const core::CheckFailure&) {
    // It is told when somebody goes there.
    lesson.outcome = {};
  }
  lesson.answers.resize(lesson.outcome.questions.size());
  lesson.offered.resize(lesson.outcome.what_ifs.size());
  return lesson;
}

QuestionPhase phase_of(const LessonState& lesson, std::size_t question, const sim::Place& here) {
  if (!can_be_asked(lesson, question)) return QuestionPhase::Ahead;
  const sim::QuestionOutcome& outcome = outcome_of(lesson, question);
  if (!was_reached(outcome.asked, here)) return QuestionPhase::Ahead;
  if (!lesson.answers[question].is_settled) return QuestionPhase::Open;
  return was_reached(outcome.known, here) ? QuestionPhase::Known : QuestionPhase::Waiting;
}

std::optional<std::size_t> open_question(const LessonState& lesson, const sim::Place& here) {
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < lesson.answers.size(); ++i) {
    if (phase_of(lesson, i, here) != QuestionPhase::Open) continue;
    if (!open || is_before(*outcome_of(lesson, i).asked, *outcome_of(lesson, *open).asked))
      open = i;
  }
  return open;
}

std::optional<std::size_t> question_in_focus(const LessonState& lesson, const sim::Place& here) {
  if (const auto open = open_question(lesson, here)) return open;
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < lesson.answers.size(); ++i) {
    if (phase_of(lesson, i, here) == QuestionPhase::Ahead) continue;
    if (!last || !is_before(*outcome_of(lesson, i).asked, *outcome_of(lesson, *last).asked))
      last = i;
  }
  return last;
}

std::optional<sim::Place> next_stop(const LessonState& lesson, const sim::Place& here) {
  if (open_question(lesson, here)) return here;
  std::optional<sim::Place> stop;
  for (std::size_t i = 0; i < lesson.answers.size(); ++i) {
    if (!can_be_asked(lesson, i)) continue;
    const sim::QuestionOutcome& outcome = outcome_of(lesson, i);
    const Answer& answer = lesson.answers[i];
    if (answer.was_shown) continue;
    const sim::Place& place = answer.is_settled ? *outcome.known : *outcome.asked;
    if (is_before(here, place)) stop = earlier(stop, place);
  }
  return stop;
}

bool is_offered(const LessonState& lesson, std::size_t what_if) {
  return what_if < lesson.offered.size() && (lesson.offered[what_if] || !lesson.asks);
}

void note_shown(LessonState& lesson, const sim::Place& here) {
  for (std::size_t i = 0; i < lesson.offered.size(); ++i) {
    if (was_reached(lesson.outcome.what_ifs[i], here)) lesson.offered[i] = true;
  }
  for (std::size_t i = 0; i < lesson.answers.size(); ++i) {
    if (phase_of(lesson, i, here) == QuestionPhase::Known) lesson.answers[i].was_shown = true;
  }
}

std::size_t hands_for(const Answer& answer, std::size_t choice) {
  return static_cast<std::size_t>(std::count(answer.hands.begin(), answer.hands.end(), choice));
}

}  // namespace linger::viz
