#include "viz/why_changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/random.h"
#include "lesson_files.h"

namespace linger::viz {
namespace {

// --- What the index answers, found by a walk through all that happened ---

template <class Event>
const Event* about(const sim::TraceEvent& event, core::TopicPartition partition) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->partition == partition ? one : nullptr;
}

template <class Event>
bool is_about(const sim::TraceEvent& event, core::NodeId node) {
  const auto* one = event.as<Event>();
  return one != nullptr && one->node == node;
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

bool enters_deque(const sim::TraceEvent& event, std::optional<core::BatchId> batch) {
  if (!batch) return false;
  if (const auto* opened = event.as<core::BatchOpened>()) return opened->batch == *batch;
  if (const auto* retried = event.as<core::BatchRetried>()) return retried->batch == *batch;
  const auto* split = event.as<core::BatchSplit>();
  return split != nullptr && std::ranges::count(split->into, *batch) > 0;
}

struct Walk {
  LaneRef lane;
  core::ReadinessDecision decision;
  core::NodeId node;

  bool changes(sim::ReadinessTerm term, const sim::TraceEvent& event) const {
    using sim::ReadinessTerm;
    const core::TopicPartition partition = lane.partition;
    switch (term) {
      case ReadinessTerm::EmptyDeque:
        return about<core::BatchOpened>(event, partition) ||
               about<core::BatchDrained>(event, partition) ||
               about<core::BatchRetried>(event, partition) ||
               about<core::BatchSplit>(event, partition) ||
               about<core::BatchExpired>(event, partition) ||
               about<core::BatchCompleted>(event, partition);
      case ReadinessTerm::NoLeader:
        return is_one_of<core::MetadataUpdated>(event) ||
               about<core::LeaderLearned>(event, partition);
      case ReadinessTerm::NodeAlreadyReady: {
        const auto* other = event.as<core::ReadinessDecision>();
        return other != nullptr && decision.leader && other->partition != partition &&
               other->verdict == core::ReadinessVerdict::Ready && other->leader == decision.leader;
      }
      case ReadinessTerm::Muted:
        return about<core::PartitionMuted>(event, partition);
      case ReadinessTerm::BackingOff:
      case ReadinessTerm::Expired:
        return enters_deque(event, decision.batch);
      case ReadinessTerm::Full:
        return about<core::BatchClosedForAppends>(event, partition) ||
               about<core::BatchOpened>(event, partition);
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

  bool changes(sim::NodeTerm term, const sim::TraceEvent& event) const {
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

  bool changes(sim::SleepTerm term, const sim::TraceEvent& event) const {
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

  bool changes(sim::DrainTerm term, const sim::TraceEvent& event) const {
    using sim::DrainTerm;
    const core::TopicPartition partition = lane.partition;
    switch (term) {
      case DrainTerm::NothingReady:
      case DrainTerm::NotReadyItself: {
        const auto* look = event.as<core::ReadinessDecision>();
        return look != nullptr && look->leader == node;
      }
      case DrainTerm::NodeNotReady:
        return is_about<core::NodeDecision>(event, node);
      case DrainTerm::Muted:
        return about<core::PartitionMuted>(event, partition);
      case DrainTerm::BackingOff:
        return enters_deque(event, decision.batch);
      case DrainTerm::RequestFull:
        return is_about<core::BatchDrained>(event, node);
      case DrainTerm::NotAllowed:
        return is_one_of<core::TransactionStateChanged>(event);
      case DrainTerm::NoProducerId:
        return is_one_of<core::ProducerIdSet>(event);
      case DrainTerm::StaleEpochInFlight:
        return is_one_of<core::ProducerIdSet>(event) ||
               about<core::SequencesReset>(event, partition);
      case DrainTerm::SequenceUnresolved:
        return about<core::SequenceUnresolved>(event, partition);
      case DrainTerm::EarlierSequenceInFlight:
        return about<core::BatchDrained>(event, partition) ||
               about<core::BatchRetried>(event, partition);
    }
    return false;
  }

  template <class Term>
  std::optional<std::size_t> back(const sim::Timeline& run, std::size_t before, Term term) const {
    for (std::size_t at = before; at-- > 0;) {
      const sim::TraceEvent& event = run.trace()[at];
      const bool is_of_another = !event.producer || *event.producer != lane.producer;
      if (!is_of_another && changes(term, event)) return at;
    }
    return std::nullopt;
  }
};

class EveryChange : public testing::TestWithParam<std::string> {};

TEST_P(EveryChange, IsTheOneThatAWalkBackComesTo) {
  const sim::Timeline run = run_of_lesson(GetParam(), 3'000);
  TraceIndex index;
  index.extend(run);
  core::Random random{5, core::RandomStream::Applications};
  for (int i = 0; i < 12; ++i) {
    const auto before =
        static_cast<std::size_t>(random.uniform(0, static_cast<std::int64_t>(run.past().size())));
    const LastChange change{run.trace(), index, before};
    // Any look that was taken says which partition, leader and batch to ask about.
    Walk walk;
    for (std::size_t at = before; at-- > 0;) {
      const auto* look = run.trace()[at].as<core::ReadinessDecision>();
      if (look == nullptr || random.uniform(0, 3) > 0) continue;
      walk = {{*run.trace()[at].producer, look->partition},
              *look,
              look->leader.value_or(core::NodeId{0})};
      break;
    }
    for (int n = 0; n < sim::kReadinessTerms; ++n) {
      const auto term = static_cast<sim::ReadinessTerm>(n);
      ASSERT_EQ(change.of(term, walk.lane, walk.decision), walk.back(run, before, term))
          << word(term) << " before " << before;
    }
    for (int n = 0; n < sim::kNodeTerms; ++n) {
      const auto term = static_cast<sim::NodeTerm>(n);
      ASSERT_EQ(change.of(term, walk.lane.producer, walk.node), walk.back(run, before, term))
          << word(term) << " before " << before;
    }
    for (int n = 0; n < sim::kSleepTerms; ++n) {
      const auto term = static_cast<sim::SleepTerm>(n);
      ASSERT_EQ(change.of(term, walk.lane.producer), walk.back(run, before, term))
          << word(term) << " before " << before;
    }
    for (int n = 0; n < sim::kDrainTerms; ++n) {
      const auto term = static_cast<sim::DrainTerm>(n);
      ASSERT_EQ(change.of(term, walk.lane, walk.node, walk.decision.batch),
                walk.back(run, before, term))
          << word(term) << " before " << before;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lessons, EveryChange, testing::ValuesIn(lesson_files()), test_name_of);

}  // namespace
}  // namespace linger::viz
