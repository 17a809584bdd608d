#include "viz/why_changes.h"

#include <algorithm>
#include <iterator>

#include "core/event.h"

namespace linger::viz {

namespace {

std::optional<std::size_t> later(std::optional<std::size_t> one, std::optional<std::size_t> other) {
  return std::max(one, other);  // none comes before any
}

}  // namespace

template <class... Events>
LastChange::Found LastChange::last(core::ProducerIndex producer, const EventSubject& about) const {
  Found found;
  ((found = later(found, index_.kinds().last<Events>(producer, before_, about))), ...);
  return found;
}

LastChange::Found LastChange::held(core::ThreadId thread) const {
  return EventPositions::last_before(index_.held_calls_of(thread), before_);
}

LastChange::Found LastChange::entered_deque(BatchRef batch) const {
  const auto events = index_.events_of(batch);
  auto event = std::lower_bound(events.begin(), events.end(), before_);
  while (event != events.begin()) {
    const sim::TraceEvent& one = at(*--event);
    const auto* split = one.as<core::BatchSplit>();
    const bool is_piece = split != nullptr && split->batch != batch.batch;
    if (is_piece || one.as<core::BatchOpened>() != nullptr ||
        one.as<core::BatchRetried>() != nullptr) {
      return *event;
    }
  }
  return std::nullopt;
}

// --- A partition ---

LastChange::Found LastChange::of(sim::ReadinessTerm term, LaneRef lane,
                                 const core::ReadinessDecision& decision) const {
  using sim::ReadinessTerm;
  const core::ProducerIndex producer = lane.producer;
  switch (term) {
    case ReadinessTerm::EmptyDeque:
      return last<core::BatchOpened, core::BatchDrained, core::BatchRetried, core::BatchSplit,
                  core::BatchExpired, core::BatchCompleted>(producer, lane.partition);
    case ReadinessTerm::NoLeader:
      return later(last<core::MetadataUpdated>(producer),
                   last<core::LeaderLearned>(producer, lane.partition));
    case ReadinessTerm::NodeAlreadyReady:
      // Another partition that is ready makes its whole node be drained.
      if (!decision.leader) return std::nullopt;
      return index_.kinds().last_ready_beside(producer, *decision.leader, lane.partition, before_);
    case ReadinessTerm::Muted:
      return last<core::PartitionMuted>(producer, lane.partition);
    case ReadinessTerm::BackingOff:
    case ReadinessTerm::Expired:
      if (!decision.batch) return std::nullopt;
      return entered_deque({producer, *decision.batch});
    case ReadinessTerm::Full:
      return last<core::BatchClosedForAppends, core::BatchOpened>(producer, lane.partition);
    case ReadinessTerm::Exhausted:
      return last<core::CallBlocked, core::CallResumed>(producer, core::BlockedOn::Memory);
    case ReadinessTerm::Closed:
      return last<core::CloseStarted>(producer);
    case ReadinessTerm::Flushing:
      return last<core::FlushStarted, core::FlushEnded>(producer);
    case ReadinessTerm::Completing:
      return last<core::TransactionStateChanged>(producer);
  }
  return std::nullopt;
}

LastChange::Found LastChange::of(sim::DrainTerm term, LaneRef lane, core::NodeId node,
                                 std::optional<core::BatchId> head) const {
  using sim::DrainTerm;
  const core::ProducerIndex producer = lane.producer;
  switch (term) {
    case DrainTerm::NothingReady:
    case DrainTerm::NotReadyItself:
      return last<core::ReadinessDecision>(producer, node);
    case DrainTerm::NodeNotReady:
      return last<core::NodeDecision>(producer, node);
    case DrainTerm::Muted:
      return last<core::PartitionMuted>(producer, lane.partition);
    case DrainTerm::BackingOff:
      return head ? entered_deque({producer, *head}) : std::nullopt;
    case DrainTerm::RequestFull:
      return last<core::BatchDrained>(producer, node);
    case DrainTerm::NotAllowed:
      return last<core::TransactionStateChanged>(producer);
    case DrainTerm::NoProducerId:
      return last<core::ProducerIdSet>(producer);
    case DrainTerm::StaleEpochInFlight:
      return later(last<core::ProducerIdSet>(producer),
                   last<core::SequencesReset>(producer, lane.partition));
    case DrainTerm::SequenceUnresolved:
      return last<core::SequenceUnresolved>(producer, lane.partition);
    case DrainTerm::EarlierSequenceInFlight:
      return last<core::BatchDrained, core::BatchRetried>(producer, lane.partition);
  }
  return std::nullopt;
}

// --- The sender ---

LastChange::Found LastChange::of(sim::SleepTerm term, core::ProducerIndex producer) const {
  switch (term) {
    case sim::SleepTerm::NodeReady:
    case sim::SleepTerm::NotReadyDelay:
      return last<core::NodeDecision>(producer);
    case sim::SleepTerm::NextReadyCheck:
      return last<core::ReadinessDecision>(producer);
    case sim::SleepTerm::NextExpiry:
      return last<core::BatchOpened, core::BatchCompleted>(producer);
  }
  return std::nullopt;
}

LastChange::Found LastChange::of(sim::NodeTerm term, core::ProducerIndex producer,
                                 core::NodeId node) const {
  switch (term) {
    case sim::NodeTerm::NoMetadataDue:
      return last<core::MetadataUpdated, core::MetadataUpdateRequested>(producer);
    case sim::NodeTerm::ConnectionReady:
    case sim::NodeTerm::ChannelReady:
      return last<core::ConnectionChanged>(producer, node);
    case sim::NodeTerm::NotThrottled:
      return last<core::NodeThrottled>(producer, node);
    case sim::NodeTerm::CanSendMore:
      return last<core::RequestSent, core::RequestCompleted, core::RequestWritten>(producer, node);
  }
  return std::nullopt;
}

// --- A call ---

LastChange::Found LastChange::of(sim::CallTerm term, bool holds, core::ProducerIndex producer,
                                 core::ThreadId thread,
                                 std::optional<core::RecordId> record) const {
  using sim::CallTerm;
  switch (term) {
    case CallTerm::FirstInLine:
      return holds ? later(held(thread), left_the_line(producer, thread)) : held(thread);
    case CallTerm::MemoryFree:
      return last<core::MemoryAllocated, core::MemoryReleased, core::WaiterGathered>(producer);
    case CallTerm::TopicKnown:
    case CallTerm::PartitionKnown:
      return last<core::MetadataUpdated>(producer);
    case CallTerm::BatchesComplete:
      return later(held(thread), completed_since(producer, held(thread)));
    case CallTerm::FateKnown:
      return record ? told_of(producer, *record) : std::nullopt;
    case CallTerm::SenderStopped:
      return last<core::CloseStarted, core::SenderStopped>(producer);
    case CallTerm::Answered:
      return last<core::TransactionalCallStarted, core::TransactionRequestSent,
                  core::TransactionRequestAnswered>(producer);
    case CallTerm::CodeReturned:
      return in_code(producer, record);
    case CallTerm::PartitionFound:
    case CallTerm::TimeIsUp:
      return held(thread);
  }
  return std::nullopt;
}

// The last call that came before it to the pool, and went on since.
LastChange::Found LastChange::left_the_line(core::ProducerIndex producer,
                                            core::ThreadId thread) const {
  const Found since = held(thread);
  if (!since) return std::nullopt;
  const auto resumed = index_.kinds().of<core::CallResumed>(producer, core::BlockedOn::Memory);
  auto event = std::lower_bound(resumed.begin(), resumed.end(), before_);
  while (event != resumed.begin() && *std::prev(event) > *since) {
    const core::ThreadId other = at(*--event).as<core::CallResumed>()->thread;
    const Found came = EventPositions::last_before(index_.held_calls_of(other), *event);
    if (came && *came < *since) return *event;
  }
  return std::nullopt;
}

// The last of the batches that there were then.
LastChange::Found LastChange::completed_since(core::ProducerIndex producer, Found since) const {
  if (!since) return std::nullopt;
  const auto completed = index_.kinds().of<core::BatchCompleted>(producer);
  auto event = std::lower_bound(completed.begin(), completed.end(), before_);
  while (event != completed.begin() && *std::prev(event) > *since) {
    const core::BatchId batch = at(*--event).as<core::BatchCompleted>()->batch;
    const auto life = index_.events_of(BatchRef{producer, batch});
    if (!life.empty() && life.front() < *since) return *event;
  }
  return std::nullopt;
}

// It is open since the record went into its batch.
LastChange::Found LastChange::told_of(core::ProducerIndex producer, core::RecordId record) const {
  const auto returned = index_.kinds().of<core::SendReturned>(producer);
  auto event = std::lower_bound(returned.begin(), returned.end(), before_);
  while (event != returned.begin()) {
    if (at(*--event).as<core::SendReturned>()->record == record) return *event;
  }
  return std::nullopt;
}

LastChange::Found LastChange::in_code(core::ProducerIndex producer,
                                      std::optional<core::RecordId> record) const {
  const auto started = index_.kinds().of<core::UserCallStarted>(producer);
  auto event = std::lower_bound(started.begin(), started.end(), before_);
  while (event != started.begin()) {
    if (at(*--event).as<core::UserCallStarted>()->record == record) return *event;
  }
  return std::nullopt;
}

}  // namespace linger::viz
