// The I/O thread: ready batches into requests, responses into outcomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/client_error.h"
#include "core/id.h"
#include "core/in_flight_batches.h"
#include "core/journal.h"
#include "core/metadata.h"
#include "core/network_client.h"
#include "core/producer_config.h"
#include "core/record_accumulator.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_manager.h"
#include "core/user_call.h"

namespace linger::core {

// What the sender has counted. In Kafka: the metrics of SenderMetricsRegistry.
struct SenderMetrics {
  std::int64_t records_sent = 0;    // record-send-total: drained, also if the pass then failed them
  std::int64_t record_retries = 0;  // record-retry-total
  std::int64_t record_errors = 0;   // record-error-total: a batch can count twice
  std::int64_t batches_split = 0;   // batch-split-total
  std::int64_t produce_requests = 0;
  friend bool operator==(const SenderMetrics&, const SenderMetrics&) = default;
};

// One pass of the sender, in Kafka's order, is a list of tasks. Each task may put more in front of
// the rest: a response becomes the completion of its partitions, that becomes callbacks, release,
// and memory going back. The list stops where the real thread would be held: in a poll, in a sleep,
// and in the user's code; so a callback that takes its time holds everything behind it.
//
//   producer id? ─▶ ready? ─▶ drain ─▶ mute ─▶ expire ─▶ send ─▶ poll ─▶ responses
//
// In Kafka: Sender.run, runOnce, sendProducerData.
class Sender {
 public:
  struct Settings {
    std::int16_t acks = -1;
    std::int32_t retries = 0;
    Milliseconds request_timeout{};
    Milliseconds acks_timeout{};  // how long a broker may wait for its followers
    Milliseconds delivery_timeout{};
    Milliseconds retry_backoff{};
    Bytes max_request_size;
    bool guarantees_message_order = false;  // max.in.flight = 1: a partition in flight is muted
    bool splits_large_batches = true;       // KIP-126
    bool uses_leader_hints = true;          // KIP-951
    bool reads_record_errors = true;        // KIP-467
    bool ignores_late_answers = true;       // KAFKA-5957; else a late answer is an exception
    bool tells_failure_once = true;  // KAFKA-14831: the transaction manager, after the callbacks
    bool keeps_buffers_in_flight = false;  // KAFKA-19012
    bool handles_answers_in_order = true;  // KAFKA-9628; else in that of a hash map
    bool names_lost_node = true;           // KAFKA-9023: in what a lost connection is called
    bool has_fenced_error =
        true;  // KIP-588; else an old epoch means that a newer producer is there
    ErrorCode version_mismatch = ErrorCode::UnsupportedVersion;
    ClientError forced_close = closed_forcefully();
    Era errors_of = Era::V3_9;  // which error codes there are, and which may be retried
    std::int32_t interceptors = 0;
    std::optional<std::string> transactional_id;
    bool close_awaits_transaction = true;      // KAFKA-6635
    bool flushes_completing_for_good = false;  // before KAFKA-12870
  };

  // What the sender works on; it owns none of it.
  struct Parts {
    RecordAccumulator& accumulator;
    NetworkClient& client;
    Metadata& metadata;
    TransactionManager* transactions;  // null without idempotence
    const TopicNames& topics;
    Journal& journal;
  };

  explicit Sender(Settings settings);
  Sender(const Sender&);
  Sender(Sender&&) noexcept;
  Sender& operator=(const Sender&);
  Sender& operator=(Sender&&) noexcept;
  ~Sender();

  // Where the thread is held.
  struct Polling {
    Milliseconds timeout{};  // kForever: until something happens
  };
  struct Sleeping {
    Millis until{};  // it reads nothing meanwhile
  };
  struct WaitsForAppends {};  // a forced close waits for threads in append() to leave it
  struct PassEnded {};
  struct Stopped {};
  using Progress = std::variant<Polling, Sleeping, WaitsForAppends, UserCall, PassEnded, Stopped>;

  // Goes on until the thread is held, or a pass has ended. Requires: not held by a UserCall; after
  // a Polling or a Sleeping its time has come.
  Progress run(Millis now, Parts parts);
  // Goes on after a UserCall.
  Progress answer(const UserCallAnswer& answer, Millis now, Parts parts);
  // The same, see KafkaProducer.
  bool next_callback(UserCall& call, const RecordAccumulator& accumulator, Journal& journal);

  // The accumulator is closed already, so that nothing can be appended any more.
  void initiate_close() { is_running_ = false; }
  void force_close() {
    is_running_ = false;
    is_forced_ = true;
  }

