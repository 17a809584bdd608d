#include "viz/viewer_panel.h"

#include <imgui.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "viz/browser_panel.h"
#include "viz/characters.h"
#include "viz/charts_panel.h"
#include "viz/columns_panel.h"
#include "viz/columns_view.h"
#include "viz/comparison_panel.h"
#include "viz/comparison_view.h"
#include "viz/consumer_panel.h"
#include "viz/editor_panel.h"
#include "viz/editor_view.h"
#include "viz/events_panel.h"
#include "viz/future_panel.h"
#include "viz/guide_panel.h"
#include "viz/guide_view.h"
#include "viz/help_panel.h"
#include "viz/hints_panel.h"
#include "viz/keys.h"
#include "viz/law_panel.h"
#include "viz/layout.h"
#include "viz/ledger_panel.h"
#include "viz/message_panel.h"
#include "viz/narration_panel.h"
#include "viz/panel_stack.h"
#include "viz/parts_panel.h"
#include "viz/pipeline_panel.h"
#include "viz/platform/fonts.h"
#include "viz/pointing.h"
#include "viz/prompt_panel.h"
#include "viz/run_tree_panel.h"
#include "viz/scrub_panel.h"
#include "viz/side_panel.h"
#include "viz/status_view.h"
#include "viz/sweep_panel.h"
#include "viz/sweep_view.h"
#include "viz/timeline_view.h"
#include "viz/transport_panel.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// What was asked for in this frame.
class Wishes {
 public:
  explicit Wishes(const ViewerState& state) : state_{state} {}

  void add(const ViewerCommand& command) {
    const auto* toggle = std::get_if<TogglePanel>(&command);
    if (toggle != nullptr && is_side_panel(toggle->panel)) {
      add_all(toggle_side_panel(state_, toggle->panel));
      return;
    }
    commands_.push_back(command);
    if (const auto* select = std::get_if<Select>(&command)) show_selected(select->what);
    if (std::holds_alternative<SelectNextBatch>(command)) show_selected(BatchRef{});
    if (std::holds_alternative<SelectNextPartition>(command)) show_selected(LaneRef{});
  }
  void add(const std::optional<ViewerCommand>& command) {
    if (command) add(*command);
  }
  void add_all(const std::vector<ViewerCommand>& commands) {
    commands_.insert(commands_.end(), commands.begin(), commands.end());
  }
  std::vector<ViewerCommand> take() { return std::move(commands_); }

 private:
  static bool has_decisions(const Selection& what) {
    return std::holds_alternative<LaneRef>(what) || std::holds_alternative<core::ThreadId>(what) ||
           std::holds_alternative<RequestRef>(what);
  }
  // A batch's life and a partition's decision come to the top when one is selected.
  void show_selected(const Selection& what) {
    if (state_.presents) return;
    if (std::holds_alternative<BatchRef>(what)) {
      add_all(show_side_panel(state_, Panel::Inspector));
    } else if (has_decisions(what) && front_panel(state_) != Panel::Faults) {
      add_all(show_side_panel(state_, Panel::Readiness));
    }
  }

  const ViewerState& state_;
  std::vector<ViewerCommand> commands_;
};

void add_pressed_of(const std::vector<KeyAction>& actions, Wishes& wishes) {
  for (const KeyAction& action : actions) {
    const Repeat repeat = action.repeats ? Repeat::WhileHeld : Repeat::Once;
    if (is_shortcut_pressed(action.chord.key, action.chord.modifiers, repeat)) {
      wishes.add(action.command);
    }
  }
}

// While something is typed, keys mean letters.
void add_typed(Wishes& wishes, const TextLine& line) {
  const auto pressed = [](Key key) { return is_shortcut_pressed(key, {}, Repeat::WhileHeld); };
  TextLine typed = inserted(line, typed_characters());
  if (pressed(Key::Backspace)) typed = erased_before(std::move(typed));
  if (pressed(Key::Delete)) typed = erased_after(std::move(typed));
  if (pressed(Key::Left)) typed = moved_left(std::move(typed));
  if (pressed(Key::Right)) typed = moved_right(std::move(typed));
  if (pressed(Key::Home)) typed.caret = 0;
  if (pressed(Key::End)) typed.caret = typed.text.size();
  if (is_shortcut_pressed(key_of('V'), {.control = true})) {
    typed = inserted(std::move(typed), copied_text());
  }
  if (typed != line) wishes.add(ViewerCommand{TypeInPrompt{std::move(typed)}});
  add_pressed_of(prompt_key_actions(), wishes);
}

