// The replicas of a partition: who leads, how far each has come, who is in sync, and what was lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "sim/sim_event.h"
#include "viz/batch_view.h"
#include "viz/scene.h"

namespace linger::viz {

// LedLast: nobody leads, and its log is the partition's until somebody does.
enum class ReplicaRole { Leads, LedLast, Follows };

// What a follower's fetch is at.
enum class FetchLook {
  None,     // it leads
  Stands,   // it fetches nothing, or reaches no leader
  Asks,     // the request is under way
  Waits,    // at the leader
  Answered  // the answer is under way
};

// One copy of a partition.
struct ReplicaBox {
  core::NodeId broker;
  std::string name;  // "broker 1"
  ReplicaRole role = ReplicaRole::Follows;
  sim::BrokerState state = sim::BrokerState::Up;
  bool is_in_sync = false;
  std::int64_t end_offset = 0;
  std::int64_t high_watermark = 0;  // as it knows it
  std::int64_t behind = 0;          // offsets of the leader's log that it does not have
  std::int64_t beyond = 0;          // of its own that the leader's does not have: to be cut off
  std::optional<core::Duration> lags_for;  // since it last had all there was, as the leader knows
  std::int64_t cut_off = 0;                // offsets, in all
  FetchLook fetch = FetchLook::None;
  std::string fetch_text;             // "asks for what comes from offset 202"
  std::optional<core::Duration> due;  // until the request or the answer arrives
  // Along the part of the log in which replicas differ, 0 to 1: where it parts from the leader's,
  // its high watermark, its end.
  float shared_until = 0;
  float watermark_at = 0;
  float ends_at = 0;
  friend bool operator==(const ReplicaBox&, const ReplicaBox&) = default;
};

// Another leader, a change of the in-sync replicas, something cut off or lost.
struct ReplicationRow {
  std::int64_t step = 0;  // to go there: SeekStep{step + 1}
  std::string time;       // "12.000 ms"
  std::string what;
  bool is_harm = false;  // something is gone, or out of sync
  friend bool operator==(const ReplicationRow&, const ReplicationRow&) = default;
};

struct ReplicasView {
  core::TopicPartition partition;
  std::string name;
  std::optional<core::NodeId> leader;
  std::string leader_text;  // "broker 1 leads", "nobody leads"
  std::int32_t leader_epoch = 0;
  std::int64_t end_offset = 0;
  std::int64_t high_watermark = 0;
  std::int32_t in_sync = 0;
  std::int32_t min_in_sync = 1;      // min.insync.replicas
  std::int64_t lost = 0;             // records that a new leader did not have
  std::vector<ReplicaBox> replicas;  // as they are assigned
  bool has_enough_in_sync() const { return in_sync >= min_in_sync; }
  friend bool operator==(const ReplicasView&, const ReplicasView&) = default;
};

sim::BrokerState broker_state(const Scene& scene, core::NodeId broker);

// By topic and partition; none of those whose replicas are one log.
std::vector<ReplicasView> replicas_views(const Scene& scene);

// What the inspector shows of a selected broker, or of a selected partition.
struct ReplicasInspectorView {
  std::string title;                   // "broker 1", "orders-0"
  std::optional<core::NodeId> broker;  // if one is selected
  std::vector<ReplicasView> leads;     // of a partition alone: that one
  std::vector<ReplicasView> follows;
  std::vector<ReplicationRow> history;  // the latest at the front
  std::size_t hidden = 0;               // rows of the history before those
  friend bool operator==(const ReplicasInspectorView&, const ReplicasInspectorView&) = default;
};

// Nothing if something else is selected, or if it has no replicas.
std::optional<ReplicasInspectorView> replicas_inspector_view(const Scene& scene,
                                                             std::size_t history = 40);

// "caught up", "197 behind", "295 beyond": how it stands to the leader's log.
std::string standing_text(const ReplicaBox& replica);
// "leader", "led last", "follower".
std::string_view word(ReplicaRole role);

}  // namespace linger::viz
