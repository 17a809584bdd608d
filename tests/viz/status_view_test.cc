#include "viz/status_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lesson_fixture.h"

namespace linger::viz {
namespace {

TEST(StatusView, ALongTimeIsReadInGroups) {
  ViewerState state = viewer_of(kLinger);
  EXPECT_EQ(status_view(state).time, "0.000 ms");
  state.shown_at = at(9'999'250us);
  EXPECT_EQ(status_view(state).time, "9999.250 ms");
  state.shown_at = at(14s);
  EXPECT_EQ(status_view(state).time, "14 000.000 ms");
}

TEST(StatusView, InvitesToPressSpaceAndSaysNoMoreOnceItRuns) {
  ViewerState state = viewer_of(kLinger);
  EXPECT_EQ(status_view(state).hint, "press Space");
  handle(state, PlayPause{});
  EXPECT_EQ(status_view(state).hint, "");
  handle(state, StepEvent{Way::Forward});
  EXPECT_EQ(status_view(state).hint, "");
}

TEST(StatusView, InvitesToSeeWhatIsRightOnceThatWasGuessed) {
  std::string lesson = asking();
  const std::string_view later = "1500us";
  lesson.replace(lesson.find(later), later.size(), "0ms");
  ViewerState state = viewer_of(lesson);
  EXPECT_EQ(status_view(state).hint, "a question first: 1–3 answers it");
  handle(state, AnswerQuestion{1});
  EXPECT_EQ(status_view(state).hint, "press Enter: the run shows what is right");
}

TEST(StatusView, CountsRecords) {
  const StatusView view = status_view(viewer_at(kMemory, 30ms));
  EXPECT_EQ(view.sent, 3);
  EXPECT_EQ(view.acknowledged, 2);
  EXPECT_EQ(view.pending, 1);
  EXPECT_EQ(view.failed, 0);
}

TEST(StatusView, SaysHowTheRunEnded) {
  ViewerState state = viewer_of(kExpiry);
  EXPECT_EQ(status_view(state).outcome, "");
  handle(state, ToEnd{});
  EXPECT_TRUE(status_view(state).is_over);
  EXPECT_EQ(status_view(state).outcome, "0 of 1 record acknowledged, 1 failed");
}

TEST(StatusView, AMessageIsForgottenAfterAWhile) {
  ViewerState state = viewer_of(kLinger);
  handle(state, TogglePauseAtNarration{});
  EXPECT_NE(status_view(state).message, "");
  for (int i = 0; i < 10; ++i) advance(state, 1);
  EXPECT_EQ(status_view(state).message, "");
}

constexpr std::string_view kNarration = R"(
[[say]]
at = "1ms"
text = "First."
[[say]]
at = "4ms"
text = "Second."
)";

TEST(NarrationView, ShowsWhatTheLessonSaidLastAndWhenItSpeaksAgain) {
  const std::string toml = std::string{kLinger} + std::string{kNarration};
  const NarrationView silent = narration_view(viewer_of(toml));
  EXPECT_FALSE(silent.text);
  EXPECT_EQ(silent.next, "next at 1.000 ms");
  const NarrationView first = narration_view(viewer_at(toml, 1ms));
  EXPECT_EQ(first.text, "First.");
  EXPECT_TRUE(first.is_new);
  EXPECT_EQ(first.next, "next at 4.000 ms");
  const NarrationView second = narration_view(viewer_at(toml, 6ms));
  EXPECT_EQ(second.text, "Second.");
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.next, "");
}

}  // namespace
}  // namespace linger::viz
