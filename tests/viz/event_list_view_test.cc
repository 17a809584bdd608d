#include "viz/event_list_view.h"

#include <gtest/gtest.h>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

constexpr Window kAllRows{.first = 0, .count = 1'000'000};

StreamSet only(core::Stream stream) {
  return StreamSet{1ULL << static_cast<unsigned>(stream)};
}

TEST(EventListView, ListsWhatHappenedUntilTheCursorInOrder) {
  ViewerState state = viewer_at(kLinger, 6ms);
  const EventListView view = event_list_view(scene(state), kAllStreams, kAllRows);
  EXPECT_EQ(view.total, static_cast<std::int64_t>(state.timeline().past().size()));
  ASSERT_EQ(static_cast<std::int64_t>(view.rows.size()), view.total);
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    EXPECT_EQ(view.rows[i].position, i);
    EXPECT_LE(view.rows[i].at, state.shown_at);
    EXPECT_FALSE(view.rows[i].text.empty());
  }
  EXPECT_TRUE(view.rows.back().is_at_cursor);
  EXPECT_FALSE(view.rows.front().is_at_cursor);
}

TEST(EventListView, NothingHasHappenedAtTheBeginning) {
  const ViewerState state = viewer_of(kLinger);
  EXPECT_EQ(event_count(scene(state), kAllStreams), 0);
  EXPECT_TRUE(event_list_view(scene(state), kAllStreams, kAllRows).rows.empty());
}

TEST(EventListView, AStreamLeftOutIsNotListed) {
  const ViewerState state = viewer_at(kLinger, 20ms);
  const Scene now = scene(state);
  std::int64_t sum = 0;
  for (const core::Stream stream :
       {core::Stream::Application, core::Stream::Producer, core::Stream::Network,
        core::Stream::Brokers, core::Stream::Decisions}) {
    const EventListView view = event_list_view(now, only(stream), kAllRows);
    for (const EventRow& row : view.rows) EXPECT_EQ(row.stream, stream);
    sum += view.total;
  }
  EXPECT_EQ(sum, event_count(now, kAllStreams));
  EXPECT_TRUE(event_list_view(now, StreamSet{}, kAllRows).rows.empty());
}

TEST(EventListView, AWindowIsCutOutOfTheMergedStreams) {
  const ViewerState state = viewer_at(kLinger, 20ms);
  const StreamSet streams = only(core::Stream::Application) | only(core::Stream::Brokers);
  const EventListView all = event_list_view(scene(state), streams, kAllRows);
  ASSERT_GT(all.total, 5);
  const EventListView some = event_list_view(scene(state), streams, {.first = 2, .count = 3});
  EXPECT_EQ(some.total, all.total);
  EXPECT_EQ(some.rows, std::vector(all.rows.begin() + 2, all.rows.begin() + 5));
}

TEST(EventListView, ARowLeadsToItsStepAndSelectsWhatItIsAbout) {
  ViewerState state = viewer_at(kLinger, 20ms);
  const EventListView view = event_list_view(scene(state), kAllStreams, kAllRows);
  bool has_batch = false;
  for (const EventRow& row : view.rows) {
    if (!std::holds_alternative<BatchRef>(row.about)) continue;
    has_batch = true;
    do_all(state, {SeekStep{row.step + 1}, Select{row.about}});
    EXPECT_EQ(state.shown_at, row.at);
    const EventListView then = event_list_view(scene(state), kAllStreams, kAllRows);
    EXPECT_TRUE(then.rows[row.position].is_at_cursor);
    EXPECT_TRUE(then.rows[row.position].is_selected);
  }
  EXPECT_TRUE(has_batch);
}

}  // namespace
}  // namespace linger::viz
