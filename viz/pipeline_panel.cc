#include "viz/pipeline_panel.h"

#include <algorithm>
#include <vector>

#include "viz/brokers_panel.h"
#include "viz/connections_panel.h"
#include "viz/deques_panel.h"
#include "viz/flights_panel.h"
#include "viz/language.h"
#include "viz/packets_panel.h"
#include "viz/parts_panel.h"
#include "viz/picture_layout.h"
#include "viz/pointing_panel.h"
#include "viz/pool_panel.h"
#include "viz/threads_panel.h"

namespace linger::viz {
namespace {

void draw_heading(ImDrawList& list, const PictureLayout& layout, Rect column,
                  std::string_view text) {
  const Rect place{column.left, layout.headings.top, column.right, layout.headings.bottom};
  draw_text(list, place, text, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

void draw_headings(ImDrawList& list, const PictureLayout& layout) {
  const PictureColumns& columns = layout.columns;
  draw_heading(list, layout, columns.threads, tr("APPLICATION"));
  draw_heading(list, layout, columns.deques, tr("DEQUES"));
  draw_heading(list, layout, columns.in_flight, tr("IN FLIGHT"));
  Rect wires = columns.wires;
  wires.left += units(12);
  draw_heading(list, layout, wires, tr("WIRES"));
  draw_heading(list, layout, columns.brokers, tr("BROKERS AND LOGS"));
}

void draw_producer(Stage& stage, const ProducerPart& part, ProducerPlace& place) {
  if (!is_empty(place.name)) {
    Rect name = place.name;
    draw_text(*stage.list, name, part.name, {.style = TextStyle::Strong});
    const float y = name.bottom;
    stage.list->AddLine({name.left, y}, {place.sender.right, y}, ink::kBorder, units(1));
  }
  draw_threads(stage, part, place);
  draw_connections(stage, part, place);
  draw_sender(stage, part, place.sender);
  draw_deques(stage, part, place);
}

// Over the picture, so that what flies is not cut off where the parts scroll.
void draw_what_flies(const PipelineView& view, const PictureLayout& layout,
                     const std::vector<PointedPlace>& pointed, Rect area) {
  ImGui::SetCursorScreenPos({area.left, area.top});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, IM_COL32_BLACK_TRANS);
  ImGui::BeginChild("flights", {area.width(), area.height()}, false,
                    ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoScrollbar);
  draw_flights(*ImGui::GetWindowDrawList(), view, layout);
  draw_pointed(*ImGui::GetWindowDrawList(), pointed);
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

}  // namespace

std::optional<ViewerCommand> draw_pipeline_panel(const PipelineView& view,
                                                 const PictureAreas& areas) {
  PictureLayout layout = picture_layout(view, areas.picture, areas.pool, scale_of_display());
  // A little wider to the left, where what is selected has its outline.
  const Rect all{areas.picture.left - units(4), areas.picture.top, areas.picture.right,
                 std::max(areas.picture.bottom, areas.pool.bottom)};
  const ScopedArea area{"pipeline", all};
  Stage stage{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  draw_headings(*stage.list, layout);
  for (std::size_t i = 0; i < view.producers.size(); ++i) {
    draw_wires(stage, view.producers[i], layout.producers[i]);
  }
  draw_brokers(stage, view, layout);
  for (std::size_t i = 0; i < view.producers.size(); ++i) {
    draw_producer(stage, view.producers[i], layout.producers[i]);
    draw_pool(stage, view.producers[i], view.producers.size() > 1, layout.pools[i]);
  }
  draw_completions(stage, view, layout.completions);
  draw_packets(stage, view, layout);
  const std::vector<PointedPlace> pointed = pointed_places(view, layout);
  draw_what_flies(view, layout, pointed, all);
  offer_pointed(stage, pointed);
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
