// A list that grows without moving what it holds.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace linger::sim {

// In chunks: a list of a million large things costs no copy of them on its way there, and no memory
// beside theirs. The first chunk grows as a vector does, so that a short list is small.
template <class T>
class GrowingList {
  template <class List, class Value>
  class Place {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = T;
    using reference = Value&;
    using pointer = Value*;
    using iterator_category = std::forward_iterator_tag;

    Place() = default;
    Place(List& list, std::size_t index) : list_{&list}, index_{index} {}
    Value& operator*() const { return (*list_)[index_]; }
    Value* operator->() const { return &(*list_)[index_]; }
    Place& operator++() {
      ++index_;
      return *this;
    }
    Place operator++(int) { return {*list_, index_++}; }
    friend bool operator==(const Place&, const Place&) = default;

   private:
    List* list_ = nullptr;
    std::size_t index_ = 0;
  };

 public:
  using value_type = T;
  using iterator = Place<GrowingList, T>;
  using const_iterator = Place<const GrowingList, const T>;

  bool empty() const { return chunks_.empty() || chunks_.front().empty(); }
  std::size_t size() const {
    return chunks_.empty() ? 0 : (chunks_.size() - 1) * kChunk + chunks_.back().size();
  }
  T& operator[](std::size_t index) { return chunks_[index / kChunk][index % kChunk]; }
  const T& operator[](std::size_t index) const { return chunks_[index / kChunk][index % kChunk]; }
  iterator begin() { return {*this, 0}; }
  iterator end() { return {*this, size()}; }
  const_iterator begin() const { return {*this, 0}; }
  const_iterator end() const { return {*this, size()}; }

  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    if (chunks_.empty() || chunks_.back().size() == kChunk) begin_chunk();
    return chunks_.back().emplace_back(std::forward<Arguments>(arguments)...);
  }
  // What a short list needed is used again.
  void clear() {
    if (chunks_.size() > 1) chunks_.resize(1);
    if (!chunks_.empty()) chunks_.front().clear();
  }
  // All of it; the list is empty then.
  std::vector<T> take() {
    std::vector<T> all;
    if (chunks_.size() == 1) {
      all = std::move(chunks_.front());
    } else {
      all.reserve(size());
      for (T& one : *this) all.push_back(std::move(one));
    }
    chunks_.clear();
    return all;
  }

 private:
  static constexpr std::size_t kChunk = 256;

  void begin_chunk() {
    chunks_.emplace_back();
    if (chunks_.size() > 1) chunks_.back().reserve(kChunk);
  }

  std::vector<std::vector<T>> chunks_;  // all but the last one are full
};

}  // namespace linger::sim