bool is_editing(const ViewerState& state) {
  return state.editor && state.editor->is_open;
}

// While the lesson is edited, ImGui's field has all other keys.
void add_keys_of_editor(Wishes& wishes) {
  for (const KeyAction& action : editor_key_actions()) {
    if (is_chord_pressed(action.chord.key, action.chord.modifiers)) wishes.add(action.command);
  }
}

// Letters on what can be clicked: one after another until they name a place, which is clicked then.
void add_typed_hint(Wishes& wishes, std::string typed) {
  for (const char letter : kHintLetters) {
    if (is_shortcut_pressed(key_of(letter))) typed += letter;
  }
  if (is_shortcut_pressed(Key::Backspace) && !typed.empty()) typed.pop_back();
  const bool is_over = is_shortcut_pressed(Key::Escape) || is_shortcut_pressed(Key::F4);
  if (is_over || click_hinted(typed)) {
    wishes.add(ViewerCommand{ToggleHints{}});
  } else if (has_hint_with(typed)) {
    wishes.add(ViewerCommand{TypeHint{std::move(typed)}});
  }
}

void add_pressed_keys(Wishes& wishes, const ViewerState& state) {
  if (state.prompt) {
    add_typed(wishes, state.prompt->line);
    return;
  }
  if (is_editing(state)) {
    add_keys_of_editor(wishes);
    return;
  }
  if (state.hints && !state.sweep && !state.shows_browser) {
    add_typed_hint(wishes, *state.hints);
    return;
  }
  const auto& others = state.shows_browser ? browser_key_actions() : key_actions();
  add_pressed_of(state.sweep ? sweep_key_actions() : others, wishes);
}

ShownParts shown_parts(const ViewerState& state) {
  if (state.presents) {
    return {.narration = true,
            .side = false,
            .drawer = false,
            .future = false,
            .guide = false,
            .pool = false};
  }
  const bool says_something = !state.scenario().narration.empty();
  return {.narration = state.is_shown(Panel::Narration) && says_something,
          .side = front_panel(state).has_value() && !columns_view(state),
          .drawer = state.is_shown(Panel::Ledger) || state.is_shown(Panel::Consumer) ||
                    state.is_shown(Panel::Events) || state.is_shown(Panel::Comparison) ||
                    state.is_shown(Panel::Runs) || state.is_shown(Panel::Laws),
          .future = state.is_shown(Panel::Future),
          .guide = state.guide.has_value(),
          .pool = true,
          .columns = columns_view(state).has_value()};
}

core::TopicPartition partition_in_focus(const Scene& now) {
  if (const auto lane = lane_in_focus(now)) return lane->partition;
  const auto all = partitions(now.world());
  return all.empty() ? core::TopicPartition{} : all.front();
}

// The panels at the bottom share the width. A comparison wants all of it.
void draw_drawer(Stage& stage, const ViewerState& state, const Scene& now, Rect area) {
  if (state.is_shown(Panel::Comparison)) {
    draw_comparison_panel(stage, comparison_view(state, compared_rows(area)), area);
    return;
  }
  const bool has_ledger = state.is_shown(Panel::Ledger);
  const bool has_consumer = state.is_shown(Panel::Consumer) && !partitions(now.world()).empty();
  const bool has_events = state.is_shown(Panel::Events);
  const bool has_runs = state.is_shown(Panel::Runs);
  const bool has_laws = state.is_shown(Panel::Laws);
  const float shares = (has_ledger ? 3.0F : 0) + (has_consumer ? 2.0F : 0) +
                       (has_events ? 3.0F : 0) + (has_runs ? 3.0F : 0) + (has_laws ? 3.0F : 0);
  const float width = area.width() + gap();
  const auto next = [&](float share) {
    const Rect place = cut_left(area, width * share / shares - gap());
    cut_left(area, gap());
    return place;
  };
  if (has_laws) draw_law_panel(stage, law_view(state), next(3));
  if (has_runs) draw_run_tree_panel(stage, run_tree_view(state), next(3));
  if (has_ledger) {
    draw_ledger_panel(
        stage, [&](Window window) { return record_ledger_view(now, state.record_filter, window); },
        next(3));
  }
  if (has_consumer) {
    const core::TopicPartition partition = partition_in_focus(now);
    draw_consumer_panel(
        stage, [&](Window window) { return consumer_log_view(now, partition, window); }, next(2));
  }
  if (has_events) {
    draw_events_panel(
        stage, [&](Window window) { return event_list_view(now, state.streams, window); }, next(3));
  }
}

