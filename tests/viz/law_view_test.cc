#include "viz/law_view.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

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

ViewerState with_laws(ViewerState state) {
  handle(state, TogglePanel{Panel::Laws});
  return state;
}

TEST(Laws, EachTellsItsNumbersAndThatItHolds) {
  const LawView view = law_view(with_laws(viewer_at(kMemory, 10ms)));
  EXPECT_TRUE(view.all_hold);
  EXPECT_EQ(view.headline, "all hold");
  for (const LawRow& row : view.rows) {
    EXPECT_TRUE(row.holds) << row.name << ": " << row.broken;
    EXPECT_NE(row.numbers, "") << row.name;
  }
  EXPECT_EQ(law_about(view, "pool").numbers, "free 0 B + held 2000 B + gathered 0 B = 2000 B");
}

TEST(Laws, TheirNumbersAreThoseOfTheInstant) {
  const LawView early = law_view(with_laws(viewer_at(kLinger, 1ms)));
  EXPECT_EQ(law_about(early, "by delivery.timeout.ms").numbers,
            "the oldest is 1 of 120 000 ms old");
  EXPECT_EQ(law_about(early, "muted").numbers, "0 of 1 partitions muted");
  EXPECT_EQ(law_about(early, "in flight").numbers, "0 of 5");
  EXPECT_EQ(law_about(early, "order of appends").numbers, "0 acknowledged, 0 failed");
  const LawView late = law_view(with_laws(viewer_at(kLinger, 20ms)));
  EXPECT_EQ(law_about(late, "order of appends").numbers, "3 acknowledged, 0 failed");
}

TEST(Laws, ThoseAboutWhatHappensInTurnAreAmongThem) {
  const LawView view = law_view(with_laws(viewer_at(kMemory, 10ms)));
  for (const std::string_view name : sim::LawWatch::names()) {
    EXPECT_TRUE(law_about(view, name).holds) << name;
  }
}

TEST(Laws, OfAWholeRunAreAskedOnceItIsOver) {
  ViewerState state = with_laws(viewer_at(kLinger, 2ms));
  const std::size_t before = law_view(state).rows.size();
  handle(state, ToEnd{});
  const LawView view = law_view(state);
  EXPECT_GT(view.rows.size(), before);
  EXPECT_EQ(law_about(view, "has a fate").numbers,
            "3 sent = 3 acknowledged + 0 failed + 0 refused + 0 held");
}

// A law that this producer breaks as soon as something is acknowledged, at 9 ms.
sim::Broken nothing_is_acknowledged(const sim::World& world) {
  if (world.counts.acknowledged == 0) return std::nullopt;
  return sim::Breach{"some is"};
}
constexpr sim::Law kBroken[] = {{"nothing is ever acknowledged", nothing_is_acknowledged}};

ViewerState under_a_law_that_breaks() {
  ViewerState state = viewer_of(kLinger);
  state.current().laws.emplace(state.world().scenario, kBroken);
  handle(state, ToggleStopAtBrokenLaw{});
  return with_laws(std::move(state));
}

const std::string kStopped =
    "stopped, since a law is broken: nothing is ever acknowledged: some is";

// Each way to move on stops where the law breaks, and says so.
TEST(Laws, EveryWayToMoveStopsWhereOneBreaks) {
  std::int64_t broken_at = 0;
  const std::vector<std::vector<ViewerCommand>> ways{
      {ToEnd{}},
      {SeekTime{at(15ms)}},
      {SeekStep{100'000}},
      {SeekFraction{1.0}},
      {RunUntil{"records.acknowledged == 3"}},
      {RunUntil{"records.failed == 3"}},
      {SeekTime{at(8ms)}, StepMillisecond{}, StepMillisecond{}, StepMillisecond{}}};
  for (const std::vector<ViewerCommand>& way : ways) {
    ViewerState state = under_a_law_that_breaks();
    for (const ViewerCommand& command : way) {
      handle(state, command);
      if (state.message && state.message->text == kStopped) break;
    }
    ASSERT_TRUE(state.message);
    EXPECT_EQ(state.message->text, kStopped) << way.size();
    EXPECT_EQ(state.world().now, at(9ms));
    if (broken_at == 0) broken_at = state.timeline().cursor();
    EXPECT_EQ(state.timeline().cursor(), broken_at);
  }
  ViewerState state = under_a_law_that_breaks();
  handle(state, SeekStep{broken_at - 1});
  EXPECT_TRUE(law_view(state).all_hold) << "it is not told what comes";
  handle(state, StepEvent{});
  EXPECT_EQ(state.message->text, kStopped) << "a single step, too";
  EXPECT_EQ(law_about(law_view(state), "acknowledged").step, broken_at);
  handle(state, StepEvent{});
  EXPECT_EQ(state.timeline().cursor(), broken_at + 1) << "whoever goes on goes on";
  EXPECT_FALSE(law_view(state).all_hold);
}

TEST(Laws, PlayStopsWhereOneBreaks) {
  ViewerState state = under_a_law_that_breaks();
  handle(state, PlayPause{});
  for (int i = 0; i < 2000 && state.is_playing; ++i) advance(state, 0.05);
  EXPECT_EQ(state.world().now, at(9ms));
  EXPECT_EQ(state.message->text, kStopped);
}

TEST(Laws, ARunThatBreaksNoneIsNotStopped) {
  ViewerState state = viewer_at(kLinger, 2ms);
  handle(state, ToggleStopAtBrokenLaw{});
  EXPECT_TRUE(law_view(state).stops);
  handle(state, PlayPause{});
  for (int i = 0; i < 1000 && state.is_playing; ++i) advance(state, 0.1);
  EXPECT_TRUE(state.timeline().is_over()) << "no law was broken: nothing stopped it";
}

}  // namespace
}  // namespace linger::viz
