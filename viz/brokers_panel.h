// Draws the brokers: what they have to answer, and the tails of the logs they lead.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

// The logs scroll if there is no room for all; their places in `layout` then move with them.
void draw_brokers(Stage& stage, const PipelineView& view, PictureLayout& layout);

}  // namespace linger::viz
