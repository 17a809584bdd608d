#include "viz/law_view.h"

#include <gtest/gtest.h>

#include <string>

#include "viewer_fixture.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

const LawRow& law_about(const LawView& view, std::string_view words) {
  for (const LawRow& row : view.rows) {
    if (row.name.find(words) != std::string::npos) return row;
  }
  throw std::invalid_argument{std::string{words}};
}

TEST(Laws, EachTellsItsNumbersAndThatItHolds) {
  const LawView view = law_view(viewer_at(kMemory, 10ms));
  EXPECT_TRUE(view.all_hold);
  EXPECT_EQ(view.headline, "all hold");
  for (const LawRow& row : view.rows) EXPECT_TRUE(row.holds) << row.name << ": " << row.broken;
  EXPECT_EQ(law_about(view, "pool").numbers, "free 0 B + held 2000 B + gathered 0 B = 2000 B");
}

TEST(Laws, OfAWholeRunAreAskedOnceItIsOver) {
  ViewerState state = viewer_at(kLinger, 2ms);
  const std::size_t before = law_view(state).rows.size();
  handle(state, ToEnd{});
  const LawView view = law_view(state);
  EXPECT_GT(view.rows.size(), before);
  EXPECT_EQ(law_about(view, "has a fate").numbers,
            "3 sent = 3 acknowledged + 0 failed + 0 refused + 0 held");
}

TEST(Laws, ARunThatBreaksNoneIsNotStopped) {
  ViewerState state = viewer_at(kLinger, 2ms);
  EXPECT_FALSE(broken_law(state.world()));
  handle(state, ToggleStopAtBrokenLaw{});
  EXPECT_TRUE(law_view(state).stops);
  handle(state, PlayPause{});
  for (int i = 0; i < 1000 && state.is_playing; ++i) advance(state, 0.1);
  EXPECT_TRUE(state.timeline().is_over()) << "no law was broken: nothing stopped it";
}

}  // namespace
}  // namespace linger::viz
