// Why a batch was drained: the decisions that were acted on before it left its deque, as the world
// was when the pass of the sender began that took it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viz/readiness_view.h"
#include "viz/scene.h"

namespace linger::viz {

struct DrainedWhy {
  std::int64_t step = -1;    // in which it was drained; -1: never
  std::string partition;     // "orders-0"
  std::string ready;         // "ready: expired"
  std::vector<Term> guards;  // of the look at its partition: any of these would have ended it,
  std::vector<Term> terms;   // any of these is enough
  std::vector<Term> drain;   // any of these would have left it
  friend bool operator==(const DrainedWhy&, const DrainedWhy&) = default;
};

// The last time until the instant. Too much work for every frame.
DrainedWhy why_drained(const Scene& scene, BatchRef batch);

}  // namespace linger::viz
