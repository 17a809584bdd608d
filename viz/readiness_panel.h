// Draws why a partition is sent now, or is not: term by term.
#pragma once

#include <optional>

#include "viz/readiness_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

struct DecisionViews {
  ReadinessView readiness;
  DrainView drain;
  SleepView sleep;
  std::vector<NodeView> nodes;
};
// Within the current window.
std::optional<ViewerCommand> draw_readiness_panel(const DecisionViews& views);

}  // namespace linger::viz
