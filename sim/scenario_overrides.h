// What somebody wants to be otherwise in a scenario, without touching its file.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/parse_error.h"
#include "sim/scenario.h"
#include "sim/scenario_changes.h"

namespace linger::sim {

// A scenario made otherwise, and what of it changes nothing: a line each.
struct Overridden {
  Scenario scenario;
  std::vector<std::string> warnings;
};

// Rules that the scenario itself turned on or off stay so in another era. Settings that were typed
// win over those of a file, and those over the scenario's.
std::variant<Overridden, std::vector<ParseError>> with_overrides(
    Scenario scenario, const ScenarioOverrides& overrides);

}  // namespace linger::sim
