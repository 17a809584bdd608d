// Where the run stands, what it tells about itself, and what can be done to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "viz/viewer_state.h"

namespace linger::viz {

struct StatusView {
  std::string title;   // of the lesson, or the file's name
  std::string lesson;  // its text
  std::string time;    // "12.345 ms"
  std::int64_t step = 0;
  std::string step_text;  // "step 17 of 234"
  bool is_playing = false;
  bool is_over = false;
  bool can_go_back = false;
  std::string speed;
  std::string hint;     // "press Space", large, in the middle; empty once the run has begun
  bool asks = false;    // that hint is about a question
  std::string skipped;  // "skipped 29.9 s: nothing happened"
  std::string message;  // "saved as …"; for a few seconds
  std::string error;    // the run cannot go on: why
  std::string outcome;  // once the run is over: "8 of 8 records acknowledged"
  std::int64_t sent = 0;
  std::int64_t pending = 0;
  std::int64_t acknowledged = 0;
  std::int64_t failed = 0;  // refused ones, too
  std::vector<std::string> branches;
  std::size_t branch = 0;
  friend bool operator==(const StatusView&, const StatusView&) = default;
};
StatusView status_view(const ViewerState& state);

// Whether the lesson's text stands in the picture, with how to begin: nothing has happened yet.
bool shows_start(const ViewerState& state);

struct NarrationView {
  std::optional<std::string> text;  // of the last one that was reached
  std::string reached_at;
  int number = 0;  // of how many were reached, from 1
  int count = 0;
  std::string next;     // "next at 12.000 ms"; empty if it is not known, or none comes
  bool is_new = false;  // it was reached at this very instant
  friend bool operator==(const NarrationView&, const NarrationView&) = default;
};
NarrationView narration_view(const ViewerState& state);

}  // namespace linger::viz
