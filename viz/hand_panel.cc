#include "viz/hand_panel.h"

#include <string>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/parts_panel.h"

namespace linger::viz {
namespace {

void draw_hand_button(Stage& stage, Flow& flow, const HandButton& button) {
  Rect area = flow.take(units(32));
  flow.space(4);
  ImDrawList& list = flow.list();
  fill(list, area, is_over(area) ? rgb(0x35485F) : ink::kRaised, rounding());
  outline(list, area, with_alpha(ink::kBorder, 0.8F), rounding(), units(1));
  offer(stage, area, button.what, ActByHand{button.action, button.producer});
  cut_left(area, units(6));
  const Rect key = cut_left(area, units(32));
  if (button.number > 0) draw_key(list, {key.left, key.centre().y}, std::to_string(button.number));
  draw_text(list, area, button.name, {});
}

}  // namespace

std::optional<ViewerCommand> draw_hand_panel(const HandView& view) {
  Flow flow;
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  flow.text(tr("Be the application"), {.style = TextStyle::Strong});
  flow.text(tr("Records go to {}", view.target), {.style = TextStyle::Small});
  if (!view.producer.empty()) {
    flow.text(tr("Producer: {}", view.producer), {.style = TextStyle::Small});
  }
  flow.text(tr("Click a deque to send there."),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  flow.space(5);
  if (!view.hint.empty()) flow.text(view.hint, {.style = TextStyle::Strong});
  for (const HandButton& button : view.buttons) draw_hand_button(stage, flow, button);
  if (!view.done.empty()) {
    flow.title(tr("done by hand"));
    for (const std::string& line : view.done) flow.text(line, {.style = TextStyle::Small});
  }
  flow.space(4);
  if (view.can_undo) {
    const Rect undo = flow.text(tr("{} undoes the last", key_text(UndoByHand{})),
                                {.style = TextStyle::Small, .colour = ink::kTextWeak});
    offer(stage, undo, tr("Click to undo what was done last."), UndoByHand{});
  }
  flow.text(tr("{} saves the scenario with what was done.", key_text(SaveScenario{})),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
