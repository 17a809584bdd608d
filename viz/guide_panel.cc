#include "viz/guide_panel.h"
#include "viz/language.h"

#include <string>

namespace linger::viz {
namespace {

constexpr float kFirstStepsTitle = 116;
constexpr float kGuideClose = 26;

void draw_step(Stage& stage, const GuideStep& step, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, step.is_next ? rgb(0x35485F) : ink::kRaised, rounding());
  if (step.is_next) outline(list, area, ink::kFocus, rounding(), units(1.5F));
  offer(stage, area, step.why, step.command);
  Rect room = area.inset(units(3));
  const Rect mark = cut_left(room, units(24));
  const Look& l = look(step.is_done ? Meaning::Acknowledged : Meaning::NotEvaluated);
  draw_icon(list, l.icon, {.centre = mark.centre(), .size = units(13)}, l.colour);
  const float key = key_width(step.key) + units(6);
  const bool has_key =
      !step.is_done && text_width(step.what, TextStyle::Small) + key < room.width();
  if (has_key) draw_key(list, {room.right - key + units(3), room.centre().y}, step.key);
  draw_text(
      list, room, step.what,
      {.style = TextStyle::Small, .colour = step.is_done ? ink::kTextWeak : ink::kTextStrong});
}

}  // namespace

void draw_guide_panel(Stage& stage, const GuideView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  Rect room = area.inset(units(4));
  cut_left(room, units(6));
  draw_text(list, cut_left(room, units(kFirstStepsTitle)), tr("First steps"),
            {.style = TextStyle::Strong});
  const Rect close = cut_right(room, units(kGuideClose));
  draw_icon(list, Icon::Cross, {.centre = close.centre(), .size = units(12)}, ink::kTextWeak);
  offer(stage, close, tr("Puts this away."), DismissGuide{});
  if (!view.end.empty()) {
    draw_text(list, room, view.end, {.style = TextStyle::Small});
    return;
  }
  const float width = (room.width() + gap()) / count_of(view.steps.size()) - gap();
  for (const GuideStep& step : view.steps) {
    draw_step(stage, step, cut_left(room, width));
    cut_left(room, gap());
  }
}

}  // namespace linger::viz
