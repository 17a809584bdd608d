#include "viz/viewer_prompt.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "sim/stop_condition.h"
#include "viz/mistake.h"
#include "viz/panel_stack.h"
#include "viz/prompt_view.h"
#include "viz/viewer_moves.h"
#include "viz/viewer_search.h"

namespace linger::viz {
namespace {

// As a key does it: a panel at the right comes to the top.
void carry_out(ViewerState& state, const ViewerCommand& command) {
  const auto* toggle = std::get_if<TogglePanel>(&command);
  if (toggle == nullptr || !is_side_panel(toggle->panel)) {
    handle(state, command);
    return;
  }
  for (const ViewerCommand& part : toggle_side_panel(state, toggle->panel)) handle(state, part);
}

}  // namespace

void type_in_prompt(ViewerState& state, TextLine line) {
  if (!state.prompt) return;
  state.prompt->line = std::move(line);
  state.prompt->chosen = 0;
}

void choose_in_prompt(ViewerState& state, Way way) {
  if (!state.prompt) return;
  const std::size_t count = prompt_view(state).rows.size();
  if (count == 0) return;
  const std::size_t here = std::min(state.prompt->chosen, count - 1);
  state.prompt->chosen = (here + (way == Way::Forward ? 1 : count - 1)) % count;
}

void accept_prompt(ViewerState& state, std::optional<std::size_t> row) {
  if (!state.prompt) return;
  const PromptView view = prompt_view(state);
  const std::size_t index = row.value_or(state.prompt->chosen);
  if (index >= view.rows.size()) return;
  const ViewerCommand command = view.rows[index].command;
  const bool goes_on_typing = std::holds_alternative<TypeInPrompt>(command);
  if (!goes_on_typing) state.prompt.reset();
  carry_out(state, command);
}

void run_until_typed(ViewerState& state, const std::string& what) {
  const auto stop = sim::parse_stop(what);
  if (const auto* error = std::get_if<sim::QueryError>(&stop)) {
    say(state, mistake_line(error->message, error->fix));
    return;
  }
  run_until_stop(state, std::get<sim::StopPoint>(stop));
}

}  // namespace linger::viz
