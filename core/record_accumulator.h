// The deques in which records wait, and which of them are ready.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "core/batch_expiry.h"
#include "core/batch_table.h"
#include "core/bit_set.h"
#include "core/buffer_pool.h"
#include "core/buffer_store.h"
#include "core/built_in_partitioner.h"
#include "core/bytes.h"
#include "core/client_error.h"
#include "core/compression_ratio_estimator.h"
#include "core/draws.h"
#include "core/event.h"
#include "core/exponential_backoff.h"
#include "core/flat_map.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/metadata_snapshot.h"
#include "core/produce_request_result.h"
#include "core/record.h"
#include "core/record_format.h"
#include "core/time.h"
#include "core/topic_names.h"
#include "core/transaction_manager.h"

namespace linger::core {

// One call of append, from the first look at the deque to the future; it can stop in between to
// wait for memory.
struct AppendCall {
  RecordId record;
  TopicId topic;
  std::optional<std::int32_t> partition;  // none: the built-in partitioner chooses
  std::optional<CallbackId> callback;
  bool stop_if_new_batch_is_needed = false;  // a custom partitioner is asked again first
  Milliseconds max_block{};                  // for memory
  Magic usable_magic = Magic::V2;            // by the oldest broker known

  // How far it came.
  std::optional<TopicPartition> destination;
  std::optional<BuiltInPartitioner::Sticky> sticky;
  std::optional<BufferId> buffer;
  Bytes buffer_size;
  std::optional<WaiterId> waiter;
};

// Where the drain of a node begins.
enum class DrainIndex : std::uint8_t {
  SharedAtStop,    // where the last drain, of whatever node, stopped: at what did not fit
  SharedPastStop,  // since KIP-91 one further, so that the same ones may never be reached
  PerNode,         // since KAFKA-13834, at the partition the node's last drain looked at last
};

// A batch for each partition being filled, the others behind one another before it:
//
//   send ──▶ [ b9 (open) | b7 | b4 ] ──▶ drain        one deque for each partition
//            tail                  head
//
// Invariants: only the last batch of a deque takes records. A batch is incomplete from its opening
// until its memory is given back. With idempotence, batches that have a sequence lie in its order.
// In Kafka: RecordAccumulator.
class RecordAccumulator {
 public:
  struct Settings {
    Bytes batch_size;
    Bytes buffer_memory;
    Milliseconds linger{};
    ExpirySettings expiry;
    ExponentialBackoff retry_backoff;
    RecordFormat format{};        // or an older one, where a broker takes no newer
    bool needs_format_2 = false;  // idempotence
    CompressionRatioEstimator::Settings compression_ratio{};
    bool fills_whole_buffer = true;    // KIP-98: a large record's buffer, too; else batch.size
    bool closes_appends_alone = true;  // KIP-98: of a batch that is not drained; else all of it
    bool adaptive_partitioning = true;
    bool switches_after_whole_batches = true;  // KAFKA-14156
    Milliseconds partition_availability_timeout{};
    bool returns_gathered_memory = true;  // KAFKA-4840
    bool leaves_line_when_late = true;    // KAFKA-3651, see BufferPool
    Era exhaustion_worded_as = Era::V3_9;
    bool closes_pool = true;            // KAFKA-9449; else waits for memory outlive close()
    bool returns_unused_buffer = true;  // KAFKA-4741: of an append that fails
    ClientError refusal_after_close = closed_while_sending();  // IllegalState before KIP-98
    bool drains_whole_nodes = true;  // KAFKA-1445; else partitions that are ready themselves
    DrainIndex drain_index = DrainIndex::PerNode;
    bool maps_by_topic = true;                // KIP-794; else one map of all partitions
    bool skips_backoff_on_new_leader = true;  // KAFKA-15415
    bool splits_to_halves = false;            // KAFKA-8350: what was split before
    TopicNames topics;                        // their hashes decide the order of visits
    Random backoff_jitter;
    Draws partition_choice;
  };
  explicit RecordAccumulator(Settings settings);

  struct PartitionQueue;
  struct TopicQueues;

