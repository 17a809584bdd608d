#include "viz/platform/draw.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

#include "core/check.h"

namespace linger::viz {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

ImVec2 top_left(const Rect& r) {
  return {r.left, r.top};
}
ImVec2 bottom_right(const Rect& r) {
  return {r.right, r.bottom};
}

float distance(Point a, Point b) {
  return std::hypot(b.x - a.x, b.y - a.y);
}

Point between(Point a, Point b, float fraction) {
  return {a.x + (b.x - a.x) * fraction, a.y + (b.y - a.y) * fraction};
}

constexpr std::string_view kEllipsis = "…";
std::string_view ellipsis() {
  return is_covered(kEllipsis) ? kEllipsis : "...";
}

// The longest beginning of `text` that leaves room for the ellipsis.
std::string shortened(std::string_view text, float width, TextStyle style) {
  const float room = width - text_width(ellipsis(), style);
  if (room <= 0) return "";
  const char* end = nullptr;
  font(style)->CalcTextSizeA(text_size(style), room, 0, text.data(), text.data() + text.size(),
                             &end);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (length == 0) return "";
  return std::string{text.substr(0, length)} + std::string{ellipsis()};
}

float aligned(const Rect& area, float width, Align align) {
  switch (align) {
    case Align::Left:
      return area.left;
    case Align::Centre:
      return area.left + (area.width() - width) / 2;
    case Align::Right:
      return area.right - width;
  }
  return area.left;
}

// Of a character, by the first of its bytes in UTF-8: U+3000 to U+9FFF.
bool begins_chinese(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0xE3 && byte <= 0xE9;
}
std::size_t length_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The fonts with Chinese glyphs have no bold ones: where Latin letters are bold, Chinese ones are
// drawn twice, with the second beside the first.
void embolden_chinese(ImDrawList& list, ImVec2 place, std::string_view text, const TextLook& look) {
  const float beside = std::max(std::round(text_size(look.style) / 18), 1.0F);
  for (std::size_t at = 0; at < text.size();) {
    const bool is_chinese = begins_chinese(text[at]);
    std::size_t end = at;
    while (end < text.size() && begins_chinese(text[end]) == is_chinese) {
      end = std::min(end + length_of_character(text[end]), text.size());
    }
    if (is_chinese) {
      const float before = text_width(text.substr(0, at), look.style);
      list.AddText(font(look.style), text_size(look.style),
                   {std::round(place.x + before) + beside, place.y}, look.colour, text.data() + at,
                   text.data() + end);
    }
    at = end;
  }
}

void put_text(ImDrawList& list, Point at, std::string_view text, const TextLook& look) {
  // Whole pixels keep the glyphs sharp.
  const ImVec2 place{std::round(at.x), std::round(at.y)};
  list.AddText(font(look.style), text_size(look.style), place, look.colour, text.data(),
               text.data() + text.size());
  if (is_bold(look.style)) embolden_chinese(list, place, text, look);
}

// The lines x + y = constant of an area, cut at its edges; mirrored for Hatch::Falling.
void draw_diagonals(ImDrawList& list, const Rect& r, Hatch direction, ImU32 colour) {
  const float step = units(7);
  const float width = r.width();
  const float height = r.height();
  for (float c = step / 2; c < width + height; c += step) {
    const Point low = c <= height ? Point{0, c} : Point{c - height, height};
    const Point high = c <= width ? Point{c, 0} : Point{width, c - width};
    const auto place = [&](Point p) {
      const float x = direction == Hatch::Rising ? r.left + p.x : r.right - p.x;
      return ImVec2{x, r.top + p.y};
    };
    list.AddLine(place(low), place(high), colour, units(1));
  }
}

void draw_dots(ImDrawList& list, const Rect& r, ImU32 colour) {
  const float step = units(7);
  bool is_odd_row = false;
  for (float y = r.top + step / 2; y < r.bottom; y += step) {
    const float first = r.left + (is_odd_row ? step : step / 2);
    for (float x = first; x < r.right; x += step) {
      list.AddRectFilled({x - units(0.8F), y - units(0.8F)}, {x + units(0.8F), y + units(0.8F)},
                         colour);
    }
    is_odd_row = !is_odd_row;
  }
}

void draw_uprights(ImDrawList& list, const Rect& r, ImU32 colour) {
  for (float x = r.left + units(3.5F); x < r.right; x += units(7)) {
    list.AddLine({x, r.top}, {x, r.bottom}, colour, units(1));
  }
}

void draw_arrowhead(ImDrawList& list, Point from, Point tip, ImU32 colour) {
  const float length = distance(from, tip);
  if (length <= 0) return;
  const float size = units(9);
  const Point along{(tip.x - from.x) / length, (tip.y - from.y) / length};
  const Point base{tip.x - along.x * size, tip.y - along.y * size};
  const float half = size * 0.45F;
  list.AddTriangleFilled(vec_of(tip), {base.x - along.y * half, base.y + along.x * half},
                         {base.x + along.y * half, base.y - along.x * half}, colour);
}

void draw_dashes(ImDrawList& list, Point from, Point to, ImU32 colour) {
  const float length = distance(from, to);
  if (length <= 0) return;
  const float dash = units(6);
  for (float at = 0; at < length; at += dash * 2) {
    const Point begin = between(from, to, at / length);
    const Point end = between(from, to, std::min(at + dash, length) / length);
    list.AddLine(vec_of(begin), vec_of(end), colour, stroke());
  }
}

void draw_box_text(ImDrawList& list, Rect area, const Box& box, ImU32 colour) {
  const float icon = std::min(units(13), area.height() * 0.6F);
  Rect room = area.inset(units(6));
  if (room.width() >= icon + units(2) || box.label.empty()) {
    const Point centre{room.left + icon / 2, area.centre().y};
    if (room.width() >= icon) {
      draw_icon(list, look(box.meaning).icon, {.centre = centre, .size = icon}, colour);
    }
    room.left += icon + units(6);
  }
  const ImU32 ink = box.emphasis == Emphasis::Weak ? ink::kTextWeak : ink::kTextStrong;
  const float detail = text_width(box.detail, TextStyle::Small);
  const float label = text_width(box.label, TextStyle::Body);
  if (!box.detail.empty() && label + gap() + detail <= room.width()) {
    draw_text(list, room, box.detail,
              {.style = TextStyle::Small, .colour = ink, .align = Align::Right});
  }
  if (!box.label.empty()) draw_text(list, room, box.label, {.colour = ink});
}

void show_tooltip(std::string_view text) {
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 28);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace

Rect reserve(const char* name, Size size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Size real{std::max(size.width, 1.0F), std::max(size.height, 1.0F)};
  ImGui::InvisibleButton(name, {real.width, real.height});
  return {at.x, at.y, at.x + real.width, at.y + real.height};
}

Fit draw_text(ImDrawList& list, Rect area, std::string_view text, const TextLook& look) {
  const float width = text_width(text, look.style);
  const bool is_whole = width <= area.width();
  const std::string shown =
      is_whole ? std::string{text} : shortened(text, area.width(), look.style);
  const float shown_width = is_whole ? width : text_width(shown, look.style);
  const float height = text_size(look.style);
  const Point at{aligned(area, shown_width, look.align), area.centre().y - height / 2};
  if (!shown.empty()) put_text(list, at, shown, look);
  record_label(text, {at.x, at.y, at.x + shown_width, at.y + height}, !is_whole);
  return is_whole ? Fit::Whole : Fit::Ellipsized;
}

void draw_hatch(ImDrawList& list, Rect area, Hatch hatch, ImU32 colour) {
  if (area.width() <= 0 || area.height() <= 0) return;
  switch (hatch) {
    case Hatch::None:
      return;
    case Hatch::Rising:
    case Hatch::Falling:
      return draw_diagonals(list, area, hatch, colour);
    case Hatch::Crossed:
      draw_diagonals(list, area, Hatch::Rising, colour);
      return draw_diagonals(list, area, Hatch::Falling, colour);
    case Hatch::Dots:
      return draw_dots(list, area, colour);
    case Hatch::Upright:
      return draw_uprights(list, area, colour);
  }
}

void draw_box(ImDrawList& list, Rect area, const Box& box) {
  const Look& l = look(box.meaning);
  const bool is_weak = box.emphasis == Emphasis::Weak;
  const float round = std::min(rounding(), area.height() / 2);
  const ImU32 edge = is_weak ? with_alpha(l.colour, 0.5F) : l.colour;
  list.AddRectFilled(top_left(area), bottom_right(area), ink::kRaised, round);
  Rect filled = area;
  filled.right = area.left + area.width() * std::clamp(box.fill, 0.0F, 1.0F);
  if (filled.width() >= 1) {
    const bool is_full = filled.right >= area.right - round;
    const ImDrawFlags corners =
        is_full ? ImDrawFlags_RoundCornersAll : ImDrawFlags_RoundCornersLeft;
    list.AddRectFilled(top_left(filled), bottom_right(filled),
                       with_alpha(l.colour, is_weak ? 0.15F : 0.32F), round, corners);
    draw_hatch(list, filled.inset(round * 0.3F), l.hatch, with_alpha(l.colour, 0.35F));
  }
  const bool is_selected = box.emphasis == Emphasis::Selected;
  list.AddRect(top_left(area), bottom_right(area), edge, round, 0, stroke());
  if (is_selected) {
    const Rect around = area.inset(-units(3));
    list.AddRect(top_left(around), bottom_right(around), ink::kFocus, round + units(3), 0,
                 units(2));
  }
  draw_box_text(list, area, box, edge);
}

Size chip_size(std::string_view text) {
  const float height = std::round(text_size(TextStyle::Small) * 1.5F);
  const float words = text.empty() ? 0 : text_width(text, TextStyle::Small) + units(5);
  return {height + words + units(7), height};
}

Rect draw_chip(ImDrawList& list, Point top_left_corner, Meaning meaning, std::string_view text) {
  const Look& l = look(meaning);
  const Size size = chip_size(text);
  const Rect area{top_left_corner.x, top_left_corner.y, top_left_corner.x + size.width,
                  top_left_corner.y + size.height};
  const float round = size.height / 2;
  list.AddRectFilled(top_left(area), bottom_right(area), ink::kRaised, round);
  list.AddRect(top_left(area), bottom_right(area), l.colour, round, 0, units(1));
  const Point centre{area.left + round + units(2), area.centre().y};
  draw_icon(list, l.icon, {.centre = centre, .size = size.height * 0.5F}, l.colour);
  if (!text.empty()) {
    Rect room = area;
    room.left += size.height + units(4);
    draw_text(list, room, text, {.style = TextStyle::Small});
  }
  return area;
}

void draw_arrow(ImDrawList& list, std::span<const Point> points, ImU32 colour, Stroke style) {
  if (points.size() < 2) return;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (style == Stroke::Dashed) {
      draw_dashes(list, points[i - 1], points[i], colour);
    } else {
      list.AddLine(vec_of(points[i - 1]), vec_of(points[i]), colour, stroke());
    }
  }
  draw_arrowhead(list, points[points.size() - 2], points.back(), colour);
}

