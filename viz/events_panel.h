// Draws what has happened, line by line.
#pragma once

#include <functional>

#include "viz/event_list_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

using EventRows = std::function<EventListView(Window)>;
void draw_events_panel(Stage& stage, const EventRows& rows, Rect area);

}  // namespace linger::viz
