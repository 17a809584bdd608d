// A Scenario as TOML: how a fork or a counterexample is saved.
#pragma once

#include <string>

#include "sim/scenario.h"

namespace linger::sim {

// parse_scenario() of this is the scenario again, but for its file and lines. What has its default
// value is left out.
std::string scenario_text(const Scenario& scenario);

}  // namespace linger::sim