Point point_along(std::span<const Point> points, float fraction) {
  CHECK(!points.empty());
  float length = 0;
  for (std::size_t i = 1; i < points.size(); ++i) length += distance(points[i - 1], points[i]);
  float rest = std::clamp(fraction, 0.0F, 1.0F) * length;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const float part = distance(points[i - 1], points[i]);
    if (rest <= part && part > 0) return between(points[i - 1], points[i], rest / part);
    rest -= part;
  }
  return points.back();
}

Rect draw_packet(ImDrawList& list, Point at, Meaning meaning, std::string_view label) {
  const Size size = chip_size(label);
  const Rect area{at.x - size.width / 2, at.y - size.height / 2, at.x + size.width / 2,
                  at.y + size.height / 2};
  const Look& l = look(meaning);
  const ImU32 ink = text_on(l.colour);
  list.AddRectFilled(top_left(area), bottom_right(area), l.colour, units(3));
  const Point centre{area.left + size.height / 2 + units(1), at.y};
  draw_icon(list, l.icon, {.centre = centre, .size = size.height * 0.5F}, ink);
  if (!label.empty()) {
    Rect room = area;
    room.left += size.height + units(3);
    draw_text(list, room, label, {.style = TextStyle::Small, .colour = ink});
  }
  return area;
}

