// Why the drain would take a partition's batch, or leave it, were the sender to make a pass now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/drain_flip.h"
#include "viz/readiness_view.h"
#include "viz/scene.h"

namespace linger::viz {

struct ExplainedDrain {
  std::string now;                    // "a pass now would leave it: muted"
  core::NodeId node = core::kNoNode;  // the leader
  std::optional<core::BatchId> batch;
  std::vector<Term> terms;            // those that can be in the way of this producer
  std::vector<sim::DrainTerm> which;  // of each
};
ExplainedDrain explained_drain(const Scene& scene, LaneRef lane);

}  // namespace linger::viz
