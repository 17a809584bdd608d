// The sender's second half: what a response, a timeout or a lost connection means for each batch,
// and how a batch is completed, once, in Kafka's order.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/sender.h"

namespace linger::core {

namespace {

// What each record of a refused batch is told, if the broker said which ones were to blame
// (KIP-467).
std::vector<std::pair<std::int32_t, ClientError>> record_errors(
    const ProduceResponsePartition& response, ErrorCode error, std::int32_t record_count) {
  std::vector<std::pair<std::int32_t, ClientError>> errors;
  if (response.record_errors.empty()) return errors;
  for (std::int32_t index = 0; index < record_count; ++index) {
    const auto named = std::find_if(response.record_errors.begin(), response.record_errors.end(),
                                    [&](const auto& e) { return e.batch_index == index; });
    if (named == response.record_errors.end()) {
      errors.emplace_back(index, failed_with_others_in_batch());
      continue;
    }
    ClientError told = client_error(error, response.error_message);
    if (named->batch_index_error_message) told.message = *named->batch_index_error_message;
    if (response.record_errors.size() > 1) told.exception = Exception::InvalidRecordException;
    errors.emplace_back(index, std::move(told));
  }
  return errors;
}

}  // namespace

// --- Responses ---

Sender::Held Sender::perform(HandleResponse task, Call call) {
  switch (task.response.api) {
    case ApiKey::Produce:
      handle_produce_response(task.response, call);
      break;
    case ApiKey::InitProducerId:
      handle_init_producer_id(task.response, call);
      break;
    default:
      CHECK(false);
  }
  return std::nullopt;
}

void Sender::handle_produce_response(const ClientResponse& response, Call call) {
  const std::string node = std::to_string(response.node.value());
  switch (response.outcome) {
    case RequestOutcome::TimedOut:
      complete_all(response, ErrorCode::RequestTimedOut,
                   "Disconnected from node " + node + " due to timeout");
      break;
    case RequestOutcome::Disconnected:
      complete_all(response, ErrorCode::NetworkException, "Disconnected from node " + node);
      break;
    case RequestOutcome::VersionMismatch:
      complete_all(response, ErrorCode::UnsupportedVersion,
                   response.version_mismatch ? response.version_mismatch->message : "");
      break;
    case RequestOutcome::NoResponseExpected:
      complete_all(response, ErrorCode::None, "");
      break;
    case RequestOutcome::Ok:
      complete_each(response, std::get<ProduceResponse>(*response.body), call);
      break;
  }
}

void Sender::complete_all(const ClientResponse& response, ErrorCode error, std::string message) {
  ProduceResponsePartition made_up;
  made_up.error_code = wire_number(error);
  if (!message.empty()) made_up.error_message = std::move(message);
  for (auto batch = response.batches.rbegin(); batch != response.batches.rend(); ++batch) {
    push_front(CompletePartition{batch->batch, response.correlation, error, made_up},
               ForgetIfUnused{batch->batch});
  }
}

// In the order of the response.
void Sender::complete_each(const ClientResponse& response, const ProduceResponse& body, Call call) {
  std::vector<CompletePartition> completions;
  for (const ProduceResponseTopic& topic : body.topics) {
    const std::optional<TopicId> id = call.parts.topics.find(topic.name);
    for (const ProduceResponsePartition& partition : topic.partitions) {
      const auto batch = std::find_if(
          response.batches.begin(), response.batches.end(), [&](const InFlightBatch& sent) {
            return id && sent.partition == TopicPartition{*id, partition.index};
          });
      if (batch == response.batches.end()) {  // Kafka trips over it: the pass ends here
        call.parts.journal.log(LogLevel::Error,
                               "Uncaught error in kafka producer I/O thread: the response names "
                               "a partition that was not in the request");
        tasks_.clear();
        return;
      }
      completions.push_back({batch->batch, response.correlation,
                             error_code_from_wire(partition.error_code), partition});
    }
  }
  std::vector<Node> endpoints;
  for (const NodeEndpoint& endpoint : body.node_endpoints) {
    endpoints.push_back({endpoint.node_id, endpoint.host, endpoint.port});
  }
  leader_hints_.clear();
  push_front(ApplyLeaderHints{{}, std::move(endpoints)});
  for (auto task = completions.rbegin(); task != completions.rend(); ++task) {
    const BatchId batch = task->batch;
    push_front(std::move(*task), ForgetIfUnused{batch});
  }
}

Sender::Held Sender::perform(ApplyLeaderHints task, Call call) {
  if (!leader_hints_.empty()) {
    call.parts.metadata.update_partition_leadership(leader_hints_, task.nodes, call.parts.journal);
    leader_hints_.clear();
  }
  return std::nullopt;
}

void Sender::handle_init_producer_id(const ClientResponse& response, Call call) {
  if (init_producer_id_in_flight_ != response.correlation) return;
  init_producer_id_in_flight_.reset();
  TransactionManager& transactions = *call.parts.transactions;
  bool retry = response.outcome != RequestOutcome::Ok;
  if (response.outcome == RequestOutcome::VersionMismatch) {
    retry = transactions.handle_init_producer_id_error(ErrorCode::UnsupportedVersion,
                                                       call.parts.journal);
  } else if (response.outcome == RequestOutcome::Ok) {
    const auto& body = std::get<InitProducerIdResponse>(*response.body);
    const ErrorCode error = error_code_from_wire(body.error_code);
    if (error == ErrorCode::None) {
      transactions.handle_init_producer_id(body.producer_id_and_epoch, call.parts.journal);
    } else {
      retry = transactions.handle_init_producer_id_error(error, call.parts.journal);
    }
  }
  init_producer_id_pending_ = retry;
  init_producer_id_is_retry_ = retry;
}

// --- One batch ---

// In Kafka: completeBatch.
Sender::Held Sender::perform(CompletePartition task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  --batch.requests_out;
  if (settings_.guarantees_message_order) push_front(Unmute{batch.partition});
  if (batch.is_done()) {
    call.parts.journal.add(LateAnswerIgnored{task.batch, batch.partition, task.error});
  }
  if (task.error == ErrorCode::None) {
    succeed(task, call);
    return std::nullopt;
  }
  const RetryDecision decision = decide_retry(batch, task, call);
  call.parts.journal.add(decision);
  follow(task, decision, call);
  if (decision.requests_metadata) note_stale_metadata(task, batch, call);
  return std::nullopt;
}

RetryDecision Sender::decide_retry(const ProducerBatch& batch, const CompletePartition& task,
                                   Call call) {
  RetryDecision decision;
  decision.batch = batch.id;
  decision.partition = batch.partition;
  decision.error = task.error;
  decision.attempts = batch.attempts;
  decision.already_done = batch.is_done();
  decision.delivery_timeout_passed =
      batch.has_reached_delivery_timeout(settings_.delivery_timeout, call.now);
  decision.attempts_left = batch.attempts < settings_.retries;
  decision.split = settings_.splits_large_batches && task.error == ErrorCode::MessageTooLarge &&
                   batch.builder.can_be_split() && !decision.already_done;
  if (decision.split) return decision;
  decision.requests_metadata = is_invalid_metadata(task.error);
  const bool may_try =
      !decision.delivery_timeout_passed && decision.attempts_left && !decision.already_done;
  if (call.parts.transactions == nullptr) {
    decision.retriable = is_retriable(task.error);
  } else if (may_try) {  // asking may also ask for an epoch bump
    decision.retriable =
        call.parts.transactions->can_retry(batch, task.error, task.response.log_start_offset);
  }
  decision.retry = may_try && decision.retriable;
  return decision;
}

void Sender::follow(const CompletePartition& task, const RetryDecision& decision, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  const ProducerBatch& batch = accumulator.batches.at(task.batch);
  const std::string error_text{name(task.error)};
  const std::string partition = call.parts.topics.text(batch.partition);
  const std::string left = std::to_string(settings_.retries - batch.attempts - 1);
  if (decision.split) {
    call.parts.journal.log(LogLevel::Warn, "Got error produce response in correlation id " +
                                               std::to_string(task.correlation.value()) +
                                               " on topic-partition " + partition +
                                               ", splitting and retrying (" + left +
                                               " attempts left). Error: " + error_text);
    split(task.batch, call);
  } else if (decision.retry) {
    call.parts.journal.log(LogLevel::Warn, "Got error produce response with correlation id " +
                                               std::to_string(task.correlation.value()) +
                                               " on topic-partition " + partition + ", retrying (" +
                                               left + " attempts left). Error: " + error_text);
    metrics_.record_retries += batch.builder.record_count();
    accumulator.reenqueue(task.batch, call.now, task.error, call.parts.transactions,
                          call.parts.journal);
    remove_from_in_flight(batch);
  } else if (task.error == ErrorCode::DuplicateSequenceNumber) {
    succeed(task, call);
  } else {
    fail(task, call);
  }
}

void Sender::note_stale_metadata(const CompletePartition& task, const ProducerBatch& batch,
                                 Call call) {
  call.parts.journal.log(LogLevel::Warn,
                         "Received invalid metadata error in produce request on partition " +
                             call.parts.topics.text(batch.partition) + " due to " +
                             client_error(task.error, task.response.error_message).message +
                             " Going to request metadata update now");
  const LeaderIdAndEpoch& leader = task.response.current_leader;
  const bool moved =
      task.error == ErrorCode::NotLeaderOrFollower || task.error == ErrorCode::FencedLeaderEpoch;
  if (settings_.uses_leader_hints && moved && leader.leader_id != kNoLeader &&
      leader.leader_epoch != -1) {
    leader_hints_.push_back({batch.partition, leader.leader_id, leader.leader_epoch});
  }
  call.parts.metadata.request_update("the answer for " + call.parts.topics.text(batch.partition) +
                                         " says that our metadata is stale",
                                     call.parts.journal);
}

void Sender::succeed(const CompletePartition& task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  const std::int64_t base_offset = task.response.base_offset;  // a duplicate's is seldom told
  if (call.parts.transactions != nullptr) {
    call.parts.transactions->handle_completed(batch, base_offset);
  }
  if (batch.is_done()) return;
  batch.state = BatchState::Succeeded;
  ProduceRequestResult& result = accumulator.results.at(batch.result);
  result.base_offset = base_offset;
  result.log_append_time = task.response.log_append_time;
  push_front(RunCallbacks{task.batch}, ReleaseResult{task.batch}, RemoveAndDeallocate{task.batch});
}

void Sender::fail(const CompletePartition& task, Call call) {
  const ProducerBatch& batch = call.parts.accumulator.batches.at(task.batch);
  push_front(FailBatch{task.batch,
                       failed_batch(task.error, task.response.error_message,
                                    call.parts.topics.name(batch.partition.topic)),
                       record_errors(task.response, task.error, batch.builder.record_count()),
                       batch.attempts < settings_.retries});
}

// The original's own result is released at once, its callbacks never run: the records' futures are
// chained to the parts, a flush is not (KAFKA-9312).
void Sender::split(BatchId id, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  if (call.parts.transactions != nullptr) {
    call.parts.transactions->remove_in_flight(accumulator.batches.at(id));
  }
  accumulator.split(id, call.parts.transactions, call.parts.journal);
  ProducerBatch& batch = accumulator.batches.write(id);
  batch.state = BatchState::Failed;
  ProduceRequestResult& result = accumulator.results.at(batch.result);
  result.error = client_error(ErrorCode::RecordListTooLarge);
  result.is_done = true;
  ++metrics_.batches_split;
  remove_from_in_flight(batch);
  accumulator.deallocate(id, call.parts.journal);
}

Sender::Held Sender::perform(FailBatch task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  metrics_.record_errors += batch.builder.record_count();
  if (batch.is_done()) return std::nullopt;
  batch.state = BatchState::Failed;
  ProduceRequestResult& result = accumulator.results.at(batch.result);
  result.error = task.error;
  result.record_errors = std::move(task.record_errors);
  push_front(RunCallbacks{task.batch}, ReleaseResult{task.batch},
             AfterFailure{task.batch, std::move(task.error), task.adjust_sequences},
             RemoveAndDeallocate{task.batch});
  return std::nullopt;
}

Sender::Held Sender::perform(AbortBatch task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  // It may have been completed by a callback's doing since the list of batches was made.
  if (!accumulator.batches.contains(task.batch)) return std::nullopt;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  if (batch.is_done()) return std::nullopt;
  accumulator.remove_for_abort(task.batch);
  batch.state = BatchState::Aborted;
  accumulator.results.at(batch.result).error = std::move(task.error);
  push_front(RunCallbacks{task.batch}, ReleaseResult{task.batch}, RemoveAndDeallocate{task.batch},
             ForgetIfUnused{task.batch});
  return std::nullopt;
}

// Interceptors first, then the record's own callback; in the order of appending.
Sender::Held Sender::perform(RunCallbacks task, Call call) {
  const RecordAccumulator& accumulator = call.parts.accumulator;
  const ProducerBatch& batch = accumulator.batches.at(task.batch);
  const ProduceRequestResult& result = accumulator.results.at(batch.result);
  for (; task.record < batch.records.size(); ++task.record) {
    const AppendedRecord& record = batch.records[task.record];
    const auto index = static_cast<std::int32_t>(task.record);
    const ClientError* error = result.error_of(index);
    if (!task.told) {
      task.told = true;
      const bool has_offset = error == nullptr && result.base_offset >= 0;
      call.parts.journal.add(RecordCompleted{
          .record = record.id,
          .partition = batch.partition,
          .batch = batch.id,
          .offset = has_offset ? result.base_offset + index : -1,
          .error = error == nullptr ? std::nullopt : std::optional<ClientError>{*error}});
    }
    if (task.interceptor < settings_.interceptors) {
      const UserCall user =
          call_user(UserCallKind::OnAcknowledgement, task, batch, result, call.parts.journal);
      ++task.interceptor;
      push_front(task);
      return user;
    }
    if (record.callback) {
      const UserCall user =
          call_user(UserCallKind::Callback, task, batch, result, call.parts.journal);
      push_front(RunCallbacks{task.batch, task.record + 1});
      return user;
    }
    task.interceptor = 0;
    task.told = false;
  }
  return std::nullopt;
}

UserCall Sender::call_user(UserCallKind kind, const RunCallbacks& at, const ProducerBatch& batch,
                           const ProduceRequestResult& result, Journal& journal) {
  const AppendedRecord& record = batch.records[at.record];
  const auto index = static_cast<std::int32_t>(at.record);
  const ClientError* error = result.error_of(index);
  UserCall call;
  call.kind = kind;
  call.index = at.interceptor;
  call.record = record.id;
  call.callback = record.callback;
  RecordMetadata metadata{batch.partition, -1, -1};
  if (error != nullptr) {
    call.error = *error;
  } else {
    metadata.timestamp = result.log_append_time >= 0 ? result.log_append_time : record.timestamp;
    if (result.base_offset >= 0) metadata.offset = result.base_offset + index;
  }
  call.metadata = metadata;
  held_by_ = UserCallStarted{kind, record.id, at.interceptor};
  journal.add(*held_by_);
  return call;
}

Sender::Held Sender::perform(ReleaseResult task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  const ProducerBatch& batch = accumulator.batches.at(task.batch);
  ProduceRequestResult& result = accumulator.results.at(batch.result);
  result.is_done = true;
  call.parts.journal.add(BatchCompleted{.batch = task.batch,
                                        .partition = batch.partition,
                                        .state = batch.state,
                                        .records = batch.builder.record_count(),
                                        .attempts = batch.attempts,
                                        .sequence = batch.builder.base_sequence(),
                                        .base_offset = result.base_offset,
                                        .error = result.error,
                                        .in_flight = batch.requests_out > 0,
                                        .age = call.now - batch.created});
  return std::nullopt;
}

Sender::Held Sender::perform(AfterFailure task, Call call) {
  if (call.parts.transactions != nullptr) {
    call.parts.transactions->handle_failed(call.parts.accumulator.batches.at(task.batch),
                                           task.error, task.adjust_sequences);
  }
  return std::nullopt;
}

Sender::Held Sender::perform(MarkUnresolvedIfRetried task, Call call) {
  const ProducerBatch& batch = call.parts.accumulator.batches.at(task.batch);
  if (call.parts.transactions != nullptr && batch.is_retried) {
    call.parts.transactions->mark_sequence_unresolved(batch, call.parts.journal);
  }
  return std::nullopt;
}

Sender::Held Sender::perform(RemoveAndDeallocate task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  remove_from_in_flight(accumulator.batches.at(task.batch));
  accumulator.deallocate(task.batch, call.parts.journal);
  return std::nullopt;
}

Sender::Held Sender::perform(ForgetIfUnused task, Call call) {
  if (call.parts.accumulator.batches.contains(task.batch)) {
    call.parts.accumulator.forget_if_unused(task.batch);
  }
  return std::nullopt;
}

Sender::Held Sender::perform(Unmute task, Call call) {
  call.parts.accumulator.unmute(task.partition, call.parts.journal);
  return std::nullopt;
}

void Sender::remove_from_in_flight(const ProducerBatch& batch) {
  const auto at = in_flight_batches_.find(batch.partition);
  if (at == in_flight_batches_.end()) return;
  std::erase(at->second, batch.id);
  if (at->second.empty()) in_flight_batches_.erase(at);
}

}  // namespace linger::core
