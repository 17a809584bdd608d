// Draws a batch's whole life so far.
#pragma once

#include <optional>

#include "viz/inspector_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Within the current window. Nothing is selected: says how to select something.
std::optional<ViewerCommand> draw_inspector_panel(const std::optional<BatchInspectorView>& view);

}  // namespace linger::viz
