#include "sim/expiry_flip.h"

#include <cstddef>

namespace linger::sim {

std::optional<FlippedExpiry> flip_expiry(const World& world, core::ProducerIndex producer,
                                         core::BatchId id) {
  const core::RecordAccumulator& accumulator =
      world.processes[static_cast<std::size_t>(producer.value())].producer.accumulator();
  if (!accumulator.batches.contains(id)) return std::nullopt;
  core::ProducerBatch batch = accumulator.batches.at(id);
  const auto* queue = accumulator.queue(batch.partition);
  const bool is_before_others =
      queue != nullptr && !queue->batches.empty() && queue->batches.back() != id;
  const auto place = is_before_others ? core::PlaceInDeque::BeforeOthers : core::PlaceInDeque::Last;
  const core::Millis now = world.producer_time();
  const core::ExpirySettings& settings = accumulator.settings().expiry;
  FlippedExpiry flipped;
  flipped.now = core::expiry_of(batch, place, settings, now);
  batch.created = batch.last_attempt = batch.last_append = now;
  flipped.then = core::expiry_of(batch, place, settings, now);
  return flipped;
}

}  // namespace linger::sim
