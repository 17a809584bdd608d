// Producer id, epoch and sequence numbers: what lets a broker drop a retry it already has. And, of
// a producer with a transactional.id, its transactions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/batch_table.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/event.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/metadata_snapshot.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_call.h"
#include "core/transaction_requests.h"

namespace linger::core {

// What the idempotent producer knows of one partition.
struct PartitionSequences {
  ProducerIdAndEpoch producer;  // under which the sequences below count
  std::int32_t next_sequence = 0;
  std::int32_t last_acked_sequence = -1;  // none
  std::int64_t last_acked_offset = -1;    // none
  std::vector<BatchId> in_flight;         // from first drain to final outcome, by sequence
};

// In Kafka: TransactionalRequestResult.
struct TransactionalResult {
  std::string operation;  // "EndTxn(true)"
  bool is_done = false;
  bool is_acknowledged = false;  // a call saw it (KAFKA-13412)
  std::optional<ClientError> error;
  std::int32_t waiters = 0;  // calls that name it
};

// Sequences are given when a batch is first drained, never at append, and kept through retries.
// A batch whose outcome is unknown leaves its partition's sequence unresolved: no new batch of that
// partition gets one until it is clear whether the broker has it, or the epoch was bumped
// (KIP-360).
//
// A transaction is a state, and a queue of requests to its coordinator of which one at a time is in
// flight:
//
//   init ─▶ READY ── begin ─▶ IN_TRANSACTION ── commit, abort ─▶ COMMITTING, ABORTING ─▶ READY …
//                                     │ what went wrong                   ▲
//                                     └─▶ ABORTABLE_ERROR ── abort ───────┘      FATAL_ERROR
//
// The calls of the application change the state and add requests; the sender takes these one after
// another (sender_transactions.cc), and tells what was answered.
//
// In Kafka: TransactionManager. Where it throws, the functions here return the error.
class TransactionManager {
 public:
  struct Settings {
    std::optional<std::string> transactional_id{};
    Milliseconds transaction_timeout{60'000};
    Milliseconds retry_backoff{100};
    TopicNames topics{};
    Era errors_of = Era::V3_9;
    // KIP-360: after a sequence that cannot be resolved the producer raises its own epoch. Before,
    // it takes a new id, which starts all partitions afresh, and gives up batches of the old one; a
    // gap is closed by moving later sequences down. In a transaction it is fatal.
    bool bumps_epoch = true;
    // KAFKA-12152: each partition goes over to a new epoch when nothing of it is in flight. Before,
    // one that had nothing in flight at the time of the bump went on with its old sequences.
    bool epoch_by_partition = true;
    // KAFKA-13794: a batch in flight is told apart by what it is. Before, by its base sequence
    // alone, which a batch of an old epoch can share with one of the new: the second to be drained
    // is not noted, and the first to end takes the other off the books with it.
    bool tells_batches_apart = true;
    // KAFKA-13668: asks again after it was not allowed to get an id; before, that is fatal.
    bool recovers_from_authorization_failure = true;
    // KAFKA-13412: after a call that timed out its result must be seen before anything else may be
    // done. Before, a repeated call finds it only as long as the state is the one it brought about.
    bool remembers_calls = true;
    // KAFKA-14831: a change of state that may not be is fatal, if the sender's thread tries it.
    bool is_poisoned_by_illegal_state = true;
    // KAFKA-14417: any error that can be retried is; before, those that were thought of.
    bool retries_whatever_may_be = true;
    // KAFKA-14278: every request tells that the producer was fenced, or the state wrong, in one
    // way.
    bool has_uniform_errors = true;
    bool knows_abortable = true;  // KIP-890: TRANSACTION_ABORTABLE
  };
  TransactionManager() = default;
  explicit TransactionManager(Settings settings) : settings_{std::move(settings)} {}

  using State = TransactionState;
  using Thrown = std::optional<ClientError>;
  // Whose thread it is: what the sender's own may not do can be fatal.
  enum class Caller { Application, SenderThread };

