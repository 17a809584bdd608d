// Draws a sweep over everything else: a curve for one setting, a map for two.
#pragma once

#include "viz/parts_panel.h"
#include "viz/sweep_view.h"

namespace linger::viz {

// Within the current window, which covers the area.
void draw_sweep_panel(Stage& stage, const SweepView& view, Rect area);

}  // namespace linger::viz
