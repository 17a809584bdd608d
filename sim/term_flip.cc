#include "sim/term_flip.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace linger::sim {

namespace {

using core::ReadinessDecision;
using core::ReadinessVerdict;

// No scenario mentions this topic.
constexpr core::TopicId kTopicOfNobody{1'000'000};

// A copy of what one producer holds, to try things on.
class Trial {
 public:
  Trial(const World& world, const core::KafkaProducer& producer, TopicPartition partition)
      : accumulator_{producer.accumulator()},
        metadata_{producer.metadata().snapshot()},
        topics_{world.scenario->topics},
        partition_{partition},
        now_{world.producer_time()} {}

  ReadinessDecision decide() {
    core::Journal nobody{core::Journal::Mode::Off};
    accumulator_.ready(now_, metadata_, nobody);
    const auto* queue = accumulator_.queue(partition_);
    if (queue != nullptr && queue->last_decision) return *queue->last_decision;
    ReadinessDecision nothing;
    nothing.partition = partition_;
    return nothing;
  }

  // False if the term cannot be turned round alone.
  bool turn_round(ReadinessTerm term, const ReadinessDecision& now) {
    const bool held = holds(term, now);
    switch (term) {
      case ReadinessTerm::EmptyDeque:
        return !held && empty_deque();
      case ReadinessTerm::NoLeader:
        return set_leader(held ? std::optional{known_node()} : std::nullopt);
      case ReadinessTerm::NodeAlreadyReady:
        return held && mute_others();
      case ReadinessTerm::Muted:
        return set_muted(!held);
      case ReadinessTerm::BackingOff:
        return set_backing_off(!held);
      case ReadinessTerm::Full:
        return !held && close_head();
      case ReadinessTerm::Expired:
        return !now.backing_off && set_expired(!held);
      case ReadinessTerm::Exhausted:
        return !held && ask_for_too_much();
      case ReadinessTerm::Closed:
        if (!held) accumulator_.close();
        return !held;
      case ReadinessTerm::Flushing:
        if (!held) accumulator_.begin_flush();
        while (held && accumulator_.flush_in_progress()) accumulator_.end_flush();
        return true;
      case ReadinessTerm::Completing:
        accumulator_.note_completing(!held);
        return true;
    }
    return false;
  }

 private:
  bool empty_deque() {
    const std::vector<core::BatchId> batches = accumulator_.queue(partition_)->batches;
    for (const core::BatchId batch : batches) accumulator_.remove_for_abort(batch);
    return true;
  }
  core::NodeId known_node() const {
    return metadata_.nodes().empty() ? core::kNoNode : metadata_.nodes().front().id;
  }
  bool set_leader(std::optional<core::NodeId> leader) {
    if (leader == core::kNoNode) return false;
    core::MetadataSnapshot::Contents contents = metadata_.contents();
    const auto at = std::find_if(
        contents.partitions.begin(), contents.partitions.end(),
        [this](const core::PartitionMetadata& known) { return known.partition == partition_; });
    if (at == contents.partitions.end()) return false;
    at->leader = leader.value_or(core::kNoNode);
    metadata_ = core::MetadataSnapshot{std::move(contents), topics_};
    return true;
  }
  bool mute_others() {
    core::Journal nobody{core::Journal::Mode::Off};
    for (const TopicPartition other : accumulator_.partitions()) {
      if (other != partition_ && !accumulator_.is_muted(other)) accumulator_.mute(other, nobody);
    }
    return true;
  }
  bool set_muted(bool muted) {
    core::Journal nobody{core::Journal::Mode::Off};
    if (muted == accumulator_.is_muted(partition_)) return false;
    if (muted) {
      accumulator_.mute(partition_, nobody);
    } else {
      accumulator_.unmute(partition_, nobody);
    }
    return true;
  }

