// Draws the partitions' deques, one lane each, and the sender that drains them.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

// The lanes scroll if there is no room for all; their places in `place` then move with them.
void draw_deques(Stage& stage, const ProducerPart& part, ProducerPlace& place);
void draw_sender(Stage& stage, const ProducerPart& part, Rect area);

// What the chip at a lane's head says: "ready: full", "waits 3.0 ms", "no leader".
std::string verdict_text(const Lane& lane);

}  // namespace linger::viz
