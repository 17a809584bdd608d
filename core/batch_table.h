// All batches that some book still names, by id.
#pragma once

#include <utility>

#include "core/check.h"
#include "core/cow.h"
#include "core/id.h"
#include "core/id_window.h"
#include "core/producer_batch.h"

namespace linger::core {

// Copying the table costs a reference count for each live batch.
class BatchTable {
 public:
  BatchId next_id() const { return window_.next_id(); }

  ProducerBatch& add(ProducerBatch batch) {
    CHECK(batch.id == next_id());
    return window_.add(Cow<ProducerBatch>{std::move(batch)}).write();
  }
  bool contains(BatchId id) const { return window_.contains(id); }
  const ProducerBatch& at(BatchId id) const { return *window_.at(id); }
  ProducerBatch& write(BatchId id) { return slot(id).write(); }
  // Where it lies: to be looked at, and then written. Holds until a batch is added.
  Cow<ProducerBatch>& slot(BatchId id) { return window_.at(id); }
  void erase(BatchId id) { window_.erase(id); }

  // Calls visit(const ProducerBatch&) for each, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    window_.for_each([&visit](const Cow<ProducerBatch>& batch) { visit(*batch); });
  }

 private:
  IdWindow<BatchId, Cow<ProducerBatch>> window_;
};

}  // namespace linger::core
