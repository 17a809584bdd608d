// What a person does in the application's place, and takes back.
#pragma once

#include <cstddef>

#include "sim/scenario.h"
#include "viz/viewer_state.h"

namespace linger::viz {

// In the run that is shown, if nobody has looked further; else in a branch of it.
void act_by_hand(ViewerState& state, const sim::AppAction& action, std::size_t producer);
// The button of that number in the panel, from 1.
void act_numbered(ViewerState& state, int number);
// Also a fault. The branch is closed once nothing done by hand is left in it.
void undo_by_hand(ViewerState& state);

}  // namespace linger::viz
