#include "sim/toml_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace linger::sim {

namespace {

bool may_stand_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7f) return fmt::format("\\u{:04x}", byte);
  return std::string{c};
}

}  // namespace

std::string toml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += escaped(c);
  return quoted + "\"";
}

std::string toml_key(std::string_view key) {
  if (!key.empty() && std::all_of(key.begin(), key.end(), may_stand_bare)) return std::string{key};
  return toml_quoted(key);
}

std::string TomlTable::lines() const {
  std::string lines;
  for (const auto& [key, value] : pairs_) lines += fmt::format("{} = {}\n", key, value);
  return lines;
}

std::string TomlTable::in_line() const {
  std::string line = "{";
  for (const auto& [key, value] : pairs_) {
    line += fmt::format("{} {} = {}", line.size() > 1 ? "," : "", key, value);
  }
  return line + " }";
}

}  // namespace linger::sim
