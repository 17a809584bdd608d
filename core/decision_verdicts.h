// Verdicts that follow from a decision's terms: what the engine acts on, in a place where it can
// also be asked what another term would have made of them.
#pragma once

#include <algorithm>

#include "core/decision_events.h"

namespace linger::core {

// In Kafka: NetworkClient.isReady, canSendRequest.
inline bool takes_data(const NodeDecision& terms) {
  return !terms.metadata_due && terms.connection == ConnectionState::Ready &&
         terms.channel_ready && !terms.throttled && terms.can_send_more;
}

// But for its error. In Kafka: the first terms of Sender.canRetry.
inline bool may_try_again(const RetryDecision& terms) {
  return !terms.delivery_timeout_passed && terms.attempts_left && !terms.already_done;
}
inline bool is_tried_again(const RetryDecision& terms) {
  return !terms.split && may_try_again(terms) && terms.retriable;
}

// The shortest of the three times. If a node is ready something may be left to send: the sender
// looks again at once. In Kafka: the end of Sender.sendProducerData.
inline void decide_sleep(SleepDecision& decision, bool any_node_ready) {
  decision.timeout = std::max(
      Milliseconds{0},
      std::min({decision.next_ready_check, decision.not_ready_delay, decision.next_expiry}));
  if (any_node_ready) {
    decision.timeout = Milliseconds{0};
    decision.decided_by = SleepReason::ReadyNode;
  } else if (decision.timeout == kForever) {
    decision.decided_by = SleepReason::Nothing;
  } else if (decision.timeout == decision.next_ready_check) {
    decision.decided_by = SleepReason::NextReadyCheck;
  } else if (decision.timeout == decision.not_ready_delay) {
    decision.decided_by = SleepReason::NotReadyNode;
  } else {
    decision.decided_by = SleepReason::NextExpiry;
  }
}

}  // namespace linger::core
