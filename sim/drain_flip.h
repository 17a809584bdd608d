// Which single term would change what the drain does with a partition, turned round alone: a copy
// of what the producer holds is changed, and drained.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/decision_events.h"
#include "core/id.h"
#include "sim/term_flip.h"
#include "sim/world.h"

namespace linger::sim {

// In the order in which they are asked; the first that holds leaves the batch where it is.
enum class DrainTerm {
  NothingReady,  // no partition of its node is: the drain does not come to the node
  NodeNotReady,  // the node takes no data: the drain does not come to it either
  Muted,
  NotReadyItself,  // before KAFKA-1445 a partition goes alone
  BackingOff,
  RequestFull,
  NotAllowed,
  NoProducerId,
  StaleEpochInFlight,
  SequenceUnresolved,
  EarlierSequenceInFlight
};
inline constexpr int kDrainTerms = 11;
std::string_view word(DrainTerm term);  // "request full"

// The drain of one partition, were the sender to make a pass at this moment.
struct DrainOutcome {
  bool is_taken = false;
  std::optional<DrainTerm> left_by;             // none: it is taken
  std::optional<core::DrainDecision> decision;  // none: the drain does not come there
};
using DrainFlip = FlipOf<DrainTerm, DrainOutcome>;  // it would be taken, or would not be any more

struct FlippedDrain {
  DrainOutcome now;
  std::optional<core::NodeId> node;  // the leader
  // One for each term; empty if there is no batch, or no leader.
  std::vector<bool> held;
  std::vector<DrainFlip> flips;
};
// Were the batches before it not in its deque. None: it stands in no deque, is the head, or nobody
// leads its partition.
std::optional<DrainOutcome> drained_as_head(const World& world, core::ProducerIndex producer,
                                            core::BatchId batch);

// Requires: the producer is there.
FlippedDrain flip_drain(const World& world, core::ProducerIndex producer, TopicPartition partition);

}  // namespace linger::sim
