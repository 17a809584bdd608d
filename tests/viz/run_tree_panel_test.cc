#include "viz/run_tree_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

TEST(RunTreePanel, AClickOnARunShowsIt) {
  Screen screen{viewer_at(kRetry, 3ms)};
  screen.press({key_of('O'), {.shift = true}});
  EXPECT_TRUE(screen.shows("There is one run.")) << screen.all_text();
  do_all(screen.state, {InjectNumbered{1}});
  screen.settle();
  EXPECT_TRUE(screen.shows("disconnect broker 0 at 3.000 ms")) << screen.all_text();
  screen.click("as written");
  EXPECT_EQ(screen.state.branch, 0U);
  screen.click("disconnect broker 0 at 3.000 ms");
  EXPECT_EQ(screen.state.branch, 1U);
}

TEST(RunTreePanel, AClickOnAFlagLeadsToTheBookmark) {
  Screen screen{viewer_at(kRetry, 10ms)};
  screen.press({key_of('O'), {.shift = true}});
  screen.press({key_of('K'), {.shift = true}});
  ASSERT_EQ(screen.state.bookmarks.size(), 1U);
  handle(screen.state, ToEnd{});
  screen.settle();
  const auto name = screen.place_of("as written");
  ASSERT_TRUE(name.has_value());
  // Along the run's line, at the height of a flag.
  for (float x = name->right; x < 970 && screen.state.shown_at != at(10ms); x += 4) {
    screen.backend.click({x, name->centre().y - 8});
  }
  EXPECT_EQ(screen.state.shown_at, at(10ms));
}

TEST(FuturePanel, AClickOnATimerGoesThere) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press({key_of('U'), {.shift = true}});
  EXPECT_TRUE(screen.shows("What is due"));
  EXPECT_TRUE(screen.shows("delivery timeout 1 min 59 s")) << screen.all_text();
  screen.click("backoff 10.0 ms");
  EXPECT_EQ(screen.state.shown_at, at(24ms));
}

TEST(FuturePanel, ThereIsRoomForItOnASmallDisplay) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press({key_of('U'), {.shift = true}});
  expect_read_in_full(screen);
}

}  // namespace
}  // namespace linger::viz
