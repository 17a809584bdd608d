#include "viz/moves_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/parts_panel.h"

namespace linger::viz {
namespace {

constexpr std::size_t kLinesOfMove = 4;

Meaning meaning_of(MoveClass move_class) {
  switch (move_class) {
    case MoveClass::Order:
      return Meaning::Wire;
    case MoveClass::Outcome:
      return Meaning::Failed;
    case MoveClass::Thread:
      return Meaning::Record;
  }
  return Meaning::Record;
}

// Beside its class: whether it was taken, and when it is due.
std::string state_of(const MoveRow& row) {
  if (row.is_own) return tr("this run");
  if (!row.beside.empty()) return tr("another run");
  return row.when;
}

std::string note_of(const MoveRow& row) {
  if (!row.failure.empty()) return tr("Here a check of the model fails: {}", row.failure);
  if (!row.beside.empty()) return tr("taken in “{}”", row.beside);
  if (!row.leads.empty()) return tr("leads to a state of {}", row.leads);
  if (!row.is_explored) return tr("linger explore has no such move");
  return "";
}

std::string tooltip_of(const MoveRow& row) {
  if (row.is_own) return tr("{}\nClick to go on in this run.", row.words);
  if (!row.beside.empty()) return tr("{}\nClick to go on in the run that does this.", row.words);
  return tr("{}\nClick to take it: the run as it was stays as a branch.", row.words);
}

void draw_move(Stage& stage, Flow& flow, const MoveRow& row) {
  const float margin = units(6);
  const float key_room = units(30);
  const float width = flow.width() - 2 * margin - key_room;
  const auto words = wrapped(row.words, width, TextStyle::Body, kLinesOfMove);
  const auto notes = wrapped(note_of(row), width, TextStyle::Small, kLinesOfMove);
  const float head = line_height(TextStyle::Small);
  Rect area = flow.take(head + line_height(TextStyle::Body) * count_of(words.size()) +
                        head * count_of(notes.size()) + margin);
  flow.space(4);
  ImDrawList& list = flow.list();
  fill(list, area, is_over(area) ? rgb(0x35485F) : ink::kRaised, rounding());
  outline(list, area, row.is_own ? ink::kTextStrong : with_alpha(ink::kBorder, 0.8F), rounding(),
          units(row.is_own ? 2.0F : 1.0F));
  offer(stage, area, tooltip_of(row), TakeMove{row.index});
  area = area.inset(margin / 2);
  cut_left(area, margin / 2);
  cut_right(area, margin / 2);
  const Rect key = cut_left(area, key_room);
  if (row.number > 0) draw_key(list, {key.left, key.centre().y}, std::to_string(row.number));
  Rect line = cut_top(area, head);
  const Look& how = look(meaning_of(row.of));
  const Rect icon = cut_left(line, units(16));
  draw_icon(list, how.icon, {.centre = {icon.left + units(6), icon.centre().y}, .size = units(10)},
            how.colour);
  draw_text(list, line, word(row.of), {.style = TextStyle::Small, .colour = ink::kTextWeak});
  cut_left(line, text_width(word(row.of), TextStyle::Small) + gap());
  draw_text(list, line, state_of(row),
            {.style = TextStyle::Small,
             .colour = row.is_own ? ink::kTextStrong : ink::kTextWeak,
             .align = Align::Right});
  const Rect body = cut_top(area, line_height(TextStyle::Body) * count_of(words.size()));
  draw_lines(list, body, words, {});
  draw_lines(list, area, notes, {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

// A number for each step around this one: how many moves there are.
void draw_counts(Stage& stage, Flow& flow, const std::vector<MoveCount>& counts) {
  if (counts.empty()) return;
  flow.text(tr("moves, step by step"), {.style = TextStyle::Small, .colour = ink::kTextWeak});
  Rect line = flow.take(line_height(TextStyle::Small) + units(4));
  flow.space(4);
  ImDrawList& list = flow.list();
  const float width = line.width() / count_of(std::max<std::size_t>(counts.size(), 12));
  for (const MoveCount& count : counts) {
    const Rect place = cut_left(line, width);
    const Rect cell{place.left, place.top, place.right - units(2), place.bottom};
    fill(list, cell, is_over(cell) ? rgb(0x35485F) : ink::kRaised, units(3));
    if (count.is_here) outline(list, cell, ink::kFocus, units(3), units(2));
    draw_text(list, cell, std::to_string(count.moves),
              {.style = TextStyle::Small,
               .colour = count.moves > 1 ? ink::kTextStrong : ink::kTextWeak,
               .align = Align::Centre});
    offer(stage, cell, tr("Step {}: {} moves\nClick to go there.", count.step, count.moves),
          SeekStep{count.step});
  }
}

void draw_small(Flow& flow, const std::string& text) {
  if (text.empty()) return;
  flow.text(text, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  flow.space(3);
}

}  // namespace

std::optional<ViewerCommand> draw_moves_panel(const MovesView& view) {
  Flow flow;
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  flow.text(tr("What may come next"), {.style = TextStyle::Strong});
  draw_small(flow, view.place);
  draw_counts(stage, flow, view.counts);
  if (!view.met.empty()) flow.text(view.met, {.style = TextStyle::Small});
  flow.space(3);
  if (view.rows.empty()) flow.text(view.hint, {});
  for (const MoveRow& row : view.rows) draw_move(stage, flow, row);
  draw_small(flow, view.departure);
  draw_small(flow, view.faults);
  if (!view.rows.empty()) draw_small(flow, view.hint);
  if (view.can_undo) {
    const Rect undo = flow.text(tr("{} undoes the last", key_text(UndoByHand{})),
                                {.style = TextStyle::Small, .colour = ink::kTextWeak});
    offer(stage, undo, tr("Click to undo what was done last."), UndoByHand{});
  }
  draw_small(flow, tr("{} goes back; {} saves the run as a scenario with its order.",
                      key_text(StepEvent{Way::Back}), key_text(SaveScenario{})));
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
