#include "viz/platform/input.h"

#include <imgui.h>

#include <string>

#include "viz/platform/imgui_versions.h"

namespace linger::viz {
namespace {

std::string utf8(ImWchar character) {
  const auto code = static_cast<unsigned>(character);
  const auto byte = [](unsigned value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | (code >> 6)), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000) {
    return {byte(0xE0 | (code >> 12)), byte(0x80 | ((code >> 6) & 0x3F)),
            byte(0x80 | (code & 0x3F))};
  }
  return {byte(0xF0 | (code >> 18)), byte(0x80 | ((code >> 12) & 0x3F)),
          byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F))};
}

}  // namespace

bool is_shortcut_pressed(Key key, Modifiers modifiers, Repeat repeat) {
  return !ImGui::GetIO().WantTextInput && is_chord_pressed(key, modifiers, repeat);
}

bool is_chord_pressed(Key key, Modifiers modifiers, Repeat repeat) {
  const ImGuiIO& io = ImGui::GetIO();
  const Modifiers held{.control = io.KeyCtrl, .shift = io.KeyShift, .alt = io.KeyAlt};
  return held == modifiers && is_key_pressed(key, repeat);
}

std::string typed_characters() {
  std::string text;
  for (const ImWchar character : ImGui::GetIO().InputQueueCharacters) {
    constexpr ImWchar kSpace = 0x20;
    constexpr ImWchar kDelete = 0x7F;
    if (character >= kSpace && character != kDelete) text += utf8(character);
  }
  return text;
}

std::string copied_text() {
  const char* copied = ImGui::GetClipboardText();
  const std::string text = copied == nullptr ? "" : copied;
  return text.substr(0, text.find('\n'));
}

}  // namespace linger::viz
