// Draws why: what was decided about the thing that is selected, and why a partition is sent now, or
// is not, term by term.
#pragma once

#include <optional>
#include <vector>

#include "viz/readiness_view.h"
#include "viz/viewer_command.h"
#include "viz/why_view.h"

namespace linger::viz {

struct DecisionViews {
  WhyView why;  // of what is selected
  // Of the partition it is about, if it is about one.
  bool has_partition = false;
  ReadinessView readiness;
  DrainView drain;
  SleepView sleep;
  std::vector<NodeView> nodes;
};
// Within the current window.
std::optional<ViewerCommand> draw_readiness_panel(const DecisionViews& views);

}  // namespace linger::viz
