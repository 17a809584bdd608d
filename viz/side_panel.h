// Draws the panels at the right: one at a time, under tabs.
#pragma once

#include <vector>

#include "viz/layout.h"
#include "viz/panel_stack.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

std::vector<ViewerCommand> draw_side_panel(const ViewerState& state, const Scene& scene, Rect area);

}  // namespace linger::viz
