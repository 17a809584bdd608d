// What every view is computed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/kafka_producer.h"
#include "core/time.h"
#include "sim/ledger.h"
#include "sim/timeline.h"
#include "sim/trace_names.h"
#include "sim/world.h"
#include "viz/selection.h"
#include "viz/trace_index.h"

namespace linger::viz {

// A timeline at its cursor, looked at in an exact instant: not before the last thing that happened,
// not after the next. In between only what moves by itself has moved: what is on the wires, and
// what counts down.
//
// Does not own what it refers to: it lives as long as a frame does.
struct Scene {
  const sim::Timeline& timeline;
  const TraceIndex& index;
  Selection selection;
  core::Instant at{};
  double speed = 1;             // virtual seconds for one on the wall: how fast short flights are
  double still_for = 0;         // seconds on the wall since `at` last moved
  std::int64_t fresh_from = 0;  // what happened in a step before this one has come to rest
  sim::TraceNames names;

  const sim::World& world() const { return timeline.world(); }
  std::size_t position() const { return timeline.past().size(); }  // in the trace
};

// The batch that is selected, or that holds the selected record, or the first that the selected
// request carries.
std::optional<BatchRef> selected_batch(const Scene& scene);
// The partition that is selected, or that the selected batch or record is bound for.
std::optional<LaneRef> selected_lane(const Scene& scene);
// The selected lane, or else the first that holds a batch, or else the first there is.
std::optional<LaneRef> lane_in_focus(const Scene& scene);

// Requires: they exist.
const sim::ProducerProcess& process_of(const Scene& scene, core::ProducerIndex producer);
const core::RecordAccumulator& accumulator_of(const Scene& scene, core::ProducerIndex producer);
const sim::BatchEntry& entry_of(const Scene& scene, BatchRef batch);
const sim::RecordEntry& entry_of(const Scene& scene, core::RecordId record);
// The batch itself, as long as some book of the producer names it; else null.
const core::ProducerBatch* find_batch(const Scene& scene, BatchRef batch);

bool is_selected(const Scene& scene, BatchRef batch);
bool is_selected(const Scene& scene, core::RecordId record);
bool is_selected(const Scene& scene, RequestRef request);

// Rows of a long list that are on the screen.
struct Window {
  std::int64_t first = 0;
  std::int64_t count = 50;
};

}  // namespace linger::viz
