#include "sim/decision_flip.h"

#include <utility>

#include "core/decision_verdicts.h"
#include "core/error_code.h"

namespace linger::sim {

// --- A node ---

std::string_view word(NodeTerm term) {
  switch (term) {
    case NodeTerm::NoMetadataDue:
      return "no metadata due";
    case NodeTerm::ConnectionReady:
      return "connection ready";
    case NodeTerm::ChannelReady:
      return "channel ready";
    case NodeTerm::NotThrottled:
      return "not throttled";
    case NodeTerm::CanSendMore:
      return "can send more";
  }
  return "";
}

bool holds(NodeTerm term, const core::NodeDecision& decision) {
  switch (term) {
    case NodeTerm::NoMetadataDue:
      return !decision.metadata_due;
    case NodeTerm::ConnectionReady:
      return decision.connection == core::ConnectionState::Ready;
    case NodeTerm::ChannelReady:
      return decision.channel_ready;
    case NodeTerm::NotThrottled:
      return !decision.throttled;
    case NodeTerm::CanSendMore:
      return decision.can_send_more;
  }
  return false;
}

namespace {

void turn_round(NodeTerm term, core::NodeDecision& decision) {
  const bool is_ready = decision.connection == core::ConnectionState::Ready;
  switch (term) {
    case NodeTerm::NoMetadataDue:
      decision.metadata_due = !decision.metadata_due;
      break;
    case NodeTerm::ConnectionReady:
      decision.connection =
          is_ready ? core::ConnectionState::Disconnected : core::ConnectionState::Ready;
      break;
    case NodeTerm::ChannelReady:
      decision.channel_ready = !decision.channel_ready;
      break;
    case NodeTerm::NotThrottled:
      decision.throttled = !decision.throttled;
      break;
    case NodeTerm::CanSendMore:
      decision.can_send_more = !decision.can_send_more;
      break;
  }
}

}  // namespace

std::vector<NodeFlip> flip_terms(const core::NodeDecision& decision) {
  std::vector<NodeFlip> flips;
  for (int i = 0; i < kNodeTerms; ++i) {
    NodeFlip flip{static_cast<NodeTerm>(i), decision, false};
    turn_round(flip.term, *flip.then);
    flip.then->ready = core::takes_data(*flip.then);
    flip.changes_outcome = flip.then->ready != decision.ready;
    flips.push_back(std::move(flip));
  }
  return flips;
}

// --- A retry ---

std::string_view word(RetryTerm term) {
  switch (term) {
    case RetryTerm::Split:
      return "split instead";
    case RetryTerm::AlreadyDone:
      return "done already";
    case RetryTerm::DeliveryTimeoutPassed:
      return "delivery timeout passed";
    case RetryTerm::AttemptsLeft:
      return "attempts left";
    case RetryTerm::Retriable:
      return "retriable";
  }
  return "";
}

bool holds(RetryTerm term, const core::RetryDecision& decision) {
  switch (term) {
    case RetryTerm::Split:
      return decision.split;
    case RetryTerm::AlreadyDone:
      return decision.already_done;
    case RetryTerm::DeliveryTimeoutPassed:
      return decision.delivery_timeout_passed;
    case RetryTerm::AttemptsLeft:
      return decision.attempts_left;
    case RetryTerm::Retriable:
      return decision.retriable;
  }
  return false;
}

RetryOutcome outcome_of(const core::RetryDecision& decision) {
  if (decision.split) return RetryOutcome::Split;
  return decision.retry ? RetryOutcome::TriedAgain : RetryOutcome::GivenUp;
}

bool asks_for_error(const core::RetryDecision& decision, const core::ProducerConfig& config) {
  if (decision.split) return false;
  return !config.enable_idempotence || core::may_try_again(decision);
}

namespace {

// What the error itself says where nobody was asked; none: it hangs on the sequences of then.
std::optional<bool> would_be_retriable(const core::RetryDecision& decision,
                                       const core::ProducerConfig& config) {
  const bool hangs_on_sequences = decision.error == core::ErrorCode::OutOfOrderSequenceNumber ||
                                  decision.error == core::ErrorCode::UnknownProducerId;
  if (config.enable_idempotence && hangs_on_sequences) return std::nullopt;
  return core::is_retriable(decision.error);
}

// False if it cannot be turned round alone.
bool turn_round(RetryTerm term, core::RetryDecision& decision, const core::ProducerConfig& config) {
  const bool was_asked = asks_for_error(decision, config);
  switch (term) {
    case RetryTerm::Split:
      // No other error, and no batch of a single record, is met by a split.
      if (!decision.split) return false;
      decision.split = false;
      break;
    case RetryTerm::AlreadyDone:
      decision.already_done = !decision.already_done;
      break;
    case RetryTerm::DeliveryTimeoutPassed:
      decision.delivery_timeout_passed = !decision.delivery_timeout_passed;
      break;
    case RetryTerm::AttemptsLeft:
      decision.attempts_left = !decision.attempts_left;
      break;
    case RetryTerm::Retriable:
      decision.retriable = !decision.retriable;
      return true;
  }
  if (was_asked || !asks_for_error(decision, config)) return true;
  const auto retriable = would_be_retriable(decision, config);
  decision.retriable = retriable.value_or(false);
  return retriable.has_value();
}

}  // namespace

std::vector<RetryFlip> flip_terms(const core::RetryDecision& decision,
                                  const core::ProducerConfig& config) {
  std::vector<RetryFlip> flips;
  for (int i = 0; i < kRetryTerms; ++i) {
    RetryFlip flip{static_cast<RetryTerm>(i), decision, false};
    if (turn_round(flip.term, *flip.then, config)) {
      flip.then->retry = core::is_tried_again(*flip.then);
      flip.changes_outcome = outcome_of(*flip.then) != outcome_of(decision);
    } else {
      flip.then.reset();
    }
    flips.push_back(std::move(flip));
  }
  return flips;
}

// --- The sleep ---

std::string_view word(SleepTerm term) {
  switch (term) {
    case SleepTerm::NodeReady:
      return "a node is ready";
    case SleepTerm::NextReadyCheck:
      return "next ready check";
    case SleepTerm::NotReadyDelay:
      return "not ready delay";
    case SleepTerm::NextExpiry:
      return "next expiry";
  }
  return "";
}

bool holds(SleepTerm term, const core::SleepDecision& decision) {
  switch (term) {
    case SleepTerm::NodeReady:
      return decision.decided_by == core::SleepReason::ReadyNode;
    case SleepTerm::NextReadyCheck:
      return decision.next_ready_check != core::kForever;
    case SleepTerm::NotReadyDelay:
      return decision.not_ready_delay != core::kForever;
    case SleepTerm::NextExpiry:
      return decision.next_expiry != core::kForever;
  }
  return false;
}

std::vector<SleepFlip> flip_terms(const core::SleepDecision& decision) {
  std::vector<SleepFlip> flips;
  const bool any_node_ready = holds(SleepTerm::NodeReady, decision);
  for (int i = 0; i < kSleepTerms; ++i) {
    SleepFlip flip{static_cast<SleepTerm>(i), std::nullopt, false};
    const bool is_bound = holds(flip.term, decision);
    // Nothing says how soon it would be.
    const bool has_no_time = flip.term != SleepTerm::NodeReady && !is_bound;
    if (!has_no_time) {
      core::SleepDecision then = decision;
      if (flip.term == SleepTerm::NextReadyCheck) then.next_ready_check = core::kForever;
      if (flip.term == SleepTerm::NotReadyDelay) then.not_ready_delay = core::kForever;
      if (flip.term == SleepTerm::NextExpiry) then.next_expiry = core::kForever;
      core::decide_sleep(then, any_node_ready != (flip.term == SleepTerm::NodeReady));
      flip.changes_outcome = then.timeout != decision.timeout;
      flip.then = then;
    }
    flips.push_back(std::move(flip));
  }
  return flips;
}

}  // namespace linger::sim
