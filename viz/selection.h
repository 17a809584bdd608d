// What a person has clicked on.
#pragma once

#include <compare>
#include <variant>

#include "core/id.h"

namespace linger::viz {

// Batches are numbered by each producer for itself.
struct BatchRef {
  core::ProducerIndex producer;
  core::BatchId batch;
  friend auto operator<=>(const BatchRef&, const BatchRef&) = default;
};

// A partition's deque in one producer.
struct LaneRef {
  core::ProducerIndex producer;
  core::TopicPartition partition;
  friend auto operator<=>(const LaneRef&, const LaneRef&) = default;
};

// Nothing, a batch, a record, a partition, or a broker.
using Selection = std::variant<std::monostate, BatchRef, core::RecordId, LaneRef, core::NodeId>;

}  // namespace linger::viz
