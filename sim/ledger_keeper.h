// Enters what happens into the world's ledgers of records and batches.
#pragma once

#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

void keep_in_ledger(World& world, const TraceEvent& event);

}  // namespace linger::sim
