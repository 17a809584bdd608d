// What a consumer would find in the logs, set against what the application sent.
#pragma once

#include <cstdint>
#include <optional>

#include "core/id.h"
#include "sim/partition_log.h"

namespace linger::sim {

struct World;

struct LogReading {
  std::int64_t duplicates = 0;  // records that stand there for another time
  bool is_in_order = true;      // first occurrences, as each producer called send()
};
LogReading reading_of(const PartitionLog& log);

// Records that were acknowledged and stand in no log of a leader, or of who led last.
struct LostOf {
  std::optional<core::TopicPartition> partition;  // none: all
  std::optional<core::ProducerIndex> producer;    // none: all
};
std::int64_t lost_records(const World& world, const LostOf& of);

}  // namespace linger::sim
