// How well records compress, as the producer has seen so far: what it believes of a batch that is
// still open.
#pragma once

#include <algorithm>
#include <cfloat>
#include <map>

#include "core/bytes.h"
#include "core/id.h"

namespace linger::core {

static_assert(FLT_EVAL_METHOD == 0, "Kafka's 32-bit arithmetic, operation by operation");

// The size that compressed records are believed to get. In Kafka, with the same roundings:
// MemoryRecordsBuilder.estimatedBytesWritten.
inline Bytes estimated_compressed_size(Bytes uncompressed, float ratio) {  // float: as Kafka has it
  constexpr float kSafety = 1.05F;                                         // float: as Kafka has it
  const float size = static_cast<float>(uncompressed.count());             // float: as Kafka has it
  return Bytes{static_cast<std::int64_t>(size * ratio * kSafety)};
}

// The estimate is compressed bytes over uncompressed ones.
//
//   since 0.11 (KIP-126)   one for each topic, from 1.0. Worse than believed: at once as bad as
//                          seen, at least 0.05 more. Better: 0.005 less for each batch, so that it
//                          takes 161 batches to learn 0.2. A batch keeps what was believed when it
//                          was opened.
//   before                 one for all topics, from 0.5: a moving average of nine tenths old and
//                          one tenth new. Open batches see each change.
//
// In Kafka: CompressionRatioEstimator; before, MemoryRecordsBuilder.TYPE_TO_RATE. Differs: Kafka
// has one for each codec, too, and shares them among all producers of a process; here each producer
// has its own, with the one codec it uses.
class CompressionRatioEstimator {
 public:
  struct Settings {
    bool for_each_topic = true;  // KIP-126
    float first = 1.0F;          // float: as Kafka has it
  };
  explicit CompressionRatioEstimator(Settings settings)
      : settings_{settings}, of_all_{settings.first} {}

  float estimate(TopicId topic) const {  // float: as Kafka has it
    if (!settings_.for_each_topic) return of_all_;
    const auto known = by_topic_.find(topic);
    return known == by_topic_.end() ? settings_.first : known->second;
  }

  // A batch of the topic was closed, and got this much smaller.
  void observe(TopicId topic, float ratio) {  // float: as Kafka has it
    if (settings_.for_each_topic) {
      by_topic_[topic] = moved(estimate(topic), ratio);
    } else {
      of_all_ = of_all_ * kDamping + ratio * (1 - kDamping);
    }
  }

  // A batch that got this much smaller was too large all the same (KIP-126).
  void start_again(TopicId topic, float ratio) {  // float: as Kafka has it
    by_topic_[topic] = std::max(1.0F, ratio);
  }

 private:
  static constexpr float kDamping = 0.9F;          // float: as Kafka has it
  static constexpr float kImprovingStep = 0.005F;  // float: as Kafka has it
  static constexpr float kWorseningStep = 0.05F;   // float: as Kafka has it

  // KAFKA-9700: never better than what was seen.
  static float moved(float current, float observed) {  // float: as Kafka has it
    if (observed > current) return std::max(current + kWorseningStep, observed);
    if (observed < current) return std::max(current - kImprovingStep, observed);
    return current;
  }

  Settings settings_;
  std::map<TopicId, float> by_topic_;  // float: as Kafka has it
  float of_all_;                       // float: as Kafka has it
};

}  // namespace linger::core
