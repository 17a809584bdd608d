// The shapes panels are made of: text, boxes, wires, countdowns. Positions are screen pixels; text
// drawn here is recorded for tests.
#pragma once

#include <imgui.h>

#include <span>
#include <string_view>

#include "viz/platform/frame.h"
#include "viz/platform/icons.h"
#include "viz/theme.h"

namespace linger::viz {

// Helpers to lay panels out with ImGui's cursor.
inline Point point_of(ImVec2 at) {
  return {at.x, at.y};
}
inline ImVec2 vec_of(Point at) {
  return {at.x, at.y};
}
// The area from the cursor on, taken from the layout as one item that can be hovered and clicked.
// Returns its place on the screen. The name identifies the item to ImGui.
Rect reserve(const char* name, Size size);

enum class Align { Left, Centre, Right };

struct TextLook {
  TextStyle style = TextStyle::Body;
  ImU32 colour = ink::kTextStrong;
  Align align = Align::Left;
};
enum class Fit { Whole, Ellipsized };
// One line in the middle of the area's height, ended by "…" where it is too wide for the area.
// Draws nothing in an area too narrow for one character.
Fit draw_text(ImDrawList& list, Rect area, std::string_view text, const TextLook& look = {});

// Lines or dots over an area, so that a colour is not needed to tell what it is.
void draw_hatch(ImDrawList& list, Rect area, Hatch hatch, ImU32 colour);

enum class Emphasis { Normal, Weak, Selected };

struct Box {
  Meaning meaning = Meaning::Record;
  std::string_view label = {};
  std::string_view detail = {};  // at the right, in small type, if there is room for both
  float fill = 1;                // the share of the box filled from the left, 0 to 1
  Emphasis emphasis = Emphasis::Normal;
};
// A rounded box with the colour, hatch and icon of its meaning. Shows its label where there is room
// for a few letters.
void draw_box(ImDrawList& list, Rect area, const Box& box);

// A small rounded tag: icon and text. Returns its rectangle, so that the next can go beside it.
Size chip_size(std::string_view text);
Rect draw_chip(ImDrawList& list, Point top_left, Meaning meaning, std::string_view text);

enum class Stroke { Solid, Dashed };
// A line through the points with an arrowhead at its end.
void draw_arrow(ImDrawList& list, std::span<const Point> points, ImU32 colour,
                Stroke stroke = Stroke::Solid);
// The point that lies a fraction, 0 to 1, of the way along the points. Requires: points not empty.
Point point_along(std::span<const Point> points, float fraction);
// What travels on a wire: a small labelled box around `at`. Returns its rectangle.
Rect draw_packet(ImDrawList& list, Point at, Meaning meaning, std::string_view label);

struct Countdown {
  float remaining = 1;  // the share of the time that is left, 1 to 0
  Meaning meaning = Meaning::BatchFilling;
  std::string_view label = {};  // in the middle, if there is room
};
// A ring that empties clockwise from the top.
void draw_countdown(ImDrawList& list, IconPlace place, const Countdown& countdown);

// Explains ImGui's last item, or an area of the current window, while the mouse is over it.
void tooltip_for_item(std::string_view text);
void tooltip_for_area(Rect area, std::string_view text);

}  // namespace linger::viz
