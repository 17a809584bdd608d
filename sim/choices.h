// A sequence of small choices from which something at random is built.
//
// Whatever is built from choices can be made smaller without knowing what it is: with fewer
// choices, and lower ones. Whoever builds puts the plainest first and asks for no more than is
// needed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/random.h"

namespace linger::sim {

class Choices {
 public:
  // Drawn as they are asked for.
  explicit Choices(std::uint64_t seed)
      : random_{seed, core::RandomStream::Exploration}, is_drawn_{true} {}
  // These, as far as they go, and then zeros.
  explicit Choices(std::vector<std::uint32_t> given)
      : random_{0, core::RandomStream::Exploration}, given_{std::move(given)} {}

  // In [0, bound). Requires: bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    CHECK(bound > 0);
    const std::uint32_t choice = is_drawn_ ? static_cast<std::uint32_t>(random_.below(bound))
                                           : std::min(given_or_zero(), bound - 1);
    made_.push_back(choice);
    return choice;
  }
  // In [first, last], both included.
  std::int64_t from(std::int64_t first, std::int64_t last) {
    return first + below(static_cast<std::uint32_t>(last - first + 1));
  }
  // Once in so many times.
  bool once_in(std::uint32_t times) { return below(times) == times - 1; }
  // One of these, the plainest first.
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(static_cast<std::uint32_t>(values.size())));
  }

  // Those that were made so far: Choices{made()} makes them again.
  const std::vector<std::uint32_t>& made() const { return made_; }

 private:
  std::uint32_t given_or_zero() const {
    return made_.size() < given_.size() ? given_[made_.size()] : 0;
  }

  core::Random random_;
  bool is_drawn_ = false;
  std::vector<std::uint32_t> given_;
  std::vector<std::uint32_t> made_;
};

}  // namespace linger::sim
