#include "viz/help_panel.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kHelpRow = 22;

// What is done, and the keys that do it; the second may be the way back.
struct HelpRow {
  std::vector<std::string> keys;
  std::string name;
  std::string description;
};

bool is_way_back(const KeyAction& action, const KeyAction& before) {
  return action.command.index() == before.command.index() && action.chord.key == before.chord.key &&
         action.chord.modifiers == Modifiers{.shift = true} &&
         before.chord.modifiers == Modifiers{};
}

std::vector<HelpRow> rows_of(KeyGroup group) {
  std::vector<HelpRow> rows;
  const KeyAction* before = nullptr;
  for (const KeyAction& action : key_actions()) {
    if (action.group != group) continue;
    const auto same = std::ranges::find(rows, std::string{tr(action.name)}, &HelpRow::name);
    if (same != rows.end()) {
      same->keys.push_back(text(action.chord));
    } else if (before != nullptr && is_way_back(action, *before)) {
      rows.back().keys.push_back(text(action.chord));
      rows.back().name = tr("{} / back", rows.back().name);
      rows.back().description += " " + std::string{tr(action.description)};
    } else {
      rows.push_back({{text(action.chord)}, tr(action.name), tr(action.description)});
    }
    before = &action;
  }
  return rows;
}

void draw_row(Stage& stage, Rect area, const HelpRow& row) {
  explain(stage, area, row.description);
  const float middle = area.centre().y;
  Rect keys = cut_left(area, units(168));
  float right = keys.right;
  for (auto key = row.keys.rbegin(); key != row.keys.rend(); ++key) {
    right -= key_width(*key);
    draw_key(*stage.list, {right, middle}, *key);
    right -= units(5);
  }
  cut_left(area, units(10));
  draw_text(*stage.list, area, row.name, {.style = TextStyle::Small});
}

// A heading, or a row below one.
struct HelpLine {
  std::string_view heading;
  HelpRow row;
};

constexpr std::size_t kHelpColumns = 3;
constexpr std::array kHelpOrder{KeyGroup::Time,   KeyGroup::Jumps,  KeyGroup::Looking,
                                KeyGroup::Charts, KeyGroup::Lesson, KeyGroup::Runs,
                                KeyGroup::Viewer};

std::vector<HelpLine> help_lines() {
  std::vector<HelpLine> lines;
  for (const KeyGroup group : kHelpOrder) {
    lines.push_back({word(group), {}});
    for (HelpRow& row : rows_of(group)) lines.push_back({"", std::move(row)});
  }
  return lines;
}

// One column after the other, as high as they have to be; no heading stands at the foot of one.
void draw_help_lines(Stage& stage, Rect room) {
  const std::vector<HelpLine> lines = help_lines();
  const std::size_t in_column = lines.size() / kHelpColumns + 2;
  const float height = std::min(units(kHelpRow), room.height() / count_of(in_column));
  const float width = room.width() / kHelpColumns;
  Rect column;
  std::size_t left = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_heading = !lines[i].heading.empty();
    if (left == 0 || (is_heading && left < 3)) {
      column = cut_left(room, width);
      left = in_column;
    }
    --left;
    Rect place = cut_top(column, height);
    if (is_heading) {
      cut_left(place, units(178));
      draw_text(*stage.list, place, lines[i].heading, {.style = TextStyle::Strong});
    } else {
      draw_row(stage, place, lines[i].row);
    }
  }
}

}  // namespace

void draw_help_panel(Stage& stage, Rect area) {
  ImDrawList& list = *stage.list;
  offer(stage, area, "", Escape{});
  fill(list, area, with_alpha(ink::kBackground, 0.85F));
  const Rect box = area.inset(units(28));
  fill(list, box, ink::kSurface, rounding() * 2);
  outline(list, box, ink::kBorder, rounding() * 2, units(1.5F));
  Rect room = box.inset(units(18));
  const Rect title = cut_top(room, line_height(TextStyle::Title));
  draw_text(list, title, tr("Keys"), {.style = TextStyle::Title});
  const std::string closing{tr("? or Esc closes this")};
  draw_text(list, title, closing, {.colour = ink::kTextWeak, .align = Align::Right});
  Rect middle = title;
  cut_left(middle, text_width(tr("Keys"), TextStyle::Title) + gap() * 3);
  cut_right(middle, text_width(closing, TextStyle::Body) + gap());
  const std::string few =
      tr("a few are enough: {} plays, {} and {} step, {} goes on, {} finds the rest",
         key_text(PlayPause{}), key_text(StepEvent{Way::Forward}), key_text(StepEvent{Way::Back}),
         key_text(GoOn{}), key_text(OpenPrompt{PromptKind::Actions}));
  draw_fitting(list, middle, {few}, {});
  cut_top(room, units(4));

  draw_help_lines(stage, room);
}

}  // namespace linger::viz
