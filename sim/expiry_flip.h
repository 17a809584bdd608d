// Would a batch expire if its clock had only begun to run just now? Asked of a copy of the batch.
#pragma once

#include <optional>

#include "core/batch_expiry.h"
#include "core/id.h"
#include "sim/world.h"

namespace linger::sim {

struct FlippedExpiry {
  std::optional<core::BatchExpiry> now;   // none: it has not waited too long
  std::optional<core::BatchExpiry> then;  // had it only come into being, or its deque, just now
  bool changes_outcome() const { return now.has_value() != then.has_value(); }
};
// None: the producer does not have the batch. Requires: the producer is there.
std::optional<FlippedExpiry> flip_expiry(const World& world, core::ProducerIndex producer,
                                         core::BatchId batch);

}  // namespace linger::sim
