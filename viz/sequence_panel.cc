#include "viz/sequence_panel.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "viz/language.h"
#include "viz/list_panel.h"
#include "viz/text.h"
#include "viz/time_axis_panel.h"

namespace linger::viz {
namespace {

constexpr float kSequenceTimes = 122;
constexpr float kTold = 290;  // beside a producer, for what its application calls and is told

using Kind = sim::SequenceLine::Kind;

// Where the lifelines stand: producers have room for text at their left.
struct LifelinePlaces {
  std::vector<float> x;
  float left = 0;
  float right = 0;
};

LifelinePlaces lifeline_places(Rect area, const std::vector<Lifeline>& lifelines) {
  LifelinePlaces places;
  places.left = area.left;
  places.right = area.right;
  cut_left(area, units(kSequenceTimes));
  const auto producers = static_cast<float>(
      std::ranges::count_if(lifelines, [](const Lifeline& of) { return of.producer.has_value(); }));
  const float told = std::min(units(kTold), area.width() * 0.5F / std::max(producers, 1.0F));
  const float rest = area.width() - told * producers - units(60);
  const float apart = rest / std::max(1.0F, count_of(lifelines.size()) - producers);
  for (const Lifeline& lifeline : lifelines) {
    cut_left(area, lifeline.producer ? told : apart);
    places.x.push_back(area.left);
  }
  return places;
}

void draw_lifeline_heads(Stage& stage, const SequenceView& view, const LifelinePlaces& places,
                         Rect head) {
  for (std::size_t i = 0; i < view.lifelines.size(); ++i) {
    const Lifeline& lifeline = view.lifelines[i];
    const bool is_producer = lifeline.producer.has_value();
    const float width = text_width(lifeline.name, TextStyle::Strong) + units(16);
    const float left = std::clamp(places.x[i] - width / 2, places.left, places.right - width);
    const Rect box{left, head.top, left + width, head.bottom - units(3)};
    const Look& l = look(is_producer ? Meaning::BatchFilling : Meaning::Broker);
    fill(*stage.list, box, with_alpha(l.colour, 0.25F), rounding());
    outline(*stage.list, box, l.colour, rounding(), units(1.5F));
    draw_text(*stage.list, box, lifeline.name,
              {.style = TextStyle::Strong, .align = Align::Centre});
  }
}

ImU32 colour_of_arrow(const SequenceArrow& arrow) {
  if (arrow.is_refused || arrow.end == ArrowEnd::Lost) return look(Meaning::Failed).colour;
  return look(arrow.is_answer ? Meaning::Broker : Meaning::InFlight).colour;
}

Point middle_of_row(std::int64_t row, float x) {
  return {x, row_place(row).centre().y};
}

// The label stands at the side it is sent from, on a ground of its own. Nothing else stands in its
// row, so it may reach beyond the arrow's end.
void draw_arrow_label(Stage& stage, const SequenceArrow& arrow, const LifelinePlaces& places) {
  const Point from = middle_of_row(arrow.from_row, places.x[arrow.from]);
  const bool goes_right = places.x[arrow.to] > from.x;
  const float width = text_width(arrow.label, TextStyle::Small) + 1;
  const float half = text_size(TextStyle::Small) * 0.62F;
  const float near = units(10);
  Rect place{from.x + near, from.y - half, from.x + near + width, from.y + half};
  if (!goes_right) place = shifted(place, {-2 * near - width, 0});
  place.left = std::max(place.left, places.left + units(kSequenceTimes));
  place.right = std::min(place.right, places.right);
  fill(*stage.list, {place.left - units(3), place.top, place.right + units(3), place.bottom},
       with_alpha(ink::kSurface, 0.88F), units(3));
  if (arrow.is_selected) {
    outline(*stage.list, place.inset(-units(2)), ink::kFocus, units(3), units(1.5F));
  }
  draw_text(*stage.list, place, arrow.label,
            {.style = TextStyle::Small,
             .colour = arrow.is_refused ? colour_of_arrow(arrow) : ink::kTextStrong});
  offer(stage, place, arrow.text, Select{arrow.request});
}

// Pointing at the arrow itself is as good as at its label.
bool is_near_arrow(Point from, Point to) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const float length_x = to.x - from.x;
  if (length_x == 0) return false;
  const float along = (mouse.x - from.x) / length_x;
  if (along < 0 || along > 1) return false;
  const float y = from.y + (to.y - from.y) * along;
  return mouse.y > y - units(5) && mouse.y < y + units(5);
}

void draw_message(Stage& stage, const SequenceArrow& arrow, const LifelinePlaces& places) {
  ImDrawList& list = *stage.list;
  const ImU32 colour = colour_of_arrow(arrow);
  const Point from = middle_of_row(arrow.from_row, places.x[arrow.from]);
  Point to = middle_of_row(arrow.to_row, places.x[arrow.to]);
  // What did not get there ends on the way.
  if (arrow.end != ArrowEnd::Arrived) to.x = (from.x + to.x) / 2;
  const std::array<Point, 2> line{from, to};
  if (arrow.is_selected) list.AddLine(vec_of(from), vec_of(to), ink::kFocus, units(4));
  if (arrow.end != ArrowEnd::Lost) {
    draw_arrow(list, line, colour, arrow.is_answer ? Stroke::Dashed : Stroke::Solid);
  } else {
    list.AddLine(vec_of(from), vec_of(to), colour, stroke());
    draw_icon(list, Icon::Cross, {.centre = to, .size = units(16)}, look(Meaning::Failed).colour);
  }
  if (is_near_arrow(from, to)) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    offer(stage, {mouse.x - 1, mouse.y - 1, mouse.x + 1, mouse.y + 1}, arrow.text,
          Select{arrow.request});
  }
}

