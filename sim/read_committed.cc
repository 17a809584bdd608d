#include "sim/read_committed.h"

#include <algorithm>

namespace linger::sim {

std::int64_t last_stable_offset(const Partition& partition) {
  const std::int64_t high_watermark = partition.high_watermark();
  return std::min(high_watermark,
                  partition.producers.first_unstable_offset().value_or(high_watermark));
}

bool is_aborted(const Partition& partition, const StoredBatch& batch) {
  if (!batch.header.is_transactional()) return false;
  const auto& aborted = partition.producers.aborted();
  return std::any_of(aborted.begin(), aborted.end(), [&](const AbortedTransaction& one) {
    return one.producer_id == batch.header.producer_id_and_epoch.producer_id &&
           one.first_offset <= batch.base_offset() && batch.base_offset() < one.marker_offset;
  });
}

std::int64_t committed_records(const Partition& partition) {
  const std::int64_t end = last_stable_offset(partition);
  std::int64_t records = 0;
  for (std::size_t i = 0; i < partition.log.batch_count(); ++i) {
    const StoredBatch& batch = partition.log.batch(i);
    if (batch.base_offset() >= end) break;
    if (batch.header.is_control() || is_aborted(partition, batch)) continue;
    records += batch.header.record_count;
  }
  return records;
}

}  // namespace linger::sim
