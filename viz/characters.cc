#include "viz/characters.h"

#include <algorithm>
#include <cstddef>

namespace linger::viz {
namespace {

// Where the Chinese, Japanese and Korean scripts begin, with their punctuation.
constexpr char32_t kFirst = 0x2E80;
constexpr char32_t kLast = 0xFFFF;

std::u32string& noted() {
  static std::u32string characters;
  return characters;
}

}  // namespace

void note_characters(std::string_view utf8) {
  std::u32string fresh;
  for (std::size_t i = 0; i + 2 < utf8.size(); ++i) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    if ((first & 0xF0) != 0xE0) continue;  // three bytes hold all of them
    const char32_t character = static_cast<char32_t>(first & 0x0F) << 12 |
                               static_cast<char32_t>(utf8[i + 1] & 0x3F) << 6 |
                               static_cast<char32_t>(utf8[i + 2] & 0x3F);
    if (character >= kFirst && character <= kLast) fresh.push_back(character);
  }
  if (fresh.empty()) return;
  std::u32string& all = noted();
  all += fresh;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

const std::u32string& noted_characters() {
  return noted();
}

}  // namespace linger::viz
