#include "sim/wire_tap.h"

#include <variant>

namespace linger::sim {

void WireTap::follow(std::int64_t steps) {
  TraceSink sink;
  sink.is_on = false;
  sink.keeps_traffic = true;
  while (world_.steps < steps && step(world_, sink)) {
    for (const Traffic& traffic : sink.take_traffic()) {
      for (const Scheduled& scheduled : traffic.effects.scheduled) {
        const auto* segment = std::get_if<SegmentArrival>(&scheduled.event);
        if (segment == nullptr) continue;
        segments_[{segment->connection, segment->direction}].push_back(segment->bytes);
      }
    }
  }
}

std::span<const SharedBytes> WireTap::segments(ConnectionId connection, Direction direction) const {
  const auto found = segments_.find({connection, direction});
  if (found == segments_.end()) return {};
  return found->second;
}

}  // namespace linger::sim
