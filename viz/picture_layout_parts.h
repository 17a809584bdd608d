// The parts of picture_layout() that stand in files of their own.
#pragma once

#include "viz/picture_layout.h"

namespace linger::viz {

void place_brokers(PictureLayout& layout, const PipelineView& view, Scale scale);
void place_pools(PictureLayout& layout, const PipelineView& view, Rect area, Scale scale);

}  // namespace linger::viz
