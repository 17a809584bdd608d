// java.util.Random with a seed: chance as a Java client has it, where it is pinned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace linger::sim {

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

// So many draws, beginning with the one after the first `skip`; those come last.
struct JavaSeries {
  std::uint64_t seed = 0;
  std::size_t count = 0;
  std::size_t skip = 0;  // at most count
};
std::vector<std::int32_t> draws_of(const JavaSeries& series);
// The series of seed 0, or of the same with a draw taken, that these numbers are; or none.
std::optional<JavaSeries> java_series_of(const std::vector<std::int32_t>& draws);

// So many draws of a generator with seed 0.
std::vector<std::int32_t> pinned_draws(std::size_t count);

}  // namespace linger::sim
