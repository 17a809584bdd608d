// Draws the whole pipeline as one picture, and the buffer pool below it.
#pragma once

#include <optional>

#include "viz/layout.h"
#include "viz/pipeline_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

struct PictureAreas {
  Rect picture;
  Rect pool;
};
std::optional<ViewerCommand> draw_pipeline_panel(const PipelineView& view,
                                                 const PictureAreas& areas);

}  // namespace linger::viz
