// A record as it goes onto the wire, and exactly how many bytes it takes there.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/varint.h"

namespace linger::core {

struct RecordHeader {
  std::string key{};
  std::optional<ByteVector> value{};
  friend bool operator==(const RecordHeader&, const RecordHeader&) = default;
};

// A record whose parts live elsewhere.
struct RecordView {
  std::int64_t timestamp = 0;  // milliseconds since 1970
  std::optional<ByteSpan> key{};
  std::optional<ByteSpan> value{};
  std::span<const RecordHeader> headers{};
};

struct Record {
  std::int64_t timestamp = 0;
  std::optional<ByteVector> key{};
  std::optional<ByteVector> value{};
  std::vector<RecordHeader> headers{};

  RecordView view() const { return {timestamp, key, value, headers}; }
  friend bool operator==(const Record&, const Record&) = default;
};

// --- Format 2: varints, deltas against the batch's first record ---

namespace internal {

inline std::int64_t sized_with_varint(std::size_t size) {
  return varint_size(static_cast<std::int32_t>(size)) + static_cast<std::int64_t>(size);
}

template <class NullableBytes>
std::int64_t nullable_size(const NullableBytes& bytes) {
  return bytes ? sized_with_varint(bytes->size()) : 1;
}

inline std::int64_t key_value_headers_size(const RecordView& record) {
  std::int64_t size = nullable_size(record.key) + nullable_size(record.value) +
                      varint_size(static_cast<std::int32_t>(record.headers.size()));
  for (const RecordHeader& header : record.headers) {
    size += sized_with_varint(header.key.size()) + nullable_size(header.value);
  }
  return size;
}

}  // namespace internal

inline constexpr Bytes kRecordBatchOverhead{61};  // the batch header

// What of a record's size depends neither on its batch nor on its place there.
inline Bytes key_value_headers_size(const RecordView& record) {
  return Bytes{internal::key_value_headers_size(record)};
}

// What the length at the start of a record counts: the rest of the record.
inline std::int32_t record_body_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                                     Bytes key_value_headers) {
  return static_cast<std::int32_t>(1 + varint_size(offset_delta) + varlong_size(timestamp_delta) +
                                   key_value_headers.count());
}
inline std::int32_t record_body_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                                     const RecordView& record) {
  return record_body_size(offset_delta, timestamp_delta, key_value_headers_size(record));
}

// The whole record. In Kafka: DefaultRecord.sizeInBytes.
inline Bytes record_size(std::int32_t body_size) {
  return Bytes{std::int64_t{varint_size(body_size)} + body_size};
}
inline Bytes record_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                         const RecordView& record) {
  return record_size(record_body_size(offset_delta, timestamp_delta, record));
}

namespace internal {

inline Byte* write_bytes(Byte* at, ByteSpan bytes) {
  at = write_varint(at, static_cast<std::int32_t>(bytes.size()));
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

inline Byte* write_nullable_bytes(Byte* at, const std::optional<ByteSpan>& bytes) {
  return bytes ? write_bytes(at, *bytes) : write_varint(at, -1);
}

}  // namespace internal

// Writes a record at `at` and returns the place behind. Requires: record_size(body_size) bytes
// there, and the body_size is the record_body_size(…).
inline Byte* write_record(Byte* at, std::int32_t body_size, std::int32_t offset_delta,
                          std::int64_t timestamp_delta, const RecordView& record) {
  at = write_varint(at, body_size);
  *at++ = 0;  // attributes; none are defined
  at = write_varlong(at, timestamp_delta);
  at = write_varint(at, offset_delta);
  at = internal::write_nullable_bytes(at, record.key);
  at = internal::write_nullable_bytes(at, record.value);
  at = write_varint(at, static_cast<std::int32_t>(record.headers.size()));
  for (const RecordHeader& header : record.headers) {
    at = internal::write_bytes(at, bytes_of(header.key));
    at = internal::write_nullable_bytes(at, header.value);
  }
  return at;
}

// A batch of this record alone is never larger, wherever and whenever it stands: each varint that
// depends on that counts as long as it can be. Kafka checks max.request.size and buffer.memory
// against it, and allocates a new batch's buffer by it; it never decides by it whether a record
// still fits. In Kafka: DefaultRecordBatch.estimateBatchSizeUpperBound.
inline Bytes batch_size_upper_bound(Bytes key_value_headers) {
  constexpr Bytes kMaxRecordOverhead{1 + kMaxVarintSize + kMaxVarlongSize + kMaxVarintSize};
  return kRecordBatchOverhead + kMaxRecordOverhead + key_value_headers;
}
inline Bytes batch_size_upper_bound(const RecordView& record) {
  return batch_size_upper_bound(key_value_headers_size(record));
}

}  // namespace linger::core
