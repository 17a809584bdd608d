#include "viz/run_tree_view.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lesson_fixture.h"
#include "viz/timeline_view.h"

namespace linger::viz {
namespace {

ViewerState without_being_asked() {
  ViewerState state = viewer_of(asking());
  handle(state, ToggleQuestions{});
  return state;
}

TEST(RunTree, BeginsWithOneRun) {
  const RunTreeView view = run_tree_view(without_being_asked());
  ASSERT_EQ(view.lines.size(), 1U);
  EXPECT_TRUE(view.lines[0].is_shown);
  EXPECT_TRUE(view.lines[0].is_over);
  EXPECT_FALSE(view.hint.empty());
}

TEST(RunTree, EachRunLeavesTheOneItCameFromWhereTheyPart) {
  ViewerState state = without_being_asked();
  // A fault at 2 ms, another in that run at 6 ms; and one at 3.5 ms in the run as written.
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{5}, SeekTime{at(6ms)}, InjectNumbered{1},
                 ShowBranch{0}, SeekTime{at(3500us)}, InjectNumbered{2}});
  const RunTreeView view = run_tree_view(state);
  ASSERT_EQ(view.lines.size(), 4U);
  const auto branch_of = [&](std::size_t line) { return view.lines[line].branch; };
  EXPECT_EQ(branch_of(0), 0U);
  EXPECT_EQ(branch_of(1), 1U);
  EXPECT_EQ(branch_of(2), 2U) << "below the one it came from";
  EXPECT_EQ(branch_of(3), 3U);
  EXPECT_EQ(view.lines[2].depth, 2);
  EXPECT_EQ(view.lines[2].parent, 1U);
  EXPECT_EQ(view.lines[3].parent, 0U);
  EXPECT_EQ(view.lines[2].parted_at, at(6ms));
  EXPECT_NE(view.lines[3].parted.find("leaves “as written” at 3.500 ms"), std::string::npos)
      << view.lines[3].parted;
  EXPECT_LT(view.lines[1].leaves, view.lines[2].leaves);
  EXPECT_TRUE(view.lines[3].is_shown);
}

TEST(Bookmarks, LeadBackToTheirInstantAndTheirRun) {
  ViewerState state = without_being_asked();
  do_all(state, {SeekTime{at(2500us)}, ToggleBookmark{}, InjectNumbered{1}, SeekTime{at(6ms)},
                 ToggleBookmark{}, ToEnd{}, ToNextBookmark{Way::Forward}});
  EXPECT_EQ(state.branch, 0U) << "behind the last comes the first";
  EXPECT_EQ(state.shown_at, at(2500us));
  handle(state, ToNextBookmark{Way::Forward});
  EXPECT_EQ(state.branch, 1U);
  EXPECT_EQ(state.shown_at, at(6ms));
  handle(state, ToNextBookmark{Way::Back});
  EXPECT_EQ(state.shown_at, at(2500us));
  const RunTreeView view = run_tree_view(state);
  ASSERT_EQ(view.lines[0].flags.size(), 1U);
  EXPECT_TRUE(view.lines[0].flags[0].is_here);
  handle(state, ToggleBookmark{});
  EXPECT_TRUE(run_tree_view(state).lines[0].flags.empty());
  EXPECT_EQ(state.bookmarks.size(), 1U);
}

TEST(Bookmarks, StandOnTheScrubBarOfTheirRun) {
  ViewerState state = without_being_asked();
  do_all(state, {SeekTime{at(3ms)}, ToggleBookmark{}});
  const auto is_bookmark = [](const Pin& pin) { return pin.kind == PinKind::Bookmark; };
  std::vector<Pin> pins = timeline_pins(state);
  ASSERT_EQ(std::count_if(pins.begin(), pins.end(), is_bookmark), 1);
  handle(state, InjectNumbered{1});
  pins = timeline_pins(state);
  EXPECT_EQ(std::count_if(pins.begin(), pins.end(), is_bookmark), 0);
}

TEST(Bookmarks, OfARunThatIsClosedAreForgotten) {
  ViewerState state = without_being_asked();
  do_all(state, {SeekTime{at(2ms)}, InjectNumbered{1}, ToggleBookmark{}, ShowBranch{0},
                 InjectNumbered{2}, ToggleBookmark{}, ShowBranch{1}, CloseBranch{}});
  ASSERT_EQ(state.bookmarks.size(), 1U);
  EXPECT_EQ(state.bookmarks[0].branch, 1U);
  handle(state, ToBookmark{0});
  EXPECT_EQ(state.branch, 1U);
}

}  // namespace
}  // namespace linger::viz
