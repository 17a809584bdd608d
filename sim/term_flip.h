// Which single term of a readiness decision, turned round alone, would change it. Nothing is
// reasoned here: a copy of what the producer holds is changed, and asked again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/decision_events.h"
#include "core/id.h"
#include "sim/world.h"

namespace linger::sim {

// In the order in which RecordAccumulator.ready and batchReady ask.
enum class ReadinessTerm {
  EmptyDeque,
  NoLeader,
  NodeAlreadyReady,
  Muted,
  BackingOff,
  Full,
  Expired,
  Exhausted,
  Closed,
  Flushing,
  Completing
};
inline constexpr int kReadinessTerms = 11;
std::string_view word(ReadinessTerm term);  // "no leader"
// What the decision says of it.
bool holds(ReadinessTerm term, const core::ReadinessDecision& decision);

// One term of a decision, turned round.
template <class Term, class Decision>
struct FlipOf {
  Term term{};
  // What would be decided then; none: the term cannot be turned round alone.
  std::optional<Decision> then;
  bool changes_outcome = false;
};
// The batch would be sent, or would not be any more.
using TermFlip = FlipOf<ReadinessTerm, core::ReadinessDecision>;

struct FlippedTerms {
  core::ReadinessDecision now;  // were the sender to look at this moment
  std::vector<TermFlip> flips;  // one for each term; empty if there is no batch
};
// Requires: the producer is there.
FlippedTerms flip_terms(const World& world, core::ProducerIndex producer, TopicPartition partition);

// Ready itself, or drained with its node.
bool would_be_sent(const core::ReadinessDecision& decision);

}  // namespace linger::sim
