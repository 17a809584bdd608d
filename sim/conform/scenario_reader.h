// Reads an observed scenario into the same value that TOML gives: there is no second world.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/rules.h"
#include "sim/parse_error.h"
#include "sim/scenario.h"

namespace linger::sim::conform {

struct ObservedScenario {
  Scenario scenario;
  std::vector<core::Era> eras;  // it is for these alone; empty: for all
  std::string description;      // the line behind "#!"
};

// The scenario as the client of `era` plays it, or every mistake in it. What a line means is told
// in README.md; what an observation takes for granted (brokers that tell no version, a pinned
// chance, a selector that hands over all it has) is set here.
std::variant<ObservedScenario, std::vector<ParseError>> read_scenario(std::string_view text,
                                                                      const std::string& file,
                                                                      core::Era era);

}  // namespace linger::sim::conform
