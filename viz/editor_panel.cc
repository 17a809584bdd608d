#include "viz/editor_panel.h"

#include <imgui.h>

#include <algorithm>
#include <optional>
#include <string>

#include "viz/language.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostMistakes = 4;
constexpr float kEditorHead = 30;

// What ImGui's field and the text have to do with each other.
struct Field {
  std::string text;
  std::optional<std::size_t> caret;  // where it is to be put
  std::size_t at = 0;                // where it is
};

int on_field(ImGuiInputTextCallbackData* data) {
  Field& field = *static_cast<Field*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    field.text.resize(static_cast<std::size_t>(data->BufTextLen));
    data->Buf = field.text.data();
    return 0;
  }
  if (field.caret) {
    data->CursorPos = std::min(static_cast<int>(*field.caret), data->BufTextLen);
    data->SelectionStart = data->SelectionEnd = data->CursorPos;
    field.caret.reset();
  }
  field.at = static_cast<std::size_t>(data->CursorPos);
  return 0;
}

// A text that came from elsewhere is a field of its own: ImGui keeps what is typed into the other.
// Its caret is put once the field has the keyboard.
void draw_editor_field(Stage& stage, const EditorView& view, Rect area) {
  ImGuiStorage& kept = *ImGui::GetStateStorage();
  const ImGuiID seen = ImGui::GetID("revision seen");
  const ImGuiID placed = ImGui::GetID("revision placed");
  if (kept.GetInt(seen, -1) != view.revision) ImGui::SetKeyboardFocusHere();
  kept.SetInt(seen, view.revision);
  Field field{view.text, std::nullopt, view.caret};
  if (kept.GetInt(placed, -1) != view.revision) field.caret = view.caret;
  const bool was_to_place = field.caret.has_value();
  const ScopedText code{TextStyle::Code};
  ImGui::SetCursorScreenPos({area.left, area.top});
  ImGui::PushID(view.revision);
  const bool is_edited = ImGui::InputTextMultiline(
      "##lesson", field.text.data(), field.text.size() + 1, {area.width(), area.height()},
      ImGuiInputTextFlags_AllowTabInput | ImGuiInputTextFlags_CallbackResize |
          ImGuiInputTextFlags_CallbackAlways,
      on_field, &field);
  ImGui::PopID();
  if (was_to_place && !field.caret) kept.SetInt(placed, view.revision);
  if (!is_edited || field.text == view.text) return;
  stage.command = TypeInEditor{std::move(field.text), field.at};
}

void draw_editor_button(Stage& stage, Rect& head, const std::string& name, const std::string& what,
                        const ViewerCommand& command) {
  const float width = text_width(name, TextStyle::Small) + units(18);
  const Rect place = cut_right(head, width).inset(units(2));
  fill(*stage.list, place, ink::kRaised, rounding());
  outline(*stage.list, place, is_over(place) ? ink::kFocus : ink::kBorder, rounding(), units(1));
  draw_text(*stage.list, place, name, {.style = TextStyle::Small, .align = Align::Centre});
  offer(stage, place, what, command);
  cut_right(head, units(4));
}

void draw_editor_head(Stage& stage, const EditorView& view, Rect head) {
  draw_editor_button(stage, head, tr("close (Escape)"), tr("What is typed is kept."), Escape{});
  draw_editor_button(stage, head, tr("undo (Ctrl+Shift+Z)"),
                     tr("The text as it was before it was last applied."), UndoEdit{});
  draw_editor_button(stage, head, tr("apply (Ctrl+Enter)"),
                     tr("Saves the file, and runs it until this instant."), ApplyEdit{});
  const Look& l = look(view.is_changed ? Meaning::Retrying : Meaning::Acknowledged);
  const Rect icon = cut_left(head, units(22));
  draw_icon(*stage.list, l.icon, {.centre = icon.centre(), .size = units(14)}, l.colour);
  explain(stage, head, view.file);
  draw_fitting(*stage.list, head, {view.status + ": " + view.file, view.status},
               {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

void draw_mistake(Stage& stage, const EditorMistake& mistake, std::size_t index, Rect line) {
  const Look& l = look(Meaning::Failed);
  const std::string what = tr("{}: {}", mistake.place, mistake.message);
  const std::string all = mistake.fix.empty() ? what : tr("{}; {}", what, mistake.fix);
  offer(stage, line, all + "\n" + std::string{tr("Click to go there.")}, GoToMistake{index});
  const Rect icon = cut_left(line, units(22));
  draw_icon(*stage.list, l.icon, {.centre = icon.centre(), .size = units(12)}, l.colour);
  draw_fitting(*stage.list, line, {all, what}, {.style = TextStyle::Small, .colour = l.colour});
}

}  // namespace

void draw_editor_panel(Stage& stage, const EditorView& view, Rect area) {
  fill(*stage.list, area, ink::kSurface, rounding());
  Rect room = area.inset(units(8));
  const Rect head = cut_top(room, units(kEditorHead));
  const std::size_t count = std::min(view.mistakes.size(), kMostMistakes);
  const float line = line_height(TextStyle::Small) + units(4);
  Rect mistakes = cut_bottom(room, line * static_cast<float>(count));
  if (count > 0) cut_bottom(room, units(4));
  draw_editor_field(stage, view, room);
  draw_editor_head(stage, view, head);
  for (std::size_t i = 0; i < count; ++i) {
    draw_mistake(stage, view.mistakes[i], i, cut_top(mistakes, line));
  }
}

}  // namespace linger::viz
