#include "sim/random_faults.h"

#include <cstddef>
#include <utility>

#include "core/check.h"
#include "core/random.h"

namespace linger::sim {

namespace {

// Between two of them lies on average what the rate says: anything from none to twice that.
void draw(const RandomFaults& random, core::Random chance, std::vector<ScheduledFault>& faults) {
  CHECK(!random.of.empty() && random.count > 0 && random.within > Duration{0});
  const std::int64_t longest = 2 * random.within.count() / random.count;
  for (Instant at = random.from;;) {
    const std::int64_t gap = chance.uniform(0, longest);
    const std::uint64_t which = chance.below(random.of.size());
    at += Duration{gap + 1};
    if (at > random.until) return;
    faults.push_back(
        {Moment{at, std::nullopt}, random.of[static_cast<std::size_t>(which)], random.line});
  }
}

}  // namespace

std::shared_ptr<const Scenario> with_drawn_faults(std::shared_ptr<const Scenario> scenario) {
  if (scenario->random_faults.empty()) return scenario;
  Scenario drawn = *scenario;
  for (std::size_t i = 0; i < drawn.random_faults.size(); ++i) {
    draw(drawn.random_faults[i],
         {drawn.seed, core::RandomStream::Faults, static_cast<std::uint32_t>(i)}, drawn.faults);
  }
  drawn.random_faults.clear();
  return std::make_shared<const Scenario>(std::move(drawn));
}

}  // namespace linger::sim
