// Pictures without a window or a display server: Mesa's software renderer through EGL.
#pragma once

#include <memory>
#include <variant>

#include "viz/platform/frame.h"
#include "viz/platform/image.h"

namespace linger::viz {

// Renders frames into memory. The same frames give the same bytes, on any run. Opening one and
// loading its fonts costs most, so keep it for a series of pictures.
class OffscreenRenderer {
 public:
  static std::variant<OffscreenRenderer, PlatformError> open(PixelSize size);
  OffscreenRenderer(OffscreenRenderer&&) noexcept;
  OffscreenRenderer& operator=(OffscreenRenderer&&) noexcept;
  ~OffscreenRenderer();

  // Draws `frames` frames, so that ImGui's layout settles, and returns the last; fewer if the
  // function asks to quit. Requires: frames >= 1.
  RgbaImage render(const FrameFunction& function, int frames);

 private:
  struct State;
  explicit OffscreenRenderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// One picture. ImGui needs three frames for a window that fits its content.
std::variant<RgbaImage, PlatformError> render_offscreen(PixelSize size,
                                                        const FrameFunction& function,
                                                        int frames = 3);

}  // namespace linger::viz
