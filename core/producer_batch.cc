#include "core/producer_batch.h"

#include <limits>

namespace linger::core {

std::int32_t advance_sequence(std::int32_t sequence, std::int32_t steps) {
  constexpr std::int64_t kCount = std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1;
  return static_cast<std::int32_t>((std::int64_t{sequence} + steps) % kCount);
}

std::int32_t ProducerBatch::last_sequence() const {
  return advance_sequence(builder.base_sequence(), builder.record_count() - 1);
}

}  // namespace linger::core
