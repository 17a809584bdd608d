// Random scenarios under the laws, and the smallest that breaks one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/runner.h"
#include "sim/scenario.h"

namespace linger::sim {

// What a law says is wrong with a run, first of all; a failed check of the model's own counts as a
// broken law. Nothing if all hold.
std::optional<BrokenLaw> first_broken_law(const std::shared_ptr<const Scenario>& scenario);

// What is wrong with a scenario's run, if anything.
using Judge = std::function<std::optional<BrokenLaw>(const std::shared_ptr<const Scenario>&)>;

struct Counterexample {
  std::uint64_t seed = 0;
  BrokenLaw broken;
  Scenario scenario;  // as small as it got: breaks the same law
};

// The scenario of a seed, see random_scenario(); a counterexample is made smaller.
std::optional<Counterexample> check_seed(std::uint64_t seed, const Judge& judge = first_broken_law);

}  // namespace linger::sim
