#include "core/built_in_partitioner.h"

#include <algorithm>
#include <numeric>
#include <utility>

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
  partition_count_ = 0;
  waiting_.clear();
  table_ = queues ? table_of(*queues) : Table{};
}

void BuiltInPartitioner::begin_load(std::int32_t partition_count) {
  table_.partitions.clear();
  table_.cumulative.clear();
  partition_count_ = partition_count;
  waiting_.clear();
}

BuiltInPartitioner::Table BuiltInPartitioner::table_of(const QueueSizes& queues) {
  const std::vector<std::int32_t>& sizes = queues.sizes;
  if (sizes.empty() || queues.total_queues < 2) return {};
  const auto [shortest, longest] = std::minmax_element(sizes.begin(), sizes.end());
  if (*shortest == *longest && sizes.size() == queues.total_queues) return {};
  Table table{queues.partitions, {}};
  table.cumulative.reserve(sizes.size());
  std::int32_t sum = 0;
  for (const std::int32_t size : sizes) {
    sum += *longest + 1 - size;
    table.cumulative.push_back(sum);
  }
  return table;
}

BuiltInPartitioner::Table BuiltInPartitioner::table() const {
  if (waiting_.empty()) return table_;
  QueueSizes queues;
  queues.total_queues = static_cast<std::size_t>(partition_count_);
  queues.partitions.resize(queues.total_queues);
  std::iota(queues.partitions.begin(), queues.partitions.end(), 0);
  queues.sizes.resize(queues.total_queues);
  for (const auto& [partition, count] : waiting_) {
    queues.sizes[static_cast<std::size_t>(partition)] = count;
  }
  return table_of(queues);
}

std::int32_t BuiltInPartitioner::next(const std::vector<std::int32_t>& available,
                                      std::int32_t partition_count, Draws& draws) {
  CHECK(partition_count > 0);
  if (!waiting_.empty()) {
    table_ = table();
    waiting_.clear();
  }
  const std::vector<std::int32_t>& cumulative = table_.cumulative;
  const std::int32_t drawn = draws.next_31_bits();
  if (!cumulative.empty()) {
    const std::int32_t weight = drawn % cumulative.back();
    const auto at = std::upper_bound(cumulative.begin(), cumulative.end(), weight);
    return table_.partitions[static_cast<std::size_t>(at - cumulative.begin())];
  }
  if (available.empty()) return drawn % partition_count;
  return available[static_cast<std::size_t>(drawn) % available.size()];
}

}  // namespace linger::core
