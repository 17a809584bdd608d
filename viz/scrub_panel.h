// Draws the scrub bar: the run along a line, what happened where, and the cursor.
#pragma once

#include "viz/parts_panel.h"
#include "viz/timeline_view.h"
#include "viz/trace_index.h"

namespace linger::viz {

// How many marks of a kind there is room for, side by side.
int scrub_places(Rect area);

void draw_scrub_panel(Stage& stage, const TimelineView& view, Rect area);

// How a moment is marked, here and in lists.
struct MomentLook {
  Icon icon;
  ImU32 colour;
};
MomentLook look(MomentKind kind);

}  // namespace linger::viz
