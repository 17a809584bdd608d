// What the producer says it decided is what it does: laws that follow a run event by event.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "core/decision_events.h"
#include "core/id.h"
#include "core/state_key.h"
#include "core/time.h"
#include "sim/laws.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// What the sender asks of its poll is what the last SleepDecision came to, and that follows from
// its terms. In a pass that a request of the transaction manager takes up, it is the wait for that
// request instead.
class SleepsAsDecided {
 public:
  static constexpr std::string_view kName = "the sender sleeps as it decided";
  Broken see(const TraceEvent& event, const World& world);

 private:
  std::map<ProducerIndex, core::Milliseconds> decided_;
};

// What is drained was found to be so, for a node that was ready, and the other way round; a batch
// is tried again, split or given up as its RetryDecision says. Kafka does otherwise where a retry
// finds that its batch is on no book (before KAFKA-13794), or of another producer id (before
// KIP-360).
class DoesAsDecided {
 public:
  static constexpr std::string_view kName = "what was decided is what happens";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  using BatchOf = std::pair<ProducerIndex, core::BatchId>;
  struct Retry {
    core::RetryDecision decision;
    std::int64_t step = 0;
    bool is_done = false;  // as it says
  };
  Broken drain(const TraceEvent& event);
  Broken retry(const TraceEvent& event);
  Broken overdue(const TraceEvent& event, const World& world);

  std::map<ProducerIndex, core::DrainDecision> taken_;  // and not drained yet
  std::map<std::pair<ProducerIndex, NodeId>, bool> is_ready_;
  std::map<BatchOf, Retry> retries_;  // of this step
};

}  // namespace linger::sim
