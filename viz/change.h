// What somebody wants to be otherwise, as it is typed: "linger.ms=20", "era 2.8", "KIP-951=off",
// "disconnect = 1"; several at once with ";" between them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/parse_error.h"
#include "sim/scenario.h"
#include "sim/scenario_changes.h"

namespace linger::viz {

// Settings, eras, rules and seeds hold from the beginning; faults happen at `at`.
sim::ScenarioOverrides parse_change(std::string_view typed, core::Instant at);

// The scenario with it, without what the lesson tells and asks; or what is wrong with it.
std::variant<std::shared_ptr<const sim::Scenario>, std::vector<sim::ParseError>> changed_scenario(
    const sim::Scenario& scenario, const sim::ScenarioOverrides& overrides);

}  // namespace linger::viz
