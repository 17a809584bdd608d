// Chance as a function: a draw is keyed by (seed, stream, index), and so never depends on what else
// was drawn before it.
#pragma once

#include <cstdint>
#include <limits>

#include "core/check.h"

namespace linger::core {

// Who draws. A draw added to one stream leaves the others as they were.
enum class RandomStream : std::uint8_t {
  Network,
  Brokers,
  Applications,
  BackoffJitter,
  PartitionChoice,
  Faults,
  Exploration,
};

// A probability in integers: Ratio{1, 20} is five in a hundred. Requires: denominator > 0 and
// 0 <= numerator <= denominator.
struct Ratio {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
  friend constexpr bool operator==(const Ratio&, const Ratio&) = default;
};

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits in which every
// input bit moves about half of the output bits.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 31;
  return x;
}

// The draw numbered `index` of a stream: SplitMix64 started at a point that seed and stream choose.
// Two streams of one seed start at unrelated points of its cycle of 2^64.
constexpr std::uint64_t draw(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;
  const std::uint64_t start = mixed(mixed(seed + kGoldenGamma) ^ (stream + 1) * kGoldenGamma);
  return mixed(start + (index + 1) * kGoldenGamma);
}
constexpr std::uint64_t draw(std::uint64_t seed, RandomStream stream, std::uint64_t index) {
  return draw(seed, static_cast<std::uint64_t>(stream), index);
}

// One stream of draws and how many were taken from it. A copy goes on with the same draws.
class Random {
 public:
  constexpr Random(std::uint64_t seed, RandomStream stream) : Random(seed, stream, 0) {}

  // The `part`-th of many streams of a kind: one per link, per producer, per broker.
  constexpr Random(std::uint64_t seed, RandomStream stream, std::uint32_t part)
      : seed_{seed}, stream_{(std::uint64_t{part} << 8) | static_cast<std::uint64_t>(stream)} {}

  constexpr std::uint64_t draws_taken() const { return next_; }

  constexpr std::uint64_t next_u64() { return draw(seed_, stream_, next_++); }

  // Uniform in [0, bound). Always one draw: the bias is below bound / 2^64. Requires: bound > 0.
  constexpr std::uint64_t below(std::uint64_t bound) {
    CHECK(bound > 0);
    return high_half(next_u64(), bound);
  }

  // Uniform in [first, last], both included. Requires: first <= last.
  constexpr std::int64_t uniform(std::int64_t first, std::int64_t last) {
    CHECK(first <= last);
    const std::uint64_t width =
        static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
    const std::uint64_t offset =
        width == std::numeric_limits<std::uint64_t>::max() ? next_u64() : below(width + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + offset);
  }

  // As Java's Random.nextInt(): any of the 2^32 integers.
  constexpr std::int32_t next_i32() {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(next_u64() >> 32));
  }

  // True with this probability. Always one draw, also where the answer is certain, so that changing
  // a probability does not shift the draws that follow.
  constexpr bool chance(Ratio probability) {
    CHECK(probability.denominator > 0 && probability.numerator <= probability.denominator);
    return below(probability.denominator) < probability.numerator;
  }

  friend constexpr bool operator==(const Random&, const Random&) = default;

 private:
  // The upper 64 bits of a * b, in 32-bit pieces: 128-bit integers are not portable.
  static constexpr std::uint64_t high_half(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t kLow = 0xffffffffu;
    const std::uint64_t low = (a & kLow) * (b & kLow);
    const std::uint64_t middle = (a >> 32) * (b & kLow) + (low >> 32);
    const std::uint64_t carry = (a & kLow) * (b >> 32) + (middle & kLow);
    return (a >> 32) * (b >> 32) + (middle >> 32) + (carry >> 32);
  }

  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t next_ = 0;
};

}  // namespace linger::core
