// What has happened, line by line.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/time.h"
#include "viz/scene.h"

namespace linger::viz {

// By core::Stream.
using StreamSet = std::bitset<5>;
inline constexpr StreamSet kAllStreams{0b11111};

struct EventRow {
  std::size_t position = 0;  // in the trace: identifies the row
  std::int64_t step = 0;     // to go there: SeekStep{step + 1}
  core::Instant at{};
  std::string time;  // "12.000 ms"
  core::Stream stream = core::Stream::Producer;
  std::string stream_word;
  std::string producer;  // empty if there is only one, or it is nobody's
  std::string subject;   // "orders-0"
  std::string text;
  Selection about;            // what a click on it selects
  bool is_at_cursor = false;  // it happened in the last step
  bool is_selected = false;   // it is about what is selected
  friend bool operator==(const EventRow&, const EventRow&) = default;
};

struct EventListView {
  StreamSet streams = kAllStreams;
  std::int64_t total = 0;  // in these streams, until the cursor
  std::int64_t first = 0;
  std::vector<EventRow> rows;
  friend bool operator==(const EventListView&, const EventListView&) = default;
};
EventListView event_list_view(const Scene& scene, StreamSet streams, Window window);
// How many lines there are, to begin a window at the end.
std::int64_t event_count(const Scene& scene, StreamSet streams);

}  // namespace linger::viz
