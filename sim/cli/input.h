// Scenarios and times as a user gives them, or what is wrong with them on stderr.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sim/parse_error.h"
#include "sim/scenario.h"
#include "sim/scenario_overrides.h"

namespace linger::sim::cli {

void print_errors(const std::vector<ParseError>& errors);

// The file's scenario, changed as was asked; null if there is something wrong, which was printed.
std::shared_ptr<const Scenario> read_scenario(const std::string& file,
                                              const ScenarioOverrides& overrides);

// "5ms" of `--until 5ms`; none if it is no time, which was printed.
std::optional<Instant> read_time(std::string_view option, const std::string& text);

}  // namespace linger::sim::cli
