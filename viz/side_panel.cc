#include "viz/side_panel.h"

#include <array>
#include <string>

#include "viz/fault_view.h"
#include "viz/faults_panel.h"
#include "viz/inspector_panel.h"
#include "viz/inspector_view.h"
#include "viz/keys.h"
#include "viz/lesson_panel.h"
#include "viz/lesson_view.h"
#include "viz/parts_panel.h"
#include "viz/readiness_panel.h"
#include "viz/readiness_view.h"
#include "viz/status_view.h"

namespace linger::viz {
namespace {

struct Tab {
  Panel panel;
  const char* name;
};
constexpr std::array kTabs{Tab{Panel::Lesson, "Lesson"}, Tab{Panel::Readiness, "Why"},
                           Tab{Panel::Inspector, "Batch"}, Tab{Panel::Faults, "Faults"}};

float tab_width(const Tab& tab) {
  return text_width(tab.name, TextStyle::Small) + units(5) +
         key_width(key_text(TogglePanel{tab.panel}));
}

std::optional<Panel> draw_tabs(const ViewerState& state, Rect area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto front = front_panel(state);
  float spare = area.width();
  for (const Tab& tab : kTabs) spare -= tab_width(tab);
  std::optional<Panel> clicked;
  for (const Tab& tab : kTabs) {
    const Rect place = cut_left(area, tab_width(tab) + spare / count_of(kTabs.size()));
    const bool is_front = front == tab.panel;
    if (is_front) {
      fill(list, place, ink::kSurface, rounding());
      fill(list, {place.left, place.top, place.right, place.top + units(3)}, ink::kTextStrong);
    } else if (is_over(place)) {
      fill(list, place, ink::kRaised, rounding());
    }
    const std::string key = key_text(TogglePanel{tab.panel});
    const float text = text_width(tab.name, TextStyle::Small);
    const float left = place.centre().x - (text + units(5) + key_width(key)) / 2;
    draw_text(list, {left, place.top, left + text + 1, place.bottom}, tab.name,
              {.style = TextStyle::Small, .colour = is_front ? ink::kTextStrong : ink::kTextWeak});
    draw_key(list, {left + text + units(5), place.centre().y}, key);
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
    case Panel::Lesson:
      return draw_lesson_panel(lesson_view(state));
    case Panel::Comparison:
    case Panel::BatchChart:
    case Panel::Sequence:
    case Panel::Plots:
    case Panel::Bytes:
    case Panel::Ledger:
    case Panel::Consumer:
    case Panel::Events:
    case Panel::Narration:
      return std::nullopt;  // elsewhere
  }
  return std::nullopt;
}

}  // namespace

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