  State state() const { return state_; }
  ProducerIdAndEpoch producer() const { return producer_; }
  bool has_producer_id() const { return producer_.is_valid(); }
  bool has_fatal_error() const { return state_ == State::FatalError; }
  bool has_abortable_error() const { return state_ == State::AbortableError; }
  bool has_error() const { return has_fatal_error() || has_abortable_error(); }
  const std::optional<ClientError>& last_error() const { return last_error_; }
  bool is_transactional() const { return settings_.transactional_id.has_value(); }
  bool is_aborting() const { return state_ == State::AbortingTransaction; }
  bool is_completing() const { return is_aborting() || state_ == State::CommittingTransaction; }
  bool has_ongoing_transaction() const {
    return state_ == State::InTransaction || is_completing() || has_abortable_error();
  }
  const Settings& settings() const { return settings_; }

  // --- The application's calls: transaction_manager.cc ---

  using Begun = std::variant<TransactionResultId, ClientError>;
  Begun initialize_transactions(Journal& journal);
  Thrown begin_transaction(Journal& journal);
  Begun send_offsets_to_transaction(const std::vector<OffsetToCommit>& offsets,
                                    const ConsumerGroupMetadata& group);
  Begun begin_commit(Journal& journal);
  Begun begin_abort(Caller caller, Journal& journal);
  // Before KAFKA-13412: may a record be appended?
  Thrown fail_if_not_ready_for_send() const;
  // Will maybe_add_partition() have nothing to say, or to do, whatever the partition?
  bool takes_any_record() const {
    return settings_.remembers_calls && !is_transactional() && !has_error() && !pending_call_;
  }
  // A record was appended to the partition. Since KAFKA-13412 this looks at the state, too.
  Thrown maybe_add_partition(TopicPartition partition);
  // What a failure means for the state: that of a batch, or of a record in send() (KAFKA-9279).
  Thrown maybe_transition_to_error_state(const ClientError& error, Caller caller, Journal& journal);

  const TransactionalResult& result(TransactionResultId id) const { return results_.at(id); }
  void hold(TransactionResultId id) { ++results_.at(id).waiters; }
  // The call names it no longer. `is_acknowledged`: it did not time out.
  void release(TransactionResultId id, bool is_acknowledged);

  // --- What the sender asks: transaction_manager.cc ---

  // The next request to send, none, or what it throws. EndTxn waits until no batch is incomplete,
  // and is left out if nothing was ever added to the transaction.
  using Next = std::variant<std::monostate, TransactionalRequest, ClientError>;
  Next next_request(bool has_incomplete_batches, Journal& journal);
  bool has_pending_requests() const { return !requests_.is_empty(); }
  const TransactionRequestQueue& pending_requests() const { return requests_; }
  void retry(TransactionalRequest request);
  // Forgets the coordinator that the request is for, and asks who it is.
  void look_up_coordinator(const TransactionalRequest& request);
  const std::optional<Node>& coordinator(CoordinatorType type) const {
    return type == CoordinatorType::Group ? group_coordinator_ : transaction_coordinator_;
  }
  // Its connection is ready. Whether it can raise the epoch of a producer depends on what it knows.
  void note_coordinator_ready(bool supports_epoch_bump) {
    coordinator_supports_bumping_epoch_ = supports_epoch_bump;
  }
  void set_in_flight(CorrelationId correlation, TransactionalRequest request) {
    in_flight_ = InFlight{correlation, std::move(request)};
  }
  bool has_in_flight_request() const { return in_flight_.has_value(); }
  // A broker refused this client: every request in the queue fails for good.
  void authentication_failed(const ClientError& error, Journal& journal);
  // Fails all requests and whoever waits: the producer closes by force.
  void close(Journal& journal);
  // After an InitProducerId that was not allowed: every request fails, and the application may
  // begin again.
  void fail_pending_requests(Journal& journal);
  void start_over(const ClientError& error, Journal& journal);

  // --- Answers: transaction_handlers.cc ---

  Thrown handle_disconnect(CorrelationId correlation);
  Thrown handle_version_mismatch(CorrelationId correlation, const ClientError& mismatch,
                                 Journal& journal);
  // `answered`: to be completed with what the response says.
  Thrown handle_response(CorrelationId correlation, const Response& response,
                         TransactionRequestAnswered answered, Journal& journal);

  // --- The transaction ---

