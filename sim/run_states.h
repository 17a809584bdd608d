// The states that a run comes through, as the explorer tells them apart, and how many moves there
// are in each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/chosen_move.h"
#include "sim/explorer.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace linger::sim {

// Found by running the scenario once more, as far as is asked for.
class RunStates {
 public:
  RunStates(std::shared_ptr<const Scenario> scenario, const ExploreOptions& options);

  // Until so many steps are done, the run is over, or a check of the model fails.
  void follow(std::int64_t steps);

  struct State {
    StateName name;  // the same for all, if the scenario cannot be explored
    std::size_t moves = 0;
  };
  // After 0, 1, 2, … steps.
  const std::vector<State>& states() const { return states_; }

 private:
  void note();

  ExploreOptions options_;
  bool has_names_;
  World world_;
  bool has_failed_ = false;
  std::vector<State> states_;
};

}  // namespace linger::sim
