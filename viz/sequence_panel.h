// Draws the conversation between producers and brokers.
#pragma once

#include <functional>

#include "viz/parts_panel.h"
#include "viz/sequence_view.h"

namespace linger::viz {

using SequenceRows = std::function<SequenceView(Window window)>;
void draw_sequence_panel(Stage& stage, const SequenceRows& rows, Rect area);

}  // namespace linger::viz