  bool is_partition_added(TopicPartition partition) const { return added_.contains(partition); }
  bool is_partition_pending_add(TopicPartition partition) const;
  bool is_send_allowed(TopicPartition partition) const {
    return !has_fatal_error() && (!is_transactional() || is_partition_added(partition));
  }
  const std::set<TopicPartition>& added_partitions() const { return added_; }
  bool has_partitions_to_add() const { return !new_.empty() || !pending_.empty(); }
  bool has_pending_offset_commits() const { return !pending_offsets_.empty(); }
  bool can_bump_epoch() const {
    return settings_.bumps_epoch && (!is_transactional() || coordinator_supports_bumping_epoch_);
  }

  // --- The producer id ---

  // Bumps the epoch if that was asked for, and asks for an id if there is none. Of a producer
  // without a transactional id.
  void prepare_producer_id(BatchTable& batches, Journal& journal);
  void assume_producer_id(ProducerIdAndEpoch producer);
  Thrown transition_to_fatal(ClientError error, Journal& journal);

  // --- Sequences: transaction_sequences.cc ---

  // Taken: the batch, the first of its deque, may be drained. Else why it may not, which ends the
  // node's turn.
  DrainVerdict may_drain(const ProducerBatch& batch, const BatchTable& batches) const;
  // Gives the batch its identity and sequence, if it has none, and notes it as in flight.
  void on_drained(ProducerBatch& batch, const BatchTable& batches, Journal& journal);

  bool tracks_in_flight(TopicPartition partition) const;
  void add_in_flight(const ProducerBatch& batch, const BatchTable& batches);
  void remove_in_flight(const ProducerBatch& batch, const BatchTable& batches);

  // May a batch with this error be sent again? May ask for an epoch bump. `log_start_offset`: of
  // the response, -1 if unknown.
  bool can_retry(BatchId batch, ErrorCode error, std::int64_t log_start_offset, BatchTable& batches,
                 Journal& journal);
  // A batch of another producer id must not go out again; before KIP-360 that can happen.
  bool may_reenqueue(const ProducerBatch& batch) const {
    return settings_.bumps_epoch || is_of_current_producer(batch);
  }
  ClientError producer_id_changed(const ProducerBatch& batch) const;
  // `base_offset`: -1 if the response has none.
  void handle_completed(const ProducerBatch& batch, std::int64_t base_offset,
                        const BatchTable& batches);
  // `adjust_sequences`: retries were not exhausted, so the gap the batch leaves must be closed.
  Thrown handle_failed(BatchId batch, const ClientError& error, bool adjust_sequences,
                       BatchTable& batches, Journal& journal);
  void mark_sequence_unresolved(const ProducerBatch& batch, Journal& journal);
  Thrown resolve_sequences(Journal& journal);

  const std::map<TopicPartition, PartitionSequences>& partitions() const { return partitions_; }
  const std::map<TopicPartition, std::int32_t>& unresolved() const { return unresolved_; }

 private:
  friend class StateWalk;

  // The last call that waits for a result, and whose it is.
  struct PendingCall {
    TransactionResultId result;
    State target = State::Uninitialized;
    TransactionMethod method = TransactionMethod::InitTransactions;
  };
  struct InFlight {
    CorrelationId correlation;
    TransactionalRequest request;
  };

  // --- transaction_manager.cc ---
  bool is_transition_valid(State target) const;
  [[nodiscard]] Thrown transition_to(State target, Journal& journal,
                                     Caller caller = Caller::SenderThread, Thrown error = {});
  [[nodiscard]] Thrown transition_to_abortable(ClientError error, Caller caller, Journal& journal);
  Thrown fail_with_error() const;
  Thrown fail_if_call_pending(TransactionMethod method);
  FencedProducer identity() const;
  // What a repeated call gets: the result of the one before it, or an error.
  std::optional<Begun> cached(TransactionMethod method, State target);
  Begun remember(TransactionResultId result, TransactionMethod method, State target);
  TransactionResultId begin_completing(bool commits);
  TransactionResultId create_result(std::string operation);
  void complete(std::optional<TransactionResultId> id);
  void fail(std::optional<TransactionResultId> id, const ClientError& error);
  bool is_done(std::optional<TransactionResultId> id) const;
  void forget_results();
  TransactionalRequest init_producer_id(ProducerIdAndEpoch current, bool is_epoch_bump);
  TransactionalRequest add_partitions();
  void look_up(CoordinatorType type, std::string key);
  [[nodiscard]] Thrown complete_transaction(Journal& journal);

