#include "viz/batch_chart_panel.h"

#include <array>
#include <cstdint>

#include "viz/batch_panel.h"
#include "viz/language.h"
#include "viz/list_panel.h"
#include "viz/text.h"
#include "viz/time_axis_panel.h"

namespace linger::viz {
namespace {

constexpr float kLaneNames = 150;
constexpr float kPlaceWidth = 4;  // of the shortest bar that stands alone
constexpr float kFateSize = 13;

struct FateLook {
  sim::BatchFate fate;
  Icon icon;
  Meaning meaning;  // whose colour it has
};
constexpr std::array kFates{
    FateLook{sim::BatchFate::Acknowledged, Icon::Check, Meaning::Acknowledged},
    FateLook{sim::BatchFate::Failed, Icon::Cross, Meaning::Failed},
    FateLook{sim::BatchFate::Expired, Icon::Clock, Meaning::Failed},
    FateLook{sim::BatchFate::Aborted, Icon::Barred, Meaning::Muted},
    FateLook{sim::BatchFate::Split, Icon::HollowDiamond, Meaning::PoolNonPooled}};
constexpr std::array kPhases{sim::BatchPhase::Filling, sim::BatchPhase::Waiting,
                             sim::BatchPhase::InFlight, sim::BatchPhase::BackingOff};

const FateLook& look_of_fate(sim::BatchFate fate) {
  return kFates[static_cast<std::size_t>(fate)];
}

std::string_view letter(sim::BatchPhase phase) {
  switch (phase) {
    case sim::BatchPhase::Filling:
      return tr("F");
    case sim::BatchPhase::Waiting:
      return tr("W");
    case sim::BatchPhase::InFlight:
      return tr("I");
    case sim::BatchPhase::BackingOff:
      return tr("B");
    case sim::BatchPhase::Done:
      return "";
  }
  return "";
}

void draw_phase(ImDrawList& list, Rect area, sim::BatchPhase phase) {
  const Look& l = look(phase_meaning(phase));
  fill(list, area, with_alpha(l.colour, 0.5F));
  draw_hatch(list, area, l.hatch, with_alpha(l.colour, 0.75F));
  outline(list, area, l.colour, 0, units(1));
  const std::string_view text = letter(phase);
  const float width = text_width(text, TextStyle::Small);
  if (area.width() < width + units(3)) return;
  Rect ground = centred(area, text_size(TextStyle::Small));
  ground.left = area.centre().x - width / 2 - units(2);
  ground.right = area.centre().x + width / 2 + units(2);
  fill(list, ground, with_alpha(ink::kBackground, 0.7F), units(2));
  draw_text(list, area, text, {.style = TextStyle::Small, .align = Align::Centre});
}

std::string text_of_several(const BatchBar& bar) {
  return tr("{} in a row, too short to be told apart: look at a shorter stretch of time.",
            count_text(bar.batches, "batch"));
}

// Behind the bar, if there is room before the next.
void draw_bar_label(ImDrawList& list, Rect line, const BatchBar& bar, float from, float until) {
  const float width = text_width(bar.label, TextStyle::Small);
  if (bar.label.empty() || from + width + units(3) > until) return;
  draw_text(list, {from, line.top, from + width + 1, line.bottom}, bar.label,
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

// `until`: where the next bar of the line begins.
void draw_life(Stage& stage, Rect line, const BatchBar& bar, float until,
               const BatchChartSource& source) {
  ImDrawList& list = *stage.list;
  line.top += units(2);
  line.bottom -= units(2);
  Rect whole{x_of(line, bar.begin), line.top, x_of(line, bar.end), line.bottom};
  whole.right = std::max(whole.right, whole.left + units(2));
  for (const BarPart& part : bar.parts) {
    Rect place{x_of(line, part.begin), line.top, x_of(line, part.end), line.bottom};
    place.right = std::max(place.right, place.left + units(1.5F));
    draw_phase(list, place, part.phase);
  }
  const bool has_room_for_fate = whole.right + units(2 + kFateSize) <= until;
  if (bar.fate && has_room_for_fate) {
    const FateLook& how = look_of_fate(*bar.fate);
    const Point centre{whole.right + units(2 + kFateSize / 2), line.centre().y};
    draw_icon(list, how.icon, {.centre = centre, .size = units(kFateSize)},
              look(how.meaning).colour);
  }
  draw_bar_label(list, line, bar, whole.right + units(bar.fate ? kFateSize + 6 : 4), until);
  if (bar.is_selected) outline(list, whole.inset(-units(1)), ink::kFocus, units(2), units(2));
  Rect reach = whole;
  if (reach.width() < units(8)) {
    reach.left -= units(4);
    reach.right += units(4);
  }
  offer(stage, reach, "", Select{bar.ref});
  if (is_over(reach)) {
    stage.tooltip = bar.batches > 1 ? text_of_several(bar) : source.text(bar.ref);
  }
}

// What letters, patterns and marks stand for; as many as there is room for.
void draw_legend(ImDrawList& list, Rect room) {
  const auto next = [&room](float width) {
    const Rect place = cut_left(room, width);
    cut_left(room, units(10));
    return place;
  };
  for (const sim::BatchPhase phase : kPhases) {
    const std::string_view name = tr(sim::word(phase));
    const float width = units(24) + text_width(name, TextStyle::Small);
    if (width > room.width()) return;
    Rect place = next(width);
    draw_phase(list, centred(cut_left(place, units(18)), units(17)), phase);
    cut_left(place, units(5));
    place.right += 1;
    draw_text(list, place, name, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
  for (const FateLook& how : kFates) {
    const std::string_view name = tr(sim::word(how.fate));
    const float width = units(19) + text_width(name, TextStyle::Small);
    if (width > room.width()) return;
    Rect place = next(width);
    draw_icon(list, how.icon,
              {.centre = {place.left + units(7), place.centre().y}, .size = units(kFateSize)},
              look(how.meaning).colour);
    cut_left(place, units(18));
    place.right += 1;
    draw_text(list, place, name, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
}

struct ChartPlaces {
  Rect head;
  Rect legend;
  Rect axis;   // beside the names
  Rect lines;  // with the names
};

ChartPlaces chart_places(Rect area) {
  ChartPlaces places;
  Rect rest = area.inset(units(8));
  places.head = cut_top(rest, units(26));
  places.legend = cut_top(rest, units(22));
  places.axis = cut_top(rest, units(24));
  cut_left(places.axis, units(kLaneNames));
  cut_right(places.axis, ImGui::GetStyle().ScrollbarSize + units(4));
  places.lines = rest;
  return places;
}

void draw_lines_in_sight(Stage& stage, const BatchChartView& view, const BatchChartSource& source,
                         const ChartPlaces& places) {
  ImDrawList& list = *stage.list;
  const Rect all{places.axis.left, places.lines.top, places.axis.right, places.lines.bottom};
  draw_time_grid(list, all, view.axis);
  offer_time(stage, all, view.axis);
  for (std::size_t i = 0; i < view.lines.size(); ++i) {
    const BatchLine& line = view.lines[i];
    const Rect row = row_place(view.first + static_cast<std::int64_t>(i));
    const Rect bars{all.left, row.top, all.right, row.bottom};
    if (!line.name.empty()) {
      const Rect name{row.left, row.top, all.left - units(6), row.bottom};
      list.AddLine({row.left, row.top}, {all.right, row.top}, with_alpha(ink::kBorder, 0.6F),
                   units(1));
      draw_text(list, name, line.name, {.style = TextStyle::Small});
      offer(stage, name, line.name, Select{line.lane});
    }
    for (std::size_t bar = 0; bar < line.bars.size(); ++bar) {
      const bool is_last = bar + 1 == line.bars.size();
      draw_life(stage, bars, line.bars[bar],
                is_last ? row.right : x_of(bars, line.bars[bar + 1].begin), source);
    }
  }
  draw_now_line(list, all, view.axis);
}

}  // namespace

void draw_batch_chart_panel(Stage& stage, const BatchChartSource& source, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  const ChartPlaces places = chart_places(area);
  BatchChartView view;
  {
    const ScopedArea scope{"batch chart", places.lines, ScopedArea::Look::Bare,
                           ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    view = source.view(rows_in_sight(), static_cast<int>(places.axis.width() / units(kPlaceWidth)));
    draw_lines_in_sight(inner, view, source, places);
    reserve_rows(view.total);
    take_over(stage, inner);
  }
  draw_time_axis(stage, places.axis, view.axis);
  Rect head = places.head;
  draw_stretch_buttons(stage, head);
  draw_head_button(stage, head, "Perfetto", tr("Writes the run as a trace, beside the scenario."),
                   ExportRun{RunExport::Perfetto});
  draw_list_head(*stage.list, head, tr("Batches over time"));
  if (view.total == 0) {
    draw_text(*stage.list, places.lines, tr("No batch was opened yet."),
              {.colour = ink::kTextWeak, .align = Align::Centre});
  }
  draw_legend(*stage.list, places.legend);
}

}  // namespace linger::viz
