#include "viz/pipeline_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

PipelineView pipeline_shown(const ViewerState& state) {
  return pipeline_view(scene(state));
}

TEST(PipelineView, ShowsEachPartOfThePipelineBeforeAnythingHappened) {
  const ViewerState state = viewer_of(kLinger);
  const PipelineView view = pipeline_shown(state);

  ASSERT_EQ(view.producers.size(), 1U);
  const ProducerPart& producer = view.producers[0];
  ASSERT_EQ(producer.threads.size(), 1U);
  EXPECT_EQ(producer.threads[0].name, "A");
  ASSERT_EQ(producer.lanes.size(), 1U);
  EXPECT_EQ(producer.lanes[0].name, "orders-0");
  EXPECT_EQ(producer.lanes[0].leader_text, "broker 0");
  EXPECT_TRUE(producer.lanes[0].batches.empty());
  ASSERT_EQ(view.brokers.size(), 1U);
  ASSERT_EQ(view.brokers[0].logs.size(), 1U);
  EXPECT_EQ(view.brokers[0].logs[0].end_offset, 0);
  EXPECT_TRUE(view.packets.empty());
  EXPECT_TRUE(view.completions.empty());
}

TEST(PipelineView, ABatchFillsWhileItsLingerCountsDown) {
  const ViewerState at_1ms = viewer_at(kLinger, 1ms);
  const ViewerState at_3ms = viewer_at(kLinger, 3'500us);
  const BatchBox early = pipeline_shown(at_1ms).producers[0].lanes[0].batches.at(0);
  const BatchBox late = pipeline_shown(at_3ms).producers[0].lanes[0].batches.at(0);

  EXPECT_EQ(early.look, BatchLook::Filling);
  EXPECT_EQ(early.records, 2);
  EXPECT_EQ(late.records, 3);
  EXPECT_GT(late.fill, early.fill);
  ASSERT_TRUE(early.waits.linger && late.waits.linger);
  EXPECT_EQ(early.waits.linger->time, 4ms);
  EXPECT_EQ(late.waits.linger->time, 1'500us);
  EXPECT_FLOAT_EQ(late.waits.linger->fraction, 0.3F);
}

TEST(PipelineView, ARequestMovesAlongItsWireBetweenTwoEvents) {
  // The batch leaves at 5 ms and takes 2 ms.
  const std::vector<Packet> at_start = pipeline_shown(viewer_at(kLinger, 5ms)).packets;
  const std::vector<Packet> halfway = pipeline_shown(viewer_at(kLinger, 6ms)).packets;
  ASSERT_EQ(at_start.size(), 1U);
  ASSERT_EQ(halfway.size(), 1U);

  EXPECT_FLOAT_EQ(at_start[0].position, 0);
  EXPECT_FLOAT_EQ(halfway[0].position, 0.5F);
  EXPECT_EQ(halfway[0].direction, sim::Direction::ToBroker);
  EXPECT_EQ(halfway[0].batches, std::vector{batch(0)});
  EXPECT_FLOAT_EQ(halfway[0].part_begin, 0);
  EXPECT_FLOAT_EQ(halfway[0].part_end, 1);
}

TEST(PipelineView, ItsResponseComesBackFromTheBroker) {
  const std::vector<Packet> packets = pipeline_shown(viewer_at(kLinger, 7'500us)).packets;
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].direction, sim::Direction::ToClient);
  EXPECT_FLOAT_EQ(packets[0].position, 0.75F);
  EXPECT_EQ(packets[0].batches, std::vector{batch(0)});
}

TEST(PipelineView, AFrameThatIsCutTravelsInParts) {
  std::string toml{kLinger};
  toml.replace(toml.find("latency = \"2ms\""), 15,
               "latency = \"2ms\"\nsegment = \"100\"\nbandwidth = \"100kB/s\"");
  const std::vector<Packet> packets = pipeline_shown(viewer_at(toml, 6'500us)).packets;
  ASSERT_GT(packets.size(), 1U);
  EXPECT_FLOAT_EQ(packets[0].part_begin, 0);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].correlation, packets[0].correlation);
    EXPECT_FLOAT_EQ(packets[i].part_begin, packets[i - 1].part_end);
    EXPECT_LT(packets[i].position, packets[i - 1].position);
  }
}

TEST(PipelineView, ABatchInFlightIsInItsRequest) {
  const ProducerPart producer = pipeline_shown(viewer_at(kLinger, 6ms)).producers[0];
  EXPECT_TRUE(producer.lanes[0].batches.empty());
  EXPECT_EQ(producer.lanes[0].in_flight, 1);
  ASSERT_EQ(producer.connections.at(0).in_flight.size(), 1U);
  const RequestBox& request = producer.connections[0].in_flight[0];
  EXPECT_EQ(request.age, "1.0 ms");
  EXPECT_TRUE(request.is_written);
  ASSERT_EQ(request.batches.size(), 1U);
  EXPECT_EQ(request.batches[0].look, BatchLook::InFlight);
  EXPECT_EQ(request.batches[0].sequence_text, "seq 0–2");
}

TEST(PipelineView, ARetriedBatchIsBackInItsDequeAndCountsItsBackoffDown) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  const BatchBox box = pipeline_shown(state).producers[0].lanes[0].batches.at(0);
  EXPECT_EQ(box.look, BatchLook::BackingOff);
  EXPECT_TRUE(box.is_retried);
  EXPECT_EQ(box.attempts, 1);
  ASSERT_TRUE(box.waits.backoff);
  EXPECT_EQ(box.waits.backoff->time, 20ms);

  handle(state, SeekTime{state.shown_at + 5ms});
  EXPECT_EQ(pipeline_shown(state).producers[0].lanes[0].batches.at(0).waits.backoff->time, 15ms);
  EXPECT_FLOAT_EQ(pipeline_shown(state).producers[0].lanes[0].batches.at(0).waits.backoff->fraction,
                  0.75F);
}

