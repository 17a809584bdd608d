#include "sim/metrics.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "sim/readable.h"

namespace linger::sim {

// --- Counting ---

void MetricsBuilder::Measured::add(std::int64_t value) {
  most = count == 0 ? value : std::max(most, value);
  ++count;
  sum += value;
}

std::string MetricsBuilder::Measured::average() const {
  return count == 0 ? "NaN" : quotient_text(sum, count);
}

std::string MetricsBuilder::Measured::maximum() const {
  return count == 0 ? "NaN" : std::to_string(most);
}

MetricsBuilder::MetricsBuilder(const Scenario& scenario) : producers_(scenario.producers.size()) {}

void MetricsBuilder::add(const TraceEvent& event) {
  if (!event.producer) return;
  Counted& own = producers_[static_cast<std::size_t>(event.producer->value())];
  visit_event(event, [&](const auto& what) { count(own, event.at, what); });
}

void MetricsBuilder::count(Counted& own, Instant, const core::RecordAppended& appended) {
  std::int64_t& largest = own.largest_record[appended.batch];
  largest = std::max(largest, appended.upper_bound.count());
}

// What was drained counts, also where the same pass then fails it.
void MetricsBuilder::count(Counted& own, Instant, const core::BatchDrained& drained) {
  own.queue_time.add(drained.age.count());
  own.batch_size.add(drained.bytes.count());
  const auto largest = own.largest_record.find(drained.batch);
  if (largest != own.largest_record.end()) own.record_size.add(largest->second);
  own.drained[drained.batch] = drained.records;
}

void MetricsBuilder::count(Counted& own, Instant, const core::RequestSent& sent) {
  ++own.requests;
  if (sent.api != core::ApiKey::Produce) return;
  std::int64_t records = 0;
  for (const core::BatchId batch : sent.batches) {
    const auto drained = own.drained.find(batch);
    if (drained == own.drained.end()) continue;
    records += drained->second;
    own.drained.erase(drained);
  }
  own.records_per_request.add(records);
}

void MetricsBuilder::count(Counted& own, Instant, const core::RequestCompleted& completed) {
  if (completed.outcome != core::RequestOutcome::Ok) return;
  ++own.responses;
  if (completed.api != core::ApiKey::Produce) return;
  own.request_latency.add(completed.latency.count());
}

void MetricsBuilder::count(Counted& own, Instant, const core::NodeThrottled& throttled) {
  own.throttle_time.add(throttled.throttle.count());
}

void MetricsBuilder::count(Counted& own, Instant, const core::ConnectionChanged& changed) {
  using core::ConnectionState;
  bool& is_connected = own.is_connected[changed.node];
  const bool is_up = changed.state == ConnectionState::Ready ||
                     changed.state == ConnectionState::CheckingApiVersions;
  const bool is_down = changed.state == ConnectionState::Disconnected ||
                       changed.state == ConnectionState::AuthenticationFailed;
  if (is_up && !is_connected) ++own.connections_opened;
  if (is_down && is_connected) ++own.connections_closed;
  if (is_up || is_down) is_connected = is_up;
}

void MetricsBuilder::count(Counted& own, Instant, const core::BytesMoved& moved) {
  (moved.written ? own.written : own.read) += moved.bytes;
}

void MetricsBuilder::count(Counted& own, Instant at, const core::MetadataUpdated& updated) {
  if (!updated.failed) own.metadata_at = at;
}

void MetricsBuilder::count(Counted& own, Instant, const core::SendFailed& failed) {
  if (failed.error.exception == core::Exception::BufferExhaustedException) ++own.buffer_exhausted;
}

void MetricsBuilder::count(Counted& own, Instant at, const core::CallBlocked& blocked) {
  if (blocked.on == core::BlockedOn::Memory) own.waiting_since.insert_or_assign(blocked.thread, at);
}

void MetricsBuilder::count(Counted& own, Instant at, const core::CallResumed& resumed) {
  const auto waiting = own.waiting_since.find(resumed.thread);
  if (waiting == own.waiting_since.end()) return;
  own.memory_waited += at - waiting->second;
  own.waiting_since.erase(waiting);
}

void MetricsBuilder::count(Counted& own, Instant at, const core::FlushStarted& started) {
  own.flushing_since.insert_or_assign(started.thread, at);
}

void MetricsBuilder::count(Counted& own, Instant at, const core::FlushEnded& ended) {
  const auto flushing = own.flushing_since.find(ended.thread);
  if (flushing == own.flushing_since.end()) return;
  own.flushed += at - flushing->second;
  own.flushing_since.erase(flushing);
}

// --- The values ---

namespace {

std::string nanoseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

std::string seconds(Duration duration) {
  return quotient_text(duration.count(), 1'000'000);
}

}  // namespace

std::vector<std::vector<Metric>> MetricsBuilder::finish(const World& world) const {
  std::vector<std::vector<Metric>> all;
  for (std::size_t i = 0; i < producers_.size(); ++i) {
    const Counted& own = producers_[i];
    const core::KafkaProducer& producer = world.processes[i].producer;
    const core::SenderMetrics& sender = producer.sender().metrics();
    const core::BufferPool& pool = producer.accumulator().pool();
    const auto count = [](std::int64_t number) { return std::to_string(number); };
    all.push_back({
        {"record-send-total", count(sender.records_sent), "records drained"},
        {"record-retry-total", count(sender.record_retries), "records of batches tried again"},
        {"record-error-total", count(sender.record_errors), "records of batches that failed"},
        {"record-size-avg", own.record_size.average(), "bytes: the largest of each batch"},
        {"record-size-max", own.record_size.maximum(), "bytes"},
        {"record-queue-time-avg", own.queue_time.average(), "ms from opening to drain"},
        {"record-queue-time-max", own.queue_time.maximum(), "ms"},
        {"batch-size-avg", own.batch_size.average(), "bytes when drained"},
        {"batch-size-max", own.batch_size.maximum(), "bytes"},
        {"batch-split-total", count(sender.batches_split), "batches too large for the broker"},
        {"records-per-request-avg", own.records_per_request.average(), "of produce requests"},
        {"request-latency-avg", own.request_latency.average(), "ms, of produce requests"},
        {"request-latency-max", own.request_latency.maximum(), "ms"},
        {"produce-throttle-time-avg", own.throttle_time.average(), "ms, where throttled"},
        {"produce-throttle-time-max", own.throttle_time.maximum(), "ms"},
        {"requests-in-flight", count(producer.client().in_flight_count()), "at the end"},
        {"metadata-age", seconds(world.now - own.metadata_at), "s at the end"},
        {"buffer-total-bytes", count(pool.total().count()), "buffer.memory"},
        {"buffer-available-bytes", count(pool.available().count()), "at the end"},
        {"waiting-threads", count(static_cast<std::int64_t>(own.waiting_since.size())),
         "for memory, at the end"},
        {"bufferpool-wait-time-ns-total", nanoseconds(own.memory_waited), "of threads, for memory"},
        {"buffer-exhausted-total", count(own.buffer_exhausted), "waits for memory in vain"},
        {"flush-time-ns-total", nanoseconds(own.flushed), "in flush()"},
        {"connection-creation-total", count(own.connections_opened), ""},
        {"connection-close-total", count(own.connections_closed), ""},
        {"request-total", count(own.requests), "of all kinds"},
        {"response-total", count(own.responses), ""},
        {"outgoing-byte-total", count(own.written.count()), "to sockets"},
        {"incoming-byte-total", count(own.read.count()), "from sockets"},
    });
  }
  return all;
}

std::string text(const std::vector<Metric>& metrics) {
  TextTable table{{TextTable::Align::Left, TextTable::Align::Right}};
  for (const Metric& metric : metrics) {
    table.add({metric.name, metric.value, std::string{metric.what}});
  }
  return table.text();
}

}  // namespace linger::sim
