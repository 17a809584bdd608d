#include "viz/panel_stack.h"

#include <algorithm>
#include <array>

namespace linger::viz {
namespace {

// From the top.
constexpr std::array kStack{Panel::Faults, Panel::Inspector, Panel::Lesson, Panel::Readiness};

}  // namespace

bool is_side_panel(Panel panel) {
  return std::find(kStack.begin(), kStack.end(), panel) != kStack.end();
}

std::optional<Panel> front_panel(const ViewerState& state) {
  const auto* const front = std::find_if(kStack.begin(), kStack.end(),
                                         [&state](Panel panel) { return state.is_shown(panel); });
  if (front == kStack.end()) return std::nullopt;
  return *front;
}

std::vector<ViewerCommand> show_side_panel(const ViewerState& state, Panel panel) {
  std::vector<ViewerCommand> commands;
  for (const Panel above : kStack) {
    if (above == panel) break;
    if (state.is_shown(above)) commands.push_back(TogglePanel{above});
  }
  if (!state.is_shown(panel)) commands.push_back(TogglePanel{panel});
  return commands;
}

std::vector<ViewerCommand> toggle_side_panel(const ViewerState& state, Panel panel) {
  if (front_panel(state) == panel) return {TogglePanel{panel}};
  return show_side_panel(state, panel);
}

void bring_to_front(ViewerState& state, Panel panel) {
  for (const Panel above : kStack) {
    if (above == panel) break;
    state.panels.reset(static_cast<std::size_t>(above));
  }
  state.panels.set(static_cast<std::size_t>(panel));
}

}  // namespace linger::viz
