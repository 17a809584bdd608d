#include "sim/cli/failure.h"

#include <fmt/format.h>

#include "sim/readable.h"

namespace linger::sim::cli {

std::string failure_text(const core::CheckFailure& failure, const World& world) {
  const Scenario& scenario = *world.scenario;
  return fmt::format("{}, seed {}, step {}, {}: {}", scenario.file, scenario.seed, world.steps,
                     readable_duration(world.now.time_since_epoch()), failure.what());
}

}  // namespace linger::sim::cli
