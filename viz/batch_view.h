// A batch as a box: in a deque, in a request, in the pool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/time.h"
#include "viz/scene.h"
#include "viz/selection.h"

namespace linger::viz {

// What is left of a wait.
struct Remaining {
  core::Duration time{};
  float fraction = 0;        // of the whole wait, 1 at its beginning, 0 at its end
  std::string text() const;  // "4.2 ms"
  friend bool operator==(const Remaining&, const Remaining&) = default;
};
std::optional<Remaining> remaining(core::Instant from, core::Instant until, core::Instant at);

// What a batch is at this moment, by which it is coloured.
enum class BatchLook { Filling, Waiting, Ready, InFlight, BackingOff, Acknowledged, Failed };
std::string_view word(BatchLook look);

// What a batch that has no fate yet waits for.
struct BatchWaits {
  std::optional<Remaining> linger;    // until linger.ms has passed; not of one that is retried
  std::optional<Remaining> backoff;   // until it may be sent again
  std::optional<Remaining> delivery;  // until delivery.timeout.ms
  friend bool operator==(const BatchWaits&, const BatchWaits&) = default;
};

struct BatchBox {
  BatchRef ref;
  core::TopicPartition partition;
  std::string label;  // "b3"
  BatchLook look = BatchLook::Filling;
  std::string state;  // in a word or two: "filling", "closed", "backing off"
  float fill = 0;     // of its capacity, 0 to 1
  std::int32_t records = 0;
  core::Bytes size;
  core::Bytes capacity;
  std::int32_t sequence = -1;
  std::string sequence_text;  // "seq 0–7"; empty before it has one
  std::int32_t attempts = 0;  // failed sendings
  bool is_retried = false;
  bool is_split = false;   // made by splitting a larger one; its memory is not the pool's
  bool was_reset = false;  // its sequence was rewritten
  bool is_selected = false;
  bool is_arriving = false;  // a flight to this place is on its way: draw it faint
  BatchWaits waits;
  friend bool operator==(const BatchBox&, const BatchBox&) = default;
};

// Requires: the producer still has the batch.
BatchBox batch_box(const Scene& scene, BatchRef ref);
BatchWaits waits_of(const Scene& scene, BatchRef ref);

// A moment of the producer's clock as one of the run.
core::Instant instant_of(const sim::World& world, core::Millis at);

}  // namespace linger::viz
