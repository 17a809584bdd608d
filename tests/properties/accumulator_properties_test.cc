// The accumulator against a model of its deques: who waits where, who is ready, who is drained.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <ostream>
#include <set>
#include <variant>
#include <vector>

#include "core/record.h"
#include "support/accumulator_bench.h"

namespace linger::core {
namespace {

constexpr std::int32_t kPartitions = 3;  // all led by node 0
constexpr std::int64_t kBatchSize = 200;
constexpr std::int64_t kMemory = 1'000;
constexpr std::int64_t kLinger = 5;
constexpr std::int64_t kBackoff = 10;
constexpr std::int64_t kDeliveryTimeout = 60;

RecordView record_of(const ByteVector& value) {
  RecordView record;
  record.value = value;
  return record;
}
std::int64_t size_of_record(std::int64_t value_size, std::int32_t index) {
  const ByteVector value(static_cast<std::size_t>(value_size), Byte{'v'});
  return record_size(index, 0, record_of(value)).count();
}
std::int64_t upper_bound_of(std::int64_t value_size) {
  const ByteVector value(static_cast<std::size_t>(value_size), Byte{'v'});
  return batch_size_upper_bound(record_of(value)).count();
}

struct ModelBatch {
  std::int64_t id = 0;
  std::int32_t partition = 0;
  std::int64_t capacity = 0;
  std::int64_t bytes = 61;
  std::int32_t records = 0;
  bool is_closed = false;
  std::int64_t created = 0;
  std::int64_t last_attempt = 0;
  std::int32_t attempts = 0;

  bool is_full() const { return is_closed || bytes >= capacity; }
  bool is_backing_off(std::int64_t now) const {
    return attempts > 0 && now - last_attempt < kBackoff;
  }
  std::int64_t time_left(std::int64_t now) const {
    return std::max<std::int64_t>(
        0, (is_backing_off(now) ? kBackoff : kLinger) - (now - last_attempt));
  }
};

struct AccumulatorModel {
  std::int64_t now = 0;
  std::int64_t opened = 0;
  std::array<std::deque<ModelBatch>, kPartitions> deques;
  std::vector<ModelBatch> sent;  // drained and not answered
  std::set<std::int32_t> muted;

  std::int64_t available() const {
    std::int64_t left = kMemory;
    for (const auto& deque : deques) {
      for (const ModelBatch& batch : deque) left -= batch.capacity;
    }
    for (const ModelBatch& batch : sent) left -= batch.capacity;
    return left;
  }
  void append(std::int32_t partition, std::int64_t value_size) {
    auto& deque = deques[static_cast<std::size_t>(partition)];
    if (!deque.empty()) {
      ModelBatch& last = deque.back();
      const std::int64_t size = size_of_record(value_size, last.records);
      if (!last.is_full() && last.bytes + size <= last.capacity) {
        last.bytes += size;
        ++last.records;
        return;
      }
      last.is_closed = true;
    }
    const std::int64_t capacity = std::max(kBatchSize, upper_bound_of(value_size));
    if (capacity > available()) return;
    ModelBatch batch{.id = opened++, .partition = partition, .capacity = capacity};
    batch.bytes += size_of_record(value_size, 0);
    batch.records = 1;
    batch.created = batch.last_attempt = now;
    deque.push_back(batch);
  }
  // In the order of the partitions; none: nothing waits.
  bool node_is_ready() const {
    return std::any_of(deques.begin(), deques.end(),
                       [&](const auto& deque) { return !deque.empty() && is_ready(deque); });
  }
  bool is_ready(const std::deque<ModelBatch>& deque) const {
    const ModelBatch& head = deque.front();
    if (muted.contains(head.partition) || head.is_backing_off(now)) return false;
    return deque.size() > 1 || head.is_full() || now - head.last_attempt >= kLinger;
  }
  // Partitions that come behind the one that makes the node ready are not looked at.
  std::optional<std::int64_t> next_check() const {
    std::optional<std::int64_t> next;
    for (const auto& deque : deques) {
      if (deque.empty() || muted.contains(deque.front().partition)) continue;
      if (is_ready(deque)) break;
      next = std::min(next.value_or(deque.front().time_left(now)), deque.front().time_left(now));
    }
    return next;
  }
  std::set<std::int64_t> drain() {
    std::set<std::int64_t> taken;
    for (auto& deque : deques) {
      if (deque.empty()) continue;
      ModelBatch head = deque.front();
      if (muted.contains(head.partition) || head.is_backing_off(now)) continue;
      head.is_closed = true;
      taken.insert(head.id);
      sent.push_back(head);
      deque.pop_front();
    }
    return taken;
  }
  void retry(std::size_t index) {
    ModelBatch batch = sent[index];
    sent.erase(sent.begin() + static_cast<std::ptrdiff_t>(index));
    ++batch.attempts;
    batch.last_attempt = now;
    deques[static_cast<std::size_t>(batch.partition)].push_front(batch);
  }
  // Each deque from its head, until the first that lives.
  void expire() {
    for (auto& deque : deques) {
      while (!deque.empty() && now - deque.front().created >= kDeliveryTimeout) deque.pop_front();
    }
  }
};

struct AccumulatorSystem {
  AccumulatorBench bench{{.leaders = {{0, 0, 0}},
                          .batch_size = Bytes{kBatchSize},
                          .buffer_memory = Bytes{kMemory},
                          .linger = Milliseconds{kLinger},
                          .delivery_timeout = Milliseconds{kDeliveryTimeout},
                          .retry_backoff = ExponentialBackoff::constant(Milliseconds{kBackoff})}};
  bool somebody_was_refused = false;
  bool something_was_retried = false;
  bool something_expired = false;

