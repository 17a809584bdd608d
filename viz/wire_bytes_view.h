// The bytes on a wire: frame by frame, and in which segments they travel.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/wire_tap.h"
#include "viz/scene.h"

namespace linger::viz {

// Where a byte is.
enum class ByteState { Waiting, OnTheWire, Arrived, Lost };
std::string_view word(ByteState state);

// The part of a frame that travels in one segment; or what has not left yet.
struct FramePart {
  std::int64_t begin = 0;  // bytes of the frame
  std::int64_t end = 0;
  ByteState state = ByteState::Waiting;
  std::int64_t segment = -1;  // the n-th of its direction, from 0; -1: none yet
  std::string text;           // "bytes 0 to 511 in segment 3, arrives at 12.000 ms"
  friend bool operator==(const FramePart&, const FramePart&) = default;
};

// One of the four bytes that say how long the frame is.
struct SizeByte {
  std::string hex;  // "0a"; "··" before it has left
  ByteState state = ByteState::Waiting;
  friend bool operator==(const SizeByte&, const SizeByte&) = default;
};

struct FrameRow {
  RequestRef request;
  sim::Direction direction = sim::Direction::ToBroker;
  std::string label;      // "Produce 7", "answer to 7"
  std::int64_t size = 0;  // with the four bytes in front
  std::int64_t arrived = 0;
  std::array<SizeByte, 4> size_bytes;
  bool size_is_known = false;  // to whom it is sent: all four have arrived
  std::vector<FramePart> parts;
  bool is_selected = false;
  friend bool operator==(const FrameRow&, const FrameRow&) = default;
};

// A connection that can be looked at.
struct WireChoice {
  sim::ConnectionId connection;
  std::string label;               // "broker 1", with the producer's name if there are several
  std::optional<RequestRef> last;  // selects it
  bool is_shown = false;
  friend bool operator==(const WireChoice&, const WireChoice&) = default;
};

struct WireBytesView {
  std::vector<WireChoice> choices;
  std::int64_t total =
      0;  // frames, of both directions, in the order in which they were handed over
  std::int64_t first = 0;
  std::vector<FrameRow> rows;
  friend bool operator==(const WireBytesView&, const WireBytesView&) = default;
};

// Of the connection that the selected request went over, else of the one that was used last.
// `tap` may be behind: then some bytes are not known.
WireBytesView wire_bytes_view(const Scene& scene, const sim::WireTap* tap, Window window);

}  // namespace linger::viz
