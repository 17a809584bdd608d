#include "viz/browser_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kRow = 28;
constexpr float kTopicsShare = 0.24F;
constexpr std::size_t kLinesOfText = 5;

// What all rows have in common: whether it is chosen, whether the mouse is over it.
void draw_ground(ImDrawList& list, Rect area, bool is_chosen) {
  if (is_chosen) fill(list, area, with_alpha(ink::kTextStrong, 0.16F), units(3));
  if (is_over(area)) fill(list, area, with_alpha(ink::kTextStrong, 0.07F), units(3));
}

// At the right; the area keeps the rest.
void draw_done(ImDrawList& list, const std::string& done, Rect& area) {
  cut_right(area, units(6));
  const float width = text_width(done, TextStyle::Small) + units(8);
  draw_text(list, cut_right(area, width), done,
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
}

void draw_topic(Stage& stage, const BrowserTopic& topic, Rect area) {
  draw_ground(*stage.list, area, topic.is_chosen);
  if (is_clicked(area) && !topic.is_chosen) stage.command = Browse{topic.rows.front().index};
  cut_left(area, units(8));
  draw_done(*stage.list, topic.done, area);
  draw_text(
      *stage.list, area, tr(topic.name),
      {.style = TextStyle::Strong, .colour = topic.is_chosen ? ink::kTextStrong : ink::kTextWeak});
}

void draw_lesson(Stage& stage, const BrowserRow& row, Rect area) {
  ImDrawList& list = *stage.list;
  draw_ground(list, area, row.is_chosen);
  if (row.is_open) outline(list, area, ink::kFocus, units(3), units(1.5F));
  if (is_clicked(area)) {
    stage.command = row.is_chosen ? ViewerCommand{OpenBrowsed{}} : ViewerCommand{Browse{row.index}};
  }
  const Rect mark = cut_left(area, units(26));
  const Meaning meaning = row.is_whole ? Meaning::Acknowledged : Meaning::InFlight;
  if (row.is_seen) {
    draw_icon(list, look(meaning).icon, {.centre = mark.centre(), .size = units(13)},
              look(meaning).colour);
  }
  draw_text(list, cut_left(area, units(34)), row.number,
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_done(list, row.done, area);
  draw_text(list, area, row.title, {});
}

// No lower than their text is high, as long as there is room for that.
float row_height(float room, std::size_t rows) {
  return std::min(units(kRow), room / count_of(std::max<std::size_t>(rows, 1)));
}

// The lessons of the topic that is chosen, and what the chosen one is about.
void draw_lessons(Stage& stage, const BrowserView& view, Rect area) {
  const auto topic = std::ranges::find(view.topics, true, &BrowserTopic::is_chosen);
  if (topic == view.topics.end()) return;
  const float for_text = line_height(TextStyle::Body) * kLinesOfText + units(16);
  const float height = row_height(area.height() - for_text, topic->rows.size());
  for (const BrowserRow& row : topic->rows) draw_lesson(stage, row, cut_top(area, height));
  cut_top(area, units(16));
  cut_left(area, units(26));
  draw_lines(*stage.list, area, wrapped(view.text, area.width(), TextStyle::Body, kLinesOfText),
             {.colour = ink::kTextWeak});
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
  cut_top(room, units(10));
  const Rect foot = cut_bottom(room, line_height(TextStyle::Small));
  draw_text(
      list, foot,
      tr("Up and Down choose a lesson, Left and Right a topic; Enter opens it, Esc closes this"),
      {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  cut_bottom(room, units(10));

  Rect topics = cut_left(room, room.width() * kTopicsShare);
  cut_left(room, gap() * 3);
  const float height = row_height(topics.height(), view.topics.size());
  for (const BrowserTopic& topic : view.topics) draw_topic(stage, topic, cut_top(topics, height));
  draw_lessons(stage, view, room);
}

}  // namespace linger::viz
