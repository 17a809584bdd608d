// Draws the text of a lesson, to be edited.
#pragma once

#include "viz/editor_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

void draw_editor_panel(Stage& stage, const EditorView& view, Rect area);

}  // namespace linger::viz
