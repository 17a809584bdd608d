// Which single term of a node's readiness, of a retry, or of the sender's sleep would change it,
// turned round alone: a copy of the decision is changed, and the engine's own verdict asked again.
#pragma once

#include <string_view>
#include <vector>

#include "core/decision_events.h"
#include "core/producer_config.h"
#include "sim/term_flip.h"

namespace linger::sim {

// --- May data go to a node? All must hold. ---

enum class NodeTerm { NoMetadataDue, ConnectionReady, ChannelReady, NotThrottled, CanSendMore };
inline constexpr int kNodeTerms = 5;
std::string_view word(NodeTerm term);  // "not throttled"
bool holds(NodeTerm term, const core::NodeDecision& decision);
using NodeFlip = FlipOf<NodeTerm, core::NodeDecision>;  // it would take data, or would not any more
std::vector<NodeFlip> flip_terms(const core::NodeDecision& decision);

// --- Is a batch tried again? In the order in which the sender asks. ---

enum class RetryTerm { Split, AlreadyDone, DeliveryTimeoutPassed, AttemptsLeft, Retriable };
inline constexpr int kRetryTerms = 5;
std::string_view word(RetryTerm term);  // "attempts left"
bool holds(RetryTerm term, const core::RetryDecision& decision);
enum class RetryOutcome { Split, TriedAgain, GivenUp };
RetryOutcome outcome_of(const core::RetryDecision& decision);
// The transaction manager is asked whether an error may be retried once all else allows it.
bool asks_for_error(const core::RetryDecision& decision, const core::ProducerConfig& config);
using RetryFlip = FlipOf<RetryTerm, core::RetryDecision>;  // the outcome would be another
std::vector<RetryFlip> flip_terms(const core::RetryDecision& decision,
                                  const core::ProducerConfig& config);

// --- How long does the sender sleep? The shortest. ---

enum class SleepTerm { NodeReady, NextReadyCheck, NotReadyDelay, NextExpiry };
inline constexpr int kSleepTerms = 4;
std::string_view word(SleepTerm term);  // "next expiry"
// It bounds the sleep: without it the sender might sleep for longer.
bool holds(SleepTerm term, const core::SleepDecision& decision);
using SleepFlip = FlipOf<SleepTerm, core::SleepDecision>;  // it would sleep for another time
// Without each that bounds it; a node that was not ready is ready.
std::vector<SleepFlip> flip_terms(const core::SleepDecision& decision);

}  // namespace linger::sim
