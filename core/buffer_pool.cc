#include "core/buffer_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/check.h"

namespace linger::core {

BufferPool::Allocation BufferPool::allocate(Bytes size, Millis now, Milliseconds max_block,
                                            BufferStore& store, Journal& journal) {
  if (size > settings_.total) {
    return allocation_exceeds_pool({.size = size, .limit = settings_.total});
  }
  if (closed_) return closed_while_allocating();

  if (size == settings_.poolable && !free_.empty()) {
    const BufferId oldest = free_.front();
    free_.pop_front();
    const Allocated allocated = hand_out(oldest, size, store, journal);
    allocated_at_once();
    return allocated;
  }
  if (available() >= size) {
    break_up_free_buffers(size, store);
    non_pooled_ -= size;
    const Allocated allocated = hand_out(std::nullopt, size, store, journal);
    allocated_at_once();
    return allocated;
  }
  waiters_.push_back(Waiter{.id = WaiterId{next_waiter_++},
                            .needed = size,
                            .gathered = {},
                            .waiting_since = now,
                            .deadline = after(now, max_block),
                            .max_block = max_block,
                            .signalled = false,
                            .has_given_up = false,
                            .whole_buffer = std::nullopt});
  const WaiterId waiter = waiters_.back().id;
  // Nothing is taken yet: what is free stays free until somebody gives memory back.
  if (max_block <= 0ms) return advance(waiter, now, store, journal);
  return MustWait{waiter};
}

bool BufferPool::may_advance(WaiterId waiter, Millis now) const {
  const Waiter& w = find(waiter);
  if (w.has_given_up) return false;
  return closed_ || w.signalled || now >= w.deadline;
}

Millis BufferPool::deadline(WaiterId waiter) const {
  return find(waiter).deadline;
}

BufferPool::Allocation BufferPool::advance(WaiterId id, Millis now, BufferStore& store,
                                           Journal& journal) {
  CHECK(may_advance(id, now));
  Waiter& waiter = find(id);
  const bool was_signalled = waiter.signalled;
  waiter.signalled = false;
  if (closed_) {
    leave(id, false, store, journal);
    return closed_while_allocating();
  }
  if (!was_signalled) {  // elapsing wins over any memory there may be
    const ClientError error = exhausted(waiter);
    leave(id, false, store, journal);
    return error;
  }
  take_into(waiter, store);
  if (waiter.whole_buffer || waiter.gathered >= waiter.needed) {
    return leave(id, true, store, journal);
  }
  journal.add(WaiterGathered{id, waiter.gathered, waiter.needed});
  return MustWait{id};
}

void BufferPool::take_into(Waiter& waiter, BufferStore& store) {
  if (waiter.gathered == Bytes{0} && waiter.needed == settings_.poolable && !free_.empty()) {
    waiter.whole_buffer = free_.front();
    free_.pop_front();
    return;
  }
  const Bytes missing = waiter.needed - waiter.gathered;
  break_up_free_buffers(missing, store);
  const Bytes got = std::min(missing, non_pooled_);
  non_pooled_ -= got;
  waiter.gathered += got;
}

BufferPool::Allocation BufferPool::leave(WaiterId id, bool satisfied, BufferStore& store,
                                         Journal& journal) {
  const auto at = std::find_if(waiters_.begin(), waiters_.end(),
                               [&](const Waiter& waiter) { return waiter.id == id; });
  CHECK(at != waiters_.end());
  const Waiter waiter = *at;
  if (!satisfied && !settings_.leaves_line_when_late) {
    lost_ += std::exchange(at->gathered, Bytes{0});
    at->has_given_up = true;
    return MustWait{id};
  }
  waiters_.erase(at);
  Allocation result = MustWait{id};
  if (satisfied) {
    result = hand_out(waiter.whole_buffer, waiter.needed, store, journal);
  } else if (settings_.returns_gathered_memory) {
    non_pooled_ += waiter.gathered;
  } else {
    lost_ += waiter.gathered;
    return result;  // and nobody is told that the head of the line changed
  }
  signal_head_if_memory_is_left();
  return result;
}

void BufferPool::allocated_at_once() {
  if (settings_.returns_gathered_memory) signal_head_if_memory_is_left();
}

void BufferPool::lose(BufferId buffer, Bytes size, BufferStore& store) {
  lost_ += size;
  store.discard(buffer);
}

BufferPool::Allocated BufferPool::hand_out(std::optional<BufferId> whole, Bytes size,
                                           BufferStore& store, Journal& journal) {
  const BufferId buffer = whole ? *whole : store.create();
  const MemorySource source = whole ? MemorySource::FreeList : MemorySource::NonPooled;
  journal.add(MemoryAllocated{buffer, size, source, non_pooled_, available(), waiter_count()});
  return {buffer, source};
}

void BufferPool::deallocate(BufferId buffer, Bytes size, Returned returned, BufferStore& store,
                            Journal& journal) {
  const bool pooled = size == settings_.poolable && returned == Returned::AsItWas;
  if (pooled) {
    free_.push_back(buffer);
  } else {
    non_pooled_ += size;
    store.discard(buffer);
  }
  signal_head();
  journal.add(MemoryReleased{.buffer = buffer,
                             .size = size,
                             .pooled = pooled,
                             .free_buffers = static_cast<std::int32_t>(free_.size()),
                             .non_pooled = non_pooled_,
                             .available = available(),
                             .waiters = waiter_count()});
}

void BufferPool::put_first(WaiterId id) {
  const auto at = std::find_if(waiters_.begin(), waiters_.end(),
                               [id](const Waiter& waiter) { return waiter.id == id; });
  CHECK(at != waiters_.end());
  std::rotate(waiters_.begin(), at, std::next(at));
  signal_head_if_memory_is_left();
}

void BufferPool::close() {
  closed_ = true;
  for (Waiter& waiter : waiters_) waiter.signalled = !waiter.has_given_up;
}

Bytes BufferPool::available() const {
  return non_pooled_ + Bytes{static_cast<std::int64_t>(free_.size()) * settings_.poolable.count()};
}

Bytes BufferPool::gathered_by_waiters() const {
  Bytes sum;
  for (const Waiter& waiter : waiters_) sum += waiter.gathered;
  return sum;
}

// The newest idle buffer goes first; each turns into loose bytes.
void BufferPool::break_up_free_buffers(Bytes needed, BufferStore& store) {
  while (non_pooled_ < needed && !free_.empty()) {
    store.discard(free_.back());
    free_.pop_back();
    non_pooled_ += settings_.poolable;
  }
}

void BufferPool::signal_head() {
  if (!waiters_.empty()) waiters_.front().signalled = true;
}

void BufferPool::signal_head_if_memory_is_left() {
  if (available() > Bytes{0}) signal_head();
}

ClientError BufferPool::exhausted(const Waiter& waiter) const {
  return buffer_exhausted({.wanted = waiter.needed,
                           .max_block = waiter.max_block,
                           .total = settings_.total,
                           .available = available(),
                           .poolable = settings_.poolable},
                          settings_.exhaustion_worded_as);
}

BufferPool::Waiter& BufferPool::find(WaiterId waiter) {
  return const_cast<Waiter&>(std::as_const(*this).find(waiter));
}

const BufferPool::Waiter& BufferPool::find(WaiterId waiter) const {
  const auto at = std::find_if(waiters_.begin(), waiters_.end(),
                               [&](const Waiter& w) { return w.id == waiter; });
  CHECK(at != waiters_.end());
  return *at;
}

}  // namespace linger::core