  AccumulatorSystem() { bench.keyed = false; }
};

void compare_deque(const std::deque<ModelBatch>& expected, std::int32_t partition,
                   const AccumulatorBench& bench) {
  const std::vector<BatchId> deque = bench.deque(partition);
  RC_ASSERT(deque.size() == expected.size());
  for (std::size_t i = 0; i < deque.size(); ++i) {
    const ProducerBatch& batch = bench.batch(deque[i]);
    RC_ASSERT(batch.id.value() == expected[i].id);
    RC_ASSERT(batch.builder.size().count() == expected[i].bytes);
    RC_ASSERT(batch.builder.record_count() == expected[i].records);
    RC_ASSERT(batch.attempts == expected[i].attempts);
    RC_ASSERT(batch.is_full() == expected[i].is_full());
    RC_ASSERT(batch.builder.size() <= batch.builder.capacity());
    RC_ASSERT(i + 1 == deque.size() || batch.is_full());  // only the last takes records
  }
}

void compare(const AccumulatorModel& model, AccumulatorSystem& system) {
  AccumulatorBench& bench = system.bench;
  std::size_t incomplete = model.sent.size();
  for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
    const auto& expected = model.deques[static_cast<std::size_t>(partition)];
    compare_deque(expected, partition, bench);
    incomplete += expected.size();
  }
  RC_ASSERT(bench.accumulator.incomplete().size() == incomplete);
  RC_ASSERT(bench.accumulator.pool().available().count() == model.available());
  const auto check = bench.ready();
  RC_ASSERT(!check.ready_nodes.empty() == model.node_is_ready());
  RC_ASSERT(check.next_check ==
            (model.next_check() ? Milliseconds{*model.next_check()} : kForever));
}

// --- Commands ---

using AccumulatorCommand = rc::state::Command<AccumulatorModel, AccumulatorSystem>;

struct Append : AccumulatorCommand {
  std::int32_t partition = *rc::gen::inRange<std::int32_t>(0, kPartitions);
  std::int64_t value_size = *rc::gen::element<std::int64_t>(1, 20, 60, 60, 122, 123, 300);

  void apply(AccumulatorModel& model) const override { model.append(partition, value_size); }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    AppendCall call = system.bench.call(partition);
    const auto result = system.bench.run(call, value_size);
    system.somebody_was_refused |= std::holds_alternative<ClientError>(result);
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override {
    os << "Append(" << value_size << " bytes to " << partition << ")";
  }
};

struct Drain : AccumulatorCommand {
  void apply(AccumulatorModel& model) const override { model.drain(); }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    AccumulatorModel model = before;
    const std::set<std::int64_t> expected = model.drain();
    std::set<std::int64_t> taken;
    for (const BatchId id : system.bench.drain()) taken.insert(id.value());
    RC_ASSERT(taken == expected);
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "Drain"; }
};

// Of a batch that was sent.
struct Answer : AccumulatorCommand {
  std::size_t any = *rc::gen::inRange<std::size_t>(0, 6);

  void checkPreconditions(const AccumulatorModel& before) const override {
    RC_PRE(!before.sent.empty());
  }
  BatchId answered(const AccumulatorModel& before) const {
    return BatchId{before.sent[any % before.sent.size()].id};
  }
};

struct Acknowledge : Answer {
  void apply(AccumulatorModel& model) const override {
    model.sent.erase(model.sent.begin() + static_cast<std::ptrdiff_t>(any % model.sent.size()));
  }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    system.bench.complete(answered(before));
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "Acknowledge(" << any << ")"; }
};

struct Retry : Answer {
  void apply(AccumulatorModel& model) const override { model.retry(any % model.sent.size()); }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    system.bench.reenqueue(answered(before));
    system.something_was_retried = true;
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "Retry(" << any << ")"; }
};

struct Expire : AccumulatorCommand {
  void apply(AccumulatorModel& model) const override { model.expire(); }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    for (const auto& expired : system.bench.accumulator.take_expired(system.bench.now)) {
      system.bench.complete(expired.batch);
      system.something_expired = true;
    }
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "Expire"; }
};

struct Pass : AccumulatorCommand {
  std::int64_t time = *rc::gen::element<std::int64_t>(1, 4, 5, 10, 30);

