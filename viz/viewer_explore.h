// How somebody walks through the states of a scenario: its moves are looked up, and taken.
#pragma once

#include <cstddef>

#include "viz/viewer_state.h"

namespace linger::viz {

// Finds out what may come next, if that is shown and is not known yet.
void look_into_moves(ViewerState& state);

// The move of that place in state.moves, as they are here. What the run does by itself is a step;
// what another run does here leads there; anything else is a branch, or goes on in the one that is
// shown if nobody has looked further.
void take_move(ViewerState& state, std::size_t index);

}  // namespace linger::viz
