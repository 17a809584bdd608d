// Draws what is on the wires.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

void draw_packets(Stage& stage, const PipelineView& view, const PictureLayout& layout);

}  // namespace linger::viz
