// Draws two runs on one clock.
#pragma once

#include "viz/comparison_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

// How many events of each run there is room for.
std::int64_t compared_rows(Rect area);
void draw_comparison_panel(Stage& stage, const ComparisonView& view, Rect area);

}  // namespace linger::viz
