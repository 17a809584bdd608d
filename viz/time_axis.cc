#include "viz/time_axis.h"

#include <algorithm>
#include <cmath>

#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr int kAxisTicks = 8;
constexpr double kLeastBetweenTicks = 1.0 / (4 * kAxisTicks);
constexpr std::size_t kMostTicks = 4 * kAxisTicks + 2;
// How much of the stretch lies before the instant it is around.
constexpr double kShareBefore = 0.7;

using Squeezes = std::vector<TraceIndex::Squeezed>;

// The first that ends after an instant.
Squeezes::const_iterator first_squeezed(const Squeezes& squeezed, core::Instant at) {
  return std::upper_bound(
      squeezed.begin(), squeezed.end(), at,
      [](core::Instant instant, const TraceIndex::Squeezed& of) { return instant < of.to; });
}

// What is drawn to scale between two instants.
core::Duration busy_between(const TraceIndex& index, core::Instant from, core::Instant to) {
  core::Duration busy = to - from;
  for (auto wait = first_squeezed(index.squeezed(), from);
       wait != index.squeezed().end() && wait->from < to; ++wait) {
    busy -= std::min(wait->to, to) - std::max(wait->from, from);
  }
  return busy;
}

// 1, 2 or 5 times a power of ten, so that there are about as many ticks as wanted.
core::Duration tick_distance(core::Duration span) {
  const double wanted = std::max(1.0, static_cast<double>(span.count()) / kAxisTicks);
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double times : {1.0, 2.0, 5.0, 10.0}) {
    if (power * times >= wanted) return core::Duration{std::llround(power * times)};
  }
  return core::Duration{std::llround(power * 10)};
}

core::Instant next_multiple(core::Instant at, core::Duration step) {
  const auto since = at.time_since_epoch().count();
  return core::Instant{core::Duration{(since + step.count() - 1) / step.count() * step.count()}};
}

}  // namespace

Stretch stretch_around(const TraceIndex& index, core::Instant at, int halvings) {
  const double width = std::ldexp(1.0, -halvings);
  const double begin = std::clamp(index.axis(at) - width * kShareBefore, 0.0, 1 - width);
  return {.begin = begin, .end = begin + width};
}

float place_in(const TraceIndex& index, Stretch stretch, core::Instant at) {
  return static_cast<float>((index.axis(at) - stretch.begin) / (stretch.end - stretch.begin));
}

core::Instant instant_in(const TraceIndex& index, Stretch stretch, double place) {
  return index.instant_at(fraction_of(stretch, place));
}

// Between the squeezed parts time is drawn to scale.
std::vector<AxisTick> axis_ticks(const TraceIndex& index, Stretch stretch) {
  std::vector<AxisTick> ticks;
  const core::Instant from = instant_in(index, stretch, 0);
  const core::Instant to = instant_in(index, stretch, 1);
  const core::Duration distance =
      tick_distance(std::max(busy_between(index, from, to), core::Duration{1}));
  core::Instant at = next_multiple(from, distance);
  auto squeezed = first_squeezed(index.squeezed(), from);
  while (at <= to && ticks.size() < kMostTicks) {
    const float place = place_in(index, stretch, at);
    ticks.push_back({place, duration_text(at - core::Instant{})});
    // Many short waits, all squeezed, would crowd them; and those at the end have to be there.
    const core::Instant soonest = instant_in(index, stretch, place + kLeastBetweenTicks);
    at = std::max(at + distance, next_multiple(soonest, distance));
    while (squeezed != index.squeezed().end() && squeezed->to <= at) ++squeezed;
    if (squeezed != index.squeezed().end() && squeezed->from < at) {
      at = next_multiple(squeezed->to, distance);
      ++squeezed;
    }
  }
  return ticks;
}

std::vector<Squeeze> squeezes(const TraceIndex& index, Stretch stretch) {
  std::vector<Squeeze> found;
  const core::Instant to = instant_in(index, stretch, 1);
  for (auto wait = first_squeezed(index.squeezed(), instant_in(index, stretch, 0));
       wait != index.squeezed().end() && wait->from < to; ++wait) {
    found.push_back({std::max(place_in(index, stretch, wait->from), 0.0F),
                     std::min(place_in(index, stretch, wait->to), 1.0F),
                     duration_text(wait->to - wait->from)});
  }
  return found;
}

TimeAxis time_axis(const Scene& scene, Stretch stretch) {
  return {.stretch = stretch,
          .now = place_in(scene.index, stretch, scene.at),
          .ticks = axis_ticks(scene.index, stretch),
          .squeezes = squeezes(scene.index, stretch)};
}

}  // namespace linger::viz
