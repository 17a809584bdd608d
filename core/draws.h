// The choices that a Java client leaves to chance, number by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/random.h"

namespace linger::core {

// Numbers of 31 bits, as partitioners make them with toPositive(nextInt()): drawn from a stream,
// or, where chance is pinned, read from a list that starts over at its end.
class Draws {
 public:
  Draws() : Draws{Random{0, RandomStream::PartitionChoice}} {}
  Draws(Random random) : random_{random} {}  // NOLINT: a stream is draws
  // An empty list pins nothing. Requires: no number is negative.
  Draws(Random random, std::vector<std::int32_t> pinned) : random_{random} {
    if (pinned.empty()) return;
    pinned_ = std::make_shared<const std::vector<std::int32_t>>(std::move(pinned));
  }

  // How many numbers were handed out.
  std::uint64_t taken() const { return pinned_ ? next_ : random_.draws_taken(); }
  // The number that is handed out next, while chance is pinned. Requires: is_pinned().
  bool is_pinned() const { return pinned_ != nullptr; }
  std::int32_t pinned_at(std::uint64_t index) const {
    CHECK(is_pinned());
    return (*pinned_)[static_cast<std::size_t>(index % pinned_->size())];
  }

  // In [0, 2^31).
  std::int32_t next_31_bits() {
    if (pinned_) return pinned_at(next_++);
    return static_cast<std::int32_t>(random_.next_u64() & 0x7fffffff);
  }

  // In [0, bound). Of pinned numbers: what Random.nextInt(bound) makes of them, but for its rare
  // second draw. Requires: bound > 0.
  std::int32_t below(std::int32_t bound) {
    CHECK(bound > 0);
    if (!pinned_) {
      return static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(bound)));
    }
    const std::int32_t drawn = pinned_at(next_++);
    const bool is_power_of_two = (bound & (bound - 1)) == 0;
    if (!is_power_of_two) return drawn % bound;
    return static_cast<std::int32_t>((std::int64_t{bound} * drawn) >> 31);
  }

  friend bool operator==(const Draws& a, const Draws& b) {
    return a.random_ == b.random_ && a.next_ == b.next_ &&
           (a.pinned_ == b.pinned_ || (a.pinned_ && b.pinned_ && *a.pinned_ == *b.pinned_));
  }

 private:
  Random random_;
  std::shared_ptr<const std::vector<std::int32_t>> pinned_;  // never changed: copies share it
  std::uint64_t next_ = 0;
};

// Numbers that take the place of a producer's random ones; empty: chance.
struct PinnedDraws {
  std::vector<std::int32_t> partitions;  // where no key chooses one
  std::vector<std::int32_t> nodes;       // where the search for the least loaded one begins
  std::vector<std::int32_t> node_order;  // how the nodes of each metadata answer are shuffled
  friend bool operator==(const PinnedDraws&, const PinnedDraws&) = default;
};

}  // namespace linger::core
