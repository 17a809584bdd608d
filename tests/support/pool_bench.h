// A buffer pool, a clock, and the threads that wait for its memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "core/buffer_pool.h"
#include "core/buffer_store.h"
#include "core/client_error.h"
#include "core/journal.h"
#include "core/time.h"

namespace linger::core {

// Threads run as soon as they may: whoever was signalled goes on before anything else happens.
class PoolBench {
 public:
  explicit PoolBench(BufferPool::Settings settings) : pool_{settings} {}

  // Memory that is there. Requires: it need not be waited for.
  BufferId take(std::int64_t size) {
    return std::get<BufferPool::Allocated>(ask(size, 0ms)).buffer;
  }
  std::vector<BufferId> take(int count, std::int64_t size) {
    std::vector<BufferId> buffers;
    for (int i = 0; i < count; ++i) buffers.push_back(take(size));
    return buffers;
  }
  ClientError refusal(std::int64_t size, Milliseconds max_block = 0ms) {
    return std::get<ClientError>(ask(size, max_block));
  }
  // A thread that is held. Requires: there is not enough.
  WaiterId wait_for(std::int64_t size, Milliseconds max_block = kForever) {
    return std::get<BufferPool::MustWait>(ask(size, max_block)).waiter;
  }
  BufferPool::Allocation ask(std::int64_t size, Milliseconds max_block) {
    const auto answer = pool_.allocate(Bytes{size}, now_, max_block, store_, journal_);
    let_threads_run();
    return answer;
  }
  void give_back(BufferId buffer, std::int64_t size) {
    pool_.deallocate(buffer, Bytes{size}, store_, journal_);
    let_threads_run();
  }
  void put_first(WaiterId waiter) {
    pool_.put_first(waiter);
    let_threads_run();
  }
  void pass(Milliseconds time) {
    now_ += time;
    let_threads_run();
  }
  void close() {
    pool_.close();
    let_threads_run();
  }

  // What a thread that waited got in the end.
  bool is_waiting(WaiterId waiter) const { return !ended_.contains(waiter); }
  bool was_served(WaiterId waiter) const {
    return !is_waiting(waiter) && std::holds_alternative<BufferPool::Allocated>(ended_.at(waiter));
  }
  BufferPool::Allocated served(WaiterId waiter) const {
    return std::get<BufferPool::Allocated>(ended_.at(waiter));
  }
  ClientError error(WaiterId waiter) const { return std::get<ClientError>(ended_.at(waiter)); }

  std::int64_t gathered(WaiterId waiter) const {
    for (const BufferPool::Waiter& one : pool_.waiters()) {
      if (one.id == waiter) return one.gathered.count();
    }
    return 0;
  }
  std::int64_t non_pooled() const { return pool_.non_pooled().count(); }
  std::int64_t available() const { return pool_.available().count(); }
  std::size_t idle_buffers() const { return pool_.free_list().size(); }
  const BufferPool& pool() const { return pool_; }
  BufferStore& store() { return store_; }

 private:
  void let_threads_run() {
    while (const auto waiter = runnable()) {
      const auto answer = pool_.advance(*waiter, now_, store_, journal_);
      if (!std::holds_alternative<BufferPool::MustWait>(answer)) ended_.emplace(*waiter, answer);
    }
  }
  std::optional<WaiterId> runnable() const {
    for (const BufferPool::Waiter& waiter : pool_.waiters()) {
      if (pool_.may_advance(waiter.id, now_)) return waiter.id;
    }
    return std::nullopt;
  }

  BufferPool pool_;
  BufferStore store_;
  Journal journal_;
  Millis now_{Milliseconds{1'000'000}};
  std::map<WaiterId, BufferPool::Allocation> ended_;
};

}  // namespace linger::core
