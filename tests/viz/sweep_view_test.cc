#include "viz/sweep_view.h"

#include <gtest/gtest.h>

#include <string>

#include "viewer_fixture.h"
#include "viz/columns_view.h"
#include "viz/prompt_view.h"

namespace linger::viz {
namespace {

void run_all_points(ViewerState& state) {
  while (!sweep_view(state).progress.empty()) advance(state, 0.01);
}

void type_into(ViewerState& state, PromptKind kind, const std::string& text) {
  do_all(state, {OpenPrompt{kind}, TypeInPrompt{line_of(text)}});
}

TEST(SweepView, OneSettingIsACurve) {
  ViewerState state = viewer_of(kLinger);
  handle(state, RunSweep{"linger.ms=0,1,5"});
  ASSERT_TRUE(state.sweep);
  EXPECT_EQ(sweep_view(state).progress, "0 of 3 runs");
  run_all_points(state);
  while (sweep_view(state).figure != "produce requests") handle(state, NextFigure{});
  const SweepView view = sweep_view(state);
  ASSERT_EQ(view.spots.size(), 3U);
  EXPECT_TRUE(view.rows.empty());
  EXPECT_EQ(view.spots[0].value, "3");
  EXPECT_EQ(view.spots[2].value, "1");
  EXPECT_EQ(view.spots[0].height, 1);
  EXPECT_EQ(view.spots[2].height, 0);
  EXPECT_EQ(view.least, "1");
}

TEST(SweepView, TwoSettingsAreAMap) {
  ViewerState state = viewer_of(kLinger);
  handle(state, RunSweep{"linger.ms=0,5 batch.size=100,1000,16384"});
  run_all_points(state);
  const SweepView view = sweep_view(state);
  ASSERT_EQ(view.spots.size(), 6U);
  EXPECT_EQ(view.rows, "batch.size");
  EXPECT_EQ(view.spots[4].column, 1U);
  EXPECT_EQ(view.spots[4].row, 1U);
  EXPECT_EQ(view.spots[4].settings, "linger.ms=5, batch.size=1000");
  for (const SweepSpot& spot : view.spots) EXPECT_TRUE(spot.is_known);
}

TEST(SweepView, WhereNothingWasAcknowledgedNothingTookAnyTime) {
  ViewerState state = viewer_of(kLinger);
  handle(state, RunSweep{"max.request.size=50,5000,1000000"});  // the records are larger than 50
  run_all_points(state);
  while (sweep_view(state).figure != "time to acknowledgement, median") {
    handle(state, NextFigure{});
  }
  const SweepView view = sweep_view(state);
  ASSERT_EQ(view.spots.size(), 3U);
  EXPECT_EQ(view.spots[0].value, "–");
  EXPECT_TRUE(view.spots[0].is_known);
  EXPECT_FALSE(view.spots[0].has_figure);
  EXPECT_TRUE(view.spots[1].has_figure);
  EXPECT_EQ(view.least, view.spots[1].value);
  while (sweep_view(state).figure != "records acknowledged") handle(state, NextFigure{});
  EXPECT_EQ(sweep_view(state).spots[0].value, "0");
}

TEST(SweepView, APointOpensItsRunBesideTheOneShown) {
  ViewerState state = viewer_at(kLinger, 4ms);
  handle(state, RunSweep{"linger.ms=0,5"});
  run_all_points(state);
  handle(state, OpenSweepPoint{0});
  EXPECT_FALSE(state.sweep);
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_EQ(state.current().name, "linger.ms=0");
  EXPECT_EQ(state.shown_at, at(4ms));
  EXPECT_TRUE(state.is_shown(Panel::Comparison));
}

// 21 values of one and 20 of the other are 420 combinations.
std::string many_combinations() {
  std::string axes = "linger.ms=0";
  for (int i = 1; i <= 20; ++i) axes += "," + std::to_string(i);
  axes += " batch.size=1000";
  for (int i = 1; i < 20; ++i) axes += "," + std::to_string(1000 + i);
  return axes;
}

TEST(SweepView, CombinationsThatAreLeftOutAreTold) {
  ViewerState state = viewer_of(kLinger);
  type_into(state, PromptKind::Sweep, many_combinations());
  EXPECT_EQ(prompt_view(state).rows[0].detail, "400 runs: the first of 420 combinations");
  handle(state, AcceptPrompt{});
  ASSERT_TRUE(state.sweep);
  EXPECT_EQ(sweep_view(state).left_out, "20 of 420 combinations are left out");
  handle(state, RunSweep{"linger.ms=0,1"});
  EXPECT_EQ(sweep_view(state).left_out, "");
}

TEST(SweepView, AMistakeIsToldWhereItIsTyped) {
  ViewerState state = viewer_of(kLinger);
  type_into(state, PromptKind::Sweep, "linger.ms=0,soon");
  const PromptView view = prompt_view(state);
  EXPECT_FALSE(view.error.empty());
  handle(state, AcceptPrompt{});
  EXPECT_FALSE(state.sweep);
  EXPECT_TRUE(state.prompt);
  handle(state, TypeInPrompt{line_of("linger.ms=0,5 batch.size=1000,2000")});
  EXPECT_EQ(prompt_view(state).rows[0].detail, "4 runs");
  handle(state, AcceptPrompt{});
  EXPECT_TRUE(state.sweep);
}

// --- Another setting, beside it ---

ViewerState changed_to(const std::string& change, core::Duration when = 3ms) {
  ViewerState state = viewer_at(kLinger, when);
  type_into(state, PromptKind::Change, change);
  handle(state, AcceptPrompt{});
  return state;
}

TEST(Change, ASettingARuleAnEraOrAFaultMakesAnotherRun) {
  for (const std::string change :
       {"linger.ms=0", "KIP-580=off", "era 2.8", "disconnect = 0", "linger.ms=0; batch.size=200"}) {
    const ViewerState state = changed_to(change);
    ASSERT_EQ(state.branches.size(), 2U)
        << change << ": " << (state.prompt ? prompt_view(state).error : "");
    EXPECT_EQ(state.branches[1].name, change);
    EXPECT_EQ(state.shown_at, at(3ms)) << "the same instant";
    EXPECT_TRUE(state.branches[0].timeline.scenario().faults.empty());
  }
  EXPECT_EQ(changed_to("linger.ms=0").branches[1].parted->at, at(0ms));
  const ViewerState broken = changed_to("disconnect = 0");
  EXPECT_EQ(broken.branches[1].timeline.scenario().faults.size(), 1U);
  EXPECT_GE(broken.branches[1].parted->at, at(3ms)) << "from that moment on";
}

TEST(Change, AMistakeStaysInTheLine) {
  const ViewerState state = changed_to("linger.mz=0");
  EXPECT_EQ(state.branches.size(), 1U);
  ASSERT_TRUE(state.prompt);
  const PromptView view = prompt_view(state);
  EXPECT_NE(view.error.find("linger.mz"), std::string::npos) << view.error;
  EXPECT_NE(view.fix.find("linger.ms"), std::string::npos) << view.fix;
}

TEST(Change, NamesAreCompleted) {
  ViewerState state = viewer_of(kLinger);
  type_into(state, PromptKind::Change, "linger");
  bool is_offered = false;
  for (const PromptRow& row : prompt_view(state).rows) {
    is_offered = is_offered || row.command == ViewerCommand{TypeInPrompt{line_of("linger.ms=")}};
  }
  EXPECT_TRUE(is_offered);
}

TEST(Columns, ShowTwoRunsAtOneInstant) {
  ViewerState state = viewer_at(kLinger, 3ms);
  handle(state, ToggleColumns{});
  EXPECT_FALSE(columns_view(state)) << "there is one run";
  do_all(state, {ForkWith{"disconnect = 0"}, SeekTime{at(2ms)}});
  auto view = columns_view(state);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->base.name, "as written");
  EXPECT_EQ(view->fork.name, "disconnect = 0");
  EXPECT_TRUE(view->fork.is_shown);
  EXPECT_LE(state.branches[0].timeline.world().now, at(2ms));
  EXPECT_FALSE(view->have_parted);
  handle(state, SeekTime{at(6ms)});
  EXPECT_TRUE(columns_view(state)->have_parted);
  EXPECT_EQ(state.branches[0].timeline.world().processes[0].batches[0].status,
            sim::BatchStatus::InFlight);
  handle(state, ToggleColumns{});
  EXPECT_FALSE(columns_view(state));
}

}  // namespace
}  // namespace linger::viz
