// What becomes of one batch that was answered, or was not: how it is completed, once, in Kafka's
// order.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/decision_verdicts.h"
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

// --- One batch ---

// In Kafka: completeBatch.
Sender::Held Sender::perform(const CompletePartition& task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  --batch.requests_out;
  if (settings_.guarantees_message_order) push_front(Unmute{batch.partition});
  if (batch.is_done()) {
    return_kept_buffer(task.batch, call);
    if (!settings_.ignores_late_answers) {
      const bool is_aborted = batch.state == BatchState::Aborted;
      trip_over(batch,
                std::string{"Batch has already been completed in final state "} +
                    (is_aborted ? "ABORTED" : "FAILED"),
                call);
      return std::nullopt;
    }
    call.parts.journal.add(LateAnswerIgnored{task.batch, batch.partition, task.error});
  }
  if (task.error == ErrorCode::None) {
    succeed(task, call);
    return std::nullopt;
  }
  const RetryDecision decision = decide_retry(batch, task, call);
  call.parts.journal.add(decision);
  if (decision.retry && is_off_the_books(batch, call)) {
    ++batch.attempts;
    batch.is_retried = true;
    trip_over(batch,
              "We are re-enqueueing a batch which is not tracked as part of the in flight "
              "requests. batch.topicPartition: " +
                  call.parts.topics.text(batch.partition) +
                  "; batch.baseSequence: " + std::to_string(batch.builder.base_sequence()),
              call);
    return std::nullopt;
  }
  follow(task, decision, call);
  if (decision.requests_metadata) note_stale_metadata(task, batch, call);
  return std::nullopt;
}

// The transaction manager can lose a batch: its retry goes nowhere, and it waits for its delivery
// timeout. (In Kafka before 3.5 the exception has other words where the books were closed.)
bool Sender::is_off_the_books(const ProducerBatch& batch, Call call) const {
  const TransactionManager* transactions = call.parts.transactions;
  return transactions != nullptr && transactions->may_reenqueue(batch) &&
         !transactions->tracks_in_flight(batch.partition);
}

// A batch that must not be completed twice (before KAFKA-5957), or that is on no book: the
// exception ends the handling of the whole response, and the partitions behind this one never hear
// of it.
void Sender::trip_over(const ProducerBatch& batch, const std::string& state, Call call) {
  call.parts.journal.log(LogLevel::Error,
                         "Uncaught error in request completion: IllegalStateException: " + state);
  abandon_rest(call);
  push_front(ForgetIfUnused{batch.id});
}

// An exception goes up to where it is caught: behind the response that is handled, or behind the
// pass, if batches were expired in it. What was drained for it is never sent.
void Sender::abandon_rest(Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  const auto is_of_response = [](const Task& task) {
    return std::holds_alternative<CompletePartition>(task) ||
           std::holds_alternative<ForgetIfUnused>(task) || std::holds_alternative<Unmute>(task) ||
           std::holds_alternative<ApplyLeaderHints>(task);
  };
  const auto data = std::find_if(tasks_.begin(), tasks_.end(), [](const Task& task) {
    return std::holds_alternative<FinishProducerData>(task);
  });
  if (data != tasks_.end()) {
    for (const auto& drained : std::get<FinishProducerData>(*data).drained) {
      for (const BatchId id : drained.batches) {
        ProducerBatch& batch = accumulator.batches.write(id);
        --batch.requests_out;
        accumulator.buffers.remove_reader(batch.builder.buffer());
      }
    }
    tasks_.clear();
    return;
  }
  while (!tasks_.empty() && is_of_response(tasks_.back())) {
    if (const auto* other = std::get_if<CompletePartition>(&tasks_.back())) {
      --accumulator.batches.write(other->batch).requests_out;
    }
    tasks_.pop_back();
  }
}

