// Lines of transactions: calls, changes of state, requests, markers.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/transaction_errors.h"
#include "sim/conform/comparison.h"
#include "sim/conform/observer.h"
#include "sim/conform/observer_text.h"
#include "sim/control_batch.h"

namespace linger::sim::conform {

namespace {

std::string_view call_text(core::TransactionMethod method) {
  switch (method) {
    case core::TransactionMethod::InitTransactions:
      return "init";
    case core::TransactionMethod::BeginTransaction:
      return "begin";
    case core::TransactionMethod::SendOffsetsToTransaction:
      return "offsets";
    case core::TransactionMethod::CommitTransaction:
      return "commit";
    case core::TransactionMethod::AbortTransaction:
      break;
  }
  return "abort";
}

std::string_view phase_text(core::CallOutcome outcome) {
  switch (outcome) {
    case core::CallOutcome::Ok:
      return "ok";
    case core::CallOutcome::Done:
      return "done";
    case core::CallOutcome::Failed:
      return "failed";
    case core::CallOutcome::Threw:
      return "threw";
    case core::CallOutcome::TimedOut:
      break;
  }
  return "timeout";
}

std::string_view marker_text(MarkerType type) {
  return type == MarkerType::Commit ? "commit" : "abort";
}

// What stands in the request, without the common beginning.
std::string content_of(const core::TransactionRequestSent& event) {
  const core::TransactionRequestSent::Contents& request = *event.contents;
  if (request.looks_for) {
    const bool is_group = *request.looks_for == core::CoordinatorType::Group;
    return fmt::format("type={} key={}", is_group ? "group" : "txn", request.key);
  }
  std::string text;
  if (request.timeout) text = fmt::format("timeout={} ", request.timeout->count());
  text += "pid_epoch=" + identity_text(*request.producer);
  switch (event.api) {
    case core::ApiKey::AddPartitionsToTxn:
      return text + fmt::format(" tps=[{}]", request.partitions);
    case core::ApiKey::AddOffsetsToTxn:
      return text + fmt::format(" group={}", request.group);
    case core::ApiKey::TxnOffsetCommit:
      return text + fmt::format(" group={} gen={} member={} offsets=[{}]", request.group,
                                request.generation.value_or(-1),
                                request.member.empty() ? "-" : request.member, request.partitions);
    case core::ApiKey::EndTxn:
      return text + fmt::format(" committed={}", int{request.committed.value_or(false)});
    default:
      return text;
  }
}

// What the answer says, as far as there is one.
std::string content_of(const core::TransactionRequestAnswered& answer) {
  if (answer.outcome != core::RequestOutcome::Ok) return "err=-";
  const bool is_by_partition =
      answer.api == core::ApiKey::AddPartitionsToTxn || answer.api == core::ApiKey::TxnOffsetCommit;
  if (is_by_partition) return fmt::format("err=[{}]", answer.partitions);
  std::string text = "err=" + error_text(answer.error);
  if (answer.coordinator) text += fmt::format(" result=node:{}", answer.coordinator->value());
  if (answer.producer) text += " result=" + identity_text(*answer.producer);
  return text;
}

}  // namespace

// An exception, and the one it was caused by.
std::string Observer::chain_text(const core::ClientError& error) const {
  std::string text{class_text(error)};
  if (error.cause) text += fmt::format("<-{}", core::name(*error.cause, scenario_->era));
  return text;
}

// What the exception says is told apart: it should agree, and need not.
void Observer::must(std::string line, const std::optional<core::ClientError>& error) {
  if (!error) return must(std::move(line));
  line += " err=" + chain_text(*error);
  lines_.should.push_back(
      fmt::format("{} MESSAGE of {} msg={}", now_, line, words_joined(error->message)));
  must(std::move(line));
}

// --- The application's calls ---

void Observer::tell(const core::TransactionalCallStarted& event) {
  must(fmt::format("TXNAPI call={} phase=begin thread={}", call_text(event.call),
                   scenario_->threads[static_cast<std::size_t>(event.thread.value())].name));
}

void Observer::tell(const core::TransactionalCallEnded& event) {
  const bool is_of_force = event.error && event.error == core::transactions_closed_forcefully();
  if (is_of_force && was_forced_) tell_abort();
  std::string line =
      fmt::format("TXNAPI call={} phase={}", call_text(event.call), phase_text(event.outcome));
  const bool is_at_once =
      event.outcome == core::CallOutcome::Ok || event.outcome == core::CallOutcome::Threw;
  if (!is_at_once) line += fmt::format(" took={}", event.took.count());
  if (event.outcome == core::CallOutcome::TimedOut) {
    return must(line + fmt::format(" err={}", class_text(*event.error)));
  }
  must(std::move(line), event.error);
}

// --- The transaction manager ---

void Observer::tell(const core::TransactionStateChanged& event) {
  end_append();
  const std::string done = std::exchange(done_, "");
  must(fmt::format("TXN state={}->{}", core::name(event.from), core::name(event.to)), event.error);
  done_ = done;
}

void Observer::tell(const core::TransactionRequestSent& event) {
  must(fmt::format("TXNREQ api={} node={} {}", core::api_name(event.api), event.node.value(),
                   content_of(event)));
}

void Observer::tell(const core::TransactionRequestAnswered& event) {
  answered(event.correlation);
  must(fmt::format("TXNRESP api={} node={} kind={} latency={} {}", core::api_name(event.api),
                   event.node.value(), outcome_text(event.outcome), event.latency.count(),
                   content_of(event)));
}

void Observer::tell(const core::SenderBackedOff& event) {
  must(fmt::format("SLEEP ms={}", event.backoff.count()));
}

// What was answered before it is told before it.
void Observer::answered(core::CorrelationId correlation) {
  const auto is_it = [&](const Response& one) { return one.correlation == correlation; };
  if (std::none_of(responses_.begin(), responses_.end(), is_it)) return;
  for (bool is_last = false; !is_last;) {
    const Response next = std::move(responses_.front());
    responses_.pop_front();
    is_last = is_it(next);
    tell_response(next);
  }
}

// --- Brokers ---

// A run that is over but for its markers ends with all of them written.
void Observer::tell_marker(const std::string& line) {
  const bool is_over = !producer().sender().is_alive() &&
                       std::all_of(world_->threads.begin(), world_->threads.end(),
                                   [](const AppThread& thread) { return thread.has_ended(); }) &&
                       std::find(world_->fault_done.begin(), world_->fault_done.end(), false) ==
                           world_->fault_done.end();
  if (!is_over || lines_.must.empty()) return must(line);
  lines_.must.push_back(fmt::format("{} {}", parts_of(lines_.must.back()).time, line));
}

void Observer::tell(const MarkerWritten& event) {
  if (event.error != core::ErrorCode::None) return;
  tell_marker(fmt::format("MARKER tp={} type={} off={} pid_epoch={}",
                          partition_text(event.partition), marker_text(event.type), event.offset,
                          identity_text(event.producer)));
}

void Observer::tell(const GroupMarkerWritten& event) {
  tell_marker(fmt::format("MARKER group={} type={} pid_epoch={}", event.group,
                          marker_text(event.type), identity_text(event.producer)));
}

std::string Observer::content_text(const StoredBatch& batch) const {
  if (batch.header.is_control()) {
    const auto marker = decode_marker(batch.bytes.span());
    return marker && marker->type == MarkerType::Commit ? "COMMIT" : "ABORT";
  }
  std::vector<std::int64_t> numbers;
  for (const core::RecordId id : batch.records) numbers.push_back(told_number(id));
  return ranges_text(numbers);
}

}  // namespace linger::sim::conform
