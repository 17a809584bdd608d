#include "viz/pointing_panel.h"

#include <algorithm>
#include <string>

#include "viz/language.h"

namespace linger::viz {
namespace {

void draw_dashes(ImDrawList& list, Point from, Point to, ImU32 colour) {
  const float length = std::max(to.x - from.x, to.y - from.y);
  const float dash = units(7);
  const Point way{(to.x - from.x) / length, (to.y - from.y) / length};
  for (float at = 0; at < length; at += dash * 1.7F) {
    const float end = std::min(at + dash, length);
    list.AddLine({from.x + way.x * at, from.y + way.y * at},
                 {from.x + way.x * end, from.y + way.y * end}, colour, units(2.5F));
  }
}

void draw_dashed_frame(ImDrawList& list, Rect area, ImU32 colour) {
  draw_dashes(list, {area.left, area.top}, {area.right, area.top}, colour);
  draw_dashes(list, {area.right, area.top}, {area.right, area.bottom}, colour);
  draw_dashes(list, {area.left, area.bottom}, {area.right, area.bottom}, colour);
  draw_dashes(list, {area.left, area.top}, {area.left, area.bottom}, colour);
}

}  // namespace

void draw_pointed(ImDrawList& list, const std::vector<PointedPlace>& places) {
  for (const PointedPlace& place : places) {
    const ImU32 colour = look(Meaning::Record).colour;
    draw_dashed_frame(list, place.area.inset(-units(1)), colour);
    const std::string key = std::to_string(place.choice + 1);
    // Names stand at the top, so that it hangs out at the bottom.
    const float left = std::max(place.area.left - key_width(key) * 0.95F, list.GetClipRectMin().x);
    draw_key(list, {left, place.area.bottom}, key);
  }
}

void offer_pointed(Stage& stage, const std::vector<PointedPlace>& places) {
  if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) return;
  const auto choice = choice_at(places, point_of(ImGui::GetMousePos()));
  if (!choice) return;
  const int number = static_cast<int>(*choice) + 1;
  const std::string answer = tr("Click: answer {}", number);
  stage.tooltip = stage.tooltip.empty() ? answer : answer + "\n" + stage.tooltip;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) stage.command = PressNumber{number};
}

}  // namespace linger::viz
