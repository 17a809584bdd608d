// The scenario files that a user means by some paths.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/parse_error.h"

namespace linger::sim::cli {

// Files as they are named, and every .toml file below the directories: each once, sorted. An error
// for a path that does not exist, and for a directory without any.
std::variant<std::vector<std::string>, std::vector<ParseError>> find_scenarios(
    const std::vector<std::string>& paths);

}  // namespace linger::sim::cli
