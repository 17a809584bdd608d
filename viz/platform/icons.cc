#include "viz/platform/icons.h"

#include <array>
#include <numbers>
#include <span>

#include "viz/platform/draw.h"

namespace linger::viz {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

// Draws in a square that reaches from -1 to 1 both ways.
class Pen {
 public:
  Pen(ImDrawList& list, IconPlace place, ImU32 colour)
      : list_{list}, centre_{place.centre}, half_{place.size / 2}, colour_{colour} {}

  void line(std::span<const Point> points) const {
    for (const Point& point : points) list_.PathLineTo(at(point));
    list_.PathStroke(colour_, ImDrawFlags_None, width());
  }
  void closed_line(std::span<const Point> points) const {
    for (const Point& point : points) list_.PathLineTo(at(point));
    list_.PathStroke(colour_, ImDrawFlags_Closed, width());
  }
  void shape(std::span<const Point> points) const {
    for (const Point& point : points) list_.PathLineTo(at(point));
    list_.PathFillConvex(colour_);
  }
  void disc(Point centre, float radius) const {
    list_.AddCircleFilled(at(centre), radius * half_, colour_);
  }
  void ring(float radius) const {
    list_.AddCircle(at({0, 0}), radius * half_, colour_, 0, width());
  }
  // Turns are counted clockwise from the right.
  void arc(float radius, float from_turn, float to_turn) const {
    list_.PathArcTo(at({0, 0}), radius * half_, from_turn * kTurn, to_turn * kTurn);
    list_.PathStroke(colour_, ImDrawFlags_None, width());
  }
  Pen with(ImU32 colour) const {
    Pen other = *this;
    other.colour_ = colour;
    return other;
  }
  ImU32 colour() const { return colour_; }

 private:
  ImVec2 at(Point point) const {
    return {centre_.x + point.x * half_, centre_.y + point.y * half_};
  }
  float width() const { return half_ * 0.28F; }

  ImDrawList& list_;
  Point centre_;
  float half_;
  ImU32 colour_;
};

void box(const Pen& pen, const Rect& r) {
  pen.shape(std::array<Point, 4>{
      {{r.left, r.top}, {r.right, r.top}, {r.right, r.bottom}, {r.left, r.bottom}}});
}

void box_outline(const Pen& pen, const Rect& r) {
  pen.closed_line(std::array<Point, 4>{
      {{r.left, r.top}, {r.right, r.top}, {r.right, r.bottom}, {r.left, r.bottom}}});
}

void check(const Pen& pen, float size) {
  pen.line(std::array<Point, 3>{
      {{-0.8F * size, 0.05F * size}, {-0.2F * size, 0.65F * size}, {0.8F * size, -0.6F * size}}});
}

void cross(const Pen& pen, float size) {
  pen.line(std::array<Point, 2>{{{-size, -size}, {size, size}}});
  pen.line(std::array<Point, 2>{{{-size, size}, {size, -size}}});
}

// Points right for a positive width, left for a negative.
void triangle(const Pen& pen, float x, float width) {
  if (width > 0) {
    pen.shape(std::array<Point, 3>{{{x, -0.8F}, {x + width, 0}, {x, 0.8F}}});
  } else {
    pen.shape(std::array<Point, 3>{{{x, -0.8F}, {x, 0.8F}, {x + width, 0}}});
  }
}

void chevrons(const Pen& pen) {
  for (const float x : {-0.7F, 0.1F}) {
    pen.line(std::array<Point, 3>{{{x, -0.7F}, {x + 0.65F, 0}, {x, 0.7F}}});
  }
}

void loop(const Pen& pen) {
  pen.arc(0.7F, 0.05F, 0.82F);
  pen.shape(std::array<Point, 3>{{{0.15F, -0.95F}, {0.95F, -0.55F}, {0.2F, -0.1F}}});
}

void stack(const Pen& pen) {
  for (const float y : {-0.9F, -0.25F, 0.4F}) box(pen, {-0.9F, y, 0.9F, y + 0.45F});
}

void clock(const Pen& pen) {
  pen.ring(0.85F);
  pen.line(std::array<Point, 3>{{{0, -0.5F}, {0, 0.05F}, {0.4F, 0.3F}}});
}

void warning(const Pen& pen) {
  pen.closed_line(std::array<Point, 3>{{{0, -0.85F}, {0.95F, 0.8F}, {-0.95F, 0.8F}}});
  pen.line(std::array<Point, 2>{{{0, -0.3F}, {0, 0.25F}}});
  pen.disc({0, 0.5F}, 0.14F);
}

void question(const Pen& pen) {
  pen.line(std::array<Point, 7>{{{-0.45F, -0.5F},
                                 {-0.3F, -0.8F},
                                 {0.2F, -0.85F},
                                 {0.5F, -0.55F},
                                 {0.4F, -0.2F},
                                 {0, 0},
                                 {0, 0.35F}}});
  pen.disc({0, 0.75F}, 0.17F);
}

void draw_meaning(const Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::Dot:
      return pen.disc({0, 0}, 0.6F);
    case Icon::HalfSquare:
      box_outline(pen, {-0.75F, -0.75F, 0.75F, 0.75F});
      return box(pen, {-0.75F, 0, 0.75F, 0.75F});
    case Icon::Triangle:
      return triangle(pen, -0.6F, 1.4F);
    case Icon::Chevrons:
      return chevrons(pen);
    case Icon::Loop:
      return loop(pen);
    case Icon::Cross:
      return cross(pen, 0.7F);
    case Icon::Check:
      return check(pen, 1);
    case Icon::Barred:
      pen.ring(0.8F);
      return pen.line(std::array<Point, 2>{{{-0.55F, 0.55F}, {0.55F, -0.55F}}});
    case Icon::HollowSquare:
      return box_outline(pen, {-0.7F, -0.7F, 0.7F, 0.7F});
    case Icon::Square:
      return box(pen, {-0.8F, -0.8F, 0.8F, 0.8F});
    case Icon::HollowDiamond:
      return pen.closed_line(std::array<Point, 4>{{{0, -0.9F}, {0.9F, 0}, {0, 0.9F}, {-0.9F, 0}}});
    case Icon::Stack:
      return stack(pen);
    case Icon::Line:
      return pen.line(std::array<Point, 2>{{{-0.95F, 0}, {0.95F, 0}}});
    case Icon::CheckDisc:
      pen.disc({0, 0}, 0.95F);
      return check(pen.with(text_on(pen.colour())), 0.6F);
    case Icon::CrossRing:
      pen.ring(0.85F);
      return cross(pen, 0.35F);
    case Icon::DashRing:
      pen.ring(0.85F);
      return pen.line(std::array<Point, 2>{{{-0.4F, 0}, {0.4F, 0}}});
    default:
      return;  // the viewer's controls are below
  }
}

