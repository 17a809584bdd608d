#include "viz/batch_view.h"

#include <algorithm>

#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// Waits beyond this are as good as none at all.
constexpr core::Milliseconds kTooLongToCount = std::chrono::hours{24 * 365};

std::optional<Remaining> counted(const Scene& scene, core::Millis from, core::Milliseconds wait) {
  if (wait <= core::Milliseconds{0} || wait > kTooLongToCount) return std::nullopt;
  const core::Instant began = instant_of(scene.world(), from);
  return remaining(began, began + wait, scene.at);
}

// What the sender decided last, if it was about this batch.
const core::ReadinessDecision* last_decision(const Scene& scene, const core::ProducerBatch& batch,
                                             core::ProducerIndex producer) {
  const auto* queue = accumulator_of(scene, producer).queue(batch.partition);
  if (queue == nullptr || !queue->last_decision) return nullptr;
  return queue->last_decision->batch == batch.id ? &*queue->last_decision : nullptr;
}

// The sender draws its backoff anew at each look; before the first one only its middle is known.
std::optional<Remaining> backoff_of(const Scene& scene, const core::ProducerBatch& batch,
                                    core::ProducerIndex producer) {
  if (batch.attempts == 0) return std::nullopt;
  const core::RecordAccumulator& accumulator = accumulator_of(scene, producer);
  if (accumulator.settings().skips_backoff_on_new_leader &&
      batch.has_new_leader_for_this_attempt()) {
    return std::nullopt;
  }
  core::Milliseconds wait = accumulator.settings().retry_backoff.nominal(batch.attempts - 1);
  const core::ReadinessDecision* decision = last_decision(scene, batch, producer);
  const bool is_about_this_wait = decision != nullptr && decision->backing_off &&
                                  decision->verdict == core::ReadinessVerdict::BackingOff;
  if (is_about_this_wait) wait = decision->time_to_wait;
  return counted(scene, batch.last_attempt, wait);
}

bool is_ready(const Scene& scene, const core::ProducerBatch& batch, core::ProducerIndex producer) {
  const core::ReadinessDecision* decision = last_decision(scene, batch, producer);
  return decision != nullptr && decision->verdict == core::ReadinessVerdict::Ready;
}

BatchLook look_in_deque(const core::ProducerBatch& batch, bool is_ready, bool backs_off) {
  if (backs_off) return BatchLook::BackingOff;
  if (is_ready) return BatchLook::Ready;
  return batch.is_full() || batch.is_retried ? BatchLook::Waiting : BatchLook::Filling;
}

std::string_view state_in_deque(const core::ProducerBatch& batch, BatchLook look) {
  if (look != BatchLook::Waiting) return word(look);
  if (batch.is_retried) return tr("waits again");
  return batch.builder.is_full() ? tr("full") : tr("closed");
}

bool is_in_deque(sim::BatchStatus status) {
  return status == sim::BatchStatus::Open || status == sim::BatchStatus::Queued ||
         status == sim::BatchStatus::Backoff;
}

BatchWaits waits_of(const Scene& scene, const core::ProducerBatch& batch, BatchRef ref) {
  BatchWaits waits;
  const auto& settings = accumulator_of(scene, ref.producer).settings();
  const sim::BatchStatus status = entry_of(scene, ref).status;
  if (is_in_deque(status)) {
    waits.backoff = backoff_of(scene, batch, ref.producer);
    const bool is_ready_now = !waits.backoff && is_ready(scene, batch, ref.producer);
    if (!batch.is_retried && !is_ready_now) {
      waits.linger = counted(scene, batch.created, settings.linger);
    }
  }
  const bool is_open = is_in_deque(status) || status == sim::BatchStatus::InFlight;
  if (is_open && settings.expiry.clock == core::ExpiryClock::FromCreation) {
    waits.delivery = counted(scene, batch.created, settings.expiry.delivery_timeout);
  }
  return waits;
}

void describe_state(const Scene& scene, const core::ProducerBatch& batch, BatchBox& box) {
  const sim::BatchEntry& entry = entry_of(scene, box.ref);
  if (is_in_deque(entry.status)) {
    box.look = look_in_deque(batch, is_ready(scene, batch, box.ref.producer),
                             box.waits.backoff.has_value());
    box.state = state_in_deque(batch, box.look);
  } else if (entry.status == sim::BatchStatus::InFlight) {
    box.look = BatchLook::InFlight;
    box.state = word(box.look);
  } else {
    const bool is_success = entry.outcome == core::BatchState::Succeeded;
    box.look = is_success ? BatchLook::Acknowledged : BatchLook::Failed;
    box.state = word(box.look);
  }
}

}  // namespace

std::string_view word(BatchLook look) {
  switch (look) {
    case BatchLook::Filling:
      return tr("filling");
    case BatchLook::Waiting:
      return tr("waiting");
    case BatchLook::Ready:
      return tr("ready");
    case BatchLook::InFlight:
      return tr("in flight");
    case BatchLook::BackingOff:
      return tr("backing off");
    case BatchLook::Acknowledged:
      return tr("acknowledged");
    case BatchLook::Failed:
      return tr("failed");
  }
  return "";
}

std::optional<Remaining> remaining(core::Instant from, core::Instant until, core::Instant at) {
  if (until <= at || until <= from) return std::nullopt;
  const core::Duration left = until - at;
  const auto share = static_cast<float>(left.count()) / static_cast<float>((until - from).count());
  return Remaining{left, std::min(share, 1.0F)};
}

std::string Remaining::text() const {
  return duration_text(time);
}

core::Instant instant_of(const sim::World& world, core::Millis at) {
  const core::Millis began{core::Milliseconds{world.scenario->epoch_ms}};
  if (at < began) return {};
  if (at - began > kTooLongToCount) return core::Instant::max();
  return core::Instant{at - began};
}

BatchBox batch_box(const Scene& scene, BatchRef ref) {
  const core::ProducerBatch& batch = *find_batch(scene, ref);
  BatchBox box;
  box.ref = ref;
  box.partition = batch.partition;
  box.label = batch_label(ref.batch);
  box.records = batch.builder.record_count();
  box.size = batch.builder.size();
  box.capacity = batch.builder.capacity();
  const auto capacity = std::max(box.capacity, core::Bytes{1});
  box.fill =
      std::min(1.0F, static_cast<float>(box.size.count()) / static_cast<float>(capacity.count()));
  box.sequence = batch.builder.base_sequence();
  if (box.sequence >= 0) box.sequence_text = sequence_text(box.sequence, box.records);
  box.attempts = batch.attempts;
  box.is_retried = batch.is_retried;
  box.is_split = batch.is_split;
  box.was_reset = batch.sequence_was_reset;
  box.is_selected = is_selected(scene, ref);
  box.waits = waits_of(scene, batch, ref);
  describe_state(scene, batch, box);
  return box;
}

BatchWaits waits_of(const Scene& scene, BatchRef ref) {
  return waits_of(scene, *find_batch(scene, ref), ref);
}

}  // namespace linger::viz
