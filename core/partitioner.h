// The partitioner classes that come with the client. Since KIP-794 a producer has none of them
// unless its partitioner.class says so: see BuiltInPartitioner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/draws.h"
#include "core/event_words.h"
#include "core/id.h"

namespace linger::core {

// One of them at work, for all topics of a producer.
// In Kafka: DefaultPartitioner, UniformStickyPartitioner, RoundRobinPartitioner.
class ClassPartitioner {
 public:
  // Where a record goes that leaves it open.
  enum class Order {
    // DefaultPartitioner before KIP-480: one after the other, from a random one on.
    RandomStart,
    // RoundRobinPartitioner: one after the other, from the first on.
    RoundRobin,
    // DefaultPartitioner and UniformStickyPartitioner since KIP-480: to one, until a new batch
    // would
    // be needed there.
    Sticky,
  };
  struct Settings {
    Order order = Order::Sticky;
    bool hashes_keys = true;      // else a key changes nothing
    bool counts_by_topic = true;  // KAFKA-4402; before, all topics share one counter
    bool repeats_answer = false;  // KAFKA-17632: asked again for a new batch, it says the same
  };
  explicit ClassPartitioner(Settings settings) : settings_{settings} {}

  // A topic as the metadata has it. Requires: count > 0.
  struct Topic {
    TopicId id;
    const std::vector<std::int32_t>& available;  // with a leader
    std::int32_t count = 0;                      // all
  };
  struct Answer {
    std::int32_t partition = 0;
    PartitionChoice by = PartitionChoice::Sticky;
  };
  Answer partition(const Topic& topic, std::optional<ByteSpan> key, Draws& draws);

  // A record needs a new batch in `previous`, and the partitioner will be asked again.
  // In Kafka: Partitioner.onNewBatch (KIP-480).
  void on_new_batch(const Topic& topic, std::int32_t previous, Draws& draws);

  // Where a topic's records without a key go now, if it is sticky.
  std::optional<std::int32_t> sticky(TopicId topic) const;

 private:
  friend class StateWalk;

  std::int32_t next_in_turn(const Topic& topic, Draws& draws);
  std::int32_t next_sticky(const Topic& topic, Draws& draws);

  Settings settings_;
  std::map<TopicId, std::int32_t> counters_;
  std::map<TopicId, std::int32_t> sticky_;
  std::optional<TopicPartition> last_answer_;  // to be repeated once
};

}  // namespace linger::core
