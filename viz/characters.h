// The characters that the fonts for Latin letters lack, as far as something on the screen may say
// them.
#pragma once

#include <string>
#include <string_view>

namespace linger::viz {

// Takes in those of a text, for the whole process.
void note_characters(std::string_view utf8);
// Sorted, each once.
const std::u32string& noted_characters();

}  // namespace linger::viz
