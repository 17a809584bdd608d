#include "viz/motion.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

std::vector<Flight> of_kind(const ViewerState& state, FlightKind kind) {
  std::vector<Flight> found;
  for (const Flight& flight : flights(scene(state))) {
    if (flight.kind == kind) found.push_back(flight);
  }
  return found;
}

TEST(Motion, ARecordFliesFromItsThreadIntoItsBatchAndMemoryToTheBatch) {
  ViewerState state = viewer_of(kLinger);
  handle(state, JumpTo{JumpTarget::Send, Way::Forward});
  const auto records = of_kind(state, FlightKind::Append);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].from.kind, Anchor::Kind::Thread);
  EXPECT_EQ(records[0].to.kind, Anchor::Kind::Deque);
  EXPECT_EQ(records[0].to.partition, lane().partition);
  EXPECT_EQ(records[0].label, "r0");
  const auto memory = of_kind(state, FlightKind::TakeMemory);
  ASSERT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory[0].from.kind, Anchor::Kind::NonPooled);
  EXPECT_EQ(memory[0].label, "16 KiB");
}

TEST(Motion, AFlightIsOverAfterAWhileAndHasMovedBefore) {
  ViewerState state = viewer_of(kLinger);
  handle(state, JumpTo{JumpTarget::Drain, Way::Forward});
  ASSERT_EQ(of_kind(state, FlightKind::Drain).size(), 1U);
  EXPECT_FLOAT_EQ(of_kind(state, FlightKind::Drain)[0].progress, 0);
  advance(state, kFlightSeconds / 2);
  EXPECT_FLOAT_EQ(of_kind(state, FlightKind::Drain)[0].progress, 0.5F);
  advance(state, kFlightSeconds);
  EXPECT_TRUE(flights(scene(state)).empty());
}

TEST(Motion, WhilePlayingAFlightsTimeIsVirtualTimeAtItsSpeed) {
  ViewerState state = viewer_of(kLinger);
  do_all(state, {SetSpeed{0.01}, SeekTime{at(6ms)}});
  // The drain was a millisecond ago: a tenth of a second at this speed.
  const auto drains = of_kind(state, FlightKind::Drain);
  ASSERT_EQ(drains.size(), 1U);
  EXPECT_FLOAT_EQ(drains[0].progress, eased(0.1 / kFlightSeconds));
}

TEST(Motion, AStepShowsAloneWhatHappenedInIt) {
  ViewerState state = viewer_of(kLinger);
  handle(state, JumpTo{JumpTarget::Drain, Way::Forward});
  handle(state, StepEvent{Way::Forward});
  EXPECT_TRUE(of_kind(state, FlightKind::Drain).empty());
}

TEST(Motion, ARetriedBatchFliesBackWithItsError) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  const auto retries = of_kind(state, FlightKind::Retry);
  ASSERT_EQ(retries.size(), 1U);
  EXPECT_EQ(retries[0].from.kind, Anchor::Kind::InFlight);
  EXPECT_EQ(retries[0].from.node, core::NodeId{0});
  EXPECT_EQ(retries[0].to.kind, Anchor::Kind::Deque);
  EXPECT_EQ(retries[0].detail, "NOT_ENOUGH_REPLICAS");
}

TEST(Motion, AnAcknowledgedBatchLeavesAndItsMemoryGoesToTheFreeList) {
  ViewerState state = viewer_of(kLinger);
  handle(state, JumpTo{JumpTarget::Completion, Way::Forward});
  const auto acknowledged = of_kind(state, FlightKind::Acknowledge);
  ASSERT_EQ(acknowledged.size(), 1U);
  EXPECT_EQ(acknowledged[0].from.kind, Anchor::Kind::InFlight);
  EXPECT_EQ(acknowledged[0].to.kind, Anchor::Kind::Completions);
  const auto memory = of_kind(state, FlightKind::ReturnMemory);
  ASSERT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory[0].to.kind, Anchor::Kind::FreeList);
  EXPECT_EQ(memory[0].batch, batch(0));
}

TEST(Motion, WhatABrokerWritesFliesFromItsQueueIntoTheLog) {
  ViewerState state = viewer_at(kLinger, 7ms);
  const auto written = of_kind(state, FlightKind::Write);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].from.kind, Anchor::Kind::BrokerQueue);
  EXPECT_EQ(written[0].to.partition, lane().partition);
  EXPECT_EQ(written[0].batch, batch(0));
}

TEST(Motion, EasingBeginsAndEndsSlowly) {
  EXPECT_FLOAT_EQ(eased(0), 0);
  EXPECT_FLOAT_EQ(eased(1), 1);
  EXPECT_FLOAT_EQ(eased(0.5), 0.5F);
  EXPECT_LT(eased(0.1), 0.1F);
  EXPECT_GT(eased(0.9), 0.9F);
  EXPECT_FLOAT_EQ(eased(7), 1);
}

}  // namespace
}  // namespace linger::viz
