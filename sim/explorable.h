// Which scenarios can be explored, and what may strike in them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fault.h"
#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim {

// What of it world_key() cannot tell, if anything: "offsets in a transaction".
std::optional<std::string> why_not_explorable(const Scenario& scenario);

// A fault as it is typed, without its time: "disconnect = 0", or the same in braces. Mistakes are
// told of `place`.
std::variant<Fault, std::vector<ParseError>> parse_fault_that_may(const std::string& text,
                                                                  const std::string& place,
                                                                  const Scenario& scenario);

}  // namespace linger::sim
