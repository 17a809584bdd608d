// The batches that were drained and are not finally answered, for each partition.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/bit_set.h"
#include "core/flat_map.h"
#include "core/id.h"

namespace linger::core {

// Of a partition in the order of sending. A partition that was used once keeps its place, so that a
// batch costs no memory of its own here; only those that have a batch are walked.
// In Kafka: Sender.inFlightBatches.
class InFlightBatches {
 public:
  void add(TopicPartition partition, BatchId batch) {
    Topic& topic = topics_[partition.topic];
    const auto [at, is_new] = topic.partitions.try_emplace(partition.partition);
    at->second.push_back(batch);
    if (is_new) {
      topic.note_live();
    } else {
      topic.live.insert(static_cast<std::size_t>(at - topic.partitions.begin()));
    }
  }
  void remove(TopicPartition partition, BatchId batch) {
    const auto topic = topics_.find(partition.topic);
    if (topic == topics_.end()) return;
    Partitions& partitions = topic->second.partitions;
    const auto at = partitions.find(partition.partition);
    if (at == partitions.end()) return;
    std::erase(at->second, batch);
    if (!at->second.empty()) return;
    topic->second.live.erase(static_cast<std::size_t>(at - partitions.begin()));
  }
  std::vector<BatchId> of(TopicPartition partition) const {
    const auto topic = topics_.find(partition.topic);
    if (topic == topics_.end()) return {};
    const auto at = topic->second.partitions.find(partition.partition);
    return at == topic->second.partitions.end() ? std::vector<BatchId>{} : at->second;
  }

  // How many partitions have some.
  std::size_t partition_count() const {
    std::size_t count = 0;
    for_each([&count](TopicPartition, const std::vector<BatchId>&) { ++count; });
    return count;
  }
  // Calls visit(partition, batches) for each of these, in ascending order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [id, topic] : topics_) {
      for (const auto& [partition, batches] : topic.partitions) {
        if (!batches.empty()) visit(TopicPartition{id, partition}, batches);
      }
    }
  }
  // Calls visit(batches) for each partition that has some, in ascending order; it may take some
  // out.
  template <class Visit>
  void for_each_partition(Visit visit) {
    for (auto& [id, topic] : topics_) {
      for (auto at = topic.live.next(0); at; at = topic.live.next(*at + 1)) {
        std::vector<BatchId>& batches = topic.batches_at(*at);
        visit(batches);
        if (batches.empty()) topic.live.erase(*at);
      }
    }
  }

 private:
  using Partitions = FlatMap<std::int32_t, std::vector<BatchId>>;
  struct Topic {
    Partitions partitions;
    BitSet live;  // by place among the partitions

    std::vector<BatchId>& batches_at(std::size_t place) {
      return (partitions.begin() + static_cast<std::ptrdiff_t>(place))->second;
    }
    void note_live() {
      live.reset(partitions.size());
      std::size_t place = 0;
      for (const auto& [partition, batches] : partitions) {
        if (!batches.empty()) live.insert(place);
        ++place;
      }
    }
  };

  FlatMap<TopicId, Topic> topics_;
};

}  // namespace linger::core
