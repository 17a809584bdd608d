// A script for brokers: which produce requests meet what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/fault.h"

namespace linger::sim {

struct LeaderHintSpec {
  core::NodeId leader;
  std::int32_t epoch = 0;
  friend bool operator==(const LeaderHintSpec&, const LeaderHintSpec&) = default;
};

// Unlike a fault, which happens at a moment, a rule waits for the requests it is about. What is
// left out of its conditions matches anything.
struct ProduceRule {
  // --- Which request ---
  std::int64_t first_request = 1;  // counted over all brokers, from 1
  std::optional<std::int64_t> last_request;
  std::optional<core::NodeId> broker;
  core::Instant from{};
  std::optional<core::Instant> until;  // the last instant that matches
  // --- Which batch in it ---
  std::optional<PartitionName> partition;
  std::optional<std::int32_t> sequence;
  std::int32_t least_records = 0;
  core::Bytes least_size{};
  // How many requests it is for; none: all of them.
  std::optional<std::int32_t> times = 1;

  // --- What happens ---
  enum class Answer { Sent, Dropped, Disconnect };  // dropped: the connection stays, and is silent
  core::ErrorCode error = core::ErrorCode::None;    // of the batches that match
  bool appends = true;  // else the batches that match are not in the log
  Answer answer = Answer::Sent;
  std::optional<core::Duration> delay;  // of the answer, or of the disconnect
  std::optional<LeaderHintSpec> leader_hint;
  core::Milliseconds throttle{};
  bool mutes = false;  // nothing more is served of the connection while the throttle time lasts
  friend bool operator==(const ProduceRule&, const ProduceRule&) = default;
};

// What a rule looks at.
struct OfferedRequest {
  std::int64_t number = 0;
  core::NodeId broker;
  core::Instant now{};
};
struct OfferedBatch {
  PartitionName partition;
  std::int32_t sequence = -1;
  std::int32_t records = 0;
  core::Bytes size;
};

bool matches(const ProduceRule& rule, const OfferedRequest& request);
bool matches(const ProduceRule& rule, const OfferedBatch& batch);

// The rules as they stand in the course of a run.
class ProduceRules {
 public:
  ProduceRules() = default;
  explicit ProduceRules(std::vector<ProduceRule> rules) : rules_{std::move(rules)} {}

  // A produce request has arrived somewhere.
  std::int64_t next_number() { return ++arrived_; }
  bool empty() const { return rules_.empty(); }
  // The rule that each batch of the request meets, or none; the request is counted against each of
  // them once.
  std::vector<std::optional<ProduceRule>> take(const OfferedRequest& request,
                                               const std::vector<OfferedBatch>& batches);

 private:
  friend class WorldWalk;

  std::vector<ProduceRule> rules_;  // `times` is what is left
  std::int64_t arrived_ = 0;
};

}  // namespace linger::sim
