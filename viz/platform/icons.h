// Icons, drawn from lines and shapes: they need no font and stay sharp at any size.
#pragma once

#include <imgui.h>

#include "viz/platform/frame.h"
#include "viz/theme.h"

namespace linger::viz {

// Where an icon is drawn, and how large it is across.
struct IconPlace {
  Point centre;
  float size = 0;
};
void draw_icon(ImDrawList& list, Icon icon, IconPlace place, ImU32 colour);

// A square button with an icon on it. The name identifies the button to ImGui and is its tooltip.
// Returns whether it is clicked.
bool icon_button(const char* name, Icon icon);

}  // namespace linger::viz
