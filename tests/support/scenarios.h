// Scenarios as tests write them: TOML, and an error that reads like the parser's.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/runner.h"
#include "sim/scenario.h"
#include "sim/scenario_parser.h"

namespace linger::sim {

// Throws, and so fails the test, with every mistake in the text.
inline Scenario scenario_of(std::string_view toml) {
  ParsedScenario parsed = parse_scenario(toml, "test.toml");
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
    throw std::invalid_argument{"\n" + text(*errors)};
  }
  return std::get<Scenario>(std::move(parsed));
}

inline std::shared_ptr<const Scenario> shared_scenario(std::string_view toml) {
  return std::make_shared<const Scenario>(scenario_of(toml));
}

// Runs it to its end, under all laws.
inline RunResult run_of(std::string_view toml) {
  return run(shared_scenario(toml), {.until = std::nullopt, .checks_laws = true});
}

}  // namespace linger::sim
