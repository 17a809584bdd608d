// A script for brokers: which requests about coordination meet what. As ProduceRule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/api.h"
#include "core/error_code.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/fault.h"
#include "sim/produce_rule.h"

namespace linger::sim {

// What is left out of its conditions matches anything.
struct RequestRule {
  core::ApiKey api{};
  // --- Which request of that api ---
  std::int64_t first_request = 1;  // counted over all brokers, from 1
  std::optional<std::int64_t> last_request;
  std::optional<core::NodeId> broker;
  core::Instant from{};
  std::optional<core::Instant> until;        // the last instant that matches
  std::optional<core::CoordinatorType> key;  // FindCoordinator
  std::optional<bool> committed;             // EndTxn
  std::optional<PartitionName> partition;    // one that it contains, which alone gets the error
  std::optional<std::int32_t> times = 1;     // none: all of them

  // --- What happens ---
  core::ErrorCode error = core::ErrorCode::None;
  bool acts = true;  // else whoever coordinates does nothing
  ProduceRule::Answer answer = ProduceRule::Answer::Sent;
  std::optional<core::Duration> delay;
  friend bool operator==(const RequestRule&, const RequestRule&) = default;
};

// What a rule looks at.
struct CoordinationRequest {
  std::int64_t number = 0;  // of its api
  core::NodeId broker;
  core::Instant now{};
  const core::Request& body;
};

bool matches(const RequestRule& rule, const CoordinationRequest& request);

// The rules as they stand in the course of a run.
class RequestRules {
 public:
  RequestRules() = default;
  explicit RequestRules(std::vector<RequestRule> rules) : rules_{std::move(rules)} {}

  // A request has arrived somewhere.
  std::int64_t next_number(core::ApiKey api) { return ++arrived_[api]; }
  // The first rule that the request meets, which it counts against; or none.
  std::optional<RequestRule> take(const CoordinationRequest& request);

 private:
  std::vector<RequestRule> rules_;  // `times` is what is left
  std::map<core::ApiKey, std::int64_t> arrived_;
};

}  // namespace linger::sim
