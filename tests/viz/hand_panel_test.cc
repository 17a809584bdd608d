#include "viz/hand_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

TEST(HandPanel, AButtonActsAndControlZUndoesIt) {
  Screen screen{viewer_at(kLinger, 3ms)};
  screen.press({key_of('H'), {.shift = true}});
  EXPECT_TRUE(screen.shows("Be the application"));
  screen.click("a burst of 10");
  EXPECT_EQ(screen.state.world().counts.sent, 13);
  EXPECT_TRUE(screen.shows("done by hand")) << screen.all_text();
  screen.press({key_of('Z'), {.control = true}});
  EXPECT_EQ(screen.state.world().counts.sent, 3);
}

TEST(HandPanel, IsReadInFull) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{viewer_at(kLinger, 3ms), display};
    screen.press({key_of('H'), {.shift = true}});
    screen.press('1');
    expect_read_in_full(screen);
  }
}

}  // namespace
}  // namespace linger::viz
