// Faults that chance draws before the run, so that they are faults like all others: they are in the
// world's scenario, and saving it gives the faults that were drawn.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/scenario.h"

namespace linger::sim {

// More would fill the memory.
inline constexpr std::int64_t kMostRandomFaults = 10'000;

// The scenario with what its seed draws, and nothing left to draw. The draws are keyed by seed and
// by the place of the table in the file: one more table leaves those before it as they are.
std::shared_ptr<const Scenario> with_drawn_faults(std::shared_ptr<const Scenario> scenario);

}  // namespace linger::sim
