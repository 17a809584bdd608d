#include "core/partitioner.h"

#include <utility>

#include "core/check.h"
#include "core/murmur2.h"

namespace linger::core {
namespace {

std::int32_t at_turn(const ClassPartitioner::Topic& topic, std::int32_t number) {
  if (topic.available.empty()) return number % topic.count;
  return topic.available[static_cast<std::size_t>(number) % topic.available.size()];
}

// From 2147483647 it goes on with -2147483648, as Java's integers do.
std::int32_t one_more(std::int32_t number) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(number) + 1);
}

}  // namespace

ClassPartitioner::Answer ClassPartitioner::partition(const Topic& topic,
                                                     std::optional<ByteSpan> key, Draws& draws) {
  CHECK(topic.count > 0);
  if (key && settings_.hashes_keys) {
    return {partition_for_key(*key, topic.count), PartitionChoice::KeyHash};
  }
  if (settings_.order != Order::Sticky) {
    return {next_in_turn(topic, draws), PartitionChoice::RoundRobin};
  }
  const auto current = sticky_.find(topic.id);
  const std::int32_t partition =
      current != sticky_.end() ? current->second : next_sticky(topic, draws);
  return {partition, PartitionChoice::Sticky};
}

void ClassPartitioner::on_new_batch(const Topic& topic, std::int32_t previous, Draws& draws) {
  if (settings_.order == Order::Sticky) {
    const std::optional<std::int32_t> current = sticky(topic.id);
    if (!current || *current == previous) next_sticky(topic, draws);
  } else if (settings_.repeats_answer) {
    last_answer_ = TopicPartition{topic.id, previous};
  }
}

std::optional<std::int32_t> ClassPartitioner::sticky(TopicId topic) const {
  const auto current = sticky_.find(topic);
  if (current == sticky_.end()) return std::nullopt;
  return current->second;
}

std::int32_t ClassPartitioner::next_in_turn(const Topic& topic, Draws& draws) {
  const auto repeated = std::exchange(last_answer_, std::nullopt);
  if (repeated && repeated->topic == topic.id) return repeated->partition;
  const TopicId whose = settings_.counts_by_topic ? topic.id : TopicId{};
  auto counter = counters_.find(whose);
  if (counter == counters_.end()) {
    const bool is_random = settings_.order == Order::RandomStart;
    counter = counters_.emplace(whose, is_random ? draws.next_31_bits() : 0).first;
  }
  return at_turn(topic, to_positive(std::exchange(counter->second, one_more(counter->second))));
}

// Another than the current one, if it can be helped.
std::int32_t ClassPartitioner::next_sticky(const Topic& topic, Draws& draws) {
  const std::optional<std::int32_t> current = sticky(topic.id);
  std::int32_t next = 0;
  if (topic.available.size() == 1) {
    next = topic.available.front();
  } else {
    do {
      next = at_turn(topic, draws.next_31_bits());
    } while (!topic.available.empty() && next == current);
  }
  sticky_[topic.id] = next;
  return next;
}

}  // namespace linger::core
