// A bound on how deep a TOML document nests, found without recursion: what reads it recurses.
#pragma once

#include <optional>
#include <string_view>

#include "sim/toml_tree.h"

namespace linger::sim {

// Where the document nests deeper than any scenario does; nullopt if it does not.
std::optional<Position> too_deep(std::string_view text);

}  // namespace linger::sim
