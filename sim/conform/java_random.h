// java.util.Random with a seed: what was pinned in the observations.
#pragma once

#include <cstdint>
#include <vector>

#include "core/id.h"

namespace linger::sim::conform {

// The linear congruential generator that Java's documentation fixes.
class JavaRandom {
 public:
  explicit JavaRandom(std::uint64_t seed) : state_{(seed ^ kMultiplier) & kMask} {}

  // Random.next(31).
  std::int32_t next_31_bits() {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<std::int32_t>(state_ >> 17);
  }

 private:
  static constexpr std::uint64_t kMultiplier = 0x5DEECE66D;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 48) - 1;
  std::uint64_t state_;
};

// So many draws of a generator with seed 0.
std::vector<std::int32_t> pinned_draws(std::size_t count);

// Collections.shuffle of the brokers 0, 1, … by a generator with seed 0.
std::vector<core::NodeId> shuffled_brokers(std::int32_t count);

}  // namespace linger::sim::conform