  bool is_alive() const { return !has_stopped_; }
  bool is_closing() const { return !is_running_; }
  std::int64_t passes() const { return passes_; }
  const SenderMetrics& metrics() const { return metrics_; }
  // A request of the transaction manager waits for its node: meanwhile no data is looked at.
  bool awaits_node() const { return next_request_.has_value(); }
  const SleepDecision& last_sleep() const { return last_sleep_; }
  const std::map<NodeId, NodeDecision>& last_node_decisions() const { return node_decisions_; }
  // The batches drained and not finally answered, in the order of sending.
  const InFlightBatches& in_flight_batches() const { return in_flight_batches_; }

 private:
  friend class StateWalk;

  // --- What is left to do ---

  struct StartPass {};
  struct AwaitNode {  // NetworkClientUtils.awaitReady
    enum class Step { FirstLook, AfterFirstPoll, Waiting } step = Step::FirstLook;
    NodeId node;
    std::optional<Node> coordinator;  // with its address; none: it is in the metadata
    Millis started{};
  };
  struct SendTransactionalRequest {
    NodeId node;
    bool has_slept = false;
  };
  struct RetryTransactionalRequest {};
  struct NextTransactionalRequest {};
  struct StartOver {
    ClientError error;
  };
  struct SendProducerData {};
  struct FinishProducerData {
    Millis now{};
    std::vector<RecordAccumulator::Drained> drained;
    Milliseconds next_ready_check{};
    Milliseconds not_ready_delay{};
    bool any_node_ready = false;
  };
  struct Poll {
    Milliseconds timeout{};
  };
  struct FinishPoll {};
  struct Sleep {
    Millis until{};
  };
  struct HandleResponse {
    ClientResponse response;
  };
  struct CompletePartition {
    BatchId batch;
    CorrelationId correlation;
    ErrorCode error = ErrorCode::None;
    ProduceResponsePartition response;  // for an error made by the client: its message alone
  };
  struct ApplyLeaderHints {
    std::vector<Metadata::LeaderHint> hints;
    std::vector<Node> nodes;
  };
  struct FailBatch {
    BatchId batch;
    ClientError error;
    std::vector<std::pair<std::int32_t, ClientError>> record_errors;
    bool adjust_sequences = false;
  };
  struct MarkUnresolvedIfRetried {
    BatchId batch;
  };
  struct AbortBatch {
    BatchId batch;
    ClientError error;
  };
  struct RunCallbacks {
    BatchId batch;
    std::size_t record = 0;
    std::int32_t interceptor = 0;
    bool told = false;  // the record's outcome is in the trace
  };
  struct ReleaseResult {
    BatchId batch;
  };
  struct AfterFailure {
    BatchId batch;
    ClientError error;
    bool adjust_sequences = false;
  };
  struct RemoveAndDeallocate {
    BatchId batch;
  };
  struct ForgetIfUnused {
    BatchId batch;
  };
  struct Unmute {
    TopicPartition partition;
  };
  struct AbortAll {
    ClientError error;
  };
  struct CloseClient {};

  using Task =
      std::variant<StartPass, AwaitNode, SendTransactionalRequest, RetryTransactionalRequest,
                   NextTransactionalRequest, StartOver, SendProducerData, FinishProducerData, Poll,
                   FinishPoll, Sleep, HandleResponse, CompletePartition, ApplyLeaderHints,
                   FailBatch, MarkUnresolvedIfRetried, AbortBatch, RunCallbacks, ReleaseResult,
                   AfterFailure, RemoveAndDeallocate, ForgetIfUnused, Unmute, AbortAll,
                   CloseClient>;

  struct Call {
    Millis now;
    Parts parts;
  };
  using Held = std::optional<Progress>;

  // Puts tasks before all that is left to do, in the order given.
  template <class First, class... Rest>
  void push_front(First&& first, Rest&&... rest) {
    if constexpr (sizeof...(Rest) > 0) push_front(std::forward<Rest>(rest)...);
    tasks_.emplace_back(std::forward<First>(first));
  }
  void plan_next(Call call);
  Held perform(StartPass, Call call);
  Held perform(AwaitNode& task, Call call);
  Held perform(SendTransactionalRequest task, Call call);
  Held perform(RetryTransactionalRequest, Call call);
  Held perform(NextTransactionalRequest, Call call);
  Held perform(StartOver& task, Call call);
  Held perform(SendProducerData, Call call);
  Held perform(FinishProducerData& task, Call call);
  Held perform(Poll task, Call call);
  Held perform(FinishPoll, Call call);
  Held perform(Sleep task, Call call);
  Held perform(HandleResponse& task, Call call);
  Held perform(const CompletePartition& task, Call call);
  Held perform(ApplyLeaderHints& task, Call call);
  Held perform(FailBatch& task, Call call);
  Held perform(MarkUnresolvedIfRetried task, Call call);
  Held perform(AbortBatch& task, Call call);
  Held perform(RunCallbacks& task, Call call);
  bool is_held_by_callbacks(RunCallbacks& task, Call call, Progress& held);
  Held perform(ReleaseResult task, Call call);
  Held perform(AfterFailure& task, Call call);
  Held perform(RemoveAndDeallocate task, Call call);
  Held perform(ForgetIfUnused task, Call call);
  Held perform(Unmute task, Call call);
  Held perform(AbortAll& task, Call call);
  Held perform(CloseClient, Call call);

