// The same scenario with several values of a setting, or of two: a curve, or a map.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

struct SweepSpot {
  std::size_t index = 0;    // OpenSweepPoint{index}
  std::size_t column = 0;   // the value of the first axis
  std::size_t row = 0;      // the value of the second, if there is one
  float height = 0;         // of the figure, between the least and the most: 0 to 1
  bool is_known = false;    // it has been run
  bool has_figure = false;  // and has something to tell: nothing took any time if nothing was done
  bool is_chosen = false;   // Enter opens it
  std::string value;        // "12.0 ms", "–"
  std::string settings;     // "linger.ms=5, batch.size=1000"
  friend bool operator==(const SweepSpot&, const SweepSpot&) = default;
};

struct SweepView {
  std::string figure;    // "median time to acknowledgement"
  std::string progress;  // "12 of 20 runs"; empty once all are done
  std::string left_out;  // "80 of 480 combinations are left out"; empty: none is
  std::string columns;   // the first setting
  std::vector<std::string> column_names;
  std::string rows;  // the second; empty: a curve
  std::vector<std::string> row_names;
  std::string least;
  std::string most;
  std::vector<SweepSpot> spots;  // in the order of the runs
  std::string failure;           // why a run could not be finished
  friend bool operator==(const SweepView&, const SweepView&) = default;
};
// Requires: state.sweep.
SweepView sweep_view(const ViewerState& state);

std::size_t sweep_figure_count();

}  // namespace linger::viz
