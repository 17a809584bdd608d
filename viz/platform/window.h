// The viewer's window.
#pragma once

#include <optional>
#include <string>

#include "viz/platform/frame.h"

namespace linger::viz {

// Opens a window and calls the function once per screen refresh, until it returns false or the
// window is closed. F11 fills the screen and goes back. Returns why no window could be opened, and
// nothing after a normal end; the function has not been called if there is an error.
std::optional<PlatformError> run_window(const std::string& title, const FrameFunction& function);

}  // namespace linger::viz
