// Draws what the lesson says and asks, and what could be otherwise.
#pragma once

#include <optional>

#include "viz/lesson_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

std::optional<ViewerCommand> draw_lesson_panel(const LessonView& view);

}  // namespace linger::viz
