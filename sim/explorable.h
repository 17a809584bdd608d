// Which scenarios can be explored.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario.h"

namespace linger::sim {

// What of it world_key() cannot tell, if anything: "offsets in a transaction".
std::optional<std::string> why_not_explorable(const Scenario& scenario);

}  // namespace linger::sim
