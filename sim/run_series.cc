#include "sim/run_series.h"

#include <algorithm>

#include "core/check.h"

namespace linger::sim {

// --- One quantity ---

void Series::add(Sample sample) {
  if (samples_.size() % kBlock == 0) blocks_.push_back({sample.value, sample.value});
  Range& block = blocks_.back();
  block.least = std::min(block.least, sample.value);
  block.most = std::max(block.most, sample.value);
  samples_.push_back(sample);
}

std::size_t Series::count_before(Instant at) const {
  const auto end = std::partition_point(samples_.begin(), samples_.end(),
                                        [at](const Sample& sample) { return sample.at < at; });
  return static_cast<std::size_t>(end - samples_.begin());
}

std::size_t Series::count_before(std::int64_t position) const {
  const auto end =
      std::partition_point(samples_.begin(), samples_.end(),
                           [position](const Sample& sample) { return sample.position < position; });
  return static_cast<std::size_t>(end - samples_.begin());
}

Series::Range Series::range(std::size_t first, std::size_t end) const {
  CHECK(first < end && end <= samples_.size());
  Range range{samples_[first].value, samples_[first].value};
  const auto take_in = [&range](std::int64_t least, std::int64_t most) {
    range.least = std::min(range.least, least);
    range.most = std::max(range.most, most);
  };
  while (first < end) {
    if (first % kBlock == 0 && first + kBlock <= end) {
      take_in(blocks_[first / kBlock].least, blocks_[first / kBlock].most);
      first += kBlock;
    } else {
      take_in(samples_[first].value, samples_[first].value);
      ++first;
    }
  }
  return range;
}

// --- All of them ---

struct RunSeries::Reader {
  RunSeries& all;
  const TraceEvent& event;
  std::int64_t position;

  Producer& own() const {
    return all.producers_[static_cast<std::size_t>(event.producer->value())];
  }
  void note(Quantity quantity, std::int64_t value) const {
    own().series[static_cast<std::size_t>(quantity)].add({event.at, value, position});
  }
  void change_waiting(std::int64_t records) const {
    own().waiting += records;
    note(Quantity::RecordsWaiting, own().waiting);
  }

  void operator()(const core::MemoryAllocated& allocated) const {
    note(Quantity::PoolAvailable, allocated.available.count());
  }
  void operator()(const core::MemoryReleased& released) const {
    note(Quantity::PoolAvailable, released.available.count());
  }
  void operator()(const core::SendCalled& called) const {
    const auto record = static_cast<std::size_t>(called.record.value());
    if (record >= all.sent_at_.size()) all.sent_at_.resize(record + 1);
    all.sent_at_[record] = event.at;
  }
  void operator()(const core::RecordAppended& appended) const {
    ++own().batches[appended.batch].records;
    change_waiting(1);
  }
  void operator()(const core::BatchDrained& drained) const {
    Batch& batch = own().batches[drained.batch];
    batch.records = drained.records;
    if (batch.waits) change_waiting(-batch.records);
    batch.waits = false;
    if (drained.attempts == 0) note(Quantity::BatchSize, drained.bytes.count());
  }
  void operator()(const core::BatchRetried& retried) const {
    Batch& batch = own().batches[retried.batch];
    if (!batch.waits) change_waiting(batch.records);
    batch.waits = true;
  }
  // Its records wait in its parts, which tell how many they have when they are drained.
  void operator()(const core::BatchSplit& split) const {
    const auto batch = own().batches.find(split.batch);
    if (batch == own().batches.end()) return;
    if (!batch->second.waits) change_waiting(batch->second.records);
    own().batches.erase(batch);
  }
  void operator()(const core::BatchCompleted& completed) const {
    const auto batch = own().batches.find(completed.batch);
    const bool waits = batch == own().batches.end() || batch->second.waits;
    if (batch != own().batches.end()) own().batches.erase(batch);
    if (waits) change_waiting(-completed.records);
  }
  void operator()(const core::RequestSent& sent) const { set_in_flight(sent.node, sent.in_flight); }
  void operator()(const core::RequestCompleted& completed) const {
    set_in_flight(completed.node, completed.in_flight);
  }
  void set_in_flight(NodeId node, std::int32_t requests) const {
    own().in_flight[node] = requests;
    std::int32_t most = 0;
    for (const auto& [other, count] : own().in_flight) most = std::max(most, count);
    note(Quantity::RequestsInFlight, most);
  }
  void operator()(const core::RecordCompleted& completed) const {
    const auto record = static_cast<std::size_t>(completed.record.value());
    if (record < all.sent_at_.size()) {
      note(Quantity::RecordLatency, (event.at - all.sent_at_[record]).count());
    }
    if (!completed.error) note(Quantity::RecordsAcknowledged, ++own().acknowledged);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

RunSeries::RunSeries(const Scenario& scenario) : producers_(scenario.producers.size()) {
  for (std::size_t i = 0; i < producers_.size(); ++i) {
    const auto begin = [&](Quantity quantity, std::int64_t value) {
      producers_[i].series[static_cast<std::size_t>(quantity)].add({.value = value});
    };
    begin(Quantity::PoolAvailable, scenario.producers[i].config.config.buffer_memory.count());
    begin(Quantity::RecordsWaiting, 0);
    begin(Quantity::RequestsInFlight, 0);
    begin(Quantity::RecordsAcknowledged, 0);
  }
}

void RunSeries::add(const TraceEvent& event, std::int64_t position) {
  if (!event.producer || event.producer->value() < 0 ||
      static_cast<std::size_t>(event.producer->value()) >= producers_.size()) {
    return;
  }
  visit_event(event, Reader{*this, event, position});
}

std::string_view word(Quantity quantity) {
  switch (quantity) {
    case Quantity::PoolAvailable:
      return "pool memory available";
    case Quantity::RecordsWaiting:
      return "records waiting";
    case Quantity::RequestsInFlight:
      return "requests in flight";
    case Quantity::BatchSize:
      return "size of drained batches";
    case Quantity::RecordLatency:
      return "latency of records";
    case Quantity::RecordsAcknowledged:
      return "records acknowledged";
  }
  return {};
}

}  // namespace linger::sim
