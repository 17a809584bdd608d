// Draws two runs beside each other.
#pragma once

#include <optional>

#include "viz/columns_view.h"
#include "viz/layout.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// Everything is drawn smaller, so that two pictures have room.
inline constexpr float kColumnsZoom = 0.74F;

std::optional<ViewerCommand> draw_columns_panel(const ViewerState& state, const ColumnsView& view,
                                                Rect area);

}  // namespace linger::viz
