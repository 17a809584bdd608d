// Quantities of a run over virtual time, as the trace tells them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/scenario.h"
#include "sim/trace.h"

namespace linger::sim {

enum class Quantity {
  PoolAvailable,        // bytes
  RecordsWaiting,       // in the accumulator: appended, and not in flight
  RequestsInFlight,     // on the connection that has most
  BatchSize,            // of each batch when it is drained for the first time, in bytes
  RecordLatency,        // from send() until its fate is told, in microseconds
  RecordsAcknowledged,  // so far
};
inline constexpr std::size_t kQuantities = 6;
std::string_view word(Quantity quantity);

// Each value holds until the next. Of values at one instant all are kept.
class Series {
 public:
  struct Sample {
    Instant at{};
    std::int64_t value = 0;
    std::int64_t position = -1;  // in the trace; -1: from the beginning
    friend bool operator==(const Sample&, const Sample&) = default;
  };
  void add(Sample sample);

  const std::vector<Sample>& samples() const { return samples_; }
  // How many there are before an instant, before a position of the trace.
  std::size_t count_before(Instant at) const;
  std::size_t count_before(std::int64_t position) const;

  struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
    friend bool operator==(const Range&, const Range&) = default;
  };
  // Of the values from one place to another. Requires: first < end <= samples().size().
  Range range(std::size_t first, std::size_t end) const;

 private:
  static constexpr std::size_t kBlock = 64;
  std::vector<Sample> samples_;
  std::vector<Range> blocks_;  // of each kBlock samples; the last may be incomplete
};

// Follows a trace, event by event.
class RunSeries {
 public:
  // Its quantities have their first values at the beginning of the run.
  explicit RunSeries(const Scenario& scenario);

  void add(const TraceEvent& event, std::int64_t position);

  const Series& of(ProducerIndex producer, Quantity quantity) const {
    return producers_[static_cast<std::size_t>(producer.value())]
        .series[static_cast<std::size_t>(quantity)];
  }
  std::size_t producers() const { return producers_.size(); }

 private:
  struct Reader;
  struct Batch {
    std::int64_t records = 0;
    bool waits = true;
  };
  struct Producer {
    std::array<Series, kQuantities> series;
    std::map<core::BatchId, Batch> batches;
    std::map<NodeId, std::int32_t> in_flight;
    std::int64_t waiting = 0;
    std::int64_t acknowledged = 0;
  };
  std::vector<Producer> producers_;
  std::vector<Instant> sent_at_;  // by record
};

}  // namespace linger::sim