  // --- sender_transactions.cc ---
  bool starts_with_transaction(Call call);
  bool sends_transactional_request(Call call);
  bool takes_transactional_request(Call call);
  void note_flush_for_good(Call call);
  bool abort_undrained(Call call);
  void find_coordinator_and_retry(Call call);
  bool awaits_transaction(Call call);
  bool has_pending_transaction(Call call) const;
  void handle_transactional_response(const ClientResponse& response, Call call);
  // What the handler of a response throws is caught behind it, by the client.
  enum class ThrownIn { Pass, Response };
  void log_uncaught(const ClientError& thrown, ThrownIn where, Call call);
  void give_up_request(const ClientError& error, Call call);

  std::vector<NodeId> nodes_that_take_data(std::vector<NodeId> ready_nodes,
                                           Milliseconds& not_ready_delay, Call call);
  std::vector<RecordAccumulator::Expired> take_expired_in_flight(Call call);
  void plan_expiry(const std::vector<RecordAccumulator::Expired>& expired, bool in_flight,
                   Call call);
  bool send_produce_request(const RecordAccumulator::Drained& drained, Call call);
  bool may_be_written(const ClientRequest& request, const RecordAccumulator::Drained& drained,
                      Call call) const;
  static void let_buffers_go(const RecordAccumulator::Drained& drained, Call call);
  void handle_response(ClientResponse& response, Call call);
  void handle_produce_response(ClientResponse& response, Call call);
  void complete_all(const ClientResponse& response, ErrorCode error, std::string message,
                    Call call);
  bool is_off_the_books(const ProducerBatch& batch, Call call) const;
  void trip_over(const ProducerBatch& batch, const std::string& state, Call call);
  bool tell_of_failure(const AfterFailure& failure, Call call);
  void abandon_rest(Call call);
  void return_kept_buffer(BatchId batch, Call call);
  void complete_each(const ClientResponse& response, ProduceResponse& body, Call call);
  RetryDecision decide_retry(const ProducerBatch& batch, const CompletePartition& task, Call call);
  void follow(const CompletePartition& task, const RetryDecision& decision, Call call);
  void succeed(const CompletePartition& task, Call call);
  void split(BatchId batch, Call call);
  void fail(const CompletePartition& task, Call call);
  void note_stale_metadata(const CompletePartition& task, const ProducerBatch& batch, Call call);
  void remove_from_in_flight(const ProducerBatch& batch);
  static std::int64_t told_timestamp(const ProduceRequestResult& result,
                                     const AppendedRecord& record);
  static void tell_fate(std::size_t record, const ProducerBatch& batch,
                        const ProduceRequestResult& result, Journal& journal);
  static RecordMetadata metadata_of(std::size_t record, const ProducerBatch& batch,
                                    const ProduceRequestResult& result);
  void call_user(UserCallKind kind, const RunCallbacks& at, const ProducerBatch& batch,
                 const ProduceRequestResult& result, Journal& journal, UserCall& call);
  void die(const std::string& threw, Call call);

  Settings settings_;
  std::vector<Task> tasks_;  // the next one last
  std::optional<UserCallStarted> held_by_;
  InFlightBatches in_flight_batches_;
  std::vector<Metadata::LeaderHint> leader_hints_;
  SenderMetrics metrics_;
  SleepDecision last_sleep_;
  std::map<NodeId, NodeDecision> node_decisions_;
  std::int64_t passes_ = 0;
  std::optional<TransactionalRequest> next_request_;  // that waits for its node
  bool completes_transaction_ = false;                // nothing else is left to do before the end
  bool is_running_ = true;
  bool is_forced_ = false;
  bool has_failed_transaction_ = false;
  bool has_aborted_ = false;
  bool has_stopped_ = false;
};

}  // namespace linger::core
