// One frame of the viewer, whoever shows it: a window, a picture file, or a test. No ImGui here.
#pragma once

#include <functional>
#include <string>

namespace linger::viz {

struct Size {
  float width = 0;
  float height = 0;
};

struct Point {
  float x = 0;
  float y = 0;
};

// Screen coordinates: y grows downwards.
struct Rect {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;

  float width() const { return right - left; }
  float height() const { return bottom - top; }
  Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
  bool contains(Point p) const { return p.x >= left && p.x < right && p.y >= top && p.y < bottom; }
  Rect inset(float by) const { return {left + by, top + by, right - by, bottom - by}; }
};

struct Frame {
  Size display;
  double seconds = 0;  // wall-clock time since the last frame; 1/60 wherever there is no window
};

// Draws one frame with ImGui, which is between NewFrame and Render. False asks to quit.
using FrameFunction = std::function<bool(const Frame&)>;

// Why the machine cannot show or write something, in words for the person at the keyboard.
struct PlatformError {
  std::string message;
};

}  // namespace linger::viz
