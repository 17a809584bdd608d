// The runs as a tree on one axis of time: where each leaves the one it came from, and what is
// marked in them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/time.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// A bookmark on its run.
struct RunFlag {
  std::size_t index = 0;  // ToBookmark{index}
  float place = 0;        // along the axis, 0 to 1
  std::string text;       // "bookmark at 12.000 ms"
  bool is_here = false;   // it is what is shown
  friend bool operator==(const RunFlag&, const RunFlag&) = default;
};

// A run as a line. Those that came from it stand below it, before the next that it did not lead to.
struct RunLine {
  std::size_t branch = 0;
  std::string name;
  int depth = 0;           // 0: the run as written
  std::size_t parent = 0;  // the line it leaves; its own for the run as written
  float leaves = 0;        // where, along the axis
  float end = 1;           // how far it is known
  bool is_over = false;    // it ends there
  bool is_shown = false;
  std::string parted;       // "leaves “as written” at 12.000 ms"
  core::Instant parted_at;  // where a click on the corner leads
  std::vector<RunFlag> flags;
  friend bool operator==(const RunLine&, const RunLine&) = default;
};

struct RunTreeView {
  std::vector<RunLine> lines;
  float cursor = 0;
  std::string now;   // "12.000 ms"
  std::string end;   // of the axis
  std::string hint;  // while there is only one run
  friend bool operator==(const RunTreeView&, const RunTreeView&) = default;
};
RunTreeView run_tree_view(const ViewerState& state);

}  // namespace linger::viz
