#include "viz/sequence_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "walk_fixture.h"

namespace linger::viz {
namespace {

using Kind = sim::SequenceLine::Kind;

SequenceView sequence_of(const ViewerState& state) {
  return sequence_view(scene(state), {.first = 0, .count = 1'000});
}

TEST(SequenceView, ProducersAndBrokersHaveLifelines) {
  const SequenceView view = sequence_of(viewer_at(kRetry, 0ms));
  ASSERT_EQ(view.lifelines.size(), 3U);
  EXPECT_TRUE(view.lifelines[0].producer.has_value());
  EXPECT_EQ(view.lifelines[1].name, "broker 0");
  EXPECT_EQ(view.lifelines[2].name, "broker 1");
}

TEST(SequenceView, ARequestIsOnItsWayUntilItArrives) {
  ViewerState state = viewer_at(kRetry, 1ms);
  const SequenceView on_its_way = sequence_of(state);
  ASSERT_EQ(on_its_way.arrows.size(), 1U);
  EXPECT_EQ(on_its_way.arrows[0].end, ArrowEnd::OnItsWay);
  EXPECT_EQ(on_its_way.arrows[0].to_row, on_its_way.total);
  EXPECT_EQ(on_its_way.arrows[0].to, 1U);

  handle(state, SeekTime{at(3ms)});
  const SequenceView answered = sequence_of(state);
  ASSERT_EQ(answered.arrows.size(), 2U);
  EXPECT_EQ(answered.arrows[0].end, ArrowEnd::Arrived);
  EXPECT_TRUE(answered.arrows[1].is_answer);
  EXPECT_TRUE(answered.arrows[1].is_refused);
  EXPECT_EQ(answered.arrows[1].end, ArrowEnd::OnItsWay);
  EXPECT_EQ(answered.arrows[1].label, "answer to 0: NOT_ENOUGH_REPLICAS");
}

TEST(SequenceView, ALostAnswerEndsOnTheWay) {
  ViewerState state = viewer_of(kDuplicates);
  handle(state, ToEnd{});
  const SequenceView view = sequence_of(state);
  const auto lost = std::ranges::find(view.arrows, ArrowEnd::Lost, &SequenceArrow::end);
  ASSERT_NE(lost, view.arrows.end());
  EXPECT_TRUE(lost->is_answer);
}

TEST(SequenceView, WhatTheApplicationCallsAndIsToldStandsAtTheProducer) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  const SequenceView view = sequence_of(state);
  EXPECT_EQ(std::ranges::count(view.rows, Kind::SendCalled, &SequenceRow::kind), 3);
  const auto told = std::ranges::find(view.rows, Kind::Told, &SequenceRow::kind);
  ASSERT_NE(told, view.rows.end());
  EXPECT_EQ(told->text, "r0–r2 acknowledged at 0");
  EXPECT_EQ(told->lifeline, 0U);
}

TEST(SequenceView, ASelectedRequestIsMarkedAndSelectsItsBatch) {
  ViewerState state = viewer_at(kRetry, 3ms);
  handle(state, Select{RequestRef{core::ProducerIndex{0}, core::CorrelationId{0}}});
  for (const SequenceArrow& arrow : sequence_of(state).arrows) EXPECT_TRUE(arrow.is_selected);
  EXPECT_EQ(selected_batch(scene(state)), batch(0));
  handle(state, ToStart{});
  EXPECT_FALSE(selected_batch(scene(state)));
}

TEST(SequenceView, OnlyRowsInSightAreThereAndTheArrowsThatCrossThem) {
  ViewerState state = viewer_of(kRetry);
  handle(state, ToEnd{});
  const SequenceView all = sequence_of(state);
  const SequenceArrow& arrow = all.arrows.front();
  ASSERT_GT(arrow.to_row, arrow.from_row);
  const SequenceView part = sequence_view(scene(state), {.first = arrow.to_row, .count = 2});
  EXPECT_EQ(part.rows.size(), 2U);
  EXPECT_EQ(part.total, all.total);
  EXPECT_EQ(std::ranges::count(part.arrows, arrow), 1);
}

TEST(SequenceView, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  for (const std::string_view toml : {kRetry, kDuplicates, kExpiry}) {
    expect_a_walk_shows_what_a_fresh_run_shows(toml, sequence_of);
  }
}

}  // namespace
}  // namespace linger::viz
