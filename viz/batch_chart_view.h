// Each batch's life as a bar, by partition, over virtual time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/batch_life.h"
#include "viz/scene.h"
#include "viz/time_axis.h"

namespace linger::viz {

struct BarPart {
  sim::BatchPhase phase = sim::BatchPhase::Filling;
  float begin = 0;  // along the stretch, 0 to 1
  float end = 0;
  friend bool operator==(const BarPart&, const BarPart&) = default;
};

struct BatchBar {
  BatchRef ref;              // of several: the first
  std::int32_t batches = 1;  // that are too short to be told apart
  std::string label;         // "b3"; empty if it stands for several
  std::vector<BarPart> parts;
  float begin = 0;
  float end = 0;
  std::optional<sim::BatchFate> fate;  // once it is known
  bool is_selected = false;
  friend bool operator==(const BatchBar&, const BatchBar&) = default;
};

// A partition has as many lines as batches that lived at the same time.
struct BatchLine {
  LaneRef lane;
  std::string name;  // "orders-0", on its first line in sight; else empty
  std::vector<BatchBar> bars;
  friend bool operator==(const BatchLine&, const BatchLine&) = default;
};

struct BatchChartView {
  TimeAxis axis;
  std::int64_t total = 0;  // lines there are
  std::int64_t first = 0;  // the place of the first one below
  std::vector<BatchLine> lines;
  friend bool operator==(const BatchChartView&, const BatchChartView&) = default;
};

// What has happened until the instant. `places`: how many bars a line has room for, side by side.
BatchChartView batch_chart_view(const Scene& scene, Stretch stretch, Window window, int places);

// A batch's life in a few lines. Requires: it has begun.
std::string life_text(const Scene& scene, BatchRef batch);

}  // namespace linger::viz
