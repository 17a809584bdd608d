#include "viz/wire_bytes_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "walk_fixture.h"

namespace linger::viz {
namespace {

// A request of about 1,100 bytes, in segments of 400 that leave 1 ms apart.
constexpr std::string_view kSegments = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
bandwidth = "400kB/s"
segment = 400
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 1000 }]
)";

ViewerState bytes_at(std::string_view toml, core::Duration since_start) {
  ViewerState state = viewer_of(toml);
  do_all(state, {TogglePanel{Panel::Bytes}, SeekTime{at(since_start)}});
  return state;
}

WireBytesView bytes_of(const ViewerState& state, Window window = {}) {
  const auto& tap = state.branches[state.branch].tap;
  return wire_bytes_view(scene(state), tap ? &*tap : nullptr, window);
}

std::vector<ByteState> states_of(const FrameRow& row) {
  std::vector<ByteState> states;
  for (const FramePart& part : row.parts) states.push_back(part.state);
  return states;
}

std::string size_of(const FrameRow& row) {
  std::string hex;
  for (const SizeByte& byte : row.size_bytes) hex += byte.hex;
  return hex;
}

TEST(WireBytesView, AFrameArrivesSegmentBySegment) {
  using enum ByteState;
  const WireBytesView early = bytes_of(bytes_at(kSegments, 1500us));
  ASSERT_EQ(early.rows.size(), 1U);
  const FrameRow& frame = early.rows[0];
  EXPECT_EQ(frame.label, "Produce 0");
  EXPECT_EQ(states_of(frame).front(), OnTheWire);
  EXPECT_EQ(states_of(frame).back(), Waiting);
  EXPECT_FALSE(frame.size_is_known);
  EXPECT_EQ(frame.arrived, 0);

  const WireBytesView later = bytes_of(bytes_at(kSegments, 3500us));
  EXPECT_EQ(states_of(later.rows[0]).front(), Arrived);
  EXPECT_TRUE(later.rows[0].size_is_known);
  EXPECT_GT(later.rows[0].arrived, 0);
  EXPECT_LT(later.rows[0].arrived, later.rows[0].size);
}

TEST(WireBytesView, TheFirstFourBytesSayHowLongTheRestIs) {
  const WireBytesView view = bytes_of(bytes_at(kSegments, 3500us));
  const FrameRow& frame = view.rows.at(0);
  EXPECT_EQ(std::stoll(size_of(frame), nullptr, 16), frame.size - 4);
  for (const SizeByte& byte : frame.size_bytes) EXPECT_EQ(byte.state, ByteState::Arrived);
}

TEST(WireBytesView, PartsOfAFrameAreAllOfIt) {
  for (const core::Duration when : {100us, 1500us, 2500us, 3500us, 9000us}) {
    for (const FrameRow& row : bytes_of(bytes_at(kSegments, when)).rows) {
      std::int64_t begin = 0;
      for (const FramePart& part : row.parts) {
        EXPECT_EQ(part.begin, begin);
        EXPECT_LT(part.begin, part.end);
        begin = part.end;
      }
      EXPECT_EQ(begin, row.size);
    }
  }
}

TEST(WireBytesView, WhatABrokenConnectionCarriedIsLost) {
  const std::string toml = std::string{kSegments} + R"(
[[fault]]
at = "1500us"
disconnect = 0
)";
  const WireBytesView view = bytes_of(bytes_at(toml, 1800us));
  ASSERT_FALSE(view.rows.empty());
  for (const ByteState state : states_of(view.rows[0])) EXPECT_EQ(state, ByteState::Lost);
}

TEST(WireBytesView, BothDirectionsStandInTheOrderInWhichFramesWereSent) {
  ViewerState state = bytes_at(kRetry, 0ms);
  handle(state, ToEnd{});
  const WireBytesView view = bytes_of(state);
  ASSERT_EQ(view.total, 6);
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    EXPECT_EQ(view.rows[i].direction,
              i % 2 == 0 ? sim::Direction::ToBroker : sim::Direction::ToClient);
  }
  for (std::int64_t first = 0; first < view.total; ++first) {
    const WireBytesView part = bytes_of(state, {.first = first, .count = 2});
    EXPECT_EQ(part.rows.front(), view.rows[static_cast<std::size_t>(first)]);
  }
}

TEST(WireBytesView, ASelectedRequestBringsItsConnection) {
  ViewerState state = bytes_at(kRetry, 30ms);
  handle(state, Select{RequestRef{core::ProducerIndex{0}, core::CorrelationId{0}}});
  const WireBytesView view = bytes_of(state);
  EXPECT_TRUE(view.rows.at(0).is_selected);
  ASSERT_EQ(view.choices.size(), 1U);
  EXPECT_EQ(view.choices[0].label, "broker 0");
  EXPECT_TRUE(view.choices[0].is_shown);
}

// The bytes of a branch are its own.
TEST(WireBytesView, ABranchHasItsBytes) {
  ViewerState state = bytes_at(kSegments, 500us);
  handle(state, InjectFault{sim::Disconnect{core::NodeId{0}}});
  handle(state, ToEnd{});
  const WireBytesView view = bytes_of(state);
  EXPECT_GE(view.choices.size(), 2U);
  for (const FrameRow& row : view.rows) {
    if (!row.size_is_known) continue;
    EXPECT_EQ(std::stoll(size_of(row), nullptr, 16), row.size - 4);
  }
}

TEST(WireBytesView, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  for (const std::string_view toml : {kSegments, kRetry}) {
    expect_a_walk_shows_what_a_fresh_run_shows(
        toml, [](const ViewerState& state) { return wire_bytes_view(scene(state), nullptr, {}); });
  }
}

}  // namespace
}  // namespace linger::viz
