#include "core/built_in_partitioner.h"

#include <algorithm>

#include "core/check.h"

namespace linger::core {

BuiltInPartitioner::Sticky BuiltInPartitioner::current(const std::vector<std::int32_t>& available,
                                                       std::int32_t partition_count, Draws& draws) {
  if (!sticky_) {
    sticky_ = Sticky{next(available, partition_count, draws), generations_++, Bytes{0}};
  }
  return *sticky_;
}

bool BuiltInPartitioner::is_current(const Sticky& seen) const {
  return sticky_ && sticky_->generation == seen.generation;
}

void BuiltInPartitioner::update(const Sticky& seen, Bytes appended, bool may_switch,
                                const std::vector<std::int32_t>& available,
                                std::int32_t partition_count, Draws& draws) {
  if (!is_current(seen)) return;
  sticky_->produced += appended;
  const Bytes produced = sticky_->produced;
  const bool enough = produced >= sticky_batch_size_ && may_switch;
  const bool far_too_much = produced >= sticky_batch_size_ + sticky_batch_size_;
  if (enough || far_too_much) {
    sticky_ = Sticky{next(available, partition_count, draws), generations_++, Bytes{0}};
  }
}

void BuiltInPartitioner::update_load(const std::optional<QueueSizes>& queues) {
  partitions_.clear();
  cumulative_.clear();
  if (!queues || queues->sizes.empty() || queues->total_queues < 2) return;
  const std::vector<std::int32_t>& sizes = queues->sizes;
  const auto [shortest, longest] = std::minmax_element(sizes.begin(), sizes.end());
  if (*shortest == *longest && sizes.size() == queues->total_queues) return;
  std::int32_t sum = 0;
  for (const std::int32_t size : sizes) {
    sum += *longest + 1 - size;
    cumulative_.push_back(sum);
  }
  partitions_ = queues->partitions;
}

std::int32_t BuiltInPartitioner::next(const std::vector<std::int32_t>& available,
                                      std::int32_t partition_count, Draws& draws) const {
  CHECK(partition_count > 0);
  const std::int32_t drawn = draws.next_31_bits();
  if (!cumulative_.empty()) {
    const std::int32_t weight = drawn % cumulative_.back();
    const auto at = std::upper_bound(cumulative_.begin(), cumulative_.end(), weight);
    return partitions_[static_cast<std::size_t>(at - cumulative_.begin())];
  }
  if (available.empty()) return drawn % partition_count;
  return available[static_cast<std::size_t>(drawn) % available.size()];
}

}  // namespace linger::core
