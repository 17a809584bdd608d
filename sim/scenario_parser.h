// From TOML to a Scenario, or to every mistake found in it. scenarios/README.md documents the keys.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim {

using ParsedScenario = std::variant<Scenario, std::vector<ParseError>>;

// `file` is what the errors call it.
ParsedScenario parse_scenario(std::string_view text, std::string file);

// Reads the file, too.
ParsedScenario load_scenario(const std::string& path);

}  // namespace linger::sim
