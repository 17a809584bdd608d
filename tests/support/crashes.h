// Clusters of three replicas in which something breaks all the time, at random.
#pragma once

#include <rapidcheck.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "support/replicated_world.h"

namespace linger::sim {

// An integer from the first to the second, without that.
using Choose = std::function<int(int, int)>;

inline Duration milliseconds(int count) {
  return std::chrono::milliseconds{count};
}

// What may happen to a cluster while all its brokers are there.
inline Fault any_nuisance(const Choose& choose) {
  const NodeId broker{choose(0, 3)};
  const std::optional lasts{milliseconds(choose(1, 1'500))};
  switch (choose(0, 8)) {
    case 0:
      return Disconnect{broker};
    case 1:
      return AddLatency{broker, milliseconds(choose(1, 40)), lasts};
    case 2:
      return LoseResponse{named(0), choose(1, 3), choose(0, 2) == 0};
    case 3:
      return StallFollower{broker, lasts};
    case 4:
      return SlowFollower{broker, milliseconds(choose(1, 60)), lasts};
    case 5:
      return SlowBroker{broker, milliseconds(choose(1, 30)), lasts};
    case 6:
      return ShrinkIsr{named(0), broker, lasts};
    default:
      return RefuseConnections{broker, lasts};
  }
}

// One broker after the other is gone for a while, and never two.
inline void add_absences(const Choose& choose, SmallScenario& scenario) {
  int at = choose(20, 400);
  const int absences = choose(1, 5);
  for (int i = 0; i < absences; ++i) {
    const NodeId broker{choose(0, 3)};
    const int lasts = choose(1, 900);
    const bool pauses = choose(0, 4) == 0;
    if (pauses) {
      scenario.faults.emplace_back(milliseconds(at), PauseBroker{broker, milliseconds(lasts)});
    } else {
      scenario.faults.emplace_back(milliseconds(at), StopBroker{broker, choose(0, 4) == 0});
      scenario.faults.emplace_back(milliseconds(at + lasts), StartBroker{broker});
    }
    at += lasts + choose(1, 500);
  }
}

// What is sent meanwhile, and the crashes; the rest is as in three_replicas().
inline SmallScenario any_crashes(const Choose& choose) {
  SmallScenario scenario = three_replicas("all");
  scenario.settings["linger.ms"] = std::to_string(choose(0, 10));
  scenario.settings["retry.backoff.ms"] = "20";
  scenario.settings["reconnect.backoff.ms"] = "10";
  scenario.replication.min_in_sync_replicas = 2;
  scenario.replication.latency = milliseconds(choose(1, 30));
  scenario.replication.lag_time = milliseconds(choose(100, 1'000));
  scenario.replication.session_timeout = milliseconds(choose(20, 400));
  scenario.programs = {{send({.count = choose(20, 150), .every = milliseconds(choose(1, 20))})}};
  const int nuisances = choose(0, 4);
  for (int i = 0; i < nuisances; ++i) {
    const Duration at = milliseconds(choose(1, 2'500));
    scenario.faults.emplace_back(at, any_nuisance(choose));
  }
  add_absences(choose, scenario);
  return scenario;
}

inline int chosen_by_rapidcheck(int from, int to) {
  return *rc::gen::inRange(from, to);
}

}  // namespace linger::sim
