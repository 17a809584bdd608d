// The scrub bar: the run so far, the cursor, and what happened where.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "viz/scene.h"
#include "viz/time_axis.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Several things of a kind at one place are one mark.
struct Mark {
  MomentKind kind = MomentKind::Send;
  float place = 0;  // along the bar, 0 to 1
  std::int32_t count = 1;
  core::Instant at{};  // of the first: SeekTime{at}
  std::string text;    // "3 retries at 12.000 ms"
  bool is_past = true;
  friend bool operator==(const Mark&, const Mark&) = default;
};

// Where the lesson asks, where the run parts from the one it is compared with, and what somebody
// marked.
enum class PinKind { Question, Parting, Bookmark };
struct Pin {
  PinKind kind = PinKind::Question;
  float place = 0;
  core::Instant at{};  // SeekTime{at}
  std::string text;
  bool is_past = false;
  friend bool operator==(const Pin&, const Pin&) = default;
};

struct TimelineView {
  float cursor = 0;           // along the bar
  std::string now;            // "12.345 ms"
  std::string end;            // "1.234 s", as far as it is known
  bool end_is_known = false;  // the run is over there; else it goes on
  std::vector<Mark> marks;
  std::vector<Pin> pins;
  std::vector<AxisTick> ticks;
  std::vector<Squeeze> squeezes;
  friend bool operator==(const TimelineView&, const TimelineView&) = default;
};

// `places`: how many marks of a kind the bar has room for, side by side.
TimelineView timeline_view(const Scene& scene, int places);
// Of the branch that is shown.
std::vector<Pin> timeline_pins(const ViewerState& state);

}  // namespace linger::viz
