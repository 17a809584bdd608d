#include "viz/readiness_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"
#include "viz/panel_stack.h"

namespace linger::viz {
namespace {

TEST(WhyPanel, AClickOnAThreadAsksWhyItWaits) {
  Screen screen{viewer_at(kMemory, 10ms)};
  screen.press('I');
  screen.click("thread A");
  EXPECT_EQ(screen.state.selection, Selection{core::ThreadId{0}});
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
  EXPECT_TRUE(screen.shows("memory is free")) << screen.all_text();
}

TEST(WhyPanel, AClickOnTheSenderAsksHowLongItSleeps) {
  Screen screen{viewer_at(kLinger, 2500us)};
  screen.click("Sender");
  EXPECT_TRUE(screen.shows("how long does it sleep, and why?")) << screen.all_text();
}

TEST(WhyPanel, ComesToTheTopWhenAKeySelectsAPartition) {
  Screen screen{viewer_at(kMemory, 3ms)};
  screen.press('I');
  screen.press('P');
  EXPECT_EQ(screen.state.selection, Selection{lane(0)});
  EXPECT_EQ(front_panel(screen.state), Panel::Readiness);
}

TEST(WhyPanel, ARowLeadsToTheEventThatLastChangedIt) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.click("backing off", At::TheRight);
  EXPECT_EQ(screen.state.shown_at, at(4ms));
}

TEST(WhyPanel, SaysWhichTermAloneMakesTheDifference) {
  Screen screen{viewer_at(kRetry, 14ms)};
  EXPECT_TRUE(screen.shows("turned round alone: it would be sent")) << screen.all_text();
}

}  // namespace
}  // namespace linger::viz
