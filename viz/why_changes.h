// Which event last changed a term of a decision.
#pragma once

#include <cstddef>
#include <optional>

#include "core/id.h"
#include "sim/call_flip.h"
#include "sim/decision_flip.h"
#include "sim/drain_flip.h"
#include "sim/term_flip.h"
#include "sim/trace.h"
#include "viz/selection.h"
#include "viz/trace_index.h"

namespace linger::viz {

// Looks back from a position of the trace. Each answer is a position before it; none: it was never
// changed.
class LastChange {
 public:
  using Found = std::optional<std::size_t>;

  LastChange(const std::vector<sim::TraceEvent>& trace, const TraceIndex& index, std::size_t before)
      : trace_{trace}, index_{index}, before_{before} {}

  Found of(sim::ReadinessTerm term, LaneRef lane, const core::ReadinessDecision& decision) const;
  Found of(sim::DrainTerm term, LaneRef lane, core::NodeId node,
           std::optional<core::BatchId> head) const;
  Found of(sim::SleepTerm term, core::ProducerIndex producer) const;
  Found of(sim::NodeTerm term, core::ProducerIndex producer, core::NodeId node) const;
  // Of a call that a thread is held in, about this record if it is about one.
  Found of(sim::CallTerm term, bool holds, core::ProducerIndex producer, core::ThreadId thread,
           std::optional<core::RecordId> record) const;

  // Where the call that a thread is in was last held.
  Found held(core::ThreadId thread) const;
  // When the batch was opened, made from one that was split, or put back into its deque.
  Found entered_deque(BatchRef batch) const;

 private:
  template <class... Events>
  Found last(core::ProducerIndex producer, const EventSubject& about = {}) const;
  Found left_the_line(core::ProducerIndex producer, core::ThreadId thread) const;
  Found completed_since(core::ProducerIndex producer, Found since) const;
  Found told_of(core::ProducerIndex producer, core::RecordId record) const;
  Found in_code(core::ProducerIndex producer, std::optional<core::RecordId> record) const;
  const sim::TraceEvent& at(std::size_t position) const { return trace_[position]; }

  const std::vector<sim::TraceEvent>& trace_;
  const TraceIndex& index_;
  std::size_t before_;
};

}  // namespace linger::viz
