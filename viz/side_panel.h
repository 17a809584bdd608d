// Draws the panels at the right: one at a time, under tabs.
#pragma once

#include <optional>
#include <vector>

#include "viz/layout.h"
#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Those that are shown lie one on another; this one is on top.
std::optional<Panel> front_panel(const ViewerState& state);
// What brings a panel to the top; or, if it is there, puts it away.
std::vector<ViewerCommand> toggle_side_panel(const ViewerState& state, Panel panel);
// What brings it to the top, if it is not there.
std::vector<ViewerCommand> show_side_panel(const ViewerState& state, Panel panel);
bool is_side_panel(Panel panel);

std::vector<ViewerCommand> draw_side_panel(const ViewerState& state, const Scene& scene, Rect area);

}  // namespace linger::viz
