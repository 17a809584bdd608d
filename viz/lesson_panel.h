// Draws what the lesson says and asks, and what could be otherwise.
#pragma once

#include <optional>

#include "viz/layout.h"
#include "viz/lesson_view.h"
#include "viz/viewer_command.h"

namespace linger::viz {

std::optional<ViewerCommand> draw_lesson_panel(const LessonView& view);

// What to do next stands below it, in sight however far the rest is scrolled.
float height_of_lesson_hint(const LessonView& view, float width);
std::optional<ViewerCommand> draw_lesson_hint(const LessonView& view, Rect area);

}  // namespace linger::viz
