// Draws what the viewer has to say itself, over the picture: how to begin, what was skipped, how
// the run ended, what went wrong.
#pragma once

#include "viz/parts_panel.h"
#include "viz/status_view.h"

namespace linger::viz {

void draw_messages(ImDrawList& list, const StatusView& status, Rect picture);

}  // namespace linger::viz
