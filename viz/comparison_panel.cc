#include "viz/comparison_panel.h"

#include <algorithm>
#include <string>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/list_panel.h"

namespace linger::viz {
namespace {

constexpr float kNameWidth = 176;
constexpr float kValueWidth = 90;
constexpr float kTimeWidth = 96;

// The table, and the two runs at its right.
struct ComparisonPlaces {
  Rect head;
  Rect table;
  Rect base;
  Rect fork;
};
ComparisonPlaces places_in(Rect area) {
  ComparisonPlaces places;
  Rect rest = area.inset(units(8));
  rest.bottom = area.bottom - units(4);
  places.head = cut_top(rest, units(24));
  places.table = cut_left(rest, units(kNameWidth + 2 * kValueWidth));
  cut_left(rest, gap());
  places.base = cut_left(rest, (rest.width() - gap()) / 2);
  cut_left(rest, gap());
  places.fork = rest;
  return places;
}

void draw_name(Stage& stage, const ComparedRun& run, Rect area) {
  const std::string name = run.is_over ? tr("{} (over)", run.name) : run.name;
  if (run.is_shown) {
    fill(*stage.list, area, with_alpha(ink::kTextStrong, 0.14F), units(3));
  }
  offer(stage, area, tr("{}\nClick to see it in the picture.", run.name), ShowBranch{run.branch});
  cut_left(area, units(4));
  draw_text(
      *stage.list, area, name,
      {.style = TextStyle::Small, .colour = run.is_shown ? ink::kTextStrong : ink::kTextWeak});
}

void draw_run(Stage& stage, const ComparedRun& run, Rect area) {
  draw_name(stage, run, cut_top(area, list_row_height()));
  // The newest is at the bottom, and always in sight.
  const auto fits = static_cast<std::size_t>(std::max(0.0F, area.height() / list_row_height()));
  const std::size_t skipped = run.events.size() > fits ? run.events.size() - fits : 0;
  const float latest =
      run.events.empty() ? 0 : text_width(run.events.back().time, TextStyle::Small) + gap();
  const float for_time = std::max(units(kTimeWidth), latest);
  for (std::size_t i = skipped; i < run.events.size(); ++i) {
    const ComparedEvent& event = run.events[i];
    Rect row = cut_top(area, list_row_height());
    const ImU32 colour = look(Meaning::Retrying).colour;
    if (event.parts) fill(*stage.list, row, with_alpha(colour, 0.3F), units(3));
    if (event.parts || event.is_after) {
      fill(*stage.list, {row.left, row.top, row.left + units(3), row.bottom}, colour);
    }
    explain(stage, row, event.parts ? tr("{}\nHere the two runs part.", event.text) : event.text);
    cut_left(row, units(7));
    draw_cell(*stage.list, cut_left(row, for_time), event.time,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    draw_cell(*stage.list, row, event.text);
  }
}

void draw_numbers(Stage& stage, const ComparisonView& view, Rect area) {
  Rect titles = cut_top(area, list_row_height());
  cut_left(titles, units(kNameWidth));
  for (const std::string_view title : {tr("first run"), tr("second")}) {
    draw_cell(*stage.list, cut_left(titles, units(kValueWidth)), title,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  // Chinese fills its line from top to bottom: rows any lower run into one another.
  const float least = line_height(TextStyle::Small) + units(1);
  const auto numbers = numbers_that_fit(
      view.numbers, static_cast<std::size_t>(std::max(area.height() / least, 1.0F)));
  const float height = std::min(list_row_height(),
                                area.height() / count_of(std::max<std::size_t>(numbers.size(), 1)));
  for (const ComparedNumber& number : numbers) {
    Rect row = cut_top(area, height);
    if (number.differs) {
      fill(*stage.list, row, with_alpha(look(Meaning::Retrying).colour, 0.22F), units(3));
    }
    draw_cell(*stage.list, cut_left(row, units(kNameWidth)), number.name);
    const TextLook value{.style = TextStyle::Small, .align = Align::Right};
    draw_cell(*stage.list, cut_left(row, units(kValueWidth)), number.base, value);
    draw_cell(*stage.list, cut_left(row, units(kValueWidth)), number.fork, value);
  }
}

}  // namespace

std::int64_t compared_rows(Rect area) {
  return static_cast<std::int64_t>(places_in(area).base.height() / list_row_height());
}

void draw_comparison_panel(Stage& stage, const ComparisonView& view, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  ComparisonPlaces places = places_in(area);
  if (!view.hint.empty()) {
    draw_list_head(*stage.list, places.head, tr("Two runs"));
    Rect rest = area.inset(units(8));
    cut_top(rest, units(30));
    draw_lines(*stage.list, rest, wrapped(view.hint, rest.width(), TextStyle::Body, 4), {});
    return;
  }
  Rect head = draw_list_head(*stage.list, places.head, tr("Two runs at {}", view.at));
  const std::string other = key_text(NextBranch{});
  const std::string back = key_text(TakeBack{});
  std::string parted = tr("{} ({} changes the picture, {} goes back)", view.parted, other, back);
  if (view.has_parted) {
    parted = tr("{} ({} goes there, {} changes the picture, {} goes back)", view.parted,
                key_text(ToFirstDifference{}), other, back);
    offer(stage, head, tr("Click to go to the first difference."), ToFirstDifference{});
  }
  draw_text(*stage.list, head, parted, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  draw_numbers(stage, view, places.table);
  draw_run(stage, view.base, places.base);
  draw_run(stage, view.fork, places.fork);
}

}  // namespace linger::viz
