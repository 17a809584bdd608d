#include "viz/fuzzy.h"

#include <cctype>
#include <cstddef>

namespace linger::viz {
namespace {

constexpr int kAtWordStart = 8;
constexpr int kInARow = 5;
constexpr int kMatched = 1;

char small(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

}  // namespace

std::optional<int> fuzzy_match(std::string_view typed, std::string_view name) {
  int score = 0;
  std::size_t at = 0;
  bool is_in_a_row = false;
  for (const char wanted : typed) {
    if (wanted == ' ') {
      is_in_a_row = false;
      continue;
    }
    const std::size_t from = at;
    while (at < name.size() && small(name[at]) != small(wanted)) ++at;
    if (at == name.size()) return std::nullopt;
    score += kMatched;
    if (at == 0 || name[at - 1] == ' ') score += kAtWordStart;
    if (is_in_a_row && at == from) score += kInARow;
    is_in_a_row = true;
    ++at;
  }
  return score;
}

}  // namespace linger::viz
