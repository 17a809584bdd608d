#include "core/memory_records_builder.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "core/check.h"
#include "core/compression_ratio_estimator.h"
#include "core/record_batch.h"

namespace linger::core {

MemoryRecordsBuilder::MemoryRecordsBuilder(BufferId buffer, const Settings& settings)
    : buffer_{buffer}, settings_{settings} {
  if (settings_.format.is_compressed()) uncompressed_.emplace();
  size_ = size_by_estimate();
}

Bytes MemoryRecordsBuilder::size_of_next(const RecordView& record) const {
  return next_size(record, key_value_headers_size(record)).whole;
}

bool MemoryRecordsBuilder::has_room_for(const RecordView& record) const {
  return has_room_for(next_size(record, key_value_headers_size(record)));
}

Bytes MemoryRecordsBuilder::size_by_estimate() const {
  if (!settings_.format.is_compressed()) return header_size() + uncompressed_size_;
  const Bytes header = settings_.format.counts_header ? header_size() : Bytes{0};
  return header + estimated_compressed_size(uncompressed_size_, settings_.ratio);
}

void MemoryRecordsBuilder::expect_ratio(float ratio) {  // float: as Kafka has it
  settings_.ratio = ratio;
  if (!is_built_) size_ = size_by_estimate();
}

void MemoryRecordsBuilder::append(const RecordView& record, BufferStore& store) {
  append(record, next_size(record, key_value_headers_size(record)), store);
}

bool MemoryRecordsBuilder::try_append(const RecordView& record, BufferStore& store) {
  const NextSize size = next_size(record, key_value_headers_size(record));
  if (!has_room_for(size)) return false;
  append(record, size, store);
  return true;
}

void MemoryRecordsBuilder::grow(ByteVector& bytes, std::size_t size) const {
  bytes.reserve(std::max(static_cast<std::size_t>(settings_.capacity.count()), size));
  bytes.resize(size);
}

Byte* MemoryRecordsBuilder::room_beside_buffer(Bytes needed) {
  ByteVector& bytes = uncompressed_->write();
  const std::size_t before = bytes.size();
  bytes.resize(before + static_cast<std::size_t>(needed.count()));
  return bytes.data() + before;
}

void MemoryRecordsBuilder::set_producer_state(ProducerIdAndEpoch producer,
                                              std::int32_t base_sequence, bool is_transactional) {
  if (producer.is_valid()) {
    CHECK(format().magic == Magic::V2 && producer.epoch >= 0 && base_sequence >= 0);
  } else {
    CHECK(!is_transactional);
  }
  producer_ = producer;
  base_sequence_ = base_sequence;
  is_transactional_ = is_transactional;
  is_built_ = false;
  size_ = size_by_estimate();  // once more, although the codec has done its work
}

void MemoryRecordsBuilder::close(BufferStore& store) {
  closed_for_appends_ = true;
  if (is_built_) return;
  CHECK(record_count_ > 0);
  if (uncompressed_) {
    write_compressed(store);
  } else if (!settings_.format.is_compressed()) {
    written_size_ = uncompressed_size_;
  }
  write_header(store);
  is_built_ = true;
  size_ = header_size() + written_size_;
}

ByteVector MemoryRecordsBuilder::compressed() const {
  return compress(settings_.format.compression, settings_.format.magic, **uncompressed_);
}

void MemoryRecordsBuilder::write_compressed(BufferStore& store) {
  const ByteVector records = compressed();
  uncompressed_.reset();
  written_size_ = Bytes{static_cast<std::int64_t>(records.size())};
  observed_ratio_ = static_cast<float>(written_size_.count()) /      // float: as Kafka has it
                    static_cast<float>(uncompressed_size_.count());  // float: as Kafka has it
  const auto header = static_cast<std::size_t>(header_size().count());
  ByteVector& bytes = store.write(buffer_);
  if (bytes.size() < header + records.size()) bytes.resize(header + records.size());
  std::copy(records.begin(), records.end(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
}

void MemoryRecordsBuilder::write_header(BufferStore& store) {
  const auto size = static_cast<std::size_t>((header_size() + written_size_).count());
  const RecordFormat& format = settings_.format;
  if (format.magic != Magic::V2) {
    if (!format.is_compressed()) return;
    write_wrapper(std::span<Byte>{store.write(buffer_)}.first(size),
                  {.magic = format.magic,
                   .compression = format.compression.type,
                   .last_offset = record_count_ - 1,
                   .max_timestamp = max_timestamp_});
    return;
  }
  RecordBatchHeader header;
  header.attributes = static_cast<std::int16_t>(format.compression.type);
  if (is_transactional_) header.attributes |= kTransactionalFlag;
  header.last_offset_delta = record_count_ - 1;
  header.base_timestamp = base_timestamp_;
  header.max_timestamp = max_timestamp_;
  header.producer_id_and_epoch = producer_;
  header.base_sequence = base_sequence_;
  header.record_count = record_count_;
  write_batch_header(std::span<Byte>{store.write(buffer_)}.first(size), header);
}

bool MemoryRecordsBuilder::has_outgrown_buffer() const {
  if (!settings_.format.is_compressed()) return false;
  const Bytes records =
      uncompressed_ ? Bytes{static_cast<std::int64_t>(compressed().size())} : written_size_;
  return header_size() + records > settings_.capacity;
}

}  // namespace linger::core
