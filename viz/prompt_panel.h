// Draws the line that is typed into, over everything else.
#pragma once

#include "viz/parts_panel.h"
#include "viz/prompt_view.h"

namespace linger::viz {

// Within the current window, which covers the area. It has the keyboard.
void draw_prompt_panel(Stage& stage, const PromptView& view, Rect area);

}  // namespace linger::viz
