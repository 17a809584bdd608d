#include "viz/future_view.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

std::optional<Timer> due(const ViewerState& state, TimerKind kind) {
  for (const Timer& timer : future_view(scene(state)).timers) {
    if (timer.kind == kind) return timer;
  }
  return std::nullopt;
}

core::Instant due_at(std::string_view toml, core::Duration when, TimerKind kind) {
  const auto timer = due(viewer_at(toml, when), kind);
  return timer ? timer->at : core::Instant::max();
}

TEST(Future, TellsWhenTheTimersOfABatchAreDue) {
  EXPECT_EQ(due_at(kLinger, 2ms, TimerKind::Linger), at(5ms));
  EXPECT_EQ(due_at(kLinger, 2ms, TimerKind::DeliveryTimeout), at(120s));
  EXPECT_EQ(due_at(kLinger, 2ms, TimerKind::Thread), core::Instant::max()) << "it has ended";
  EXPECT_EQ(due_at(kLinger, 1ms, TimerKind::Thread), at(2ms));
  EXPECT_EQ(due_at(kLinger, 6ms, TimerKind::Linger), core::Instant::max()) << "it was drained";
  EXPECT_EQ(due_at(kLinger, 6ms, TimerKind::RequestTimeout), at(5ms + 30s));
  EXPECT_EQ(due_at(kLinger, 6ms, TimerKind::Wire), at(7ms));
  EXPECT_EQ(due_at(kRetry, 14ms, TimerKind::Backoff), at(24ms));
}

TEST(Future, TellsWhenMetadataIsTooOldAndWhenAThreadGivesUp) {
  // It was 10 seconds old when the run began.
  EXPECT_EQ(due_at(kLinger, 2ms, TimerKind::MetadataAge), at(290s));
  const auto timer = due(viewer_at(kMemory, 10ms), TimerKind::MaxBlock);
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->setting, "max.block.ms");
  EXPECT_EQ(timer->at, at(2ms + 60s));
}

TEST(Future, IsWhatThenHappens) {
  const ViewerState state = viewer_at(kRetry, 14ms);
  ViewerState later = state;
  handle(later, SeekTime{due(state, TimerKind::Backoff)->at});
  EXPECT_EQ(later.world().processes[0].batches[0].status, sim::BatchStatus::InFlight);
}

TEST(Future, StandsOnALogScaleTheEarliestFirst) {
  const FutureView view = future_view(scene(viewer_at(kLinger, 2ms)));
  for (std::size_t i = 1; i < view.timers.size(); ++i) {
    EXPECT_LE(view.timers[i - 1].at, view.timers[i].at);
    EXPECT_LE(view.timers[i - 1].place, view.timers[i].place);
  }
  const float decade = view.ticks[1].place - view.ticks[0].place;
  EXPECT_NEAR(view.ticks[3].place - view.ticks[2].place, decade, 1e-4);
  EXPECT_GT(view.timers.back().place - view.timers.front().place, 3 * decade);
}

TEST(Future, CountsThoseOfAKindThatComeLater) {
  const auto timer = due(viewer_at(kMemory, 10ms), TimerKind::Linger);
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->at, at(20ms));
  EXPECT_EQ(timer->others, 1);
}

TEST(Future, HoldsNothingOnceTheRunIsOver) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  const FutureView view = future_view(scene(state));
  EXPECT_TRUE(view.timers.empty());
  EXPECT_FALSE(view.hint.empty());
}

}  // namespace
}  // namespace linger::viz
