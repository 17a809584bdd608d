#include "viz/lesson_view.h"

#include <gtest/gtest.h>

#include "lesson_fixture.h"
#include "viz/panel_stack.h"
#include "viz/timeline_view.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

ViewerState learner() {
  return viewer_of(asking());
}
ViewerState teacher() {
  ViewerState state = learner();
  handle(state, ToggleTeaching{});
  return state;
}
QuestionView asked(const ViewerState& state) {
  return lesson_view(state).question.value();
}
// So many seconds of play, in frames of a thirtieth.
void play(ViewerState& state, double seconds) {
  for (double played = 0; played < seconds && state.is_playing; played += 1.0 / 30) {
    advance(state, 1.0 / 30);
  }
}

// --- Time stops at a question ---

TEST(Lesson, NoStepLeadsOverAQuestion) {
  const ViewerCommand moves[] = {StepEvent{},       StepPass{},
                                 StepMillisecond{}, JumpTo{JumpTarget::Completion, Way::Forward},
                                 SeekStep{1'000},   SeekTime{at(9ms)},
                                 SeekFraction{1},   ToEnd{}};
  for (const ViewerCommand& move : moves) {
    ViewerState state = learner();
    for (int i = 0; i < 50 && !open_question(state); ++i) handle(state, move);
    EXPECT_EQ(open_question(state), 0U) << move.index();
    EXPECT_EQ(state.shown_at, at(1'500us)) << move.index();
    handle(state, move);
    EXPECT_EQ(state.shown_at, at(1'500us)) << move.index();
  }
}

TEST(Lesson, PlayStopsAtAQuestionHoweverFastItIs) {
  for (const double speed : kSpeeds) {
    ViewerState state = learner();
    state.pauses_at_narration = false;
    do_all(state, {SetSpeed{speed}, PlayPause{}});
    play(state, 20);
    EXPECT_EQ(state.shown_at, at(1'500us)) << speed;
    EXPECT_FALSE(state.is_playing);
    handle(state, PlayPause{});
    EXPECT_FALSE(state.is_playing) << "a question is open";
    do_all(state, {AnswerQuestion{1}, PlayPause{}});
    play(state, 20);
    EXPECT_EQ(state.shown_at, at(5ms)) << speed << ": where the answer is known";
    EXPECT_EQ(open_question(state), 1U) << "and where the next one is asked";
  }
}

TEST(Lesson, OneCanGoBackWhileAQuestionIsOpen) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, ToStart{}});
  EXPECT_EQ(state.shown_at, at(0ms));
  EXPECT_FALSE(lesson_view(state).question);
  handle(state, ToEnd{});
  EXPECT_EQ(open_question(state), 0U);
}

TEST(Lesson, WhatIsAnsweredIsNotAskedAgainUnlessOneWantsIt) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, SkipQuestion{}, ToEnd{}, AnswerQuestion{0}, ToEnd{}});
  EXPECT_TRUE(state.timeline().is_over());
  do_all(state, {ToStart{}, ToEnd{}});
  EXPECT_TRUE(state.timeline().is_over());
  handle(state, AskAgain{});
  EXPECT_EQ(state.timeline().cursor(), 0);
  handle(state, ToEnd{});
  EXPECT_EQ(open_question(state), 0U);
}

TEST(Lesson, WithTheQuestionsOffNothingStops) {
  ViewerState state = learner();
  do_all(state, {ToggleQuestions{}, ToEnd{}});
  EXPECT_TRUE(state.timeline().is_over());
  EXPECT_FALSE(lesson_view(state).question);
  handle(state, ToggleQuestions{});
  EXPECT_EQ(open_question(state), 0U);
}

TEST(Lesson, AQuestionComesToTheTop) {
  ViewerState state = learner();
  bring_to_front(state, Panel::Readiness);
  state.panels.reset(static_cast<std::size_t>(Panel::Lesson));
  state.panels.set(static_cast<std::size_t>(Panel::Inspector));
  handle(state, ToEnd{});
  EXPECT_EQ(front_panel(state), Panel::Lesson);
}

// --- Answers ---

TEST(Lesson, TheAnswerIsHiddenUntilTheRunHasShownIt) {
  ViewerState state = learner();
  handle(state, ToEnd{});
  EXPECT_EQ(asked(state).text, "When does the batch leave?");
  ASSERT_EQ(asked(state).choices.size(), 3U);
  EXPECT_EQ(asked(state).choices[1].text, "5ms");
  handle(state, PressNumber{1});
  QuestionView waiting = asked(state);
  EXPECT_EQ(waiting.phase, QuestionPhase::Waiting);
  EXPECT_TRUE(waiting.choices[0].is_chosen);
  EXPECT_EQ(waiting.verdict, "");
  EXPECT_EQ(waiting.because, "");
  for (const ChoiceView& choice : waiting.choices) EXPECT_FALSE(choice.is_right);

  handle(state, StepMillisecond{});
  EXPECT_EQ(asked(state).phase, QuestionPhase::Waiting);
  // The next question is asked at the very place; the first one's answer is told before.
  handle(state, ToEnd{});
  EXPECT_EQ(state.shown_at, at(5ms));
  do_all(state, {PressNumber{1}, ToEnd{}});
  const QuestionView known = asked(state);
  EXPECT_EQ(known.number, 2);
  EXPECT_EQ(known.verdict, "right: they are acknowledged");
  EXPECT_EQ(known.because, "Nothing goes wrong here.");
  EXPECT_TRUE(known.choices[0].is_right);
  EXPECT_EQ(lesson_view(state).score, "1 of 2 right");
}

TEST(Lesson, AWrongAnswerIsToldWithWhatTheRunHas) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, SkipQuestion{}, ToEnd{}, PressNumber{2}, ToEnd{}});
  EXPECT_EQ(asked(state).verdict, "not so; the run has: they are acknowledged");
}

