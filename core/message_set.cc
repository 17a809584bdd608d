#include "core/message_set.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/byte_writer.h"
#include "core/check.h"
#include "core/crc32.h"

namespace linger::core {
namespace {

// Where the fields of a message stand.
constexpr std::size_t kMessageCrcAt = 12;
constexpr std::size_t kMagicAt = 16;
constexpr std::size_t kMessageAttributesAt = 17;  // and behind them the timestamp, in format 1

Byte* write_bytes(Byte* at, std::optional<ByteSpan> bytes) {
  if (!bytes) return store(at, std::int32_t{-1});
  at = store(at, static_cast<std::int32_t>(bytes->size()));
  if (!bytes->empty()) std::memcpy(at, bytes->data(), bytes->size());
  return at + bytes->size();
}

// Everything before the key. The checksum stays open.
Byte* write_beginning(Byte* at, std::int64_t offset, std::int32_t size, Magic magic,
                      std::int8_t attributes, std::int64_t timestamp) {
  at = store(at, offset);
  at = store(at, size);
  at = store(at, std::uint32_t{0});
  at = store(at, static_cast<std::int8_t>(magic));
  at = store(at, attributes);
  return magic == Magic::V0 ? at : store(at, timestamp);
}

void write_checksum(Byte* message, std::size_t size) {
  store(message + kMessageCrcAt, crc32({message + kMagicAt, size - kMagicAt}));
}

std::int32_t behind_size(std::int64_t size) {
  CHECK(size <= std::numeric_limits<std::int32_t>::max());
  return static_cast<std::int32_t>(size - kLogOverhead.count());
}

Record copy_of(const RecordView& record) {
  const auto copy = [](std::optional<ByteSpan> bytes) -> std::optional<ByteVector> {
    if (!bytes) return std::nullopt;
    return ByteVector(bytes->begin(), bytes->end());
  };
  return {record.timestamp, copy(record.key), copy(record.value), {}};
}

// Adds the records of a wrapper. The last one inside has the wrapper's offset, in format 1, unless
// that is 0, as some clients leave it; in format 0 each has its own.
std::optional<DecodeError> unwrap(const Message& wrapper, std::vector<OffsetRecord>& records) {
  if (!wrapper.record.value) return DecodeError{"a wrapper with nothing in it", 0};
  const auto type = static_cast<CompressionType>(wrapper.compression_codec());
  const auto inner = decompress(type, wrapper.magic, *wrapper.record.value);
  if (!inner.ok()) return inner.error();
  const std::size_t before = records.size();
  MessageSetReader reader{*inner};
  while (const std::optional<Message> message = reader.next()) {
    if (!message->is_intact) return DecodeError{"the checksum of a message does not match", 0};
    if (message->magic != wrapper.magic || message->compression_codec() != 0) {
      return DecodeError{"a message that does not belong into this wrapper", 0};
    }
    records.push_back({message->offset, copy_of(message->record)});
    if (wrapper.is_log_append_time()) records.back().record.timestamp = wrapper.record.timestamp;
  }
  if (!reader.ok()) return reader.error();
  if (records.size() == before) return DecodeError{"a wrapper with nothing in it", 0};
  if (wrapper.magic == Magic::V0 || wrapper.offset == 0) return std::nullopt;
  if (wrapper.offset < records.back().offset) {
    return DecodeError{"a wrapper whose offset is less than what it holds", 0};
  }
  const std::int64_t base = wrapper.offset - records.back().offset;
  for (std::size_t i = before; i < records.size(); ++i) records[i].offset += base;
  return std::nullopt;
}

}  // namespace

Byte* write_message(Byte* at, Magic magic, std::int64_t offset, const RecordView& record) {
  CHECK(record.headers.empty());
  const std::int64_t size = message_size(magic, record).count();
  Byte* const message = at;
  at = write_beginning(at, offset, behind_size(size), magic, 0, record.timestamp);
  at = write_bytes(at, record.key);
  at = write_bytes(at, record.value);
  write_checksum(message, static_cast<std::size_t>(size));
  return at;
}

void write_wrapper(std::span<Byte> set, const Wrapper& wrapper) {
  const auto header = static_cast<std::size_t>(wrapper_size(wrapper.magic).count());
  CHECK(set.size() >= header);
  Byte* at = write_beginning(set.data(), wrapper.last_offset,
                             behind_size(static_cast<std::int64_t>(set.size())), wrapper.magic,
                             static_cast<std::int8_t>(wrapper.compression), wrapper.max_timestamp);
  at = store(at, std::int32_t{-1});  // no key
  store(at, static_cast<std::int32_t>(set.size() - header));
  write_checksum(set.data(), set.size());
}

void assign_offsets(std::span<Byte> set, std::int64_t base_offset) {
  std::int64_t next = base_offset;
  std::size_t at = 0;
  MessageSetReader reader{set};
  while (const std::optional<Message> message = reader.next()) {
    std::int64_t count = 1;
    if (message->compression_codec() != 0) {
      CHECK(message->magic == Magic::V1);
      std::vector<OffsetRecord> inside;
      CHECK(!unwrap(*message, inside));
      count = static_cast<std::int64_t>(inside.size());
    }
    store(set.data() + at, next + count - 1);
    next += count;
    at += static_cast<std::size_t>(message->size.count());
  }
  CHECK(reader.ok());
}

void set_log_append_time_of_set(std::span<Byte> set, std::int64_t timestamp) {
  std::size_t at = 0;
  MessageSetReader reader{set};
  while (const std::optional<Message> message = reader.next()) {
    CHECK(message->magic == Magic::V1);
    const auto size = static_cast<std::size_t>(message->size.count());
    Byte* const attributes = set.data() + at + kMessageAttributesAt;
    store(attributes, static_cast<std::int8_t>(message->attributes | kLogAppendTimeFlag));
    store(attributes + 1, timestamp);
    write_checksum(set.data() + at, size);
    at += size;
  }
  CHECK(reader.ok());
}

std::optional<Message> MessageSetReader::next() {
  if (!ok() || reader_.remaining() == 0) return std::nullopt;
  Message message;
  message.offset = reader_.integer<std::int64_t>();
  const std::int32_t size = reader_.integer<std::int32_t>();
  if (size < 0 || static_cast<std::size_t>(size) > reader_.remaining()) {
    reader_.fail("the message is cut off");
  }
  ByteReader body = reader_.part(ok() ? static_cast<std::size_t>(size) : 0);
  message.size = kLogOverhead + Bytes{size};
  const std::uint32_t crc = body.integer<std::uint32_t>();
  ByteReader checked = body;
  message.is_intact = crc == crc32(checked.raw(checked.remaining()));
  const auto magic = body.integer<std::int8_t>();
  if (magic != 0 && magic != 1) body.fail("the magic is neither 0 nor 1");
  message.magic = Magic{magic};
  message.attributes = body.integer<std::int8_t>();
  if (message.magic == Magic::V1) message.record.timestamp = body.integer<std::int64_t>();
  if (message.magic == Magic::V0) message.record.timestamp = -1;
  message.record.key = body.nullable_bytes(LengthPrefix::Int32);
  message.record.value = body.nullable_bytes(LengthPrefix::Int32);
  body.expect_end();
  reader_.fail_like(body);
  if (!ok()) return std::nullopt;
  return message;
}

Decoded<std::vector<OffsetRecord>> decode_message_set(ByteSpan set) {
  std::vector<OffsetRecord> records;
  MessageSetReader reader{set};
  while (const std::optional<Message> message = reader.next()) {
    if (!message->is_intact) return DecodeError{"the checksum of a message does not match", 0};
    if (message->compression_codec() == 0) {
      records.push_back({message->offset, copy_of(message->record)});
    } else if (const auto error = unwrap(*message, records)) {
      return *error;
    }
  }
  if (!reader.ok()) return reader.error();
  return records;
}

Decoded<RecordBatchHeader> summarize_message_set(ByteSpan set) {
  MessageSetReader reader{set};
  const std::optional<Message> first = reader.next();
  if (!reader.ok()) return reader.error();
  if (!first) return DecodeError{"there is no message", 0};
  const auto records = decode_message_set(set);
  if (!records.ok()) return records.error();
  RecordBatchHeader header;
  header.base_offset = records->front().offset;
  header.batch_length = behind_size(static_cast<std::int64_t>(set.size()));
  header.magic = first->magic;
  header.attributes = static_cast<std::int16_t>(first->attributes);
  header.record_count = static_cast<std::int32_t>(records->size());
  header.last_offset_delta = header.record_count - 1;
  header.base_timestamp = header.max_timestamp = records->front().record.timestamp;
  for (const OffsetRecord& record : *records) {
    header.max_timestamp = std::max(header.max_timestamp, record.record.timestamp);
  }
  return header;
}

}  // namespace linger::core