  // --- Appending ---

  struct Appended {
    RecordFuture future;
    TopicPartition partition;
    bool batch_is_full = false;  // or more than one in the deque
    bool new_batch = false;
    Bytes grown_by;
  };
  struct NewBatchNeeded {};
  struct WaitsForMemory {
    Millis deadline{};
  };
  struct NeverReturns {};  // batch.size 0 before KAFKA-14303: each look moves the sticky choice on
  using AppendResult =
      std::variant<Appended, NewBatchNeeded, WaitsForMemory, NeverReturns, ClientError>;

  // Starts or goes on with an append. `record` is what is written, key and value serialized. The
  // future is held for the caller, who releases it.
  AppendResult append(AppendCall& call, const RecordView& record, Millis now,
                      const MetadataSnapshot& metadata, Journal& journal);
  bool may_advance(const AppendCall& call, Millis now) const;

  // Where a record goes that nothing can hold: a batch that is open and has room for it. The
  // pointers hold until the next call of anything else.
  struct OpenBatch {
    TopicQueues* topic = nullptr;
    PartitionQueue* queue = nullptr;
    Cow<ProducerBatch>* batch = nullptr;  // none: there is none
    MemoryRecordsBuilder::NextSize size;
    bool is_sticky = false;  // the built-in partitioner chose it before
  };
  // None if there is none, or if the choice of a partition may change now: append() then.
  // Changes nothing itself. Without a partition the built-in partitioner chooses.
  OpenBatch open_batch(TopicId topic, std::optional<std::int32_t> partition,
                       const RecordView& record, Bytes key_value_headers);
  // Would append() find memory for a batch at once, for a record in format 2 of no more than that?
  bool may_open_batch(Bytes upper_bound) const {
    return !closed_ && settings_.format.magic == Magic::V2 && settings_.batch_size > Bytes{0} &&
           pool_.has_at_once(std::max(settings_.batch_size, upper_bound));
  }
  // What append() does with it, but that nobody holds the future.
  Appended append(const OpenBatch& open, const AppendedRecord& appended, const RecordView& record,
                  Millis now, const MetadataSnapshot& metadata, Journal& journal);

  // --- What the sender asks ---

  struct ReadyCheck {
    std::vector<NodeId> ready_nodes;  // in the order they were found
    Milliseconds next_check = kForever;
    std::vector<TopicId> unknown_leader_topics;
  };
  ReadyCheck ready(Millis now, const MetadataSnapshot& metadata, Journal& journal);

  struct Drained {
    NodeId node;
    std::vector<BatchId> batches;
  };
  // At most one batch for each partition. `transactions` is null without idempotence.
  std::vector<Drained> drain(const std::vector<NodeId>& nodes, Bytes max_size, Millis now,
                             const MetadataSnapshot& metadata, TransactionManager* transactions,
                             Journal& journal);

  // Puts a batch back for another try.
  void reenqueue(BatchId batch, Millis now, ErrorCode error, const TransactionManager* transactions,
                 Journal& journal);
  // Puts the records of a too large batch into smaller ones, at the front. Returns how many.
  std::size_t split(BatchId batch, TransactionManager* transactions, Journal& journal);
  // Takes the batches out of their deques that have expired.
  struct Expired {
    BatchId batch;
    BatchExpiry why;
  };
  std::vector<Expired> take_expired(Millis now);
  void forget_next_expiry() { next_expiry_ = kNever; }
  void note_expiry_of(const ProducerBatch& batch);
  Millis next_expiry() const { return next_expiry_; }

  // Takes the batch out of its deque, if it is there, and closes it for appends: it is aborted.
  void remove_for_abort(BatchId batch);
  std::vector<BatchId> incomplete() const;
  // Those that were never drained: without a sequence, or without idempotence not yet closed.
  std::vector<BatchId> undrained(const TransactionManager* transactions) const;
  // Gives the batch's memory back. Requires: it is incomplete.
  void deallocate(BatchId batch, Journal& journal);
  void forget_if_unused(BatchId batch);

