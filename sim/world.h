// The world as one value: producers, application threads, wires, brokers, clock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/kafka_producer.h"
#include "sim/app_thread.h"
#include "sim/event_queue.h"
#include "sim/fault.h"
#include "sim/lane.h"
#include "sim/ledger.h"
#include "sim/outside.h"
#include "sim/query_evaluator.h"
#include "sim/scenario.h"
#include "sim/server_side.h"
#include "sim/trace.h"

namespace linger::sim {

// How often a piece of user code was called, for those that act at one call alone.
struct UserCodeCounter {
  core::UserCallKind kind;
  std::int32_t index;
  friend auto operator<=>(const UserCodeCounter&, const UserCodeCounter&) = default;
};

// Who is in a request, kept until the broker has written it.
struct RequestContents {
  core::CorrelationId correlation;
  std::vector<std::pair<TopicPartition, std::vector<core::RecordId>>> batches;
};

struct ProducerProcess {
  core::KafkaProducer producer;
  SenderThread sender;
  bool has_exited = false;  // the process is gone without close()
  ChunkedList<BatchEntry> batches;
  std::vector<std::shared_ptr<const RequestContents>> requests;
  std::map<UserCodeCounter, std::int32_t> user_calls;
};

struct RecordCounts {
  std::int64_t sent = 0;
  std::int64_t acknowledged = 0;
  std::int64_t failed = 0;
  std::int64_t refused = 0;
};

// A copy is a checkpoint: it shares what neither changes. There are no pointers between its parts.
//
// At one instant things happen in this order: interventions, application threads in their order,
// the wires and brokers, the senders. So a poll sees everything that arrived until then.
struct World {
  explicit World(std::shared_ptr<const Scenario> scenario);
  World(const World&);
  World(World&&) noexcept;
  World& operator=(const World&);
  World& operator=(World&&) noexcept;
  ~World();

  Instant now{};
  std::int64_t steps = 0;
  std::shared_ptr<const Scenario> scenario;
  std::vector<ProducerProcess> processes;
  std::vector<AppThread> threads;
  ServerSide servers;
  OutsideConnections outside;    // to real brokers, if the scenario is live,
  std::size_t inputs_taken = 0;  // and how much of what came from them was heard
  EventQueue events;
  ChunkedList<RecordEntry> records;
  RecordCounts counts;
  // What each fault and each line of narration that waits for a condition remembers of the trace.
  std::vector<QueryMemory> fault_memory;
  std::vector<QueryMemory> narration_memory;
  std::vector<bool> fault_done;
  std::vector<bool> narration_done;
  Instant last_activity{};
  std::optional<std::string> ended;  // why

  core::Millis producer_time() const { return producer_time(now); }
  core::Millis producer_time(Instant at) const;
};

// Takes the next thing due, lets it happen, and says what happened. False if the run is over.
bool step(World& world, TraceSink& trace);

// What is due next of one lane: any of them may come first.
struct Coming {
  Lane lane;
  Instant at{};               // now, if it is late
  bool is_departure = false;  // bytes that wait in a socket leave it
};
// In the order in which they are due; none if the run is over, or ends before.
std::vector<Coming> coming(const World& world);
// Lets that one come first. Requires: it is among those that are coming.
void step(World& world, const Lane& lane, TraceSink& trace);

// When something is due next; none if the run is over.
std::optional<Instant> next_due(const World& world);

// Lets a fault happen at `at`, and notes it in the world's scenario, which then replays it exactly.
// Requires: world.now < at.
void inject(World& world, Fault fault, Instant at);

// The answers to the names a query may use.
Lookup lookup_in(const World& world);

}  // namespace linger::sim
