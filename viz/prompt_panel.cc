#include "viz/prompt_panel.h"

#include <algorithm>
#include <string>
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kPromptWidth = 660;
constexpr float kPromptTop = 84;
constexpr float kField = 34;
constexpr float kPromptRow = 26;
constexpr float kKeyRoom = 190;
constexpr std::size_t kLinesOfNote = 2;
constexpr std::size_t kMostRowsAtOnce = 12;

float prompt_row_height() {
  return std::max(units(kPromptRow), line_height(TextStyle::Small) + units(8));
}

float width_until(const std::string& text, std::size_t end) {
  return text_width(std::string_view{text}.substr(0, end), TextStyle::Body);
}

// What was typed, the caret, and below it a mark where it is wrong.
void draw_field(ImDrawList& list, const PromptView& view, Rect area) {
  fill(list, area, ink::kBackground, rounding());
  outline(list, area, ink::kFocus, rounding(), units(1.5F));
  Rect room = area;
  cut_left(room, units(10));
  cut_right(room, units(10));
  const std::string& typed = view.line.text;
  if (typed.empty()) {
    draw_text(list, room, view.hint, {.colour = ink::kTextWeak});
  } else {
    draw_text(list, room, typed, {});
  }
  const float caret = std::min(room.left + width_until(typed, view.line.caret), room.right);
  list.AddLine({caret, room.top + units(7)}, {caret, room.bottom - units(7)}, ink::kFocus,
               units(1.5F));
  if (view.error_column <= 0) return;
  const auto at = static_cast<std::size_t>(view.error_column - 1);
  const float x = std::min(room.left + width_until(typed, std::min(at, typed.size())), room.right);
  const ImU32 colour = look(Meaning::Failed).colour;
  list.AddLine({x, room.bottom - units(5)}, {x + units(9), room.bottom - units(5)}, colour,
               units(2.5F));
}

void draw_prompt_row(Stage& stage, const PromptRow& row, std::size_t index, Rect area) {
  ImDrawList& list = *stage.list;
  if (row.is_chosen) fill(list, area, with_alpha(ink::kTextStrong, 0.16F), units(3));
  if (is_over(area)) fill(list, area, with_alpha(ink::kTextStrong, 0.07F), units(3));
  offer(stage, area, row.text + "\n" + row.detail, AcceptPrompt{index});
  cut_left(area, units(10));
  Rect keys = cut_right(area, row.key.empty() ? units(6) : units(kKeyRoom));
  if (!row.key.empty()) {
    draw_text(list, keys.inset(units(2)), row.key,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  draw_text(list, area, row.text, {.style = TextStyle::Body});
  cut_left(area, text_width(row.text, TextStyle::Body) + gap() * 1.5F);
  draw_fitting(list, area, {row.detail}, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

// What is wrong, and what would be right.
void draw_prompt_error(ImDrawList& list, const PromptView& view, Rect area) {
  const auto error = wrapped(view.error, area.width(), TextStyle::Small, 2);
  const auto fix = wrapped(view.fix, area.width(), TextStyle::Small, 2);
  cut_top(area, draw_lines(list, area, error,
                           {.style = TextStyle::Small, .colour = look(Meaning::Failed).colour}));
  draw_lines(list, area, fix, {.style = TextStyle::Small});
}

// As many as there is room for, the chosen one among them.
void draw_prompt_rows(Stage& stage, const PromptView& view, Rect room) {
  const auto fitting = static_cast<std::size_t>(room.height() / prompt_row_height() + 0.1F);
  const auto chosen = std::ranges::find(view.rows, true, &PromptRow::is_chosen);
  const auto at = static_cast<std::size_t>(chosen - view.rows.begin());
  const std::size_t shown = std::min(fitting, view.rows.size());
  const std::size_t first = at < shown ? 0 : std::min(at + 1, view.rows.size()) - shown;
  for (std::size_t i = first; i < first + shown; ++i) {
    draw_prompt_row(stage, view.rows[i], i, cut_top(room, prompt_row_height()));
  }
  const float notches = ImGui::GetIO().MouseWheel;
  if (shown < view.rows.size() && notches != 0) {
    stage.command = ChooseInPrompt{notches < 0 ? Way::Forward : Way::Back};
  }
}

}  // namespace

void draw_prompt_panel(Stage& stage, const PromptView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, with_alpha(ink::kBackground, 0.6F));
  const float width = std::min(units(kPromptWidth), area.width() - units(32));
  const float left = area.centre().x - width / 2;
  Rect box{left, area.top + units(kPromptTop), left + width, area.bottom - units(16)};
  const bool has_advice = !view.error.empty() || !view.fix.empty();
  const float error_lines = has_advice ? 4 : 0;
  const float wanted = units(kField + 12) + line_height(TextStyle::Strong) + units(28) +
                       prompt_row_height() * count_of(std::min(view.rows.size(), kMostRowsAtOnce)) +
                       (view.note.empty() ? 0 : line_height(TextStyle::Body) * kLinesOfNote) +
                       line_height(TextStyle::Small) * (error_lines + 1);
  box.bottom = std::min(box.bottom, box.top + wanted);
  fill(list, box, ink::kSurface, rounding() * 2);
  outline(list, box, ink::kBorder, rounding() * 2, units(1.5F));
  Rect room = box.inset(units(12));
  Rect title = cut_top(room, line_height(TextStyle::Strong));
  draw_text(list, title, view.title, {.style = TextStyle::Strong});
  cut_left(title, text_width(view.title, TextStyle::Strong) + gap());
  draw_fitting(list, title,
               {tr("Enter does it, Up and Down choose, Esc closes this"),
                tr("Enter does it, Esc closes this")},
               {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  cut_top(room, units(6));
  draw_field(list, view, cut_top(room, units(kField)));
  cut_top(room, units(6));
  if (has_advice) {
    draw_prompt_error(list, view, cut_top(room, line_height(TextStyle::Small) * 4));
  }
  if (!view.note.empty()) {
    const Rect note = cut_bottom(room, line_height(TextStyle::Body) * kLinesOfNote);
    draw_lines(list, note, wrapped(view.note, note.width(), TextStyle::Body, kLinesOfNote), {});
    cut_bottom(room, units(6));
  }
  draw_prompt_rows(stage, view, room);
}

}  // namespace linger::viz