  // No batch that holds the record alone can be larger, but for what a codec may add.
  Bytes upper_bound(const RecordView& record, Magic usable_magic) const {
    return batch_size_upper_bound(format(usable_magic), record);
  }
  // Requires: the batch is built.
  std::vector<Record> records_of(const ProducerBatch& batch) const;
  const CompressionRatioEstimator& compression_ratio() const { return compression_ratio_; }

  void mute(TopicPartition partition, Journal& journal);
  void unmute(TopicPartition partition, Journal& journal);
  bool is_muted(TopicPartition partition) const { return muted_.contains(partition); }

  void note_node_latency(NodeId node, Millis now, bool can_drain);

  // A transaction that is committed or aborted leaves nothing to linger.
  void note_completing(bool is_completing) { completing_ = is_completing; }
  void begin_flush() { ++flushes_in_progress_; }
  void end_flush();
  bool flush_in_progress() const { return flushes_in_progress_ > 0; }
  void close();
  bool is_closed() const { return closed_; }
  std::int32_t appends_in_progress() const { return appends_in_progress_; }
  bool has_undrained() const;
  bool has_incomplete() const { return incomplete_ > 0; }
  bool is_incomplete(BatchId batch) const {
    return batches.contains(batch) && batches.at(batch).is_incomplete;
  }

  // --- To look at ---

  struct PartitionQueue {
    std::vector<BatchId> batches;  // the head first
    std::optional<ReadinessDecision> last_decision;
    std::size_t visit = 0;  // its place in the order of visits
  };
  using Queues = FlatMap<std::int32_t, PartitionQueue>;
  struct TopicQueues {
    BuiltInPartitioner partitioner;
    Queues queues{};
  };
  // A partition is here once something was appended to it.
  const Queues* queues(TopicId topic) const;
  std::vector<TopicPartition> partitions() const;
  const PartitionQueue* queue(TopicPartition partition) const;
  const BufferPool& pool() const { return pool_; }
  const BuiltInPartitioner* partitioner(TopicId topic) const;
  const Settings& settings() const { return settings_; }

  BatchTable batches;
  BufferStore buffers;
  ProduceRequestResults results;

 private:
  friend class StateWalk;

  struct NodeLatency {
    Millis ready{};
    Millis drained{};
  };

  AppendResult run_append(AppendCall& call, const RecordView& record, Millis now,
                          const MetadataSnapshot& metadata, Journal& journal);
  std::variant<std::monostate, WaitsForMemory, ClientError> obtain_buffer(AppendCall& call,
                                                                          const RecordView& record,
                                                                          Millis now,
                                                                          Journal& journal);
  bool sticky_choice_changed(TopicQueues& topic, const PartitionQueue& queue,
                             const std::optional<BuiltInPartitioner::Sticky>& sticky, TopicId id,
                             const MetadataSnapshot& metadata);
  std::optional<Appended> append_to_last(AppendCall& call, PartitionQueue& queue,
                                         const RecordView& record, Millis now, Journal& journal);
  Appended append_to_new(AppendCall& call, PartitionQueue& queue, const RecordView& record,
                         Millis now, Journal& journal);
  static Appended note_append(const AppendedRecord& appended, const PartitionQueue& queue,
                              ProducerBatch& batch, const RecordView& record, Bytes grown_by,
                              bool is_new, Journal& journal);
  static void note_record(ProducerBatch& batch, const AppendedRecord& appended, Millis now);
  bool may_switch(const PartitionQueue& queue) const;
  bool all_full(const PartitionQueue& queue) const;
  enum class Ending { Appended, Failed };
  MemoryRecordsBuilder::Settings builder_settings(TopicId topic, const RecordFormat& format,
                                                  Bytes capacity) const;
  RecordFormat format(Magic usable_magic) const;
  std::optional<ClientError> format_error(const AppendCall& call, const RecordView& record) const;
  void stop_appends(ProducerBatch& batch);
  void close_batch(ProducerBatch& batch);
  void finish_append(AppendCall& call, Ending ending, Journal& journal);
  PartitionQueue& queue_for(TopicQueues& topic, TopicPartition partition);
  PartitionQueue& queue_of(const ProducerBatch& batch);
  PartitionQueue& queue_at(TopicPartition partition);
  void put_in_front(PartitionQueue& queue, BatchId batch);
  void watch(const PartitionQueue& queue);
  std::vector<TopicPartition> in_order_of_visits() const;
  void note_order_of_visits();
  // Calls visit(partition, queue), which says whether it is still to be watched.
  template <class Visit>
  void for_each_watched(Visit visit) {
    if (!visits_are_sorted_) note_order_of_visits();
    for (auto at = watched_.next(0); at; at = watched_.next(*at + 1)) {
      const TopicPartition partition = visits_[*at];
      if (!visit(partition, queue_at(partition))) watched_.erase(*at);
    }
  }
  void note_incomplete(ProducerBatch& batch);
  void take_expired(PartitionQueue& queue, Millis now, std::vector<Expired>& expired);

