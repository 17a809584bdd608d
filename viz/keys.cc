#include "viz/keys.h"

#include <algorithm>

#include "viz/language.h"

namespace linger::viz {
namespace {

std::string key_name(Key key) {
  switch (key) {
    case Key::Space:
      return "Space";
    case Key::Escape:
      return "Esc";
    case Key::Enter:
      return "Enter";
    case Key::Tab:
      return "Tab";
    case Key::Backspace:
      return "Backspace";
    case Key::Delete:
      return "Delete";
    case Key::Right:
      return "Right";
    case Key::Left:
      return "Left";
    case Key::Down:
      return "Down";
    case Key::Up:
      return "Up";
    case Key::PageUp:
      return "PageUp";
    case Key::PageDown:
      return "PageDown";
    case Key::Home:
      return "Home";
    case Key::End:
      return "End";
    default:
      break;
  }
  const int code = static_cast<int>(key);
  const int first_function_key = static_cast<int>(Key::F1);
  if (code >= first_function_key) return "F" + std::to_string(code - first_function_key + 1);
  return std::string(1, static_cast<char>(code));
}

}  // namespace

std::string text(const KeyChord& chord) {
  if (chord == KeyChord{Key::Slash, {.shift = true}}) return "?";
  std::string text;
  if (chord.modifiers.control) text += "Ctrl+";
  if (chord.modifiers.alt) text += "Alt+";
  if (chord.modifiers.shift) text += "Shift+";
  return text + key_name(chord.key);
}

std::string_view word(KeyGroup group) {
  switch (group) {
    case KeyGroup::Time:
      return tr("Time");
    case KeyGroup::Jumps:
      return tr("Jumps");
    case KeyGroup::Looking:
      return tr("Looking");
    case KeyGroup::Charts:
      return tr("Charts and files");
    case KeyGroup::Lesson:
      return tr("Lesson");
    case KeyGroup::Runs:
      return tr("Faults and runs");
    case KeyGroup::Viewer:
      return tr("Viewer");
  }
  return "";
}

std::optional<ViewerCommand> command_for(const KeyChord& chord) {
  const auto& all = key_actions();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const KeyAction& action) { return action.chord == chord; });
  if (found == all.end()) return std::nullopt;
  return found->command;
}

std::string key_text(const ViewerCommand& command) {
  return key_text_in(key_actions(), command);
}

std::string key_text_in(const std::vector<KeyAction>& actions, const ViewerCommand& command) {
  const auto found = std::find_if(actions.begin(), actions.end(), [&](const KeyAction& action) {
    return action.command == command;
  });
  return found == actions.end() ? "" : text(found->chord);
}

}  // namespace linger::viz
