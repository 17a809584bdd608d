#include "viz/guide_view.h"

#include <gtest/gtest.h>

#include <string>

#include "lesson_fixture.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// What somebody is to do next; empty once all is done.
std::string next_step(const ViewerState& state) {
  for (const GuideStep& step : guide_view(state).steps) {
    if (step.is_next) return step.what;
  }
  return "";
}

TEST(FirstSteps, LeadFromTheFirstEventToTheFirstFork) {
  ViewerState state = viewer_of(kLinger);
  handle(state, DismissGuide{});
  ASSERT_TRUE(state.guide);
  EXPECT_EQ(next_step(state), "let something happen");
  handle(state, StepEvent{});
  EXPECT_EQ(next_step(state), "ask why");
  handle(state, Select{lane()});
  EXPECT_EQ(next_step(state), "try something else");
  handle(state, ForkWith{"linger.ms=0"});
  EXPECT_EQ(next_step(state), "");
  EXPECT_FALSE(guide_view(state).end.empty());
  handle(state, DismissGuide{});
  EXPECT_FALSE(state.guide);
}

TEST(FirstSteps, AnOpenQuestionComesFirst) {
  ViewerState state = viewer_at(asking(), 1500us);
  handle(state, DismissGuide{});
  EXPECT_EQ(next_step(state), "answer the question");
  EXPECT_EQ(guide_view(state).steps.front().key, "1–3");
  handle(state, guide_view(state).steps.front().command);
  EXPECT_EQ(open_question(state), 0U) << "a click on the step answers nothing by itself";
  EXPECT_TRUE(state.message);
  handle(state, AnswerQuestion{1});
  EXPECT_FALSE(state.message) << "it told to answer";
  EXPECT_TRUE(guide_view(state).steps.front().is_done);
}

TEST(FirstSteps, EachIsDoneByAClickOnIt) {
  ViewerState state = viewer_of(kLinger);
  handle(state, DismissGuide{});
  for (int i = 0; i < 2; ++i) {
    for (const GuideStep& step : guide_view(state).steps) {
      if (!step.is_next) continue;
      handle(state, step.command);
      break;
    }
  }
  EXPECT_EQ(next_step(state), "try something else");
}

}  // namespace
}  // namespace linger::viz
