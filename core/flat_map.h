// A map in one piece of memory, for few keys, or for keys that count from 0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/check.h"

namespace linger::core {

// Used as std::map is, and walked in the same order. A key that counts from 0 is found where it
// stands if all the keys below it are there, as the partitions of a topic mostly are; others by
// halving. What is added in the middle moves what stands behind it: references to values hold until
// a key is added or erased.
template <class Key, class T>
class FlatMap {
 public:
  using value_type = std::pair<Key, T>;
  using iterator = typename std::vector<value_type>::iterator;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }

  iterator find(const Key& key) {
    const auto place = number_of(key);
    if (is_at(place, key)) [[likely]]
      return begin() + static_cast<std::ptrdiff_t>(place);
    return begin() + (std::as_const(*this).find_by_halving(key) - entries_.cbegin());
  }
  const_iterator find(const Key& key) const {
    const auto place = number_of(key);
    if (is_at(place, key)) [[likely]]
      return begin() + static_cast<std::ptrdiff_t>(place);
    return find_by_halving(key);
  }
  bool contains(const Key& key) const { return find(key) != end(); }
  T& at(const Key& key) {
    const auto found = find(key);
    CHECK(found != end());
    return found->second;
  }
  const T& at(const Key& key) const {
    const auto found = find(key);
    CHECK(found != end());
    return found->second;
  }

  // The value, and whether it is new.
  template <class... Arguments>
  std::pair<iterator, bool> try_emplace(const Key& key, Arguments&&... arguments) {
    const auto found = find(key);
    if (found != end()) return {found, false};
    T value{std::forward<Arguments>(arguments)...};
    return {entries_.emplace(lower_bound(key), key, std::move(value)), true};
  }
  T& operator[](const Key& key) { return try_emplace(key).first->second; }
  void insert_or_assign(const Key& key, T value) { (*this)[key] = std::move(value); }

  iterator erase(const_iterator at) { return entries_.erase(at); }
  std::size_t erase(const Key& key) {
    const auto found = find(key);
    if (found == end()) return 0;
    entries_.erase(found);
    return 1;
  }
  // Erases the pairs of which it says so.
  template <class Predicate>
  void erase_if(Predicate predicate) {
    std::erase_if(entries_, predicate);
  }
  void clear() { entries_.clear(); }

  friend bool operator==(const FlatMap&, const FlatMap&) = default;

 private:
  const_iterator lower_bound(const Key& key) const {
    return std::lower_bound(begin(), end(), key,
                            [](const value_type& entry, const Key& k) { return entry.first < k; });
  }
  const_iterator find_by_halving(const Key& key) const {
    const const_iterator at = lower_bound(key);
    return at != end() && at->first == key ? at : end();
  }
  bool is_at(std::size_t place, const Key& key) const {
    return place < size() && entries_[place].first == key;
  }
  static std::size_t number_of(const Key& key) {
    if constexpr (std::is_integral_v<Key>) {
      return static_cast<std::size_t>(key);
    } else if constexpr (requires { key.value(); }) {
      return static_cast<std::size_t>(key.value());
    } else {
      return std::numeric_limits<std::size_t>::max();  // such keys do not count
    }
  }

  std::vector<value_type> entries_;
};

}  // namespace linger::core
