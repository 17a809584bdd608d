// Which brokers take no part in replication, and what the controller has noticed of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/time.h"

namespace linger::sim {

// Down, silent or paused. It is noticed when its session with the controller has expired.
struct Absence {
  std::int64_t number = 0;
  bool is_noticed = false;
  core::Instant since{};
};

// What a fault does to a broker's fetching.
struct FollowerTrouble {
  core::NodeId follower;
  core::Duration extra{};  // its fetches take longer by that
  bool stalls = false;     // it fetches nothing
  std::optional<core::Instant> until;
};

struct BrokerSessions {
  std::map<core::NodeId, Absence> absences;
  std::int64_t absences_so_far = 0;
  std::map<core::NodeId, core::Instant> paused_until;
  std::vector<FollowerTrouble> troubles;

  bool is_absent(core::NodeId broker) const { return absences.contains(broker); }
  // As far as the controller knows.
  bool is_alive(core::NodeId broker) const {
    const auto at = absences.find(broker);
    return at == absences.end() || !at->second.is_noticed;
  }
  std::optional<core::Instant> pause_end(core::NodeId broker, core::Instant now) const {
    const auto at = paused_until.find(broker);
    if (at == paused_until.end() || at->second <= now) return std::nullopt;
    return at->second;
  }
  bool stalls(core::NodeId follower, core::Instant now) const {
    return std::any_of(troubles.begin(), troubles.end(), [&](const FollowerTrouble& trouble) {
      return trouble.stalls && is_of(trouble, follower, now);
    });
  }
  core::Duration extra(core::NodeId follower, core::Instant now) const {
    core::Duration sum{};
    for (const FollowerTrouble& trouble : troubles) {
      if (is_of(trouble, follower, now)) sum += trouble.extra;
    }
    return sum;
  }

 private:
  static bool is_of(const FollowerTrouble& trouble, core::NodeId follower, core::Instant now) {
    return trouble.follower == follower && (!trouble.until || now < *trouble.until);
  }
};

}  // namespace linger::sim
