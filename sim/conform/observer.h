// Tells what a world does in the lines of an observation.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/conform/side_observer.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim::conform {

// The lines of one run, in two lists: those that must agree with an observation, in order, and
// those that should.
struct ObservedLines {
  std::vector<std::string> must;
  std::vector<std::string> should;
  std::vector<std::string> logs;  // "# LOG …", what the brokers hold in the end
};

// Fed with the events of one step after another. Some lines stand elsewhere in an observation than
// the event in our trace: a response is told when it is handled, a drain by ascending node when it
// is over, the end of a wait before what the thread did next.
class Observer {
 public:
  explicit Observer(const World& world);

  // Requires: `events` are those of the step that led to `world`.
  void take(const World& world, const std::vector<TraceEvent>& events);
  ObservedLines finish(const World& world);

 private:
  struct Batch {
    std::string partition;
    std::int32_t records = 0;
    std::int64_t bytes = 0;
    std::int64_t created = 0;  // all in milliseconds since the beginning
    std::int64_t last_append = 0;
    std::int64_t last_attempt = 0;
    bool is_split = false;
  };
  struct Drain {
    core::NodeId node;
    std::string line;  // empty: nothing was drained yet
  };
  struct Response {
    std::string line;  // empty: of the transaction manager, which tells it by itself
    std::vector<core::BatchId> batches;
    core::CorrelationId correlation;
  };
  struct AnsweredPart {
    core::TopicPartition partition;
    std::string text;
  };
  struct Request {
    std::int64_t number = 0;
    std::vector<core::BatchId> batches;
    std::vector<AnsweredPart> parts;  // of the answer, as the broker made it
  };

  // What every event of a kind becomes; kinds that are not told have no function.
  template <class E>
  void tell(const E&) {}
  void tell(const core::MemoryAllocated& event);
  void tell(const core::MemoryReleased& event);
  void tell(const core::SendCalled& event);
  void tell(const core::RecordAppended& event);
  void tell(const core::WaiterGathered& event);
  void tell(const core::MetadataUpdated&) { is_quiet_ = false; }
  void tell(const core::MetadataUpdateRequested&) { is_quiet_ = false; }
  void tell(const core::ConnectionChanged&) { is_quiet_ = false; }
  void tell(const FaultApplied&) { is_quiet_ = false; }
  void tell(const core::SendFailed& event);
  void tell(const core::CallBlocked& event);
  void tell(const core::BatchOpened& event);
  void tell(const core::DrainDecision& event);
  void tell(const core::BatchDrained& event);
  void tell(const core::RequestSent& event);
  void tell(const core::RequestCompleted& event);
  void tell(const core::RetryDecision& event) { answered(event.batch); }
  void tell(const core::LateAnswerIgnored& event) { answered(event.batch); }
  void tell(const core::BatchRetried& event);
  void tell(const core::BatchSplit& event);
  void tell(const core::BatchExpired& event);
  void tell(const core::RecordCompleted& event);
  void tell(const core::BatchCompleted& event);
  void tell(const core::FlushStarted& event);
  void tell(const core::FlushEnded& event);
  void tell(const core::CloseStarted& event);
  void tell(const core::SenderStopped& event);
  void tell(const BatchWritten& event);
  // Of transactions: observer_transactions.cc.
  void tell(const core::TransactionStateChanged& event);
  void tell(const core::TransactionalCallStarted& event);
  void tell(const core::TransactionalCallEnded& event);
  void tell(const core::TransactionRequestSent& event);
  void tell(const core::TransactionRequestAnswered& event);
  void tell(const core::SenderBackedOff& event);
  void tell(const MarkerWritten& event);
  void tell(const GroupMarkerWritten& event);

  static std::vector<const TraceEvent*> as_observed(const std::vector<TraceEvent>& events);
  void must(std::string line);
  void tell_marker(const std::string& line);
  void end_append();
  void end_batch();
  void end_flushes();
  void tell_end_of_flush(core::ThreadId thread);
  void tell_resumed(const std::vector<TraceEvent>& events);
  void tell_split_part(core::BatchId id);
  void tell_abort();
  void tell_force();
  void tell_end_of_close();
  void end_drain();
  void answered(core::BatchId batch);
  void answered(core::CorrelationId correlation);
  // With what is told of it apart, because it need not agree.
  void must(std::string line, const std::optional<core::ClientError>& error);
  std::string text_of(std::vector<AnsweredPart> parts) const;
  void answer_all();
  void tell_response(const Response& response);

  std::string content_text(const StoredBatch& batch) const;
  std::string partition_text(core::TopicPartition partition) const;
  std::string thread_text(core::ThreadId thread) const;
  std::string_view class_text(const core::ClientError& error) const;
  std::string chain_text(const core::ClientError& error) const;
  std::string pool_text() const;
  const SendAction* action_of(core::RecordId record) const;
  std::int64_t told_number(core::RecordId record) const;
  Bytes upper_bound_of(core::RecordId record) const;
  const core::ProducerBatch* find_batch(core::BatchId id) const;  // null if it is forgotten
  std::int64_t number_of(core::RecordId record) const { return numbers_.at(record); }
  const core::KafkaProducer& producer() const { return world_->processes.front().producer; }

  const World* world_;  // during take() and finish(): after the step
  const Scenario* scenario_;
  std::int64_t now_ = 0;
  ObservedLines lines_;
  SideObserver side_;
  std::vector<std::vector<std::int64_t>> planned_numbers_;  // of each thread's sends, in order
  std::vector<std::size_t> sent_;                           // of those
  std::map<core::RecordId, std::int64_t> numbers_;
  std::map<core::BatchId, Batch> batches_;
  std::vector<Drain> drains_;
  std::deque<Response> responses_;
  std::map<core::CorrelationId, Request> requests_;
  std::int64_t produce_requests_ = 0;
  std::map<core::ThreadId, std::int64_t> flushes_;  // when they began
  std::set<core::ThreadId> flushes_begun_;          // in this step
  std::vector<core::ThreadId> flushes_ended_;       // and not told yet
  std::size_t incomplete_before_ = 0;               // before this step
  std::string append_;                              // an APPEND that was not told yet
  std::vector<std::string> expired_;                // each EXPIRE that was not told yet
  std::set<core::BatchId> expiring_;                // of them, those that are not over
  std::optional<core::BatchId> last_done_;
  std::string done_;                           // a DONE that was not told yet
  std::map<core::BatchId, std::int32_t> out_;  // requests that carry it
  bool is_quiet_ = false;                      // nothing was told since the last pass of the sender
  std::vector<core::NodeId> drained_nothing_;  // as told last
  bool was_forced_ = false;
  std::optional<std::int64_t> close_ends_;  // its time is over, with or without the sender
  bool was_aborted_ = false;
};

}  // namespace linger::sim::conform
