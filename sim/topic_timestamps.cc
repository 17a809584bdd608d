#include "sim/topic_timestamps.h"

#include <chrono>
#include <limits>

#include <fmt/format.h>

#include "core/message_set.h"

namespace linger::sim {

namespace {

constexpr std::int64_t kNoTimestamp = -1;

std::vector<std::int64_t> timestamps_in(const core::RecordBatchHeader& header,
                                        core::ByteSpan batch) {
  std::vector<std::int64_t> times;
  if (header.magic != core::Magic::V2) {
    const auto messages = core::decode_message_set(batch);
    if (!messages.ok()) return times;
    for (const core::OffsetRecord& message : *messages) times.push_back(message.record.timestamp);
    return times;
  }
  core::ByteVector storage;
  const auto records = core::uncompressed_records(header, batch, storage);
  if (!records.ok()) return times;
  core::RecordReader reader{header, *records};
  while (const auto record = reader.next()) times.push_back(record->timestamp);
  return times;
}

std::int64_t milliseconds_of(const std::optional<core::Duration>& limit) {
  if (!limit) return std::numeric_limits<std::int64_t>::max();
  return std::chrono::floor<core::Milliseconds>(*limit).count();
}

// Kafka's words; a time without limit is that of an unlimited setting, which wraps around there.
std::string out_of_range_text(std::int64_t timestamp, std::size_t offset, std::int64_t now,
                              std::int64_t before, std::int64_t after) {
  const auto wrapping = [](std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  };
  return fmt::format(
      "Timestamp {} of message with offset {} is out of range. The timestamp should be within "
      "[{}, {}]",
      timestamp, offset, now - before, wrapping(now, after));
}

}  // namespace

std::vector<core::BatchIndexAndErrorMessage> out_of_range(const TimestampSpec& spec,
                                                          const core::RecordBatchHeader& header,
                                                          core::ByteSpan batch, std::int64_t now) {
  std::vector<core::BatchIndexAndErrorMessage> errors;
  const bool is_limited = spec.before_max || spec.after_max;
  if (!is_limited || spec.type == TimestampType::LogAppendTime) return errors;
  const std::int64_t before = milliseconds_of(spec.before_max);
  const std::int64_t after = milliseconds_of(spec.after_max);
  const std::vector<std::int64_t> times = timestamps_in(header, batch);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t age = now - times[i];
    if (times[i] == kNoTimestamp || (age <= before && -age <= after)) continue;
    errors.push_back(
        {static_cast<std::int32_t>(i), out_of_range_text(times[i], i, now, before, after)});
  }
  return errors;
}

}  // namespace linger::sim
