// What can happen to a partition, and to the produce requests for it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// Produce requests for the partition are answered with this error, so often or for a while; without
// either, the next one. Nothing is appended unless `append` says so.
struct FailProduce {
  static constexpr FaultInfo kInfo{"fail_produce", FaultTarget::Partition,
                                   "produce requests are answered with an error, so often or for "
                                   "a while (once); with append = true the records are in the log "
                                   "all the same"};
  PartitionName partition;
  core::ErrorCode error = core::ErrorCode::None;
  std::optional<std::int32_t> times{};
  bool append = false;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const FailProduce&, const FailProduce&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.must({"error", "\"NOT_LEADER_OR_FOLLOWER\""}, self.error);
    v.may({"times", "2", 1}, self.times);
    v.may({"append", "true"}, self.append);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// Metadata answers tell this error of the partition, so often or for a while; without either, once.
struct FailMetadata {
  static constexpr FaultInfo kInfo{"fail_metadata", FaultTarget::Partition,
                                   "metadata answers tell an error of it, so often or for a while "
                                   "(once)"};
  PartitionName partition;
  core::ErrorCode error = core::ErrorCode::None;
  std::optional<std::int32_t> times{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const FailMetadata&, const FailMetadata&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.must({"error", "\"LEADER_NOT_AVAILABLE\""}, self.error);
    v.may({"times", "2", 1}, self.times);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// The next produce requests for the partition are appended, and the answer never sent; then the
// connection breaks, or stays and says nothing.
struct LoseResponse {
  static constexpr FaultInfo kInfo{"lose_response", FaultTarget::Partition,
                                   "the next batch is appended and the answer never sent; without "
                                   "disconnect the connection stays and says nothing"};
  PartitionName partition;
  std::int32_t times = 1;
  bool disconnect = true;
  friend bool operator==(const LoseResponse&, const LoseResponse&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.may({"times", "2", 1}, self.times);
    v.may({"disconnect", "false"}, self.disconnect);
  }
};

// Another broker leads the partition, or none; the epoch grows by one, or to the one given.
struct ChangeLeader {
  static constexpr FaultInfo kInfo{"leader", FaultTarget::Partition,
                                   "another broker leads, or to = \"none\"; epoch = 5 instead of "
                                   "the next one"};
  PartitionName partition;
  std::optional<core::NodeId> leader;
  std::optional<std::int32_t> epoch{};
  friend bool operator==(const ChangeLeader&, const ChangeLeader&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"partition", "\"orders-0\""}, self.partition);
    v.must({"to", "1"}, self.leader);
    v.may({"epoch", "5"}, self.epoch);
  }
};

}  // namespace linger::sim
