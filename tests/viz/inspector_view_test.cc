#include "viz/inspector_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

BatchInspectorView life_of(ViewerState& state, BatchRef ref) {
  handle(state, Select{ref});
  return batch_inspector_view(scene(state)).value();
}

std::vector<sim::BatchPhase> phases_of(const BatchInspectorView& view) {
  std::vector<sim::BatchPhase> phases;
  for (const PhaseSpan& span : view.phases) phases.push_back(span.phase);
  return phases;
}

TEST(BatchInspectorView, ThereIsNoneWithoutASelectedBatch) {
  ViewerState state = viewer_at(kLinger, 3ms);
  EXPECT_FALSE(batch_inspector_view(scene(state)));
  handle(state, Select{lane()});
  EXPECT_FALSE(batch_inspector_view(scene(state)));
}

TEST(BatchInspectorView, ABatchThatWasNotOpenedYetIsNotThere) {
  ViewerState state = viewer_at(kLinger, 3ms);
  handle(state, Select{batch(0)});
  handle(state, ToStart{});
  EXPECT_FALSE(batch_inspector_view(scene(state)));
}

TEST(BatchInspectorView, TellsTheWholeLifeOfABatchThatWasRetried) {
  ViewerState state = viewer_of(kRetry);
  handle(state, ToEnd{});
  const BatchInspectorView view = life_of(state, batch(0));
  using enum sim::BatchPhase;
  EXPECT_EQ(phases_of(view),
            (std::vector{Filling, InFlight, BackingOff, InFlight, BackingOff, InFlight, Done}));
  EXPECT_TRUE(view.is_done);
  EXPECT_EQ(view.look, BatchLook::Acknowledged);
  EXPECT_EQ(view.title, "batch 0 of orders-0");
  for (std::size_t i = 1; i < view.phases.size(); ++i) {
    EXPECT_EQ(view.phases[i].from, view.phases[i - 1].to);
    EXPECT_FLOAT_EQ(view.phases[i].begin, view.phases[i - 1].end);
  }
  for (std::size_t i = 1; i < view.life.size(); ++i) {
    EXPECT_GE(view.life[i].at, view.life[i - 1].at);
  }
  const auto retried = std::find_if(view.life.begin(), view.life.end(), [](const LifeRow& row) {
    return row.why.starts_with("NOT_ENOUGH_REPLICAS, sending 1 failed");
  });
  EXPECT_NE(retried, view.life.end());
}

TEST(BatchInspectorView, TellsNothingOfTheFuture) {
  ViewerState state = viewer_at(kRetry, 3ms);
  const BatchInspectorView view = life_of(state, batch(0));
  EXPECT_EQ(phases_of(view), (std::vector{sim::BatchPhase::Filling, sim::BatchPhase::InFlight}));
  for (const LifeRow& row : view.life) EXPECT_LE(row.at, state.shown_at);
  EXPECT_EQ(view.phases.back().to, state.shown_at);
}

TEST(BatchInspectorView, SaysWhyItWasDrained) {
  ViewerState state = viewer_at(kLinger, 6ms);
  const BatchInspectorView view = life_of(state, batch(0));
  const auto drained = std::find_if(view.life.begin(), view.life.end(), [](const LifeRow& row) {
    return row.why.starts_with("expired");
  });
  ASSERT_NE(drained, view.life.end());
  EXPECT_EQ(drained->at, at(5ms));
}

TEST(BatchInspectorView, ItsHeaderIsReadFromItsBytesAndThenFromTheLog) {
  ViewerState state = viewer_at(kLinger, 3ms);
  EXPECT_TRUE(life_of(state, batch(0)).header.empty());

  handle(state, SeekTime{at(6ms)});
  const BatchInspectorView sent = life_of(state, batch(0));
  ASSERT_EQ(sent.header.size(), 13U);
  EXPECT_EQ(sent.header_from, "its buffer");
  EXPECT_EQ(sent.header.back().name, "record count");
  EXPECT_EQ(sent.header.back().value, "3");

  handle(state, ToEnd{});
  const BatchInspectorView stored = life_of(state, batch(0));
  EXPECT_EQ(stored.header_from, "the log of orders-0");
  EXPECT_EQ(stored.header.back().value, "3");
}

TEST(BatchInspectorView, ListsItsRecordsWhileItFillsAndAfterItIsGone) {
  ViewerState state = viewer_at(kLinger, 3ms);
  const BatchInspectorView filling = life_of(state, batch(0));
  ASSERT_EQ(filling.records.size(), 3U);
  EXPECT_EQ(filling.records[0].status, "pending");
  EXPECT_EQ(filling.records[0].thread, "A");

  handle(state, ToEnd{});
  const BatchInspectorView done = life_of(state, batch(0));
  ASSERT_EQ(done.records.size(), 3U);
  EXPECT_EQ(done.records[2].status, "acknowledged");
  EXPECT_EQ(done.records[2].offset, 2);
  EXPECT_EQ(done.records[2].size, filling.records[2].size);
}

TEST(BatchInspectorView, ASelectedRecordShowsItsBatch) {
  ViewerState state = viewer_at(kLinger, 3ms);
  handle(state, Select{core::RecordId{1}});
  const auto view = batch_inspector_view(scene(state));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->ref, batch(0));
  EXPECT_TRUE(view->records.at(1).is_selected);
  EXPECT_FALSE(view->records.at(0).is_selected);
}

TEST(BatchInspectorView, ABatchThatFailedShowsItsError) {
  ViewerState state = viewer_of(kExpiry);
  handle(state, ToEnd{});
  const BatchInspectorView view = life_of(state, batch(0));
  EXPECT_EQ(view.look, BatchLook::Failed);
  EXPECT_TRUE(view.error.starts_with("TimeoutException")) << view.error;
  EXPECT_TRUE(view.header.empty());
}

}  // namespace
}  // namespace linger::viz