  // --- transaction_handlers.cc ---
  std::optional<TransactionalRequest> take_in_flight(CorrelationId correlation);
  Thrown handle(TransactionalRequest& request, const InitProducerIdResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const FindCoordinatorResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const AddPartitionsToTxnResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const AddOffsetsToTxnResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const TxnOffsetCommitResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const EndTxnResponse& response,
                TransactionRequestAnswered& answered, Journal& journal);
  Thrown handle(TransactionalRequest& request, const Response& response,
                TransactionRequestAnswered& answered, Journal& journal);
  // What many errors mean for whichever request gets them; none: it has to decide itself.
  struct Decided {
    Thrown thrown;
  };
  std::optional<Decided> handle_common(TransactionalRequest& request, ErrorCode error,
                                       Journal& journal);
  std::optional<Decided> handle_partition(TransactionalRequest& request, ErrorCode error,
                                          Journal& journal);
  std::optional<Decided> handle_offset(TransactionalRequest& request, ErrorCode error,
                                       bool& has_looked_up, Journal& journal);
  Thrown note_added(TransactionalRequest& request, const std::vector<PartitionError>& errors,
                    Journal& journal);
  Thrown fatal(TransactionalRequest& request, ClientError error, Journal& journal);
  Thrown abortable(TransactionalRequest& request, ClientError error, Journal& journal);
  Thrown abortable_if_possible(TransactionalRequest& request, ClientError error, Journal& journal);
  void commit_offsets(const TransactionalRequest& added);
  bool is_retried(ErrorCode error, const TransactionalRequest& request) const;
  ClientError error_of(ErrorCode error) const;
  Thrown not_allowed_to_have_id(TransactionalRequest& request, ErrorCode error, Journal& journal);

  // --- transaction_sequences.cc ---
  bool is_of_current_producer(const ProducerBatch& batch) const {
    return batch.builder.producer() == producer_;
  }
  void reset_producer_id(Journal& journal);
  Thrown close_gap(const ProducerBatch& failed, BatchTable& batches);
  Thrown fail_for_unresolved(Journal& journal);
  Thrown give_up_unresolved(Journal& journal);
  bool may_go_beside_in_flight(const PartitionSequences& entry, const BatchTable& batches) const;
  void bump_epoch(BatchTable& batches, Journal& journal);
  void request_epoch_bump(TopicPartition partition);
  void start_sequences_at_beginning(TopicPartition partition, BatchTable& batches,
                                    Journal& journal);
  bool is_next_sequence(TopicPartition partition, std::int32_t sequence) const;
  bool retries_out_of_order(const ProducerBatch& batch);
  bool retries_unknown_producer_id(const ProducerBatch& batch, std::int64_t log_start_offset,
                                   BatchTable& batches, Journal& journal);
  bool retries_without_bump(const ProducerBatch& batch, ErrorCode error,
                            std::int64_t log_start_offset, BatchTable& batches, Journal& journal);
  std::int32_t first_in_flight_sequence(TopicPartition partition, const BatchTable& batches) const;

  Settings settings_;
  State state_ = State::Uninitialized;
  std::optional<ClientError> last_error_;
  ProducerIdAndEpoch producer_;
  std::map<TopicPartition, PartitionSequences> partitions_;
  std::map<TopicPartition, std::int32_t> unresolved_;  // the sequence after the expired batch
  std::set<TopicPartition> to_rewrite_;
  bool epoch_bump_required_ = false;

  // Of a transactional producer.
  TransactionRequestQueue requests_;
  std::optional<InFlight> in_flight_;
  std::optional<Node> transaction_coordinator_;
  std::optional<Node> group_coordinator_;
  bool coordinator_supports_bumping_epoch_ = false;
  bool transaction_started_ = false;  // something was added to it
  // The partitions of the transaction: to be announced, announced and not answered, added.
  std::vector<TopicPartition> new_;
  std::vector<TopicPartition> pending_;
  std::set<TopicPartition> added_;
  std::vector<OffsetToCommit> pending_offsets_;
  std::map<TransactionResultId, TransactionalResult> results_;
  std::int64_t next_result_ = 0;
  std::optional<PendingCall> pending_call_;
};

}  // namespace linger::core