  void apply(AccumulatorModel& model) const override { model.now += time; }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    system.bench.now += Milliseconds{time};
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "Pass(" << time << " ms)"; }
};

struct MuteOrUnmute : AccumulatorCommand {
  std::int32_t partition = *rc::gen::inRange<std::int32_t>(0, kPartitions);

  void apply(AccumulatorModel& model) const override {
    if (!model.muted.insert(partition).second) model.muted.erase(partition);
  }
  void run(const AccumulatorModel& before, AccumulatorSystem& system) const override {
    AccumulatorBench& bench = system.bench;
    if (before.muted.contains(partition)) {
      bench.accumulator.unmute(bench.tp(partition), bench.journal);
    } else {
      bench.accumulator.mute(bench.tp(partition), bench.journal);
    }
    compare(nextState(before), system);
  }
  void show(std::ostream& os) const override { os << "MuteOrUnmute(" << partition << ")"; }
};

RC_GTEST_PROP(AccumulatorProperties, DequesReadinessAndDrainAreAsTheModelSays, ()) {
  AccumulatorSystem system;
  rc::state::check(AccumulatorModel{}, system,
                   rc::state::gen::execOneOfWithArgs<Append, Append, Append, Drain, Acknowledge,
                                                     Retry, Pass, Expire, MuteOrUnmute>());
  RC_CLASSIFY(system.somebody_was_refused);
  RC_CLASSIFY(system.something_was_retried);
  RC_CLASSIFY(system.something_expired);
}

// --- With idempotence: sequences ---

struct Act {
  enum class Kind { Append, Drain, Acknowledge, Retry, Pass } kind = Kind::Append;
  int any = 0;
};
std::ostream& operator<<(std::ostream& os, const Act& act) {
  static constexpr const char* kNames[] = {"Append", "Drain", "Acknowledge", "Retry", "Pass"};
  return os << kNames[static_cast<int>(act.kind)] << "(" << act.any << ")";
}

rc::Gen<std::vector<Act>> acts() {
  const auto act = rc::gen::construct<Act>(
      rc::gen::element(Act::Kind::Append, Act::Kind::Append, Act::Kind::Append, Act::Kind::Drain,
                       Act::Kind::Drain, Act::Kind::Acknowledge, Act::Kind::Retry, Act::Kind::Pass),
      rc::gen::inRange(0, 8));
  return rc::gen::container<std::vector<Act>>(act);
}

// Batches with a sequence stand first and in its order; all that are in flight follow one another.
void check_sequences(const AccumulatorBench& bench, std::int32_t partition) {
  std::int32_t last = -1;
  for (const BatchId id : bench.deque(partition)) {
    const ProducerBatch& batch = bench.batch(id);
    if (batch.builder.has_sequence()) {
      RC_ASSERT(batch.builder.base_sequence() > last);
      last = batch.builder.base_sequence();
    } else {
      last = std::numeric_limits<std::int32_t>::max();
    }
  }
  const auto& books = bench.transactions->partitions();
  const auto entry = books.find(bench.tp(partition));
  if (entry == books.end()) return;
  std::int32_t expected = -1;
  for (const BatchId id : entry->second.in_flight) {
    const ProducerBatch& batch = bench.batch(id);
    RC_ASSERT(batch.builder.base_sequence() > expected);
    expected = batch.last_sequence();
  }
  RC_ASSERT(entry->second.next_sequence > expected);
}

RC_GTEST_PROP(AccumulatorProperties, SequencesStandInOrderAndRetriesLeaveOneAtATime, ()) {
  AccumulatorBench bench{
      {.leaders = {{0, 0}}, .batch_size = Bytes{kBatchSize}, .idempotent = true}};
  std::vector<BatchId> sent;
  const auto take = [&](int any) {
    const auto at = sent.begin() + any % static_cast<std::ptrdiff_t>(sent.size());
    const BatchId id = *at;
    sent.erase(at);
    return id;
  };
  for (const Act& act : *acts()) {
    switch (act.kind) {
      case Act::Kind::Append:
        bench.append(act.any % 2, 10 + 20 * act.any);
        break;
      case Act::Kind::Drain:
        for (const BatchId id : bench.drain()) {
          const auto& in_flight =
              bench.transactions->partitions().at(bench.batch(id).partition).in_flight;
          RC_ASSERT(bench.batch(id).attempts == 0 || in_flight.front() == id);
          sent.push_back(id);
        }
        break;
      case Act::Kind::Acknowledge:
        if (!sent.empty()) bench.complete(take(act.any));
        break;
      case Act::Kind::Retry:
        if (!sent.empty()) bench.reenqueue(take(act.any));
        break;
      case Act::Kind::Pass:
        bench.now += Milliseconds{20 * act.any};
        break;
    }
    check_sequences(bench, 0);
    check_sequences(bench, 1);
  }
}

}  // namespace
}  // namespace linger::core
