#include "viz/plots_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "lesson_fixture.h"
#include "walk_fixture.h"

namespace linger::viz {
namespace {

constexpr int kColumns = 200;

Plot plot_of(const ViewerState& state, PlotKind kind, Future future = Future::Shown) {
  return plots_view(scene(state), {}, kColumns, future).plots.at(static_cast<std::size_t>(kind));
}

TEST(PlotsView, MemoryGoesAndComesBackBelowItsLimit) {
  const Plot before = plot_of(viewer_at(kMemory, 0ms), PlotKind::PoolAvailable);
  EXPECT_EQ(before.now, "1000 B");  // one batch has been opened
  ASSERT_TRUE(before.threshold.has_value());
  EXPECT_EQ(before.threshold->text, "buffer.memory 2000 B");
  EXPECT_FLOAT_EQ(before.threshold->height, 1);

  ViewerState state = viewer_at(kMemory, 10ms);
  EXPECT_EQ(plot_of(state, PlotKind::PoolAvailable).now, "0 B");
  handle(state, ToEnd{});
  EXPECT_EQ(plot_of(state, PlotKind::PoolAvailable).now, "2000 B");
}

TEST(PlotsView, RecordsWaitUntilTheyAreDrained) {
  ViewerState state = viewer_at(kLinger, 3ms);
  EXPECT_EQ(plot_of(state, PlotKind::RecordsWaiting).now, "3");
  EXPECT_EQ(plot_of(state, PlotKind::RequestsInFlight).now, "0");
  handle(state, SeekTime{at(6ms)});
  EXPECT_EQ(plot_of(state, PlotKind::RecordsWaiting).now, "0");
  EXPECT_EQ(plot_of(state, PlotKind::RequestsInFlight).now, "1");
}

TEST(PlotsView, ARetriedBatchWaitsAgain) {
  ViewerState state = viewer_at(kRetry, 3ms);
  EXPECT_EQ(plot_of(state, PlotKind::RecordsWaiting).now, "0");
  handle(state, SeekTime{at(14ms)});
  EXPECT_EQ(plot_of(state, PlotKind::RecordsWaiting).now, "1");
}

TEST(PlotsView, LatencyIsKnownOnceAFateIsTold) {
  ViewerState state = viewer_at(kLinger, 6ms);
  EXPECT_EQ(plot_of(state, PlotKind::RecordLatency).now, "–");
  handle(state, ToEnd{});
  EXPECT_EQ(plot_of(state, PlotKind::RecordLatency).now, "7.0 ms");  // of the last record
  EXPECT_TRUE(std::ranges::any_of(plot_of(state, PlotKind::Throughput).columns,
                                  [](const PlotColumn& column) { return column.high == 1; }));
}

TEST(PlotsView, HeightsStayWithinThePlot) {
  for (const std::string_view toml : {kLinger, kRetry, kExpiry, kMemory, kDuplicates}) {
    ViewerState state = viewer_of(toml);
    handle(state, ToEnd{});
    for (const Plot& plot : plots_view(scene(state), {}, kColumns, Future::Shown).plots) {
      for (const PlotColumn& column : plot.columns) {
        EXPECT_LE(0, column.low) << plot.title;
        EXPECT_LE(column.low, column.high) << plot.title;
        EXPECT_LE(column.high, 1) << plot.title;
      }
    }
  }
}

TEST(PlotsView, WhatIsHiddenIsNotThere) {
  const ViewerState state = viewer_at(kLinger, 3ms);
  const float now = plots_view(scene(state), {}, kColumns, Future::Hidden).axis.now;
  for (int kind = 0; kind < kPlotKinds; ++kind) {
    for (const PlotColumn& column :
         plot_of(state, static_cast<PlotKind>(kind), Future::Hidden).columns) {
      EXPECT_LE(column.begin, now);
    }
  }
  EXPECT_FALSE(plot_of(state, PlotKind::RecordLatency).columns.empty());
  EXPECT_TRUE(plot_of(state, PlotKind::RecordLatency, Future::Hidden).columns.empty());
}

TEST(PlotsView, TheFutureIsHiddenAsLongAsTheLessonHasToAskAboutIt) {
  ViewerState state = viewer_of(asking());
  EXPECT_EQ(future_of(state), Future::Hidden);
  handle(state, ToggleQuestions{});
  EXPECT_EQ(future_of(state), Future::Shown);
  EXPECT_EQ(future_of(viewer_of(kLinger)), Future::Shown);
}

// Fewer columns show the same extremes.
TEST(PlotsView, NoExtremeIsLostWhereThereIsLittleRoom) {
  ViewerState state = viewer_of(kMemory);
  handle(state, ToEnd{});
  const auto lowest = [&](int columns) {
    const Plot plot = plots_view(scene(state), {}, columns, Future::Shown).plots.front();
    return std::ranges::min(plot.columns, {}, &PlotColumn::low).low;
  };
  EXPECT_FLOAT_EQ(lowest(3), lowest(1'000));
}

TEST(PlotsView, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  for (const std::string_view toml : {kRetry, kMemory}) {
    expect_a_walk_shows_what_a_fresh_run_shows(toml, [](const ViewerState& state) {
      const Stretch stretch = stretch_around(state.branches[0].index, state.shown_at, 1);
      return plots_view(scene(state), stretch, kColumns, Future::Hidden);
    });
  }
}

}  // namespace
}  // namespace linger::viz
