// Draws the keys over everything else.
#pragma once

#include "viz/parts_panel.h"

namespace linger::viz {

// Within the current window, which covers the area. A click closes it.
void draw_help_panel(Stage& stage, Rect area);

}  // namespace linger::viz