void draw_countdown(ImDrawList& list, IconPlace place, const Countdown& countdown) {
  const float width = std::max(place.size * 0.12F, stroke());
  const float radius = (place.size - width) / 2;
  const ImVec2 centre = vec_of(place.centre);
  const float left = std::clamp(countdown.remaining, 0.0F, 1.0F);
  const ImU32 colour = look(countdown.meaning).colour;
  list.AddCircle(centre, radius, ink::kBorder, 0, width * 0.5F);
  if (left > 0) {
    // What is left ends at the top, so that the ring empties clockwise as time passes.
    list.PathArcTo(centre, radius, (0.75F - left) * kTurn, 0.75F * kTurn, 48);
    list.PathStroke(colour, ImDrawFlags_None, width);
  }
  const float room = (radius - width) * 2;
  if (!countdown.label.empty() && text_width(countdown.label, TextStyle::Small) <= room) {
    const Rect inside{centre.x - room / 2, centre.y - room / 2, centre.x + room / 2,
                      centre.y + room / 2};
    draw_text(list, inside, countdown.label, {.style = TextStyle::Small, .align = Align::Centre});
  }
}

void tooltip_for_item(std::string_view text) {
  if (ImGui::IsItemHovered()) show_tooltip(text);
}

void tooltip_for_area(Rect area, std::string_view text) {
  const bool is_over =
      ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(top_left(area), bottom_right(area));
  if (is_over) show_tooltip(text);
}

}  // namespace linger::viz
