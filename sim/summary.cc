#include "sim/summary.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/check.h"
#include "sim/log_reading.h"
#include "sim/query_evaluator.h"
#include "sim/readable.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

std::size_t index_of(const TraceEvent& event) {
  CHECK(event.producer.has_value());
  return static_cast<std::size_t>(event.producer->value());
}

// The sender's own thread is blocked, too, where a callback sends; no application waits for that.
bool is_of_application(core::ThreadId thread) {
  return thread.value() >= 0;
}

void add_time(BlockedSummary& blocked, core::BlockedOn on, Duration time) {
  switch (on) {
    case core::BlockedOn::Metadata:
      blocked.metadata += time;
      break;
    case core::BlockedOn::Memory:
      blocked.memory += time;
      break;
    case core::BlockedOn::Flush:
      blocked.flush += time;
      break;
    case core::BlockedOn::Future:
      blocked.future += time;
      break;
    case core::BlockedOn::SenderExit:
      blocked.close += time;
      break;
    case core::BlockedOn::Transaction:
      blocked.transaction += time;
      break;
    case core::BlockedOn::UserCode:
    case core::BlockedOn::EndlessLoop:
      break;
  }
}

void add_records(const World& world, Summary& summary) {
  std::vector<Duration> acknowledged;
  std::vector<Duration> failed;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    const Duration latency = entry.completed_at - entry.sent_at;
    if (entry.status == RecordStatus::Acknowledged) acknowledged.push_back(latency);
    if (entry.status == RecordStatus::Failed) failed.push_back(latency);
    if (entry.error) ++summary.errors[std::string{core::name(entry.error->exception)}];
  }
  summary.records = world.counts;
  summary.pending =
      world.counts.sent - world.counts.acknowledged - world.counts.failed - world.counts.refused;
  summary.acknowledged = latency_summary(std::move(acknowledged));
  summary.failed = latency_summary(std::move(failed));
}

void add_logs(const World& world, LogSummary& logs) {
  logs.lost = lost_records(world, {});
  const Cluster& cluster = world.servers.cluster();
  const Lookup lookup = lookup_in(world);
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const PartitionName partition{cluster.names().name(topic), i};
      const auto value = [&](WorldName name) {
        return std::get<Value>(lookup({name, std::nullopt, 0, partition, ""}));
      };
      ++logs.partitions;
      logs.records += std::get<std::int64_t>(value(WorldName::LogRecords));
      logs.duplicates += std::get<std::int64_t>(value(WorldName::LogDuplicates));
      if (!std::get<bool>(value(WorldName::LogIsInOrder))) {
        logs.out_of_order.push_back(partition_text(partition));
      }
    }
  }
}

// --- Text ---

using Row = std::vector<std::string>;

Row records_row(const Summary& summary) {
  const RecordCounts& records = summary.records;
  return {"records",
          fmt::format("{} sent", records.sent),
          fmt::format("{} acknowledged", records.acknowledged),
          fmt::format("{} failed", records.failed),
          fmt::format("{} refused", records.refused),
          fmt::format("{} pending", summary.pending)};
}

Row errors_row(const Summary& summary) {
  Row row{"errors"};
  for (const auto& [exception, count] : summary.errors) {
    row.push_back(fmt::format("{} {}", count, exception));
  }
  return row;
}

Row batches_row(const BatchSummary& batches) {
  return {"batches",
          fmt::format("{} sent", batches.sent),
          fmt::format("{} records each", quotient_text(batches.records, batches.sent)),
          fmt::format("{} B each", quotient_text(batches.bytes.count(), batches.sent)),
          fmt::format("{} of batch.size",
                      percent_text(batches.bytes.count(), batches.batch_size.count())),
          fmt::format("{} opened", batches.opened)};
}

Row troubles_row(const BatchSummary& batches) {
  return {"", counted(batches.retries, "retry", "retries"), counted(batches.splits, "split"),
          fmt::format("{} expired", batches.expirations)};
}

Row requests_row(const RequestSummary& requests) {
  return {"requests", fmt::format("{} produce", requests.produce),
          fmt::format("{} records each", quotient_text(requests.records, requests.produce)),
          fmt::format("{} batches each", quotient_text(requests.batches, requests.produce)),
          counted(requests.others, "other")};
}

Row latency_row(std::string label, const LatencySummary& latency) {
  return {std::move(label), readable_duration(latency.least) + " min",
          readable_duration(latency.median) + " median",
          readable_duration(latency.ninety_ninth) + " 99th",
          readable_duration(latency.most) + " max"};
}

Row wire_row(const RequestSummary& requests) {
  return {"wire", readable_size(requests.to_brokers) + " to brokers",
          readable_size(requests.to_clients) + " back"};
}

Row pool_row(const PoolSummary& pool, bool is_only_one) {
  Row row{is_only_one ? "memory" : "memory of " + pool.producer,
          readable_size(pool.most_used) + " at most",
          percent_text(pool.most_used.count(), pool.total.count()) + " of",
          readable_size(pool.total)};
  if (pool.lost > Bytes{}) row.push_back(readable_size(pool.lost) + " lost");
  return row;
}

Row blocked_row(const BlockedSummary& blocked) {
  Row row{"blocked",
          readable_duration(blocked.metadata) + " metadata",
          readable_duration(blocked.memory) + " memory",
          readable_duration(blocked.flush) + " flush",
          readable_duration(blocked.future) + " get",
          readable_duration(blocked.close) + " close"};
  if (blocked.transaction > Duration{}) {
    row.push_back(readable_duration(blocked.transaction) + " transaction");
  }
  return row;
}

