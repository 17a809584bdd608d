// Draws the tree of runs, with bookmarks.
#pragma once

#include "viz/parts_panel.h"
#include "viz/run_tree_view.h"

namespace linger::viz {

void draw_run_tree_panel(Stage& stage, const RunTreeView& view, Rect area);

}  // namespace linger::viz
