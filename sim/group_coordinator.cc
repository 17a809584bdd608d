#include "sim/group_coordinator.h"

#include <utility>

namespace linger::sim {

std::int32_t offset_count(const GroupOffsets& offsets) {
  std::size_t count = 0;
  for (const auto& [topic, partitions] : offsets) count += partitions.size();
  return static_cast<std::int32_t>(count);
}

core::ErrorCode GroupTable::add_pending(const core::TxnOffsetCommitRequest& request) {
  if (request.group_id.empty()) return core::ErrorCode::InvalidGroupId;
  if (request.generation_id >= 0) {
    const bool exists = groups_.contains(request.group_id);
    return exists ? core::ErrorCode::UnknownMemberId : core::ErrorCode::IllegalGeneration;
  }
  GroupOffsets& pending =
      groups_[request.group_id].pending[request.producer_id_and_epoch.producer_id];
  for (const core::TxnOffsetCommitTopic& topic : request.topics) {
    for (const core::TxnOffsetCommitPartition& partition : topic.partitions) {
      pending[topic.name][partition.partition_index] = partition.committed_offset;
    }
  }
  return core::ErrorCode::None;
}

std::int32_t GroupTable::end_transaction(const std::string& group, std::int64_t producer_id,
                                         End end) {
  const auto known = groups_.find(group);
  if (known == groups_.end()) return 0;
  ConsumerGroup& state = known->second;
  const auto pending = state.pending.find(producer_id);
  if (pending == state.pending.end()) return 0;
  const GroupOffsets offsets = std::move(pending->second);
  state.pending.erase(pending);
  if (end == End::Commit) {
    for (const auto& [topic, partitions] : offsets) {
      for (const auto& [partition, offset] : partitions) {
        state.committed[topic][partition] = offset;
      }
    }
  }
  return offset_count(offsets);
}

const ConsumerGroup* GroupTable::find(std::string_view group) const {
  const auto known = groups_.find(group);
  return known == groups_.end() ? nullptr : &known->second;
}

}  // namespace linger::sim
