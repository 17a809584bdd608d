// An ImGui context with the theme loaded: what a window, a picture and a test have in common.
#pragma once

#include <imgui.h>

#include "viz/platform/frame.h"
#include "viz/theme.h"

namespace linger::viz {

// Where frames are drawn. The display is counted in the system's units, which on some systems hold
// several pixels each.
struct Display {
  Size size;
  float pixel_ratio = 1;    // pixels for one unit
  float content_scale = 1;  // how large the system wants things, in units
};

// One frame is:
//
//   fit(display)  ▶  the backends' NewFrame  ▶  draw(...)  ▶  the backend renders GetDrawData()
//
// Owns the context, which is current from each fit on. Not copyable: ImGui keeps a pointer to it.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  enum class Fonts { Kept, Reloaded };
  // Loads fonts and style to suit the display and the zoom. When they are reloaded, a renderer has
  // to upload the font atlas anew.
  [[nodiscard]] Fonts fit(const Display& display);

  // From ImGui's NewFrame to its Render. Returns what the function returned.
  bool draw(const FrameFunction& function, const Frame& frame);
  // Whether fonts and style still suit them. A frame that was drawn when they did no longer, since
  // it chose another zoom or took other glyphs, is for nobody's eyes: the next one has them.
  bool fits(const Display& display) const;

  void make_current() const { ImGui::SetCurrentContext(context_); }
  ThemeState& theme() { return theme_; }

 private:
  ImGuiContext* context_;
  ThemeState theme_;
  float pixel_ratio_ = 0;
};

}  // namespace linger::viz
