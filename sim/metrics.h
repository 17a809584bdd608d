// Kafka's metrics, by their names, over a whole run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// One value, as JMX would show it: "record-queue-time-max", "12". An average without anything to
// average is "NaN", as in Kafka.
struct Metric {
  std::string name;
  std::string value;
  std::string_view what;  // in a few words
  friend bool operator==(const Metric&, const Metric&) = default;
};

// Counts while a run goes on. In Kafka: SenderMetricsRegistry, BufferPool, KafkaProducerMetrics and
// Selector's sensors.
// Differs: averages and maxima are over the run, where Kafka has windows of
// metrics.sample.window.ms; so there are totals here, and no rates. Times are virtual.
class MetricsBuilder {
 public:
  explicit MetricsBuilder(const Scenario& scenario);

  void add(const TraceEvent& event);
  // Of each producer, in the order of the scenario. Requires: the world those events happened in.
  std::vector<std::vector<Metric>> finish(const World& world) const;

 private:
  struct Measured {
    std::int64_t count = 0;
    std::int64_t sum = 0;
    std::int64_t most = 0;
    void add(std::int64_t value);
    std::string average() const;
    std::string maximum() const;
  };
  struct Counted {
    Measured queue_time;
    Measured batch_size;
    Measured record_size;  // the largest of each batch
    Measured records_per_request;
    Measured request_latency;
    Measured throttle_time;
    std::int64_t buffer_exhausted = 0;
    std::int64_t requests = 0;
    std::int64_t responses = 0;
    std::int64_t connections_opened = 0;
    std::int64_t connections_closed = 0;
    Bytes written;
    Bytes read;
    Duration memory_waited{};
    Duration flushed{};
    Instant metadata_at{};
    std::map<core::BatchId, std::int64_t> largest_record;
    std::map<core::BatchId, std::int32_t> drained;  // since the last request
    std::map<core::ThreadId, Instant> waiting_since;
    std::map<core::ThreadId, Instant> flushing_since;
    std::map<core::NodeId, bool> is_connected;
  };

  void count(Counted& own, Instant at, const core::RecordAppended& appended);
  void count(Counted& own, Instant at, const core::BatchDrained& drained);
  void count(Counted& own, Instant at, const core::RequestSent& sent);
  void count(Counted& own, Instant at, const core::RequestCompleted& completed);
  void count(Counted& own, Instant at, const core::NodeThrottled& throttled);
  void count(Counted& own, Instant at, const core::ConnectionChanged& changed);
  void count(Counted& own, Instant at, const core::BytesMoved& moved);
  void count(Counted& own, Instant at, const core::MetadataUpdated& updated);
  void count(Counted& own, Instant at, const core::SendFailed& failed);
  void count(Counted& own, Instant at, const core::CallBlocked& blocked);
  void count(Counted& own, Instant at, const core::CallResumed& resumed);
  void count(Counted& own, Instant at, const core::FlushStarted& started);
  void count(Counted& own, Instant at, const core::FlushEnded& ended);
  template <class Other>
  void count(Counted&, Instant, const Other&) {}

  std::vector<Counted> producers_;
};

// "record-send-total  12  records drained", a line each.
std::string text(const std::vector<Metric>& metrics);

}  // namespace linger::sim
