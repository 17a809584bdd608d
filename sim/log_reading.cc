#include "sim/log_reading.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "sim/world.h"

namespace linger::sim {

LogReading reading_of(const PartitionLog& log) {
  LogReading reading;
  std::set<core::RecordId> seen;
  std::map<ProducerIndex, core::RecordId> last;
  for (const LoggedRecord& record : log.records()) {
    if (!record.id) continue;
    if (!seen.insert(*record.id).second) {
      ++reading.duplicates;
      continue;
    }
    const auto [at, first] = last.try_emplace(record.batch.origin.producer, *record.id);
    if (!first && *record.id < at->second) reading.is_in_order = false;
    at->second = std::max(at->second, *record.id);
  }
  return reading;
}

std::int64_t lost_records(const World& world, const LostOf& of) {
  const Cluster& cluster = world.servers.cluster();
  std::vector<bool> is_logged(world.records.size());
  for (const TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const TopicPartition partition{topic, i};
      if (of.partition && *of.partition != partition) continue;
      for (const LoggedRecord& record : cluster.find(partition)->log.records()) {
        if (record.id) is_logged[static_cast<std::size_t>(record.id->value())] = true;
      }
    }
  }
  std::int64_t lost = 0;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    const bool is_meant = (!of.partition || entry.partition == *of.partition) &&
                          (!of.producer || entry.producer == *of.producer);
    const bool is_acknowledged = entry.status == RecordStatus::Acknowledged;
    if (is_meant && is_acknowledged && !is_logged[i]) ++lost;
  }
  return lost;
}

}  // namespace linger::sim
