// What a topic makes of the timestamps that producers give their records.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/protocol_messages.h"
#include "core/record_batch.h"
#include "core/time.h"

namespace linger::sim {

// message.timestamp.type
enum class TimestampType : std::uint8_t { CreateTime, LogAppendTime };

struct TimestampSpec {
  TimestampType type = TimestampType::CreateTime;
  // message.timestamp.before.max.ms and after.max.ms, or both as difference.max.ms before 3.6: how
  // far a record's time may be from the broker's. None: any will do.
  std::optional<core::Duration> before_max{};
  std::optional<core::Duration> after_max{};
  friend bool operator==(const TimestampSpec&, const TimestampSpec&) = default;
};

// The records that are too far from `now`, in milliseconds since 1970; each with the reason.
// Requires: the batch is sound.
// In Kafka: LogValidator.
std::vector<core::BatchIndexAndErrorMessage> out_of_range(const TimestampSpec& spec,
                                                          const core::RecordBatchHeader& header,
                                                          core::ByteSpan batch, std::int64_t now);

}  // namespace linger::sim
