// Why the drain would take a partition's batch, or leave it, were the sender to make a pass.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/drain_flip.h"
#include "sim/world.h"
#include "viz/readiness_view.h"
#include "viz/selection.h"

namespace linger::viz {

struct ExplainedDrain {
  std::string now;                    // "a pass now would leave it: muted"
  core::NodeId node = core::kNoNode;  // the leader
  std::optional<core::BatchId> batch;
  std::vector<Term> terms;            // those that can be in the way of this producer
  std::vector<sim::DrainTerm> which;  // of each
  bool is_taken = false;
};
// In this world, at its instant.
ExplainedDrain explained_drain(const sim::World& world, LaneRef lane);

}  // namespace linger::viz
