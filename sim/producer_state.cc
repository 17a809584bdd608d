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

// One of the last five with the same epoch and sequences; nullptr if there is none.
const BatchMetadata* find_same(const ProducerStateEntry& entry,
                               const core::RecordBatchHeader& batch) {
  if (entry.epoch != batch.producer_id_and_epoch.epoch) return nullptr;
  for (const BatchMetadata& kept : entry.batches) {
    const bool is_same =
        kept.first_sequence == batch.base_sequence && kept.last_sequence == batch.last_sequence();
    if (is_same) return &kept;
  }
  return nullptr;
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
  if (const BatchMetadata* same = find_same(entry, batch)) return Duplicate{same->base_offset};
  if (epoch < entry.epoch) return Refused{ErrorCode::InvalidProducerEpoch};
  const std::int32_t expected = epoch > entry.epoch ? 0 : following(entry.last_sequence());
  if (batch.base_sequence != expected) return Refused{ErrorCode::OutOfOrderSequenceNumber};
  if (entry.transaction_began && !batch.is_transactional()) {
    return Refused{ErrorCode::InvalidTxnState};
  }
  return InOrder{};
}

// The entry, of that epoch: what it knew of an older one is forgotten.
ProducerStateEntry& ProducerStateManager::entry_of(core::ProducerIdAndEpoch producer) {
  ProducerStateEntry& entry = entries_[producer.producer_id];
  if (entry.epoch != producer.epoch) {
    entry.epoch = producer.epoch;
    entry.batches.clear();
  }
  return entry;
}

void ProducerStateManager::update(const core::RecordBatchHeader& appended) {
  ProducerStateEntry& entry = entry_of(appended.producer_id_and_epoch);
  entry.last_timestamp = appended.max_timestamp;
  entry.batches.push_back({appended.base_sequence, appended.last_sequence(), appended.base_offset});
  if (entry.batches.size() > kBatchesKept) entry.batches.pop_front();
  if (appended.is_transactional() && !entry.transaction_began) {
    entry.transaction_began = appended.base_offset;
  }
}

core::ErrorCode ProducerStateManager::check(const Marker& marker) const {
  CHECK(marker.producer.is_valid());
  const auto known = entries_.find(marker.producer.producer_id);
  const bool is_old = known != entries_.end() && marker.producer.epoch < known->second.epoch;
  return is_old ? ErrorCode::InvalidProducerEpoch : ErrorCode::None;
}

void ProducerStateManager::update(const Marker& marker, std::int64_t offset,
                                  std::int64_t timestamp) {
  ProducerStateEntry& entry = entry_of(marker.producer);
  entry.last_timestamp = timestamp;
  if (entry.transaction_began && marker.type == MarkerType::Abort) {
    aborted_.push_back({marker.producer.producer_id, *entry.transaction_began, offset});
  }
  entry.transaction_began.reset();
}

void ProducerStateManager::update(const StoredBatch& batch) {
  if (batch.header.is_control()) {
    if (const auto marker = decode_marker(batch.bytes.span())) {
      update(*marker, batch.base_offset(), batch.header.max_timestamp);
    }
  } else if (batch.header.producer_id_and_epoch.is_valid()) {
    update(batch.header);
  }
}

void ProducerStateManager::forget_idle(std::int64_t now, std::int64_t expiration) {
  std::erase_if(entries_, [&](const auto& known) {
    const ProducerStateEntry& entry = known.second;
    return !entry.transaction_began && now - entry.last_timestamp >= expiration;
  });
}

void ProducerStateManager::forget_before(std::int64_t start_offset) {
  for (auto& [id, entry] : entries_) {
    std::erase_if(entry.batches, [&](const BatchMetadata& batch) {
      return batch.base_offset + (batch.last_sequence - batch.first_sequence) < start_offset;
    });
  }
  std::erase_if(entries_, [](const auto& known) {
    return known.second.batches.empty() && !known.second.transaction_began;
  });
}

ProducerStateManager producers_in(const PartitionLog& log) {
  ProducerStateManager producers;
  for (std::size_t i = 0; i < log.batch_count(); ++i) producers.update(log.batch(i));
  return producers;
}

bool ProducerStateManager::has_open_transaction(std::int64_t producer_id) const {
  const auto known = entries_.find(producer_id);
  return known != entries_.end() && known->second.transaction_began;
}

std::optional<std::int64_t> ProducerStateManager::first_unstable_offset() const {
  std::optional<std::int64_t> first;
  for (const auto& [id, entry] : entries_) {
    if (!entry.transaction_began) continue;
    first = first ? std::min(*first, *entry.transaction_began) : *entry.transaction_began;
  }
  return first;
}

}  // namespace linger::sim
