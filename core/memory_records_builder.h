// Writes records into a batch's buffer, and the batch's header in front of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/cow.h"
#include "core/id.h"
#include "core/message_set.h"
#include "core/record.h"
#include "core/record_format.h"

namespace linger::core {

// A batch as it grows. What stands before its records is left open until close(); the records are
// encoded as they come.
//
//   appending ── close_for_appends() ──▶ sized ── close() ──▶ built: header and checksum stand
//
// The batch is full when its size reaches the write limit; a batch without records is never full
// and takes any record (KAFKA-4761). Without a codec the size is what is written. With one it is an
// estimate until the batch is built, from the uncompressed bytes and the compression ratio that the
// batch was told; then it is exact, and may be more than the buffer's capacity.
//
// While a batch is open Kafka's numbers depend on what went into the codec, never on what came out
// of it. So the records are kept as they are, beside the buffer, and compressed once, by close():
// no stream has to live in a copy of the world.
//
// In Kafka: MemoryRecordsBuilder. Differs: a compressed batch reaches its buffer all at once; in
// Kafka the codec lets go of its bytes little by little. That shows only if somebody still reads
// the buffer for a request of the batch before (KAFKA-19012).
class MemoryRecordsBuilder {
 public:
  struct Settings {
    RecordFormat format{};
    Bytes capacity;     // of the buffer, at first
    Bytes write_limit;  // the capacity; batch.size before 0.11
    float ratio = 1;    // float: as Kafka has it. What compressed size to expect
  };
  MemoryRecordsBuilder(BufferId buffer, const Settings& settings);
  // Format 2, no codec.
  MemoryRecordsBuilder(BufferId buffer, Bytes capacity)
      : MemoryRecordsBuilder{buffer, Settings{.capacity = capacity, .write_limit = capacity}} {}

  Bytes size_of_next(const RecordView& record) const;
  bool has_room_for(const RecordView& record) const;
  bool is_full() const;

  // Requires: not closed for appends. The caller asks has_room_for() first.
  void append(const RecordView& record, BufferStore& store);
  // Both at once. False, and nothing is written, if there is no room.
  bool try_append(const RecordView& record, BufferStore& store);

  // The same, one after the other, where the size of the record's parts is known.
  struct NextSize {
    Bytes whole;
    std::int32_t body = 0;  // in format 2
  };
  NextSize next_size(const RecordView& record, Bytes key_value_headers) const;
  bool has_room_for(const NextSize& next) const {
    return !closed_for_appends_ &&
           (record_count_ == 0 || size_ + next.whole <= settings_.write_limit);
  }
  void append(const RecordView& record, const NextSize& size, BufferStore& store);

  void close_for_appends() { closed_for_appends_ = true; }
  bool is_closed_for_appends() const { return closed_for_appends_; }

  // Before 0.11 every open batch sees what others found out.
  void expect_ratio(float ratio);  // float: as Kafka has it

  // Under which identity and from which sequence on the broker will know the records. After close()
  // the header is written anew by the next close().
  void set_producer_state(ProducerIdAndEpoch producer, std::int32_t base_sequence,
                          bool is_transactional);
  bool has_sequence() const { return base_sequence_ >= 0; }
  std::int32_t base_sequence() const { return base_sequence_; }
  ProducerIdAndEpoch producer() const { return producer_; }
  bool is_transactional() const { return is_transactional_; }

  void close(BufferStore& store);
  bool is_built() const { return is_built_; }

  const RecordFormat& format() const { return settings_.format; }
  BufferId buffer() const { return buffer_; }
  Bytes capacity() const { return settings_.capacity; }
  Bytes write_limit() const { return settings_.write_limit; }
  Bytes size() const { return size_; }
  std::int32_t record_count() const { return record_count_; }

  // Old formats without a codec have no batch that could be split; a single record cannot be.
  bool can_be_split() const {
    return record_count_ > 1 &&
           (settings_.format.magic == Magic::V2 || settings_.format.is_compressed());
  }

  // Of the records, as they went in.
  Bytes uncompressed_size() const { return uncompressed_size_; }
  float expected_ratio() const { return settings_.ratio; }  // float: as Kafka has it
  // What came out over what went in; 1 until the batch was closed, and without a codec.
  float observed_ratio() const { return observed_ratio_; }  // float: as Kafka has it
  // Compressed records may need more than the buffer had: Kafka then writes into a larger one, of
  // which the pool knows nothing. Of an open batch it is what closing would show.
  bool has_outgrown_buffer() const;

 private:
  friend class StateWalk;

  Bytes header_size() const { return core::header_size(settings_.format); }
  Bytes size_by_estimate() const;
  Byte* room_in_buffer(Bytes needed, BufferStore& store);
  void grow(ByteVector& bytes, std::size_t size) const;
  Byte* room_beside_buffer(Bytes needed);
  ByteVector compressed() const;
  void write_compressed(BufferStore& store);
  void write_header(BufferStore& store);

  BufferId buffer_;
  Settings settings_;
  std::optional<Cow<ByteVector>> uncompressed_;  // with a codec, until they are compressed
  Bytes size_;
  Bytes uncompressed_size_;
  Bytes written_size_;  // of the records in the buffer
  std::int32_t record_count_ = 0;
  std::int64_t base_timestamp_ = 0;
  std::int64_t max_timestamp_ = -1;
  float observed_ratio_ = 1;  // float: as Kafka has it
  ProducerIdAndEpoch producer_;
  std::int32_t base_sequence_ = -1;
  bool is_transactional_ = false;
  bool closed_for_appends_ = false;
  bool is_built_ = false;
};

// --- What each record passes ---

inline MemoryRecordsBuilder::NextSize MemoryRecordsBuilder::next_size(
    const RecordView& record, Bytes key_value_headers) const {
  if (settings_.format.magic != Magic::V2) return {message_size(settings_.format.magic, record)};
  const std::int64_t delta = record_count_ == 0 ? 0 : record.timestamp - base_timestamp_;
  const std::int32_t body = record_body_size(record_count_, delta, key_value_headers);
  return {record_size(body), body};
}

inline bool MemoryRecordsBuilder::is_full() const {
  return closed_for_appends_ || (record_count_ > 0 && size_ >= settings_.write_limit);
}

inline void MemoryRecordsBuilder::append(const RecordView& record, const NextSize& size,
                                         BufferStore& store) {
  CHECK(!closed_for_appends_);
  if (record_count_ == 0) base_timestamp_ = record.timestamp;
  Byte* at = uncompressed_ ? room_beside_buffer(size.whole) : room_in_buffer(size.whole, store);
  if (settings_.format.magic == Magic::V2) {
    write_record(at, size.body, record_count_, record.timestamp - base_timestamp_, record);
  } else {
    write_message(at, settings_.format.magic, record_count_, record);
  }
  uncompressed_size_ += size.whole;
  size_ = uncompressed_ ? size_by_estimate() : size_ + size.whole;
  ++record_count_;
  max_timestamp_ = std::max(max_timestamp_, record.timestamp);
}

// A buffer that was used before still holds what was written then: only what is overwritten
// changes, as with a ByteBuffer.
inline Byte* MemoryRecordsBuilder::room_in_buffer(Bytes needed, BufferStore& store) {
  ByteVector& bytes = store.write(buffer_);
  const auto end = static_cast<std::size_t>((size_ + needed).count());
  if (bytes.size() < end) [[unlikely]]
    grow(bytes, end);
  return bytes.data() + size_.count();
}

}  // namespace linger::core
