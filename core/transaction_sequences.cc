// Sequence numbers, partition by partition: what is given, what is acknowledged, what is in doubt.
#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "core/transaction_errors.h"
#include "core/transaction_manager.h"

namespace linger::core {

// --- Epochs ---

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
    batch.builder.set_producer_state(producer_, sequence, is_transactional());
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
  if (!is_send_allowed(batch.partition)) return DrainVerdict::NotAllowed;
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
  batch.builder.set_producer_state(producer_, entry.next_sequence, is_transactional());
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
    return retries_unknown_producer_id(batch, log_start_offset, batches, journal);
  }
  if (error == ErrorCode::OutOfOrderSequenceNumber) return retries_out_of_order(batch);
  return is_retriable(error);
}

// The broker lost its state of this producer: its log was truncated or expired past the last batch.
// In a transaction only a log that begins behind all that was acknowledged excuses that.
bool TransactionManager::retries_unknown_producer_id(const ProducerBatch& batch,
                                                     std::int64_t log_start_offset,
                                                     BatchTable& batches, Journal& journal) {
  if (log_start_offset == -1 || batch.sequence_was_reset) return true;
  if (!is_transactional()) {
    request_epoch_bump(batch.partition);
    return true;
  }
  if (partitions_[batch.partition].last_acked_offset >= log_start_offset) return false;
  start_sequences_at_beginning(batch.partition, batches, journal);
  return true;
}

// Either an earlier batch has not arrived yet, and this one only has to wait; or there is a gap
// that nothing will fill: a new epoch starts the sequences afresh, and a transaction has failed.
bool TransactionManager::retries_out_of_order(const ProducerBatch& batch) {
  const auto mark = unresolved_.find(batch.partition);
  const bool is_unresolved = mark != unresolved_.end();
  const std::int32_t sequence = batch.builder.base_sequence();
  if (!is_unresolved &&
      (batch.sequence_was_reset || !is_next_sequence(batch.partition, sequence))) {
    return true;
  }
  if (is_transactional()) return false;
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

TransactionManager::Thrown TransactionManager::handle_failed(BatchId id, const ClientError& error,
                                                             bool adjust_sequences,
                                                             BatchTable& batches,
                                                             Journal& journal) {
  const ProducerBatch& batch = batches.at(id);
  if (auto thrown = maybe_transition_to_error_state(error, Caller::SenderThread, journal)) {
    return thrown;
  }
  const bool goes_by_epoch = settings_.bumps_epoch && settings_.epoch_by_partition;
  if (goes_by_epoch || is_of_current_producer(batch)) remove_in_flight(batch, batches);
  if (has_fatal_error() || (!goes_by_epoch && !is_of_current_producer(batch))) return std::nullopt;
  const bool bumps = settings_.bumps_epoch && !is_transactional();
  if (error.exception == Exception::OutOfOrderSequenceException && !is_transactional()) {
    if (bumps) {
      request_epoch_bump(batch.partition);
    } else {
      reset_producer_id(journal);
    }
  } else if (error.exception == Exception::UnknownProducerIdException && settings_.bumps_epoch) {
    partitions_.erase(batch.partition);
    unresolved_.erase(batch.partition);
  } else if (adjust_sequences && bumps) {
    request_epoch_bump(batch.partition);
  } else if (adjust_sequences) {
    return close_gap(batch, batches);
  }
  return std::nullopt;
}

// The broker has refused the batch for good: its sequences go to those behind it.
TransactionManager::Thrown TransactionManager::close_gap(const ProducerBatch& failed,
                                                         BatchTable& batches) {
  const auto at = partitions_.find(failed.partition);
  if (at == partitions_.end()) return std::nullopt;
  const std::int32_t count = failed.builder.record_count();
  const std::int32_t next = at->second.next_sequence - count;
  if (next < 0) return negative_sequence(settings_.topics.text(failed.partition), next);
  at->second.next_sequence = next;
  for (const BatchId id : at->second.in_flight) {
    ProducerBatch& batch = batches.write(id);
    const std::int32_t sequence = batch.builder.base_sequence();
    if (sequence < failed.builder.base_sequence()) continue;
    batch.builder.set_producer_state(batch.builder.producer(), sequence - count,
                                     is_transactional());
    batch.sequence_was_reset = true;
  }
  return std::nullopt;
}

void TransactionManager::mark_sequence_unresolved(const ProducerBatch& batch, Journal& journal) {
  const std::int32_t next = advance_sequence(batch.last_sequence(), 1);
  const auto [at, is_new] = unresolved_.try_emplace(batch.partition, next);
  at->second = std::max(at->second, next);
  journal.add(SequenceUnresolved{batch.partition, at->second, false});
}

TransactionManager::Thrown TransactionManager::resolve_sequences(Journal& journal) {
  if (is_transactional() && !settings_.bumps_epoch) return give_up_unresolved(journal);
  for (auto at = unresolved_.begin(); at != unresolved_.end();) {
    const TopicPartition partition = at->first;
    if (tracks_in_flight(partition)) {
      ++at;
      continue;
    }
    const auto entry = partitions_.find(partition);
    const std::int32_t next = entry == partitions_.end() ? 0 : entry->second.next_sequence;
    if (!is_next_sequence(partition, next)) {  // else it arrived after all
      if (is_transactional()) {
        if (auto thrown = fail_for_unresolved(journal)) return thrown;
      } else if (!settings_.bumps_epoch) {
        reset_producer_id(journal);
        return std::nullopt;
      } else {
        request_epoch_bump(partition);
      }
    }
    journal.add(SequenceUnresolved{partition, at->second, true});
    at = unresolved_.erase(at);
  }
  return std::nullopt;
}

// In a transaction it is enough that the broker may not have the batch.
TransactionManager::Thrown TransactionManager::fail_for_unresolved(Journal& journal) {
  if (!can_bump_epoch()) return transition_to_fatal(unacknowledged_messages(false), journal);
  epoch_bump_required_ = true;
  return transition_to_abortable(unacknowledged_messages(true), Caller::SenderThread, journal);
}

// Before KIP-360 any doubt is the end, at once.
TransactionManager::Thrown TransactionManager::give_up_unresolved(Journal& journal) {
  if (unresolved_.empty() || has_fatal_error()) return std::nullopt;
  return transition_to_fatal(unacknowledged_messages(false), journal);
}

}  // namespace linger::core
