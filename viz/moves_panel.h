// Draws what may come next, and what of it was taken.
#pragma once

#include <optional>

#include "viz/moves_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Within the current window.
std::optional<ViewerCommand> draw_moves_panel(const MovesView& view);

}  // namespace linger::viz
