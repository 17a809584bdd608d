#include "viz/moves_panel.h"

#include <gtest/gtest.h>

#include <string>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

const KeyChord kMoves{key_of('M'), {.control = true}};

// Two threads with something to do at the same time.
constexpr std::string_view kTwoThreads = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0, 0]
[network]
latency = "2ms"
[[thread]]
name = "first"
run = [{ send = "orders", partition = 0, value_size = 100 }]
[[thread]]
name = "second"
run = [{ send = "orders", partition = 1, value_size = 100 }]
)";

Screen& opened_in(Screen& screen) {
  screen.press(kMoves);
  return screen;
}

TEST(MovesPanel, AKeyShowsWhatMayComeAndAClickTakesAnother) {
  Screen screen{viewer_of(kTwoThreads)};
  opened_in(screen);
  EXPECT_TRUE(screen.shows("What may come next"));
  EXPECT_TRUE(screen.shows("this run"));
  screen.click("thread second: send to orders");
  EXPECT_EQ(screen.state.branches.size(), 2U);
  EXPECT_EQ(screen.state.world().records[0].partition.partition, 1);
  screen.press(Key::Left);
  EXPECT_TRUE(screen.shows("another run")) << screen.all_text();
  screen.click("thread first: send to orders");
  EXPECT_EQ(screen.state.branch, 0U);
  EXPECT_EQ(screen.state.world().records[0].partition.partition, 0);
}

TEST(MovesPanel, NumbersTakeTheMovesAndControlZUndoesThem) {
  Screen screen{viewer_of(kTwoThreads)};
  opened_in(screen).press('2');
  EXPECT_EQ(screen.state.branches.size(), 2U);
  EXPECT_EQ(screen.state.timeline().cursor(), 1);
  screen.press({key_of('Z'), {.control = true}});
  EXPECT_EQ(screen.state.branches.size(), 1U);
  EXPECT_EQ(screen.state.timeline().cursor(), 0);
}

TEST(MovesPanel, AClickOnAStepsNumberGoesThere) {
  ViewerState state = viewer_of(kTwoThreads);
  handle(state, SeekStep{3});
  Screen screen{std::move(state)};
  opened_in(screen);
  const std::string text = screen.all_text();
  EXPECT_NE(text.find("after 3 steps"), std::string::npos) << text;
  // The first of the numbers below this line.
  const auto title = screen.place_of("moves, step by step");
  ASSERT_TRUE(title);
  screen.backend.click({title->left + 8, title->bottom + title->height() / 2});
  screen.settle();
  EXPECT_EQ(screen.state.timeline().cursor(), 0);
}

TEST(MovesPanel, IsReadInFull) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    Screen screen{viewer_of(kTwoThreads), display};
    opened_in(screen);
    for (int i = 0; i < 12; ++i) {
      expect_read_in_full(screen);
      screen.press(Key::Right);
    }
  }
}

}  // namespace
}  // namespace linger::viz
