// The transactional methods of KafkaProducer. Each asks the transaction manager, wakes the sender,
// and waits for the result, at most max.block.ms.
#include <utility>

#include "core/call_verdicts.h"
#include "core/check.h"
#include "core/kafka_producer.h"
#include "core/transaction_errors.h"

namespace linger::core {

TransactionCall KafkaProducer::begin(ThreadId thread, TransactionMethod method, Millis now,
                                     Journal& journal) {
  TransactionCall call;
  call.thread = thread;
  call.method = method;
  call.started = now;
  call.deadline = after(now, config().max_block);
  journal.add(TransactionalCallStarted{thread, method});
  if (!transactions_) {
    end(call, CallOutcome::Threw, transactions_not_enabled(), now, journal);
  } else if (sender_.is_closing()) {
    end(call, CallOutcome::Threw, closed(), now, journal);
  }
  return call;
}

void KafkaProducer::end(TransactionCall& call, CallOutcome outcome,
                        std::optional<ClientError> error, Millis now, Journal& journal) {
  call.end = TransactionCallEnd{outcome, error};
  if (call.result) transactions_->release(*call.result, outcome != CallOutcome::TimedOut);
  call.result.reset();
  journal.add(TransactionalCallEnded{call.thread, call.method, outcome, now - call.started,
                                     std::move(error)});
}

void KafkaProducer::hold(TransactionCall& call, const TransactionManager::Begun& begun,
                         Journal& journal) {
  if (const auto* error = std::get_if<ClientError>(&begun)) {
    end(call, CallOutcome::Threw, *error, call.started, journal);
    return;
  }
  call.result = std::get<TransactionResultId>(begun);
  transactions_->hold(*call.result);
  wakeup();
  if (may_advance(call, call.started)) advance(call, call.started, journal);
}

TransactionCall KafkaProducer::init_transactions(ThreadId thread, Millis now, Journal& journal) {
  TransactionCall call = begin(thread, TransactionMethod::InitTransactions, now, journal);
  if (!call.end) hold(call, transactions_->initialize_transactions(journal), journal);
  return call;
}

TransactionCall KafkaProducer::begin_transaction(ThreadId thread, Millis now, Journal& journal) {
  TransactionCall call = begin(thread, TransactionMethod::BeginTransaction, now, journal);
  if (call.end) return call;
  auto error = transactions_->begin_transaction(journal);
  const CallOutcome outcome = error ? CallOutcome::Threw : CallOutcome::Ok;
  end(call, outcome, std::move(error), now, journal);
  return call;
}

// Since KAFKA-13412 nothing is done for no offsets. In Kafka: since 3.1.0 (KAFKA-13319).
TransactionCall KafkaProducer::send_offsets_to_transaction(
    ThreadId thread, const std::vector<OffsetToCommit>& offsets, const ConsumerGroupMetadata& group,
    Millis now, Journal& journal) {
  const TransactionMethod method = TransactionMethod::SendOffsetsToTransaction;
  if (group.generation_id > 0 && group.member_id.empty()) {
    TransactionCall refused;
    refused.thread = thread;
    refused.method = method;
    refused.started = now;
    journal.add(TransactionalCallStarted{thread, method});
    end(refused, CallOutcome::Threw, group_without_member(group), now, journal);
    return refused;
  }
  TransactionCall call = begin(thread, method, now, journal);
  if (call.end) return call;
  if (offsets.empty() && has_rule(Rule::Kafka13412SendChecksAfterAppend)) {
    end(call, CallOutcome::Ok, std::nullopt, now, journal);
    return call;
  }
  hold(call, transactions_->send_offsets_to_transaction(offsets, group), journal);
  return call;
}

TransactionCall KafkaProducer::commit_transaction(ThreadId thread, Millis now, Journal& journal) {
  TransactionCall call = begin(thread, TransactionMethod::CommitTransaction, now, journal);
  if (!call.end) hold(call, transactions_->begin_commit(journal), journal);
  return call;
}

TransactionCall KafkaProducer::abort_transaction(ThreadId thread, Millis now, Journal& journal) {
  TransactionCall call = begin(thread, TransactionMethod::AbortTransaction, now, journal);
  if (!call.end) {
    const auto caller = TransactionManager::Caller::Application;
    hold(call, transactions_->begin_abort(caller, journal), journal);
  }
  return call;
}

bool KafkaProducer::may_advance(const TransactionCall& call, Millis now) const {
  CHECK(!call.end && call.result);
  return may_go_on(call, transactions_->result(*call.result), now);
}

void KafkaProducer::advance(TransactionCall& call, Millis now, Journal& journal) {
  if (!may_advance(call, now)) return;
  const TransactionalResult& result = transactions_->result(*call.result);
  if (!result.is_done) {
    const Era words = has_rule(Rule::Kafka13412SendChecksAfterAppend) ? Era::V3_9 : Era::V2_8;
    end(call, CallOutcome::TimedOut,
        timed_out_awaiting(result.operation, config().max_block, words), now, journal);
    return;
  }
  const CallOutcome outcome = result.error ? CallOutcome::Failed : CallOutcome::Done;
  end(call, outcome, result.error, now, journal);
}

}  // namespace linger::core
