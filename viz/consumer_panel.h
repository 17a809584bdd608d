// Draws a partition's log as a consumer reads it: duplicates, gaps and reordering are marked.
#pragma once

#include <functional>

#include "viz/ledger_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

using ConsumerRows = std::function<ConsumerLogView(Window)>;
void draw_consumer_panel(Stage& stage, const ConsumerRows& rows, Rect area);

}  // namespace linger::viz
