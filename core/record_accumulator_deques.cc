// The accumulator's deques: which there are, and in which order the sender visits them.
#include <algorithm>

#include "core/java_hash.h"
#include "core/record_accumulator.h"

namespace linger::core {

// --- One of them ---

RecordAccumulator::PartitionQueue& RecordAccumulator::queue_for(TopicQueues& topic,
                                                                TopicPartition partition) {
  const auto [queue, is_new] = topic.queues.try_emplace(partition.partition);
  if (is_new) {
    visits_.push_back(partition);
    visits_are_sorted_ = false;
  }
  return queue->second;
}

// Requires: something was appended to it.
RecordAccumulator::PartitionQueue& RecordAccumulator::queue_at(TopicPartition partition) {
  return topics_.at(partition.topic).queues.at(partition.partition);
}

RecordAccumulator::PartitionQueue& RecordAccumulator::queue_of(const ProducerBatch& batch) {
  return queue_at(batch.partition);
}

void RecordAccumulator::put_in_front(PartitionQueue& queue, BatchId batch) {
  queue.batches.insert(queue.batches.begin(), batch);
  watch(queue);
}

// A deque whose place is not known yet will be watched as soon as it is.
void RecordAccumulator::watch(const PartitionQueue& queue) {
  if (visits_are_sorted_) watched_.insert(queue.visit);
}

// Behind the batches with smaller sequences; those without one stay behind it.
std::size_t RecordAccumulator::insert_in_sequence_order(PartitionQueue& queue,
                                                        const ProducerBatch& batch) {
  const auto at = std::find_if_not(queue.batches.begin(), queue.batches.end(), [&](BatchId other) {
    const MemoryRecordsBuilder& records = batches.at(other).builder;
    return records.has_sequence() && records.base_sequence() < batch.builder.base_sequence();
  });
  const auto position = static_cast<std::size_t>(at - queue.batches.begin());
  queue.batches.insert(at, batch.id);
  watch(queue);
  return position;
}

// --- The order of visits ---

// Kafka walks a CopyOnWriteMap of the deques, whose table has just the room it needs. Since KIP-794
// that is a map of topics, and one of partition numbers in each.
std::vector<TopicPartition> RecordAccumulator::in_order_of_visits() const {
  const auto hash_of = [&](TopicPartition partition) {
    const auto id = partition.topic.value();
    if (static_cast<std::size_t>(id) >= settings_.topics.size()) return id;  // it has no name
    const std::string& topic = settings_.topics.name(partition.topic);
    return settings_.maps_by_topic ? java_hash(topic) : java_hash(topic, partition.partition);
  };
  const auto sort_by_hash = [](std::vector<TopicPartition>& list, auto hash) {
    std::vector<std::int32_t> hashes;
    for (const TopicPartition partition : list) hashes.push_back(hash(partition));
    std::vector<TopicPartition> sorted;
    for (const std::size_t at : java_hash_map_order(hashes, InitialCapacity{1})) {
      sorted.push_back(list[at]);
    }
    list = std::move(sorted);
  };
  std::vector<TopicPartition> visits = visits_;
  if (!settings_.maps_by_topic) {
    sort_by_hash(visits, hash_of);
    return visits;
  }
  std::vector<TopicPartition> topics;  // any partition of each
  for (const auto& [topic, queues] : topics_) {
    if (!queues.queues.empty()) topics.push_back({topic, 0});
  }
  sort_by_hash(topics, hash_of);
  visits.clear();
  for (const TopicPartition topic : topics) {
    std::vector<TopicPartition> partitions;
    for (const auto& [number, queue] : topics_.at(topic.topic).queues) {
      partitions.push_back({topic.topic, number});
    }
    sort_by_hash(partitions, [](TopicPartition partition) { return partition.partition; });
    visits.insert(visits.end(), partitions.begin(), partitions.end());
  }
  return visits;
}

void RecordAccumulator::note_order_of_visits() {
  visits_ = in_order_of_visits();
  visits_are_sorted_ = true;
  watched_.reset(visits_.size());
  for (std::size_t i = 0; i < visits_.size(); ++i) {
    queue_at(visits_[i]).visit = i;
    watched_.insert(i);
  }
}

// --- To look at ---

bool RecordAccumulator::has_undrained() const {
  if (!visits_are_sorted_) {
    return std::any_of(visits_.begin(), visits_.end(), [this](TopicPartition partition) {
      return !queue(partition)->batches.empty();
    });
  }
  for (auto at = watched_.next(0); at; at = watched_.next(*at + 1)) {
    if (!queue(visits_[*at])->batches.empty()) return true;
  }
  return false;
}

const RecordAccumulator::Queues* RecordAccumulator::queues(TopicId topic) const {
  const auto at = topics_.find(topic);
  return at == topics_.end() ? nullptr : &at->second.queues;
}

std::vector<TopicPartition> RecordAccumulator::partitions() const {
  std::vector<TopicPartition> found;
  for (const auto& [topic, queues] : topics_) {
    for (const auto& [partition, queue] : queues.queues) found.push_back({topic, partition});
  }
  return found;
}

const RecordAccumulator::PartitionQueue* RecordAccumulator::queue(TopicPartition partition) const {
  const auto* topic = queues(partition.topic);
  if (topic == nullptr) return nullptr;
  const auto at = topic->find(partition.partition);
  return at == topic->end() ? nullptr : &at->second;
}

}  // namespace linger::core
