#include "sim/parse_error.h"

#include <fmt/format.h>

namespace linger::sim {

std::string text(const ParseError& error) {
  std::string text = error.file;
  if (error.line > 0) text += fmt::format(":{}:{}", error.line, error.column);
  text += fmt::format(": error: {}", error.message);
  if (!error.fix.empty()) text += fmt::format("\n  fix: {}", error.fix);
  return text;
}

std::string text(const std::vector<ParseError>& errors) {
  std::string all;
  for (const ParseError& error : errors) all += text(error) + "\n";
  return all;
}

}  // namespace linger::sim
