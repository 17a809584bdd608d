// The part of a pass that belongs to the transaction manager: one request after another, and no
// data leaves while one is under way.
#include <utility>

#include "core/check.h"
#include "core/sender.h"

namespace linger::core {

namespace {

// InitProducerId of this version says which epoch is to be raised (KIP-360).
constexpr std::int16_t kFirstVersionThatBumps = 3;

bool is_authorization_failure(const ClientError& error) {
  return error.exception == Exception::TransactionalIdAuthorizationException ||
         error.exception == Exception::ClusterAuthorizationException;
}

RequestBody body_of(const TransactionalRequest& request) {
  return std::visit([](const auto& body) { return RequestBody{body}; }, request.body);
}

}  // namespace

// --- A pass ---

// True if the pass is taken up by the transaction manager: no data is sent in it.
// In Kafka: the part of runOnce that has a transaction manager.
bool Sender::starts_with_transaction(Call call) {
  TransactionManager& transactions = *call.parts.transactions;
  if (const auto thrown = transactions.resolve_sequences(call.parts.journal)) {
    // The real thread spins on it; here a millisecond passes.
    log_uncaught(*thrown, ThrownIn::Pass, call);
    push_front(Sleep{after(call.now, Milliseconds{1})});
    return true;
  }
  if (transactions.has_fatal_error()) {
    push_front(AbortAll{*transactions.last_error()}, Poll{settings_.retry_backoff});
    return true;
  }
  const bool recovers = transactions.settings().recovers_from_authorization_failure;
  if (transactions.has_abortable_error() && recovers &&
      is_authorization_failure(*transactions.last_error())) {
    const ClientError error = *transactions.last_error();
    transactions.fail_pending_requests(call.parts.journal);
    push_front(AbortAll{error}, StartOver{error});
    return true;
  }
  transactions.prepare_producer_id(call.parts.accumulator.batches, call.parts.journal);
  return sends_transactional_request(call);
}

// In Kafka: maybeSendAndPollTransactionalRequest.
bool Sender::sends_transactional_request(Call call) {
  TransactionManager& transactions = *call.parts.transactions;
  if (transactions.has_in_flight_request()) {
    push_front(Poll{settings_.retry_backoff});
    return true;
  }
  const bool gives_up = transactions.has_abortable_error() || transactions.is_aborting();
  if (gives_up && abort_undrained(call)) return true;
  return takes_transactional_request(call);
}

// Batches that were never drained are not worth waiting for. True if there were any: their
// callbacks come first.
bool Sender::abort_undrained(Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  const TransactionManager& transactions = *call.parts.transactions;
  const std::vector<BatchId> undrained = accumulator.undrained(&transactions);
  if (undrained.empty()) return false;
  const ClientError error =
      transactions.last_error() ? *transactions.last_error() : transaction_aborted();
  call.parts.journal.add(BatchesAborted{error, true, static_cast<std::int32_t>(undrained.size())});
  push_front(NextTransactionalRequest{});
  for (auto id = undrained.rbegin(); id != undrained.rend(); ++id) {
    push_front(AbortBatch{*id, error});
  }
  return true;
}

Sender::Held Sender::perform(NextTransactionalRequest, Call call) {
  if (!takes_transactional_request(call)) push_front(SendProducerData{});
  return std::nullopt;
}

bool Sender::takes_transactional_request(Call call) {
  TransactionManager& transactions = *call.parts.transactions;
  const bool has_incomplete = call.parts.accumulator.has_incomplete();
  note_flush_for_good(call);
  auto next = transactions.next_request(has_incomplete, call.parts.journal);
  if (const auto* thrown = std::get_if<ClientError>(&next)) {  // it ends the pass
    log_uncaught(*thrown, ThrownIn::Pass, call);
    return true;
  }
  if (!std::holds_alternative<TransactionalRequest>(next)) return false;
  next_request_ = std::get<TransactionalRequest>(std::move(next));
  const std::optional<CoordinatorType> type = next_request_->coordinator();
  AwaitNode await;
  await.started = call.now;
  if (type) {
    await.coordinator = transactions.coordinator(*type);
    if (!await.coordinator) {
      find_coordinator_and_retry(call);
      return true;
    }
    await.node = await.coordinator->id;
  } else {
    const auto target = call.parts.client.least_loaded_node(call.now, call.parts.metadata).node;
    if (!target) {
      transactions.retry(*std::exchange(next_request_, std::nullopt));
      push_front(Poll{settings_.retry_backoff});
      return true;
    }
    await.node = *target;
  }
  push_front(std::move(await));
  return true;
}

// Before KAFKA-12870 a transaction with batches left to send began a flush that nothing ended.
void Sender::note_flush_for_good(Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  if (!settings_.flushes_completing_for_good || !call.parts.transactions->is_completing()) return;
  if (accumulator.has_incomplete() && !accumulator.flush_in_progress()) accumulator.begin_flush();
}

// The pass ends here, so that the next one asks for the coordinator at once.
void Sender::find_coordinator_and_retry(Call call) {
  TransactionManager& transactions = *call.parts.transactions;
  TransactionalRequest request = *std::exchange(next_request_, std::nullopt);
  transactions.look_up_coordinator(request);
  transactions.retry(std::move(request));
}

// --- One request ---

// Meanwhile nothing is drained and nothing expires, though answers are handled.
Sender::Held Sender::perform(AwaitNode& task, Call call) {
  NetworkClient& client = call.parts.client;
  using Step = AwaitNode::Step;
  if (task.step == Step::FirstLook) {  // one poll at once, so that a pending disconnect is noticed
    task.step = Step::AfterFirstPoll;
    push_front(Poll{0ms}, std::move(task));
    return std::nullopt;
  }
  if (task.step == Step::Waiting && client.authentication_error(task.node)) {
    give_up_request(*client.authentication_error(task.node), call);
    push_front(SendProducerData{});
    return std::nullopt;
  }
  const Milliseconds waited = call.now - task.started;
  bool is_ready = client.is_ready(task.node, call.now, call.parts.metadata);
  if (!is_ready && task.step == Step::AfterFirstPoll) {
    is_ready =
        task.coordinator
            ? client.ready(*task.coordinator, call.now, call.parts.metadata, call.parts.journal)
            : client.ready(task.node, call.now, call.parts.metadata, call.parts.journal);
  }
  if (is_ready) {
    if (next_request_->coordinator() == CoordinatorType::Transaction) {
      const auto versions = client.api_versions(task.node, ApiKey::InitProducerId);
      call.parts.transactions->note_coordinator_ready(!versions ||
                                                      versions->last >= kFirstVersionThatBumps);
    }
    push_front(SendTransactionalRequest{task.node});
  } else if (waited >= settings_.request_timeout || client.connection_failed(task.node)) {
    if (task.coordinator) {
      find_coordinator_and_retry(call);
    } else {
      call.parts.journal.add(SenderBackedOff{settings_.retry_backoff});
      push_front(Sleep{after(call.now, settings_.retry_backoff)}, RetryTransactionalRequest{});
    }
  } else {
    task.step = Step::Waiting;
    push_front(Poll{settings_.request_timeout - waited}, std::move(task));
  }
  return std::nullopt;
}

// A broker that refuses this client is an exception that goes past the request, which is never sent
// again: a defect of Kafka that the model keeps. Only those still in the queue fail.
void Sender::give_up_request(const ClientError& error, Call call) {
  call.parts.journal.log(LogLevel::Debug,
                         "Authentication exception while processing transactional "
                         "request: " +
                             error.message);
  next_request_.reset();
  call.parts.transactions->authentication_failed(error, call.parts.journal);
}

Sender::Held Sender::perform(RetryTransactionalRequest, Call call) {
  call.parts.metadata.request_update(
      "no broker took the " + std::string{api_name(next_request_->api())} + " request",
      call.parts.journal);
  call.parts.transactions->retry(*std::exchange(next_request_, std::nullopt));
  return std::nullopt;
}

Sender::Held Sender::perform(SendTransactionalRequest task, Call call) {
  if (next_request_->is_retry && !task.has_slept) {
    task.has_slept = true;
    call.parts.journal.add(SenderBackedOff{next_request_->retry_backoff});
    push_front(Sleep{after(call.now, next_request_->retry_backoff)}, task);
    return std::nullopt;
  }
  TransactionManager& transactions = *call.parts.transactions;
  TransactionalRequest request = *std::exchange(next_request_, std::nullopt);
  const CorrelationId correlation = call.parts.client.send(
      ClientRequest{.destination = task.node,
                    .body = body_of(request),
                    .expect_response = true,
                    .timeout = settings_.request_timeout,
                    .created = call.now},
      call.now, call.parts.metadata, call.parts.accumulator.buffers, call.parts.journal);
  if (transactions.is_transactional()) {
    TransactionRequestSent sent = told(request);
    sent.correlation = correlation;
    sent.node = task.node;
    call.parts.journal.add(std::move(sent));
  }
  transactions.set_in_flight(correlation, std::move(request));
  push_front(Poll{settings_.retry_backoff});
  return std::nullopt;
}

void Sender::handle_transactional_response(const ClientResponse& response, Call call) {
  TransactionManager& transactions = *call.parts.transactions;
  TransactionRequestAnswered answered;
  answered.correlation = response.correlation;
  answered.node = response.node;
  answered.api = response.api;
  answered.outcome = response.outcome;
  answered.latency = response.latency;
  TransactionManager::Thrown thrown;
  if (response.outcome == RequestOutcome::Ok) {
    thrown = transactions.handle_response(response.correlation, *response.body, answered,
                                          call.parts.journal);
  } else {
    if (transactions.is_transactional()) call.parts.journal.add(answered);
    thrown = response.outcome == RequestOutcome::VersionMismatch
                 ? transactions.handle_version_mismatch(
                       response.correlation, *response.version_mismatch, call.parts.journal)
                 : transactions.handle_disconnect(response.correlation);
  }
  if (thrown) log_uncaught(*thrown, ThrownIn::Response, call);
}

void Sender::log_uncaught(const ClientError& thrown, ThrownIn where, Call call) {
  const std::string place =
      where == ThrownIn::Response ? "request completion: " : "kafka producer I/O thread: ";
  call.parts.journal.log(LogLevel::Error, "Uncaught error in " + place + text(thrown));
}

// --- The end of the transaction manager ---

Sender::Held Sender::perform(StartOver& task, Call call) {
  call.parts.transactions->start_over(task.error, call.parts.journal);
  return std::nullopt;
}

// In Kafka: hasPendingTransactionalRequests.
bool Sender::has_pending_transaction(Call call) const {
  const TransactionManager* transactions = call.parts.transactions;
  return settings_.close_awaits_transaction && transactions != nullptr &&
         transactions->has_pending_requests() && transactions->has_ongoing_transaction();
}

// A graceful close ends the transaction that is open. May force itself.
bool Sender::awaits_transaction(Call call) {
  TransactionManager* transactions = call.parts.transactions;
  if (!settings_.close_awaits_transaction || transactions == nullptr) return false;
  completes_transaction_ = true;
  if (!transactions->has_ongoing_transaction()) return false;
  if (transactions->is_completing()) return true;
  call.parts.journal.log(LogLevel::Info, "Aborting incomplete transaction due to shutdown");
  const auto begun =
      transactions->begin_abort(TransactionManager::Caller::SenderThread, call.parts.journal);
  const auto* thrown = std::get_if<ClientError>(&begun);
  if (thrown == nullptr) return true;
  call.parts.journal.log(LogLevel::Error,
                         "Error in kafka producer I/O thread while aborting transaction when "
                         "during closing: " +
                             text(*thrown));
  is_forced_ = true;
  return true;
}

}  // namespace linger::core
