// A mistake in a file, where it stands, and what would be right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linger::sim {

struct ParseError {
  std::string file;
  std::int32_t line = 0;  // from 1; 0: the file as a whole
  std::int32_t column = 0;
  std::string message;
  std::string fix;  // may be empty
  friend bool operator==(const ParseError&, const ParseError&) = default;
};

// "linger.toml:7:3: error: …", and on a second line "  fix: …".
std::string text(const ParseError& error);
std::string text(const std::vector<ParseError>& errors);

}  // namespace linger::sim
