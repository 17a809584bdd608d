// One batch: its whole life so far.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/time.h"
#include "sim/batch_life.h"
#include "viz/batch_view.h"
#include "viz/scene.h"

namespace linger::viz {

// A stretch of the batch's life. The last one goes on until what is shown.
struct PhaseSpan {
  sim::BatchPhase phase = sim::BatchPhase::Filling;
  core::Instant from{};
  core::Instant to{};
  float begin = 0;  // as fractions of the life so far
  float end = 1;
  std::string text;  // "in flight 2.0 ms"
  friend bool operator==(const PhaseSpan&, const PhaseSpan&) = default;
};

struct LifeRow {
  core::Instant at{};
  std::int64_t step = 0;  // to go there: SeekStep{step + 1}
  std::string time;       // "12.000 ms"
  std::string what;       // "drained for broker 0: 8 records, 933 B"
  std::string why;        // "expired: waited 5 ms, linger.ms is 5"; may be empty
  core::Stream stream = core::Stream::Producer;
  bool is_decision = false;
  bool is_at_cursor = false;
  friend bool operator==(const LifeRow&, const LifeRow&) = default;
};

struct InspectedRecord {
  core::RecordId record;
  std::string label;   // "r7"
  std::string thread;  // its name
  std::string size;    // "113 B"; empty if it is not known any more
  std::string status;
  std::int64_t offset = -1;
  std::int64_t timestamp = -1;  // as RecordMetadata tells it; -1: none is told
  std::string error;
  bool is_selected = false;
  friend bool operator==(const InspectedRecord&, const InspectedRecord&) = default;
};

struct HeaderField {
  std::string name;         // "base sequence"
  std::string value;        // "0"
  std::int32_t offset = 0;  // of its bytes
  std::int32_t size = 0;
  friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

struct BatchInspectorView {
  BatchRef ref;
  std::string title;     // "batch 3 of orders-0"
  std::string subtitle;  // "8 records, 933 B of 16 KiB, attempt 2"
  bool is_done = false;
  BatchLook look = BatchLook::Filling;
  std::string state;
  std::string error;            // what it failed with
  std::optional<BatchBox> box;  // while the producer has it
  std::vector<PhaseSpan> phases;
  std::vector<LifeRow> life;
  std::vector<InspectedRecord> records;
  // The first bytes of the batch, as they were written: in its buffer or, once that is gone, in the
  // log. Empty before the header is written.
  std::vector<HeaderField> header;
  std::string header_from;  // "its buffer", "the log of orders-0", or why there is none
  friend bool operator==(const BatchInspectorView&, const BatchInspectorView&) = default;
};

// The selected batch, or that of the selected record; nothing if there is none.
std::optional<BatchInspectorView> batch_inspector_view(const Scene& scene);

}  // namespace linger::viz
