// The pool against a model that knows four numbers and a line of waiters.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <ostream>
#include <variant>
#include <vector>

#include "support/pool_bench.h"

namespace linger::core {
namespace {

constexpr std::int64_t kTotal = 100;
constexpr std::int64_t kPoolable = 10;

// Where the memory is, and who waits for it. It knows nothing of buffers.
struct PoolModel {
  struct Waiter {
    std::int64_t id = 0;
    std::int64_t needed = 0;
    std::int64_t gathered = 0;
    std::int64_t patience = 0;  // milliseconds left
    bool signalled = false;
  };

  std::int64_t available = kTotal;
  std::vector<std::int64_t> held;  // sizes, in the order in which they were handed out
  std::deque<Waiter> waiters;
  std::int64_t next_waiter = 0;
  bool closed = false;

  std::int64_t gathered() const {
    std::int64_t sum = 0;
    for (const Waiter& waiter : waiters) sum += waiter.gathered;
    return sum;
  }
  void signal_head() {
    if (!waiters.empty()) waiters.front().signalled = true;
  }
  void signal_head_if_memory_is_left() {
    if (available > 0) signal_head();
  }

  void ask(std::int64_t size, std::int64_t patience) {
    if (size > kTotal || closed) return;
    if (size <= available) {
      available -= size;
      held.push_back(size);
      signal_head_if_memory_is_left();
    } else {
      waiters.push_back({next_waiter++, size, 0, patience, false});
    }
    let_threads_run();
  }
  void give_back(std::size_t index) {
    available += held[index];
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
    signal_head();
    let_threads_run();
  }
  void pass(std::int64_t time) {
    for (Waiter& waiter : waiters) waiter.patience -= time;
    let_threads_run();
  }
  void close() {
    closed = true;
    for (Waiter& waiter : waiters) waiter.signalled = true;
    let_threads_run();
  }

 private:
  void let_threads_run() {
    for (;;) {
      const auto runs = std::find_if(waiters.begin(), waiters.end(), [](const Waiter& waiter) {
        return waiter.signalled || waiter.patience <= 0;
      });
      if (runs == waiters.end()) return;
      const bool may_take = runs->signalled && !closed;
      runs->signalled = false;
      if (may_take) {
        const std::int64_t got = std::min(available, runs->needed - runs->gathered);
        available -= got;
        runs->gathered += got;
        if (runs->gathered < runs->needed) continue;
        held.push_back(runs->needed);
      } else {
        available += runs->gathered;
      }
      waiters.erase(runs);
      signal_head_if_memory_is_left();
    }
  }
};

// The real one, with the buffers it handed out.
struct PoolSystem {
  struct Held {
    BufferId buffer;
    std::int64_t size = 0;
  };

  PoolBench bench{{.total = Bytes{kTotal}, .poolable = Bytes{kPoolable}}};
  std::vector<Held> held;
  std::vector<WaiterId> waiting;
  // What happened in this run, to be told.
  bool somebody_waited = false;
  bool somebody_was_passed = false;
  bool somebody_was_served = false;
  bool somebody_timed_out = false;

  void ask(std::int64_t size, std::int64_t patience) {
    const auto answer = bench.ask(size, Milliseconds{patience});
    if (const auto* got = std::get_if<BufferPool::Allocated>(&answer)) {
      held.push_back({got->buffer, size});
    } else if (const auto* waits = std::get_if<BufferPool::MustWait>(&answer)) {
      waiting.push_back(waits->waiter);
      sizes_[waits->waiter] = size;
    }
    collect();
  }
  void give_back(std::size_t index) {
    const Held one = held[index];
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
    bench.give_back(one.buffer, one.size);
    collect();
  }
  void pass(std::int64_t time) {
    bench.pass(Milliseconds{time});
    collect();
  }
  void close() {
    bench.close();
    collect();
  }

 private:
  // Waiters are served in their order: so are they looked at here.
  void collect() {
    std::erase_if(waiting, [this](WaiterId waiter) {
      if (bench.is_waiting(waiter)) return false;
      if (bench.was_served(waiter)) held.push_back({bench.served(waiter).buffer, sizes_[waiter]});
      return true;
    });
  }

