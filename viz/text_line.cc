#include "viz/text_line.h"

#include <algorithm>
#include <utility>

namespace linger::viz {
namespace {

bool is_inside_character(const std::string& text, std::size_t at) {
  constexpr unsigned char kTopBits = 0xC0;
  constexpr unsigned char kFollows = 0x80;
  return at < text.size() && (static_cast<unsigned char>(text[at]) & kTopBits) == kFollows;
}

std::size_t border_before(const TextLine& line) {
  std::size_t at = line.caret;
  if (at > 0) --at;
  while (at > 0 && is_inside_character(line.text, at)) --at;
  return at;
}

std::size_t border_after(const TextLine& line) {
  std::size_t at = std::min(line.caret + 1, line.text.size());
  while (is_inside_character(line.text, at)) ++at;
  return at;
}

}  // namespace

TextLine line_of(std::string text) {
  const std::size_t end = text.size();
  return {std::move(text), end};
}

TextLine inserted(TextLine line, std::string_view utf8) {
  line.text.insert(line.caret, utf8);
  line.caret += utf8.size();
  return line;
}

TextLine erased_before(TextLine line) {
  const std::size_t begin = border_before(line);
  line.text.erase(begin, line.caret - begin);
  line.caret = begin;
  return line;
}

TextLine erased_after(TextLine line) {
  line.text.erase(line.caret, border_after(line) - line.caret);
  return line;
}

TextLine moved_left(TextLine line) {
  line.caret = border_before(line);
  return line;
}

TextLine moved_right(TextLine line) {
  line.caret = border_after(line);
  return line;
}

}  // namespace linger::viz
