// A set of small numbers, walked in ascending order: a bit for each.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace linger::core {

class BitSet {
 public:
  // Forgets all, and takes numbers below `size`.
  void reset(std::size_t size) { words_.assign((size + kBits - 1) / kBits, 0); }

  // Requires: the number is below the size.
  void insert(std::size_t number) { words_[number / kBits] |= bit(number); }
  void erase(std::size_t number) { words_[number / kBits] &= ~bit(number); }
  bool contains(std::size_t number) const { return (words_[number / kBits] & bit(number)) != 0; }

  // The smallest that is not below `from`.
  std::optional<std::size_t> next(std::size_t from) const {
    std::size_t word = from / kBits;
    if (word >= words_.size()) return std::nullopt;
    std::uint64_t rest = words_[word] & (~std::uint64_t{0} << from % kBits);
    while (rest == 0) {
      if (++word == words_.size()) return std::nullopt;
      rest = words_[word];
    }
    return word * kBits + static_cast<std::size_t>(std::countr_zero(rest));
  }

 private:
  static constexpr std::size_t kBits = 64;
  static std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number % kBits; }

  std::vector<std::uint64_t> words_;
};

}  // namespace linger::core
