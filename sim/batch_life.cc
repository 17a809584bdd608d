#include "sim/batch_life.h"

namespace linger::sim {

// Reads one event into the lives of a producer's batches.
struct BatchLives::Reader {
  BatchLives& lives;
  ProducerIndex producer;
  Instant at;
  std::size_t position;

  void begin(core::BatchId batch, TopicPartition partition, BatchPhase phase) const {
    lives.place_of_.emplace(std::pair{producer, batch}, lives.lives_.size());
    lives.lives_.push_back({.producer = producer,
                            .batch = batch,
                            .partition = partition,
                            .stages = {{phase, at, position}}});
  }
  BatchLife* alive(core::BatchId batch) const {
    const auto found = lives.place_of_.find({producer, batch});
    if (found == lives.place_of_.end()) return nullptr;
    BatchLife& life = lives.lives_[found->second];
    return life.is_done() ? nullptr : &life;
  }
  void go_on(core::BatchId batch, BatchPhase phase) const {
    BatchLife* life = alive(batch);
    if (life == nullptr || life->stages.back().phase == phase) return;
    life->stages.push_back({phase, at, position});
  }
  void end(core::BatchId batch, BatchFate fate) const {
    BatchLife* life = alive(batch);
    if (life == nullptr) return;
    // What expired fails next.
    const bool has_expired = life->fate == BatchFate::Expired && fate == BatchFate::Failed;
    life->fate = has_expired ? BatchFate::Expired : fate;
    life->stages.push_back({BatchPhase::Done, at, position});
  }

  void operator()(const core::BatchOpened& opened) const {
    begin(opened.batch, opened.partition, BatchPhase::Filling);
  }
  void operator()(const core::BatchClosedForAppends& closed) const {
    go_on(closed.batch, BatchPhase::Waiting);
  }
  void operator()(const core::BatchDrained& drained) const {
    go_on(drained.batch, BatchPhase::InFlight);
  }
  void operator()(const core::BatchRetried& retried) const {
    go_on(retried.batch, BatchPhase::BackingOff);
  }
  void operator()(const core::BatchExpired& expired) const {
    if (BatchLife* life = alive(expired.batch)) life->fate = BatchFate::Expired;
  }
  void operator()(const core::BatchCompleted& completed) const {
    end(completed.batch, fate_of(completed.state));
  }
  void operator()(const core::BatchSplit& split) const {
    end(split.batch, BatchFate::Split);
    for (const core::BatchId part : split.into) begin(part, split.partition, BatchPhase::Waiting);
  }
  template <class Other>
  void operator()(const Other&) const {}

  static BatchFate fate_of(core::BatchState state) {
    switch (state) {
      case core::BatchState::Succeeded:
        return BatchFate::Acknowledged;
      case core::BatchState::Aborted:
        return BatchFate::Aborted;
      case core::BatchState::Failed:
      case core::BatchState::Open:
        break;
    }
    return BatchFate::Failed;
  }
};

void BatchLives::add(const TraceEvent& event, std::size_t position) {
  if (!event.producer) return;
  visit_event(event, Reader{*this, *event.producer, event.at, position});
}

const BatchLife* BatchLives::find(ProducerIndex producer, core::BatchId batch) const {
  const auto found = place_of_.find({producer, batch});
  return found == place_of_.end() ? nullptr : &lives_[found->second];
}

std::string_view word(BatchPhase phase) {
  switch (phase) {
    case BatchPhase::Filling:
      return "filling";
    case BatchPhase::Waiting:
      return "waiting";
    case BatchPhase::InFlight:
      return "in flight";
    case BatchPhase::BackingOff:
      return "back in its deque";
    case BatchPhase::Done:
      return "done";
  }
  return {};
}

std::string_view word(BatchFate fate) {
  switch (fate) {
    case BatchFate::Acknowledged:
      return "acknowledged";
    case BatchFate::Failed:
      return "failed";
    case BatchFate::Expired:
      return "expired";
    case BatchFate::Aborted:
      return "aborted";
    case BatchFate::Split:
      return "split";
  }
  return {};
}

}  // namespace linger::sim
