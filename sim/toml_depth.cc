#include "sim/toml_depth.h"

#include <algorithm>
#include <cstddef>

namespace linger::sim {

namespace {

// Each bracket may hold a key of so many parts: together about a thousand tables in one another.
constexpr int kMostBrackets = 16;
constexpr int kMostDotsInALine = 64;

// Counts brackets, and the dots between the parts of keys; passes over texts and comments.
class DepthScanner {
 public:
  explicit DepthScanner(std::string_view text) : text_{text} {}

  std::optional<Position> run() {
    while (at_ < text_.size()) {
      if (!pass()) return place_;
    }
    return std::nullopt;
  }

 private:
  // False once it is too deep.
  bool pass() {
    const char c = text_[at_];
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (c == '"' || c == '\'') {
      pass_text(c);
      return true;
    }
    if (c == '[' || c == '{') ++brackets_;
    if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
    if (c == '.') ++dots_;
    step();
    return brackets_ <= kMostBrackets && dots_ <= kMostDotsInALine;
  }

  void pass_text(char quote) {
    const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
    const bool is_long = text_.substr(at_).starts_with(three);
    const std::string_view end = is_long ? three : three.substr(0, 1);
    for (std::size_t i = 0; i < end.size(); ++i) step();
    while (at_ < text_.size() && !text_.substr(at_).starts_with(end)) {
      if (!is_long && text_[at_] == '\n') return;
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) step();
      step();
    }
    for (std::size_t i = 0; i < end.size() && at_ < text_.size(); ++i) step();
    // Up to two quotes may stand at the end of a long text, before the three that close it.
    for (int i = 0; is_long && i < 2 && at_ < text_.size() && text_[at_] == quote; ++i) step();
  }

  void step() {
    ++place_.column;
    if (text_[at_] == '\n') {
      place_ = {place_.line + 1, 1};
      dots_ = 0;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Position place_;
  int brackets_ = 0;
  int dots_ = 0;
};

}  // namespace

std::optional<Position> too_deep(std::string_view text) {
  return DepthScanner{text}.run();
}

}  // namespace linger::sim
