// What an application gives to send().
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/record.h"

namespace linger::core {

// In Kafka: ProducerRecord. Each part but the topic may be absent, as there; key and value are the
// objects the application holds, which a serializer turns into bytes (the default one changes
// nothing). `id` is ours: the order of send() calls, by which the trace names a record.
struct ProducerRecord {
  RecordId id;
  TopicId topic;
  std::optional<std::int32_t> partition;
  std::optional<std::int64_t> timestamp;  // milliseconds since 1970
  std::optional<ByteVector> key;
  std::optional<ByteVector> value;
  std::vector<RecordHeader> headers;
  std::optional<CallbackId> callback;  // what runs when its fate is known

  friend bool operator==(const ProducerRecord&, const ProducerRecord&) = default;
};

}  // namespace linger::core
