// Draws what flies from one place of the picture to another, over everything else.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

void draw_flights(ImDrawList& list, const PipelineView& view, const PictureLayout& layout);

}  // namespace linger::viz
