// Why the producer did what it did, or did nothing: its last decisions, with every term.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/producer_config.h"
#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// One term of a decision: what it says, and which setting it comes from.
struct Term {
  std::string name;
  std::string value;
  std::string source;  // "linger.ms 5 ms"; empty if no setting is behind it
};

std::vector<Term> terms(const core::ReadinessDecision& decision,
                        const core::ProducerConfig& config);
std::vector<Term> terms(const core::SleepDecision& decision, const core::ProducerConfig& config);

// The verdict in a sentence: "not ready: waited 3 ms of linger.ms 5; next look in 2 ms".
std::string sentence(const core::ReadinessDecision& decision, const core::ProducerConfig& config);
std::string sentence(const core::NodeDecision& decision);
std::string sentence(const core::DrainDecision& decision);
std::string sentence(const core::SleepDecision& decision);

// A decision and when it was made.
template <class Decision>
struct Made {
  Decision decision;
  Instant at{};
};

// Follows a run and remembers the last decisions of one producer.
class DecisionKeeper {
 public:
  explicit DecisionKeeper(core::ProducerIndex producer) : producer_{producer} {}

  // What the producer holds after a step, and what happened in it.
  void look(const World& world, const std::vector<TraceEvent>& happened);

  // For every partition that something was appended to, in their order.
  const std::map<TopicPartition, Made<core::ReadinessDecision>>& readiness() const {
    return readiness_;
  }
  const std::map<TopicPartition, Made<core::DrainDecision>>& drains() const { return drains_; }
  const std::map<NodeId, Made<core::NodeDecision>>& nodes() const { return nodes_; }
  const std::optional<Made<core::SleepDecision>>& sleep() const { return sleep_; }

 private:
  core::ProducerIndex producer_;
  Instant pass_at_{};  // when the sender's last pass began
  std::map<TopicPartition, Made<core::ReadinessDecision>> readiness_;
  std::map<TopicPartition, Made<core::DrainDecision>> drains_;
  std::map<NodeId, Made<core::NodeDecision>> nodes_;
  std::optional<Made<core::SleepDecision>> sleep_;
};

// All of it, for each producer, after everything that happens until `at`; without it, at the end.
std::string explain_decisions(const std::shared_ptr<const Scenario>& scenario,
                              std::optional<Instant> at);

}  // namespace linger::sim
