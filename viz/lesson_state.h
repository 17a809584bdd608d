// How far somebody is with a lesson: what was asked, what was answered, and whether the run has
// shown it yet.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "sim/lesson_run.h"
#include "sim/scenario.h"

namespace linger::viz {

// To one question.
struct Answer {
  std::optional<std::size_t>
      choice;                      // none yet, or nobody's: it was skipped, or hands were counted
  bool is_settled = false;         // given, skipped, or the count of hands is closed
  bool was_shown = false;          // the run has been where the right one is known
  std::vector<std::size_t> hands;  // the choices they were raised for, one after another
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct LessonState {
  sim::LessonOutcome outcome;   // of the run as written
  std::vector<Answer> answers;  // one for each question
  std::vector<bool> offered;    // each what-if, once the run has been where it is
  bool asks = true;
  bool is_teaching = false;  // for a class: hands are counted, and nobody's answer is the answer
};

// A lesson nobody has begun. Runs the scenario to its end. A run that fails asks nothing.
LessonState begin_lesson(const std::shared_ptr<const sim::Scenario>& scenario);

// By step, then by time.
bool is_before(const sim::Place& a, const sim::Place& b);

enum class QuestionPhase {
  Ahead,    // not asked yet, or never
  Open,     // waits for an answer
  Waiting,  // answered; the run has not come to where it is known
  Known
};
QuestionPhase phase_of(const LessonState& lesson, std::size_t question, const sim::Place& here);

// The one that waits for an answer, the earliest first.
std::optional<std::size_t> open_question(const LessonState& lesson, const sim::Place& here);
// The last one that was asked, or the one that is open.
std::optional<std::size_t> question_in_focus(const LessonState& lesson, const sim::Place& here);

// How far time may go on from here: to the next question, or to where the answer to one is known
// for the first time. Not on, if a question is open. None: as far as it likes.
std::optional<sim::Place> next_stop(const LessonState& lesson, const sim::Place& here);

// Whether a what-if may be opened. With the questions off, all may.
bool is_offered(const LessonState& lesson, std::size_t what_if);

// Notes which answers the run has shown by now, and which what-ifs it has come to.
void note_shown(LessonState& lesson, const sim::Place& here);

// How many hands were raised for a choice.
std::size_t hands_for(const Answer& answer, std::size_t choice);

}  // namespace linger::viz
