// Draws a producer's buffer pool: who holds its memory, and who waits for some.
#pragma once

#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

void draw_pool(Stage& stage, const ProducerPart& part, bool is_one_of_several,
               const PoolPlace& place);

}  // namespace linger::viz
