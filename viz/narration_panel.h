// Draws the head of the viewer: the lesson's title, what it says, and the virtual time.
#pragma once

#include "viz/layout.h"
#include "viz/parts_panel.h"
#include "viz/status_view.h"

namespace linger::viz {

// Requires: the current window covers the areas.
void draw_title(Stage& stage, const StatusView& status, Rect area);
void draw_clock(Stage& stage, const StatusView& status, Rect area);
void draw_narration_panel(Stage& stage, const NarrationView& narration, Rect area);

}  // namespace linger::viz