  std::map<WaiterId, std::int64_t> sizes_;
};

void compare(const PoolModel& model, const PoolSystem& system) {
  const BufferPool& pool = system.bench.pool();
  RC_ASSERT(system.bench.available() == model.available);
  RC_ASSERT(pool.gathered_by_waiters().count() == model.gathered());
  RC_ASSERT(pool.waiters().size() == model.waiters.size());
  for (std::size_t i = 0; i < model.waiters.size(); ++i) {
    RC_ASSERT(pool.waiters()[i].gathered.count() == model.waiters[i].gathered);
    RC_ASSERT(i == 0 || model.waiters[i].gathered == 0);  // only the head gathers
  }
  std::vector<std::int64_t> held;
  std::vector<BufferId> buffers;
  for (const PoolSystem::Held& one : system.held) {
    held.push_back(one.size);
    buffers.push_back(one.buffer);
  }
  RC_ASSERT(held == model.held);
  buffers.insert(buffers.end(), pool.free_list().begin(), pool.free_list().end());
  std::sort(buffers.begin(), buffers.end());
  RC_ASSERT(std::adjacent_find(buffers.begin(), buffers.end()) == buffers.end());
  std::int64_t in_use = 0;
  for (const std::int64_t size : held) in_use += size;
  RC_ASSERT(system.bench.available() + in_use + model.gathered() == kTotal);
}

// --- Commands ---

using PoolCommand = rc::state::Command<PoolModel, PoolSystem>;

struct Allocate : PoolCommand {
  std::int64_t size = *rc::gen::element<std::int64_t>(1, 9, 10, 10, 10, 25, 60, 100, 101);
  std::int64_t patience = *rc::gen::element<std::int64_t>(1, 5, 20, 1'000);

  void apply(PoolModel& model) const override { model.ask(size, patience); }
  void run(const PoolModel& before, PoolSystem& system) const override {
    system.ask(size, patience);
    const PoolModel after = nextState(before);
    system.somebody_waited |= after.waiters.size() > before.waiters.size();
    system.somebody_was_passed |= !before.waiters.empty() && after.held.size() > before.held.size();
    compare(after, system);
  }
  void show(std::ostream& os) const override {
    os << "Allocate(" << size << ", for " << patience << " ms)";
  }
};

struct GiveBack : PoolCommand {
  std::size_t any = *rc::gen::inRange<std::size_t>(0, 12);

  void checkPreconditions(const PoolModel& before) const override { RC_PRE(!before.held.empty()); }
  void apply(PoolModel& model) const override { model.give_back(any % model.held.size()); }
  void run(const PoolModel& before, PoolSystem& system) const override {
    system.give_back(any % system.held.size());
    const PoolModel after = nextState(before);
    system.somebody_was_served |= after.waiters.size() < before.waiters.size();
    compare(after, system);
    // The head never starves: what is left is not enough for it.
    RC_ASSERT(after.waiters.empty() || after.closed || system.bench.available() == 0);
  }
  void show(std::ostream& os) const override { os << "GiveBack(" << any << ")"; }
};

struct PassTime : PoolCommand {
  std::int64_t time = *rc::gen::element<std::int64_t>(1, 4, 20);

  void apply(PoolModel& model) const override { model.pass(time); }
  void run(const PoolModel& before, PoolSystem& system) const override {
    system.pass(time);
    const PoolModel after = nextState(before);
    system.somebody_timed_out |= after.waiters.size() < before.waiters.size();
    compare(after, system);
  }
  void show(std::ostream& os) const override { os << "PassTime(" << time << " ms)"; }
};

struct Close : PoolCommand {
  void checkPreconditions(const PoolModel& before) const override { RC_PRE(!before.closed); }
  void apply(PoolModel& model) const override { model.close(); }
  void run(const PoolModel& before, PoolSystem& system) const override {
    system.close();
    compare(nextState(before), system);
    RC_ASSERT(system.waiting.empty());
  }
  void show(std::ostream& os) const override { os << "Close"; }
};

RC_GTEST_PROP(BufferPoolProperties, MemoryIsNeitherLostNorInventedAndTheHeadIsServedFirst, ()) {
  PoolSystem system;
  rc::state::check(PoolModel{}, system,
                   rc::state::gen::execOneOfWithArgs<Allocate, GiveBack, GiveBack, PassTime>());
  RC_CLASSIFY(system.somebody_waited);
  RC_CLASSIFY(system.somebody_was_passed);
  RC_CLASSIFY(system.somebody_was_served);
  RC_CLASSIFY(system.somebody_timed_out);
}

RC_GTEST_PROP(BufferPoolProperties, CloseReleasesEverybody, ()) {
  PoolSystem system;
  rc::state::check(
      PoolModel{}, system,
      rc::state::gen::execOneOfWithArgs<Allocate, Allocate, GiveBack, Allocate, PassTime, Close>());
}

RC_GTEST_PROP(BufferPoolProperties, WhenAllIsGivenBackAllIsFree, ()) {
  PoolSystem system;
  const auto sizes = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::element<std::int64_t>(1, 10, 10, 25, 60));
  for (const std::int64_t size : sizes) system.ask(size, 1'000);
  while (!system.held.empty()) system.give_back(system.held.size() / 2);
  RC_ASSERT(system.waiting.empty());
  RC_ASSERT(system.bench.available() == kTotal);
}

}  // namespace
}  // namespace linger::core
