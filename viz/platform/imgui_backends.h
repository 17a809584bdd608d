// ImGui's own backends, wherever a package puts their headers: Debian in a folder, vcpkg beside.
#pragma once

#if __has_include(<backends/imgui_impl_opengl3.h>)
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#else
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#endif

#include <imgui.h>

namespace linger::viz {

// The renderer takes the new font atlas. Requires: it has begun its frame. Before 1.92 its other
// objects stay: made anew, 1.86 takes their buffers for as large as they were, and draws nothing.
inline void take_new_fonts() {
#if IMGUI_VERSION_NUM >= 19200
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
  ImGui_ImplOpenGL3_NewFrame();
#else
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

}  // namespace linger::viz
