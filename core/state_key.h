// A state as a number: states that are the same give the same one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

// The order in which ids are met for the first time takes their place: which number somebody got
// makes no difference to what may come.
class FirstMet {
 public:
  struct Name {
    std::int64_t number = 0;
    bool is_new = false;
  };
  Name of(std::int64_t id) {
    const std::size_t number = find(id);
    if (number < few_ + more_.size()) return {static_cast<std::int64_t>(number), false};
    if (few_ < kFew) {
      first_[few_++] = id;
    } else {
      more_.push_back(id);
    }
    return {static_cast<std::int64_t>(number), true};
  }
  bool knows(std::int64_t id) const { return find(id) < few_ + more_.size(); }
  void clear() {
    few_ = 0;
    more_.clear();
  }

 private:
  static constexpr std::size_t kFew = 12;  // take no memory of their own

  // Its number, or the next one.
  std::size_t find(std::int64_t id) const {
    const auto first_end = first_.begin() + static_cast<std::ptrdiff_t>(few_);
    const auto at = std::find(first_.begin(), first_end, id);
    if (at != first_end) return static_cast<std::size_t>(at - first_.begin());
    return few_ +
           static_cast<std::size_t>(std::find(more_.begin(), more_.end(), id) - more_.begin());
  }

  std::array<std::int64_t, kFew> first_{};
  std::size_t few_ = 0;
  std::vector<std::int64_t> more_;
};

// Takes in what a state consists of, in an order that the state alone decides. Of 128 bits, so that
// two states that differ have the same key about as often as memory lies.
//
// Times are told as distances from now, and those that are further away than `far` are all the
// same. Ids are not told at all: see FirstMet.
class StateKey {
 public:
  struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const Digest&, const Digest&) = default;
  };
  struct Clocks {
    Instant world{};
    Millis producers{};
    Duration far{};
  };
  explicit StateKey(Clocks clocks) : clocks_{clocks} {}

  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void add(T value) { mix(static_cast<std::uint64_t>(value)); }
  void add(Bytes bytes) { add(bytes.count()); }
  void add(Duration duration) { add(duration.count()); }
  void add(Milliseconds duration) { add(duration.count()); }
  // Names of the scenario's own things; those that are given on the way go through FirstMet.
  void add(NodeId id) { add(id.value()); }
  void add(TopicId id) { add(id.value()); }
  void add(ThreadId id) { add(id.value()); }
  void add(ProducerIndex id) { add(id.value()); }
  void add(CallbackId id) { add(id.value()); }
  void add(TopicPartition partition) {
    add(partition.topic);
    add(partition.partition);
  }
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) add(c);
  }
  void add(ByteSpan bytes) {
    add(bytes.size());
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      word = (word << 8) | bytes[i];
      if (i % 8 == 7) mix(std::exchange(word, 0));
    }
    mix(word);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class First, class Second, class... Rest>
  void add(const First& first, const Second& second, const Rest&... rest) {
    add(first);
    add(second);
    (add(rest), ...);
  }

  // When something will be so.
  void deadline(Millis at) {
    const auto far = std::chrono::floor<Milliseconds>(clocks_.far);
    const bool is_far = at > clocks_.producers && at - clocks_.producers > far;
    add(is_far ? far + Milliseconds{1} : std::max(at - clocks_.producers, Milliseconds{0}));
  }
  void deadline(Instant at) {
    const bool is_far = at > clocks_.world && at - clocks_.world > clocks_.far;
    add(is_far ? clocks_.far + Duration{1} : std::max(at - clocks_.world, Duration{0}));
  }
  template <class Time>
  void deadline(const std::optional<Time>& at) {
    add(at.has_value());
    if (at) deadline(*at);
  }
  // Since when something is so.
  void age(Millis since) {
    const auto far = std::chrono::floor<Milliseconds>(clocks_.far);
    add(std::clamp(clocks_.producers - since, Milliseconds{0}, far + Milliseconds{1}));
  }
  void age(Instant since) {
    add(std::clamp(clocks_.world - since, Duration{0}, clocks_.far + Duration{1}));
  }

  Digest digest() const { return {high_, low_}; }

 private:
  void mix(std::uint64_t word) {
    high_ = (high_ ^ word) * 0x9fb21c651e98df25u;
    high_ ^= high_ >> 32;
    low_ = (low_ + word + 0x2545f4914f6cdd1du) * 0xd6e8feb86659fd93u;
    low_ ^= (low_ >> 29) ^ (high_ << 7);
  }

  Clocks clocks_;
  std::uint64_t high_ = 0x243f6a8885a308d3u;
  std::uint64_t low_ = 0x13198a2e03707344u;
};

}  // namespace linger::core
