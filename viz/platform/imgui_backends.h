// ImGui's own backends, wherever a package puts their headers: Debian in a folder, vcpkg beside.
#pragma once

#if __has_include(<backends/imgui_impl_opengl3.h>)
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#else
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#endif
