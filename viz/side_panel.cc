#include "viz/side_panel.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "viz/fault_view.h"
#include "viz/faults_panel.h"
#include "viz/hand_panel.h"
#include "viz/hand_view.h"
#include "viz/inspector_panel.h"
#include "viz/inspector_view.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/lesson_panel.h"
#include "viz/lesson_view.h"
#include "viz/moves_panel.h"
#include "viz/moves_view.h"
#include "viz/parts_panel.h"
#include "viz/readiness_panel.h"
#include "viz/readiness_view.h"
#include "viz/replicas_panel.h"
#include "viz/status_view.h"
#include "viz/why_view.h"

namespace linger::viz {
namespace {

struct Tab {
  Panel panel;
  const char* name;
};
using Tabs = std::array<Tab, 6>;

// The inspector is named after what it shows.
Tabs tabs(bool shows_replicas) {
  return {Tab{Panel::Lesson, "Lesson"},
          Tab{Panel::Readiness, "Why"},
          Tab{Panel::Inspector, shows_replicas ? "Replicas" : "Batch"},
          Tab{Panel::Faults, "Faults"},
          Tab{Panel::Hand, "You"},
          Tab{Panel::Moves, "Moves"}};
}

// A key with a modifier has no room on a tab; whoever points at it is told.
std::string key_on(const Tab& tab) {
  const std::string key = key_text(TogglePanel{tab.panel});
  return key.size() == 1 ? key : "";
}

float tab_width(const Tab& tab, const std::string& key) {
  return text_width(tr(tab.name), TextStyle::Small) +
         (key.empty() ? units(8) : units(5) + key_width(key));
}

std::optional<Panel> draw_tabs(const ViewerState& state, const Tabs& shown, Rect area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto front = front_panel(state);
  float spare = area.width();
  for (const Tab& tab : shown) spare -= tab_width(tab, key_on(tab));
  // Names that touch cannot be told apart; the keys stand in the help, too.
  const bool has_keys = spare > count_of(shown.size()) * units(6);
  if (!has_keys) {
    spare = area.width();
    for (const Tab& tab : shown) spare -= tab_width(tab, "");
  }
  std::optional<Panel> clicked;
  for (const Tab& tab : shown) {
    const std::string key = has_keys ? key_on(tab) : "";
    const Rect place = cut_left(area, tab_width(tab, key) + spare / count_of(shown.size()));
    const bool is_front = front == tab.panel;
    if (is_front) {
      fill(list, place, ink::kSurface, rounding());
      fill(list, {place.left, place.top, place.right, place.top + units(3)}, ink::kTextStrong);
    } else if (is_over(place)) {
      fill(list, place, ink::kRaised, rounding());
    }
    const float text = text_width(tr(tab.name), TextStyle::Small);
    const float for_key = key.empty() ? 0 : units(5) + key_width(key);
    const float left = place.centre().x - (text + for_key) / 2;
    draw_text(list, {left, place.top, left + text + 1, place.bottom}, tr(tab.name),
              {.style = TextStyle::Small, .colour = is_front ? ink::kTextStrong : ink::kTextWeak});
    if (!key.empty()) draw_key(list, {left + text + units(5), place.centre().y}, key);
    if (is_clicked(place) && !is_front) clicked = tab.panel;
  }
  return clicked;
}

// A thread, a request and a broker are about no partition, nor is a batch that has left its deque.
bool is_about_partition(const Scene& scene) {
  const Selection& what = scene.selection;
  if (std::holds_alternative<core::ThreadId>(what) || std::holds_alternative<RequestRef>(what) ||
      std::holds_alternative<core::NodeId>(what)) {
    return false;
  }
  const auto batch = selected_batch(scene);
  if (!batch) return true;
  const auto* queue =
      accumulator_of(scene, batch->producer).queue(entry_of(scene, *batch).partition);
  return queue != nullptr && std::ranges::count(queue->batches, batch->batch) > 0;
}

DecisionViews decision_views(const ViewerState& state, const Scene& scene) {
  DecisionViews views;
  const WhyDetails* details = state.why && !state.is_playing ? &*state.why : nullptr;
  views.why = why_view(scene, details);
  const auto lane = lane_in_focus(scene);
  const bool has_own_answer = !views.why.title.empty() && !is_about_partition(scene);
  if (!lane || has_own_answer) return views;
  views.has_partition = true;
  views.readiness = readiness_view(scene, *lane);
  views.drain = drain_view(scene, *lane);
  views.sleep = sleep_view(scene, lane->producer);
  views.nodes = node_views(scene, lane->producer);
  if (details == nullptr) return views;
  add_details(*details, views.readiness);
  if (details->lane == *lane) add_details(*details, views.drain);
  add_details(*details, lane->producer, views.sleep);
  for (NodeView& node : views.nodes) add_details(*details, lane->producer, node);
  return views;
}

// What to do next keeps its place at the foot.
std::optional<ViewerCommand> draw_lesson(const ViewerState& state, Rect area) {
  const LessonView view = lesson_view(state);
  std::optional<ViewerCommand> command;
  const float height = height_of_lesson_hint(view, area.width());
  if (height > 0) {
    command = draw_lesson_hint(view, cut_bottom(area, height));
    cut_bottom(area, units(4));
  }
  const ScopedArea scope{"side", area, ScopedArea::Look::Surface, ScopedArea::Scrolls::Yes};
  if (auto asked_for = draw_lesson_panel(view)) command = std::move(asked_for);
  return command;
}

std::optional<ViewerCommand> draw_front(const ViewerState& state, const Scene& now, Panel front,
                                        const std::optional<ReplicasInspectorView>& replicas) {
  switch (front) {
    case Panel::Faults:
      return draw_faults_panel(fault_view(state), status_view(state));
    case Panel::Inspector:
      if (replicas) return draw_replicas_inspector(*replicas);
      return draw_inspector_panel(batch_inspector_view(now));
    case Panel::Readiness:
      return draw_readiness_panel(decision_views(state, now));
    case Panel::Lesson:  // by itself
      return std::nullopt;
    case Panel::Hand:
      return draw_hand_panel(hand_view(state));
    case Panel::Moves:
      return draw_moves_panel(moves_view(state));
    case Panel::Comparison:
    case Panel::BatchChart:
    case Panel::Sequence:
    case Panel::Plots:
    case Panel::Bytes:
    case Panel::Runs:
    case Panel::Future:
    case Panel::Laws:
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
  const auto replicas = replicas_inspector_view(scene);
  if (const auto clicked = draw_tabs(state, tabs(replicas.has_value()), cut_top(area, units(34)))) {
    commands = show_side_panel(state, *clicked);
  }
  ImGui::PushID(static_cast<int>(*front));
  if (front == Panel::Lesson) {
    if (auto command = draw_lesson(state, area)) commands.push_back(std::move(*command));
  } else {
    const ScopedArea scope{"side", area, ScopedArea::Look::Surface, ScopedArea::Scrolls::Yes};
    if (auto command = draw_front(state, scene, *front, replicas)) commands.push_back(*command);
  }
  ImGui::PopID();
  return commands;
}

}  // namespace linger::viz
