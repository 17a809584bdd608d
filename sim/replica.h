// The replicas of a partition beside the one that leads: their logs, how they fetch, and what the
// leader knows of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "sim/partition_log.h"
#include "sim/producer_state.h"

namespace linger::sim {

// Idle: it cannot reach a leader, or there is none. Waiting: the leader has it and nothing new.
enum class FetchStage { Idle, Asking, Waiting, Answered };

// One fetch of a follower from its leader; it has one at a time.
struct ReplicaFetch {
  std::int64_t number = 0;  // of all in the cluster; what belongs to another one is void
  FetchStage stage = FetchStage::Idle;
  std::int64_t offset = 0;
  std::int32_t last_epoch = -1;  // of the leader, of what stands before the offset
};

// What a leader knows of a follower.
// In Kafka: Replica and ReplicaState.
struct ReplicaProgress {
  std::optional<std::int64_t> end_offset;  // none: it has not fetched from this leader yet
  Instant caught_up{};                     // it had all that there was
  Instant fetched{};                       // when it asked last,
  std::int64_t leader_end_offset = 0;      // and where the leader's log ended then
};

struct Replica {
  PartitionLog log;
  ProducerStateManager producers;  // as that log tells
  std::int64_t high_watermark = 0;
  ReplicaFetch fetch;
  ReplicaProgress progress;
  bool is_new_follower = false;  // it has not fetched since the leader changed or it restarted
};

// Of a partition whose replicas have logs of their own. The leader's stands in the partition.
struct ReplicaSet {
  NodeId leading;                   // whose log the partition's is: the leader, or who led last
  std::int64_t high_watermark = 0;  // of that log
  std::int32_t min_in_sync = 1;
  std::map<NodeId, Replica> followers;
  std::int64_t epoch_start = 0;                // where the leader's log ended when it began
  bool is_lag_check_due = false;               // a ReplicaLagCheck is on its way
  std::map<NodeId, Instant> kept_out_until{};  // of the in-sync replicas, by a fault
};

}  // namespace linger::sim
