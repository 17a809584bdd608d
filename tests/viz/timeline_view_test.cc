#include "viz/timeline_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

std::vector<Mark> marks_of(const TimelineView& view, MomentKind kind) {
  std::vector<Mark> marks;
  for (const Mark& mark : view.marks) {
    if (mark.kind == kind) marks.push_back(mark);
  }
  return marks;
}

TEST(TimelineView, ShowsWhereTheCursorIsAndWhereTheRunEnds) {
  ViewerState state = viewer_of(kLinger);
  EXPECT_FLOAT_EQ(timeline_view(scene(state), 100).cursor, 0);
  EXPECT_TRUE(timeline_view(scene(state), 100).end_is_known);
  handle(state, ToEnd{});
  EXPECT_FLOAT_EQ(timeline_view(scene(state), 100).cursor, 1);
}

TEST(TimelineView, MarksWhatHappenedAndWhatIsStillToCome) {
  const ViewerState state = viewer_at(kLinger, 3ms);
  const TimelineView view = timeline_view(scene(state), 1'000);
  const std::vector<Mark> sends = marks_of(view, MomentKind::Send);
  ASSERT_EQ(sends.size(), 3U);
  EXPECT_EQ(sends[2].at, at(2ms));
  EXPECT_TRUE(sends[2].is_past);
  const std::vector<Mark> drains = marks_of(view, MomentKind::Drain);
  ASSERT_EQ(drains.size(), 1U);
  EXPECT_EQ(drains[0].at, at(5ms));
  EXPECT_FALSE(drains[0].is_past);
  EXPECT_EQ(drains[0].text, "drain at 5.000 ms");
  EXPECT_EQ(marks_of(view, MomentKind::Success).size(), 1U);
}

TEST(TimelineView, ThingsAtOnePlaceAreOneMark) {
  const ViewerState state = viewer_of(kLinger);
  const std::vector<Mark> sends = marks_of(timeline_view(scene(state), 1), MomentKind::Send);
  ASSERT_EQ(sends.size(), 1U);
  EXPECT_EQ(sends[0].count, 3);
  std::int32_t count = 0;
  for (const Mark& mark : timeline_view(scene(state), 7).marks) count += mark.count;
  std::int32_t all = 0;
  for (const Mark& mark : timeline_view(scene(state), 10'000).marks) all += mark.count;
  EXPECT_EQ(count, all);
}

TEST(TimelineView, RetriesExpiriesAndFaultsHaveMarksOfTheirOwn) {
  const TimelineView retry = timeline_view(scene(viewer_of(kRetry)), 1'000);
  EXPECT_EQ(marks_of(retry, MomentKind::Retry).size(), 2U);
  EXPECT_EQ(marks_of(retry, MomentKind::Fault).size(), 1U);
  const TimelineView expiry = timeline_view(scene(viewer_of(kExpiry)), 1'000);
  EXPECT_EQ(marks_of(expiry, MomentKind::Expiry).size(), 1U);
  EXPECT_EQ(marks_of(expiry, MomentKind::Failure).size(), 1U);
}

TEST(TimelineView, PlacesGrowWithTime) {
  const ViewerState state = viewer_of(kRetry);
  const Scene now = scene(state);
  double before = -1;
  for (core::Instant instant{}; instant <= now.index.end(); instant += 1ms) {
    const double place = now.index.axis(instant);
    EXPECT_GT(place, before);
    EXPECT_LE(std::abs((now.index.instant_at(place) - instant).count()), 1);
    before = place;
  }
}

TEST(TimelineView, ALongWaitIsDrawnShorterThanItIs) {
  const ViewerState state = viewer_of(kExpiry);
  const TimelineView view = timeline_view(scene(state), 100);
  ASSERT_FALSE(view.squeezes.empty());
  const Squeeze& squeeze = view.squeezes.front();
  EXPECT_LT(squeeze.begin, squeeze.end);
  for (std::size_t i = 1; i < view.ticks.size(); ++i) {
    EXPECT_GT(view.ticks[i].place, view.ticks[i - 1].place);
  }
}

// A record each 100 ms for a minute: nearly all of it is waiting, a little at a time.
TEST(TimelineView, TheAxisHasItsTimesUpToTheEnd) {
  const ViewerState state = viewer_at(R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 600, every = "100ms" }]
)",
                                      30s);
  const TimelineView view = timeline_view(scene(state), 100);
  ASSERT_GT(view.ticks.size(), 8U);
  EXPECT_LT(view.ticks.size(), 40U);
  EXPECT_GT(view.ticks.back().place, 0.9F);
}

}  // namespace
}  // namespace linger::viz
