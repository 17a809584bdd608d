#include "viz/plots_panel.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "viz/language.h"
#include "viz/list_panel.h"
#include "viz/time_axis_panel.h"

namespace linger::viz {
namespace {

constexpr std::size_t kPlotsInARow = 2;
constexpr float kScaleWidth = 92;
constexpr float kPlaceOfAPlot = 3;

Meaning meaning_of(PlotKind kind) {
  switch (kind) {
    case PlotKind::PoolAvailable:
      return Meaning::PoolUsed;
    case PlotKind::RecordsWaiting:
      return Meaning::BatchFilling;
    case PlotKind::RequestsInFlight:
      return Meaning::InFlight;
    case PlotKind::BatchSize:
      return Meaning::BatchReady;
    case PlotKind::RecordLatency:
      return Meaning::Record;
    case PlotKind::Throughput:
      return Meaning::Acknowledged;
  }
  return Meaning::Record;
}

// A plot within its cell.
struct PlotPlace {
  Rect head;
  Rect scale;
  Rect graph;
  Rect axis;
};

PlotPlace plot_place(Rect cell, bool has_axis) {
  PlotPlace place;
  place.head = cut_top(cell, units(22));
  if (has_axis) place.axis = cut_bottom(cell, units(22));
  place.scale = cut_left(cell, units(kScaleWidth));
  place.graph = cell;
  place.axis.left = place.graph.left;
  place.axis.right = place.graph.right;
  return place;
}

float y_of(Rect graph, float height) {
  return graph.bottom - graph.height() * std::clamp(height, 0.0F, 1.0F);
}

// What is still to come is drawn faintly.
void draw_column(ImDrawList& list, const Plot& plot, const PlotColumn& column, Rect graph,
                 bool is_past) {
  const float strength = is_past ? 1.0F : 0.4F;
  const ImU32 full = look(meaning_of(plot.kind)).colour;
  const ImU32 colour = with_alpha(full, strength);
  const float left = x_of(graph, column.begin);
  const float right = x_of(graph, column.end);
  const float middle = (left + right) / 2;
  switch (plot.shape) {
    case PlotShape::Steps: {
      const float last = y_of(graph, column.last);
      list.AddRectFilled({left, last}, {right, graph.bottom}, with_alpha(full, 0.22F * strength));
      list.AddLine({left, y_of(graph, column.low)}, {left, y_of(graph, column.high)}, colour,
                   units(1.5F));
      list.AddLine({left, last}, {right, last}, colour, units(2));
      return;
    }
    case PlotShape::Points:
      list.AddLine({middle, y_of(graph, column.low)}, {middle, y_of(graph, column.high)}, colour,
                   units(1));
      for (const float height : {column.low, column.high}) {
        list.AddCircleFilled({middle, y_of(graph, height)}, units(2.5F), colour);
      }
      return;
    case PlotShape::Bars:
      list.AddRectFilled({left + units(1), y_of(graph, column.high)},
                         {std::max(right - units(1), left + units(2)), graph.bottom},
                         with_alpha(full, 0.7F * strength));
      return;
  }
}

void draw_threshold(ImDrawList& list, const Threshold& threshold, Rect graph) {
  const float y = y_of(graph, threshold.height);
  const ImU32 colour = look(Meaning::Failed).colour;
  for (float x = graph.left; x < graph.right; x += units(10)) {
    list.AddLine({x, y}, {std::min(x + units(5), graph.right), y}, colour, units(1.5F));
  }
}

// The title, the setting that bounds it if there is room, and the value at the instant.
void draw_plot_head(Stage& stage, const Plot& plot, Rect head) {
  ImDrawList& list = *stage.list;
  const float now = text_width(plot.now, TextStyle::Strong);
  draw_text(list, cut_right(head, now + 1), plot.now, {.style = TextStyle::Strong});
  cut_right(head, gap());
  draw_text(list, head, plot.title, {.style = TextStyle::Small});
  cut_left(head, text_width(plot.title, TextStyle::Small) + gap() * 2);
  if (!plot.threshold) return;
  draw_fitting(
      list, head, {plot.threshold->text},
      {.style = TextStyle::Small, .colour = look(Meaning::Failed).colour, .align = Align::Right});
}

void draw_plot(Stage& stage, const PlotsView& view, const Plot& plot, const PlotPlace& place,
               const PlotsSource& source) {
  ImDrawList& list = *stage.list;
  const Rect graph = place.graph;
  fill(list, graph, ink::kBackground);
  draw_time_grid(list, graph, view.axis);
  for (const PlotColumn& column : plot.columns) {
    draw_column(list, plot, column, graph, column.begin <= view.axis.now);
  }
  if (plot.threshold) draw_threshold(list, *plot.threshold, graph);
  outline(list, graph, with_alpha(ink::kBorder, 0.7F), 0, units(1));
  draw_now_line(list, graph, view.axis);
  draw_plot_head(stage, plot, place.head);
  Rect scale = place.scale;
  cut_right(scale, units(5));
  const TextLook weak{.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right};
  draw_text(list, cut_top(scale, line_height(TextStyle::Small)), plot.top, weak);
  draw_text(list, cut_bottom(scale, line_height(TextStyle::Small)), plot.bottom, weak);
  offer_time(stage, graph, view.axis);
  if (!is_over(graph)) return;
  const float across = (ImGui::GetIO().MousePos.x - graph.left) / std::max(graph.width(), 1.0F);
  stage.tooltip = source.text(plot.kind, static_cast<double>(across));
  if (plot.threshold) stage.tooltip += "\n" + plot.threshold->text;
  stage.tooltip += tr("\nClick to go there.");
}

}  // namespace

void draw_plots_panel(Stage& stage, const PlotsSource& source, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  Rect rest = area.inset(units(8));
  Rect head = cut_top(rest, units(26));
  const float between = units(12);
  const float width = (rest.width() - between) / kPlotsInARow;
  const float graph = width - units(kScaleWidth);
  const PlotsView view = source.view(static_cast<int>(graph / units(kPlaceOfAPlot)));
  const std::size_t rows = (view.plots.size() + kPlotsInARow - 1) / kPlotsInARow;
  const float axis = units(22);
  const float height =
      (rest.height() - axis - units(6) * count_of(rows - 1)) / std::max(1.0F, count_of(rows));
  for (std::size_t i = 0; i < view.plots.size(); ++i) {
    const std::size_t row = i / kPlotsInARow;
    const bool is_last_row = row + 1 == rows;
    const float left = rest.left + (width + between) * count_of(i % kPlotsInARow);
    const float top = rest.top + (height + units(6)) * count_of(row);
    const Rect cell{left, top, left + width, top + height + (is_last_row ? axis : 0)};
    const PlotPlace place = plot_place(cell, is_last_row);
    draw_plot(stage, view, view.plots[i], place, source);
    if (is_last_row) draw_time_axis(stage, place.axis, view.axis);
  }
  draw_stretch_buttons(stage, head);
  draw_head_button(stage, head, "CSV", tr("Writes a line for each record, beside the scenario."),
                   ExportRun{RunExport::RecordsCsv});
  head = draw_list_head(*stage.list, head, tr("Over time"));
  draw_text(*stage.list, head, view.producer,
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

}  // namespace linger::viz