  void note_readiness(const ReadinessDecision& decision, ReadyCheck& check);
  ReadinessDecision look_at(TopicPartition partition, const PartitionQueue& queue, Millis now,
                            bool exhausted, const MetadataSnapshot& metadata,
                            const std::vector<NodeId>& ready_nodes);
  const ProducerBatch& head_seen(const PartitionQueue& queue, std::int32_t leader_epoch);
  void note_load(const MetadataSnapshot& metadata);
  void add_load(TopicPartition partition, const PartitionQueue& queue);
  std::optional<BuiltInPartitioner::QueueSizes> load_of(TopicId topic, const TopicQueues& queues,
                                                        const MetadataSnapshot& metadata) const;
  bool is_backing_off(const ProducerBatch& batch, Millis now);
  Milliseconds draw_backoff(std::int32_t attempts);
  void remember(PartitionQueue& queue, const ReadinessDecision& decision, Journal& journal);

  BitSet places_with_batches(NodeId node, std::size_t places, const MetadataSnapshot& metadata);
  DrainDecision drain_next(TopicPartition partition, NodeId node, Bytes so_far,
                           bool request_is_empty, Bytes max_size, Millis now,
                           const MetadataSnapshot& metadata, TransactionManager* transactions,
                           Journal& journal);
  std::vector<BatchId> drain_node(NodeId node, Bytes max_size, Millis now,
                                  const MetadataSnapshot& metadata,
                                  TransactionManager* transactions, Journal& journal);
  void note_drain_index(NodeId node, std::size_t looked_at, std::size_t count, bool stopped);
  void take_head(PartitionQueue& queue, NodeId node, Millis now, TransactionManager* transactions,
                 Journal& journal);
  std::size_t insert_in_sequence_order(PartitionQueue& queue, const ProducerBatch& batch);
  ProducerBatch& open_split_batch(const ProducerBatch& original, const RecordView& first);
  std::vector<BatchId> copy_into_smaller(const ProducerBatch& original);
  Bytes size_of_parts(const ProducerBatch& original) const;

  Settings settings_;
  BufferPool pool_;
  CompressionRatioEstimator compression_ratio_;
  FlatMap<TopicId, TopicQueues> topics_;
  std::vector<TopicPartition> visits_;  // all deques, in the order of a hash map,
  bool visits_are_sorted_ = true;       // unless some are new
  // By their place among the visits: the deques that hold a batch, and those that were not seen
  // empty yet. Of the others a look has nothing new to say.
  BitSet watched_;
  std::set<TopicPartition> ready_partitions_;  // at the last look, if that matters
  std::int32_t incomplete_ = 0;                // how many batches are
  std::set<TopicPartition> muted_;
  FlatMap<NodeId, std::size_t> drain_index_;
  std::map<NodeId, NodeLatency> node_latency_;
  Millis next_expiry_ = kNever;
  std::size_t usual_records_ = 0;  // in a batch: as many as the last one that was drained had
  std::int32_t flushes_in_progress_ = 0;
  std::int32_t appends_in_progress_ = 0;
  bool completing_ = false;
  bool closed_ = false;
};

}  // namespace linger::core
