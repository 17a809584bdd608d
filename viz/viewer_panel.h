// Draws all of the viewer, and says what was asked for.
#pragma once

#include <vector>

#include "viz/platform/frame.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Requires: between ImGui's NewFrame and Render. In the order in which they are to be handled.
std::vector<ViewerCommand> draw_viewer_panel(const ViewerState& state, Size display);

}  // namespace linger::viz
