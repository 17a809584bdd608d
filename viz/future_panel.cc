#include "viz/future_panel.h"

#include <algorithm>
#include <array>
#include <string>

#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr int kFutureRows = 2;

struct TimerLook {
  Icon icon;
  ImU32 colour;
};

TimerLook look(TimerKind kind) {
  const auto of = [](Meaning meaning) {
    return TimerLook{look(meaning).icon, look(meaning).colour};
  };
  switch (kind) {
    case TimerKind::Thread:
      return of(Meaning::Record);
    case TimerKind::Linger:
      return of(Meaning::BatchFilling);
    case TimerKind::Backoff:
    case TimerKind::Reconnect:
      return of(Meaning::Retrying);
    case TimerKind::Wire:
      return of(Meaning::Wire);
    case TimerKind::Broker:
      return of(Meaning::Broker);
    case TimerKind::Throttle:
      return of(Meaning::Muted);
    case TimerKind::Fault:
      return {Icon::Warning, look(Meaning::Failed).colour};
    case TimerKind::RequestTimeout:
    case TimerKind::MaxBlock:
    case TimerKind::DeliveryTimeout:
    case TimerKind::Setup:
      return {Icon::Clock, look(Meaning::Failed).colour};
    case TimerKind::Poll:
    case TimerKind::MetadataAge:
      return {Icon::Clock, ink::kTextStrong};
  }
  return of(Meaning::Record);
}

std::string describe(const Timer& timer) {
  std::string text = tr("in {}: {}", timer.left_text, timer.what);
  if (!timer.setting.empty()) text += "\n" + timer.setting;
  if (timer.others > 0) text += tr("\nand {} more of this kind", timer.others);
  text += tr("\nClick to go there.");
  return text;
}

// Each in the row in which its words have room; without room in any, its icon alone.
void draw_timers(Stage& stage, const FutureView& view, Rect axis) {
  ImDrawList& list = *stage.list;
  const float row = axis.height() / kFutureRows;
  std::array<float, kFutureRows> free_from{};
  free_from.fill(axis.left - units(12));
  for (const Timer& timer : view.timers) {
    const TimerLook how = look(timer.kind);
    const float x = axis.left + axis.width() * timer.place;
    const std::string words = timer.text + " " + timer.left_text;
    const float width = text_width(words, TextStyle::Small) + units(18);
    const bool goes_left = x + width > axis.right + units(6);
    const float left = goes_left ? x - width + units(6) : x - units(6);
    std::size_t line = 0;
    while (line < kFutureRows && free_from[line] > left) ++line;
    const bool has_room = line < kFutureRows;
    if (!has_room) {
      line = static_cast<std::size_t>(std::min_element(free_from.begin(), free_from.end()) -
                                      free_from.begin());
    }
    const float y = axis.top + row * (count_of(line) + 0.5F);
    list.AddLine({x, y}, {x, axis.bottom}, with_alpha(how.colour, 0.6F), units(1));
    draw_icon(list, how.icon, {.centre = {x, y}, .size = units(11)}, how.colour);
    Rect place{x - units(7), y - row / 2, x + units(7), y + row / 2};
    if (has_room) {
      const Rect text = goes_left ? Rect{left, place.top, x - units(9), place.bottom}
                                  : Rect{x + units(9), place.top, left + width, place.bottom};
      draw_text(list, text, words,
                {.style = TextStyle::Small, .align = goes_left ? Align::Right : Align::Left});
      place.left = std::min(place.left, text.left);
      place.right = std::max(place.right, text.right);
      free_from[line] = place.right + units(6);
    } else {
      free_from[line] = std::max(free_from[line], place.right);
    }
    offer(stage, place, describe(timer), SeekTime{timer.at});
  }
}

}  // namespace

void draw_future_panel(Stage& stage, const FutureView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  Rect room = area;
  cut_left(room, units(8));
  cut_right(room, units(16));
  cut_top(room, units(3));
  const std::string_view title = tr("What is due");
  draw_text(list, cut_left(room, text_width(title, TextStyle::Small) + units(2)), title,
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  if (!view.hint.empty()) {
    draw_text(list, room, view.hint, {.style = TextStyle::Small, .colour = ink::kTextWeak});
    return;
  }
  cut_left(room, units(10));
  const Rect scale = cut_bottom(room, line_height(TextStyle::Small));
  list.AddLine({room.left, scale.top}, {room.right, scale.top}, ink::kBorder, units(1.5F));
  for (const FutureTick& tick : view.ticks) {
    const float x = room.left + room.width() * tick.place;
    const float half = text_width(tick.text, TextStyle::Small) / 2 + 1;
    list.AddLine({x, scale.top - units(3)}, {x, scale.top + units(3)}, ink::kBorder, units(1));
    draw_text(list, {x - half, scale.top, x + half, scale.bottom}, tick.text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre});
  }
  draw_timers(stage, view, room);
}

}  // namespace linger::viz
