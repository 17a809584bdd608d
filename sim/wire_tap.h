// The bytes on the wires, which a trace does not keep: found by running the scenario once more.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sim/scenario.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// Follows a run of the same scenario, some steps behind it or level with it. Bytes are shared with
// whoever sent them.
class WireTap {
 public:
  explicit WireTap(std::shared_ptr<const Scenario> scenario) : world_{std::move(scenario)} {}

  // Runs on until so many steps are done.
  void follow(std::int64_t steps);
  std::int64_t steps() const { return world_.steps; }

  // The segments that left in one direction of a connection, in their order.
  std::span<const SharedBytes> segments(ConnectionId connection, Direction direction) const;

 private:
  World world_;
  std::map<std::pair<ConnectionId, Direction>, std::vector<SharedBytes>> segments_;
};

}  // namespace linger::sim
