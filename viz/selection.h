// What a person has clicked on.
#pragma once

#include <compare>
#include <cstddef>
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

// A request and the answer to it.
struct RequestRef {
  core::ProducerIndex producer;
  core::CorrelationId correlation;
  friend auto operator<=>(const RequestRef&, const RequestRef&) = default;
};

// Nothing, a batch, a record, a partition, a broker, a thread (a sender's, too), or a request.
using Selection = std::variant<std::monostate, BatchRef, core::RecordId, LaneRef, core::NodeId,
                               core::ThreadId, RequestRef>;

// A thing that a choice of the open question points at: a click on it is this choice.
struct PointedThing {
  Selection what;
  std::size_t choice = 0;  // from 0
  friend bool operator==(const PointedThing&, const PointedThing&) = default;
};

}  // namespace linger::viz
