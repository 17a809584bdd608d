#include "viz/scrub_panel.h"
#include "viz/language.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace linger::viz {
namespace {

constexpr float kMarkSize = 12;
constexpr int kRows = 3;

// What the lesson and the faults do, what the producer does, and how it ends: a row each.
int row_of(MomentKind kind) {
  switch (kind) {
    case MomentKind::Fault:
    case MomentKind::Narration:
    case MomentKind::Flush:
      return 0;
    case MomentKind::Send:
    case MomentKind::Drain:
    case MomentKind::SenderPass:
    case MomentKind::Appended:
      return 1;
    case MomentKind::Retry:
    case MomentKind::Expiry:
    case MomentKind::Success:
    case MomentKind::Failure:
    case MomentKind::RecordFate:
      return 2;
  }
  return 1;
}

// The bar, with room for half a mark at both ends.
struct Bar {
  Rect marks;
  Rect axis;
  float at(float place) const { return marks.left + marks.width() * place; }
  float fraction_at(float x) const {
    return std::clamp((x - marks.left) / std::max(marks.width(), 1.0F), 0.0F, 1.0F);
  }
};

Bar bar_of(Rect area) {
  area.left += units(12);
  area.right -= units(12);
  Bar bar;
  bar.axis = cut_bottom(area, units(20));
  bar.marks = area;
  return bar;
}

void draw_axis(ImDrawList& list, const TimelineView& view, const Bar& bar) {
  const float y = bar.axis.top;
  list.AddLine({bar.axis.left, y}, {bar.axis.right, y}, ink::kBorder, units(2));
  list.AddLine({bar.axis.left, y}, {bar.at(view.cursor), y}, ink::kTextStrong, units(3));
  float free_from = bar.axis.left - units(12);
  for (const AxisTick& tick : view.ticks) {
    const float x = bar.at(tick.place);
    const float width = text_width(tick.text, TextStyle::Small);
    list.AddLine({x, y}, {x, y + units(5)}, ink::kBorder, units(1.5F));
    const float left = std::clamp(x - width / 2, bar.axis.left - units(10), bar.axis.right - width);
    if (left < free_from) continue;
    draw_text(list, {left, y + units(3), left + width + 1, bar.axis.bottom}, tick.text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    free_from = left + width + gap();
  }
}

void draw_squeezes(Stage& stage, const TimelineView& view, const Bar& bar) {
  for (const Squeeze& squeeze : view.squeezes) {
    const Rect area{bar.at(squeeze.begin), bar.marks.top, bar.at(squeeze.end), bar.axis.top};
    draw_hatch(*stage.list, area, Hatch::Rising, with_alpha(ink::kBorder, 0.5F));
    explain(stage, area, tr("nothing happens for {}: drawn shorter than it is", squeeze.text));
  }
}

void draw_mark(Stage& stage, const Mark& mark, const Bar& bar) {
  const float height = bar.marks.height() / kRows;
  const Point centre{bar.at(mark.place),
                     bar.marks.top + height * (static_cast<float>(row_of(mark.kind)) + 0.5F)};
  const MomentLook how = look(mark.kind);
  const float size = std::min(units(kMarkSize), height - units(1));
  draw_icon(*stage.list, how.icon, {.centre = centre, .size = size},
            mark.is_past ? how.colour : with_alpha(how.colour, 0.45F));
  const float reach = size * 0.6F;
  explain(stage, {centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach},
          tr("{}\nClick to go there.", mark.text));
}

void draw_pin(Stage& stage, const Pin& pin, const Bar& bar) {
  const float x = bar.at(pin.place);
  const ImU32 colour =
      pin.kind == PinKind::Parting ? look(Meaning::Retrying).colour : ink::kTextStrong;
  const ImU32 ink = pin.is_past ? colour : with_alpha(colour, 0.6F);
  if (pin.kind == PinKind::Bookmark) {
    stage.list->AddLine({x, bar.marks.top}, {x, bar.axis.top}, ink, units(1));
    stage.list->AddTriangleFilled({x, bar.marks.top}, {x + units(9), bar.marks.top + units(4)},
                                  {x, bar.marks.top + units(8)}, ink);
  } else if (pin.kind == PinKind::Parting) {
    stage.list->AddLine({x, bar.marks.top}, {x, bar.axis.top}, ink, units(2));
  } else {
    draw_icon(*stage.list, Icon::Question,
              {.centre = {x, bar.axis.top - units(6)}, .size = units(12)}, ink);
  }
  explain(stage, {x - units(6), bar.marks.top, x + units(6), bar.axis.top}, pin.text);
}

void draw_cursor(ImDrawList& list, const TimelineView& view, const Bar& bar) {
  const float x = bar.at(view.cursor);
  list.AddLine({x, bar.marks.top}, {x, bar.axis.top + units(4)}, ink::kFocus, units(2));
  list.AddTriangleFilled({x - units(6), bar.marks.top - units(2)},
                         {x + units(6), bar.marks.top - units(2)}, {x, bar.marks.top + units(8)},
                         ink::kFocus);
}

const Mark* mark_at(const TimelineView& view, const Bar& bar, Point mouse) {
  const float height = bar.marks.height() / kRows;
  const Mark* nearest = nullptr;
  float distance = units(kMarkSize) * 0.6F;
  for (const Mark& mark : view.marks) {
    const float y = bar.marks.top + height * (static_cast<float>(row_of(mark.kind)) + 0.5F);
    const float away = std::max(std::abs(bar.at(mark.place) - mouse.x), std::abs(y - mouse.y));
    if (away > distance) continue;
    nearest = &mark;
    distance = away;
  }
  return nearest;
}

}  // namespace

MomentLook look(MomentKind kind) {
  const auto of = [](Meaning meaning) {
    return MomentLook{look(meaning).icon, look(meaning).colour};
  };
  switch (kind) {
    case MomentKind::Send:
    case MomentKind::Appended:
    case MomentKind::RecordFate:
      return of(Meaning::Record);
    case MomentKind::Drain:
      return of(Meaning::InFlight);
    case MomentKind::Retry:
      return of(Meaning::Retrying);
    case MomentKind::Expiry:
      return {Icon::Clock, look(Meaning::Failed).colour};
    case MomentKind::Success:
      return of(Meaning::Acknowledged);
    case MomentKind::Failure:
      return of(Meaning::Failed);
    case MomentKind::Fault:
      return {Icon::Warning, look(Meaning::Failed).colour};
    case MomentKind::Narration:
      return {Icon::Stack, ink::kTextStrong};
    case MomentKind::Flush:
      return of(Meaning::BatchReady);
    case MomentKind::SenderPass:
      return {Icon::Loop, ink::kTextWeak};
  }
  return of(Meaning::Record);
}

int scrub_places(Rect area) {
  return std::max(1, static_cast<int>(bar_of(area).marks.width() / units(kMarkSize)));
}

void draw_scrub_panel(Stage& stage, const TimelineView& view, Rect area) {
  const Bar bar = bar_of(area);
  ImGui::SetCursorScreenPos({area.left, area.top});
  reserve("scrub", {area.width(), area.height()});
  const bool is_dragged = ImGui::IsItemActive();
  const bool is_pressed = ImGui::IsItemActivated();
  const ImVec2 mouse = ImGui::GetIO().MousePos;

  draw_squeezes(stage, view, bar);
  for (const Pin& pin : view.pins) draw_pin(stage, pin, bar);
  draw_axis(*stage.list, view, bar);
  for (const Mark& mark : view.marks) draw_mark(stage, mark, bar);
  draw_cursor(*stage.list, view, bar);
  if (!is_dragged) return;
  const Mark* mark = mark_at(view, bar, point_of(mouse));
  if (mark != nullptr && is_pressed) {
    stage.command = SeekTime{mark->at};
  } else if (!is_pressed && ImGui::GetIO().MouseDelta.x == 0) {
    return;
  } else {
    stage.command = SeekFraction{static_cast<double>(bar.fraction_at(mouse.x))};
  }
}

}  // namespace linger::viz
