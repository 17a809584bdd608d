// The charts, which take the place of the picture.
#pragma once

#include "viz/parts_panel.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// Requires: one is shown.
void draw_chart(Stage& stage, const ViewerState& state, const Scene& now, Rect area);

}  // namespace linger::viz
