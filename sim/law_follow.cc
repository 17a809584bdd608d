#include "sim/law_follow.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/trace.h"

namespace linger::sim {

LawFollow::LawFollow(std::shared_ptr<const Scenario> scenario, std::span<const Law> of_a_step)
    : world_{std::move(scenario)}, of_a_step_{of_a_step} {}

void LawFollow::follow(std::int64_t steps) {
  TraceSink sink;
  while (world_.steps < steps && !world_.ended && step(world_, sink)) {
    for (const TraceEvent& event : sink.events) watch_.take_in(event, world_, broken_);
    sink.events.clear();
    check(of_a_step_, world_, broken_);
    if (world_.ended) check(laws_of_a_run(), world_, broken_);
  }
}

std::optional<BrokenLaw> LawFollow::first_broken(std::int64_t from, std::int64_t to) const {
  for (const BrokenLaw& law : broken_) {
    if (law.step > from && law.step <= to) return law;
  }
  return std::nullopt;
}

std::vector<std::string_view> LawFollow::of_each_step() const {
  std::vector<std::string_view> names;
  for (const Law& law : of_a_step_) names.push_back(law.name);
  for (const std::string_view name : LawWatch::names()) names.push_back(name);
  return names;
}

std::vector<std::string_view> LawFollow::of_the_end() {
  std::vector<std::string_view> names;
  for (const Law& law : laws_of_a_run()) names.push_back(law.name);
  return names;
}

}  // namespace linger::sim
