// Instants one wants to come back to, in any of the runs.
#pragma once

#include <cstddef>

#include "viz/viewer_command.h"
#include "viz/viewer_state.h"

namespace linger::viz {

void toggle_bookmark(ViewerState& state);
void go_to_bookmark(ViewerState& state, std::size_t index);
// From the instant that is shown, through this run and then the others.
void go_to_next_bookmark(ViewerState& state, Way way);

// A branch is closed: its bookmarks go with it, and those of later branches keep to theirs.
void forget_bookmarks_of(ViewerState& state, std::size_t closed);

}  // namespace linger::viz
