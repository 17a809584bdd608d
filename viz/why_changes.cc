#include "viz/why_changes.h"

#include "core/event.h"

namespace linger::viz {
namespace {

bool is_of_another(const sim::TraceEvent& event, core::ProducerIndex producer) {
  return event.producer && *event.producer != producer;
}

template <class Event>
bool is_in(const sim::TraceEvent& event, core::TopicPartition partition) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->partition == partition;
}

template <class Event>
bool is_about(const sim::TraceEvent& event, core::NodeId node) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->node == node;
}

template <class Event>
bool is_of_batch(const sim::TraceEvent& event, std::optional<core::BatchId> batch) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->batch == batch;
}

template <class Event>
bool is_of_memory(const sim::TraceEvent& event) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->on == core::BlockedOn::Memory;
}

template <class... Events>
bool is_one_of(const sim::TraceEvent& event) {
  return ((event.as<Events>() != nullptr) || ...);
}

// A partition other than this one that is ready makes its whole node be drained.
bool makes_node_ready(const sim::TraceEvent& event, core::TopicPartition partition,
                      std::optional<core::NodeId> leader) {
  const auto* other = event.as<core::ReadinessDecision>();
  return other != nullptr && other->partition != partition &&
         other->verdict == core::ReadinessVerdict::Ready && other->leader == leader;
}

bool changes(sim::ReadinessTerm term, const sim::TraceEvent& event, core::TopicPartition partition,
             const core::ReadinessDecision& decision) {
  using sim::ReadinessTerm;
  switch (term) {
    case ReadinessTerm::NoLeader:
      return is_one_of<core::MetadataUpdated>(event) ||
             is_in<core::LeaderLearned>(event, partition);
    case ReadinessTerm::NodeAlreadyReady:
      return makes_node_ready(event, partition, decision.leader);
    case ReadinessTerm::Muted:
      return is_in<core::PartitionMuted>(event, partition);
    case ReadinessTerm::BackingOff:
    case ReadinessTerm::Expired:
      return is_of_batch<core::BatchOpened>(event, decision.batch) ||
             is_of_batch<core::BatchRetried>(event, decision.batch);
    case ReadinessTerm::Full:
      return is_in<core::BatchClosedForAppends>(event, partition) ||
             is_in<core::BatchOpened>(event, partition);
    case ReadinessTerm::Exhausted:
      return is_of_memory<core::CallBlocked>(event) || is_of_memory<core::CallResumed>(event);
    case ReadinessTerm::Closed:
      return is_one_of<core::CloseStarted>(event);
    case ReadinessTerm::Flushing:
      return is_one_of<core::FlushStarted, core::FlushEnded>(event);
    case ReadinessTerm::Completing:
      return is_one_of<core::TransactionStateChanged>(event);
  }
  return false;
}

bool changes(sim::NodeTerm term, const sim::TraceEvent& event, core::NodeId node) {
  switch (term) {
    case sim::NodeTerm::NoMetadataDue:
      return is_one_of<core::MetadataUpdated, core::MetadataUpdateRequested>(event);
    case sim::NodeTerm::ConnectionReady:
    case sim::NodeTerm::ChannelReady:
      return is_about<core::ConnectionChanged>(event, node);
    case sim::NodeTerm::NotThrottled:
      return is_about<core::NodeThrottled>(event, node);
    case sim::NodeTerm::CanSendMore:
      return is_about<core::RequestSent>(event, node) ||
             is_about<core::RequestCompleted>(event, node) ||
             is_about<core::RequestWritten>(event, node);
  }
  return false;
}

bool changes(sim::SleepTerm term, const sim::TraceEvent& event) {
  switch (term) {
    case sim::SleepTerm::NodeReady:
    case sim::SleepTerm::NotReadyDelay:
      return is_one_of<core::NodeDecision>(event);
    case sim::SleepTerm::NextReadyCheck:
      return is_one_of<core::ReadinessDecision>(event);
    case sim::SleepTerm::NextExpiry:
      return is_one_of<core::BatchOpened, core::BatchCompleted>(event);
  }
  return false;
}

bool changes(sim::DrainTerm term, const sim::TraceEvent& event, core::TopicPartition partition,
             core::NodeId node, std::optional<core::BatchId> head) {
  using sim::DrainTerm;
  switch (term) {
    case DrainTerm::NothingReady:
    case DrainTerm::NotReadyItself: {
      const auto* look = event.as<core::ReadinessDecision>();
      return look != nullptr && look->leader == node;
    }
    case DrainTerm::NodeNotReady:
      return is_about<core::NodeDecision>(event, node);
    case DrainTerm::Muted:
      return is_in<core::PartitionMuted>(event, partition);
    case DrainTerm::BackingOff:
      return is_of_batch<core::BatchOpened>(event, head) ||
             is_of_batch<core::BatchRetried>(event, head);
    case DrainTerm::RequestFull:
      return is_about<core::BatchDrained>(event, node);
    case DrainTerm::NotAllowed:
      return is_one_of<core::TransactionStateChanged>(event);
    case DrainTerm::NoProducerId:
      return is_one_of<core::ProducerIdSet>(event);
    case DrainTerm::StaleEpochInFlight:
      return is_one_of<core::ProducerIdSet>(event) || is_in<core::SequencesReset>(event, partition);
    case DrainTerm::SequenceUnresolved:
      return is_in<core::SequenceUnresolved>(event, partition);
    case DrainTerm::EarlierSequenceInFlight:
      return is_in<core::BatchDrained>(event, partition) ||
             is_in<core::BatchRetried>(event, partition);
  }
  return false;
}

}  // namespace

ChangesTerm changes_of(sim::ReadinessTerm term, LaneRef lane,
                       const core::ReadinessDecision& decision) {
  return [=](const sim::TraceEvent& event) {
    return !is_of_another(event, lane.producer) && changes(term, event, lane.partition, decision);
  };
}

ChangesTerm changes_of(sim::DrainTerm term, LaneRef lane, core::NodeId node,
                       std::optional<core::BatchId> head) {
  return [=](const sim::TraceEvent& event) {
    return !is_of_another(event, lane.producer) && changes(term, event, lane.partition, node, head);
  };
}

ChangesTerm changes_of(sim::SleepTerm term, core::ProducerIndex producer) {
  return [=](const sim::TraceEvent& event) {
    return !is_of_another(event, producer) && changes(term, event);
  };
}

ChangesTerm changes_of(sim::NodeTerm term, core::ProducerIndex producer, core::NodeId node) {
  return [=](const sim::TraceEvent& event) {
    return !is_of_another(event, producer) && changes(term, event, node);
  };
}

}  // namespace linger::viz
