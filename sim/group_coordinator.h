// The group coordinators of a cluster, as far as transactions need them: offsets of groups.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/error_code.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "sim/coordinator_seats.h"
#include "sim/fault.h"

namespace linger::sim {

// Offsets by partition, whether it exists or not.
using GroupOffsets = std::map<std::string, std::map<std::int32_t, std::int64_t>>;

std::int32_t offset_count(const GroupOffsets& offsets);

struct ConsumerGroup {
  GroupOffsets committed;
  std::map<std::int64_t, GroupOffsets> pending;  // by producer id, until its transaction ends
};

// One value for all brokers, as they replicate it. In Kafka: GroupCoordinator and
// GroupMetadataManager. Differs: groups have no members, and are there when they are named.
class GroupTable {
 public:
  explicit GroupTable(const CoordinatorSeats::Layout& layout) : seats{layout} {}

  CoordinatorSeats seats;

  // NONE, or why nothing of it is taken: whoever says to be a member is none.
  core::ErrorCode add_pending(const core::TxnOffsetCommitRequest& request);
  // The producer's transaction ended. Returns how many offsets it had brought.
  enum class End { Commit, Abort };
  std::int32_t end_transaction(const std::string& group, std::int64_t producer_id, End end);

  // nullptr if nobody has committed an offset to it.
  const ConsumerGroup* find(std::string_view group) const;

 private:
  std::map<std::string, ConsumerGroup, std::less<>> groups_;
};

}  // namespace linger::sim
