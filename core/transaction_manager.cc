// The state of a transactional producer, the calls of its application, and its queue of requests.
// Sequences: transaction_sequences.cc. Answers: transaction_handlers.cc.
#include "core/transaction_manager.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/transaction_errors.h"

namespace linger::core {

namespace {

constexpr Milliseconds kLongestTransaction{2'147'483'647};

bool is_error(TransactionState state) {
  return state == TransactionState::AbortableError || state == TransactionState::FatalError;
}

// What no transaction survives, and what no producer without transactions does.
bool is_fatal(const ClientError& error) {
  return error.exception == Exception::ClusterAuthorizationException ||
         error.exception == Exception::TransactionalIdAuthorizationException ||
         error.exception == Exception::ProducerFencedException ||
         error.exception == Exception::UnsupportedVersionException;
}

}  // namespace

// --- The state ---

bool TransactionManager::is_transition_valid(State target) const {
  const bool recovers = settings_.recovers_from_authorization_failure;
  const auto is_one_of = [this](std::initializer_list<State> sources) {
    return std::find(sources.begin(), sources.end(), state_) != sources.end();
  };
  switch (target) {
    case State::Uninitialized:
      return is_one_of({State::Ready}) || (recovers && has_abortable_error());
    case State::Initializing:
      return is_one_of({State::Uninitialized, State::AbortingTransaction});
    case State::Ready:
      return is_one_of(
          {State::Initializing, State::CommittingTransaction, State::AbortingTransaction});
    case State::InTransaction:
      return is_one_of({State::Ready});
    case State::CommittingTransaction:
      return is_one_of({State::InTransaction});
    case State::AbortingTransaction:
      return is_one_of({State::InTransaction, State::AbortableError});
    case State::AbortableError:
      return is_one_of(
                 {State::InTransaction, State::CommittingTransaction, State::AbortableError}) ||
             (recovers && state_ == State::Initializing);
    case State::FatalError:
      return true;
  }
  return false;
}

TransactionManager::Thrown TransactionManager::transition_to(State target, Journal& journal,
                                                             Caller caller, Thrown error) {
  const State before = state_;
  if (!is_transition_valid(target)) {
    const ClientError refusal =
        invalid_transition({settings_.transactional_id, before, target}, settings_.remembers_calls);
    if (settings_.is_poisoned_by_illegal_state && caller == Caller::SenderThread) {
      state_ = State::FatalError;
      last_error_ = refusal;
    }
    journal.add(TransitionRefused{before, target, state_, refusal});
    return refusal;
  }
  CHECK(is_error(target) == error.has_value());
  state_ = target;
  last_error_ = std::move(error);
  if (is_transactional()) journal.add(TransactionStateChanged{before, target, last_error_});
  return std::nullopt;
}

// A transaction that is being aborted anyway goes on with that.
TransactionManager::Thrown TransactionManager::transition_to_abortable(ClientError error,
                                                                       Caller caller,
                                                                       Journal& journal) {
  if (is_aborting()) return std::nullopt;
  return transition_to(State::AbortableError, journal, caller, std::move(error));
}

TransactionManager::Thrown TransactionManager::transition_to_fatal(ClientError error,
                                                                   Journal& journal) {
  if (auto thrown = transition_to(State::FatalError, journal, Caller::SenderThread, error)) {
    return thrown;
  }
  if (pending_call_) fail(pending_call_->result, error);
  return std::nullopt;
}

TransactionManager::Thrown TransactionManager::maybe_transition_to_error_state(
    const ClientError& error, Caller caller, Journal& journal) {
  if (is_fatal(error)) return transition_to_fatal(error, journal);
  if (!is_transactional()) return std::nullopt;
  if (can_bump_epoch() && !is_completing()) epoch_bump_required_ = true;
  return transition_to_abortable(error, caller, journal);
}

FencedProducer TransactionManager::identity() const {
  if (!settings_.transactional_id) return {"null", producer_};
  return {*settings_.transactional_id, producer_};
}

// What every call is told in an error state. In Kafka: maybeFailWithError.
TransactionManager::Thrown TransactionManager::fail_with_error() const {
  if (!has_error()) return std::nullopt;
  const Era words = settings_.remembers_calls ? Era::V3_9 : Era::V2_8;
  switch (last_error_->exception) {
    case Exception::ProducerFencedException:
      return producer_fenced(identity(), words);
    case Exception::InvalidProducerEpochException:
      return old_producer_epoch(identity(), words);
    case Exception::IllegalStateException:
      if (settings_.is_poisoned_by_illegal_state) return after_invalid_transition(identity());
      [[fallthrough]];
    default:
      return in_an_error_state(last_error_->exception);
  }
}

// --- The application's calls ---

TransactionManager::Begun TransactionManager::initialize_transactions(Journal& journal) {
  if (settings_.remembers_calls) {
    if (auto error = fail_with_error()) return *error;
  }
  if (auto known = cached(TransactionMethod::InitTransactions, State::Initializing)) return *known;
  if (auto refused = transition_to(State::Initializing, journal, Caller::Application)) {
    return *refused;
  }
  TransactionalRequest request = init_producer_id({}, false);
  const TransactionResultId result = *request.result;
  requests_.add(std::move(request));
  return remember(result, TransactionMethod::InitTransactions, State::Initializing);
}

TransactionManager::Thrown TransactionManager::begin_transaction(Journal& journal) {
  if (!is_transactional()) return not_transactional();
  if (auto error = fail_if_call_pending(TransactionMethod::BeginTransaction)) return error;
  if (auto error = fail_with_error()) return error;
  return transition_to(State::InTransaction, journal, Caller::Application);
}

TransactionManager::Begun TransactionManager::begin_commit(Journal& journal) {
  const TransactionMethod method = TransactionMethod::CommitTransaction;
  if (auto known = cached(method, State::CommittingTransaction)) return *known;
  if (auto error = fail_with_error()) return *error;
  if (auto refused = transition_to(State::CommittingTransaction, journal, Caller::Application)) {
    return *refused;
  }
  const TransactionResultId result = begin_completing(true);
  return remember(result, method, State::CommittingTransaction);
}

TransactionManager::Begun TransactionManager::begin_abort(Caller caller, Journal& journal) {
  const TransactionMethod method = TransactionMethod::AbortTransaction;
  if (auto known = cached(method, State::AbortingTransaction)) return *known;
  if (!has_abortable_error()) {
    if (auto error = fail_with_error()) return *error;
  }
  if (auto refused = transition_to(State::AbortingTransaction, journal, caller)) return *refused;
  new_.clear();
  const TransactionResultId result = begin_completing(false);
  return remember(result, method, State::AbortingTransaction);
}

// The end of the transaction, and if the epoch must be raised that, too: then it is what the call
// waits for.
TransactionResultId TransactionManager::begin_completing(bool commits) {
  if (!new_.empty()) requests_.add(add_partitions());
  TransactionalRequest end;
  end.body = EndTxnRequest{*settings_.transactional_id, producer_, commits};
  end.retry_backoff = settings_.retry_backoff;
  end.result = create_result(commits ? "EndTxn(true)" : "EndTxn(false)");
  const TransactionResultId result = *end.result;
  requests_.add(std::move(end));
  if (!epoch_bump_required_) return result;
  TransactionalRequest bump = init_producer_id(producer_, true);
  const TransactionResultId bumped = *bump.result;
  requests_.add(std::move(bump));
  return bumped;
}

TransactionManager::Begun TransactionManager::send_offsets_to_transaction(
    const std::vector<OffsetToCommit>& offsets, const ConsumerGroupMetadata& group) {
  if (!is_transactional()) return not_transactional();
  if (auto error = fail_if_call_pending(TransactionMethod::SendOffsetsToTransaction)) return *error;
  if (auto error = fail_with_error()) return *error;
  if (state_ != State::InTransaction) {
    return settings_.remembers_calls ? offsets_outside_transaction(state_)
                                     : offsets_outside_transaction();
  }
  TransactionalRequest request;
  request.body = AddOffsetsToTxnRequest{*settings_.transactional_id, producer_, group.group_id};
  request.result = create_result("AddOffsetsToTxn");
  request.retry_backoff = settings_.retry_backoff;
  request.offsets = offsets;
  request.group = group;
  const TransactionResultId result = *request.result;
  requests_.add(std::move(request));
  return result;
}

TransactionManager::Thrown TransactionManager::fail_if_not_ready_for_send() const {
  if (!is_transactional()) return std::nullopt;
  if (has_error()) return send_after_failure(*last_error_);
  if (!has_producer_id()) return send_before_init();
  if (state_ != State::InTransaction) return send_in_state(state_);
  return std::nullopt;
}

TransactionManager::Thrown TransactionManager::maybe_add_partition(TopicPartition partition) {
  if (settings_.remembers_calls) {
    if (auto error = fail_with_error()) return error;
    if (pending_call_ && !results_.at(pending_call_->result).is_acknowledged) {
      return call_must_be_retried("send", operation_of(pending_call_->method));
    }
    pending_call_.reset();
  }
  if (!is_transactional()) return std::nullopt;
  if (settings_.remembers_calls) {
    const std::string text = settings_.topics.text(partition);
    if (!has_producer_id()) return add_partition_before_init(text);
    if (state_ != State::InTransaction) return add_partition_in_state(text, state_);
  }
  if (is_partition_added(partition) || is_partition_pending_add(partition)) return std::nullopt;
  partitions_[partition];
  new_.push_back(partition);
  return std::nullopt;
}

bool TransactionManager::is_partition_pending_add(TopicPartition partition) const {
  const auto has = [&](const std::vector<TopicPartition>& list) {
    return std::find(list.begin(), list.end(), partition) != list.end();
  };
  return has(new_) || has(pending_);
}

// --- Results ---

TransactionManager::Thrown TransactionManager::fail_if_call_pending(TransactionMethod method) {
  if (!settings_.remembers_calls || !pending_call_) return std::nullopt;
  if (!results_.at(pending_call_->result).is_acknowledged) {
    return call_must_be_retried(operation_of(method), operation_of(pending_call_->method));
  }
  pending_call_.reset();
  forget_results();
  return std::nullopt;
}

std::optional<TransactionManager::Begun> TransactionManager::cached(TransactionMethod method,
                                                                    State target) {
  if (!is_transactional()) return not_transactional();
  if (!pending_call_) return std::nullopt;
  const TransactionResultId result = pending_call_->result;
  if (!settings_.remembers_calls) {
    if (state_ != target) return std::nullopt;
    if (results_.at(result).is_done) pending_call_.reset();
    return result;
  }
  if (results_.at(result).is_acknowledged) {
    pending_call_.reset();
    return std::nullopt;
  }
  if (pending_call_->target == target) return result;
  return call_must_be_retried(operation_of(method), operation_of(pending_call_->method));
}

TransactionManager::Begun TransactionManager::remember(TransactionResultId result,
                                                       TransactionMethod method, State target) {
  pending_call_ = PendingCall{result, target, method};
  forget_results();
  return result;
}

TransactionResultId TransactionManager::create_result(std::string operation) {
  const TransactionResultId id{next_result_++};
  results_.emplace(id, TransactionalResult{std::move(operation), false, false, {}, 0});
  return id;
}

void TransactionManager::complete(std::optional<TransactionResultId> id) {
  if (!id || !results_.contains(*id)) return;
  results_.at(*id).is_done = true;
  forget_results();
}

void TransactionManager::fail(std::optional<TransactionResultId> id, const ClientError& error) {
  if (!id || !results_.contains(*id)) return;
  results_.at(*id).error = error;
  results_.at(*id).is_done = true;
  forget_results();
}

bool TransactionManager::is_done(std::optional<TransactionResultId> id) const {
  return id && (!results_.contains(*id) || results_.at(*id).is_done);
}

void TransactionManager::release(TransactionResultId id, bool is_acknowledged) {
  TransactionalResult& result = results_.at(id);
  --result.waiters;
  result.is_acknowledged = result.is_acknowledged || is_acknowledged;
  forget_results();
}

// Those that are done, and that nobody can ask for any more. A call just begun has no waiter yet,
// but then it is the last one, or its request is still in the queue.
void TransactionManager::forget_results() {
  std::erase_if(results_, [this](const auto& entry) {
    const bool is_pending = pending_call_ && pending_call_->result == entry.first;
    return entry.second.is_done && entry.second.waiters == 0 && !is_pending;
  });
}

// --- The queue ---

TransactionalRequest TransactionManager::init_producer_id(ProducerIdAndEpoch current,
                                                          bool is_epoch_bump) {
  TransactionalRequest request;
  request.body = InitProducerIdRequest{
      settings_.transactional_id,
      is_transactional() ? settings_.transaction_timeout : kLongestTransaction, current};
  request.is_epoch_bump = is_epoch_bump;
  request.retry_backoff = settings_.retry_backoff;
  request.result = create_result("InitProducerId");
  return request;
}

TransactionalRequest TransactionManager::add_partitions() {
  for (const TopicPartition partition : std::exchange(new_, {})) pending_.push_back(partition);
  TransactionalRequest request;
  request.body = AddPartitionsToTxnRequest{*settings_.transactional_id, producer_,
                                           topics_to_add(pending_, settings_.topics)};
  request.retry_backoff = settings_.retry_backoff;
  return request;
}

void TransactionManager::look_up(CoordinatorType type, std::string key) {
  (type == CoordinatorType::Group ? group_coordinator_ : transaction_coordinator_).reset();
  TransactionalRequest request;
  FindCoordinatorRequest body;
  body.key_type = type;
  body.coordinator_keys.push_back(std::move(key));
  request.body = std::move(body);
  request.retry_backoff = settings_.retry_backoff;
  requests_.add(std::move(request));
}

void TransactionManager::look_up_coordinator(const TransactionalRequest& request) {
  look_up(*request.coordinator(), request.coordinator_key());
}

void TransactionManager::retry(TransactionalRequest request) {
  request.is_retry = true;
  requests_.add(std::move(request));
}

TransactionManager::Next TransactionManager::next_request(bool has_incomplete_batches,
                                                          Journal& journal) {
  if (!new_.empty()) requests_.add(add_partitions());
  if (requests_.is_empty()) return {};
  if (requests_.next().is_end_txn() && has_incomplete_batches) return {};
  TransactionalRequest request = requests_.take();
  const bool finds_coordinator = request.api() == ApiKey::FindCoordinator;
  if (has_error() && !(has_abortable_error() && finds_coordinator)) {
    fail(request.result, *last_error_);
    return {};
  }
  if (!request.is_end_txn() || transaction_started_) return request;
  // Nothing was added to the transaction, and its coordinator knows nothing of it. It may be over
  // already: before KAFKA-13412 an abort can stand behind a commit that was still to be sent.
  complete(request.result);
  if (!has_fatal_error()) {
    if (auto refused = complete_transaction(journal)) return *std::move(refused);
  }
  if (requests_.is_empty()) return {};
  return requests_.take();
}

TransactionManager::Thrown TransactionManager::complete_transaction(Journal& journal) {
  const State next = epoch_bump_required_ ? State::Initializing : State::Ready;
  if (auto refused = transition_to(next, journal)) return refused;
  epoch_bump_required_ = false;
  transaction_started_ = false;
  new_.clear();
  pending_.clear();
  added_.clear();
  return std::nullopt;
}

void TransactionManager::authentication_failed(const ClientError& error, Journal& journal) {
  for (const TransactionalRequest& request : requests_.all()) {
    fail(request.result, error);
    transition_to_fatal(error, journal);
  }
}

void TransactionManager::close(Journal& journal) {
  const ClientError closed = transactions_closed_forcefully();
  for (const TransactionalRequest& request : requests_.all()) {
    fail(request.result, closed);
    transition_to_fatal(closed, journal);
  }
  if (pending_call_) fail(pending_call_->result, closed);
}

void TransactionManager::fail_pending_requests(Journal& journal) {
  const ClientError failure = core::authentication_failed(*last_error_);
  for (const TransactionalRequest& request : requests_.all()) {
    fail(request.result, failure);
    const Thrown refused = transition_to_abortable(failure, Caller::SenderThread, journal);
    CHECK(!refused);
  }
}

void TransactionManager::start_over(const ClientError& error, Journal& journal) {
  if (transition_to(State::Uninitialized, journal)) return;
  if (pending_call_) fail(pending_call_->result, error);
}

// --- The producer id ---

void TransactionManager::prepare_producer_id(BatchTable& batches, Journal& journal) {
  if (is_transactional()) return;
  if (epoch_bump_required_) bump_epoch(batches, journal);
  if (state_ == State::Initializing || has_producer_id()) return;
  state_ = State::Initializing;
  TransactionalRequest request = init_producer_id({}, false);
  request.result.reset();
  requests_.add(std::move(request));
}

void TransactionManager::assume_producer_id(ProducerIdAndEpoch producer) {
  producer_ = producer;
  state_ = State::Ready;
}

}  // namespace linger::core
