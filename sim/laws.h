// What must hold in every world, one named function each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/world.h"

namespace linger::sim {

struct BrokenLaw {
  std::string name;
  std::string what;
  std::int64_t step = 0;  // after so many steps
  Instant at{};
};

// Nothing if the law holds, else what is wrong.
using LawCheck = std::optional<std::string> (*)(const World&);

struct Law {
  std::string_view name;
  LawCheck broken;
};

// After each step.
std::span<const Law> laws_of_a_step();
// When the run is over.
std::span<const Law> laws_of_a_run();

}  // namespace linger::sim
