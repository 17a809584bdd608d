// What would be lost if the lesson were left: what is typed in the editor and not applied, and what
// was done by hand and not saved as a scenario.
#pragma once

#include "viz/viewer_state.h"

namespace linger::viz {

// False: something would be, and it is told. Whoever was told may, unless there is more since.
bool may_leave(ViewerState& state);
// The run that is shown was written to a file, with all that was done on the way to it.
void note_saved(ViewerState& state);

}  // namespace linger::viz
