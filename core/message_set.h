// Message sets (formats 0 and 1): what a producer sent before 0.11. Messages stand behind one
// another, without a header of the whole:
//
//    0 offset         8 │ set by the broker, outside the checksum
//    8 size           4 │ of what follows it
//   12 CRC-32         4   of everything after it:
//   16 magic          1   0 or 1
//   17 attributes     1   codec, timestamp type
//   18 timestamp      8   in format 1 alone
//   26 key, value         each behind its length of 4 bytes; -1 is null
//
// All fields are of fixed width, and there are no headers. Compressed messages travel in a wrapper:
// one message without a key, whose value is the compressed message set, and whose offset is that of
// the last message in it. In format 1 the offsets inside are 0, 1, 2, …, so that a broker need not
// compress anew when it sets them.
//
// In Kafka: Record and LogEntry (0.10), LegacyRecord and AbstractLegacyRecordBatch (since).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/compression.h"
#include "core/record.h"
#include "core/record_batch.h"

namespace linger::core {

// --- Sizes ---

inline constexpr Bytes kLogOverhead{12};  // offset, size

// Everything but key and value. In Kafka: Record.recordOverhead. Requires: format 0 or 1.
constexpr Bytes message_overhead(Magic magic) {
  return magic == Magic::V0 ? Bytes{14} : Bytes{22};
}

// With the offset and size that stand before it. Requires: format 0 or 1.
inline Bytes message_size(Magic magic, const RecordView& record) {
  const std::size_t key = record.key ? record.key->size() : 0;
  const std::size_t value = record.value ? record.value->size() : 0;
  return kLogOverhead + message_overhead(magic) + Bytes{static_cast<std::int64_t>(key + value)};
}

// What stands before the compressed messages.
constexpr Bytes wrapper_size(Magic magic) {
  return kLogOverhead + message_overhead(magic);
}

// --- Writing ---

// Writes a message without a codec at `at` and returns the place behind. Requires: message_size(…)
// bytes there, and a record without headers.
Byte* write_message(Byte* at, Magic magic, std::int64_t offset, const RecordView& record);

// What a wrapper says of the messages in it.
struct Wrapper {
  Magic magic = Magic::V1;
  CompressionType compression = CompressionType::None;
  std::int64_t last_offset = 0;
  std::int64_t max_timestamp = 0;
};

// Writes the beginning of `set`, behind which the compressed messages stand already.
// Requires: set.size() >= wrapper_size(…).
void write_wrapper(std::span<Byte> set, const Wrapper& wrapper);

// What a broker does: the messages get the offsets from `base_offset` on. Requires: a sound set of
// format 1, or one of format 0 without a codec.
void assign_offsets(std::span<Byte> set, std::int64_t base_offset);

// Every message of the set now tells this time; of those in a wrapper, the wrapper does. Checksums
// are new ones. Requires: a sound set of format 1.
void set_log_append_time_of_set(std::span<Byte> set, std::int64_t timestamp);

// --- Reading ---

struct Message {
  std::int64_t offset = 0;
  Bytes size;  // with offset and size
  Magic magic = Magic::V1;
  std::int8_t attributes = 0;
  bool is_intact = false;  // the checksum is right
  RecordView record{};     // of a wrapper: the compressed messages are its value

  int compression_codec() const { return attributes & kCompressionCodecMask; }
  bool is_log_append_time() const { return (attributes & kLogAppendTimeFlag) != 0; }
};

// Reads messages as they stand, wrappers unopened, without copying keys and values.
class MessageSetReader {
 public:
  explicit MessageSetReader(ByteSpan set) : reader_{set} {}

  // Nothing at the end, and after an error. The view holds as long as the set.
  std::optional<Message> next();

  bool ok() const { return reader_.ok(); }
  DecodeError error() const { return reader_.error(); }

 private:
  ByteReader reader_;
};

struct OffsetRecord {
  std::int64_t offset = 0;
  Record record;
  friend bool operator==(const OffsetRecord&, const OffsetRecord&) = default;
};

// All records of a set, out of their wrappers, with the offsets a consumer sees. It is an error if
// a checksum is wrong, or if what is in a wrapper is of another format or has a codec itself.
Decoded<std::vector<OffsetRecord>> decode_message_set(ByteSpan set);

// What a header of format 2 would say of the whole set: so a log can treat it as one batch. The
// codec is the first message's. Errors as in decode_message_set, and if there is no message.
Decoded<RecordBatchHeader> summarize_message_set(ByteSpan set);

}  // namespace linger::core
