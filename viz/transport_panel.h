// Draws the transport bar: play, step, jump, speed.
#pragma once

#include <optional>

#include "viz/layout.h"
#include "viz/status_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

std::optional<ViewerCommand> draw_transport_panel(const StatusView& status, Rect area);

}  // namespace linger::viz
