// What must hold in the world that is shown, and whether it does.
#pragma once

#include <string>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

struct LawRow {
  std::string name;
  bool holds = true;
  std::string numbers;  // "free 1000 B + held 1000 B = 2000 B"
  std::string broken;   // how it is broken
  friend bool operator==(const LawRow&, const LawRow&) = default;
};

struct LawView {
  std::vector<LawRow> rows;
  bool stops = false;    // a move stops where one breaks
  std::string headline;  // "all hold", or how many are broken
  bool all_hold = true;
  friend bool operator==(const LawView&, const LawView&) = default;
};
LawView law_view(const ViewerState& state);

}  // namespace linger::viz
