// Draws what is due, from the next instant at the left to the far future at the right.
#pragma once

#include "viz/future_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

void draw_future_panel(Stage& stage, const FutureView& view, Rect area);

}  // namespace linger::viz
