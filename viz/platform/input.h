// Keys, by the names the viewer's shortcuts use, whichever version of ImGui is underneath.
#pragma once

#include <string>

namespace linger::viz {

// The values are GLFW's key codes. Letters and digits are their capital ASCII character, and are
// made with key_of.
enum class Key : int {
  Space = 32,
  Comma = 44,
  Minus = 45,
  Period = 46,
  Slash = 47,
  Equal = 61,
  LeftBracket = 91,
  RightBracket = 93,
  Escape = 256,
  Enter = 257,
  Tab = 258,
  Backspace = 259,
  Delete = 261,
  Right = 262,
  Left = 263,
  Down = 264,
  Up = 265,
  PageUp = 266,
  PageDown = 267,
  Home = 268,
  End = 269,
  F1 = 290,
  F2 = 291,
  F3 = 292,
  F4 = 293,
  F5 = 294,
  F6 = 295,
  F7 = 296,
  F8 = 297,
  F9 = 298,
  F10 = 299,
  F11 = 300,
  F12 = 301,
};

// Requires: a capital letter or a digit.
constexpr Key key_of(char letter) {
  return static_cast<Key>(letter);
}

struct Modifiers {
  bool control = false;
  bool shift = false;
  bool alt = false;
  friend constexpr bool operator==(const Modifiers&, const Modifiers&) = default;
};

enum class MouseButton { Left = 0, Right = 1, Middle = 2 };

enum class Repeat { Once, WhileHeld };

// Whether `key` goes down in this frame (again, if held, with Repeat::WhileHeld) with exactly these
// modifiers. Never while the user types into a text field, so that a letter can be a shortcut.
bool is_shortcut_pressed(Key key, Modifiers modifiers = {}, Repeat repeat = Repeat::Once);

// The same, also while the user types into a text field.
bool is_chord_pressed(Key key, Modifiers modifiers = {}, Repeat repeat = Repeat::Once);

// The characters that were typed in this frame, as UTF-8, without those that control something.
std::string typed_characters();
// What was copied elsewhere, its first line; empty if there is nothing.
std::string copied_text();

}  // namespace linger::viz