// Over everything else.
void draw_overlay(Wishes& wishes, const ViewerState& state, const ViewerLayout& layout,
                  const StatusView& status) {
  const Rect all{0, 0, layout.clock.right + layout.title.left,
                 layout.transport.bottom + layout.title.left};
  ImGui::SetCursorScreenPos({0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, IM_COL32_BLACK_TRANS);
  const bool takes_mouse = state.shows_help || state.shows_browser || state.prompt || state.sweep;
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::BeginChild("overlay", {all.width(), all.height()}, false,
                    takes_mouse ? flags : flags | ImGuiWindowFlags_NoInputs);
  Stage stage{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  draw_messages(*stage.list, status, layout.picture);
  if (state.shows_browser) {
    draw_browser_panel(
        stage, browser_view(state.lessons, state.progress, {state.scenario().file, state.browsed}),
        all);
  }
  if (state.sweep) draw_sweep_panel(stage, sweep_view(state), all);
  if (state.shows_help) draw_help_panel(stage, all);
  if (state.prompt) draw_prompt_panel(stage, prompt_view(state), all);
  if (are_hints_shown()) draw_hints(*stage.list, *state.hints);
  if (takes_mouse) {
    wishes.add(stage.command);
    show_tooltip(stage);
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

// On a large screen, one thing at a time: a question that is open, else the picture.
bool is_one_thing_a_panel(const ViewerState& state) {
  return state.presents && open_question(state) && front_panel(state) == Panel::Lesson;
}

float zoom_of(const ViewerState& state) {
  constexpr float kPresentationZoom = 1.35F;
  if (columns_view(state)) return state.zoom * kColumnsZoom;
  return state.presents ? state.zoom * kPresentationZoom : state.zoom;
}

void draw_all(Wishes& wishes, const ViewerState& state, Size display) {
  const ViewerLayout layout = viewer_layout(display, scale_of_display(), shown_parts(state));
  const Scene now = scene(state);
  const StatusView status = status_view(state);
  Stage stage{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
  draw_title(stage, status, layout.title);
  draw_clock(stage, status, layout.clock);
  draw_narration_panel(stage, narration_view(state), layout.narration);
  if (!is_empty(layout.guide)) draw_guide_panel(stage, guide_view(state), layout.guide);
  if (is_one_thing_a_panel(state)) {
    wishes.add_all(draw_side_panel(state, now, layout.picture));
  } else if (is_editing(state)) {
    // Escape would make ImGui's field forget what was typed.
    if (!is_chord_pressed(Key::Escape)) {
      draw_editor_panel(stage, editor_view(state), chart_place(layout));
    }
  } else if (shown_chart(state)) {
    draw_chart(stage, state, now, chart_place(layout));
  } else if (const auto columns = columns_view(state)) {
    Rect area = layout.picture;
    area.bottom = std::max(area.bottom, layout.pool.bottom);
    wishes.add(draw_columns_panel(state, *columns, area));
  } else {
    PipelineView picture = pipeline_view(now);
    picture.pointed = pointed_things(state);
    wishes.add(draw_pipeline_panel(picture, {.picture = layout.picture, .pool = layout.pool}));
  }
  if (!is_empty(layout.side)) wishes.add_all(draw_side_panel(state, now, layout.side));
  if (!is_empty(layout.drawer)) draw_drawer(stage, state, now, layout.drawer);
  if (!is_empty(layout.future)) draw_future_panel(stage, future_view(now), layout.future);
  TimelineView timeline = timeline_view(now, scrub_places(layout.scrub));
  timeline.pins = timeline_pins(state);
  draw_scrub_panel(stage, timeline, layout.scrub);
  wishes.add(draw_transport_panel(status, layout.transport));
  wishes.add(stage.command);
  show_tooltip(stage);
  draw_overlay(wishes, state, layout, status);
}

}  // namespace

std::vector<ViewerCommand> draw_viewer_panel(const ViewerState& state, Size display) {
  Wishes wishes{state};
  add_pressed_keys(wishes, state);
  begin_hints(state.hints && !state.prompt && !state.sweep && !state.shows_browser);
  begin_scrolling(state.pages_scrolled);
  if (used_characters() != noted_characters()) use_characters(noted_characters());
  set_zoom(zoom_of(state));
  set_strong_contrast(state.presents);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({display.width, display.height});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ink::kBackground);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("Linger", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(3);
  ImGui::PopStyleColor();
  draw_all(wishes, state, display);
  ImGui::End();
  return wishes.take();
}

}  // namespace linger::viz
