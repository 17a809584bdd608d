// What happens between the replicas of a partition, as values. See sim_event.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/event.h"
#include "core/id.h"

namespace linger::sim {

// A follower appended what it had fetched.
struct ReplicaFetched {
  static constexpr const char* kName = "replica_fetched";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  core::NodeId broker;  // the follower
  std::int64_t base_offset = 0;
  std::int64_t records = 0;         // markers count as one
  std::int64_t high_watermark = 0;  // as the follower knows it now

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("broker", broker);
    v("base_offset", base_offset);
    v("records", records);
    v("high_watermark", high_watermark);
  }
};

// All in-sync replicas have what stands below that offset.
struct HighWatermarkMoved {
  static constexpr const char* kName = "high_watermark_moved";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  core::NodeId broker;  // the leader
  std::int64_t offset = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("broker", broker);
    v("offset", offset);
  }
};

// A replica joined the in-sync replicas, or left them.
struct IsrChanged {
  static constexpr const char* kName = "isr_changed";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  core::NodeId broker;
  bool joined = false;
  std::int32_t in_sync = 0;  // so many are they now
  std::string why;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("broker", broker);
    v("joined", joined);
    v("in_sync", in_sync);
    v("why", why);
  }
};

// The controller chose a leader, or found none.
struct LeaderElected {
  static constexpr const char* kName = "leader_elected";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  std::optional<core::NodeId> leader;
  std::int32_t epoch = 0;
  bool clean = true;  // it was in sync

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("leader", leader);
    v("epoch", epoch);
    v("clean", clean);
  }
};

// A follower cut off what the leader's log does not have.
struct LogTruncated {
  static constexpr const char* kName = "log_truncated";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  core::NodeId broker;
  std::int64_t offset = 0;   // where its log ends now
  std::int64_t offsets = 0;  // so many were cut off

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("broker", broker);
    v("offset", offset);
    v("offsets", offsets);
  }
};

// The new leader's log does not have what the old one's had.
struct RecordsLost {
  static constexpr const char* kName = "records_lost";
  static constexpr core::Stream kStream = core::Stream::Brokers;
  core::TopicPartition partition;
  std::int64_t offset = 0;  // of the first; the new leader will use it again
  std::int64_t records = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("offset", offset);
    v("records", records);
  }
};

}  // namespace linger::sim
