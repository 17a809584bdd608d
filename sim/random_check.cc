#include "sim/random_check.h"

#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "sim/random_scenario.h"
#include "sim/shrink.h"

namespace linger::sim {
namespace {

std::shared_ptr<const Scenario> scenario_of(Choices choices) {
  return std::make_shared<const Scenario>(random_scenario(choices));
}

}  // namespace

std::optional<BrokenLaw> first_broken_law(const std::shared_ptr<const Scenario>& scenario) {
  Run run{scenario, {.until = std::nullopt, .checks_laws = true, .makes_digests = false}};
  try {
    while (run.step()) {
    }
    const RunResult result = run.finish();
    if (result.broken_laws.empty()) return std::nullopt;
    return result.broken_laws.front();
  } catch (const core::CheckFailure& failure) {
    return BrokenLaw{"the model's own checks hold", failure.what(), run.world().steps,
                     run.world().now};
  }
}

std::optional<Counterexample> check_seed(std::uint64_t seed, const Judge& judge) {
  Choices drawn{seed};
  const auto scenario = std::make_shared<const Scenario>(random_scenario(drawn));
  const auto broken = judge(scenario);
  if (!broken) return std::nullopt;
  const ChoiceList choices = shrunk(drawn.made(), [&](const ChoiceList& candidate) {
    const auto same = judge(scenario_of(Choices{candidate}));
    return same && same->name == broken->name;
  });
  const auto smallest = scenario_of(Choices{choices});
  return Counterexample{seed, judge(smallest).value(), *smallest};
}

}  // namespace linger::sim