TEST(PipelineView, AnExpiredBatchLeavesWithItsError) {
  ViewerState state = viewer_of(kExpiry);
  handle(state, JumpTo{JumpTarget::Expiry, Way::Forward});
  const PipelineView view = pipeline_shown(state);
  EXPECT_TRUE(view.producers[0].lanes[0].batches.empty());
  ASSERT_EQ(view.completions.size(), 1U);
  EXPECT_EQ(view.completions[0].text, "TimeoutException");
  const auto expiry = std::find_if(view.flights.begin(), view.flights.end(),
                                   [](const Flight& f) { return f.kind == FlightKind::Expire; });
  ASSERT_NE(expiry, view.flights.end());
  EXPECT_EQ(expiry->from.kind, Anchor::Kind::Deque);
  EXPECT_EQ(expiry->detail, "TimeoutException");
}

TEST(PipelineView, ThePoolsPartsAddUpAtEveryStep) {
  ViewerState state = viewer_of(kMemory);
  bool has_waited = false;
  while (!state.timeline().is_over()) {
    const PoolView pool = pool_view(scene(state), core::ProducerIndex{0});
    core::Bytes held;
    for (const HeldBuffer& buffer : pool.held_by) held += buffer.size;
    EXPECT_GE(pool.held, held);
    EXPECT_EQ(pool.free_list + pool.non_pooled + pool.held + pool.gathered + pool.lost, pool.total);
    if (!pool.waiters.empty()) {
      has_waited = true;
      EXPECT_EQ(pool.waiters[0].name, "A");
      EXPECT_EQ(pool.waiters[0].needed, core::Bytes{1000});
    }
    handle(state, StepEvent{Way::Forward});
  }
  EXPECT_TRUE(has_waited);
  EXPECT_EQ(pool_view(scene(state), core::ProducerIndex{0}).free_buffers, 2);
}

TEST(PipelineView, AThreadSaysWhatItWaitsForAndUntilWhen) {
  const PipelineView view = pipeline_shown(viewer_at(kMemory, 10ms));
  const ThreadBox& thread = view.producers[0].threads[0];
  EXPECT_EQ(thread.look, ThreadLook::Blocked);
  EXPECT_EQ(thread.blocked_on, core::BlockedOn::Memory);
  ASSERT_TRUE(thread.until);
  EXPECT_EQ(thread.until->time, 60s - 8ms);
}

TEST(PipelineView, ABrokersLogMarksWhatStandsThereTwice) {
  ViewerState state = viewer_of(kDuplicates);
  handle(state, ToEnd{});
  const LogTail log = pipeline_shown(state).brokers[0].logs.at(0);
  EXPECT_EQ(log.end_offset, 4);
  ASSERT_EQ(log.batches.size(), 2U);
  EXPECT_FALSE(log.batches[0].is_duplicate);
  EXPECT_TRUE(log.batches[1].is_duplicate);
  EXPECT_EQ(log.batches[1].label, "2–3");
}

TEST(PipelineView, OnlyTheEndOfALongLogIsShown) {
  ViewerState state = viewer_of(kDuplicates);
  handle(state, ToEnd{});
  const PipelineView view = pipeline_view(scene(state), {.log_batches = 1, .completions = 1});
  EXPECT_EQ(view.brokers[0].logs[0].batches.size(), 1U);
  EXPECT_EQ(view.brokers[0].logs[0].hidden, 1);
  EXPECT_EQ(view.completions.size(), 1U);
}

TEST(PipelineView, TheSelectedBatchIsMarkedWhereverItIs) {
  ViewerState state = viewer_of(kLinger);
  handle(state, Select{batch(0)});
  handle(state, SeekTime{at(2ms)});
  EXPECT_TRUE(pipeline_shown(state).producers[0].lanes[0].batches.at(0).is_selected);
  handle(state, SeekTime{at(6ms)});
  EXPECT_TRUE(pipeline_shown(state).producers[0].connections[0].in_flight.at(0).is_selected);
  EXPECT_TRUE(pipeline_shown(state).packets.at(0).is_selected);
  handle(state, ToEnd{});
  EXPECT_TRUE(pipeline_shown(state).brokers[0].logs[0].batches.at(0).is_selected);
}

TEST(PipelineView, WhatLandsIsFaintUntilItHasLanded) {
  ViewerState state = viewer_of(kRetry);
  handle(state, JumpTo{JumpTarget::Retry, Way::Forward});
  EXPECT_TRUE(pipeline_shown(state).producers[0].lanes[0].batches.at(0).is_arriving);
  advance(state, kFlightSeconds);
  EXPECT_FALSE(pipeline_shown(state).producers[0].lanes[0].batches.at(0).is_arriving);
}

}  // namespace
}  // namespace linger::viz
