#include "viz/viewer_hand.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "sim/scenario_parser.h"
#include "viewer_fixture.h"
#include "viz/hand_view.h"
#include "viz/panel_stack.h"
#include "viz/viewer_branches.h"

namespace linger::viz {
namespace {

const HandButton& button_called(const HandView& view, const std::string& name) {
  for (const HandButton& button : view.buttons) {
    if (button.name == name) return button;
  }
  throw std::invalid_argument{name};
}

void press_button(ViewerState& state, const std::string& name) {
  const HandView view = hand_view(state);
  const HandButton& button = button_called(view, name);
  handle(state, ActByHand{button.action, button.producer});
}

TEST(ByHand, OneSendsFlushesAndCloses) {
  ViewerState state = viewer_at(kLinger, 3ms);
  press_button(state, "a burst of 10");
  EXPECT_EQ(state.world().counts.sent, 13);
  EXPECT_EQ(state.branches.size(), 2U) << "the run as it was stays";
  press_button(state, "flush");
  press_button(state, "close");
  EXPECT_EQ(state.branches.size(), 2U) << "nobody had looked further";
  handle(state, ToEnd{});
  EXPECT_EQ(state.world().counts.acknowledged, 13);
  EXPECT_EQ(hand_view(state).done.size(), 3U);
  EXPECT_EQ(state.branches[0].timeline.scenario().threads.size(), 1U);
}

TEST(ByHand, GoingBackAndDoingSomethingElseMakesABranch) {
  ViewerState state = viewer_at(kLinger, 3ms);
  press_button(state, "send a record");
  do_all(state, {ToEnd{}, SeekTime{at(4ms)}});
  press_button(state, "flush");
  ASSERT_EQ(state.branches.size(), 3U);
  EXPECT_EQ(state.branches[2].parent, 1U);
  do_all(state, {ShowBranch{1}, ToEnd{}});
  EXPECT_EQ(hand_view(state).done.size(), 1U) << "what was seen is still there";
}

TEST(ByHand, IsUndoneOneByOne) {
  ViewerState state = viewer_at(kLinger, 3ms);
  press_button(state, "send a record");
  handle(state, SeekTime{at(4ms)});
  press_button(state, "flush");
  EXPECT_EQ(hand_view(state).done.size(), 2U);
  handle(state, UndoByHand{});
  EXPECT_EQ(hand_view(state).done.size(), 1U);
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.world().counts.sent, 4);
  handle(state, UndoByHand{});
  EXPECT_EQ(state.branches.size(), 1U);
  handle(state, ToEnd{});
  EXPECT_EQ(state.world().counts.sent, 3);
  handle(state, UndoByHand{});
  ASSERT_TRUE(state.message);
  EXPECT_NE(state.message->text.find("nothing was done"), std::string::npos);
}

TEST(ByHand, AFaultAloneIsUndone) {
  ViewerState state = viewer_at(kLinger, 3ms);
  ViewerState as_written = state;
  handle(as_written, ToEnd{});
  handle(state, InjectFault{sim::Disconnect{core::NodeId{0}}});
  ASSERT_EQ(state.branches.size(), 2U);
  EXPECT_EQ(state.scenario().faults.size(), 1U);
  handle(state, SeekTime{at(6ms)});
  handle(state, UndoByHand{});
  EXPECT_EQ(state.branches.size(), 1U);
  EXPECT_TRUE(state.scenario().faults.empty());
  EXPECT_LE(state.shown_at, at(4ms)) << "back at where it was done";
  handle(state, ToEnd{});
  EXPECT_FALSE(first_difference(state.timeline(), as_written.timeline()))
      << "the run goes on as it did";
}

TEST(ByHand, AFaultAmongActsIsUndoneInItsTurn) {
  ViewerState state = viewer_at(kLinger, 3ms);
  press_button(state, "send a record");
  handle(state, SeekTime{at(4ms)});
  handle(state, InjectFault{sim::FallSilent{core::NodeId{0}, 2s}});
  handle(state, SeekTime{at(5ms)});
  press_button(state, "flush");
  EXPECT_EQ(hand_view(state).done.size(), 2U);
  EXPECT_EQ(state.scenario().faults.size(), 1U);

  handle(state, UndoByHand{});  // the flush
  EXPECT_EQ(hand_view(state).done.size(), 1U);
  EXPECT_EQ(state.scenario().faults.size(), 1U) << "the fault was done before it";
  EXPECT_EQ(state.world().counts.sent, 4);
  handle(state, UndoByHand{});  // the fault
  EXPECT_TRUE(state.scenario().faults.empty());
  EXPECT_EQ(hand_view(state).done.size(), 1U);
  EXPECT_EQ(state.world().counts.sent, 4);
  handle(state, UndoByHand{});  // the record
  EXPECT_EQ(state.branch, 0U);
  handle(state, ToEnd{});
  EXPECT_EQ(state.world().counts.sent, 3);
}

TEST(ByHand, AimsAtTheDequeThatIsSelected) {
  ViewerState state = viewer_at(kMemory, 3ms);
  EXPECT_EQ(hand_view(state).target, "orders");
  handle(state, Select{lane(2)});
  EXPECT_EQ(hand_view(state).target, "orders-2");
  press_button(state, "send a record");
  EXPECT_EQ(state.world().records[state.world().records.size() - 1].partition.partition, 2);
}

TEST(ByHand, NumbersPressTheButtonsOfThePanelOnTop) {
  ViewerState state = viewer_at(kLinger, 3ms);
  bring_to_front(state, Panel::Hand);
  handle(state, PressNumber{2});
  EXPECT_EQ(state.world().counts.sent, 13);
}

TEST(ByHand, IsSavedAsAScenarioThatDoesTheSame) {
  ViewerState state = viewer_at(kLinger, 3ms);
  press_button(state, "a burst of 10");
  const std::string path = (std::filesystem::path{testing::TempDir()} / "by_hand.toml").string();
  do_all(state, {SaveScenario{path}, ToEnd{}});
  auto saved = open_viewer(path);
  ASSERT_TRUE(std::holds_alternative<ViewerState>(saved))
      << sim::text(std::get<std::vector<sim::ParseError>>(saved));
  auto& again = std::get<ViewerState>(saved);
  handle(again, ToEnd{});
  EXPECT_EQ(again.world().counts.acknowledged, 13);
  EXPECT_EQ(again.world().now, state.world().now);
  std::filesystem::remove(path);
}

TEST(ByHand, ThereIsNothingToDoOnceTheRunIsOver) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  EXPECT_TRUE(hand_view(state).buttons.empty());
  EXPECT_FALSE(hand_view(state).hint.empty());
  handle(state, ActByHand{sim::FlushAction{}, 0});
  EXPECT_EQ(state.branches.size(), 1U);
}

TEST(ByHand, ATransactionalProducerBeginsAndCommits) {
  ViewerState state =
      viewer_at(std::string{kLinger}.replace(std::string{kLinger}.find("linger.ms = 5"), 13,
                                             "linger.ms = 5\ntransactional.id = \"t\""),
                1ms);
  EXPECT_NO_THROW(button_called(hand_view(state), "commit"));
}

}  // namespace
}  // namespace linger::viz
