// All batches that some book still names, by id.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "core/check.h"
#include "core/cow.h"
#include "core/id.h"
#include "core/producer_batch.h"

namespace linger::core {

// Ids are given in the order of opening, so the live ones lie in a window that moves on. Copying
// the table costs a reference count for each live batch.
class BatchTable {
 public:
  BatchId next_id() const { return BatchId{first_ + static_cast<std::int64_t>(window_.size())}; }

  ProducerBatch& add(ProducerBatch batch) {
    CHECK(batch.id == next_id());
    window_.emplace_back(Cow<ProducerBatch>{std::move(batch)});
    return window_.back()->write();
  }
  bool contains(BatchId id) const {
    const std::int64_t at = id.value() - first_;
    return at >= 0 && at < static_cast<std::int64_t>(window_.size()) &&
           window_[static_cast<std::size_t>(at)].has_value();
  }
  const ProducerBatch& at(BatchId id) const {
    CHECK(contains(id));
    return **window_[static_cast<std::size_t>(id.value() - first_)];
  }
  ProducerBatch& write(BatchId id) {
    CHECK(contains(id));
    return window_[static_cast<std::size_t>(id.value() - first_)]->write();
  }
  void erase(BatchId id) {
    CHECK(contains(id));
    window_[static_cast<std::size_t>(id.value() - first_)].reset();
    while (!window_.empty() && !window_.front()) {
      window_.pop_front();
      ++first_;
    }
  }

  // Calls visit(const ProducerBatch&) for each, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& batch : window_) {
      if (batch) visit(**batch);
    }
  }

 private:
  std::int64_t first_ = 0;
  std::deque<std::optional<Cow<ProducerBatch>>> window_;
};

}  // namespace linger::core
