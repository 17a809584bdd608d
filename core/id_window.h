// Values by ids that are given in ascending order, and leave in about the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.h"

namespace linger::core {

//   gone … 5 ──▶ [ 6 | - | 8 | 9 ] ──▶ 10, the next
//
// The ids from the oldest that is still there to the newest lie in a ring.
template <class Id, class T>
class IdWindow {
 public:
  Id next_id() const { return Id{next_}; }

  // Made of these.
  template <class... Arguments>
  T& add(Arguments&&... arguments) {
    if (static_cast<std::size_t>(next_ - first_) == slots_.size()) grow();
    return slot(next_++).emplace(std::forward<Arguments>(arguments)...);
  }
  bool contains(Id id) const {
    // Below the first the difference wraps around to something large.
    const auto place = static_cast<std::uint64_t>(id.value()) - static_cast<std::uint64_t>(first_);
    return place < static_cast<std::uint64_t>(next_ - first_) && slot(id.value()).has_value();
  }
  T& at(Id id) {
    CHECK(contains(id));
    return *slot(id.value());
  }
  const T& at(Id id) const {
    CHECK(contains(id));
    return *slot(id.value());
  }
  void erase(Id id) {
    CHECK(contains(id));
    slot(id.value()).reset();
    while (first_ < next_ && !slot(first_)) ++first_;
  }

  // Calls visit(const T&) for each, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::int64_t id = first_; id < next_; ++id) {
      if (slot(id)) visit(*slot(id));
    }
  }

 private:
  using Slot = std::optional<T>;

  // The size is a power of two, the mask one less.
  std::size_t place_of(std::int64_t id) const { return static_cast<std::size_t>(id) & mask_; }
  Slot& slot(std::int64_t id) { return slots_[place_of(id)]; }
  const Slot& slot(std::int64_t id) const { return slots_[place_of(id)]; }

  void grow() {
    const std::size_t size = slots_.empty() ? 4 : 2 * slots_.size();
    mask_ = size - 1;
    std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(size));
    for (std::int64_t id = first_; id < next_; ++id) {
      slot(id) = std::move(before[static_cast<std::size_t>(id) & (before.size() - 1)]);
    }
  }

  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
};

}  // namespace linger::core
