// The laws of a run, found by running its scenario once more: where each breaks first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/law_watch.h"
#include "sim/laws.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace linger::sim {

// Follows a run of the same scenario, some steps behind it or level with it.
class LawFollow {
 public:
  explicit LawFollow(std::shared_ptr<const Scenario> scenario,
                     std::span<const Law> of_a_step = laws_of_a_step());

  // Runs on until so many steps are done.
  void follow(std::int64_t steps);
  std::int64_t steps() const { return world_.steps; }

  // Each law that is broken by now, where it was first.
  const std::vector<BrokenLaw>& broken() const { return broken_; }
  // The first that breaks after more than `from` steps, and no more than `to`.
  std::optional<BrokenLaw> first_broken(std::int64_t from, std::int64_t to) const;
  // All that are looked at: in each step, event by event, and at the end.
  std::vector<std::string_view> of_each_step() const;
  static std::vector<std::string_view> of_the_end();

 private:
  World world_;
  std::span<const Law> of_a_step_;
  LawWatch watch_;
  std::vector<BrokenLaw> broken_;
};

}  // namespace linger::sim
