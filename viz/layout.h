// Where the parts of the viewer go on a display. No ImGui here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "viz/platform/frame.h"

namespace linger::viz {

// Cut a strip off an area and return it; the area keeps the rest. No strip is larger than the area.
inline Rect cut_top(Rect& area, float height) {
  const float at = area.top + std::clamp(height, 0.0F, area.height());
  const Rect strip{area.left, area.top, area.right, at};
  area.top = at;
  return strip;
}
inline Rect cut_bottom(Rect& area, float height) {
  const float at = area.bottom - std::clamp(height, 0.0F, area.height());
  const Rect strip{area.left, at, area.right, area.bottom};
  area.bottom = at;
  return strip;
}
inline Rect cut_left(Rect& area, float width) {
  const float at = area.left + std::clamp(width, 0.0F, area.width());
  const Rect strip{area.left, area.top, at, area.bottom};
  area.left = at;
  return strip;
}
inline Rect cut_right(Rect& area, float width) {
  const float at = area.right - std::clamp(width, 0.0F, area.width());
  const Rect strip{at, area.top, area.right, area.bottom};
  area.right = at;
  return strip;
}
inline Rect shifted(Rect area, Point by) {
  return {area.left + by.x, area.top + by.y, area.right + by.x, area.bottom + by.y};
}
inline bool is_empty(const Rect& area) {
  return area.width() <= 0 || area.height() <= 0;
}

// How many pixels a design pixel has; see units() in theme.h.
struct Scale {
  float unit = 1;
  float operator()(float design_pixels) const { return design_pixels * unit; }
};

// The height, or the width, that a part can do with, and the most that is of use to it. In design
// pixels.
struct Wish {
  float least = 0;
  float most = 0;
};
inline constexpr float kLayoutGap = 8;  // between two parts

inline float count_of(std::size_t count) {
  return static_cast<float>(count);
}
// The height of each of `count` parts above one another in `room`; more than fits if they could not
// do with less.
float height_of_each(float room, std::size_t count, Wish wish, Scale scale);
// The height of all of them.
float height_of_all(std::size_t count, float each, Scale scale);
// A part of the area with this height, in the middle of it; at the top, if it is too high.
Rect centred(Rect area, float height);

// Boxes side by side, from the right to the left. Those without room are empty.
struct Row {
  std::vector<Rect> boxes;
  int hidden = 0;
};
struct RowShape {
  Wish width;
  float gap = 6;  // in design pixels
};
Row row_from_right(Rect area, std::size_t count, const RowShape& shape, Scale scale);

// What is shown beside the picture.
struct ShownParts {
  bool narration = true;
  bool side = true;     // one of the panels at the right
  bool drawer = false;  // one of the panels at the bottom
  bool future = false;  // the strip of what is due
  bool guide = false;   // the first steps
  bool pool = true;
  bool columns = false;  // two pictures beside one another
};

//   ┌ title, narration ───────────────┬ clock ┐
//   ├ first steps ────────────────────┴───────┤
//   │ picture                         │ side  │
//   │ pool                            │       │
//   ├ drawer ─────────────────────────┤       │
//   ├─────────────────────────────────┴───────┤
//   │ what is due                             │
//   │ scrub bar                               │
//   └ transport ──────────────────────────────┘
//
// What is not shown is empty. Where there is little room, pool and first steps give way to the
// drawer, and the drawer to two pictures.
struct ViewerLayout {
  Rect title;
  Rect clock;
  Rect narration;
  Rect guide;
  Rect picture;
  Rect pool;
  Rect side;
  Rect drawer;
  Rect future;
  Rect scrub;
  Rect transport;
};
ViewerLayout viewer_layout(Size display, Scale scale, const ShownParts& shown);
// Where a chart goes, instead of the picture and the pool.
Rect chart_place(const ViewerLayout& layout);

}  // namespace linger::viz
