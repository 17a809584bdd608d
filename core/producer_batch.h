// Records bound for one partition, from the first append to the last callback.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/memory_records_builder.h"
#include "core/producer_record.h"
#include "core/time.h"

namespace linger::core {

// What is kept of an appended record until its fate is known. In Kafka: ProducerBatch.Thunk.
struct AppendedRecord {
  RecordId id;
  std::int64_t timestamp = 0;
  std::optional<CallbackId> callback;
};

// Counterpart in Kafka: ProducerBatch.
//
// Three books name a batch while it is on its way: the deque and the incomplete set of the
// accumulator, the sender's list of what is in flight for its partition, and the request that
// carries it. It may be completed (expired, aborted) while a request is still out; the answer then
// changes nothing.
struct ProducerBatch {
  BatchId id;
  TopicPartition partition;
  MemoryRecordsBuilder builder;
  ResultId result;
  std::vector<AppendedRecord> records;

  Millis created{};       // linger.ms and delivery.timeout.ms count from here
  Millis last_attempt{};  // created, or when it was re-enqueued: the backoff counts from here
  Millis last_append{};
  Millis drained{};
  std::int32_t attempts = 0;  // failed sendings
  bool is_retried = false;
  bool is_split = false;            // its buffer is not the pool's
  bool sequence_was_reset = false;  // since it was last drained
  bool is_incomplete = false;       // its memory was not given back
  BatchState state = BatchState::Open;
  std::int32_t requests_out = 0;  // requests that carry it and are not answered

  // The leader epoch at the last look, and the attempts at the look that saw it change (KIP-951).
  std::int32_t leader_epoch = -1;
  std::int32_t attempts_when_leader_changed = 0;

  bool is_done() const { return state != BatchState::Open; }
  bool is_full() const { return builder.is_closed_for_appends() || builder.is_full(); }
  std::int32_t last_sequence() const;

  // How long it has waited since it was created or last failed.
  Milliseconds waited(Millis now) const {
    return now > last_attempt ? now - last_attempt : Milliseconds{0};
  }
  bool has_reached_delivery_timeout(Milliseconds delivery_timeout, Millis now) const {
    return delivery_timeout <= now - created;
  }

  // Notes the partition's leader epoch. Smaller or unknown (-1) ones change nothing.
  void note_leader_epoch(std::int32_t epoch) {
    if (epoch <= leader_epoch) return;
    leader_epoch = epoch;
    attempts_when_leader_changed = attempts;
  }
  bool has_new_leader_for_this_attempt() const {
    return attempts >= 1 && attempts == attempts_when_leader_changed;
  }
};

// The sequence `steps` after `sequence`: after 2147483647 comes 0.
std::int32_t advance_sequence(std::int32_t sequence, std::int32_t steps);

}  // namespace linger::core
