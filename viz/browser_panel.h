// Draws the list of lessons, by topic, over everything else.
#pragma once

#include "viz/lesson_path.h"
#include "viz/parts_panel.h"

namespace linger::viz {

void draw_browser_panel(Stage& stage, const BrowserView& view, Rect area);

}  // namespace linger::viz
