#include "viz/run_tree_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/list_panel.h"

namespace linger::viz {
namespace {

constexpr float kLeastRunRow = 16;
constexpr float kMostRunRow = 30;
constexpr float kRunIndent = 14;
constexpr float kNameShare = 0.36F;

// The names at the left, the lines at the right.
struct RunTreePlaces {
  Rect head;
  Rect names;
  Rect graph;
  float row = 0;
  float y_of(std::size_t line) const { return graph.top + row * (count_of(line) + 0.5F); }
  float x_of(float place) const { return graph.left + graph.width() * place; }
};

RunTreePlaces run_tree_places(Rect area, std::size_t lines) {
  RunTreePlaces places;
  Rect rest = area.inset(units(8));
  places.head = cut_top(rest, units(24));
  const float share = rest.height() / std::max(count_of(lines), 1.0F);
  places.row = std::clamp(share, units(kLeastRunRow), units(kMostRunRow));
  places.names = cut_left(rest, rest.width() * kNameShare);
  cut_left(rest, gap());
  cut_right(rest, units(10));
  places.graph = rest;
  return places;
}

ImU32 colour_of(const RunLine& line) {
  return line.is_shown ? ink::kTextStrong : ink::kTextWeak;
}

void draw_name(Stage& stage, const RunLine& line, Rect row) {
  ImDrawList& list = *stage.list;
  if (line.is_shown) fill(list, row, with_alpha(ink::kTextStrong, 0.14F), units(3));
  if (is_over(row)) outline(list, row, ink::kBorder, units(3), units(1));
  std::string tooltip = line.name;
  if (!line.parted.empty()) tooltip += "\n" + line.parted;
  offer(stage, row, tr("{}\nClick to see it in the picture.", tooltip), ShowBranch{line.branch});
  cut_left(row, units(6) + units(kRunIndent) * static_cast<float>(line.depth));
  const Icon icon = line.is_shown ? Icon::Triangle : Icon::Dot;
  const Rect mark = cut_left(row, units(14));
  draw_icon(list, icon, {.centre = {mark.left + units(5), mark.centre().y}, .size = units(9)},
            colour_of(line));
  draw_text(list, row, line.name, {.style = TextStyle::Small, .colour = colour_of(line)});
}

// Down from the run it came from, and on to the right.
void draw_line(Stage& stage, const RunTreeView& view, std::size_t index,
               const RunTreePlaces& places) {
  const RunLine& line = view.lines[index];
  ImDrawList& list = *stage.list;
  const float y = places.y_of(index);
  const float begin = places.x_of(line.leaves);
  const float end = std::max(places.x_of(line.end), begin + units(6));
  const float width = line.is_shown ? units(3) : units(1.5F);
  const ImU32 colour = colour_of(line);
  if (line.depth > 0) {
    list.AddLine({begin, places.y_of(line.parent)}, {begin, y}, colour, units(1.5F));
    const Rect corner{begin - units(6), y - units(6), begin + units(6), y + units(6)};
    draw_icon(list, Icon::HollowDiamond, {.centre = {begin, y}, .size = units(9)}, colour);
    offer(stage, corner, tr("{}\nClick to go there.", line.parted), SeekTime{line.parted_at});
  }
  list.AddLine({begin, y}, {end, y}, colour, width);
  if (line.is_over) {
    list.AddLine({end, y - units(5)}, {end, y + units(5)}, colour, units(2));
  } else {
    list.AddTriangleFilled({end, y - units(4)}, {end + units(7), y}, {end, y + units(4)}, colour);
  }
  for (const RunFlag& flag : line.flags) {
    const float x = places.x_of(flag.place);
    const ImU32 ink = flag.is_here ? ink::kFocus : look(Meaning::Retrying).colour;
    list.AddLine({x, y}, {x, y - units(11)}, ink, units(1.5F));
    list.AddTriangleFilled({x, y - units(12)}, {x + units(8), y - units(9)}, {x, y - units(6)},
                           ink);
    offer(stage, {x - units(4), y - units(13), x + units(9), y + units(3)},
          tr("{}\nClick to go there.", flag.text), ToBookmark{flag.index});
  }
}

}  // namespace

void draw_run_tree_panel(Stage& stage, const RunTreeView& view, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  const RunTreePlaces places = run_tree_places(area, view.lines.size());
  const Rect head = draw_list_head(list, places.head, tr("Runs"));
  draw_fitting(list, head,
               {tr("a flag is a bookmark ({}), a corner is where two runs part; {} closes a run",
                   key_text(ToggleBookmark{}), key_text(CloseBranch{})),
                tr("{}: bookmark", key_text(ToggleBookmark{}))},
               {.style = TextStyle::Small, .colour = ink::kTextWeak});
  for (std::size_t i = 0; i < view.lines.size(); ++i) {
    const float y = places.y_of(i);
    if (y + places.row / 2 > area.bottom) break;
    draw_name(stage, view.lines[i],
              {places.names.left, y - places.row / 2, places.names.right, y + places.row / 2});
    draw_line(stage, view, i, places);
  }
  const float x = places.x_of(view.cursor);
  list.AddLine({x, places.graph.top}, {x, area.bottom - units(4)}, with_alpha(ink::kFocus, 0.7F),
               units(1));
  if (view.hint.empty()) return;
  Rect hint = area.inset(units(8));
  cut_top(hint, units(24) + places.row + units(6));
  draw_lines(list, hint, wrapped(view.hint, hint.width(), TextStyle::Small, 3),
             {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

}  // namespace linger::viz
