#include "viz/law_panel.h"

#include <string>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/list_panel.h"

namespace linger::viz {

void draw_law_panel(Stage& stage, const LawView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  Rect room = area.inset(units(8));
  Rect head = draw_list_head(list, cut_top(room, units(24)), tr("What must hold"));
  const Meaning meaning = view.all_hold ? Meaning::Acknowledged : Meaning::Failed;
  draw_chip(list, {head.left, head.top + units(2)}, meaning, view.headline);
  cut_left(head, chip_size(view.headline).width + gap());
  const std::string stops = view.stops ? tr("a move stops where one breaks") : tr("moves go on");
  draw_fitting(list, head, {tr("{} ({})", stops, key_text(ToggleStopAtBrokenLaw{})), stops},
               {.style = TextStyle::Small, .colour = ink::kTextWeak});
  offer(stage, head, tr("Click to choose whether a move stops where a law breaks."),
        ToggleStopAtBrokenLaw{});
  for (const LawRow& row : view.rows) {
    if (room.height() < list_row_height()) break;
    Rect line = cut_top(room, list_row_height());
    const Look& l = look(row.holds ? Meaning::Acknowledged : Meaning::Failed);
    std::string tooltip = row.name;
    for (const std::string& more : {row.numbers, row.broken}) {
      if (!more.empty()) tooltip += "\n" + more;
    }
    if (row.step) {
      offer(stage, line, tooltip + std::string{tr("\nClick to go where it broke.")},
            SeekStep{*row.step});
    } else {
      explain(stage, line, tooltip);
    }
    draw_cell_icon(list, line, l.icon, l.colour);
    const Rect name = cut_left(line, text_width(row.name, TextStyle::Small) + gap());
    draw_text(list, name, row.name,
              {.style = TextStyle::Small, .colour = row.holds ? ink::kTextStrong : l.colour});
    draw_fitting(list, line, {row.holds ? row.numbers : row.broken},
                 {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
}

}  // namespace linger::viz
