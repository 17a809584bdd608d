#include "viz/panel_stack.h"

#include <algorithm>
#include <array>

#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// From the top.
constexpr std::array kStack{Panel::Moves,     Panel::Hand,   Panel::Faults,
                            Panel::Inspector, Panel::Lesson, Panel::Readiness};

constexpr std::array kCharts{Panel::BatchChart, Panel::Sequence, Panel::Plots, Panel::Bytes};

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

bool is_seen_in_presentation(const ViewerState& state, Panel panel) {
  return is_chart(panel) || (panel == Panel::Lesson && open_question(state));
}

bool is_chart(Panel panel) {
  return std::find(kCharts.begin(), kCharts.end(), panel) != kCharts.end();
}

std::optional<Panel> shown_chart(const ViewerState& state) {
  const auto* const shown = std::find_if(kCharts.begin(), kCharts.end(),
                                         [&state](Panel panel) { return state.is_shown(panel); });
  if (shown == kCharts.end()) return std::nullopt;
  return *shown;
}

void put_other_charts_away(ViewerState& state, Panel panel) {
  if (!is_chart(panel) || !state.is_shown(panel)) return;
  for (const Panel chart : kCharts) {
    state.panels.set(static_cast<std::size_t>(chart), chart == panel);
  }
}

}  // namespace linger::viz
