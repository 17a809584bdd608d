// Draws a batch as a box, the same wherever it is.
#pragma once

#include <string>

#include "sim/batch_life.h"
#include "viz/batch_view.h"
#include "viz/parts_panel.h"

namespace linger::viz {

Meaning meaning_of(BatchLook look);
Meaning phase_meaning(sim::BatchPhase phase);

// Its label, how full it is, how many records it has, its sequence; how often it failed, and what
// it waits for. As much of it as there is room for.
void draw_batch(Stage& stage, Rect area, const BatchBox& batch);

// All of it, in lines.
std::string describe(const BatchBox& batch);

}  // namespace linger::viz
