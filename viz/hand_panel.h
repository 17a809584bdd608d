// Draws what one can do in the application's place.
#pragma once

#include <optional>

#include "viz/hand_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Within the current window.
std::optional<ViewerCommand> draw_hand_panel(const HandView& view);

}  // namespace linger::viz