ImU32 colour_of_row(Kind kind) {
  switch (kind) {
    case Kind::GivenUp:
    case Kind::Fault:
      return look(Meaning::Failed).colour;
    case Kind::Told:
      return look(Meaning::Acknowledged).colour;
    default:
      return ink::kTextStrong;
  }
}

Icon icon_of_row(Kind kind) {
  switch (kind) {
    case Kind::Told:
      return Icon::StepBack;
    case Kind::GivenUp:
      return Icon::Clock;
    case Kind::Fault:
      return Icon::Warning;
    default:
      return Icon::StepForward;
  }
}

// What is called and told stands at the left of a producer's lifeline, or where there is no room at
// its right. Nothing else stands in its row, so it may reach over other lifelines.
void draw_told(Stage& stage, const std::string& text, Rect row, float lifeline) {
  const float width = text_width(text, TextStyle::Small) + 1;
  const bool fits_at_left = lifeline - units(20) - width >= row.left;
  if (fits_at_left) {
    row.right = lifeline - units(20);
    row.left = row.right - width;
  } else {
    row.left = lifeline + units(8);
    row.right = std::min(row.right, row.left + width);
  }
  fill(*stage.list, {row.left - units(2), row.top, row.right, row.bottom},
       with_alpha(ink::kSurface, 0.88F));
  draw_text(*stage.list, row, text, {.style = TextStyle::Small});
  explain(stage, row, text);
}

void draw_sequence_row(Stage& stage, const SequenceRow& row, Rect place,
                       const LifelinePlaces& places) {
  ImDrawList& list = *stage.list;
  const Rect time{place.left + units(6), place.top, place.left + units(kSequenceTimes),
                  place.bottom};
  draw_text(list, time, row.time, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  offer(stage, time, tr("Click to go there."), SeekStep{row.step + 1});
  const float x = places.x[row.lifeline];
  const ImU32 colour = colour_of_row(row.kind);
  if (row.kind == Kind::Lost) return;  // on the way, where its cross is
  if (row.text.empty()) {
    list.AddCircleFilled({x, place.centre().y}, units(3), ink::kTextStrong);
    return;
  }
  if (row.kind == Kind::Fault) {
    Rect across{places.left + units(kSequenceTimes), place.top, places.right, place.bottom};
    fill(list, across, with_alpha(colour, 0.14F));
    draw_icon(list, Icon::Warning,
              {.centre = {across.left + units(8), across.centre().y}, .size = units(13)}, colour);
    cut_left(across, units(20));
    draw_text(list, across, row.text, {.style = TextStyle::Small});
    explain(stage, across, row.text);
    return;
  }
  draw_icon(list, icon_of_row(row.kind),
            {.centre = {x - units(9), place.centre().y}, .size = units(12)}, colour);
  draw_told(stage, row.text,
            {places.left + units(kSequenceTimes), place.top, places.right, place.bottom}, x);
}

void draw_sequence(Stage& stage, const SequenceView& view, Rect area) {
  ImDrawList& list = *stage.list;
  const LifelinePlaces places = lifeline_places(area, view.lifelines);
  for (const float x : places.x) {
    list.AddLine({x, area.top}, {x, area.bottom}, with_alpha(ink::kBorder, 0.8F), units(1.5F));
  }
  for (const SequenceArrow& arrow : view.arrows) draw_message(stage, arrow, places);
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    draw_sequence_row(stage, view.rows[i], row_place(view.first + static_cast<std::int64_t>(i)),
                      places);
  }
  for (const SequenceArrow& arrow : view.arrows) draw_arrow_label(stage, arrow, places);
}

}  // namespace

void draw_sequence_panel(Stage& stage, const SequenceRows& rows, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  Rect rest = area.inset(units(8));
  Rect head = cut_top(rest, units(26));
  const Rect heads = cut_top(rest, units(28));
  Rect within = rest;
  cut_right(within, ImGui::GetStyle().ScrollbarSize);
  SequenceView view;
  {
    const ScopedArea scope{"sequence", rest, ScopedArea::Look::Bare, ScopedArea::Scrolls::Yes};
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    view = rows(rows_in_sight());
    draw_sequence(inner, view, within);
    // One row more, for what is on its way.
    end_rows(view.total + 1);
    take_over(stage, inner);
  }
  draw_lifeline_heads(
      stage, view,
      lifeline_places({within.left, heads.top, within.right, heads.bottom}, view.lifelines), heads);
  draw_head_button(stage, head, "SVG", tr("Writes this as a picture, beside the scenario."),
                   ExportRun{RunExport::SequenceSvg});
  draw_list_head(*stage.list, head, tr("Requests and answers"));
  if (view.total == 0) {
    draw_text(*stage.list, rest, tr("Nothing was said yet."),
              {.colour = ink::kTextWeak, .align = Align::Centre});
  }
}

}  // namespace linger::viz
