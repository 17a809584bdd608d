// The viewer's window.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "viz/platform/frame.h"
#include "viz/platform/image.h"
#include "viz/platform/window_place.h"

namespace linger::viz {

// Pictures of what the window shows, for whoever wants some.
struct WindowPictures {
  std::function<bool()> is_wanted;  // asked after each frame
  std::function<void(const RgbaImage&)> take;
};

// Opens a window and calls the function once per screen refresh, until it returns false or the
// window is closed. F11 fills the screen and goes back. Returns why no window could be opened, and
// nothing after a normal end; the function has not been called if there is an error.
//
// The window opens at `place`, if there is one and it fits on a monitor; from then on `place` is
// where the window stands, or stood before it filled the screen.
std::optional<PlatformError> run_window(const std::string& title, std::optional<WindowPlace>& place,
                                        const FrameFunction& function,
                                        const WindowPictures& pictures = {});

}  // namespace linger::viz
