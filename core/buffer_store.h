// The buffers batches are written into, by identity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/cow.h"
#include "core/id.h"

namespace linger::core {

// A buffer keeps its identity while it goes from batch to batch through the pool. A request in
// flight names the buffer, and the channel reads what the buffer holds when it writes: a buffer
// that is used again too early puts another batch's bytes on the wire (KAFKA-19012). A buffer its
// owner gave up stays until the last request that names it has let go.
class BufferStore {
 public:
  BufferId create() {
    if (unused_.empty()) {
      slots_.emplace_back();
      return BufferId{static_cast<std::int64_t>(slots_.size()) - 1};
    }
    const BufferId id = unused_.back();
    unused_.pop_back();
    slot(id) = Slot{};
    return id;
  }

  const ByteVector& bytes(BufferId id) const { return *slot(id).bytes; }
  ByteVector& write(BufferId id) { return slot(id).bytes.write(); }

  void add_reader(BufferId id) { ++slot(id).readers; }
  void remove_reader(BufferId id) {
    CHECK(slot(id).readers > 0);
    --slot(id).readers;
    free_if_unused(id);
  }
  bool has_readers(BufferId id) const { return slot(id).readers > 0; }

  // The owner will not write to it again.
  void discard(BufferId id) {
    CHECK(!slot(id).discarded);
    slot(id).discarded = true;
    free_if_unused(id);
  }

 private:
  struct Slot {
    Cow<ByteVector> bytes;
    std::int32_t readers = 0;
    bool discarded = false;
  };

  Slot& slot(BufferId id) { return const_cast<Slot&>(std::as_const(*this).slot(id)); }
  const Slot& slot(BufferId id) const {
    CHECK(id.value() >= 0 && static_cast<std::size_t>(id.value()) < slots_.size());
    return slots_[static_cast<std::size_t>(id.value())];
  }
  void free_if_unused(BufferId id) {
    if (slot(id).discarded && slot(id).readers == 0) unused_.push_back(id);
  }

  std::vector<Slot> slots_;
  std::vector<BufferId> unused_;
};

}  // namespace linger::core
