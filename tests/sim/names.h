// What tests of the simulation call the first of each.
#pragma once

#include "core/id.h"
#include "sim/wire_event.h"

namespace linger::sim {

inline constexpr ClientSocket kSocket{ProducerIndex{0}, core::NodeId{0}};
inline constexpr core::TopicPartition kOrders0{core::TopicId{0}, 0};

}  // namespace linger::sim
