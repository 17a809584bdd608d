#include "viz/threads_panel.h"
#include "viz/language.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace linger::viz {
namespace {

struct ThreadStyle {
  ImU32 colour;
  Icon icon;
};
ThreadStyle style_of(ThreadLook look_of_thread) {
  switch (look_of_thread) {
    case ThreadLook::Running:
      return {look(Meaning::Record).colour, Icon::Play};
    case ThreadLook::Waiting:
      return {ink::kTextWeak, Icon::Clock};
    case ThreadLook::Blocked:
      return {ink::kTextStrong, Icon::Pause};
    case ThreadLook::InUserCode:
      return {look(Meaning::Broker).colour, Icon::HalfSquare};
    case ThreadLook::Ended:
      return {ink::kBorder, Icon::Square};
  }
  return {ink::kTextWeak, Icon::Clock};
}

std::string describe(const ThreadBox& thread) {
  std::string text = tr("thread {}: {}", thread.name, word(thread.look));
  if (!thread.activity.empty()) text += "\n" + thread.activity;
  if (!thread.blocked_text.empty()) text += "\n" + thread.blocked_text;
  if (thread.until) text += tr(", {} left", thread.until->text());
  return text;
}

void draw_thread_texts(ImDrawList& list, Rect room, const ThreadBox& thread) {
  const bool is_ended = thread.look == ThreadLook::Ended;
  const ImU32 colour = is_ended ? ink::kTextWeak : ink::kTextStrong;
  Rect name = cut_top(room, line_height(TextStyle::Strong));
  const std::string whole = tr("thread {}", thread.name);
  const bool fits = text_width(whole, TextStyle::Strong) <= name.width();
  draw_text(list, name, fits ? whole : thread.name, {.style = TextStyle::Strong, .colour = colour});
  const auto lines = static_cast<std::size_t>(room.height() / line_height(TextStyle::Small));
  if (lines == 0) return;
  const std::string& what = thread.blocked_text.empty() ? thread.activity : thread.blocked_text;
  draw_lines(list, room, wrapped(what, room.width(), TextStyle::Small, lines),
             {.style = TextStyle::Small, .colour = colour});
}

void draw_thread(Stage& stage, Rect area, const ThreadBox& thread) {
  ImDrawList& list = *stage.list;
  const ThreadStyle style = style_of(thread.look);
  fill(list, area, ink::kRaised, rounding());
  if (thread.look == ThreadLook::Blocked) {
    draw_hatch(list, area.inset(units(2)), Hatch::Falling, with_alpha(ink::kTextWeak, 0.13F));
  }
  outline(list, area, style.colour, rounding(), stroke());
  if (thread.is_selected) {
    outline(list, area.inset(-units(3)), ink::kFocus, rounding() + units(3), units(2));
  }
  Rect room = area.inset(units(area.height() < units(64) ? 5 : 8));
  Rect badge = cut_right(room, units(22));
  badge = cut_top(badge, units(22));
  if (thread.until) {
    draw_countdown(list, {.centre = badge.centre(), .size = badge.width()},
                   {.remaining = thread.until->fraction, .meaning = Meaning::False});
  } else {
    draw_icon(list, style.icon, {.centre = badge.centre(), .size = badge.width() * 0.7F},
              style.colour);
  }
  draw_thread_texts(list, room, thread);
  offer(stage, area, describe(thread), Select{thread.id});
}

// --- Completions ---

std::string describe(const CompletionRow& row) {
  const std::string fate =
      row.is_acknowledged ? tr("acknowledged: {}", row.text) : tr("failed: {}", row.text);
  return tr("record {} for {}\n{}\n{} after send()", row.label, row.partition, fate, row.latency);
}

float height_of(const CompletionRow& row) {
  return line_height(TextStyle::Small) * (row.is_acknowledged ? 1.0F : 2.0F) + units(4);
}

// Without the word that all of them end with, if there is no room for it, and without more of its
// words if need be: whoever points at the row is told the whole name.
std::string fitting(std::string_view exception, float width) {
  constexpr std::string_view kEnd = "Exception";
  const auto fits = [&](const std::string& text) {
    return text_width(text, TextStyle::Small) <= width;
  };
  std::string name{exception};
  if (!fits(name) && name.ends_with(kEnd)) name.resize(name.size() - kEnd.size());
  if (fits(name)) return name;
  constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (auto word = name.find_last_of(kCapitals); word != 0 && word != std::string::npos;
       word = name.find_last_of(kCapitals, word - 1)) {
    const std::string begin = name.substr(0, word) + "…";
    if (fits(begin)) return begin;
  }
  return name;
}

void draw_completion(Stage& stage, Rect area, const CompletionRow& row) {
  ImDrawList& list = *stage.list;
  const Meaning meaning = row.is_acknowledged ? Meaning::Acknowledged : Meaning::Failed;
  const ImU32 colour = look(meaning).colour;
  const bool is_new = row.age < static_cast<float>(kFlightSeconds);
  fill(list, area, with_alpha(colour, is_new ? 0.32F : 0.1F), units(3));
  if (row.is_selected) outline(list, area, ink::kFocus, units(3), units(2));
  Rect room = area;
  const Rect icon = cut_left(room, units(24));
  Rect first = cut_top(room, line_height(TextStyle::Small) + units(4));
  const Point centre{icon.centre().x, first.centre().y};
  draw_icon(list, look(meaning).icon, {.centre = centre, .size = units(13)}, colour);
  cut_right(first, units(5));
  const Fit whole = draw_text(list, first, row.label, {.style = TextStyle::Small});
  cut_left(first, text_width(row.label, TextStyle::Small) + gap());
  const std::string right = row.is_acknowledged ? row.text : row.partition;
  if (whole == Fit::Whole && text_width(right, TextStyle::Small) <= first.width()) {
    draw_text(list, first, right,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  if (!row.is_acknowledged) {
    draw_text(list, room, fitting(row.text, room.width()),
              {.style = TextStyle::Small, .colour = colour});
  }
  offer(stage, area, describe(row), Select{row.record});
}

}  // namespace

void draw_threads(Stage& stage, const ProducerPart& part, const ProducerPlace& place) {
  for (std::size_t i = 0; i < part.threads.size(); ++i) {
    if (!is_empty(place.threads[i])) draw_thread(stage, place.threads[i], part.threads[i]);
  }
}

void draw_completions(Stage& stage, const PipelineView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  Rect room = area.inset(units(8));
  draw_text(list, cut_top(room, line_height(TextStyle::Small)), tr("COMPLETIONS"),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  cut_top(room, units(4));
  for (const CompletionRow& row : view.completions) {
    if (room.height() < height_of(row)) break;
    draw_completion(stage, cut_top(room, height_of(row)), row);
    cut_top(room, units(3));
  }
}

}  // namespace linger::viz
