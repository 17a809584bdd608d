#include "viz/columns_panel.h"

#include <string>

#include "viz/language.h"
#include "viz/parts_panel.h"
#include "viz/pipeline_panel.h"
#include "viz/pipeline_view.h"

namespace linger::viz {
namespace {

constexpr float kColumnHead = 30;
constexpr float kColumnPool = 84;

void draw_column_head(Stage& stage, const RunColumn& column, const ColumnsView& view, Rect head) {
  ImDrawList& list = *stage.list;
  if (column.is_shown) fill(list, head, with_alpha(ink::kTextStrong, 0.14F), units(4));
  offer(stage, head, tr("{}\nClick to step, select and inject in this one.", column.name),
        ShowBranch{column.branch});
  cut_left(head, units(8));
  cut_right(head, units(8));
  const Meaning meaning = view.have_parted ? Meaning::Retrying : Meaning::Acknowledged;
  const float chip = chip_size(view.parting).width;
  if (head.width() > chip + units(160)) {
    const Rect place = cut_right(head, chip);
    const float top = place.centre().y - chip_size(view.parting).height / 2;
    draw_chip(list, {place.left, top}, meaning, view.parting);
    cut_right(head, gap());
  }
  draw_text(list, head, column.name, {.style = TextStyle::Strong});
}

}  // namespace

std::optional<ViewerCommand> draw_columns_panel(const ViewerState& state, const ColumnsView& view,
                                                Rect area) {
  Stage stage{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  std::optional<ViewerCommand> command;
  Rect left = cut_left(area, (area.width() - gap() * 2) / 2);
  const float middle = area.left + gap();
  cut_left(area, gap() * 2);
  stage.list->AddLine({middle, left.top}, {middle, left.bottom},
                      view.have_parted ? look(Meaning::Retrying).colour : ink::kBorder,
                      view.have_parted ? units(3) : units(1));
  for (const RunColumn* column : {&view.base, &view.fork}) {
    Rect place = column == &view.base ? left : area;
    draw_column_head(stage, *column, view, cut_top(place, units(kColumnHead)));
    cut_top(place, units(4));
    const Rect pool = cut_bottom(place, units(kColumnPool));
    cut_bottom(place, gap());
    ImGui::PushID(static_cast<int>(column->branch));
    const auto asked = draw_pipeline_panel(pipeline_view(scene_of(state, column->branch)),
                                           {.picture = place, .pool = pool});
    ImGui::PopID();
    if (asked) command = asked;
  }
  show_tooltip(stage);
  return stage.command ? stage.command : command;
}

}  // namespace linger::viz