TEST(Lesson, ANumberThatIsNoChoiceAnswersNothing) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, PressNumber{9}});
  EXPECT_EQ(open_question(state), 0U);
  EXPECT_EQ(state.branches.size(), 1U);
  ASSERT_TRUE(state.message);
  EXPECT_EQ(state.message->text, "a question is open: 1–3 answers it, 0 skips it");
}

TEST(Lesson, GoingOnPlaysToTheAnswerAndTwiceGoesThereAtOnce) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, PressNumber{2}, GoOn{}});
  EXPECT_TRUE(state.is_playing);
  handle(state, GoOn{});
  EXPECT_FALSE(state.is_playing);
  EXPECT_EQ(state.shown_at, at(5ms));
  EXPECT_TRUE(answer_to(state, 0).was_shown);
}

TEST(Lesson, AQuestionThatWasSeenGivesWayOnceTheRunGoesOn) {
  ViewerState state = viewer_of(std::string{kLinger} + R"(
[[ask]]
at = "1500us"
text = "When does the batch leave?"
answer = "first(batch_drained).at"
choices = ["2ms", "5ms", "7ms"]
known_when = "count(batch_drained) > 0"
because = "linger.ms counts from the first record."
)");
  do_all(state, {ToEnd{}, PressNumber{2}, ToEnd{}});
  EXPECT_EQ(asked(state).in_short, "right") << "it stops there, to be read";
  handle(state, StepEvent{});
  const LessonView view = lesson_view(state);
  EXPECT_FALSE(view.question);
  ASSERT_EQ(view.before.size(), 1U);
  EXPECT_EQ(view.before[0].verdict, "right: 5ms");
  handle(state, SeekTime{at(2ms)});
  EXPECT_EQ(asked(state).phase, QuestionPhase::Waiting) << "going back shows it again";
}

TEST(Lesson, ANumberDoesNotAnswerAQuestionThatSomethingLiesOver) {
  ViewerState state = learner();
  do_all(state, {ToEnd{}, AimFaults{lane()}});
  ASSERT_EQ(front_panel(state), Panel::Faults);
  handle(state, PressNumber{1});
  EXPECT_EQ(open_question(state), 0U);
  EXPECT_EQ(front_panel(state), Panel::Lesson) << "but it is shown";
  handle(state, PressNumber{1});
  EXPECT_EQ(answer_to(state, 0).choice, 0U);
}

// --- What to do next ---

TEST(Lesson, WhatToDoNextIsToldAtEachStep) {
  ViewerState state = learner();
  const auto hint = [&state] { return lesson_view(state).hint; };
  EXPECT_EQ(hint(), "Enter begins");
  handle(state, ToEnd{});
  EXPECT_EQ(hint(), "1–3 answers, 0 skips");
  handle(state, PressNumber{2});
  EXPECT_EQ(hint(), "Enter lets the run show it; once more goes there at once");
  do_all(state, {ToEnd{}, PressNumber{1}, GoOn{}});
  EXPECT_EQ(hint(), "Enter lets the run show it; once more goes there at once");
  do_all(state, {ToEnd{}, ToEnd{}});
  ASSERT_TRUE(state.timeline().is_over());
  EXPECT_EQ(hint(), "1–2 runs it otherwise");
  handle(state, OpenWhatIf{0});
  EXPECT_EQ(hint(), "Enter plays it, B changes between the runs, Backspace goes back");
  EXPECT_EQ(lesson_view(state).click, ViewerCommand{TakeBack{}});
  handle(state, ToEnd{});
  EXPECT_EQ(hint(), "Backspace goes back, B changes between the runs");
}

