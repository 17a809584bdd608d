// The places where ImGui 1.86 and later versions differ, hidden behind one set of functions.
//
//   1.86   input is written into arrays; keys are GLFW's codes
//   1.87   input is queued as events; keys are ImGui's own
//   1.92   a font's glyphs are kept by size
#pragma once

#include <imgui.h>

#include "viz/platform/frame.h"
#include "viz/platform/input.h"

namespace linger::viz {

inline const ImVector<ImFontGlyph>& glyphs_of(ImFont& font) {
#if IMGUI_VERSION_NUM >= 19200
  return font.GetFontBaked(font.LegacySize)->Glyphs;
#else
  return font.Glyphs;
#endif
}

// Later versions keep the lists in a vector, and forget the count.
template <class DrawData>
int list_count(const DrawData& data) {
  if constexpr (requires { data.CmdLists.Size; }) {
    return data.CmdLists.Size;
  } else {
    return data.CmdListsCount;
  }
}

inline bool has_glyph(ImFont& font, ImWchar character) {
#if IMGUI_VERSION_NUM >= 19200
  return font.IsGlyphInFont(character);
#else
  return font.FindGlyphNoFallback(character) != nullptr;
#endif
}

#if IMGUI_VERSION_NUM >= 18700

inline ImGuiKey imgui_key(Key key) {
  const int code = static_cast<int>(key);
  if (code >= 'A' && code <= 'Z') return static_cast<ImGuiKey>(ImGuiKey_A + (code - 'A'));
  if (code >= '0' && code <= '9') return static_cast<ImGuiKey>(ImGuiKey_0 + (code - '0'));
  const int first_function_key = static_cast<int>(Key::F1);
  if (key >= Key::F1 && key <= Key::F12) {
    return static_cast<ImGuiKey>(ImGuiKey_F1 + (code - first_function_key));
  }
  switch (key) {
    case Key::Space:
      return ImGuiKey_Space;
    case Key::Comma:
      return ImGuiKey_Comma;
    case Key::Minus:
      return ImGuiKey_Minus;
    case Key::Period:
      return ImGuiKey_Period;
    case Key::Slash:
      return ImGuiKey_Slash;
    case Key::Equal:
      return ImGuiKey_Equal;
    case Key::LeftBracket:
      return ImGuiKey_LeftBracket;
    case Key::RightBracket:
      return ImGuiKey_RightBracket;
    case Key::Escape:
      return ImGuiKey_Escape;
    case Key::Enter:
      return ImGuiKey_Enter;
    case Key::Tab:
      return ImGuiKey_Tab;
    case Key::Backspace:
      return ImGuiKey_Backspace;
    case Key::Delete:
      return ImGuiKey_Delete;
    case Key::Right:
      return ImGuiKey_RightArrow;
    case Key::Left:
      return ImGuiKey_LeftArrow;
    case Key::Down:
      return ImGuiKey_DownArrow;
    case Key::Up:
      return ImGuiKey_UpArrow;
    case Key::PageUp:
      return ImGuiKey_PageUp;
    case Key::PageDown:
      return ImGuiKey_PageDown;
    case Key::Home:
      return ImGuiKey_Home;
    case Key::End:
      return ImGuiKey_End;
    default:
      return ImGuiKey_None;  // letters, digits and function keys are above
  }
}

inline bool is_key_pressed(Key key, Repeat repeat) {
  return ImGui::IsKeyPressed(imgui_key(key), repeat == Repeat::WhileHeld);
}

// A null backend's part: the window's backend feeds ImGui itself.
inline void prepare_keys(ImGuiIO&) {}

inline void feed_mouse_position(ImGuiIO& io, Point at) {
  io.AddMousePosEvent(at.x, at.y);
}
inline void feed_mouse_button(ImGuiIO& io, MouseButton button, bool is_down) {
  io.AddMouseButtonEvent(static_cast<int>(button), is_down);
}
inline void feed_wheel(ImGuiIO& io, float notches) {
  io.AddMouseWheelEvent(0, notches);
}
inline void feed_key(ImGuiIO& io, Key key, bool is_down) {
  io.AddKeyEvent(imgui_key(key), is_down);
}
inline void feed_modifiers(ImGuiIO& io, Modifiers held) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddKeyEvent(ImGuiMod_Ctrl, held.control);
  io.AddKeyEvent(ImGuiMod_Shift, held.shift);
  io.AddKeyEvent(ImGuiMod_Alt, held.alt);
#else
  io.AddKeyEvent(ImGuiKey_ModCtrl, held.control);
  io.AddKeyEvent(ImGuiKey_ModShift, held.shift);
  io.AddKeyEvent(ImGuiKey_ModAlt, held.alt);
#endif
}

#else

inline bool is_key_pressed(Key key, Repeat repeat) {
  return ImGui::IsKeyPressed(static_cast<int>(key), repeat == Repeat::WhileHeld);
}

inline void prepare_keys(ImGuiIO& io) {
  const auto map = [&io](ImGuiKey name, Key key) { io.KeyMap[name] = static_cast<int>(key); };
  map(ImGuiKey_Tab, Key::Tab);
  map(ImGuiKey_LeftArrow, Key::Left);
  map(ImGuiKey_RightArrow, Key::Right);
  map(ImGuiKey_UpArrow, Key::Up);
  map(ImGuiKey_DownArrow, Key::Down);
  map(ImGuiKey_PageUp, Key::PageUp);
  map(ImGuiKey_PageDown, Key::PageDown);
  map(ImGuiKey_Home, Key::Home);
  map(ImGuiKey_End, Key::End);
  map(ImGuiKey_Delete, Key::Delete);
  map(ImGuiKey_Backspace, Key::Backspace);
  map(ImGuiKey_Space, Key::Space);
  map(ImGuiKey_Enter, Key::Enter);
  map(ImGuiKey_Escape, Key::Escape);
  map(ImGuiKey_A, key_of('A'));
  map(ImGuiKey_C, key_of('C'));
  map(ImGuiKey_V, key_of('V'));
  map(ImGuiKey_X, key_of('X'));
  map(ImGuiKey_Y, key_of('Y'));
  map(ImGuiKey_Z, key_of('Z'));
}

inline void feed_mouse_position(ImGuiIO& io, Point at) {
  io.MousePos = {at.x, at.y};
}
inline void feed_mouse_button(ImGuiIO& io, MouseButton button, bool is_down) {
  io.MouseDown[static_cast<int>(button)] = is_down;
}
inline void feed_wheel(ImGuiIO& io, float notches) {
  io.MouseWheel += notches;
}
inline void feed_key(ImGuiIO& io, Key key, bool is_down) {
  io.KeysDown[static_cast<int>(key)] = is_down;
}
inline void feed_modifiers(ImGuiIO& io, Modifiers held) {
  io.KeyCtrl = held.control;
  io.KeyShift = held.shift;
  io.KeyAlt = held.alt;
}

#endif

}  // namespace linger::viz
