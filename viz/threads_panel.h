// Draws the application's threads, and the completions they are told.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

void draw_threads(Stage& stage, const ProducerPart& part, const ProducerPlace& place);
void draw_completions(Stage& stage, const PipelineView& view, Rect area);

}  // namespace linger::viz
