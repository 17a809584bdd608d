// Draws the faults that can be injected now, those to come, and those that happened.
#pragma once

#include <optional>

#include "viz/fault_view.h"
#include "viz/status_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Within the current window.
std::optional<ViewerCommand> draw_faults_panel(const FaultView& view, const StatusView& status);

}  // namespace linger::viz
