#include "sim/decision_laws.h"

#include <algorithm>
#include <string>

#include "core/decision_verdicts.h"
#include "core/rules.h"
#include "sim/decision_flip.h"
#include "sim/law_words.h"

namespace linger::sim {
namespace {

std::string sleep_text(core::Milliseconds time) {
  if (time == core::kForever) return "for ever";
  return std::to_string(time.count()) + " ms";
}

// Nothing of data was decided in this pass.
bool may_be_wait_for_request(core::Milliseconds asked, const core::KafkaProducer& producer) {
  const core::TransactionManager* transactions = producer.transactions();
  if (transactions == nullptr) return false;
  if (producer.sender().awaits_node()) return asked <= producer.config().request_timeout;
  const bool is_busy = has_request_under_way(producer) || transactions->has_pending_requests() ||
                       transactions->has_fatal_error();
  return is_busy && asked == producer.config().retry_backoff;
}

}  // namespace

// --- The sleep ---

Broken SleepsAsDecided::see(const TraceEvent& event, const World& world) {
  if (const auto* decision = event.as<core::SleepDecision>()) {
    decided_[*event.producer] = decision->timeout;
    core::SleepDecision again = *decision;
    core::decide_sleep(again, decision->decided_by == core::SleepReason::ReadyNode);
    if (again == *decision) return std::nullopt;
    return "its terms come to " + sleep_text(again.timeout) + ", not to " +
           sleep_text(decision->timeout);
  }
  const auto* slept = event.as<core::SenderSlept>();
  if (slept == nullptr) return std::nullopt;
  if (slept->timeout > slept->asked) {
    return "it asked for " + sleep_text(slept->asked) + ", and the client waits " +
           sleep_text(slept->timeout);
  }
  const auto decided = decided_.find(*event.producer);
  if (decided != decided_.end() && decided->second == slept->asked) return std::nullopt;
  if (may_be_wait_for_request(slept->asked, producer_of(*event.producer, world)))
    return std::nullopt;
  const std::string before =
      decided == decided_.end() ? "nothing was" : sleep_text(decided->second) + " were";
  return before + " decided, and it asked for " + sleep_text(slept->asked);
}

// --- What is drained, and what is tried again ---

Broken DoesAsDecided::drain(const TraceEvent& event) {
  const ProducerIndex producer = *event.producer;
  if (const auto* node = event.as<core::NodeDecision>()) {
    is_ready_[{producer, node->node}] = node->ready;
    if (core::takes_data(*node) == node->ready) return std::nullopt;
    return "node " + std::to_string(node->node.value()) + " is said to be ready against its terms";
  }
  const auto taken = taken_.find(producer);
  if (const auto* drained = event.as<core::BatchDrained>()) {
    if (taken == taken_.end() || taken->second.batch != drained->batch) {
      return batch_text(drained->batch) + " was drained, and nothing said so";
    }
    taken_.erase(taken);
    const auto ready = is_ready_.find({producer, drained->node});
    if (ready != is_ready_.end() && ready->second) return std::nullopt;
    return batch_text(drained->batch) + " was drained for a node that was not ready";
  }
  const auto* decision = event.as<core::DrainDecision>();
  if (decision == nullptr && event.as<core::SenderSlept>() == nullptr) return std::nullopt;
  Broken breach;
  if (taken != taken_.end())
    breach = batch_text(*taken->second.batch) + " was to be drained, and was not";
  taken_.erase(producer);
  if (decision != nullptr && decision->verdict == core::DrainVerdict::Taken) {
    taken_.emplace(producer, *decision);
  }
  return breach;
}

Broken DoesAsDecided::retry(const TraceEvent& event) {
  const ProducerIndex producer = *event.producer;
  if (const auto* decision = event.as<core::RetryDecision>()) {
    retries_[{producer, decision->batch}] = {*decision, event.step, false};
    return std::nullopt;
  }
  const auto* again = event.as<core::BatchRetried>();
  const auto* split = event.as<core::BatchSplit>();
  if (again == nullptr && split == nullptr) return std::nullopt;
  const core::BatchId batch = again != nullptr ? again->batch : split->batch;
  const auto known = retries_.find({producer, batch});
  const RetryOutcome outcome = again != nullptr ? RetryOutcome::TriedAgain : RetryOutcome::Split;
  if (known == retries_.end() || outcome_of(known->second.decision) != outcome) {
    return batch_text(batch) + (again != nullptr ? " is tried again" : " is split") +
           ", and nothing said so";
  }
  known->second.is_done = true;
  return std::nullopt;
}

// What was decided in a step happens in it.
Broken DoesAsDecided::overdue(const TraceEvent& event, const World& world) {
  Broken breach;
  for (const auto& [batch, retry] : retries_) {
    if (retry.step == event.step) return std::nullopt;  // all are of one
    const RetryOutcome outcome = outcome_of(retry.decision);
    if (retry.is_done || outcome == RetryOutcome::GivenUp) continue;
    const core::RuleSet& rules = world.scenario->rules;
    std::string_view spared_by =
        why_sequences_begin_again(batch.first, retry.decision.partition, world);
    if (!rules.has(core::Rule::Kafka13794InFlightByIdentity)) spared_by = "before KAFKA-13794";
    if (!rules.has(core::Rule::Kip360EpochBump)) spared_by = "before KIP-360";
    breach =
        Breach{batch_text(batch.second) + " was to be " +
                   (outcome == RetryOutcome::Split ? "split" : "tried again") + ", and was not",
               spared_by};
  }
  retries_.clear();
  return breach;
}

// The rest is the sender's own.
void DoesAsDecided::add_to(core::StateKey& key, const World&) const {
  key.add(taken_.size());
  const auto is_open = [](const auto& one) {
    return !one.second.is_done && outcome_of(one.second.decision) != RetryOutcome::GivenUp;
  };
  key.add(std::count_if(retries_.begin(), retries_.end(), is_open));
}

Broken DoesAsDecided::see(const TraceEvent& event, const World& world) {
  Broken breach;
  if (!retries_.empty()) breach = overdue(event, world);
  if (!event.producer) return breach;
  Broken drained = drain(event);
  Broken retried = retry(event);
  if (drained) return drained;
  return retried ? retried : breach;
}

}  // namespace linger::sim
