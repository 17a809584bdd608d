#include "viz/batch_chart_view.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "walk_fixture.h"

namespace linger::viz {
namespace {

constexpr int kManyPlaces = 1'000;

BatchChartView chart_of(const ViewerState& state, Stretch stretch = {}) {
  return batch_chart_view(scene(state), stretch, {.first = 0, .count = 100}, kManyPlaces);
}

std::vector<sim::BatchPhase> phases_of(const BatchBar& bar) {
  std::vector<sim::BatchPhase> phases;
  for (const BarPart& part : bar.parts) phases.push_back(part.phase);
  return phases;
}

TEST(BatchChartView, ABarGrowsWithItsBatch) {
  using enum sim::BatchPhase;
  const BatchChartView filling = chart_of(viewer_at(kLinger, 3ms));
  ASSERT_EQ(filling.lines.size(), 1U);
  EXPECT_EQ(filling.lines[0].name, "orders-0");
  ASSERT_EQ(filling.lines[0].bars.size(), 1U);
  const BatchBar& bar = filling.lines[0].bars[0];
  EXPECT_EQ(bar.ref, batch(0));
  EXPECT_EQ(bar.label, "b0");
  EXPECT_EQ(phases_of(bar), std::vector{Filling});
  EXPECT_FLOAT_EQ(bar.begin, 0);
  EXPECT_FLOAT_EQ(bar.end, filling.axis.now);
  EXPECT_FALSE(bar.fate);

  const BatchChartView sent = chart_of(viewer_at(kLinger, 6ms));
  EXPECT_EQ(phases_of(sent.lines[0].bars[0]), (std::vector{Filling, InFlight}));
}

TEST(BatchChartView, TheEndOfALifeIsToldOnceItHasCome) {
  ViewerState state = viewer_at(kExpiry, 199ms);
  EXPECT_FALSE(chart_of(state).lines[0].bars[0].fate);
  handle(state, SeekTime{at(201ms)});
  EXPECT_EQ(chart_of(state).lines[0].bars[0].fate, sim::BatchFate::Expired);
}

TEST(BatchChartView, APartOfTheAxisShowsWhatLivedThen) {
  using enum sim::BatchPhase;
  ViewerState state = viewer_of(kRetry);
  handle(state, ToEnd{});
  const TraceIndex& index = state.current().index;
  // Between the two refusals the batch waits in its deque.
  const Stretch backoff{index.axis(at(6ms)), index.axis(at(22ms))};
  const BatchChartView view = chart_of(state, backoff);
  const std::vector<BarPart>& parts = view.lines.at(0).bars.at(0).parts;
  bool has_seen_backoff = false;
  for (const BarPart& part : parts) {
    EXPECT_GE(part.begin, 0);
    EXPECT_LE(part.end, 1);
    has_seen_backoff = has_seen_backoff || (part.phase == BackingOff && part.end > part.begin);
  }
  EXPECT_TRUE(has_seen_backoff);
}

TEST(BatchChartView, BatchesThatLiveAtTheSameTimeHaveLinesOfTheirOwn) {
  const std::string toml = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0, 0]
[network]
latency = "2ms"
[producer]
batch.size = 200
linger.ms = 20
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 3, every = "1ms" },
       { send = "orders", partition = 1, value_size = 100 },
       { sleep = "50ms" },
       { send = "orders", partition = 0, value_size = 100 }]
)";
  ViewerState state = viewer_of(toml);
  handle(state, ToEnd{});
  const BatchChartView view = chart_of(state);
  ASSERT_EQ(view.total, std::ssize(view.lines));
  EXPECT_EQ(view.lines.front().name, "orders-0");
  EXPECT_EQ(view.lines.back().name, "orders-1");
  std::size_t bars = 0;
  for (const BatchLine& line : view.lines) {
    bars += line.bars.size();
    for (std::size_t i = 1; i < line.bars.size(); ++i) {
      EXPECT_GE(line.bars[i].begin, line.bars[i - 1].end);
    }
  }
  EXPECT_EQ(bars, 5U);
  // The last batch of the first partition takes a line that is free again.
  EXPECT_EQ(view.lines.front().bars.back().ref, batch(4));
}

TEST(BatchChartView, OnlyTheLinesInSightAreThere) {
  ViewerState state = viewer_of(kMemory);
  handle(state, ToEnd{});
  const BatchChartView all = chart_of(state);
  ASSERT_GE(all.total, 3);
  const BatchChartView one =
      batch_chart_view(scene(state), {}, {.first = 1, .count = 1}, kManyPlaces);
  EXPECT_EQ(one.total, all.total);
  ASSERT_EQ(one.lines.size(), 1U);
  EXPECT_EQ(one.lines[0], all.lines[1]);
}

TEST(BatchChartView, ManyShortLivesAreOneBar) {
  const std::string toml = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "100us"
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 300, every = "2ms" }]
)";
  ViewerState state = viewer_of(toml);
  handle(state, ToEnd{});
  constexpr int kFewPlaces = 20;
  const BatchChartView view =
      batch_chart_view(scene(state), {}, {.first = 0, .count = 10}, kFewPlaces);
  std::int32_t batches = 0;
  for (const BatchLine& line : view.lines) {
    EXPECT_LE(line.bars.size(), 2U * kFewPlaces);
    for (const BatchBar& bar : line.bars) batches += bar.batches;
  }
  EXPECT_EQ(batches, 300);
}

TEST(BatchChartView, ASelectedBatchIsMarked) {
  ViewerState state = viewer_at(kLinger, 3ms);
  EXPECT_FALSE(chart_of(state).lines[0].bars[0].is_selected);
  handle(state, Select{batch(0)});
  EXPECT_TRUE(chart_of(state).lines[0].bars[0].is_selected);
}

TEST(BatchChartView, ALifeIsToldInWords) {
  const ViewerState state = viewer_at(kRetry, 14ms);
  EXPECT_EQ(life_text(scene(state), batch(0)),
            "b0 of orders-0\nfilling: 0 ms\nin flight: 4.0 ms\nback in its deque: 10.0 ms");
}

TEST(BatchChartView, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  for (const std::string_view toml : {kRetry, kMemory, kExpiry}) {
    expect_a_walk_shows_what_a_fresh_run_shows(toml, [](const ViewerState& state) {
      return chart_of(state, stretch_around(state.branches[0].index, state.shown_at, 1));
    });
  }
}

}  // namespace
}  // namespace linger::viz
