// The fonts of the theme, from the system or built in.
#pragma once

#include <imgui.h>

namespace linger::viz {

struct FontSize {
  float pixels = 0;
};
enum class Face { Sans, Bold, Mono };

// Adds a face to the atlas: DejaVu where the system has it, else ImGui's built-in font.
void add_font(ImFontAtlas& atlas, Face face, FontSize size);

}  // namespace linger::viz
