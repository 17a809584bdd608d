#include "sim/ledger_keeper.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/check.h"

namespace linger::sim {

namespace {

// Requests whose contents are remembered at most, beside those that are in flight; older ones have
// been written or lost.
constexpr std::size_t kRememberedRequests = 256;

class Keeper {
 public:
  Keeper(World& world, const TraceEvent& event) : world_{world}, event_{event} {}

  void operator()(const core::SendCalled& sent) {
    RecordEntry& entry = record(sent.record);
    entry.producer = *event_.producer;
    entry.thread = sent.thread;
    entry.partition = {sent.topic, sent.partition.value_or(-1)};
    entry.sent_at = event_.at;
    ++world_.counts.sent;
  }
  void operator()(const core::PartitionChosen& chosen) {
    record(chosen.record).partition = chosen.partition;
  }
  void operator()(const core::RecordAppended& appended) {
    RecordEntry& entry = record(appended.record);
    entry.status = RecordStatus::Pending;
    entry.partition = appended.partition;
    entry.batch = appended.batch;
    entry.appended_at = event_.at;
    BatchEntry& in = batch(appended.batch);
    in.records = appended.index + 1;
    in.bytes = appended.batch_size;
  }
  void operator()(const core::SendFailed& failed) {
    RecordEntry& entry = record(failed.record);
    if (entry.status != RecordStatus::Sending) return;  // it is in a batch for all that
    const bool refused = failed.delivery == core::Delivery::Thrown;
    entry.status = refused ? RecordStatus::Refused : RecordStatus::Failed;
    entry.error = failed.error;
    entry.completed_at = event_.at;
    ++(refused ? world_.counts.refused : world_.counts.failed);
  }
  void operator()(const core::RecordCompleted& completed) {
    RecordEntry& entry = record(completed.record);
    entry.status = completed.error ? RecordStatus::Failed : RecordStatus::Acknowledged;
    entry.batch = completed.batch;
    entry.offset = completed.offset;
    entry.timestamp = completed.timestamp;
    entry.error = completed.error;
    entry.completed_at = event_.at;
    if (completed.batch) entry.attempts = batch(*completed.batch).attempts;
    if (entry.completions++ == 0) {
      ++(completed.error ? world_.counts.failed : world_.counts.acknowledged);
    }
  }

  void operator()(const core::BatchOpened& opened) {
    add_batch(opened.batch, opened.partition).capacity = opened.capacity;
  }
  void operator()(const core::BatchClosedForAppends& closed) {
    batch(closed.batch).status = BatchStatus::Queued;
  }
  void operator()(const core::BatchDrained& drained) {
    BatchEntry& entry = batch(drained.batch);
    entry.status = BatchStatus::InFlight;
    entry.records = drained.records;
    entry.bytes = drained.bytes;
    entry.attempts = drained.attempts;
    entry.sequence = drained.sequence;
    entry.drained_at = event_.at;
  }
  void operator()(const core::BatchRetried& retried) {
    BatchEntry& entry = batch(retried.batch);
    entry.status = BatchStatus::Backoff;
    entry.attempts = retried.attempts;
  }
  void operator()(const core::BatchSplit& split) {
    BatchEntry& original = batch(split.batch);
    original.status = BatchStatus::Done;
    original.outcome = core::BatchState::Failed;
    original.was_split = true;
    original.completed_at = event_.at;
    for (const core::BatchId part : split.into) {
      BatchEntry& entry = add_batch(part, split.partition);
      entry.status = BatchStatus::Queued;
      entry.is_split = true;
      const core::ProducerBatch& in = process().producer.accumulator().batches.at(part);
      entry.records = in.builder.record_count();
      entry.bytes = in.builder.size();
      entry.capacity = in.builder.capacity();
      entry.sequence = in.builder.base_sequence();
      for (const core::AppendedRecord& moved : in.records) record(moved.id).batch = part;
    }
  }
  void operator()(const core::BatchCompleted& completed) {
    BatchEntry& entry = batch(completed.batch);
    entry.status = BatchStatus::Done;
    entry.outcome = completed.state;
    entry.records = completed.records;
    entry.attempts = completed.attempts;
    entry.base_offset = completed.base_offset;
    entry.error = completed.error;
    entry.completed_at = event_.at;
  }

  void operator()(const core::RequestSent& sent) {
    if (sent.api != core::ApiKey::Produce) return;
    const core::BatchTable& batches = process().producer.accumulator().batches;
    RequestContents contents{sent.correlation, {}};
    for (const core::BatchId id : sent.batches) {
      const core::ProducerBatch& in = batches.at(id);
      std::vector<core::RecordId> ids;
      ids.reserve(in.records.size());
      for (const core::AppendedRecord& appended : in.records) ids.push_back(appended.id);
      contents.batches.emplace_back(in.partition, std::move(ids));
    }
    auto& requests = process().requests;
    if (requests.size() >= kRememberedRequests) {
      const auto old = std::find_if(requests.begin(), requests.end(), [this](const auto& request) {
        return !is_in_flight(request->correlation);
      });
      if (old != requests.end()) requests.erase(old);
    }
    requests.push_back(std::make_shared<const RequestContents>(std::move(contents)));
  }
  void operator()(const BatchWritten& written) {
    if (written.outcome != AppendOutcome::Appended) return;
    const PartitionLog& log = world_.servers.cluster().find(written.partition)->log;
    const StoredBatch& stored = log.batch(log.find_batch(written.base_offset));
    const auto sender = static_cast<std::size_t>(stored.origin.producer.value());
    for (const auto& contents : world_.processes[sender].requests) {
      if (contents->correlation != written.correlation) continue;
      for (const auto& [partition, ids] : contents->batches) {
        if (partition != written.partition) continue;
        if (ids.size() != static_cast<std::size_t>(written.records)) continue;
        world_.servers.annotate(partition, written.base_offset, ids);
      }
    }
  }

  template <class Other>
  void operator()(const Other&) {}

 private:
  ProducerProcess& process() {
    return world_.processes[static_cast<std::size_t>(event_.producer->value())];
  }
  bool is_in_flight(core::CorrelationId correlation) {
    const core::InFlightRequests& in_flight = process().producer.client().in_flight();
    for (std::int32_t node = 0; node < world_.scenario->cluster.brokers; ++node) {
      for (const core::InFlightRequest& request : in_flight.requests(NodeId{node})) {
        if (request.correlation == correlation) return true;
      }
    }
    return false;
  }
  RecordEntry& record(core::RecordId id) {
    return world_.records.write(static_cast<std::size_t>(id.value()));
  }
  BatchEntry& batch(core::BatchId id) {
    return process().batches.write(static_cast<std::size_t>(id.value()));
  }
  BatchEntry& add_batch(core::BatchId id, TopicPartition partition) {
    CHECK(process().batches.size() == static_cast<std::size_t>(id.value()));
    BatchEntry& entry = process().batches.add();
    entry.partition = partition;
    entry.opened_at = event_.at;
    return entry;
  }

  World& world_;
  const TraceEvent& event_;
};

}  // namespace

void keep_in_ledger(World& world, const TraceEvent& event) {
  visit_event(event, Keeper{world, event});
}

}  // namespace linger::sim
