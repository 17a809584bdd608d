// What would become of a request if something alone were otherwise: the world is copied, changed in
// this alone, and run on.
#pragma once

#include <cstdint>
#include <optional>

#include "core/id.h"
#include "core/time.h"
#include "sim/timeline.h"
#include "sim/world.h"

namespace linger::sim {

struct RequestId {
  core::ProducerIndex producer;
  core::CorrelationId correlation;
  core::NodeId node;
  friend bool operator==(const RequestId&, const RequestId&) = default;
};

struct RequestFate {
  enum class Kind {
    Open,  // not known after as many steps as are run at most
    Answered,
    Failed  // its connection is lost, or its time was up
  };
  Kind kind = Kind::Open;
  core::Instant at{};  // when that was, unless it is open
  friend bool operator==(const RequestFate&, const RequestFate&) = default;
};

// Another fate, or the same sooner.
inline bool changes_outcome(const RequestFate& now, const RequestFate& then) {
  const bool is_sooner = then.kind == RequestFate::Kind::Answered && then.at < now.at;
  return then.kind != now.kind || is_sooner;
}

// As things are. Requires: it is in flight.
RequestFate fate_of(const World& world, const RequestId& request);

// What is still to happen to a request, in the order in which it happens.
enum class RequestStage { Written, Received, Answered, Here };
// Were it over at once, and took no time: what its wire, or the broker and those that follow it,
// have for the next instants happens now. None: nothing is under way of which that could be said.
// Requires: it is in flight.
std::optional<RequestFate> fate_without_waiting(const World& world, const RequestId& request,
                                                RequestStage stage);

// Had the fault never struck that took effect in this step. None: the request would not have been
// sent, or it is too long ago to be run again.
std::optional<RequestFate> fate_without_fault(const Timeline& run, std::int64_t step,
                                              const RequestId& request);

}  // namespace linger::sim
