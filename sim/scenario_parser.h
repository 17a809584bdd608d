// From TOML to a Scenario, or to every mistake found in it. scenarios/README.md documents the keys.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim {

struct TomlNode;

using ParsedScenario = std::variant<Scenario, std::vector<ParseError>>;

// `file` is what the errors call it. With a release, "2.8", what the scenario is there, with what
// it tells and expects there; an unknown one counts as none.
ParsedScenario parse_scenario(std::string_view text, std::string file, std::string release = "");

// The same of a document that has been read.
ParsedScenario parse_scenario(const TomlNode& document, std::string file, std::string release);

// Reads the file, too.
ParsedScenario load_scenario(const std::string& path, std::string release = "");

// The keys of one [[fault]] in a line, with braces or without: `at = "10ms", disconnect = 1`.
// `place` is what the errors call it.
std::variant<ScheduledFault, std::vector<ParseError>> parse_fault(std::string_view text,
                                                                  const std::string& place,
                                                                  const Scenario& scenario);

}  // namespace linger::sim
