// A record accumulator, a clock, and a cluster with the topic "t", and "u" for those who want it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/metadata_snapshot.h"
#include "core/record_accumulator.h"

namespace linger::core {

inline const TopicNames kBenchTopics{{"t", "u"}};
inline constexpr TopicId kBenchTopic{0};

inline constexpr TopicId kOtherBenchTopic{1};

// Who leads each partition of "t", from 0; negative: nobody.
struct Leaders {
  std::vector<std::int32_t> of;
  std::optional<std::int32_t> epoch = 0;
  std::vector<std::int32_t> of_u{};  // and of "u"
};
inline MetadataSnapshot cluster_of(const Leaders& leaders) {
  MetadataSnapshot::Contents contents;
  for (std::int32_t node = 0; node < 3; ++node) {
    contents.nodes.push_back({NodeId{node}, "broker-" + std::to_string(node), 9092});
  }
  const auto add = [&](TopicId topic, const std::vector<std::int32_t>& of) {
    for (std::size_t i = 0; i < of.size(); ++i) {
      PartitionMetadata partition;
      partition.partition = {topic, static_cast<std::int32_t>(i)};
      partition.leader = of[i] < 0 ? kNoNode : NodeId{of[i]};
      partition.leader_epoch = leaders.epoch;
      contents.partitions.push_back(partition);
    }
  };
  add(kBenchTopic, leaders.of);
  add(kOtherBenchTopic, leaders.of_u);
  return MetadataSnapshot{std::move(contents), kBenchTopics};
}

struct AccumulatorSetup {
  Leaders leaders{{0, 0, 1}};
  Bytes batch_size{1'024};
  Bytes buffer_memory{1'048'576};
  Milliseconds linger{};
  Milliseconds delivery_timeout{120'000};
  ExponentialBackoff retry_backoff = ExponentialBackoff::constant(Milliseconds{100});
  bool idempotent = false;
  bool adaptive_partitioning = true;
  Milliseconds availability_timeout{};
  DrainIndex drain_index = DrainIndex::PerNode;
  ExpiryClock expiry = ExpiryClock::FromCreation;
  Milliseconds request_timeout{30'000};
  bool drains_whole_nodes = true;
  bool maps_by_topic = true;
  bool returns_unused_buffer = true;
  bool splits_to_halves = false;
  RecordFormat format{};
  bool needs_format_2 = false;
  CompressionRatioEstimator::Settings compression_ratio{};
  bool fills_whole_buffer = true;
  bool closes_appends_alone = true;
};

class AccumulatorBench {
 public:
  using Appended = RecordAccumulator::Appended;
  static constexpr std::int64_t kSmall = 5;

  explicit AccumulatorBench(const AccumulatorSetup& setup)
      : metadata{cluster_of(setup.leaders)}, accumulator{settings_of(setup)} {
    if (!setup.idempotent) return;
    transactions.emplace();
    transactions->assume_producer_id({1'000, 0});
  }

  // --- Appending: records have the key "key" ---

  AppendCall call(std::optional<std::int32_t> partition, Milliseconds max_block = 0ms) {
    AppendCall call;
    call.record = RecordId{next_record_++};
    call.topic = kBenchTopic;
    call.partition = partition;
    call.max_block = max_block;
    return call;
  }
  RecordAccumulator::AppendResult run(AppendCall& call, std::int64_t value_size = kSmall) {
    const ByteVector value(static_cast<std::size_t>(value_size), Byte{'v'});
    RecordView record;
    record.timestamp = 1'000'000;
    if (keyed) record.key = bytes_of("key");
    record.value = value;
    record.headers = headers;
    return accumulator.append(call, record, now, metadata, journal);
  }
  // Requires: there is memory.
  Appended append(std::optional<std::int32_t> partition, std::int64_t value_size = kSmall) {
    AppendCall one = call(partition);
    return std::get<Appended>(run(one, value_size));
  }
  // Until the first record that opens a batch behind another one. Returns how many fitted.
  int append_until_refused(std::int32_t partition) {
    int fitted = 0;
    while (append(partition).new_batch == (fitted == 0)) ++fitted;
    return fitted;
  }

  // --- What the sender does ---

  RecordAccumulator::ReadyCheck ready() { return accumulator.ready(now, metadata, journal); }
  bool is_ready(NodeId node = NodeId{0}) {
    const auto nodes = ready().ready_nodes;
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  }
  // What the last look at the partition found.
  ReadinessDecision decision(std::int32_t partition) {
    ready();
    return accumulator.queue(tp(partition))->last_decision.value();
  }
  std::vector<BatchId> drain(Bytes limit = Bytes{1'048'576}, NodeId node = NodeId{0}) {
    auto* manager = transactions ? &*transactions : nullptr;
    return accumulator.drain({node}, limit, now, metadata, manager, journal).at(0).batches;
  }
  BatchId drain_one(NodeId node = NodeId{0}) { return drain(Bytes{1}, node).at(0); }
  std::vector<std::int32_t> drained_partitions(Bytes limit, NodeId node = NodeId{0}) {
    std::vector<std::int32_t> partitions;
    for (const BatchId id : drain(limit, node)) partitions.push_back(partition_of(id));
    return partitions;
  }
  void reenqueue(BatchId id) {
    accumulator.reenqueue(id, now, ErrorCode::NotLeaderOrFollower,
                          transactions ? &*transactions : nullptr, journal);
  }
  // Acknowledged: the result is released, the memory goes back.
  void complete(BatchId id) {
    ProducerBatch& batch = accumulator.batches.write(id);
    batch.state = BatchState::Succeeded;
    accumulator.results.at(batch.result).is_done = true;
    if (transactions) transactions->handle_completed(batch, 0, accumulator.batches);
    accumulator.deallocate(id, journal);
    accumulator.forget_if_unused(id);
  }

  // --- What there is ---

  static TopicPartition tp(std::int32_t partition) { return {kBenchTopic, partition}; }
  const ProducerBatch& batch(BatchId id) const { return accumulator.batches.at(id); }
  std::int32_t partition_of(BatchId id) const { return batch(id).partition.partition; }
  std::vector<BatchId> deque(std::int32_t partition) const {
    const auto* queue = accumulator.queue(tp(partition));
    return queue == nullptr ? std::vector<BatchId>{} : queue->batches;
  }
  const ProducerBatch& head(std::int32_t partition) const { return batch(deque(partition).at(0)); }
  // The node's partitions as a drain visits them.
  std::vector<std::int32_t> drain_order(NodeId node = NodeId{0}) const {
    std::vector<std::int32_t> order;
    for (const TopicPartition one : metadata.partitions_led_by(node))
      order.push_back(one.partition);
    return order;
  }

  Millis now{Milliseconds{1'000'000}};
  MetadataSnapshot metadata;
  RecordAccumulator accumulator;
  std::optional<TransactionManager> transactions;
  Journal journal;
  bool keyed = true;
  std::vector<RecordHeader> headers;  // of every record

 private:
  static RecordAccumulator::Settings settings_of(const AccumulatorSetup& setup) {
    return {.batch_size = setup.batch_size,
            .buffer_memory = setup.buffer_memory,
            .linger = setup.linger,
            .expiry = {.clock = setup.expiry,
                       .delivery_timeout = setup.delivery_timeout,
                       .request_timeout = setup.request_timeout,
                       .linger = setup.linger,
                       .retry_backoff = setup.retry_backoff.settings().initial},
            .retry_backoff = setup.retry_backoff,
            .format = setup.format,
            .needs_format_2 = setup.needs_format_2,
            .compression_ratio = setup.compression_ratio,
            .fills_whole_buffer = setup.fills_whole_buffer,
            .closes_appends_alone = setup.closes_appends_alone,
            .adaptive_partitioning = setup.adaptive_partitioning,
            .partition_availability_timeout = setup.availability_timeout,
            .returns_unused_buffer = setup.returns_unused_buffer,
            .drains_whole_nodes = setup.drains_whole_nodes,
            .drain_index = setup.drain_index,
            .maps_by_topic = setup.maps_by_topic,
            .splits_to_halves = setup.splits_to_halves,
            .topics = kBenchTopics,
            .backoff_jitter = Random{1, RandomStream::BackoffJitter},
            .partition_choice = Random{1, RandomStream::PartitionChoice}};
  }

  std::int64_t next_record_ = 0;
};

}  // namespace linger::core
