#include "viz/time_axis_panel.h"

#include <algorithm>
#include <string>
#include <utility>

#include "viz/keys.h"
#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr float kTickLength = 5;

bool is_in_stretch(float place) {
  return place >= 0 && place <= 1;
}

}  // namespace

void draw_time_axis(Stage& stage, Rect strip, const TimeAxis& axis) {
  ImDrawList& list = *stage.list;
  const float bottom = strip.bottom;
  list.AddLine({strip.left, bottom}, {strip.right, bottom}, ink::kBorder, units(1.5F));
  float free_from = strip.left - units(20);
  for (const AxisTick& tick : axis.ticks) {
    if (!is_in_stretch(tick.place)) continue;
    const float x = x_of(strip, tick.place);
    const float width = text_width(tick.text, TextStyle::Small);
    list.AddLine({x, bottom - units(kTickLength)}, {x, bottom}, ink::kBorder, units(1.5F));
    const float left = std::clamp(x - width / 2, strip.left, strip.right - width);
    if (left < free_from) continue;
    draw_text(list, {left, strip.top, left + width + 1, bottom - units(kTickLength)}, tick.text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    free_from = left + width + gap();
  }
  const float now = x_of(strip, axis.now);
  list.AddTriangleFilled({now - units(6), bottom - units(8)}, {now + units(6), bottom - units(8)},
                         {now, bottom}, ink::kFocus);
  offer_time(stage, strip, axis);
}

void draw_time_grid(ImDrawList& list, Rect area, const TimeAxis& axis) {
  for (const Squeeze& squeeze : axis.squeezes) {
    draw_hatch(list, {x_of(area, squeeze.begin), area.top, x_of(area, squeeze.end), area.bottom},
               Hatch::Rising, with_alpha(ink::kBorder, 0.3F));
  }
  for (const AxisTick& tick : axis.ticks) {
    if (!is_in_stretch(tick.place)) continue;
    const float x = x_of(area, tick.place);
    list.AddLine({x, area.top}, {x, area.bottom}, with_alpha(ink::kBorder, 0.35F), units(1));
  }
}

void draw_now_line(ImDrawList& list, Rect area, const TimeAxis& axis) {
  const float x = x_of(area, axis.now);
  list.AddLine({x, area.top}, {x, area.bottom}, with_alpha(ink::kFocus, 0.8F), units(1.5F));
}

void offer_time(Stage& stage, Rect area, const TimeAxis& axis) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const float place = std::clamp((mouse.x - area.left) / std::max(area.width(), 1.0F), 0.0F, 1.0F);
  offer(stage, area, tr("Click to go to this time."),
        SeekFraction{fraction_of(axis.stretch, static_cast<double>(place))});
}

void draw_head_button(Stage& stage, Rect& head, std::string_view text, std::string tooltip,
                      const ViewerCommand& command) {
  const float width = text_width(text, TextStyle::Small) + units(16);
  if (width > head.width()) return;
  const Rect place = centred(cut_right(head, width), text_size(TextStyle::Small) * 1.5F);
  cut_right(head, units(6));
  fill(*stage.list, place, is_over(place) ? rgb(0x35485F) : ink::kRaised, rounding());
  outline(*stage.list, place, with_alpha(ink::kBorder, 0.6F), rounding(), units(1));
  draw_text(*stage.list, place, text, {.style = TextStyle::Small, .align = Align::Centre});
  const std::string key = key_text(command);
  if (!key.empty()) tooltip += tr("\nkey: {}", key);
  offer(stage, place, std::move(tooltip), command);
}

void draw_stretch_buttons(Stage& stage, Rect& head) {
  draw_head_button(stage, head, "+", tr("A shorter stretch of time, drawn larger."),
                   ChangeStretch{Way::Forward});
  draw_head_button(stage, head, "–", tr("A longer stretch of time."), ChangeStretch{Way::Back});
}

}  // namespace linger::viz
