// What must hold in the world that is shown, and whether it does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viz/viewer_state.h"

namespace linger::viz {

struct LawRow {
  std::string name;
  bool holds = true;
  std::string numbers;                 // "free 1000 B + held 1000 B = 2000 B"
  std::string broken;                  // how it is broken, or was before
  std::optional<std::int64_t> step{};  // after so many steps it broke first: SeekStep{step}
  friend bool operator==(const LawRow&, const LawRow&) = default;
};

struct LawView {
  std::vector<LawRow> rows;
  bool stops = false;    // a move stops where one breaks
  std::string headline;  // "all hold", or how many are broken
  bool all_hold = true;
  friend bool operator==(const LawView&, const LawView&) = default;
};
// Of the laws of each step, those about what happens in turn, and, in the end, those of the whole.
// Requires: they are followed, as they are while Panel::Laws is shown.
LawView law_view(const ViewerState& state);

}  // namespace linger::viz
