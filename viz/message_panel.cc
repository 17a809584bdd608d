#include "viz/message_panel.h"
#include "viz/language.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostLines = 14;

void draw_card(ImDrawList& list, Rect card, ImU32 edge) {
  fill(list, card, ink::kBackground, rounding() * 2);
  outline(list, card, edge, rounding() * 2, units(2));
}

Rect in_the_middle(Rect area, Size size) {
  const Point centre = area.centre();
  const float top = std::max(centre.y - size.height / 2, area.top);
  return {centre.x - size.width / 2, top, centre.x + size.width / 2, top + size.height};
}

// The lesson, and how to begin.
void draw_start(ImDrawList& list, const StatusView& status, Rect picture) {
  const float width = std::min(units(680), picture.width() - units(40));
  const float inner = width - units(48);
  const auto title = wrapped(status.title, inner, TextStyle::Title, 2);
  const auto text = wrapped(status.lesson, inner, TextStyle::Body, 7);
  const float height = line_height(TextStyle::Title) * count_of(title.size()) +
                       line_height(TextStyle::Body) * count_of(text.size()) + units(112);
  const Rect card = in_the_middle(picture, {width, height});
  draw_card(list, card, look(Meaning::Record).colour);
  Rect room = card.inset(units(24));
  cut_top(room, draw_lines(list, room, title, {.style = TextStyle::Title}) + units(6));
  cut_top(room, draw_lines(list, room, text, {.colour = ink::kTextWeak}) + units(14));
  const Rect hint = cut_bottom(room, line_height(TextStyle::Heading));
  draw_icon(list, status.asks ? Icon::Question : Icon::Play,
            {.centre = {hint.left + units(11), hint.centre().y}, .size = units(22)},
            look(Meaning::True).colour);
  Rect words = hint;
  cut_left(words, units(32));
  draw_text(list, words, status.hint, {.style = TextStyle::Heading});
  draw_text(list, hint, tr("? shows all keys"), {.colour = ink::kTextWeak, .align = Align::Right});
}

void draw_pill(ImDrawList& list, Point centre, Meaning meaning, std::string_view text) {
  const float width = text_width(text, TextStyle::Body) + units(52);
  const float half = units(17);
  const Rect pill{centre.x - width / 2, centre.y - half, centre.x + width / 2, centre.y + half};
  draw_card(list, pill, look(meaning).colour);
  Rect room = pill;
  const Rect icon = cut_left(room, units(36));
  draw_icon(list, look(meaning).icon, {.centre = icon.centre(), .size = units(16)},
            look(meaning).colour);
  draw_text(list, room, text, {});
}

std::vector<std::string> lines_of(std::string_view text, float width) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < kMostLines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (std::string& line : wrapped(text.substr(0, end), width, TextStyle::Body, 4)) {
      lines.push_back(std::move(line));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Something is wrong: a heading, and what exactly, with file and line where there are any.
void draw_error(ImDrawList& list, std::string_view title, std::string_view text, Rect picture) {
  const float width = picture.width() - units(60);
  const auto lines = lines_of(text, width - units(48));
  const float height = line_height(TextStyle::Heading) +
                       line_height(TextStyle::Body) * count_of(lines.size()) + units(54);
  const Rect card = in_the_middle(picture, {width, height});
  const ImU32 colour = look(Meaning::Failed).colour;
  draw_card(list, card, colour);
  Rect room = card.inset(units(24));
  Rect head = cut_top(room, line_height(TextStyle::Heading));
  const Rect icon = cut_left(head, units(34));
  draw_icon(list, Icon::Warning, {.centre = icon.centre(), .size = units(22)}, colour);
  draw_text(list, head, title, {.style = TextStyle::Heading});
  cut_top(room, units(6));
  draw_lines(list, room, lines, {});
}

}  // namespace

void draw_messages(ImDrawList& list, const StatusView& status, Rect picture) {
  const Point top{picture.centre().x, picture.top + units(20)};
  const Point bottom{picture.centre().x, picture.bottom - units(4)};
  if (!status.error.empty()) {
    draw_error(list, tr("The run cannot go on. It can be gone back."), status.error, picture);
    return;
  }
  const bool is_long = status.message.find('\n') != std::string::npos;
  if (is_long) {
    draw_error(list, tr("The file could not be read"), status.message, picture);
    return;
  }
  if (!status.hint.empty()) draw_start(list, status, picture);
  if (!status.message.empty()) draw_pill(list, bottom, Meaning::Record, status.message);
  if (!status.skipped.empty()) draw_pill(list, top, Meaning::InFlight, status.skipped);
}

}  // namespace linger::viz
