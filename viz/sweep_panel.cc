#include "viz/sweep_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kAxisRoom = 110;

// From dark to bright; never the only sign: the value stands in the cell.
ImU32 heat(float height) {
  return with_alpha(look(Meaning::InFlight).colour, 0.12F + 0.6F * std::clamp(height, 0.0F, 1.0F));
}

void draw_sweep_heading(Stage& stage, const SweepView& view, Rect& room) {
  ImDrawList& list = *stage.list;
  const Rect title = cut_top(room, line_height(TextStyle::Title));
  draw_text(list, title, tr("Sweep"), {.style = TextStyle::Title});
  draw_text(list, title, view.progress, {.colour = ink::kTextWeak, .align = Align::Right});
  const Rect figure = cut_top(room, line_height(TextStyle::Heading));
  draw_text(list, figure, view.figure, {.style = TextStyle::Heading});
  offer(stage, figure, tr("Click for the next figure."), NextFigure{Way::Forward});
  const Rect foot = cut_bottom(room, line_height(TextStyle::Small));
  draw_text(list, foot,
            tr("arrows choose a point, Enter or a click opens its run; {} shows the next figure, "
               "{} saves all as CSV, Esc closes this",
               key_text_in(sweep_key_actions(), NextFigure{Way::Forward}),
               key_text_in(sweep_key_actions(), ExportSweep{})),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  draw_text(list, figure, view.left_out,
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  if (view.failure.empty()) return;
  const Rect failure = cut_bottom(room, line_height(TextStyle::Small));
  draw_text(list, failure, view.failure,
            {.style = TextStyle::Small, .colour = look(Meaning::Failed).colour});
}

std::string tooltip_of(const SweepSpot& spot) {
  if (!spot.is_known) return tr("{}\nnot run yet", spot.settings);
  return tr("{}\n{}\nClick to open this run beside the one shown.", spot.settings, spot.value);
}

// --- One setting ---

void draw_curve(Stage& stage, const SweepView& view, Rect room) {
  ImDrawList& list = *stage.list;
  const Rect names = cut_bottom(room, line_height(TextStyle::Small) * 2);
  const Rect scale = cut_left(room, units(kAxisRoom));
  cut_top(room, line_height(TextStyle::Small) * 1.5F);
  cut_right(room, units(30));
  list.AddLine({room.left, room.bottom}, {room.right, room.bottom}, ink::kBorder, units(1.5F));
  list.AddLine({room.left, room.top}, {room.left, room.bottom}, ink::kBorder, units(1.5F));
  const auto label = [&](float y, const std::string& text) {
    const float half = line_height(TextStyle::Small) / 2;
    draw_text(list, {scale.left, y - half, room.left - units(8), y + half}, text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  };
  const float inset = units(12);
  if (!view.least.empty()) label(room.bottom - inset, view.least);
  if (view.most != view.least) label(room.top + inset, view.most);
  const float step = room.width() / count_of(std::max<std::size_t>(view.spots.size(), 1));
  const auto at = [&](const SweepSpot& spot) {
    return Point{room.left + step * (count_of(spot.column) + 0.5F),
                 room.bottom - inset - (room.height() - 2 * inset) * spot.height};
  };
  for (std::size_t i = 1; i < view.spots.size(); ++i) {
    const bool has_both = view.spots[i - 1].has_figure && view.spots[i].has_figure;
    if (!has_both) continue;
    list.AddLine(vec_of(at(view.spots[i - 1])), vec_of(at(view.spots[i])),
                 look(Meaning::InFlight).colour, units(2));
  }
  for (const SweepSpot& spot : view.spots) {
    const float x = room.left + step * (count_of(spot.column) + 0.5F);
    const Rect column{x - step / 2, room.top, x + step / 2, names.bottom};
    if (is_over(column)) fill(list, column, with_alpha(ink::kTextStrong, 0.07F));
    if (spot.is_chosen) outline(list, column, ink::kFocus, units(3), units(1.5F));
    offer(stage, column, tooltip_of(spot), OpenSweepPoint{spot.index});
    const Rect name{column.left, names.top, column.right,
                    names.top + line_height(TextStyle::Small)};
    draw_text(list, name, view.column_names[spot.column],
              {.style = TextStyle::Small, .align = Align::Centre});
    if (!spot.is_known) continue;
    const Point dot = at(spot);
    if (spot.has_figure) {
      list.AddCircleFilled(vec_of(dot), units(5), look(Meaning::InFlight).colour);
    }
    const float half = line_height(TextStyle::Small);
    draw_text(list, {column.left, dot.y - half - units(8), column.right, dot.y - units(6)},
              spot.value, {.style = TextStyle::Small, .align = Align::Centre});
  }
  Rect key = names;
  cut_top(key, line_height(TextStyle::Small));
  draw_text(list, key, view.columns,
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre});
}

// --- Two settings ---

void draw_map(Stage& stage, const SweepView& view, Rect room) {
  ImDrawList& list = *stage.list;
  const Rect names = cut_bottom(room, line_height(TextStyle::Small) * 2);
  const Rect rows = cut_left(room, units(kAxisRoom));
  cut_top(room, units(6));
  const float width = room.width() / count_of(view.column_names.size());
  const float height = room.height() / count_of(view.row_names.size());
  const TextLook weak{.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre};
  for (std::size_t i = 0; i < view.column_names.size(); ++i) {
    const float left = room.left + width * count_of(i);
    draw_text(list, {left, names.top, left + width, names.top + line_height(TextStyle::Small)},
              view.column_names[i], {.style = TextStyle::Small, .align = Align::Centre});
  }
  Rect key = names;
  cut_top(key, line_height(TextStyle::Small));
  draw_text(list, key, view.columns, weak);
  for (std::size_t i = 0; i < view.row_names.size(); ++i) {
    const float top = room.top + height * count_of(i);
    Rect name{rows.left, top, rows.right - units(8), top + height};
    draw_text(list, name, view.row_names[i], {.style = TextStyle::Small, .align = Align::Right});
  }
  draw_text(list, {rows.left, names.top, rows.right, names.top + line_height(TextStyle::Small)},
            view.rows, weak);
  for (const SweepSpot& spot : view.spots) {
    const float left = room.left + width * count_of(spot.column);
    const float top = room.top + height * count_of(spot.row);
    const Rect cell = Rect{left, top, left + width, top + height}.inset(units(2));
    fill(list, cell, spot.has_figure ? heat(spot.height) : with_alpha(ink::kBorder, 0.2F),
         units(3));
    if (is_over(cell) || spot.is_chosen) {
      outline(list, cell, ink::kFocus, units(3), units(spot.is_chosen ? 2.5F : 1.5F));
    }
    offer(stage, cell, tooltip_of(spot), OpenSweepPoint{spot.index});
    draw_text(list, cell, spot.value, {.style = TextStyle::Small, .align = Align::Centre});
  }
}

}  // namespace

void draw_sweep_panel(Stage& stage, const SweepView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, with_alpha(ink::kBackground, 0.85F));
  const Rect box = area.inset(units(28));
  fill(list, box, ink::kSurface, rounding() * 2);
  outline(list, box, ink::kBorder, rounding() * 2, units(1.5F));
  Rect room = box.inset(units(18));
  draw_sweep_heading(stage, view, room);
  cut_top(room, units(10));
  cut_bottom(room, units(8));
  if (view.rows.empty()) {
    draw_curve(stage, view, room);
  } else {
    draw_map(stage, view, room);
  }
}

}  // namespace linger::viz
