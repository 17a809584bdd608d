// The sender's half of the accumulator: which partitions are ready, what is drained, how a batch
// that was too large is split.
#include <algorithm>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "core/message_set.h"
#include "core/record_accumulator.h"
#include "core/record_batch.h"

namespace linger::core {

namespace {

template <class Item>
bool contains(const std::vector<Item>& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

// --- Ready ---

RecordAccumulator::ReadyCheck RecordAccumulator::ready(Millis now, const MetadataSnapshot& metadata,
                                                       Journal& journal) {
  ReadyCheck check;
  ready_partitions_.clear();
  if (settings_.adaptive_partitioning) note_load(metadata);
  const bool exhausted = pool_.waiter_count() > 0;
  for_each_watched([&](TopicPartition partition, PartitionQueue& queue) {
    if (settings_.adaptive_partitioning) add_load(partition, queue);
    const ReadinessDecision decision =
        look_at(partition, queue, now, exhausted, metadata, check.ready_nodes);
    note_readiness(decision, check);
    remember(queue, decision, journal);
    return decision.verdict != ReadinessVerdict::EmptyDeque;
  });
  return check;
}

void RecordAccumulator::note_readiness(const ReadinessDecision& decision, ReadyCheck& check) {
  switch (decision.verdict) {
    case ReadinessVerdict::NoLeader:
      if (!contains(check.unknown_leader_topics, decision.partition.topic)) {
        check.unknown_leader_topics.push_back(decision.partition.topic);
      }
      break;
    case ReadinessVerdict::Ready:
      if (!contains(check.ready_nodes, *decision.leader)) {
        check.ready_nodes.push_back(*decision.leader);
      }
      if (!settings_.drains_whole_nodes) ready_partitions_.insert(decision.partition);
      break;
    case ReadinessVerdict::BackingOff:
    case ReadinessVerdict::Waiting:
      check.next_check = std::min(check.next_check, decision.next_check);
      break;
    case ReadinessVerdict::EmptyDeque:
    case ReadinessVerdict::NodeAlreadyReady:
    case ReadinessVerdict::Muted:
      break;
  }
}

// The head of the deque, which learns of a new leader. Requires: the deque is not empty.
const ProducerBatch& RecordAccumulator::head_seen(const PartitionQueue& queue,
                                                  std::int32_t leader_epoch) {
  const BatchId head = queue.batches.front();
  if (batches.at(head).leader_epoch < leader_epoch) {
    batches.write(head).note_leader_epoch(leader_epoch);
  }
  return batches.at(head);
}

ReadinessDecision RecordAccumulator::look_at(TopicPartition partition, const PartitionQueue& queue,
                                             Millis now, bool exhausted,
                                             const MetadataSnapshot& metadata,
                                             const std::vector<NodeId>& ready_nodes) {
  ReadinessDecision decision;
  decision.partition = partition;
  if (queue.batches.empty()) return decision;

  const MetadataSnapshot::Leader known = metadata.known_leader(partition);
  const ProducerBatch& head = head_seen(queue, known.epoch.value_or(-1));
  decision.batch = head.id;
  decision.waited = head.waited(now);
  decision.backing_off = is_backing_off(head, now);
  decision.leader_changed = head.has_new_leader_for_this_attempt();
  if (!known.node) {
    decision.verdict = ReadinessVerdict::NoLeader;
    return decision;
  }
  decision.leader = known.node;
  if (settings_.drains_whole_nodes && contains(ready_nodes, *known.node)) {
    decision.verdict = ReadinessVerdict::NodeAlreadyReady;
    return decision;
  }
  if (is_muted(partition)) {
    decision.verdict = ReadinessVerdict::Muted;
    return decision;
  }
  decision.full = queue.batches.size() > 1 || head.is_full();
  decision.exhausted = exhausted;
  decision.closed = closed_;
  decision.flushing = flush_in_progress();
  decision.completing = completing_;
  // Drawn once more, independently of the draw that decided `backing_off`, as Kafka does.
  decision.time_to_wait = decision.backing_off ? draw_backoff(head.attempts) : settings_.linger;
  decision.expired = decision.waited >= decision.time_to_wait;
  const bool sendable = decision.full || decision.expired || decision.exhausted ||
                        decision.closed || decision.flushing || decision.completing;
  if (sendable && !decision.backing_off) {
    decision.verdict = ReadinessVerdict::Ready;
    return decision;
  }
  decision.verdict =
      decision.backing_off ? ReadinessVerdict::BackingOff : ReadinessVerdict::Waiting;
  decision.next_check = std::max(decision.time_to_wait - decision.waited, Milliseconds{0});
  return decision;
}

// A decision enters the trace when it says something else than the one before it; how long the
// batch has waited by now, and until when, follows from the clock.
void RecordAccumulator::remember(PartitionQueue& queue, const ReadinessDecision& decision,
                                 Journal& journal) {
  if (journal.is_on()) {
    const auto without_times = [](ReadinessDecision d) {
      d.waited = d.time_to_wait = d.next_check = Milliseconds{0};
      return d;
    };
    const bool says_something_new =
        !queue.last_decision || without_times(*queue.last_decision) != without_times(decision);
    if (says_something_new) journal.add(decision);
  }
  queue.last_decision = decision;
}

bool RecordAccumulator::is_backing_off(const ProducerBatch& batch, Millis now) {
  if (batch.attempts == 0) return false;
  const bool should_wait = batch.waited(now) < draw_backoff(batch.attempts);
  const bool skips =
      settings_.skips_backoff_on_new_leader && batch.has_new_leader_for_this_attempt();
  return should_wait && !skips;
}

Milliseconds RecordAccumulator::draw_backoff(std::int32_t attempts) {
  return settings_.retry_backoff.backoff(std::max(attempts - 1, 0), settings_.backoff_jitter);
}

// Where every partition was used and has a leader, only those for which something waits are looked
// at: add_load() does.
void RecordAccumulator::note_load(const MetadataSnapshot& metadata) {
  const bool may_exclude = settings_.partition_availability_timeout > 0ms;
  for (auto& [topic, queues] : topics_) {
    const std::size_t count = queues.queues.size();
    const bool is_plain = count > 0 && metadata.available_partitions(topic).size() == count &&
                          metadata.partition_count(topic) == std::ssize(queues.queues) &&
                          std::prev(queues.queues.end())->first == std::ssize(queues.queues) - 1;
    if (is_plain && !may_exclude) {
      queues.partitioner.begin_load(static_cast<std::int32_t>(count));
    } else {
      queues.partitioner.update_load(load_of(topic, queues, metadata));
    }
  }
}

void RecordAccumulator::add_load(TopicPartition partition, const PartitionQueue& queue) {
  if (queue.batches.empty()) return;
  topics_.at(partition.topic)
      .partitioner.add_load(partition.partition, static_cast<std::int32_t>(queue.batches.size()));
}

// Once every partition of the topic was used: how many batches wait for each that has a leader,
// without those whose leader has not been able to take data for too long (KIP-794).
std::optional<BuiltInPartitioner::QueueSizes> RecordAccumulator::load_of(
    TopicId topic, const TopicQueues& queues, const MetadataSnapshot& metadata) const {
  const std::int32_t partition_count = metadata.partition_count(topic).value_or(0);
  if (static_cast<std::int32_t>(queues.queues.size()) < partition_count) return std::nullopt;
  BuiltInPartitioner::QueueSizes load;
  load.total_queues = queues.queues.size();
  load.partitions.resize(load.total_queues);
  load.sizes.resize(load.total_queues);
  // An excluded partition's place is given to the next one. If that one's deque is empty, nothing
  // is written over the excluded one's size: a defect of 3.9 that the model keeps.
  std::size_t used = 0;
  for (const auto& [partition, queue] : queues.queues) {
    const std::optional<NodeId> leader = metadata.leader_for({topic, partition});
    if (!leader) continue;
    load.partitions[used++] = partition;
    if (queue.batches.empty()) continue;
    load.sizes[used - 1] = static_cast<std::int32_t>(queue.batches.size());
    const auto latency = node_latency_.find(*leader);
    if (settings_.partition_availability_timeout > 0ms && latency != node_latency_.end() &&
        latency->second.ready - latency->second.drained >
            settings_.partition_availability_timeout) {
      --used;
    }
  }
  load.partitions.resize(used);
  load.sizes.resize(used);
  return load;
}

// --- Drain ---

std::vector<RecordAccumulator::Drained> RecordAccumulator::drain(const std::vector<NodeId>& nodes,
                                                                 Bytes max_size, Millis now,
                                                                 const MetadataSnapshot& metadata,
                                                                 TransactionManager* transactions,
                                                                 Journal& journal) {
  std::vector<Drained> drained;
  for (const NodeId node : nodes) {
    drained.push_back({node, drain_node(node, max_size, now, metadata, transactions, journal)});
  }
  return drained;
}

// The partitions of a node are looked at in turn, once round. Those without a batch are passed over
// as if they were looked at: nothing comes of it.
std::vector<BatchId> RecordAccumulator::drain_node(NodeId node, Bytes max_size, Millis now,
                                                   const MetadataSnapshot& metadata,
                                                   TransactionManager* transactions,
                                                   Journal& journal) {
  std::vector<BatchId> taken;
  const auto& partitions = metadata.partitions_led_by(node);
  if (partitions.empty()) return taken;
  const auto count = partitions.size();
  const bool is_shared = settings_.drain_index != DrainIndex::PerNode;
  const std::size_t start =
      static_cast<std::size_t>(drain_index_[is_shared ? kNoNode : node]) % count;
  const BitSet waiting = places_with_batches(node, count, metadata);
  Bytes size;
  // Looks at what waits from one place up to another. False if the drain stops there.
  const auto drain_between = [&](std::size_t from, std::size_t to) {
    for (auto at = waiting.next(from); at && *at < to; at = waiting.next(*at + 1)) {
      const DrainDecision decision = drain_next(partitions[*at], node, size, taken.empty(),
                                                max_size, now, metadata, transactions, journal);
      if (decision.verdict == DrainVerdict::Taken) {
        taken.push_back(*decision.batch);
        size += batches.at(*decision.batch).builder.size();  // which may have been an estimate
      }
      if (decision.verdict < DrainVerdict::RequestFull) continue;
      note_drain_index(node, *at, count, true);
      return false;
    }
    return true;
  };
  if (drain_between(start, count) && drain_between(0, start)) {
    note_drain_index(node, (start + count - 1) % count, count, false);
  }
  return taken;
}

// Of the partitions that the node leads, by their place among them.
BitSet RecordAccumulator::places_with_batches(NodeId node, std::size_t places,
                                              const MetadataSnapshot& metadata) {
  BitSet waiting;
  waiting.reset(places);
  for_each_watched([&](TopicPartition partition, const PartitionQueue& queue) {
    if (queue.batches.empty()) return true;
    const MetadataSnapshot::Leader leader = metadata.known_leader(partition);
    if (leader.node == node) waiting.insert(leader.place);
    return true;
  });
  return waiting;
}

// Where the next drain begins.
void RecordAccumulator::note_drain_index(NodeId node, std::size_t looked_at, std::size_t count,
                                         bool stopped) {
  const std::size_t behind = (looked_at + 1) % count;
  switch (settings_.drain_index) {
    case DrainIndex::SharedAtStop:
      drain_index_[kNoNode] = stopped ? looked_at : behind;
      break;
    case DrainIndex::SharedPastStop:
      drain_index_[kNoNode] = behind;
      break;
    case DrainIndex::PerNode:
      drain_index_[node] = looked_at;
      break;
  }
}

DrainDecision RecordAccumulator::drain_next(TopicPartition partition, NodeId node, Bytes so_far,
                                            bool request_is_empty, Bytes max_size, Millis now,
                                            const MetadataSnapshot& metadata,
                                            TransactionManager* transactions, Journal& journal) {
  DrainDecision decision;
  decision.partition = partition;
  decision.node = node;
  decision.size_so_far = so_far;
  decision.size_limit = max_size;
  PartitionQueue& deque = queue_at(partition);
  const ProducerBatch& head = head_seen(deque, metadata.known_leader(partition).epoch.value_or(-1));
  decision.batch = head.id;
  decision.batch_size = head.builder.size();
  if (is_muted(partition)) {
    decision.verdict = DrainVerdict::Muted;
  } else if (!settings_.drains_whole_nodes && !ready_partitions_.contains(partition)) {
    decision.verdict = DrainVerdict::NotReady;
  } else if (is_backing_off(head, now)) {
    decision.verdict = DrainVerdict::BackingOff;
  } else if (!request_is_empty && so_far + head.builder.size() > max_size) {
    decision.verdict = DrainVerdict::RequestFull;
  } else {
    decision.verdict =
        transactions == nullptr ? DrainVerdict::Taken : transactions->may_drain(head, batches);
  }
  journal.add(decision);
  if (decision.verdict == DrainVerdict::Taken) take_head(deque, node, now, transactions, journal);
  return decision;
}

void RecordAccumulator::take_head(PartitionQueue& queue, NodeId node, Millis now,
                                  TransactionManager* transactions, Journal& journal) {
  ProducerBatch& batch = batches.write(queue.batches.front());
  queue.batches.erase(queue.batches.begin());
  if (transactions != nullptr) transactions->on_drained(batch, batches, journal);
  batch.sequence_was_reset = false;
  close_batch(batch);
  usual_records_ = batch.records.size();
  batch.drained = std::max(batch.drained, now);
  journal.add(BatchDrained{.batch = batch.id,
                           .partition = batch.partition,
                           .node = node,
                           .records = batch.builder.record_count(),
                           .bytes = batch.builder.size(),
                           .sequence = batch.builder.base_sequence(),
                           .producer = batch.builder.producer(),
                           .attempts = batch.attempts,
                           .age = now - batch.created});
}

// --- Split ---

std::size_t RecordAccumulator::split(BatchId id, TransactionManager* transactions,
                                     Journal& journal) {
  const MemoryRecordsBuilder& records = batches.at(id).builder;
  if (records.format().is_compressed()) {
    compression_ratio_.start_again(batches.at(id).partition.topic, records.observed_ratio());
  }
  const std::vector<BatchId> parts = copy_into_smaller(batches.at(id));
  const ProducerBatch& original = batches.at(id);
  PartitionQueue& queue = queue_of(original);
  journal.add(BatchSplit{id, original.partition, parts});

  std::int32_t sequence = original.builder.base_sequence();
  for (const BatchId part : parts) {
    ProducerBatch& batch = batches.write(part);
    if (original.builder.has_sequence()) {
      batch.builder.set_producer_state(original.builder.producer(), sequence,
                                       original.builder.is_transactional());
      sequence = advance_sequence(sequence, batch.builder.record_count());
    }
    note_incomplete(batch);
  }
  // The last goes to the front first, so that they end up in order.
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const ProducerBatch& batch = batches.at(*part);
    if (transactions == nullptr) {
      put_in_front(queue, *part);
    } else {
      transactions->add_in_flight(batch, batches);
      insert_in_sequence_order(queue, batch);
    }
  }
  return parts.size();
}

std::vector<Record> RecordAccumulator::records_of(const ProducerBatch& batch) const {
  const auto size = static_cast<std::size_t>(batch.builder.size().count());
  const ByteSpan bytes = ByteSpan{buffers.bytes(batch.builder.buffer())}.first(size);
  std::vector<Record> records;
  if (batch.builder.format().magic == Magic::V2) {
    const auto decoded = decode_batch(bytes);
    CHECK(decoded.ok());
    return decoded->records;
  }
  const auto decoded = decode_message_set(bytes);
  CHECK(decoded.ok());
  for (const OffsetRecord& message : *decoded) records.push_back(message.record);
  return records;
}

// Fills new batches of batch.size with the records of `original`, whose futures are chained to
// them.
std::vector<BatchId> RecordAccumulator::copy_into_smaller(const ProducerBatch& original) {
  const std::vector<Record> records = records_of(original);
  CHECK(records.size() == original.records.size());
  std::vector<BatchId> parts;
  std::vector<RecordFuture> chained;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const RecordView record = records[i].view();
    if (parts.empty() || !batches.at(parts.back()).builder.has_room_for(record)) {
      if (!parts.empty()) batches.write(parts.back()).builder.close_for_appends();
      parts.push_back(open_split_batch(original, record).id);
    }
    ProducerBatch& part = batches.write(parts.back());
    part.builder.append(record, buffers);
    part.records.push_back(original.records[i]);
    chained.push_back({part.result, part.builder.record_count() - 1});
  }
  batches.write(parts.back()).builder.close_for_appends();
  for (const BatchId part : parts) results.hold(batches.at(part).result);  // by the chain
  results.at(original.result).chained = std::move(chained);
  return parts;
}

// Parts of batch.size are refused once more by a broker that takes less: KAFKA-8350 halves them.
Bytes RecordAccumulator::size_of_parts(const ProducerBatch& original) const {
  const bool halves = settings_.splits_to_halves && original.is_split;
  return halves ? Bytes{original.builder.size().count() / 2} : settings_.batch_size;
}

ProducerBatch& RecordAccumulator::open_split_batch(const ProducerBatch& original,
                                                   const RecordView& first) {
  const RecordFormat& format = original.builder.format();
  const Bytes capacity = std::max(size_of_parts(original), batch_size_upper_bound(format, first));
  return batches.add(ProducerBatch{
      .id = batches.next_id(),
      .partition = original.partition,
      .builder = MemoryRecordsBuilder{buffers.create(),
                                      builder_settings(original.partition.topic, format, capacity)},
      .result = results.create(original.partition),
      .records = {},
      .created = original.created,
      .last_attempt = original.created,
      .last_append = original.created,
      .is_split = true});
}

}  // namespace linger::core
