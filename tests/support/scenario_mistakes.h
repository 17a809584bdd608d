// A small scenario to add lines to, and what the parser says of the result.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario_parser.h"

namespace linger::sim {

// The least that is a scenario: eight lines.
inline const std::string kSmallestScenario =
    "[[topic]]\n"
    "name = \"orders\"\n"
    "partitions = 3\n"
    "\n"
    "[[thread]]\n"
    "name = \"A\"\n"
    "run = [ { send = \"orders\" } ]\n"
    "\n";

// "9:1: message / fix", one line for each mistake.
inline std::string mistakes_in(std::string_view text) {
  const auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors == nullptr) return "";
  std::string lines;
  for (const ParseError& error : *errors) {
    EXPECT_EQ(error.file, "test.toml");
    lines += (lines.empty() ? "" : "\n") + std::to_string(error.line) + ":" +
             std::to_string(error.column) + ": " + error.message + " / " + error.fix;
  }
  return lines;
}

// Of the smallest scenario with these lines behind it, which begin at line 9.
inline std::string mistakes_behind(const std::string& lines) {
  return mistakes_in(kSmallestScenario + lines);
}
// Of these lines in front of it.
inline std::string mistakes_before(const std::string& lines) {
  return mistakes_in(lines + kSmallestScenario);
}
// Of this action in the place of its only one, at line 7, column 9.
inline std::string mistakes_of_action(const std::string& action) {
  return mistakes_in(kSmallestScenario.substr(0, kSmallestScenario.find("{ send")) + action +
                     " ]\n");
}

}  // namespace linger::sim
