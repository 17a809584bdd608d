// Long lists in columns: only the rows in sight are asked for and drawn.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/parts_panel.h"
#include "viz/scene.h"

namespace linger::viz {

struct Column {
  const char* title = "";
  float width = 0;  // in design pixels; 0: what is left
  int rank = 0;     // where there is no room for all, those with the highest rank are left out
};

// Where each column is, from left to right; empty for those that are left out.
std::vector<Rect> column_places(Rect row, std::span<const Column> columns);

// A list of rows below a heading, with the titles of its columns.
struct ListFrame {
  Rect head;
  Rect titles;
  Rect rows;
};
ListFrame list_frame(Rect area);
void draw_list_titles(ImDrawList& list, const ListFrame& frame, std::span<const Column> columns);

float list_row_height();
// In pixels; unless it is said otherwise, rows are as high as a line of small text needs.
struct RowHeight {
  float pixels = list_row_height();
};
// Within the scrolling area of the rows.
Window rows_in_sight(RowHeight height = {});
// Once the rows are drawn: makes room for all.
void reserve_rows(std::int64_t total, RowHeight height = {});
// And stays at the end, if that is where one is.
void end_rows(std::int64_t total, RowHeight height = {});
// The n-th row of all.
Rect row_place(std::int64_t row, RowHeight height = {});

// Text in a cell, if the column is there.
void draw_cell(ImDrawList& list, Rect cell, std::string_view text,
               const TextLook& look = {.style = TextStyle::Small});
// An icon at the left of the cell; the cell keeps the rest.
void draw_cell_icon(ImDrawList& list, Rect& cell, Icon icon, ImU32 colour);
// The row under the mouse, the one at the cursor, the one that is selected.
void draw_row_ground(ImDrawList& list, Rect row, bool is_marked, bool is_selected);

// A title at the left of the head; returns what is left of it.
Rect draw_list_head(ImDrawList& list, Rect head, std::string_view title);

}  // namespace linger::viz
