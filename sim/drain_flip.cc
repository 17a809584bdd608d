#include "sim/drain_flip.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

namespace linger::sim {

namespace {

using core::DrainDecision;
using core::DrainVerdict;

std::optional<DrainTerm> term_of(DrainVerdict verdict) {
  switch (verdict) {
    case DrainVerdict::Taken:
    case DrainVerdict::EmptyDeque:
      return std::nullopt;
    case DrainVerdict::Muted:
      return DrainTerm::Muted;
    case DrainVerdict::NotReady:
      return DrainTerm::NotReadyItself;
    case DrainVerdict::BackingOff:
      return DrainTerm::BackingOff;
    case DrainVerdict::RequestFull:
      return DrainTerm::RequestFull;
    case DrainVerdict::NotAllowed:
      return DrainTerm::NotAllowed;
    case DrainVerdict::NoProducerId:
      return DrainTerm::NoProducerId;
    case DrainVerdict::StaleEpochInFlight:
      return DrainTerm::StaleEpochInFlight;
    case DrainVerdict::SequenceUnresolved:
      return DrainTerm::SequenceUnresolved;
    case DrainVerdict::EarlierSequenceInFlight:
      return DrainTerm::EarlierSequenceInFlight;
  }
  return std::nullopt;
}

// A copy of what one producer holds, to be drained.
class DrainTrial {
 public:
  DrainTrial(const World& world, const core::KafkaProducer& producer, TopicPartition partition)
      : producer_{producer},
        accumulator_{producer.accumulator()},
        metadata_{producer.metadata().snapshot()},
        max_size_{producer.config().max_request_size},
        partition_{partition},
        leader_{metadata_.leader_for(partition)},
        now_{world.producer_time()} {
    if (producer.transactions() != nullptr) transactions_ = *producer.transactions();
    if (transactions_) accumulator_.note_completing(transactions_->is_completing());
  }

  std::optional<core::NodeId> leader() const { return leader_; }
  bool has_batch() const {
    const auto* queue = accumulator_.queue(partition_);
    return queue != nullptr && !queue->batches.empty();
  }

  // Those before the batch leave the deque. False: it is not behind others there.
  bool make_head(core::BatchId batch) {
    if (!has_batch()) return false;
    const std::vector<core::BatchId> batches = accumulator_.queue(partition_)->batches;
    const auto at = std::find(batches.begin(), batches.end(), batch);
    if (at == batches.begin() || at == batches.end()) return false;
    for (auto before = batches.begin(); before != at; ++before) {
      accumulator_.remove_for_abort(*before);
    }
    return true;
  }

  // Requires: there is a leader.
  DrainOutcome drain() {
    std::vector<core::NodeId> nodes = accumulator_.ready(now_, metadata_, nobody_).ready_nodes;
    if (!any_ready_.value_or(std::ranges::count(nodes, *leader_) > 0)) {
      return {false, DrainTerm::NothingReady, std::nullopt};
    }
    if (!takes_data(*leader_)) return {false, DrainTerm::NodeNotReady, std::nullopt};
    if (std::ranges::count(nodes, *leader_) == 0) nodes.push_back(*leader_);
    std::erase_if(nodes, [this](core::NodeId node) { return !takes_data(node); });
    core::Journal journal;
    accumulator_.drain(nodes, max_size_, now_, metadata_, transactions_ ? &*transactions_ : nullptr,
                       journal);
    // Where it does not come to the partition, an earlier one ended the node's turn.
    DrainOutcome outcome{false, DrainTerm::RequestFull, std::nullopt};
    for (const core::Event& event : journal.events()) {
      const auto* decision = std::get_if<DrainDecision>(&event);
      if (decision == nullptr || decision->node != *leader_) continue;
      const bool is_here = decision->partition == partition_;
      if (!is_here && decision->verdict < DrainVerdict::RequestFull) continue;
      outcome.left_by = term_of(decision->verdict);
      if (!is_here) continue;
      outcome.is_taken = decision->verdict == DrainVerdict::Taken;
      outcome.decision = *decision;
      return outcome;
    }
    return outcome;
  }

  // Whether it is so, whatever leaves the batch where it is.
  bool holds(DrainTerm term, const DrainOutcome& now) const {
    if (term == DrainTerm::Muted) return accumulator_.is_muted(partition_);
    if (term == DrainTerm::BackingOff) {
      const auto* queue = accumulator_.queue(partition_);
      return queue->last_decision && queue->last_decision->backing_off;
    }
    if (term == DrainTerm::NodeNotReady) return !takes_data(*leader_);
    return now.left_by == term;
  }

