// Text on the screen, kept so that a test can read it. No ImGui here.
#pragma once

#include <string>

#include "viz/platform/frame.h"

namespace linger::viz {

// What a drawing helper was asked to write.
struct Label {
  std::string text;  // in full, also when it was drawn shortened
  Rect rect;
  bool is_ellipsized = false;
};

// A piece of one line as it was really drawn. Words further apart than a space are pieces of their
// own.
struct SeenText {
  std::string text;
  Rect rect;                // of the ink that is inside the window it is drawn in, if visible
  bool is_visible = false;  // at least half of the ink is inside the window it is drawn in
};

}  // namespace linger::viz
