#include "viz/list_panel.h"

#include <algorithm>
#include <cstddef>

#include "viz/language.h"

namespace linger::viz {

std::vector<Rect> column_places(Rect row, std::span<const Column> columns) {
  constexpr float kLeastForRest = 120;
  std::vector<bool> is_shown(columns.size(), true);
  const auto wanted = [&] {
    float width = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const float own = columns[i].width > 0 ? columns[i].width : kLeastForRest;
      if (is_shown[i]) width += units(own);
    }
    return width;
  };
  while (wanted() > row.width()) {
    std::size_t least = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (is_shown[i] && (least == columns.size() || columns[i].rank > columns[least].rank))
        least = i;
    }
    if (least == columns.size() || columns[least].rank == 0) break;
    is_shown[least] = false;
  }
  std::vector<Rect> places;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_shown[i]) {
      places.emplace_back();
    } else {
      places.push_back(columns[i].width > 0 ? cut_left(row, units(columns[i].width)) : row);
    }
  }
  return places;
}

ListFrame list_frame(Rect area) {
  ListFrame frame;
  Rect rest = area.inset(units(8));
  rest.bottom = area.bottom - units(4);
  frame.head = cut_top(rest, units(26));
  frame.titles = cut_top(rest, line_height(TextStyle::Small));
  frame.rows = rest;
  return frame;
}

void draw_list_titles(ImDrawList& list, const ListFrame& frame, std::span<const Column> columns) {
  Rect row = frame.titles;
  row.right -= ImGui::GetStyle().ScrollbarSize;
  const std::vector<Rect> places = column_places(row, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    draw_cell(list, places[i], tr(columns[i].title),
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
  list.AddLine({frame.titles.left, frame.titles.bottom}, {frame.titles.right, frame.titles.bottom},
               with_alpha(ink::kBorder, 0.7F), units(1));
}

float list_row_height() {
  return line_height(TextStyle::Small) + units(3);
}

Window rows_in_sight(RowHeight height) {
  const auto first = static_cast<std::int64_t>(ImGui::GetScrollY() / height.pixels);
  const auto count = static_cast<std::int64_t>(ImGui::GetWindowHeight() / height.pixels) + 2;
  return {.first = first, .count = count};
}

void reserve_rows(std::int64_t total, RowHeight height) {
  ImGui::SetCursorPosY(0);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGui::Dummy({1, height.pixels * static_cast<float>(total)});
  ImGui::PopStyleVar();
}

void end_rows(std::int64_t total, RowHeight height) {
  const bool was_at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY();
  reserve_rows(total, height);
  if (was_at_end && theme_state().pages_to_scroll[1] == 0) ImGui::SetScrollHereY(1);
}

Rect row_place(std::int64_t row, RowHeight height) {
  const ImVec2 at = ImGui::GetWindowPos();
  const float top = at.y - ImGui::GetScrollY() + height.pixels * static_cast<float>(row);
  const float width = ImGui::GetWindowWidth() - ImGui::GetStyle().ScrollbarSize;
  return {at.x, top, at.x + width, top + height.pixels};
}

void draw_cell(ImDrawList& list, Rect cell, std::string_view text, const TextLook& look) {
  if (is_empty(cell) || text.empty()) return;
  cut_right(cell, units(6));
  draw_text(list, cell, text, look);
}

void draw_cell_icon(ImDrawList& list, Rect& cell, Icon icon, ImU32 colour) {
  if (is_empty(cell)) return;
  const Rect place = cut_left(cell, units(20));
  draw_icon(list, icon, {.centre = {place.left + units(7), place.centre().y}, .size = units(12)},
            colour);
}

void draw_row_ground(ImDrawList& list, Rect row, bool is_marked, bool is_selected) {
  if (is_marked) fill(list, row, with_alpha(ink::kTextStrong, 0.12F), units(3));
  if (is_selected) outline(list, row, ink::kFocus, units(3), units(1.5F));
  if (is_over(row)) fill(list, row, with_alpha(ink::kTextStrong, 0.07F), units(3));
}

Rect draw_list_head(ImDrawList& list, Rect head, std::string_view title) {
  draw_text(list, head, title, {.style = TextStyle::Strong});
  cut_left(head, text_width(title, TextStyle::Strong) + gap() * 2);
  return head;
}

}  // namespace linger::viz
