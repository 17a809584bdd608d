// Where a record's time went, from the call of send() until its fate was known.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace linger::sim {

enum class RecordStage {
  Sending,   // send() itself: no time, unless user code takes some
  UserCode,  // interceptors, serializers, the partitioner
  Metadata,  // send() waits for it
  Memory,    // send() waits for it
  InBatch,   // in the accumulator, until drained
  Backoff,   // in the accumulator, after an attempt that failed
  Held,      // the sender's thread is held by user code, before a request or after its answer
  InFlight,
};

std::string_view name(RecordStage stage);

struct RecordSpan {
  RecordStage stage = RecordStage::Sending;
  Instant from{};
  Duration lasted{};
  std::string what;  // "attempt 1: request 4 to broker 0"
};

// Invariant: the spans follow one another without a gap, from `sent_at` on.
struct RecordTimes {
  core::RecordId record;
  RecordEntry entry;
  std::string producer;
  std::string thread;
  std::vector<RecordSpan> spans;
  bool is_complete = false;               // else it was on its way when the run ended, or was cut
  std::optional<Duration> own_callbacks;  // took so long after that, if any ran

  Duration total() const;
};

// Follows the record until `at`, or to the end of the run. None if it was not sent by then.
std::optional<RecordTimes> times_of(const std::shared_ptr<const Scenario>& scenario,
                                    core::RecordId record, std::optional<Instant> at);

// As a table: what happened when, and the sum for each stage, which add up to the total.
std::string text(const RecordTimes& times, const core::TopicNames& topics);

}  // namespace linger::sim
