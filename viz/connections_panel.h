// Draws the requests in flight, and the wires.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

void draw_connections(Stage& stage, const ProducerPart& part, const ProducerPlace& place);
void draw_wires(Stage& stage, const ProducerPart& part, const ProducerPlace& place);

}  // namespace linger::viz
