#include "viz/sweep_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

constexpr KeyChord kSweepKey{key_of('W'), {.shift = true}};

void run_points(Screen& screen) {
  while (screen.state.sweep && !sweep_view(screen.state).progress.empty()) {
    advance(screen.state, 0.01);
  }
  screen.settle();
}

TEST(SweepPanel, AClickOnAPointOpensItsRun) {
  Screen screen{viewer_of(kLinger)};
  screen.press(kSweepKey);
  screen.backend.type("linger.ms=0,5");
  screen.press(Key::Enter);
  run_points(screen);
  EXPECT_TRUE(screen.shows("time to acknowledgement, median")) << screen.all_text();
  screen.press(Key::Right);
  EXPECT_TRUE(screen.shows("99th percentile")) << screen.all_text();
  screen.click("0", At::TheLeft);
  EXPECT_EQ(screen.state.current().name, "linger.ms=0");
}

TEST(SweepPanel, ThereIsRoomForWhatItSays) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    for (const char* axes : {"linger.ms=0,1,2,5,10,20,50,100",
                             "linger.ms=0,2,5,10,20 batch.size=500,1000,4000,16384"}) {
      Screen screen{viewer_of(kLinger), display};
      handle(screen.state, RunSweep{axes});
      run_points(screen);
      for (const Label& label : screen.backend.labels()) {
        EXPECT_TRUE(!label.is_ellipsized || label.text.find('\n') != std::string::npos)
            << label.text;
      }
    }
  }
}

TEST(SweepPanel, EscapeClosesIt) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, RunSweep{"linger.ms=0,5"});
  screen.settle();
  screen.press(Key::Escape);
  EXPECT_FALSE(screen.state.sweep);
}

// --- Two columns ---

TEST(ColumnsPanel, ShowsTwoPicturesAndLeadsFromOneToTheOther) {
  Screen screen{viewer_at(kLinger, 3ms), kLargeDisplay};
  do_all(screen.state, {ForkWith{"linger.ms=20"}, SeekTime{at(6ms)}});
  screen.press({key_of('B'), {.shift = true}});
  EXPECT_TRUE(screen.shows("they part at ")) << screen.all_text();
  int pictures = 0;
  for (const Label& label : screen.backend.labels()) pictures += label.text == "DEQUES" ? 1 : 0;
  EXPECT_EQ(pictures, 2);
  const auto left = screen.place_of("thread A", At::TheLeft);
  const auto right = screen.place_of("thread A", At::TheRight);
  ASSERT_TRUE(left && right);
  EXPECT_GT(right->left - left->left, 800);
  screen.click("as written", At::First);
  EXPECT_EQ(screen.state.branch, 0U);
}

TEST(ColumnsPanel, IsReadInFull) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{viewer_at(kRetry, 14ms), display};
    do_all(screen.state, {ForkWith{"retry.backoff.ms=5"}, TogglePanel{Panel::Comparison},
                          ToggleColumns{}});
    screen.settle();
    for (const Label& label : screen.backend.labels()) {
      EXPECT_TRUE(!label.is_ellipsized || label.text.find('\n') != std::string::npos) << label.text;
    }
  }
}

}  // namespace
}  // namespace linger::viz
