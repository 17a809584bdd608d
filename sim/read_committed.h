// What a consumer with isolation.level=read_committed sees of a partition.
#pragma once

#include <cstdint>

#include "sim/cluster.h"

namespace linger::sim {

// It reads up to here: the first offset of the earliest open transaction, or all that is
// replicated.
std::int64_t last_stable_offset(const Partition& partition);

// Below it, it leaves out what belongs to a transaction that was aborted.
bool is_aborted(const Partition& partition, const StoredBatch& batch);
std::int64_t committed_records(const Partition& partition);

}  // namespace linger::sim