  core::ProducerBatch& head() {
    return accumulator_.batches.write(accumulator_.queue(partition_)->batches.front());
  }
  bool set_backing_off(bool backs_off) {
    core::ProducerBatch& batch = head();
    if (!backs_off) {
      batch.attempts = 0;
      return true;
    }
    batch.attempts = std::max(batch.attempts, 1);
    batch.last_attempt = now_;
    return true;
  }
  bool close_head() {
    head().builder.close_for_appends();
    return true;
  }
  bool set_expired(bool expired) {
    const core::Milliseconds linger = accumulator_.settings().linger;
    if (!expired && linger == core::Milliseconds{0}) return false;
    head().last_attempt = expired ? now_ - linger : now_;
    return true;
  }
  // A thread that asks for all of buffer.memory has to wait.
  bool ask_for_too_much() {
    const core::BufferPool& pool = accumulator_.pool();
    if (pool.available() >= pool.total()) return false;
    const auto size = static_cast<std::size_t>(pool.total().count());
    // A record takes more than its value: as much as still counts as one that may be sent.
    constexpr std::size_t kOverhead = 512;
    if (size <= kOverhead) return false;
    const auto value = std::make_unique_for_overwrite<core::Byte[]>(size - kOverhead);
    core::AppendCall call;
    call.topic = kTopicOfNobody;
    call.partition = 0;
    call.max_block = core::Milliseconds{1};
    core::Journal nobody{core::Journal::Mode::Off};
    core::RecordView record;
    record.value = core::ByteSpan{value.get(), size - kOverhead};
    accumulator_.append(call, record, now_, metadata_, nobody);
    return accumulator_.pool().waiter_count() > 0;
  }

  core::RecordAccumulator accumulator_;
  core::MetadataSnapshot metadata_;
  const core::TopicNames& topics_;
  TopicPartition partition_;
  core::Millis now_;
};

}  // namespace

std::string_view word(ReadinessTerm term) {
  switch (term) {
    case ReadinessTerm::EmptyDeque:
      return "empty deque";
    case ReadinessTerm::NoLeader:
      return "no leader";
    case ReadinessTerm::NodeAlreadyReady:
      return "node already ready";
    case ReadinessTerm::Muted:
      return "muted";
    case ReadinessTerm::BackingOff:
      return "backing off";
    case ReadinessTerm::Full:
      return "full";
    case ReadinessTerm::Expired:
      return "expired";
    case ReadinessTerm::Exhausted:
      return "exhausted";
    case ReadinessTerm::Closed:
      return "closed";
    case ReadinessTerm::Flushing:
      return "flushing";
    case ReadinessTerm::Completing:
      return "completing";
  }
  return "";
}

bool holds(ReadinessTerm term, const ReadinessDecision& decision) {
  switch (term) {
    case ReadinessTerm::EmptyDeque:
      return decision.verdict == ReadinessVerdict::EmptyDeque;
    case ReadinessTerm::NoLeader:
      return decision.verdict == ReadinessVerdict::NoLeader;
    case ReadinessTerm::NodeAlreadyReady:
      return decision.verdict == ReadinessVerdict::NodeAlreadyReady;
    case ReadinessTerm::Muted:
      return decision.verdict == ReadinessVerdict::Muted;
    case ReadinessTerm::BackingOff:
      return decision.backing_off;
    case ReadinessTerm::Full:
      return decision.full;
    case ReadinessTerm::Expired:
      return decision.expired;
    case ReadinessTerm::Exhausted:
      return decision.exhausted;
    case ReadinessTerm::Closed:
      return decision.closed;
    case ReadinessTerm::Flushing:
      return decision.flushing;
    case ReadinessTerm::Completing:
      return decision.completing;
  }
  return false;
}

bool would_be_sent(const ReadinessDecision& decision) {
  return decision.verdict == ReadinessVerdict::Ready ||
         decision.verdict == ReadinessVerdict::NodeAlreadyReady;
}

FlippedTerms flip_terms(const World& world, core::ProducerIndex producer,
                        TopicPartition partition) {
  const core::KafkaProducer& self =
      world.processes[static_cast<std::size_t>(producer.value())].producer;
  FlippedTerms flipped;
  const Trial as_it_is{world, self, partition};
  flipped.now = Trial{as_it_is}.decide();
  if (!flipped.now.batch) return flipped;
  for (int i = 0; i < kReadinessTerms; ++i) {
    TermFlip flip{.term = static_cast<ReadinessTerm>(i), .then = {}, .changes_outcome = false};
    Trial trial = as_it_is;
    if (trial.turn_round(flip.term, flipped.now)) {
      flip.then = trial.decide();
      flip.changes_outcome = would_be_sent(*flip.then) != would_be_sent(flipped.now);
    }
    flipped.flips.push_back(std::move(flip));
  }
  return flipped;
}

}  // namespace linger::sim