// What a batch that expired in flight did not give back then (KAFKA-19012).
void Sender::return_kept_buffer(BatchId id, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  if (!settings_.keeps_buffers_in_flight || !accumulator.is_incomplete(id)) return;
  if (accumulator.batches.at(id).is_done()) accumulator.deallocate(id, call.parts.journal);
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
  decision.requests_metadata = is_invalid_metadata(task.error, settings_.errors_of);
  if (call.parts.transactions == nullptr) {
    decision.retriable = is_retriable(task.error, settings_.errors_of);
  } else if (may_try_again(decision)) {  // asking may also ask for an epoch bump
    decision.retriable =
        call.parts.transactions->can_retry(batch.id, task.error, task.response.log_start_offset,
                                           call.parts.accumulator.batches, call.parts.journal);
  }
  decision.retry = is_tried_again(decision);
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
  } else if (decision.retry && call.parts.transactions != nullptr &&
             !call.parts.transactions->may_reenqueue(batch)) {
    push_front(
        FailBatch{task.batch, call.parts.transactions->producer_id_changed(batch), {}, false});
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
    call.parts.transactions->handle_completed(batch, base_offset, call.parts.accumulator.batches);
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
  ClientError error =
      failed_batch(task.error, task.response.error_message,
                   call.parts.topics.name(batch.partition.topic), settings_.errors_of);
  if (task.error == ErrorCode::InvalidProducerEpoch && !settings_.has_fenced_error) {
    error.exception = Exception::ProducerFencedException;
  }
  std::vector<std::pair<std::int32_t, ClientError>> of_records;
  if (settings_.reads_record_errors) {
    of_records = record_errors(task.response, task.error, batch.builder.record_count());
  }
  push_front(FailBatch{task.batch, std::move(error), std::move(of_records),
                       batch.attempts < settings_.retries});
}

