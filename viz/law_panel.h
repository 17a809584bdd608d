// Draws what must hold, and whether it does.
#pragma once

#include "viz/law_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

void draw_law_panel(Stage& stage, const LawView& view, Rect area);

}  // namespace linger::viz
