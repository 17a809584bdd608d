// What time it is for the brokers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "core/id.h"
#include "core/time.h"

namespace linger::sim {

// Producers' clocks are right, and so are brokers', but for those that a fault has set wrong.
struct BrokerClocks {
  std::int64_t epoch_ms = 0;  // when the run begins, in milliseconds since 1970
  std::map<core::NodeId, core::Duration> skews;

  std::int64_t milliseconds(core::NodeId broker, core::Instant now) const {
    const auto skew = skews.find(broker);
    const core::Duration off = skew == skews.end() ? core::Duration{} : skew->second;
    return epoch_ms + std::chrono::floor<core::Milliseconds>(now.time_since_epoch() + off).count();
  }
};

}  // namespace linger::sim
