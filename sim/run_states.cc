#include "sim/run_states.h"

#include <utility>

#include "core/check.h"
#include "sim/explorable.h"
#include "sim/trace.h"

namespace linger::sim {

RunStates::RunStates(std::shared_ptr<const Scenario> scenario, const ExploreOptions& options)
    : options_{options}, has_names_{!why_not_explorable(*scenario)}, world_{std::move(scenario)} {
  note();
}

void RunStates::follow(std::int64_t steps) {
  TraceSink sink;
  sink.is_on = false;
  try {
    while (world_.steps < steps && !has_failed_ && step(world_, sink)) note();
  } catch (const core::CheckFailure&) {
    has_failed_ = true;
  }
}

void RunStates::note() {
  const ExploredWorld explored = explored_world(world_, options_);
  State state;
  if (has_names_) state.name = state_name(explored, options_);
  state.moves = moves_in(explored, options_).size();
  states_.push_back(state);
}

}  // namespace linger::sim
