// The fonts of the theme, from the system or built in.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

namespace linger::viz {

struct FontSize {
  float pixels = 0;
};
enum class Face { Sans, Bold, Mono };

// A file with Chinese glyphs on this system, and which of its fonts they are in. An empty path if
// there is none.
struct ChineseFont {
  std::string path;
  int number = 0;
};
const ChineseFont& chinese_font();

// Which characters beyond those the viewer and its scenarios may say in Latin letters: the fonts
// have them from the next frame on, for the whole process. Sorted.
void use_characters(const std::u32string& characters);
const std::u32string& used_characters();

// Adds a face to the atlas: DejaVu where the system has it, else ImGui's built-in font; and
// from the Chinese font, the glyphs that it lacks. The atlas keeps a pointer to `chinese_ranges`.
void add_font(ImFontAtlas& atlas, Face face, FontSize size,
              const std::vector<ImWchar>& chinese_ranges);
// The characters in use, as pairs of first and last, ended by 0.
std::vector<ImWchar> ranges_of_used_characters();

}  // namespace linger::viz
