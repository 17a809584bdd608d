// All actions and their keys: one table, for the dispatcher, the help and the tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/platform/input.h"
#include "viz/viewer_command.h"

namespace linger::viz {

struct KeyChord {
  Key key{};
  Modifiers modifiers{};
  friend bool operator==(const KeyChord&, const KeyChord&) = default;
};
// "Shift+Right", "Space", "?".
std::string text(const KeyChord& chord);

// Under which heading the help lists it.
enum class KeyGroup { Time, Jumps, Looking, Charts, Lesson, Runs, Viewer };
std::string_view word(KeyGroup group);

struct KeyAction {
  KeyChord chord;
  KeyGroup group = KeyGroup::Time;
  std::string_view name;         // "next event"
  std::string_view description;  // one sentence
  ViewerCommand command;
  bool repeats = false;  // while the key is held
};

// In the order of the help. An action with two keys stands there twice.
const std::vector<KeyAction>& key_actions();

// While the list of lessons is shown, these alone.
const std::vector<KeyAction>& browser_key_actions();
// While a sweep lies over the picture, while something is typed into the line, while the lesson is
// edited: these, and what is typed.
const std::vector<KeyAction>& sweep_key_actions();
const std::vector<KeyAction>& prompt_key_actions();
const std::vector<KeyAction>& editor_key_actions();

std::optional<ViewerCommand> command_for(const KeyChord& chord);
// The key of a command, for a button's tooltip; empty if it has none.
std::string key_text(const ViewerCommand& command);
// The same in one of the tables above.
std::string key_text_in(const std::vector<KeyAction>& actions, const ViewerCommand& command);

}  // namespace linger::viz
