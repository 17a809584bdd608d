#include "viz/narration_panel.h"
#include "viz/language.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace linger::viz {
namespace {

void draw_count(ImDrawList& list, Rect& area, Meaning meaning, std::int64_t count,
                std::string_view word) {
  const std::string text = fmt::format("{} {}", count, word);
  Rect place = cut_right(area, text_width(text, TextStyle::Small) + units(36));
  const Rect icon = cut_left(place, units(20));
  draw_icon(list, look(meaning).icon, {.centre = icon.centre(), .size = units(13)},
            look(meaning).colour);
  draw_text(list, place, text, {.style = TextStyle::Small});
}

// Which of several branches this is. The area keeps the rest.
void draw_branch(Stage& stage, const StatusView& status, Rect& area) {
  if (status.branches.size() < 2) return;
  std::string branch = tr("branch {} of {}: {}", status.branch + 1, status.branches.size(),
                          status.branches[status.branch]);
  // Without its name it is still told apart from the run as written.
  if (chip_size(branch).width > area.width()) {
    branch = tr("branch {} of {}", status.branch + 1, status.branches.size());
  }
  const Size size = chip_size(branch);
  if (size.width > area.width()) return;
  const float top = area.centre().y - size.height / 2;
  const Rect chip = draw_chip(*stage.list, {area.left, top}, Meaning::Retrying, branch);
  offer(stage, chip, tr("Shows the same instant in the next branch."), NextBranch{});
  cut_left(area, size.width + gap());
}

void draw_outcome(ImDrawList& list, const StatusView& status, Rect area) {
  const Size size = chip_size(status.outcome);
  if (status.outcome.empty() || size.width > area.width()) return;
  const float top = area.centre().y - size.height / 2;
  draw_chip(list, {area.left, top}, status.failed > 0 ? Meaning::Failed : Meaning::Acknowledged,
            status.outcome);
}

}  // namespace

void draw_title(Stage& stage, const StatusView& status, Rect area) {
  ImDrawList& list = *stage.list;
  cut_right(area, gap());
  draw_count(list, area, Meaning::Failed, status.failed, tr("failed"));
  draw_count(list, area, Meaning::Acknowledged, status.acknowledged, tr("acknowledged"));
  draw_count(list, area, Meaning::Record, status.pending, tr("pending"));
  const Rect all = area;
  draw_text(list, area, status.title, {.style = TextStyle::Strong, .colour = ink::kTextWeak});
  explain(stage, all, status.lesson);
  cut_left(area, text_width(status.title, TextStyle::Strong) + gap() * 2);
  draw_branch(stage, status, area);
  draw_outcome(list, status, area);
}

void draw_clock(Stage& stage, const StatusView& status, Rect area) {
  ImDrawList& list = *stage.list;
  fill(list, area, ink::kSurface, rounding());
  Rect room = area.inset(units(6));
  const bool is_high = room.height() > units(60);
  if (is_high) {
    draw_text(list, cut_bottom(room, line_height(TextStyle::Small)),
              status.is_over ? std::string{tr("the run is over")} : status.step_text,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre});
  }
  const bool is_large = is_high && text_width(status.time, TextStyle::Title) <= room.width();
  draw_text(list, room, status.time,
            {.style = is_large ? TextStyle::Title : TextStyle::Heading, .align = Align::Centre});
  explain(stage, area,
          tr("virtual time since the run began\n{}\n{}", status.step_text,
             status.is_over      ? tr("the run is over")
             : status.is_playing ? tr("playing")
                                 : tr("paused")));
}

void draw_narration_panel(Stage& stage, const NarrationView& narration, Rect area) {
  ImDrawList& list = *stage.list;
  if (is_empty(area)) return;
  cut_right(area, gap() * 1.5F);
  if (!narration.text) return;
  const Rect bar = cut_left(area, units(5));
  fill(list, {bar.left, bar.top + units(3), bar.right, bar.bottom - units(3)},
       narration.is_new ? look(Meaning::Record).colour : ink::kBorder, units(2));
  cut_left(area, units(9));
  // The largest type that shows all of it in two lines.
  for (const TextStyle style : {TextStyle::Heading, TextStyle::Strong, TextStyle::Body}) {
    const auto lines = wrapped(*narration.text, area.width(), style, 2);
    const bool fits = text_width(lines.back(), style) <= area.width();
    if (!fits && style != TextStyle::Body) continue;
    const float height = line_height(style) * count_of(lines.size());
    draw_lines(list, centred(area, height), lines, {.style = style});
    break;
  }
  explain(stage, area,
          tr("{}\n{} of {}, reached at {}{}", *narration.text, narration.number, narration.count,
             narration.reached_at, narration.next.empty() ? "" : tr("; {}", narration.next)));
}

}  // namespace linger::viz
