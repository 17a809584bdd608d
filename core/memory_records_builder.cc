#include "core/memory_records_builder.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "core/check.h"
#include "core/record_batch.h"

namespace linger::core {

Bytes MemoryRecordsBuilder::size_of_next(const RecordView& record) const {
  const std::int64_t delta = record_count_ == 0 ? 0 : record.timestamp - base_timestamp_;
  return record_size(record_count_, delta, record);
}

bool MemoryRecordsBuilder::is_full() const {
  return closed_for_appends_ || (record_count_ > 0 && size_ >= capacity_);
}

bool MemoryRecordsBuilder::has_room_for(const RecordView& record) const {
  if (is_full()) return false;
  return record_count_ == 0 || size_ + size_of_next(record) <= capacity_;
}

void MemoryRecordsBuilder::append(const RecordView& record, BufferStore& store) {
  CHECK(!closed_for_appends_);
  if (record_count_ == 0) base_timestamp_ = record.timestamp;
  const Bytes needed = size_of_next(record);
  ByteVector& bytes = store.write(buffer_);
  // A buffer that was used before still holds what was written then: only what is overwritten
  // changes, as with a ByteBuffer.
  const auto end = static_cast<std::size_t>((size_ + needed).count());
  if (bytes.size() < end) {
    bytes.reserve(static_cast<std::size_t>(std::max(capacity_, size_ + needed).count()));
    bytes.resize(end);
  }
  write_record(bytes.data() + size_.count(), record_count_, record.timestamp - base_timestamp_,
               record);
  size_ += needed;
  ++record_count_;
  max_timestamp_ = std::max(max_timestamp_, record.timestamp);
}

void MemoryRecordsBuilder::set_producer_state(ProducerIdAndEpoch producer,
                                              std::int32_t base_sequence, bool is_transactional) {
  producer_ = producer;
  base_sequence_ = base_sequence;
  is_transactional_ = is_transactional;
  is_built_ = false;
}

void MemoryRecordsBuilder::close(BufferStore& store) {
  closed_for_appends_ = true;
  if (is_built_) return;
  CHECK(record_count_ > 0);
  RecordBatchHeader header;
  header.attributes = is_transactional_ ? kTransactionalFlag : std::int16_t{0};
  header.last_offset_delta = record_count_ - 1;
  header.base_timestamp = base_timestamp_;
  header.max_timestamp = max_timestamp_;
  header.producer_id_and_epoch = producer_;
  header.base_sequence = base_sequence_;
  header.record_count = record_count_;
  ByteVector& bytes = store.write(buffer_);
  write_batch_header(std::span<Byte>{bytes}.first(static_cast<std::size_t>(size_.count())), header);
  is_built_ = true;
}

}  // namespace linger::core
