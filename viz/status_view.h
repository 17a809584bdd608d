// Where the run stands, what it tells about itself, and what can be done to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/fault.h"
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

// What can be done to the brokers and wires now.
struct FaultButton {
  int number = 1;    // its key
  std::string name;  // "disconnect"
  std::string what;  // "disconnect broker 1": what a click does
  std::string why;   // one sentence: what it is good for
  sim::Fault fault;
  friend bool operator==(const FaultButton&, const FaultButton&) = default;
};
struct FaultView {
  std::string broker;  // they aim at these
  std::string partition;
  std::vector<FaultButton> buttons;
  std::vector<std::string> pending;  // of the scenario and injected, still to come
  std::vector<std::string> done;     // the newest first
  friend bool operator==(const FaultView&, const FaultView&) = default;
};
// Aims at what is selected: a broker, or a partition and its leader; else at the first there is.
FaultView fault_view(const ViewerState& state);

}  // namespace linger::viz