TEST(Lesson, ABranchDoesNotLeadOverAQuestionOfTheRunAsWritten) {
  ViewerState state = learner();
  do_all(state, {StepEvent{}, ForkWith{"linger.ms=0"}, ToEnd{}});
  ASSERT_TRUE(state.timeline().is_over());
  for (const ViewerCommand& back : {ViewerCommand{TakeBack{}}, ViewerCommand{CloseBranch{}}}) {
    ViewerState there = state;
    handle(there, back);
    EXPECT_EQ(there.branch, 0U);
    EXPECT_EQ(open_question(there), 0U);
    EXPECT_EQ(there.shown_at, at(1'500us));
  }
}

TEST(Lesson, GoingOnTwiceGoesAtOnceToWhatIsSaidNextOrToTheEnd) {
  ViewerState state = learner();
  do_all(state, {ToggleQuestions{}, GoOn{}});
  EXPECT_TRUE(state.is_playing);
  EXPECT_EQ(lesson_view(state).hint, "Enter goes on at once, Space holds it, Up plays faster");
  handle(state, GoOn{});
  EXPECT_FALSE(state.is_playing);
  EXPECT_EQ(state.shown_at, at(3ms)) << "where something is said";
  do_all(state, {GoOn{}, GoOn{}});
  EXPECT_TRUE(state.timeline().is_over()) << "nothing more is said";
}

TEST(Lesson, GoingOnTwiceLeadsOverNoQuestion) {
  ViewerState state = learner();
  do_all(state, {GoOn{}, GoOn{}});
  EXPECT_EQ(open_question(state), 0U);
  EXPECT_EQ(state.shown_at, at(1'500us));
}

// --- A class ---

TEST(Lesson, ATeacherCountsHandsAndTheRunTellsAfterwards) {
  ViewerState state = teacher();
  handle(state, ToEnd{});
  do_all(state, {PressNumber{1}, PressNumber{2}, PressNumber{2}, PressNumber{3}, TakeBack{}});
  QuestionView counted = asked(state);
  EXPECT_EQ(counted.phase, QuestionPhase::Open);
  EXPECT_TRUE(counted.counts_hands);
  EXPECT_EQ(counted.hands, 3U);
  EXPECT_EQ(counted.choices[0].hands, 1U);
  EXPECT_EQ(counted.choices[1].hands, 2U);
  EXPECT_EQ(counted.choices[2].hands, 0U);
  for (const ChoiceView& choice : counted.choices) EXPECT_FALSE(choice.is_right);
  handle(state, CountHand{1, Hand::TakenBack});
  EXPECT_EQ(asked(state).choices[1].hands, 1U);
  EXPECT_EQ(asked(state).choices[0].hands, 1U);

  handle(state, GoOn{});
  EXPECT_EQ(asked(state).phase, QuestionPhase::Waiting);
  EXPECT_TRUE(state.is_playing);
  handle(state, GoOn{});
  EXPECT_TRUE(answer_to(state, 0).was_shown);
  EXPECT_EQ(answer_to(state, 0).hands.size(), 2U) << "what was counted stays to be seen";
}

TEST(Lesson, WhatAClassAnswersIsNobodysProgress) {
  ViewerState state = teacher();
  do_all(state, {ToEnd{}, PressNumber{1}, GoOn{}, GoOn{}});
  EXPECT_EQ(lesson_view(state).score, "");
}

// --- On the scrub bar ---

TEST(Lesson, QuestionsArePinnedToTheScrubBar) {
  ViewerState state = learner();
  std::vector<Pin> pins = timeline_pins(state);
  ASSERT_EQ(pins.size(), 2U);
  EXPECT_EQ(pins[0].at, at(1'500us));
  EXPECT_EQ(pins[0].text, "a question at 1.500 ms");
  EXPECT_FALSE(pins[0].is_past);
  EXPECT_EQ(pins[1].at, at(5ms));
  handle(state, ToEnd{});
  EXPECT_TRUE(timeline_pins(state)[0].is_past);
  handle(state, ToggleQuestions{});
  EXPECT_TRUE(timeline_pins(state).empty());
  do_all(state, {ToEnd{}, OpenWhatIf{1}});
  pins = timeline_pins(state);
  ASSERT_EQ(pins.size(), 1U);
  EXPECT_EQ(pins[0].kind, PinKind::Parting);
  EXPECT_EQ(pins[0].at, state.branches[1].parted->at);
}

// --- Notes and what-ifs ---

TEST(Lesson, WhatWasSaidIsPinnedToItsMoment) {
  ViewerState state = learner();
  do_all(state, {ToggleQuestions{}, SeekTime{at(3ms)}});
  const LessonView view = lesson_view(state);
  ASSERT_EQ(view.notes.size(), 1U);
  EXPECT_EQ(view.notes[0].text, "All three are in one batch.");
  EXPECT_EQ(view.notes[0].when, at(3ms));
  EXPECT_TRUE(view.notes[0].is_new);
  handle(state, SeekTime{at(2ms)});
  EXPECT_TRUE(lesson_view(state).notes.empty());
}

TEST(Lesson, AWhatIfIsOfferedOnceTheRunHasComeToIt) {
  ViewerState state = learner();
  const auto offered = [&state](std::size_t index) {
    return lesson_view(state).what_ifs.at(index).is_offered;
  };
  EXPECT_FALSE(offered(0));
  EXPECT_FALSE(offered(1));
  do_all(state, {ToEnd{}, SkipQuestion{}, SeekTime{at(4ms)}});
  EXPECT_FALSE(offered(0));
  EXPECT_TRUE(offered(1));
  handle(state, OpenWhatIf{0});
  EXPECT_EQ(state.branches.size(), 1U);
  do_all(state, {ToEnd{}, SkipQuestion{}, ToEnd{}, ToStart{}});
  EXPECT_TRUE(offered(0)) << "also after going back";
}

}  // namespace
}  // namespace linger::viz
