#include "viz/viewer_lesson.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/panel_stack.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_search.h"

namespace linger::viz {
namespace {

std::size_t choice_count(const ViewerState& state, std::size_t question) {
  return state.lesson.outcome.questions[question].choices.size();
}

}  // namespace

void ask_for_answer(ViewerState& state) {
  const auto open = open_question(state);
  if (!open) return;
  bring_to_front(state, Panel::Lesson);
  const std::string numbers = "1–" + std::to_string(choice_count(state, *open));
  const std::string skip = key_text(SkipQuestion{});
  say(state, state.lesson.is_teaching
                 ? tr("count hands with {}; {} closes the count, {} skips it", numbers,
                      key_text(GoOn{}), skip)
                 : tr("a question is open: {} answers it, {} skips it", numbers, skip));
}

void answer_question(ViewerState& state, std::size_t choice) {
  const auto open = open_question(state);
  if (!open) {
    say(state, tr("no question is open"));
    return;
  }
  if (choice >= choice_count(state, *open)) {
    ask_for_answer(state);
    return;
  }
  Answer& answer = state.lesson.answers[*open];
  answer.choice = choice;
  answer.is_settled = true;
  arrive(state);
}

void skip_question(ViewerState& state) {
  const auto open = open_question(state);
  if (!open) {
    say(state, tr("no question is open"));
    return;
  }
  Answer& answer = state.lesson.answers[*open];
  answer.hands.clear();
  answer.is_settled = true;
  arrive(state);
}

void count_hand(ViewerState& state, const CountHand& count) {
  const auto open = open_question(state);
  if (!open || count.choice >= choice_count(state, *open)) {
    ask_for_answer(state);
    return;
  }
  std::vector<std::size_t>& hands = state.lesson.answers[*open].hands;
  if (count.hand == Hand::Raised) {
    hands.push_back(count.choice);
    return;
  }
  const auto last = std::find(hands.rbegin(), hands.rend(), count.choice);
  if (last != hands.rend()) hands.erase(std::next(last).base());
}

bool take_hand_back(ViewerState& state) {
  const auto open = open_question(state);
  if (!open || state.lesson.answers[*open].hands.empty()) return false;
  state.lesson.answers[*open].hands.pop_back();
  return true;
}

bool settle_hands(ViewerState& state) {
  const auto open = open_question(state);
  if (!open) return true;
  if (!state.lesson.is_teaching) {
    ask_for_answer(state);
    return false;
  }
  state.lesson.answers[*open].is_settled = true;
  arrive(state);
  return !open_question(state);
}

namespace {

// The answer that is waited for.
std::optional<sim::Place> answer_ahead(const ViewerState& state) {
  const auto here = place_in_lesson(state);
  if (!here) return std::nullopt;
  const auto focus = question_in_focus(state.lesson, *here);
  if (!focus || phase_of(state.lesson, *focus, *here) != QuestionPhase::Waiting) return {};
  return state.lesson.outcome.questions[*focus].known;
}

void go_to(ViewerState& state, const sim::Place& place) {
  move_by_hand(state, Motion::Step,
               [&place](sim::Timeline& timeline) { timeline.seek(place.step); });
  if (!is_before(*place_in_lesson(state), place)) return;
  if (state.timeline().cursor() == place.step) move_to(state, place.at);
}

}  // namespace

bool go_ahead(ViewerState& state) {
  if (!state.is_playing) return false;
  if (const auto answer = answer_ahead(state)) {
    go_to(state, *answer);
  } else if (const auto said = find_next(state, {MomentKind::Narration})) {
    move_by_hand(state, Motion::Step,
                 [to = *said + 1](sim::Timeline& timeline) { timeline.seek(to); });
  } else {
    move_by_hand(state, Motion::Jump, [](sim::Timeline& timeline) { timeline.run_to_end(); });
  }
  return true;
}

void toggle_teaching(ViewerState& state) {
  LessonState& lesson = state.lesson;
  lesson.is_teaching = !lesson.is_teaching;
  bring_to_front(state, Panel::Lesson);
  say(state, lesson.is_teaching ? tr("for a class: hands are counted") : tr("for one learner"));
}

void toggle_questions(ViewerState& state) {
  state.lesson.asks = !state.lesson.asks;
  say(state, state.lesson.asks ? tr("the lesson asks") : tr("the lesson asks nothing"));
  arrive(state);
}

void ask_again(ViewerState& state) {
  for (Answer& answer : state.lesson.answers) answer = {};
  state.lesson.asks = true;
  if (state.branch != 0) return;
  move_by_hand(state, Motion::Jump, [](sim::Timeline& timeline) { timeline.seek(0); });
}

}  // namespace linger::viz
