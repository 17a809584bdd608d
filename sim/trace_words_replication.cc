#include <fmt/format.h>

#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

EventText words(const ReplicaFetched& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("{} fetched {} at offset {}, and knows high watermark {}",
                      broker_words(event.broker), count_words(event.records, "record"),
                      event.base_offset, event.high_watermark)};
}

EventText words(const HighWatermarkMoved& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("high watermark {} at {}", event.offset, broker_words(event.broker))};
}

EventText words(const IsrChanged& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("{} {}: {}; {} in sync", broker_words(event.broker),
                      event.joined ? "joins the in-sync replicas" : "leaves the in-sync replicas",
                      event.why, count_words(event.in_sync, "replica"))};
}

EventText words(const LeaderElected& event, const TraceNames& names) {
  const std::string leader = event.leader ? broker_words(*event.leader) : "nobody";
  return {partition_words(event.partition, names),
          fmt::format("{} is elected to lead from epoch {}{}", leader, event.epoch,
                      event.clean ? "" : ", though it was not in sync")};
}

EventText words(const LogTruncated& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("{} cuts {} off: its log ends at {}", broker_words(event.broker),
                      count_words(event.offsets, "offset"), event.offset)};
}

EventText words(const RecordsLost& event, const TraceNames& names) {
  return {partition_words(event.partition, names),
          fmt::format("{} from offset {} stand no longer in the log",
                      count_words(event.records, "record"), event.offset)};
}

}  // namespace linger::sim
