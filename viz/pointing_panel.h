// What a click in the picture answers, marked.
#pragma once

#include <vector>

#include "viz/parts_panel.h"
#include "viz/pointing.h"

namespace linger::viz {

// A dashed frame around each, with the key of its choice.
void draw_pointed(ImDrawList& list, const std::vector<PointedPlace>& places);
// Once all else is drawn: a click there is the choice's key.
void offer_pointed(Stage& stage, const std::vector<PointedPlace>& places);

}  // namespace linger::viz
