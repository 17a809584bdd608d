// Integers with a meaning. Two ids of different tags never mix, and none is silently an int.
#pragma once

#include <compare>
#include <cstdint>

namespace linger::core {

template <class Tag, class Rep>
class Id {
 public:
  using rep = Rep;
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_{value} {}
  constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  Rep value_{};
};

// A broker as the client names it; bootstrap addresses are -1, -2, … as in Kafka.
using NodeId = Id<struct NodeIdTag, std::int32_t>;
inline constexpr NodeId kNoNode{-1'000'000};
using TopicId = Id<struct TopicIdTag, std::int32_t>;    // index into TopicNames
using RecordId = Id<struct RecordIdTag, std::int64_t>;  // the n-th record given to send, from 0
using BatchId = Id<struct BatchIdTag, std::int64_t>;    // the n-th batch opened, from 0
using BufferId = Id<struct BufferIdTag, std::int64_t>;  // a buffer of the pool, by identity
using WaiterId = Id<struct WaiterIdTag, std::int64_t>;  // one blocked allocation
using ResultId = Id<struct ResultIdTag, std::int64_t>;  // a batch's ProduceRequestResult
using CorrelationId = Id<struct CorrelationIdTag, std::int32_t>;
using ThreadId = Id<struct ThreadIdTag, std::int32_t>;            // an application thread
using ProducerIndex = Id<struct ProducerIndexTag, std::int32_t>;  // a producer of the world, from 0
using CallbackId = Id<struct CallbackIdTag, std::int32_t>;        // what a record's callback does

struct TopicPartition {
  TopicId topic;
  std::int32_t partition = 0;
  friend constexpr auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

// The identity a broker gave an idempotent producer. {-1, -1} is none.
struct ProducerIdAndEpoch {
  std::int64_t producer_id = -1;
  std::int16_t epoch = -1;
  bool is_valid() const { return producer_id >= 0; }
  friend constexpr auto operator<=>(const ProducerIdAndEpoch&, const ProducerIdAndEpoch&) = default;
};

}  // namespace linger::core
