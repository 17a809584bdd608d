// For tests of what is read in Chinese.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "viz/language.h"

namespace linger::viz {

// Speaks a language until the end of the scope.
class Speaking {
 public:
  explicit Speaking(Language wanted) { set_language(wanted); }
  ~Speaking() { set_language(Language::English); }
  Speaking(const Speaking&) = delete;
  Speaking& operator=(const Speaking&) = delete;
};

// U+4E00 to U+9FFF in UTF-8; no punctuation.
inline bool has_chinese(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE4 && byte <= 0xE9;
  });
}

// Two English words beside each other: names of settings, classes and states are one.
inline bool has_english(std::string_view text) {
  const auto is_lower = [text](std::size_t i) {
    return i < text.size() && std::islower(static_cast<unsigned char>(text[i])) != 0;
  };
  for (std::size_t at = text.find(' '); at != std::string_view::npos; at = text.find(' ', at + 1)) {
    if (at > 1 && is_lower(at - 2) && is_lower(at - 1) && is_lower(at + 1) && is_lower(at + 2)) {
      return true;
    }
  }
  return false;
}

}  // namespace linger::viz
