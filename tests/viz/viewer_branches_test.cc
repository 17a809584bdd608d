#include "viz/viewer_branches.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <variant>

#include "lesson_fixture.h"
#include "viz/comparison_view.h"
#include "viz/lesson_view.h"

namespace linger::viz {
namespace {

// With all that is asked out of the way.
ViewerState without_questions() {
  ViewerState state = viewer_of(asking());
  handle(state, ToggleQuestions{});
  return state;
}

const ComparedNumber& number_called(const ComparisonView& view, const std::string& name) {
  for (const ComparedNumber& number : view.numbers) {
    if (number.name == name) return number;
  }
  throw std::invalid_argument{name};
}

TEST(Branches, AWhatIfIsARunBesideTheOneAsWritten) {
  ViewerState state = without_questions();
  do_all(state, {ToEnd{}, OpenWhatIf{0}});
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.current().name, "What if linger.ms were 0?");
  EXPECT_TRUE(state.is_shown(Panel::Comparison));
  EXPECT_TRUE(lesson_view(state).what_ifs[0].is_shown);
  EXPECT_EQ(lesson_view(state).what_if->because, "");
  handle(state, ToEnd{});
  EXPECT_EQ(lesson_view(state).what_if->because, "Nothing waits for a second record.");
  handle(state, TakeBack{});
  EXPECT_EQ(state.branch, 0U);
  EXPECT_EQ(state.branches.size(), 2U);
  handle(state, OpenWhatIf{0});
  EXPECT_EQ(state.branches.size(), 2U) << "it is open already";
  EXPECT_EQ(state.branch, 1U);
}

TEST(Branches, TwoRunsAreSeenOnOneClock) {
  ViewerState state = without_questions();
  do_all(state, {ToEnd{}, OpenWhatIf{0}, SeekTime{at(4'500us)}});
  const auto& base = state.branches[0].timeline;
  EXPECT_LE(base.world().now, at(4'500us));
  EXPECT_GT(sim::next_due(base.world()).value(), at(4'500us));
  ComparisonView view = comparison_view(state, 20);
  EXPECT_EQ(view.at, "4.500 ms");
  EXPECT_EQ(number_called(view, "produce requests").base, "0");
  EXPECT_EQ(number_called(view, "produce requests").fork, "3");
  EXPECT_TRUE(number_called(view, "produce requests").differs);
  EXPECT_FALSE(number_called(view, "retries").differs);

  // The same, from the other side.
  handle(state, NextBranch{});
  EXPECT_EQ(state.shown_at, at(4'500us));
  view = comparison_view(state, 20);
  EXPECT_TRUE(view.base.is_shown);
  EXPECT_EQ(number_called(view, "produce requests").fork, "3");

  handle(state, ToEnd{});
  view = comparison_view(state, 20);
  EXPECT_EQ(number_called(view, "produce requests").base, "1");
  EXPECT_EQ(number_called(view, "records per batch").base, "3.0");
  EXPECT_EQ(number_called(view, "records per batch").fork, "1.0");
  EXPECT_EQ(number_called(view, "acknowledged").base, "3");
  EXPECT_EQ(number_called(view, "acknowledged").fork, "3");
}

TEST(Branches, WhatAnOvertakenRetryReordersIdempotenceKeepsInOrder) {
  const std::filesystem::path file =
      std::filesystem::path{LINGER_SOURCE_DIR} / "scenarios" / "order" / "overtaken_retry.toml";
  auto opened = open_viewer(file.string());
  ASSERT_TRUE(std::holds_alternative<ViewerState>(opened));
  auto& state = std::get<ViewerState>(opened);
  do_all(state, {ToggleQuestions{}, ForkWith{"enable.idempotence=true"}, SeekTime{at(20ms)}});
  EXPECT_EQ(number_called(comparison_view(state, 20), "reordered partitions").base, "0")
      << "the first batch waits for its retry";
  do_all(state, {ShowBranch{0}, ToEnd{}});
  const ComparedNumber reordered =
      number_called(comparison_view(state, 20), "reordered partitions");
  EXPECT_EQ(reordered.base, "1");
  EXPECT_EQ(reordered.fork, "0");
  EXPECT_TRUE(reordered.differs);
}

TEST(Branches, NumbersFollowTheClockBackwards) {
  ViewerState state = without_questions();
  do_all(state, {ToEnd{}, OpenWhatIf{0}, SeekTime{at(1'500us)}});
  const ComparisonView early = comparison_view(state, 20);
  do_all(state, {ToEnd{}, SeekTime{at(1'500us)}});
  EXPECT_EQ(comparison_view(state, 20), early);
}

TEST(Branches, PlayMovesBothRuns) {
  ViewerState state = without_questions();
  do_all(state, {ToEnd{}, OpenWhatIf{0}, ToStart{}, SetSpeed{0.01}, PlayPause{}});
  for (int i = 0; i < 10; ++i) advance(state, 0.03);
  EXPECT_GE(state.branches[0].timeline.world().now, at(2ms));
  EXPECT_LE(state.branches[0].timeline.world().now, state.shown_at);
}

TEST(Branches, TheFirstDifferenceIsFoundAndMarked) {
  ViewerState state = without_questions();
  do_all(state, {SeekTime{at(6ms)}, InjectNumbered{1}});
  ASSERT_TRUE(state.branches[1].parted);
  EXPECT_EQ(state.branches[1].parted->at, at(6ms));
  do_all(state, {TogglePanel{Panel::Comparison}, ToEnd{}, ToFirstDifference{}});
  EXPECT_EQ(state.shown_at, at(6ms));
  const ComparisonView view = comparison_view(state, 50);
  EXPECT_EQ(view.parted, "the runs part at 6.000 ms");
  int parts = 0;
  for (const ComparedEvent& event : view.fork.events) {
    if (!event.parts) continue;
    ++parts;
    EXPECT_NE(event.text.find("disconnect broker 0"), std::string::npos) << event.text;
  }
  EXPECT_EQ(parts, 1);
}

TEST(Branches, WhatTheLessonSaysIsNoDifference) {
  const auto scenario = sim::shared_scenario(asking());
  sim::Scenario silent = *scenario;
  silent.narration.clear();
  sim::Timeline telling{scenario};
  sim::Timeline quiet{std::make_shared<const sim::Scenario>(std::move(silent))};
  telling.run_to_end();
  quiet.run_to_end();
  EXPECT_FALSE(first_difference(telling, quiet));
}

TEST(Branches, GoingBackAndDoingSomethingElseKeepsWhatWasDone) {
  ViewerState state = without_questions();
  do_all(state, {SeekTime{at(6ms)}, InjectNumbered{1}, ToEnd{}});
  const auto records = state.world().counts.acknowledged;
  const auto end = state.world().now;
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{2}});
  EXPECT_EQ(state.branches.size(), 3U);
  EXPECT_EQ(state.branches[2].parent, 1U);
  do_all(state, {ShowBranch{1}, ToEnd{}});
  EXPECT_EQ(state.world().counts.acknowledged, records);
  EXPECT_EQ(state.world().now, end);
  do_all(state, {ShowBranch{0}, ToEnd{}});
  EXPECT_TRUE(state.scenario().faults.empty());
}

TEST(Branches, NoneIsGivenUpForAnother) {
  ViewerState state = without_questions();
  handle(state, SeekTime{at(1ms)});
  for (std::size_t i = 1; i < kMostBranches; ++i) do_all(state, {ShowBranch{0}, InjectNumbered{5}});
  const std::string last = state.branches.back().name;
  do_all(state, {ShowBranch{0}, InjectNumbered{1}});
  EXPECT_EQ(state.branches.size(), kMostBranches);
  EXPECT_EQ(state.branches.back().name, last);
  EXPECT_EQ(state.branch, 0U);
  ASSERT_TRUE(state.message);
  EXPECT_NE(state.message->text.find("Delete"), std::string::npos);
}

TEST(Branches, AClosedBranchLeadsBackToWhereItCameFrom) {
  ViewerState state = without_questions();
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{1}, InjectNumbered{2}, InjectNumbered{5}});
  ASSERT_EQ(state.branches.size(), 4U);
  do_all(state, {ShowBranch{2}, CloseBranch{}});
  EXPECT_EQ(state.branches.size(), 3U);
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.branches[2].parent, 1U) << "its child is its parent's now";
  do_all(state, {ShowBranch{0}, CloseBranch{}});
  EXPECT_EQ(state.branches.size(), 3U) << "the run as written stays";
}

TEST(Branches, ComingBackToTheRunAsWrittenLeadsOverNoQuestion) {
  ViewerState state = viewer_of(asking());
  do_all(state, {SeekTime{at(1ms)}, InjectNumbered{5}, ToEnd{}});
  EXPECT_TRUE(state.timeline().is_over()) << "nothing is asked in a branch";
  handle(state, TakeBack{});
  EXPECT_EQ(state.shown_at, at(1'500us));
  EXPECT_EQ(lesson_view(state).question->phase, QuestionPhase::Open);
}

TEST(Comparison, WhatDiffersStaysWhereThereIsRoomForLittle) {
  const ComparedNumber differs{"retries", "0", "3", true};
  const ComparedNumber same{"acknowledged", "4", "4", false};
  const ComparedNumber nothing{"duplicates", "0", "0", false};
  const std::vector<ComparedNumber> all{nothing, same, differs, nothing};
  EXPECT_EQ(numbers_that_fit(all, 4), all);
  EXPECT_EQ(numbers_that_fit(all, 3), (std::vector{nothing, same, differs}));
  EXPECT_EQ(numbers_that_fit(all, 2), (std::vector{same, differs}));
  EXPECT_EQ(numbers_that_fit(all, 1), (std::vector{differs}));
}

}  // namespace
}  // namespace linger::viz
