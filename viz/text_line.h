// A line of text that is being typed: UTF-8, with a caret between two characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linger::viz {

struct TextLine {
  std::string text;
  std::size_t caret = 0;  // in bytes, at a character's border
  friend bool operator==(const TextLine&, const TextLine&) = default;
};

// With the caret at its end.
TextLine line_of(std::string text);

TextLine inserted(TextLine line, std::string_view utf8);
TextLine erased_before(TextLine line);
TextLine erased_after(TextLine line);
TextLine moved_left(TextLine line);
TextLine moved_right(TextLine line);

}  // namespace linger::viz
