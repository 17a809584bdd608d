#include "viz/status_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

TEST(StatusView, InvitesToPressSpaceAndSaysNoMoreOnceItRuns) {
  ViewerState state = viewer_of(kLinger);
  EXPECT_EQ(status_view(state).hint, "press Space");
  handle(state, PlayPause{});
  EXPECT_EQ(status_view(state).hint, "");
  handle(state, StepEvent{Way::Forward});
  EXPECT_EQ(status_view(state).hint, "");
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

TEST(FaultView, AimsAtWhatIsSelected) {
  ViewerState state = viewer_of(kMemory);
  EXPECT_EQ(fault_view(state).broker, "broker 0");
  EXPECT_EQ(fault_view(state).partition, "orders-0");
  handle(state, Select{lane(2)});
  EXPECT_EQ(fault_view(state).partition, "orders-2");
  ASSERT_EQ(fault_view(state).buttons.size(), 9U);
  EXPECT_EQ(fault_view(state).buttons[0].what, "disconnect broker 0");
  EXPECT_EQ(fault_view(state).buttons[7].what, "change the leader of orders-2 to nobody");
}

TEST(FaultView, AnotherBrokerCanLeadIfThereIsOne) {
  const ViewerState state = viewer_of(kRetry);
  EXPECT_EQ(fault_view(state).buttons[7].what, "change the leader of orders-0 to broker 1");
}

TEST(FaultView, EveryButtonDoesSomethingThatCanBeSeen) {
  for (int number = 1; number <= 9; ++number) {
    ViewerState state = viewer_at(kRetry, 1ms);
    const std::size_t before = fault_view(state).done.size();
    handle(state, InjectNumbered{number});
    EXPECT_EQ(fault_view(state).done.size(), before + 1) << number;
    EXPECT_TRUE(fault_view(state).pending.empty()) << number;
    handle(state, ToEnd{});
    EXPECT_EQ(state.error, "") << number;
  }
}

TEST(FaultView, ListsWhatTheScenarioHasInStore) {
  std::string toml{kRetry};
  toml.replace(toml.find("at = \"0ms\""), 10, "at = \"9ms\"");
  ViewerState state = viewer_of(toml);
  ASSERT_EQ(fault_view(state).pending.size(), 1U);
  EXPECT_TRUE(fault_view(state).pending[0].ends_with("at 9.000 ms"));
  handle(state, SeekTime{at(9ms)});
  EXPECT_TRUE(fault_view(state).pending.empty());
  EXPECT_EQ(fault_view(state).done.size(), 1U);
}

}  // namespace
}  // namespace linger::viz