void draw_control(const Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::Play:
      return triangle(pen, -0.6F, 1.4F);
    case Icon::Pause:
      box(pen, {-0.65F, -0.8F, -0.15F, 0.8F});
      return box(pen, {0.15F, -0.8F, 0.65F, 0.8F});
    case Icon::StepBack:
      box(pen, {0.45F, -0.8F, 0.8F, 0.8F});
      return triangle(pen, 0.3F, -1.1F);
    case Icon::StepForward:
      box(pen, {-0.8F, -0.8F, -0.45F, 0.8F});
      return triangle(pen, -0.3F, 1.1F);
    case Icon::ToStart:
      box(pen, {-0.95F, -0.8F, -0.65F, 0.8F});
      triangle(pen, 0.2F, -0.8F);
      return triangle(pen, 0.95F, -0.8F);
    case Icon::ToEnd:
      box(pen, {0.65F, -0.8F, 0.95F, 0.8F});
      triangle(pen, -0.2F, 0.8F);
      return triangle(pen, -0.95F, 0.8F);
    case Icon::Clock:
      return clock(pen);
    case Icon::Warning:
      return warning(pen);
    case Icon::Question:
      return question(pen);
    default:
      return;  // the meanings are above
  }
}

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, IconPlace place, ImU32 colour) {
  const Pen pen{list, place, colour};
  draw_meaning(pen, icon);
  draw_control(pen, icon);
}

bool icon_button(const char* name, Icon icon) {
  const float side = ImGui::GetFrameHeight() * 1.2F;
  ImGui::PushID(name);
  const bool is_clicked = ImGui::Button("##icon", {side, side});
  ImGui::PopID();
  const ImVec2 from = ImGui::GetItemRectMin();
  const ImVec2 to = ImGui::GetItemRectMax();
  const Rect rect{from.x, from.y, to.x, to.y};
  const ImVec4 colour = ImGui::GetStyleColorVec4(ImGuiCol_Text);
  draw_icon(*ImGui::GetWindowDrawList(), icon, {.centre = rect.centre(), .size = side * 0.5F},
            ImGui::GetColorU32(colour));
  record_label(name, rect, false);
  tooltip_for_item(name);
  return is_clicked;
}

}  // namespace linger::viz
