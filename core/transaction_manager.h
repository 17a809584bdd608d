// Producer id, epoch and sequence numbers: what lets a broker drop a retry it already has.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/batch_table.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/event.h"
#include "core/id.h"
#include "core/journal.h"

namespace linger::core {

// What the idempotent producer knows of one partition.
struct PartitionSequences {
  ProducerIdAndEpoch producer;  // under which the sequences below count
  std::int32_t next_sequence = 0;
  std::int32_t last_acked_sequence = -1;  // none
  std::int64_t last_acked_offset = -1;    // none
  std::vector<BatchId> in_flight;         // from first drain to final outcome, by sequence
};

// Sequences are given when a batch is first drained, never at append, and kept through retries.
// A batch whose outcome is unknown leaves its partition's sequence unresolved: no new batch of that
// partition gets one until it is clear whether the broker has it, or the epoch was bumped
// (KIP-360).
//
// In Kafka: TransactionManager, of which this is the idempotent part.
class TransactionManager {
 public:
  struct Settings {
    // KIP-360: after a sequence that cannot be resolved the producer raises its own epoch. Before,
    // it takes a new id, which starts all partitions afresh, and gives up batches of the old one; a
    // gap is closed by moving later sequences down.
    bool bumps_epoch = true;
    // KAFKA-12152: each partition goes over to a new epoch when nothing of it is in flight. Before,
    // one that had nothing in flight at the time of the bump went on with its old sequences.
    bool epoch_by_partition = true;
    // KAFKA-13794: a batch in flight is told apart by what it is. Before, by its base sequence
    // alone, which a batch of an old epoch can share with one of the new: the second to be drained
    // is not noted, and the first to end takes the other off the books with it.
    bool tells_batches_apart = true;
    // KAFKA-13668: asks again after it was not allowed to get an id; before, that is fatal.
    bool recovers_from_authorization_failure = true;
  };
  TransactionManager() = default;
  explicit TransactionManager(Settings settings) : settings_{settings} {}

  enum class State { Uninitialized, Initializing, Ready, AbortableError, FatalError };

  State state() const { return state_; }
  ProducerIdAndEpoch producer() const { return producer_; }
  bool has_producer_id() const { return producer_.is_valid(); }
  bool has_fatal_error() const { return state_ == State::FatalError; }
  bool has_abortable_error() const { return state_ == State::AbortableError; }
  const std::optional<ClientError>& last_error() const { return last_error_; }

  // --- The producer id ---

  // Bumps the epoch if that was asked for. True if an InitProducerId is to be sent now: the state
  // is then Initializing.
  bool prepare_producer_id(BatchTable& batches, Journal& journal);
  void handle_init_producer_id(ProducerIdAndEpoch granted, Journal& journal);
  // True if the request is to be tried again.
  bool handle_init_producer_id_error(ErrorCode error, Journal& journal);
  void assume_producer_id(ProducerIdAndEpoch producer);
  void recover_from_authorization_failure();
  void transition_to_fatal(ClientError error);

  // --- Sequences ---

  // Taken: the batch, the first of its deque, may be drained. Else why it may not, which ends the
  // node's turn.
  DrainVerdict may_drain(const ProducerBatch& batch, const BatchTable& batches) const;
  // Gives the batch its identity and sequence, if it has none, and notes it as in flight.
  void on_drained(ProducerBatch& batch, const BatchTable& batches, Journal& journal);

  bool tracks_in_flight(TopicPartition partition) const;
  // Another batch with the same base sequence took it off the books.
  bool has_lost_track_of(const ProducerBatch& batch) const {
    return !settings_.tells_batches_apart && !tracks_in_flight(batch.partition);
  }
  void add_in_flight(const ProducerBatch& batch, const BatchTable& batches);
  void remove_in_flight(const ProducerBatch& batch, const BatchTable& batches);

  // May a batch with this error be sent again? May ask for an epoch bump. `log_start_offset`: of
  // the response, -1 if unknown.
  bool can_retry(BatchId batch, ErrorCode error, std::int64_t log_start_offset, BatchTable& batches,
                 Journal& journal);
  // A batch of another producer id must not go out again; before KIP-360 that can happen.
  bool may_reenqueue(const ProducerBatch& batch) const {
    return settings_.bumps_epoch || is_of_current_producer(batch);
  }
  ClientError producer_id_changed(const ProducerBatch& batch) const;
  // `base_offset`: -1 if the response has none.
  void handle_completed(const ProducerBatch& batch, std::int64_t base_offset,
                        const BatchTable& batches);
  // `adjust_sequences`: retries were not exhausted, so the gap the batch leaves must be closed.
  void handle_failed(BatchId batch, const ClientError& error, bool adjust_sequences,
                     BatchTable& batches, Journal& journal);
  void mark_sequence_unresolved(const ProducerBatch& batch, Journal& journal);
  void resolve_sequences(Journal& journal);

  const std::map<TopicPartition, PartitionSequences>& partitions() const { return partitions_; }
  const std::map<TopicPartition, std::int32_t>& unresolved() const { return unresolved_; }

 private:
  bool is_of_current_producer(const ProducerBatch& batch) const {
    return batch.builder.producer() == producer_;
  }
  void reset_producer_id(Journal& journal);
  void close_gap(const ProducerBatch& failed, BatchTable& batches);
  bool may_go_beside_in_flight(const PartitionSequences& entry, const BatchTable& batches) const;
  void bump_epoch(BatchTable& batches, Journal& journal);
  void request_epoch_bump(TopicPartition partition);
  void start_sequences_at_beginning(TopicPartition partition, BatchTable& batches,
                                    Journal& journal);
  bool is_next_sequence(TopicPartition partition, std::int32_t sequence) const;
  bool retries_out_of_order(const ProducerBatch& batch);
  bool retries_unknown_producer_id(const ProducerBatch& batch, std::int64_t log_start_offset);
  bool retries_without_bump(const ProducerBatch& batch, ErrorCode error,
                            std::int64_t log_start_offset, BatchTable& batches, Journal& journal);
  std::int32_t first_in_flight_sequence(TopicPartition partition, const BatchTable& batches) const;

  Settings settings_;
  State state_ = State::Uninitialized;
  std::optional<ClientError> last_error_;
  ProducerIdAndEpoch producer_;
  std::map<TopicPartition, PartitionSequences> partitions_;
  std::map<TopicPartition, std::int32_t> unresolved_;  // the sequence after the expired batch
  std::set<TopicPartition> to_rewrite_;
  bool epoch_bump_required_ = false;
};

}  // namespace linger::core
