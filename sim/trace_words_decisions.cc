#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

std::string batch_of(const std::optional<core::BatchId>& batch) {
  return batch ? fmt::format("batch {}", batch->value()) : "its batch";
}

std::string why_ready(const core::ReadinessDecision& decision) {
  std::vector<std::string> reasons;
  if (decision.full) reasons.push_back("full");
  if (decision.expired) {
    reasons.push_back(
        fmt::format("waited {} of {}", decision.waited.count(), time_words(decision.time_to_wait)));
  }
  if (decision.exhausted) reasons.emplace_back("a thread waits for memory");
  if (decision.closed) reasons.emplace_back("the producer is closing");
  if (decision.flushing) reasons.emplace_back("a flush is on");
  if (decision.completing) reasons.emplace_back("the transaction is being completed");
  if (decision.leader_changed) reasons.emplace_back("there is a new leader");
  return fmt::format("{}", fmt::join(reasons, ", "));
}

std::string readiness_words(const core::ReadinessDecision& decision) {
  using core::ReadinessVerdict;
  const std::string waited =
      fmt::format("waited {} of {}", decision.waited.count(), time_words(decision.time_to_wait));
  switch (decision.verdict) {
    case ReadinessVerdict::EmptyDeque:
      return "nothing to send: its deque is empty";
    case ReadinessVerdict::NoLeader:
      return fmt::format("{} cannot go: no leader is known", batch_of(decision.batch));
    case ReadinessVerdict::NodeAlreadyReady:
      return fmt::format("not looked at: {} is ready already", broker_words(decision.leader));
    case ReadinessVerdict::Muted:
      return fmt::format("{} is not ready: the partition is muted", batch_of(decision.batch));
    case ReadinessVerdict::BackingOff:
      return fmt::format("{} is not ready: backing off, {}", batch_of(decision.batch), waited);
    case ReadinessVerdict::Waiting:
      return fmt::format("{} is not ready: lingering, {}", batch_of(decision.batch), waited);
    case ReadinessVerdict::Ready:
      return fmt::format("{} is ready for {}: {}", batch_of(decision.batch),
                         broker_words(decision.leader), why_ready(decision));
  }
  return "";
}

std::string why_not_ready(const core::NodeDecision& decision) {
  std::vector<std::string> reasons;
  if (decision.metadata_due) reasons.emplace_back("a metadata request goes first");
  if (decision.connection != core::ConnectionState::Ready) {
    reasons.push_back(fmt::format("the connection is {}", word(decision.connection)));
  }
  if (decision.throttled) reasons.emplace_back("it throttles us");
  if (!decision.can_send_more) {
    reasons.push_back(fmt::format("its window takes no more, {} in flight", decision.in_flight));
  }
  return fmt::format("{}", fmt::join(reasons, ", "));
}

std::string drain_words(const core::DrainDecision& decision) {
  using core::DrainVerdict;
  const std::string batch = batch_of(decision.batch);
  switch (decision.verdict) {
    case DrainVerdict::Taken:
      return fmt::format("{} taken for {}: {} after {} of {}", batch, broker_words(decision.node),
                         bytes_words(decision.batch_size), decision.size_so_far.count(),
                         decision.size_limit.count());
    case DrainVerdict::Muted:
      return "passed over: muted";
    case DrainVerdict::EmptyDeque:
      return "passed over: its deque is empty";
    case DrainVerdict::NotReady:
      return fmt::format("passed over: {} itself is not ready", batch);
    case DrainVerdict::BackingOff:
      return fmt::format("passed over: {} backs off", batch);
    case DrainVerdict::RequestFull:
      return fmt::format("{} does not fit: {} after {} of {}", batch,
                         bytes_words(decision.batch_size), decision.size_so_far.count(),
                         decision.size_limit.count());
    case DrainVerdict::NotAllowed:
      return fmt::format("{} may not go: not in a transaction", batch);
    case DrainVerdict::NoProducerId:
      return fmt::format("{} may not go: no producer id yet", batch);
    case DrainVerdict::StaleEpochInFlight:
      return fmt::format("{} may not go: batches of the old epoch are in flight", batch);
    case DrainVerdict::SequenceUnresolved:
      return fmt::format("{} may not go: an earlier sequence is unresolved", batch);
    case DrainVerdict::EarlierSequenceInFlight:
      return fmt::format("{} may not go: earlier sequences are in flight", batch);
  }
  return "";
}

std::string why_no_retry(const core::RetryDecision& decision) {
  if (decision.already_done) return "it was completed before";
  if (decision.delivery_timeout_passed) return "delivery.timeout.ms has passed";
  if (!decision.attempts_left) return "no attempts are left";
  if (!decision.retriable) return "the error is not retriable";
  return "";
}

}  // namespace

EventText words(const core::ReadinessDecision& event, const TraceNames& names) {
  return {partition_words(event.partition, names), readiness_words(event)};
}

EventText words(const core::NodeDecision& event, const TraceNames&) {
  if (event.ready) {
    return {broker_words(event.node), fmt::format("may be sent to, {} in flight", event.in_flight)};
  }
  return {broker_words(event.node), fmt::format("may not be sent to: {}", why_not_ready(event))};
}

EventText words(const core::DrainDecision& event, const TraceNames& names) {
  return {partition_words(event.partition, names), drain_words(event)};
}

EventText words(const core::RetryDecision& event, const TraceNames& names) {
  std::string verdict;
  if (event.split) {
    verdict = "is split, and sent again";
  } else if (event.retry) {
    verdict = "is sent again";
  } else {
    verdict = fmt::format("is not sent again: {}", why_no_retry(event));
  }
  return {partition_words(event.partition, names),
          fmt::format("batch {} {}, answered {} after {} before", event.batch.value(), verdict,
                      word(event.error), count_words(event.attempts, "failure"))};
}

EventText words(const core::SleepDecision& event, const TraceNames&) {
  return {"sender",
          fmt::format("may sleep {}: {}", time_words(event.timeout), word(event.decided_by))};
}

}  // namespace linger::sim
