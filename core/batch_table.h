// All batches that some book still names, by id.
#pragma once

#include <utility>
#include <vector>

#include "core/check.h"
#include "core/cow.h"
#include "core/id.h"
#include "core/id_window.h"
#include "core/producer_batch.h"

namespace linger::core {

// The memory of batches that are gone, for those to come. It is no part of the table's value: a
// copy begins without any.
class SpareBatches {
 public:
  SpareBatches() = default;
  SpareBatches(const SpareBatches&) {}
  SpareBatches(SpareBatches&&) noexcept = default;
  SpareBatches& operator=(const SpareBatches&) {
    spare_.clear();
    return *this;
  }
  SpareBatches& operator=(SpareBatches&&) noexcept = default;

  void keep(Cow<ProducerBatch> batch) {
    if (!batch.is_shared()) spare_.push_back(std::move(batch));
  }
  // The batch, in memory that was used before if there is some.
  Cow<ProducerBatch> house(ProducerBatch batch) {
    if (spare_.empty()) return Cow<ProducerBatch>{std::move(batch)};
    Cow<ProducerBatch> home = std::move(spare_.back());
    spare_.pop_back();
    ProducerBatch& before = home.write();
    before.records.clear();
    batch.records.swap(before.records);
    before = std::move(batch);
    return home;
  }

 private:
  std::vector<Cow<ProducerBatch>> spare_;
};

// Copying the table costs a reference count for each live batch.
class BatchTable {
 public:
  BatchId next_id() const { return window_.next_id(); }

  ProducerBatch& add(ProducerBatch batch) {
    CHECK(batch.id == next_id());
    CHECK(batch.records.empty());
    return window_.add(spare_.house(std::move(batch))).write();
  }
  bool contains(BatchId id) const { return window_.contains(id); }
  const ProducerBatch& at(BatchId id) const { return *window_.at(id); }
  ProducerBatch& write(BatchId id) { return slot(id).write(); }
  // Where it lies: to be looked at, and then written. Holds until a batch is added.
  Cow<ProducerBatch>& slot(BatchId id) { return window_.at(id); }
  void erase(BatchId id) {
    spare_.keep(std::move(window_.at(id)));
    window_.erase(id);
  }

  // Calls visit(const ProducerBatch&) for each, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    window_.for_each([&visit](const Cow<ProducerBatch>& batch) { visit(*batch); });
  }

 private:
  IdWindow<BatchId, Cow<ProducerBatch>> window_;
  SpareBatches spare_;
};

}  // namespace linger::core
