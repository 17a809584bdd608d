// Why a batch is sent now, or is not: the decisions the sender acted on, term by term.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/time.h"
#include "viz/batch_view.h"
#include "viz/scene.h"

namespace linger::viz {

enum class Truth { False, True, NotEvaluated };

// One term of a decision.
struct Term {
  std::string name;  // "expired"
  Truth value = Truth::NotEvaluated;
  bool decides = false;  // the verdict hangs on it
  std::string what;      // "waited 3 ms of 5 ms"
  std::string setting;   // "linger.ms = 5"; empty if there is none
  std::string source;    // "RecordAccumulator.batchReady"
  std::string rule{};    // the KIP or issue it came with; empty if it was always there
  std::string time{};    // "3 ms", "for ever": of one that is a time
  // See WhyDetails; empty while they are not known.
  std::optional<std::int64_t> changed_in{};
  std::string changed{};
  std::string flip{};
  bool is_the_one = false;
  friend bool operator==(const Term&, const Term&) = default;
};

// A partition at the sender's last look (RecordAccumulator.ready).
struct ReadinessView {
  LaneRef lane;
  std::string partition;  // "orders-0"
  bool was_looked_at = false;
  std::string headline;  // "ready: linger.ms has passed"
  core::ReadinessVerdict verdict = core::ReadinessVerdict::EmptyDeque;
  bool is_ready = false;
  std::optional<BatchRef> batch;
  std::vector<Term> guards;        // asked first, each may end the look: leader, muted, …
  std::vector<Term> terms;         // one that holds is enough: full, expired, …
  std::string decided_at;          // "12.000 ms"
  std::optional<Remaining> until;  // it may become ready by time alone
  friend bool operator==(const ReadinessView&, const ReadinessView&) = default;
};
ReadinessView readiness_view(const Scene& scene, LaneRef lane);

// A decision as the terms it was made of. Requires: the producer decided it, and holds what it held
// then.
struct ReadinessTerms {
  std::string headline;
  std::vector<Term> guards;
  std::vector<Term> terms;
};
ReadinessTerms readiness_terms(const core::KafkaProducer& producer,
                               const core::ReadinessDecision& decision);

// What happened when the drain last came to the partition's head (RecordAccumulator.drain).
struct DrainView {
  bool was_drained = false;  // the drain came here
  std::string headline;      // "taken", "muted: max.in.flight.requests.per.connection = 1"
  core::DrainVerdict verdict = core::DrainVerdict::EmptyDeque;
  std::string at;
  // Were the sender to make a pass just now. See WhyDetails; empty while it is not known.
  std::string now{};
  std::vector<Term> terms{};  // the first that holds leaves the batch where it is
  friend bool operator==(const DrainView&, const DrainView&) = default;
};
DrainView drain_view(const Scene& scene, LaneRef lane);

// How long the sender may sleep: the shortest of three times, unless something is ready.
struct SleepView {
  std::string headline;    // "sleeps 3 ms: until the next ready check"
  std::vector<Term> rows;  // each with its time
  std::optional<Remaining> until;
  friend bool operator==(const SleepView&, const SleepView&) = default;
};
SleepView sleep_view(const Scene& scene, core::ProducerIndex producer);

// May data go to a node now? (NetworkClient.ready)
struct NodeView {
  core::NodeId node;
  std::string name;
  bool is_ready = false;
  std::string headline;     // "not ready: 5 of 5 requests in flight"
  std::vector<Term> terms;  // all must hold
  friend bool operator==(const NodeView&, const NodeView&) = default;
};
// Those the sender has looked at.
std::vector<NodeView> node_views(const Scene& scene, core::ProducerIndex producer);

}  // namespace linger::viz
