#include "sim/producer_state.h"

#include <algorithm>
#include <limits>

#include "core/check.h"

namespace linger::sim {
namespace {

using core::ErrorCode;

// Sequences begin again at 0 after the largest int32.
std::int32_t following(std::int32_t sequence) {
  return sequence == std::numeric_limits<std::int32_t>::max() ? 0 : sequence + 1;
}

ProducerStateManager::Verdict in_order_if(bool condition) {
  if (condition) return ProducerStateManager::InOrder{};
  return ProducerStateManager::Refused{ErrorCode::OutOfOrderSequenceNumber};
}

}  // namespace

ProducerStateManager::Verdict ProducerStateManager::check(const core::RecordBatchHeader& batch,
                                                          UnknownProducer unknown) const {
  const auto [producer_id, epoch] = batch.producer_id_and_epoch;
  CHECK(producer_id >= 0 && batch.base_sequence >= 0);
  const auto known = entries_.find(producer_id);
  if (known == entries_.end()) {
    if (unknown == UnknownProducer::Any || batch.base_sequence == 0) return InOrder{};
    return Refused{unknown == UnknownProducer::Zero ? ErrorCode::UnknownProducerId
                                                    : ErrorCode::OutOfOrderSequenceNumber};
  }
  const ProducerStateEntry& entry = known->second;
  if (epoch < entry.epoch) return Refused{ErrorCode::InvalidProducerEpoch};
  if (epoch > entry.epoch) return in_order_if(batch.base_sequence == 0);
  for (const BatchMetadata& kept : entry.batches) {
    const bool is_same =
        kept.first_sequence == batch.base_sequence && kept.last_sequence == batch.last_sequence();
    if (is_same) return Duplicate{kept.base_offset};
  }
  return in_order_if(batch.base_sequence == following(entry.last_sequence()));
}

void ProducerStateManager::update(const core::RecordBatchHeader& appended) {
  ProducerStateEntry& entry = entries_[appended.producer_id_and_epoch.producer_id];
  if (entry.epoch != appended.producer_id_and_epoch.epoch) {
    entry.epoch = appended.producer_id_and_epoch.epoch;
    entry.batches.clear();
  }
  entry.batches.push_back({appended.base_sequence, appended.last_sequence(), appended.base_offset});
  if (entry.batches.size() > kBatchesKept) entry.batches.pop_front();
}

}  // namespace linger::sim