Row logs_row(const LogSummary& logs) {
  Row row{"logs", counted(logs.records, "record"), "in " + counted(logs.partitions, "partition"),
          counted(logs.duplicates, "duplicate"),
          logs.out_of_order.empty()
              ? "in order"
              : fmt::format("out of order in {}", fmt::join(logs.out_of_order, ", "))};
  if (logs.lost > 0) row.push_back(fmt::format("{} acknowledged and lost", logs.lost));
  return row;
}

}  // namespace

LatencySummary latency_summary(std::vector<Duration> latencies) {
  if (latencies.empty()) return {};
  std::sort(latencies.begin(), latencies.end());
  const std::size_t count = latencies.size();
  // The smallest value such that so many percent of all are not above it.
  const auto percentile = [&](std::size_t percent) {
    return latencies[(count * percent + 99) / 100 - 1];
  };
  return {.count = static_cast<std::int64_t>(count),
          .least = latencies.front(),
          .median = percentile(50),
          .ninety_ninth = percentile(99),
          .most = latencies.back()};
}

std::string text(const Summary& summary) {
  TextTable table;
  table.add(records_row(summary));
  if (!summary.errors.empty()) table.add(errors_row(summary));
  table.add(batches_row(summary.batches));
  table.add(troubles_row(summary.batches));
  table.add(requests_row(summary.requests));
  table.add(wire_row(summary.requests));
  if (summary.acknowledged.count > 0) table.add(latency_row("latency", summary.acknowledged));
  if (summary.failed.count > 0) table.add(latency_row("of failures", summary.failed));
  for (const PoolSummary& pool : summary.pools) {
    table.add(pool_row(pool, summary.pools.size() == 1));
  }
  table.add(blocked_row(summary.blocked));
  if (summary.logs.partitions > 0) table.add(logs_row(summary.logs));
  return table.text();
}

// --- Counting ---

SummaryBuilder::SummaryBuilder(const Scenario& scenario) {
  for (const ProducerSpec& producer : scenario.producers) {
    const core::ProducerConfig& config = producer.config.config;
    batch_sizes_.push_back(config.batch_size);
    summary_.pools.push_back({producer.name, config.buffer_memory, {}, {}});
  }
}

void SummaryBuilder::add(const TraceEvent& event) {
  visit_event(event, [&](const auto& what) { count(event, what); });
}

PoolSummary& SummaryBuilder::pool(const TraceEvent& event) {
  return summary_.pools[index_of(event)];
}

void SummaryBuilder::count(const TraceEvent& event, const core::BatchDrained& drained) {
  ++summary_.requests.batches;
  summary_.requests.records += drained.records;
  if (drained.attempts > 0) return;
  ++summary_.batches.sent;
  summary_.batches.records += drained.records;
  summary_.batches.bytes += drained.bytes;
  summary_.batches.batch_size += batch_sizes_[index_of(event)];
}

void SummaryBuilder::count(const TraceEvent&, const core::BatchRetried&) {
  ++summary_.batches.retries;
}

void SummaryBuilder::count(const TraceEvent&, const core::BatchSplit&) {
  ++summary_.batches.splits;
}

void SummaryBuilder::count(const TraceEvent&, const core::BatchExpired&) {
  ++summary_.batches.expirations;
}

void SummaryBuilder::count(const TraceEvent&, const core::RequestSent& sent) {
  ++(sent.api == core::ApiKey::Produce ? summary_.requests.produce : summary_.requests.others);
}

void SummaryBuilder::count(const TraceEvent& event, const core::MemoryAllocated& allocated) {
  if (allocated.source == core::MemorySource::Heap) return;
  PoolSummary& of = pool(event);
  of.most_used = std::max(of.most_used, of.total - allocated.available);
}

// It took what there was, and there was not enough.
void SummaryBuilder::count(const TraceEvent& event, const core::WaiterGathered& gathered) {
  PoolSummary& of = pool(event);
  if (gathered.gathered < gathered.needed) of.most_used = of.total;
}

void SummaryBuilder::count(const TraceEvent& event, const core::CallBlocked& blocked) {
  if (!is_of_application(blocked.thread)) return;
  waiting_.insert_or_assign(blocked.thread, Waiting{blocked.on, event.at});
}

void SummaryBuilder::count(const TraceEvent& event, const core::CallResumed& resumed) {
  end_waiting(resumed.thread, event.at);
}

void SummaryBuilder::count(const TraceEvent& event, const core::CloseEnded& ended) {
  end_waiting(ended.thread, event.at);
}

void SummaryBuilder::count(const TraceEvent&, const SegmentSent& sent) {
  (sent.direction == Direction::ToBroker ? summary_.requests.to_brokers
                                         : summary_.requests.to_clients) += sent.bytes;
}

void SummaryBuilder::end_waiting(core::ThreadId thread, Instant at) {
  const auto waiting = waiting_.find(thread);
  if (waiting == waiting_.end()) return;
  add_time(summary_.blocked, waiting->second.on, at - waiting->second.since);
  waiting_.erase(waiting);
}

Summary SummaryBuilder::finish(const World& world) const {
  Summary summary = summary_;
  for (const auto& [thread, waiting] : waiting_) {
    add_time(summary.blocked, waiting.on, world.now - waiting.since);
  }
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    summary.batches.opened += static_cast<std::int64_t>(world.processes[i].batches.size());
    summary.pools[i].lost = world.processes[i].producer.accumulator().pool().lost();
  }
  add_records(world, summary);
  if (!world.scenario->live) add_logs(world, summary.logs);
  return summary;
}

}  // namespace linger::sim
