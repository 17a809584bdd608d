// Quantities of a run over virtual time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/run_series.h"
#include "viz/scene.h"
#include "viz/time_axis.h"
#include "viz/viewer_state.h"

namespace linger::viz {

enum class PlotKind {
  PoolAvailable,
  RecordsWaiting,
  RequestsInFlight,
  BatchSize,
  RecordLatency,
  Throughput
};
inline constexpr int kPlotKinds = 6;
std::string_view title(PlotKind kind);

// Values hold until the next, stand for themselves, or are a rate over a stretch of time.
enum class PlotShape { Steps, Points, Bars };

// A narrow part of the stretch. Heights are 0 at the bottom of the plot, 1 at its top.
struct PlotColumn {
  float begin = 0;  // along the stretch
  float end = 0;
  float low = 0;
  float high = 0;
  float last = 0;  // at its end
  friend bool operator==(const PlotColumn&, const PlotColumn&) = default;
};

struct Threshold {
  float height = 0;
  std::string text;  // "batch.size 16 KiB"
  friend bool operator==(const Threshold&, const Threshold&) = default;
};

struct Plot {
  PlotKind kind = PlotKind::PoolAvailable;
  PlotShape shape = PlotShape::Steps;
  std::string title;
  std::string now;  // its value at the instant; "–" before there is one
  std::string bottom;
  std::string top;  // what its lower and its upper edge stand for
  std::vector<PlotColumn> columns;
  std::optional<Threshold> threshold;
  friend bool operator==(const Plot&, const Plot&) = default;
};

struct PlotsView {
  TimeAxis axis;
  std::string producer;  // whose they are; empty if there is only one
  std::vector<Plot> plots;
  friend bool operator==(const PlotsView&, const PlotsView&) = default;
};

// What is still to come is shown as far as it is known, unless the lesson has yet to ask about it.
enum class Future { Shown, Hidden };
Future future_of(const ViewerState& state);

// Of the selected producer. `places`: how many columns a plot has room for.
PlotsView plots_view(const Scene& scene, Stretch stretch, int places, Future future);

// Of what is drawn at a place of the stretch: "12.000 ms: 16 KiB".
std::string plot_text(const Scene& scene, PlotKind kind, core::Instant at);

}  // namespace linger::viz
