// A mistake of this program's, told so that it can be found again.
#pragma once

#include <string>

#include "core/check.h"
#include "sim/world.h"

namespace linger::sim::cli {

// "linger.toml, seed 1, step 17, 12.000 ms: CHECK failed: …"
std::string failure_text(const core::CheckFailure& failure, const World& world);

}  // namespace linger::sim::cli
