// Draws the first steps.
#pragma once

#include "viz/guide_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

void draw_guide_panel(Stage& stage, const GuideView& view, Rect area);

}  // namespace linger::viz
