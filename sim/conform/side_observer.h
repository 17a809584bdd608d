// Tells what a world does in those lines of an observation that should agree, but need not.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/java_hash.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim::conform {

// What was seen of the sender's passes, of the network and of the brokers.
//
// An observation tells how a pass looks (READY, NOTREADY, POLL) only if that is news: if anything
// was told since the pass before it, or if other nodes are ready, or other topics without a leader.
// Times alone are none.
class SideObserver {
 public:
  explicit SideObserver(const World& world);

  // After the lines of a step that must agree. `told`: whether there were any.
  enum class Told { Nothing, Something };
  void take(const World& world, const std::vector<TraceEvent>& events, Told told);
  // The sender of a producer without transactions has returned: the observation is over.
  bool has_ended(std::int64_t now) const {
    return stopped_at_ && now > *stopped_at_ && !is_transactional();
  }
  // What a record is called, by what its value shows.
  void name_record(core::RecordId record, std::int64_t number) { numbers_[record] = number; }
  // In no order: these lines are counted.
  std::vector<std::string> finish(const World& world);

 private:
  // A request that stands at a broker. Its line is told when the answer is out.
  struct Served {
    std::int64_t at = 0;  // in milliseconds since the beginning
    std::string line;     // up to how it is answered; empty: of no interest
    std::map<core::TopicPartition, std::string> fates;  // what became of the parts; none: unread
    std::string outcome;                                // instead, of a transactional request
  };
  struct Sent {
    std::int64_t number = 0;
    std::map<core::TopicPartition, std::string> parts;  // up to what became of them
    std::vector<core::TopicPartition> order;            // in which the observations tell them
  };

  struct Answer {
    core::CorrelationId correlation;
    Bytes bytes;
    std::int64_t planned = 0;  // when it leaves, unless a rule holds it back
  };
  // What stands at the broker's end of a connection.
  struct AtBroker {
    std::deque<core::CorrelationId> waiting;  // for their answers, in order
    std::deque<Answer> answers;               // that have not left whole
    Bytes sent{};                             // of the first of them
  };

  template <class E>
  void note(const E&) {}
  void note(const core::ReadinessDecision& event) { looks_[event.partition] = event; }
  void note(const core::NodeDecision& event) { nodes_[event.node] = event; }
  void note(const core::SleepDecision& event) { next_check_ = event.next_ready_check; }
  void note(const core::BatchOpened& event);
  void note(const core::PartitionMuted& event);
  void note(const core::SendCalled& event) { note_topic(event.topic); }
  void note(const core::RecordAppended& event) { note_topic(event.partition.topic); }
  void note(const core::SendFailed& event);
  void note(const core::ProducerIdSet& event);
  void note(const core::SenderPassStarted&) { is_in_pass_ = true; }
  void note(const core::SenderSlept& event) { slept_ = event.asked; }
  void note(const SenderSpun& event);
  void note(const core::MetadataUpdateRequested&);
  void note(const core::MetadataUpdated& event);
  void note(const core::ConnectionChanged& event);
  void note(const core::RequestSent& event);
  void note(const core::RecordCompleted& event);
  void note(const FaultApplied&) { has_told_ = true; }
  void note(const core::TransitionRefused& event);
  void note(const core::TransactionalCallStarted&) { ++calls_; }
  void note(const core::TransactionalCallEnded& event);
  void note(const TransactionChanged& event);
  void note(const CoordinatorAnswered& event);
  void note(const RequestReceived& event);
  void note(const BatchWritten& event);
  void note(const ResponseSent& event);
  void note(const SegmentSent& event);
  void note(const ConnectionClosed& event);
  void note(const core::SenderStopped&) { stopped_at_ = now_; }
  void note(const RunEnded& event) { why_ended_ = event.why; }

  void tell(std::string line);
  void tell_at(std::int64_t at, const std::string& line);
  void tell_pass(bool was_told);
  void tell_totals();
  void tell_draws();
  void note_topic(core::TopicId topic) { drawn_for_ = scenario_->topics.name(topic); }
  void tell_transaction_totals();
  TransactionMetadata transaction_metadata() const;  // of the one transactional id
  void tell_answered(AtBroker& at, core::CorrelationId correlation, const std::string& how);
  void tell_unanswered(AtBroker& at, const std::string& how);
  void tell_served(core::CorrelationId correlation, const std::string& how);
  std::vector<core::TopicPartition> visits() const;
  std::vector<core::TopicPartition> by_hash(const std::vector<core::TopicPartition>& partitions,
                                            core::InitialCapacity capacity) const;
  std::string parts_text(core::CorrelationId correlation, const Served& served) const;
  std::string partition_text(core::TopicPartition partition) const;
  std::string leaders_text() const;
  bool is_transactional() const;
  std::string part_text(const core::ProducerBatch& batch) const;
  bool answers_nothing() const { return producer().config().acks == core::Acks::None; }
  const core::KafkaProducer& producer() const { return world_->processes.front().producer; }

  const World* world_;  // during take() and finish(): after the step
  const Scenario* scenario_;
  std::int64_t now_ = 0;
  std::vector<std::string> lines_;
  bool has_told_ = false;          // anything since the last pass
  bool has_told_in_poll_ = false;  // and after what is told of a pass itself

  std::map<core::TopicPartition, core::ReadinessDecision> looks_;  // as they were last
  std::map<core::NodeId, core::NodeDecision> nodes_;
  core::Milliseconds next_check_ = core::kForever;
  std::vector<core::TopicPartition> opened_;  // in the order of their first batches
  std::string ready_;                         // nodes and topics, as they were last
  bool is_in_pass_ = false;
  std::optional<core::Milliseconds> slept_;  // asked for in this step
  std::int64_t polls_ = 1;                   // in one the sender stands when it all begins
  std::int64_t spins_ = 0;
  std::uint64_t draws_ = 0;  // that were told
  std::string drawn_for_;    // the topic of the last send
  bool has_spun_ = false;    // since the last request, or wait

  std::map<core::RecordId, std::int64_t> numbers_;
  std::map<core::CorrelationId, Sent> sent_;
  std::int64_t produce_requests_ = 0;
  std::map<core::CorrelationId, Served> served_;  // not answered yet
  std::map<ConnectionId, AtBroker> queues_;
  std::int64_t succeeded_ = 0;
  std::int64_t failed_ = 0;
  std::int64_t calls_ = 0;  // of transactional methods
  std::int64_t calls_done_ = 0;
  std::int64_t calls_failed_ = 0;
  std::map<std::string, std::int64_t> coordination_;  // requests at the brokers, by api
  std::optional<std::int64_t> stopped_at_;
  std::string why_ended_;
};

}  // namespace linger::sim::conform
