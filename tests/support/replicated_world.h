// Small worlds in which three replicas have logs of their own.
#pragma once

#include <string>
#include <utility>

#include "sim/cluster.h"
#include "sim/log_reading.h"
#include "support/small_world.h"

namespace linger::sim {

// Partition 0 of "t" is led by broker 0; brokers 1 and 2 follow it.
inline SmallScenario three_replicas(const std::string& acks = "all") {
  SmallScenario scenario;
  scenario.brokers = 3;
  scenario.replicas = 3;
  scenario.link.latency = 1ms;
  scenario.replication.session_timeout = 500ms;
  scenario.replication.lag_time = 10s;
  scenario.settings["acks"] = acks;
  return scenario;
}

inline const Partition& partition_of(const SmallRun& run) {
  return *run.world().servers.cluster().find(tp(0));
}
inline const PartitionLog& log_of(const SmallRun& run, std::int32_t broker) {
  return *log_at(partition_of(run), NodeId{broker});
}
inline std::int64_t lost(const SmallRun& run) {
  return lost_records(run.world(), {});
}

// Do two logs hold the same batches?
inline bool are_alike(const PartitionLog& a, const PartitionLog& b) {
  if (a.batch_count() != b.batch_count() || a.end_offset() != b.end_offset()) return false;
  for (std::size_t i = 0; i < a.batch_count(); ++i) {
    if (!(a.batch(i).header == b.batch(i).header)) return false;
    if (a.batch(i).records != b.batch(i).records) return false;
  }
  return a.marker_count() == b.marker_count();
}

inline AppAction pause_of(Duration time) {
  return SleepAction{time};
}

}  // namespace linger::sim
