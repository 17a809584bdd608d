#include "viz/browser_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kRow = 24;
constexpr int kBrowserColumns = 2;

std::size_t rows_of(const BrowserTopic& topic) {
  return topic.rows.size() + 1;
}

void draw_lesson(Stage& stage, const BrowserRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  if (row.is_chosen) fill(list, area, with_alpha(ink::kTextStrong, 0.16F), units(3));
  if (row.is_open) outline(list, area, ink::kFocus, units(3), units(1.5F));
  if (is_over(area)) fill(list, area, with_alpha(ink::kTextStrong, 0.07F), units(3));
  if (is_clicked(area)) {
    stage.command = row.is_chosen ? ViewerCommand{OpenBrowsed{}} : ViewerCommand{Browse{row.index}};
  }
  const Rect mark = cut_left(area, units(26));
  const Meaning meaning = row.is_whole ? Meaning::Acknowledged : Meaning::InFlight;
  if (row.is_seen) {
    draw_icon(list, look(meaning).icon, {.centre = mark.centre(), .size = units(13)},
              look(meaning).colour);
  }
  draw_text(list, cut_left(area, units(28)), row.number,
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  cut_right(area, units(6));
  const float width = text_width(row.done, TextStyle::Small) + units(8);
  draw_text(list, cut_right(area, width), row.done,
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  draw_text(list, area, row.title, {.style = TextStyle::Small});
}

void draw_topic(Stage& stage, const BrowserTopic& topic, Rect& column, float height) {
  Rect title = cut_top(column, height);
  cut_left(title, units(6));
  draw_text(*stage.list, title, tr(topic.name),
            {.style = TextStyle::Strong, .colour = ink::kTextWeak});
  for (const BrowserRow& row : topic.rows) draw_lesson(stage, row, cut_top(column, height));
}

}  // namespace

void draw_browser_panel(Stage& stage, const BrowserView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, with_alpha(ink::kBackground, 0.85F));
  const Rect box = area.inset(units(28));
  fill(list, box, ink::kSurface, rounding() * 2);
  outline(list, box, ink::kBorder, rounding() * 2, units(1.5F));
  Rect room = box.inset(units(18));
  const Rect title = cut_top(room, line_height(TextStyle::Title));
  draw_text(list, title, tr("Lessons"), {.style = TextStyle::Title});
  draw_text(list, title, view.headline, {.colour = ink::kTextWeak, .align = Align::Right});
  const Rect foot = cut_bottom(room, line_height(TextStyle::Small));
  draw_text(list, foot, tr("Up and Down choose, Enter opens, Esc closes this"),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  const Rect text = cut_bottom(room, line_height(TextStyle::Small) * 3 + units(6));
  draw_lines(list, text, wrapped(view.text, text.width(), TextStyle::Small, 3),
             {.style = TextStyle::Small});

  std::size_t rows = 0;
  for (const BrowserTopic& topic : view.topics) rows += rows_of(topic);
  // A topic stays in one column, so that one may be longer by it.
  const float share = count_of(rows) / kBrowserColumns + 3;
  const float height = std::min(units(kRow), room.height() / std::max(share, 1.0F));
  const float width = (room.width() - gap() * 2) / kBrowserColumns;
  Rect column = cut_left(room, width);
  for (const BrowserTopic& topic : view.topics) {
    if (count_of(rows_of(topic)) * height > column.height() + 1) {
      cut_left(room, gap() * 2);
      column = cut_left(room, width);
    }
    draw_topic(stage, topic, column, height);
  }
}

}  // namespace linger::viz
