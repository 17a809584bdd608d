#include "core/transaction_manager.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "core/check.h"

namespace linger::core {

// --- The producer id ---

bool TransactionManager::prepare_producer_id(BatchTable& batches, Journal& journal) {
  if (epoch_bump_required_) bump_epoch(batches, journal);
  if (state_ == State::Initializing || has_producer_id()) return false;
  state_ = State::Initializing;
  return true;
}

void TransactionManager::handle_init_producer_id(ProducerIdAndEpoch granted, Journal& journal) {
  producer_ = granted;
  state_ = State::Ready;
  last_error_.reset();
  journal.add(ProducerIdSet{producer_, false});
}

bool TransactionManager::handle_init_producer_id_error(ErrorCode error, Journal& journal) {
  if (is_retriable(error)) return true;
  const ClientError cause = client_error(error);
  if (error == ErrorCode::ClusterAuthorizationFailed &&
      settings_.recovers_from_authorization_failure) {
    state_ = State::AbortableError;
    last_error_ = cause;
  } else {
    transition_to_fatal(cause);
  }
  journal.log(LogLevel::Error, "InitProducerId failed: " + cause.message);
  return false;
}

void TransactionManager::assume_producer_id(ProducerIdAndEpoch producer) {
  producer_ = producer;
  state_ = State::Ready;
}

void TransactionManager::recover_from_authorization_failure() {
  CHECK(state_ == State::AbortableError);
  state_ = State::Uninitialized;
  last_error_.reset();
}

void TransactionManager::transition_to_fatal(ClientError error) {
  state_ = State::FatalError;
  last_error_ = std::move(error);
}

void TransactionManager::bump_epoch(BatchTable& batches, Journal& journal) {
  if (producer_.epoch == std::numeric_limits<std::int16_t>::max()) {
    producer_ = ProducerIdAndEpoch{};
    state_ = State::Uninitialized;
  } else {
    ++producer_.epoch;
    journal.add(ProducerIdSet{producer_, true});
  }
  for (const TopicPartition partition : std::exchange(to_rewrite_, {})) {
    start_sequences_at_beginning(partition, batches, journal);
    unresolved_.erase(partition);
  }
  epoch_bump_required_ = false;
}

// Before KIP-360: all that is known of sequences is forgotten.
void TransactionManager::reset_producer_id(Journal& journal) {
  for (const auto& [partition, sequence] : unresolved_) {
    journal.add(SequenceUnresolved{partition, sequence, true});
  }
  producer_ = ProducerIdAndEpoch{};
  state_ = State::Uninitialized;
  partitions_.clear();
  unresolved_.clear();
}

void TransactionManager::request_epoch_bump(TopicPartition partition) {
  epoch_bump_required_ = true;
  to_rewrite_.insert(partition);
}

void TransactionManager::start_sequences_at_beginning(TopicPartition partition, BatchTable& batches,
                                                      Journal& journal) {
  PartitionSequences& entry = partitions_[partition];
  std::int32_t sequence = 0;
  for (const BatchId id : entry.in_flight) {
    ProducerBatch& batch = batches.write(id);
    batch.builder.set_producer_state(producer_, sequence, false);
    batch.sequence_was_reset = true;
    sequence = advance_sequence(sequence, batch.builder.record_count());
  }
  entry.producer = producer_;
  entry.next_sequence = sequence;
  entry.last_acked_sequence = -1;
  journal.add(
      SequencesReset{partition, producer_, static_cast<std::int32_t>(entry.in_flight.size())});
}

// --- Sequences ---

DrainVerdict TransactionManager::may_drain(const ProducerBatch& batch,
                                           const BatchTable& batches) const {
  if (has_fatal_error()) return DrainVerdict::NotAllowed;
  if (!has_producer_id()) return DrainVerdict::NoProducerId;
  const auto entry = partitions_.find(batch.partition);
  const bool any_in_flight = entry != partitions_.end() && !entry->second.in_flight.empty();
  if (!batch.builder.has_sequence()) {
    if (any_in_flight && !may_go_beside_in_flight(entry->second, batches)) {
      return DrainVerdict::StaleEpochInFlight;
    }
    if (unresolved_.contains(batch.partition)) return DrainVerdict::SequenceUnresolved;
  } else if (any_in_flight &&
             batch.builder.base_sequence() != first_in_flight_sequence(batch.partition, batches)) {
    return DrainVerdict::EarlierSequenceInFlight;
  }
  return DrainVerdict::Taken;
}

// Batches of two epochs must not be in flight together. Before KIP-360 there is one only.
bool TransactionManager::may_go_beside_in_flight(const PartitionSequences& entry,
                                                 const BatchTable& batches) const {
  if (!settings_.bumps_epoch) return true;
  if (settings_.epoch_by_partition) return entry.producer == producer_;
  return is_of_current_producer(batches.at(entry.in_flight.front()));
}

void TransactionManager::on_drained(ProducerBatch& batch, const BatchTable& batches,
                                    Journal& journal) {
  if (batch.builder.has_sequence()) return;
  PartitionSequences& entry = partitions_[batch.partition];
  const bool starts_afresh = settings_.bumps_epoch && settings_.epoch_by_partition;
  if (!starts_afresh) {
    entry.producer = producer_;
  } else if (entry.producer != producer_ && entry.in_flight.empty()) {
    const bool had_another = entry.producer.is_valid();
    entry.producer = producer_;
    entry.next_sequence = 0;
    entry.last_acked_sequence = -1;
    if (had_another) journal.add(SequencesReset{batch.partition, producer_, 0});
  }
  batch.builder.set_producer_state(producer_, entry.next_sequence, false);
  entry.next_sequence = advance_sequence(entry.next_sequence, batch.builder.record_count());
  add_in_flight(batch, batches);
}

bool TransactionManager::tracks_in_flight(TopicPartition partition) const {
  const auto entry = partitions_.find(partition);
  return entry != partitions_.end() && !entry->second.in_flight.empty();
}

void TransactionManager::add_in_flight(const ProducerBatch& batch, const BatchTable& batches) {
  const auto key = [this](const ProducerBatch& b) {
    const ProducerIdAndEpoch of =
        settings_.tells_batches_apart ? b.builder.producer() : ProducerIdAndEpoch{};
    return std::tuple{of, b.builder.base_sequence()};
  };
  std::vector<BatchId>& in_flight = partitions_[batch.partition].in_flight;
  const auto at = std::find_if(in_flight.begin(), in_flight.end(),
                               [&](BatchId other) { return key(batch) < key(batches.at(other)); });
  const bool is_taken_for_another = !settings_.tells_batches_apart && at != in_flight.begin() &&
                                    key(batches.at(*std::prev(at))) == key(batch);
  if (!is_taken_for_another) in_flight.insert(at, batch.id);
}

void TransactionManager::remove_in_flight(const ProducerBatch& batch, const BatchTable& batches) {
  std::erase_if(partitions_[batch.partition].in_flight, [&](BatchId id) {
    if (settings_.tells_batches_apart) return id == batch.id;
    return batches.at(id).builder.base_sequence() == batch.builder.base_sequence();
  });
}

std::int32_t TransactionManager::first_in_flight_sequence(TopicPartition partition,
                                                          const BatchTable& batches) const {
  return batches.at(partitions_.at(partition).in_flight.front()).builder.base_sequence();
}

bool TransactionManager::is_next_sequence(TopicPartition partition, std::int32_t sequence) const {
  const auto entry = partitions_.find(partition);
  const std::int32_t acked = entry == partitions_.end() ? -1 : entry->second.last_acked_sequence;
  return std::int64_t{sequence} - acked == 1;
}

bool TransactionManager::can_retry(BatchId id, ErrorCode error, std::int64_t log_start_offset,
                                   BatchTable& batches, Journal& journal) {
  const ProducerBatch& batch = batches.at(id);
  if (!settings_.bumps_epoch) {
    return is_retriable(error) ||
           retries_without_bump(batch, error, log_start_offset, batches, journal);
  }
  if (error == ErrorCode::UnknownProducerId) {
    return retries_unknown_producer_id(batch, log_start_offset);
  }
  if (error == ErrorCode::OutOfOrderSequenceNumber) return retries_out_of_order(batch);
  return is_retriable(error);
}

// The broker lost its state of this producer: its log was truncated or expired past the last batch.
bool TransactionManager::retries_unknown_producer_id(const ProducerBatch& batch,
                                                     std::int64_t log_start_offset) {
  if (log_start_offset != -1 && !batch.sequence_was_reset) request_epoch_bump(batch.partition);
  return true;
}

// Either an earlier batch has not arrived yet, and this one only has to wait; or there is a gap
// that nothing will fill, and a new epoch starts the sequences afresh.
bool TransactionManager::retries_out_of_order(const ProducerBatch& batch) {
  const auto mark = unresolved_.find(batch.partition);
  const bool is_unresolved = mark != unresolved_.end();
  const std::int32_t sequence = batch.builder.base_sequence();
  if (!is_unresolved &&
      (batch.sequence_was_reset || !is_next_sequence(batch.partition, sequence))) {
    return true;
  }
  if (!is_unresolved || mark->second == sequence) request_epoch_bump(batch.partition);
  return true;
}

// Before KIP-360 only an earlier batch that is still missing excuses a batch, or a broker that says
// its log begins behind all that was acknowledged.
bool TransactionManager::retries_without_bump(const ProducerBatch& batch, ErrorCode error,
                                              std::int64_t log_start_offset, BatchTable& batches,
                                              Journal& journal) {
  if (!is_of_current_producer(batch)) return false;
  const TopicPartition partition = batch.partition;
  if (error == ErrorCode::OutOfOrderSequenceNumber) {
    return !unresolved_.contains(partition) &&
           (batch.sequence_was_reset ||
            !is_next_sequence(partition, batch.builder.base_sequence()));
  }
  if (error != ErrorCode::UnknownProducerId) return false;
  if (log_start_offset == -1 || batch.sequence_was_reset) return true;
  if (partitions_[partition].last_acked_offset >= log_start_offset) return false;
  start_sequences_at_beginning(partition, batches, journal);
  return true;
}

ClientError TransactionManager::producer_id_changed(const ProducerBatch& batch) const {
  return {Exception::OutOfOrderSequenceException,
          "Attempted to retry sending a batch but the producer id changed from " +
              std::to_string(batch.builder.producer().producer_id) + " to " +
              std::to_string(producer_.producer_id) +
              " in the mean time. This batch will be dropped."};
}

void TransactionManager::handle_completed(const ProducerBatch& batch, std::int64_t base_offset,
                                          const BatchTable& batches) {
  if (!settings_.bumps_epoch && !is_of_current_producer(batch)) return;
  PartitionSequences& entry = partitions_[batch.partition];
  entry.last_acked_sequence = std::max(entry.last_acked_sequence, batch.last_sequence());
  if (base_offset >= 0) {
    entry.last_acked_offset =
        std::max(entry.last_acked_offset, base_offset + batch.builder.record_count() - 1);
  }
  remove_in_flight(batch, batches);
  const bool has_left_old_epoch = !is_of_current_producer(batch) && entry.in_flight.empty();
  if (!settings_.epoch_by_partition && has_left_old_epoch) {
    entry.next_sequence = 0;
    entry.last_acked_sequence = -1;
  }
}

void TransactionManager::handle_failed(BatchId id, const ClientError& error, bool adjust_sequences,
                                       BatchTable& batches, Journal& journal) {
  const ProducerBatch& batch = batches.at(id);
  if (error.exception == Exception::ClusterAuthorizationException ||
      error.exception == Exception::TransactionalIdAuthorizationException ||
      error.exception == Exception::ProducerFencedException ||
      error.exception == Exception::UnsupportedVersionException) {
    transition_to_fatal(error);
  }
  const bool goes_by_epoch = settings_.bumps_epoch && settings_.epoch_by_partition;
  if (goes_by_epoch || is_of_current_producer(batch)) {
    remove_in_flight(batch, batches);
  }
  if (has_fatal_error() || (!goes_by_epoch && !is_of_current_producer(batch))) return;
  if (!settings_.bumps_epoch) {
    if (error.exception == Exception::OutOfOrderSequenceException) {
      reset_producer_id(journal);
    } else if (adjust_sequences) {
      close_gap(batch, batches);
    }
  } else if (error.exception == Exception::OutOfOrderSequenceException) {
    request_epoch_bump(batch.partition);
  } else if (error.exception == Exception::UnknownProducerIdException) {
    partitions_.erase(batch.partition);
    unresolved_.erase(batch.partition);
  } else if (adjust_sequences) {
    request_epoch_bump(batch.partition);
  }
}

// The broker has refused the batch for good: its sequences go to those behind it.
void TransactionManager::close_gap(const ProducerBatch& failed, BatchTable& batches) {
  const auto at = partitions_.find(failed.partition);
  if (at == partitions_.end()) return;
  const std::int32_t count = failed.builder.record_count();
  at->second.next_sequence -= count;
  CHECK(at->second.next_sequence >= 0);
  for (const BatchId id : at->second.in_flight) {
    ProducerBatch& batch = batches.write(id);
    const std::int32_t sequence = batch.builder.base_sequence();
    if (sequence < failed.builder.base_sequence()) continue;
    batch.builder.set_producer_state(batch.builder.producer(), sequence - count, false);
    batch.sequence_was_reset = true;
  }
}

void TransactionManager::mark_sequence_unresolved(const ProducerBatch& batch, Journal& journal) {
  const std::int32_t next = advance_sequence(batch.last_sequence(), 1);
  const auto [at, is_new] = unresolved_.try_emplace(batch.partition, next);
  at->second = std::max(at->second, next);
  journal.add(SequenceUnresolved{batch.partition, at->second, false});
}

void TransactionManager::resolve_sequences(Journal& journal) {
  for (auto at = unresolved_.begin(); at != unresolved_.end();) {
    const TopicPartition partition = at->first;
    if (tracks_in_flight(partition)) {
      ++at;
      continue;
    }
    const auto entry = partitions_.find(partition);
    const std::int32_t next = entry == partitions_.end() ? 0 : entry->second.next_sequence;
    const bool arrived_after_all = is_next_sequence(partition, next);
    if (!arrived_after_all && !settings_.bumps_epoch) return reset_producer_id(journal);
    if (!arrived_after_all) request_epoch_bump(partition);
    journal.add(SequenceUnresolved{partition, at->second, true});
    at = unresolved_.erase(at);
  }
}

}  // namespace linger::core