// The original's own result is released at once, its callbacks never run: the records' futures are
// chained to the parts, a flush is not (KAFKA-9312).
void Sender::split(BatchId id, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  if (call.parts.transactions != nullptr) {
    call.parts.transactions->remove_in_flight(accumulator.batches.at(id), accumulator.batches);
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

Sender::Held Sender::perform(FailBatch& task, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProducerBatch& batch = accumulator.batches.write(task.batch);
  metrics_.record_errors += batch.builder.record_count();
  AfterFailure after{task.batch, task.error, task.adjust_sequences};
  if (!settings_.tells_failure_once && !tell_of_failure(after, call)) return std::nullopt;
  if (batch.is_done()) return std::nullopt;
  batch.state = BatchState::Failed;
  ProduceRequestResult& result = accumulator.results.at(batch.result);
  result.error = task.error;
  result.record_errors = std::move(task.record_errors);
  push_front(RemoveAndDeallocate{task.batch});
  if (settings_.tells_failure_once) push_front(std::move(after));
  push_front(RunCallbacks{task.batch}, ReleaseResult{task.batch});
  return std::nullopt;
}

Sender::Held Sender::perform(AbortBatch& task, Call call) {
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

Sender::Held Sender::perform(RunCallbacks& task, Call call) {
  Progress held;
  return is_held_by_callbacks(task, call, held) ? Held{std::move(held)} : std::nullopt;
}

// Interceptors first, then the record's own callback; in the order of appending.
bool Sender::is_held_by_callbacks(RunCallbacks& task, Call call, Progress& held) {
  const RecordAccumulator& accumulator = call.parts.accumulator;
  const ProducerBatch& batch = accumulator.batches.at(task.batch);
  const ProduceRequestResult& result = accumulator.results.at(batch.result);
  Journal& journal = call.parts.journal;
  for (; task.record < batch.records.size(); ++task.record) {
    if (!std::exchange(task.told, true)) tell_fate(task.record, batch, result, journal);
    if (task.interceptor < settings_.interceptors) {
      call_user(UserCallKind::OnAcknowledgement, task, batch, result, journal,
                held.emplace<UserCall>());
      ++task.interceptor;
      return true;
    }
    if (batch.records[task.record].callback) {
      call_user(UserCallKind::Callback, task, batch, result, journal, held.emplace<UserCall>());
      task = RunCallbacks{task.batch, task.record + 1};
      return true;
    }
    task.interceptor = 0;
    task.told = false;
  }
  return false;
}

// Only of batches that succeeded: what a record that failed is told, call_user() finds out.
[[gnu::flatten]] bool Sender::next_callback(UserCall& call, const RecordAccumulator& accumulator,
                                            Journal& journal) {
  const bool is_in_callback = held_by_ && held_by_->kind == UserCallKind::Callback;
  if (!is_in_callback || settings_.interceptors > 0 || tasks_.empty() || has_stopped_) return false;
  auto* task = std::get_if<RunCallbacks>(&tasks_.back());
  if (task == nullptr) return false;
  const ProducerBatch& batch = accumulator.batches.at(task->batch);
  if (task->record == batch.records.size() || batch.state != BatchState::Succeeded) return false;
  const AppendedRecord& record = batch.records[task->record];
  if (!record.callback) return false;
  const ProduceRequestResult& result = accumulator.results.at(batch.result);
  if (journal.is_on()) {
    journal.add(UserCallEnded{held_by_->kind, held_by_->record, held_by_->index, std::nullopt});
    tell_fate(task->record, batch, result, journal);
  }
  call.record = held_by_->record = record.id;
  call.callback = record.callback;
  call.metadata = metadata_of(task->record, batch, result);
  journal.add(*held_by_);
  ++task->record;
  return true;
}

// The broker's time, if it answered one, takes the place of the record's own.
std::int64_t Sender::told_timestamp(const ProduceRequestResult& result,
                                    const AppendedRecord& record) {
  return result.log_append_time >= 0 ? result.log_append_time : record.timestamp;
}

void Sender::tell_fate(std::size_t record, const ProducerBatch& batch,
                       const ProduceRequestResult& result, Journal& journal) {
  if (!journal.is_on()) return;
  const auto index = static_cast<std::int32_t>(record);
  const ClientError* error = result.error_of(index);
  const bool has_offset = error == nullptr && result.base_offset >= 0;
  journal.add(RecordCompleted{
      .record = batch.records[record].id,
      .partition = batch.partition,
      .batch = batch.id,
      .offset = has_offset ? result.base_offset + index : -1,
      .timestamp = error == nullptr ? told_timestamp(result, batch.records[record]) : -1,
      .error = error == nullptr ? std::nullopt : std::optional<ClientError>{*error}});
}

// What an acknowledged record is told.
RecordMetadata Sender::metadata_of(std::size_t record, const ProducerBatch& batch,
                                   const ProduceRequestResult& result) {
  return {batch.partition,
          result.base_offset >= 0 ? result.base_offset + static_cast<std::int64_t>(record) : -1,
          told_timestamp(result, batch.records[record])};
}

void Sender::call_user(UserCallKind kind, const RunCallbacks& at, const ProducerBatch& batch,
                       const ProduceRequestResult& result, Journal& journal, UserCall& call) {
  const AppendedRecord& record = batch.records[at.record];
  const ClientError* error = result.error_of(static_cast<std::int32_t>(at.record));
  call.kind = kind;
  call.index = at.interceptor;
  call.record = record.id;
  call.callback = record.callback;
  if (error != nullptr) {
    call.metadata = RecordMetadata{batch.partition, -1, -1};
    call.error = *error;
  } else {
    call.metadata = metadata_of(at.record, batch, result);
  }
  held_by_ = UserCallStarted{kind, record.id, at.interceptor};
  journal.add(*held_by_);
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

// Before KAFKA-14831 what the transaction manager throws is caught far above.
bool Sender::tell_of_failure(const AfterFailure& failure, Call call) {
  if (call.parts.transactions == nullptr) return true;
  const auto thrown =
      call.parts.transactions->handle_failed(failure.batch, failure.error, failure.adjust_sequences,
                                             call.parts.accumulator.batches, call.parts.journal);
  if (!thrown) return true;
  const bool is_in_pass = std::any_of(tasks_.begin(), tasks_.end(), [](const Task& task) {
    return std::holds_alternative<FinishProducerData>(task);
  });
  log_uncaught(*thrown, is_in_pass ? ThrownIn::Pass : ThrownIn::Response, call);
  abandon_rest(call);
  return false;
}

Sender::Held Sender::perform(AfterFailure& task, Call call) {
  if (call.parts.transactions == nullptr) return std::nullopt;
  const auto thrown =
      call.parts.transactions->handle_failed(task.batch, task.error, task.adjust_sequences,
                                             call.parts.accumulator.batches, call.parts.journal);
  if (thrown) {
    call.parts.journal.log(LogLevel::Debug,
                           "Encountered error when transaction manager was handling a failed "
                           "batch: " +
                               text(*thrown));
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
  const ProducerBatch& batch = accumulator.batches.at(task.batch);
  remove_from_in_flight(batch);
  const bool is_kept = settings_.keeps_buffers_in_flight && batch.requests_out > 0 &&
                       batch.state == BatchState::Failed;
  if (!is_kept) accumulator.deallocate(task.batch, call.parts.journal);
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
  in_flight_batches_.remove(batch.partition, batch.id);
}

}  // namespace linger::core
