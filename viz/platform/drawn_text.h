// Reads text back from what ImGui is about to draw, so that a test sees what a person would see.
#pragma once

#include <imgui.h>

#include <vector>

#include "viz/platform/label.h"

namespace linger::viz {

// In drawing order. Finds glyphs by their place in the font atlas. A character without ink, or
// clipped away, is not found.
std::vector<SeenText> drawn_texts(const ImDrawData& data, const ImFontAtlas& atlas);

}  // namespace linger::viz
