// A world as a number: worlds from which the same may come have the same one.
#pragma once

#include "core/state_key.h"
#include "sim/world.h"

namespace linger::sim {

// Two worlds are the same but for names if they hold the same records in the same places, are
// waiting for the same things, and have the same time until each of them. Left out are:
//
//   names      ids of batches, connections, requests, buffers, producer ids: only what belongs to
//              what counts. A record is known by its partition and its place in the order of send()
//              there; two records of different partitions may have been sent in either order, and
//              their batches opened.
//   counters   steps, draws that are not left to chance, metrics, passes
//   clocks     the time itself; how far ahead something is if that is further than `far`; when
//              something was that nobody waits for any more
//   contents   of records, and with them checksums and timestamps
//
// What a part has noted and may need again is kept, also where nothing comes of it any more: the
// leader's epoch of a batch, from the sender's first look at it; which of a pool's buffers are
// free.
//
// Requires: !why_not_explorable(scenario)
core::StateKey::Digest world_key(const World& world, Duration far);

}  // namespace linger::sim
