// Writes records into a batch's buffer, and the batch's header in front of them.
#pragma once

#include <cstdint>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/record.h"

namespace linger::core {

// A record batch of format v2 as it grows: 61 bytes of header, left open until close(), then the
// records, encoded as they come.
//
//   appending ── close_for_appends() ──▶ sized ── close() ──▶ built: header and CRC stand
//
// The batch is full when what is written reaches the write limit, which is the buffer's capacity; a
// batch without records is never full and takes any record (KAFKA-4761).
// In Kafka: MemoryRecordsBuilder. Differs: no compression yet, so the size is always exact.
class MemoryRecordsBuilder {
 public:
  MemoryRecordsBuilder(BufferId buffer, Bytes capacity) : buffer_{buffer}, capacity_{capacity} {}

  Bytes size_of_next(const RecordView& record) const;
  bool has_room_for(const RecordView& record) const;
  bool is_full() const;

  // Requires: not closed for appends. The caller asks has_room_for() first.
  void append(const RecordView& record, BufferStore& store);

  void close_for_appends() { closed_for_appends_ = true; }
  bool is_closed_for_appends() const { return closed_for_appends_; }

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

  BufferId buffer() const { return buffer_; }
  Bytes capacity() const { return capacity_; }
  Bytes size() const { return size_; }
  std::int32_t record_count() const { return record_count_; }

 private:
  BufferId buffer_;
  Bytes capacity_;
  Bytes size_ = kRecordBatchOverhead;
  std::int32_t record_count_ = 0;
  std::int64_t base_timestamp_ = 0;
  std::int64_t max_timestamp_ = -1;
  ProducerIdAndEpoch producer_;
  std::int32_t base_sequence_ = -1;
  bool is_transactional_ = false;
  bool closed_for_appends_ = false;
  bool is_built_ = false;
};

}  // namespace linger::core
