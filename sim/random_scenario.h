// Small scenarios at random: a cluster, settings, a workload and faults, in any era.
#pragma once

#include "sim/choices.h"
#include "sim/scenario.h"

namespace linger::sim {

// Times are short, so that runs are: what would take a minute takes a second. All choices zero: one
// record to one broker by the newest producer, and nothing goes wrong.
Scenario random_scenario(Choices& choices);

}  // namespace linger::sim
