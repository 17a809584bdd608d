#include "viz/side_panel.h"

#include <algorithm>
#include <array>
#include <string>

#include "viz/faults_panel.h"
#include "viz/inspector_panel.h"
#include "viz/inspector_view.h"
#include "viz/keys.h"
#include "viz/parts_panel.h"
#include "viz/readiness_panel.h"
#include "viz/readiness_view.h"
#include "viz/status_view.h"

namespace linger::viz {
namespace {

// From the top.
constexpr std::array kStack{Panel::Faults, Panel::Inspector, Panel::Readiness};

struct Tab {
  Panel panel;
  const char* name;
};
constexpr std::array kTabs{Tab{Panel::Readiness, "Why"}, Tab{Panel::Inspector, "Batch"},
                           Tab{Panel::Faults, "Faults"}};

std::optional<Panel> draw_tabs(const ViewerState& state, Rect area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto front = front_panel(state);
  const float width = area.width() / count_of(kTabs.size());
  std::optional<Panel> clicked;
  for (const Tab& tab : kTabs) {
    const Rect place = cut_left(area, width);
    const bool is_front = front == tab.panel;
    if (is_front) {
      fill(list, place, ink::kSurface, rounding());
      fill(list, {place.left, place.top, place.right, place.top + units(3)}, ink::kTextStrong);
    } else if (is_over(place)) {
      fill(list, place, ink::kRaised, rounding());
    }
    const std::string key = key_text(TogglePanel{tab.panel});
    const float text = text_width(tab.name, TextStyle::Strong);
    const float left = place.centre().x - (text + gap() + key_width(key)) / 2;
    draw_text(list, {left, place.top, left + text + 1, place.bottom}, tab.name,
              {.style = is_front ? TextStyle::Strong : TextStyle::Body,
               .colour = is_front ? ink::kTextStrong : ink::kTextWeak});
    draw_key(list, {left + text + gap(), place.centre().y}, key);
    if (is_clicked(place) && !is_front) clicked = tab.panel;
  }
  return clicked;
}

DecisionViews decision_views(const Scene& scene, LaneRef lane) {
  return {.readiness = readiness_view(scene, lane),
          .drain = drain_view(scene, lane),
          .sleep = sleep_view(scene, lane.producer),
          .nodes = node_views(scene, lane.producer)};
}

std::optional<ViewerCommand> draw_front(const ViewerState& state, const Scene& now, Panel front) {
  switch (front) {
    case Panel::Faults:
      return draw_faults_panel(fault_view(state), status_view(state));
    case Panel::Inspector:
      return draw_inspector_panel(batch_inspector_view(now));
    case Panel::Readiness:
      if (const auto lane = lane_in_focus(now)) {
        return draw_readiness_panel(decision_views(now, *lane));
      }
      Flow{}.text("No partition is known yet.", {.colour = ink::kTextWeak});
      return std::nullopt;
    case Panel::Ledger:
    case Panel::Consumer:
    case Panel::Events:
    case Panel::Narration:
      return std::nullopt;  // elsewhere
  }
  return std::nullopt;
}

}  // namespace

bool is_side_panel(Panel panel) {
  return std::ranges::find(kStack, panel) != kStack.end();
}

std::optional<Panel> front_panel(const ViewerState& state) {
  const auto front =
      std::ranges::find_if(kStack, [&state](Panel panel) { return state.is_shown(panel); });
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

std::vector<ViewerCommand> draw_side_panel(const ViewerState& state, const Scene& scene,
                                           Rect area) {
  std::vector<ViewerCommand> commands;
  const auto front = front_panel(state);
  if (!front) return commands;
  if (const auto clicked = draw_tabs(state, cut_top(area, units(34)))) {
    commands = show_side_panel(state, *clicked);
  }
  ImGui::PushID(static_cast<int>(*front));
  {
    const ScopedArea scope{"side", area, ScopedArea::Look::Surface, ScopedArea::Scrolls::Yes};
    if (auto command = draw_front(state, scene, *front)) commands.push_back(*command);
  }
  ImGui::PopID();
  return commands;
}

}  // namespace linger::viz
