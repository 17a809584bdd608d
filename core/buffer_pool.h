// buffer.memory: a fixed amount of memory that batches are built in.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/client_error.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/rules.h"
#include "core/time.h"

namespace linger::core {

// Memory for batches, in one of these places at any time:
//
//   total = non-pooled + free list + held by batches + gathered by waiters
//
//   free list    idle buffers of exactly batch.size, the oldest taken first
//   non-pooled   bytes that belong to no buffer: never used yet, or of another size than batch.size
//   waiters      blocked allocations, served first come first served. Only the head is ever
//                signalled, and it keeps what it gathers; but an allocation that can be met at once
//                passes them all.
//
// Invariant: the four parts always add up to total().
// In Kafka: BufferPool. Differs: what leaks in old versions is counted in lost().
class BufferPool {
 public:
  struct Settings {
    Bytes total;
    Bytes poolable;
    // A waiter that gives up gives back what it had gathered, and whoever gets memory, also at
    // once, tells the head of the line if there is more (KAFKA-4840); before, what was gathered is
    // lost, and nobody is told.
    bool returns_gathered_memory = true;
    // A waiter that gives up leaves the line (KAFKA-3651); before, it stays, takes every signal,
    // and those behind it wait in vain.
    bool leaves_line_when_late = true;
    // What a wait in vain is called: TimeoutException in 0.10.2, since KAFKA-3720
    // BufferExhaustedException.
    Era exhaustion_worded_as = Era::V3_9;
  };
  explicit BufferPool(Settings settings) : settings_{settings}, non_pooled_{settings.total} {}

  struct Allocated {
    BufferId buffer;
    MemorySource source = MemorySource::NonPooled;
  };
  struct MustWait {
    WaiterId waiter;
  };
  using Allocation = std::variant<Allocated, MustWait, ClientError>;

  // Asks for `size` bytes, and would wait for them at most `max_block`.
  Allocation allocate(Bytes size, Millis now, Milliseconds max_block, BufferStore& store,
                      Journal& journal);

  // Would allocate() get so much without a wait?
  bool has_at_once(Bytes size) const { return !closed_ && available() >= size; }

  // Goes on with a blocked allocation. Requires: may_advance(waiter, now).
  Allocation advance(WaiterId waiter, Millis now, BufferStore& store, Journal& journal);
  bool may_advance(WaiterId waiter, Millis now) const;
  Millis deadline(WaiterId waiter) const;

  // A buffer that nobody will ever give back (KAFKA-4741).
  void lose(BufferId buffer, Bytes size, BufferStore& store);

  // Gives back a buffer that was counted as `size` bytes when it was allocated. One that a codec
  // replaced by a larger one counts as much, but is no buffer for the free list.
  enum class Returned { AsItWas, Replaced };
  void deallocate(BufferId buffer, Bytes size, Returned returned, BufferStore& store,
                  Journal& journal);
  void deallocate(BufferId buffer, Bytes size, BufferStore& store, Journal& journal) {
    deallocate(buffer, size, Returned::AsItWas, store, journal);
  }

  // Puts a waiter before all others in line, as if whoever came before it had left: for a what-if.
  // Requires: it waits.
  void put_first(WaiterId waiter);

  // From now on every allocation fails, also those that wait (KAFKA-9449).
  void close();

  Bytes total() const { return settings_.total; }
  Bytes poolable() const { return settings_.poolable; }
  Bytes non_pooled() const { return non_pooled_; }
  Bytes available() const;
  Bytes gathered_by_waiters() const;
  Bytes lost() const { return lost_; }
  const std::deque<BufferId>& free_list() const { return free_; }
  std::int32_t waiter_count() const { return static_cast<std::int32_t>(waiters_.size()); }

  struct Waiter {
    WaiterId id;
    Bytes needed;
    Bytes gathered;
    Millis waiting_since{};
    Millis deadline{};
    Milliseconds max_block{};
    bool signalled = false;
    bool has_given_up = false;  // and stands in line all the same, see leaves_line_when_late
    std::optional<BufferId> whole_buffer;
  };
  const std::deque<Waiter>& waiters() const { return waiters_; }

 private:
  friend class StateWalk;

  Allocated hand_out(std::optional<BufferId> whole, Bytes size, BufferStore& store,
                     Journal& journal);
  void break_up_free_buffers(Bytes needed, BufferStore& store);
  void take_into(Waiter& waiter, BufferStore& store);
  Allocation leave(WaiterId waiter, bool satisfied, BufferStore& store, Journal& journal);
  void signal_head();
  void signal_head_if_memory_is_left();
  void allocated_at_once();
  ClientError exhausted(const Waiter& waiter) const;
  Waiter& find(WaiterId waiter);
  const Waiter& find(WaiterId waiter) const;

  Settings settings_;
  Bytes non_pooled_;
  Bytes lost_;
  std::deque<BufferId> free_;
  std::deque<Waiter> waiters_;
  std::int64_t next_waiter_ = 0;
  bool closed_ = false;
};

}  // namespace linger::core
