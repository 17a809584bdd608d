// Which events change a term of a decision.
#pragma once

#include <functional>
#include <optional>

#include "core/id.h"
#include "sim/decision_flip.h"
#include "sim/drain_flip.h"
#include "sim/term_flip.h"
#include "sim/trace.h"
#include "viz/selection.h"

namespace linger::viz {

using ChangesTerm = std::function<bool(const sim::TraceEvent&)>;

ChangesTerm changes_of(sim::ReadinessTerm term, LaneRef lane,
                       const core::ReadinessDecision& decision);
ChangesTerm changes_of(sim::DrainTerm term, LaneRef lane, core::NodeId node,
                       std::optional<core::BatchId> head);
ChangesTerm changes_of(sim::SleepTerm term, core::ProducerIndex producer);
ChangesTerm changes_of(sim::NodeTerm term, core::ProducerIndex producer, core::NodeId node);

}  // namespace linger::viz