  // Makes the term what it is not. False if it cannot be turned round alone.
  bool turn_round(DrainTerm term, bool held) {
    switch (term) {
      case DrainTerm::NothingReady:
        any_ready_ = held;
        return true;
      case DrainTerm::NodeNotReady:
        node_ready_ = held;
        return true;
      case DrainTerm::Muted:
        return set_muted(!held);
      case DrainTerm::BackingOff:
        return set_backing_off(!held);
      case DrainTerm::RequestFull:
        max_size_ = held ? core::Bytes{1'000'000'000} : core::Bytes{1};
        return true;
      case DrainTerm::NotReadyItself:
        return false;
      case DrainTerm::NotAllowed:
      case DrainTerm::NoProducerId:
      case DrainTerm::StaleEpochInFlight:
      case DrainTerm::SequenceUnresolved:
      case DrainTerm::EarlierSequenceInFlight:
        // As if there were no sequences to keep; what would have to be for them to be in the way
        // is more than one term.
        if (held) transactions_.reset();
        return held;
    }
    return false;
  }

 private:
  bool takes_data(core::NodeId node) const {
    if (node == leader_ && node_ready_) return *node_ready_;
    return producer_.client().node_decision(node, now_, producer_.metadata()).ready;
  }
  bool set_muted(bool muted) {
    if (muted == accumulator_.is_muted(partition_)) return false;
    if (muted) {
      accumulator_.mute(partition_, nobody_);
    } else {
      accumulator_.unmute(partition_, nobody_);
    }
    return true;
  }
  bool set_backing_off(bool backs_off) {
    const core::BatchId first = accumulator_.queue(partition_)->batches.front();
    core::ProducerBatch& batch = accumulator_.batches.write(first);
    if (backs_off) {
      batch.attempts = std::max(batch.attempts, 1);
      batch.last_attempt = now_;
    } else {
      batch.attempts = 0;
    }
    return true;
  }

  const core::KafkaProducer& producer_;
  core::RecordAccumulator accumulator_;
  core::MetadataSnapshot metadata_;
  std::optional<core::TransactionManager> transactions_;
  core::Bytes max_size_;
  TopicPartition partition_;
  std::optional<core::NodeId> leader_;
  core::Millis now_;
  std::optional<bool> any_ready_;   // of its node's partitions, where it is turned round
  std::optional<bool> node_ready_;  // the leader, likewise
  core::Journal nobody_{core::Journal::Mode::Off};
};

}  // namespace

std::string_view word(DrainTerm term) {
  switch (term) {
    case DrainTerm::NothingReady:
      return "nothing ready for its node";
    case DrainTerm::NodeNotReady:
      return "node takes no data";
    case DrainTerm::Muted:
      return "muted";
    case DrainTerm::NotReadyItself:
      return "not ready itself";
    case DrainTerm::BackingOff:
      return "backing off";
    case DrainTerm::RequestFull:
      return "request full";
    case DrainTerm::NotAllowed:
      return "transaction in the way";
    case DrainTerm::NoProducerId:
      return "no producer id";
    case DrainTerm::StaleEpochInFlight:
      return "old epoch in flight";
    case DrainTerm::SequenceUnresolved:
      return "sequence unresolved";
    case DrainTerm::EarlierSequenceInFlight:
      return "earlier sequence in flight";
  }
  return "";
}

std::optional<DrainOutcome> drained_as_head(const World& world, core::ProducerIndex producer,
                                            core::BatchId batch) {
  const core::KafkaProducer& self =
      world.processes[static_cast<std::size_t>(producer.value())].producer;
  if (!self.accumulator().batches.contains(batch)) return std::nullopt;
  DrainTrial trial{world, self, self.accumulator().batches.at(batch).partition};
  if (!trial.leader() || !trial.make_head(batch)) return std::nullopt;
  return trial.drain();
}

FlippedDrain flip_drain(const World& world, core::ProducerIndex producer,
                        TopicPartition partition) {
  const core::KafkaProducer& self =
      world.processes[static_cast<std::size_t>(producer.value())].producer;
  FlippedDrain flipped;
  const DrainTrial as_it_is{world, self, partition};
  flipped.node = as_it_is.leader();
  if (!as_it_is.has_batch() || !flipped.node) return flipped;
  DrainTrial at_hand = as_it_is;
  flipped.now = at_hand.drain();
  for (int i = 0; i < kDrainTerms; ++i) {
    DrainFlip flip{static_cast<DrainTerm>(i), std::nullopt, false};
    DrainTrial trial = as_it_is;
    flipped.held.push_back(at_hand.holds(flip.term, flipped.now));
    if (trial.turn_round(flip.term, flipped.held.back())) {
      flip.then = trial.drain();
      flip.changes_outcome = flip.then->is_taken != flipped.now.is_taken;
    }
    flipped.flips.push_back(std::move(flip));
  }
  return flipped;
}

}  // namespace linger::sim
