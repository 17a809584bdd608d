// What a run came to, in numbers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// From the call of send() until the record's fate was known.
struct LatencySummary {
  std::int64_t count = 0;
  Duration least{};
  Duration median{};
  Duration ninety_ninth{};  // percentile, by nearest rank
  Duration most{};
};
LatencySummary latency_summary(std::vector<Duration> latencies);

struct BatchSummary {
  std::int64_t opened = 0;
  // Of those sent, when they were sent first:
  std::int64_t sent = 0;
  std::int64_t records = 0;
  Bytes bytes;
  Bytes batch_size;  // what they would hold at batch.size each
  std::int64_t retries = 0;
  std::int64_t splits = 0;
  std::int64_t expirations = 0;
};

struct RequestSummary {
  std::int64_t produce = 0;
  std::int64_t records = 0;  // in those, retries included
  std::int64_t batches = 0;
  std::int64_t others = 0;  // metadata, versions, producer ids
  Bytes to_brokers;         // on the wire
  Bytes to_clients;
};

struct PoolSummary {
  std::string producer;
  Bytes total;      // buffer.memory
  Bytes most_used;  // held by batches or by those who wait for more
  Bytes lost;
};

// What application threads waited for, all of them together.
struct BlockedSummary {
  Duration metadata{};
  Duration memory{};
  Duration flush{};
  Duration future{};
  Duration close{};
  Duration transaction{};
};

struct LogSummary {
  std::int64_t partitions = 0;
  std::int64_t records = 0;
  std::int64_t duplicates = 0;
  std::vector<std::string> out_of_order;  // the partitions
  std::int64_t lost = 0;                  // records acknowledged, and in none of them
};

struct Summary {
  RecordCounts records;
  std::int64_t pending = 0;
  std::map<std::string, std::int64_t> errors;  // of failed and refused records, by exception
  BatchSummary batches;
  RequestSummary requests;
  LatencySummary acknowledged;
  LatencySummary failed;
  std::vector<PoolSummary> pools;  // one for each producer
  BlockedSummary blocked;
  LogSummary logs;
};

// A line for each kind of number, in aligned columns.
std::string text(const Summary& summary);

// Counts while a run goes on; keeps no events.
class SummaryBuilder {
 public:
  explicit SummaryBuilder(const Scenario& scenario);

  void add(const TraceEvent& event);
  // Requires: the world in which all those events happened.
  Summary finish(const World& world) const;

 private:
  struct Waiting {
    core::BlockedOn on;
    Instant since{};
  };

  void count(const TraceEvent& event, const core::BatchDrained& drained);
  void count(const TraceEvent& event, const core::BatchRetried& retried);
  void count(const TraceEvent& event, const core::BatchSplit& split);
  void count(const TraceEvent& event, const core::BatchExpired& expired);
  void count(const TraceEvent& event, const core::RequestSent& sent);
  void count(const TraceEvent& event, const core::MemoryAllocated& allocated);
  void count(const TraceEvent& event, const core::WaiterGathered& gathered);
  void count(const TraceEvent& event, const core::CallBlocked& blocked);
  void count(const TraceEvent& event, const core::CallResumed& resumed);
  void count(const TraceEvent& event, const core::CloseEnded& ended);
  void count(const TraceEvent& event, const SegmentSent& sent);
  template <class Other>
  void count(const TraceEvent&, const Other&) {}

  PoolSummary& pool(const TraceEvent& event);
  void end_waiting(core::ThreadId thread, Instant at);

  Summary summary_;
  std::vector<Bytes> batch_sizes_;  // of each producer
  std::map<core::ThreadId, Waiting> waiting_;
};

}  // namespace linger::sim
