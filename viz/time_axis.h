// A part of the scrub bar's axis, drawn large: for charts over virtual time.
#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "viz/scene.h"

namespace linger::viz {

// From where to where, along the scrub bar's axis.
struct Stretch {
  double begin = 0;
  double end = 1;
  friend bool operator==(const Stretch&, const Stretch&) = default;
};
// The whole axis, halved so many times, around an instant.
Stretch stretch_around(const TraceIndex& index, core::Instant at, int halvings);
inline constexpr int kMostHalvings = 12;

// Where an instant is in the stretch, 0 to 1; outside of that, it is not in it.
float place_in(const TraceIndex& index, Stretch stretch, core::Instant at);
core::Instant instant_in(const TraceIndex& index, Stretch stretch, double place);
// The same place along the whole axis.
inline double fraction_of(Stretch stretch, double place) {
  return stretch.begin + place * (stretch.end - stretch.begin);
}

struct AxisTick {
  float place = 0;
  std::string text;  // "10 ms"
  friend bool operator==(const AxisTick&, const AxisTick&) = default;
};
std::vector<AxisTick> axis_ticks(const TraceIndex& index, Stretch stretch);

// A part in which nothing happened, drawn shorter than it is.
struct Squeeze {
  float begin = 0;
  float end = 0;
  std::string text;  // "29.9 s"
  friend bool operator==(const Squeeze&, const Squeeze&) = default;
};
std::vector<Squeeze> squeezes(const TraceIndex& index, Stretch stretch);

struct TimeAxis {
  Stretch stretch;
  float now = 0;
  std::vector<AxisTick> ticks;
  std::vector<Squeeze> squeezes;
  friend bool operator==(const TimeAxis&, const TimeAxis&) = default;
};
TimeAxis time_axis(const Scene& scene, Stretch stretch);

}  // namespace linger::viz
