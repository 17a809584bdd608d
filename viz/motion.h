// What is on its way from one place of the picture to another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "viz/scene.h"

namespace linger::viz {

enum class FlightKind {
  Append,       // a record from its thread into a batch
  Drain,        // a batch from its deque into a request
  Retry,        // a batch from a request back into its deque
  Acknowledge,  // a batch out, with success
  Expire,       // a batch out: delivery.timeout.ms has passed
  Fail,         // a batch out, with another error
  Write,        // a batch from a broker's queue into a log
  Replicate,    // records from the leader's log into a follower's
  TakeMemory,   // from the pool to a batch
  ReturnMemory  // from a batch to the free list, or to the non-pooled part
};

// A place in the picture. Which fields count depends on the kind; the drawing knows where it is.
struct Anchor {
  enum class Kind {
    Thread,       // thread
    Deque,        // producer, partition; batch: its box, if it is there
    InFlight,     // producer, node; batch: the box within its request, if it is there
    BrokerQueue,  // broker
    Log,          // partition
    Replica,      // partition, node: the broker that follows
    Completions,
    FreeList,  // producer
    NonPooled  // producer
  };
  Kind kind = Kind::Completions;
  core::ProducerIndex producer{};
  core::ThreadId thread{};
  core::TopicPartition partition{};
  core::NodeId node{};  // InFlight: the broker, also if it was addressed as a bootstrap server
  core::BatchId batch{-1};
  friend bool operator==(const Anchor&, const Anchor&) = default;
};

struct Flight {
  FlightKind kind = FlightKind::Append;
  Anchor from;
  Anchor to;
  float progress = 0;  // of the way, 0 to 1, already eased
  std::string label;   // "b3", "r7", "16 KiB"
  std::string detail;  // the error, or what is worth a word
  std::optional<BatchRef> batch;
  std::optional<core::RecordId> record;
  bool is_selected = false;
  friend bool operator==(const Flight&, const Flight&) = default;
};

// How long a flight takes, on the wall: virtual time stands still while it happens.
inline constexpr double kFlightSeconds = 0.6;

// What happened at most kFlightSeconds ago, as seconds on the wall at the scene's speed; in the
// order of the trace. A function of the scene alone: whoever comes back to it sees the same again.
std::vector<Flight> flights(const Scene& scene);

// Seconds on the wall since something happened: since then at this speed, and since time stopped.
double seconds_since(const Scene& scene, core::Instant then);

// Slow, fast, slow: 0 to 0, 1 to 1.
float eased(double fraction);

}  // namespace linger::viz
