#include "viz/platform/input.h"

#include <imgui.h>

#include "viz/platform/imgui_versions.h"

namespace linger::viz {

bool is_shortcut_pressed(Key key, Modifiers modifiers, Repeat repeat) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return false;
  const Modifiers held{.control = io.KeyCtrl, .shift = io.KeyShift, .alt = io.KeyAlt};
  return held == modifiers && is_key_pressed(key, repeat);
}

}  // namespace linger::viz
