// What did not hold, as run and check print it.
#pragma once

#include <string>
#include <string_view>

#include "sim/runner.h"
#include "sim/scenario.h"

namespace linger::sim::cli {

// A few lines for each expectation and each law that does not hold; empty if all do.
//
//   linger.toml:40: does not hold: records.failed == 0
//     its values: 2 == 0
//     because: nothing goes wrong here
std::string failures_text(const Scenario& scenario, const RunResult& result,
                          std::string_view indent);

}  // namespace linger::sim::cli
