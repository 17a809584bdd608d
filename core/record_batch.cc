#include "core/record_batch.h"

#include <limits>
#include <utility>

#include "core/byte_writer.h"
#include "core/check.h"
#include "core/crc32c.h"
#include "core/varint.h"

namespace linger::core {
namespace {

// Where the fields of the header stand.
constexpr std::size_t kLeaderEpochAt = 12;
constexpr std::size_t kBatchCrcAt = 17;
constexpr std::size_t kAttributesAt = 21;
constexpr std::size_t kMaxTimestampAt = 35;

// The base offset and the length itself, which the length does not count.
constexpr std::size_t kBatchLogOverhead = 12;

void update_crc(std::span<Byte> batch) {
  store(batch.data() + kBatchCrcAt, crc32c(batch.subspan(kAttributesAt)));
}

// Sums as Java does, which wraps around.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::optional<ByteSpan> read_nullable_bytes(ByteReader& body) {
  const std::optional<std::size_t> size = body.varint_length();
  if (!size) return std::nullopt;
  return body.raw(*size);
}

std::optional<ByteVector> copied(std::optional<ByteSpan> bytes) {
  if (!bytes) return std::nullopt;
  return ByteVector(bytes->begin(), bytes->end());
}

Record record_of(const RecordView& record) {
  return {record.timestamp,
          copied(record.key),
          copied(record.value),
          {record.headers.begin(), record.headers.end()}};
}

RecordBatchHeader read_header(ByteReader& reader) {
  RecordBatchHeader header;
  header.base_offset = reader.integer<std::int64_t>();
  header.batch_length = reader.integer<std::int32_t>();
  const auto behind_length = static_cast<std::int64_t>(reader.remaining());
  if (header.batch_length > behind_length) reader.fail("the batch is cut off");
  if (header.batch_length < static_cast<std::int32_t>(kRecordBatchHeaderSize - kBatchLogOverhead)) {
    reader.fail("the batch is shorter than its header");
  }
  header.partition_leader_epoch = reader.integer<std::int32_t>();
  if (reader.integer<std::int8_t>() != static_cast<std::int8_t>(Magic::V2))
    reader.fail("the magic is not 2");
  header.crc = reader.integer<std::uint32_t>();
  header.attributes = reader.integer<std::int16_t>();
  header.last_offset_delta = reader.integer<std::int32_t>();
  header.base_timestamp = reader.integer<std::int64_t>();
  header.max_timestamp = reader.integer<std::int64_t>();
  header.producer_id_and_epoch.producer_id = reader.integer<std::int64_t>();
  header.producer_id_and_epoch.epoch = reader.integer<std::int16_t>();
  header.base_sequence = reader.integer<std::int32_t>();
  header.record_count = reader.integer<std::int32_t>();
  return header;
}

}  // namespace

Byte* write_record(Byte* at, std::int32_t offset_delta, std::int64_t timestamp_delta,
                   const RecordView& record) {
  const std::int32_t body_size = record_body_size(offset_delta, timestamp_delta, record);
  return write_record(at, body_size, offset_delta, timestamp_delta, record);
}

Bytes append_record(ByteVector& out, std::int32_t offset_delta, std::int64_t timestamp_delta,
                    const RecordView& record) {
  const std::int32_t body_size = record_body_size(offset_delta, timestamp_delta, record);
  const std::size_t before = out.size();
  const auto size = static_cast<std::size_t>(varint_size(body_size) + body_size);
  out.resize(before + size);
  write_record(out.data() + before, body_size, offset_delta, timestamp_delta, record);
  return Bytes{static_cast<std::int64_t>(size)};
}

std::int32_t RecordBatchHeader::last_sequence() const {
  if (base_sequence < 0) return base_sequence;
  const std::int64_t last = std::int64_t{base_sequence} + last_offset_delta;
  constexpr std::int64_t kSequences = std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1;
  return static_cast<std::int32_t>(last % kSequences);
}

void write_batch_header(std::span<Byte> batch, const RecordBatchHeader& header) {
  CHECK(batch.size() >= kRecordBatchHeaderSize);
  CHECK(batch.size() - kBatchLogOverhead <= std::numeric_limits<std::int32_t>::max());
  Byte* at = store(batch.data(), header.base_offset);
  at = store(at, static_cast<std::int32_t>(batch.size() - kBatchLogOverhead));
  at = store(at, header.partition_leader_epoch);
  at = store(at, static_cast<std::int8_t>(Magic::V2));
  at = store(at, std::uint32_t{0});  // the checksum, below
  at = store(at, header.attributes);
  at = store(at, header.last_offset_delta);
  at = store(at, header.base_timestamp);
  at = store(at, header.max_timestamp);
  at = store(at, header.producer_id_and_epoch.producer_id);
  at = store(at, header.producer_id_and_epoch.epoch);
  at = store(at, header.base_sequence);
  store(at, header.record_count);
  update_crc(batch);
}

void set_base_offset(std::span<Byte> batch, std::int64_t base_offset) {
  CHECK(batch.size() >= kRecordBatchHeaderSize);
  store(batch.data(), base_offset);
}

void set_partition_leader_epoch(std::span<Byte> batch, std::int32_t epoch) {
  CHECK(batch.size() >= kRecordBatchHeaderSize);
  store(batch.data() + kLeaderEpochAt, epoch);
}

void set_log_append_time(std::span<Byte> batch, std::int64_t timestamp) {
  CHECK(batch.size() >= kRecordBatchHeaderSize);
  Byte* attributes = batch.data() + kAttributesAt;
  store(attributes, static_cast<std::int16_t>(load<std::int16_t>(attributes) | kLogAppendTimeFlag));
  store(batch.data() + kMaxTimestampAt, timestamp);
  update_crc(batch);
}

Decoded<RecordBatchHeader> decode_batch_header(ByteSpan records) {
  ByteReader reader{records};
  const RecordBatchHeader header = read_header(reader);
  if (!reader.ok()) return reader.error();
  return header;
}

Decoded<RecordBatchHeader> decode_checked_batch_header(ByteSpan batch) {
  const Decoded<RecordBatchHeader> header = decode_batch_header(batch);
  if (!header.ok()) return header;
  const std::int64_t size = header.value().size().count();
  if (size != static_cast<std::int64_t>(batch.size())) {
    return DecodeError{"bytes are left over", size};
  }
  if (header.value().crc != crc32c(batch.subspan(kAttributesAt))) {
    return DecodeError{"the checksum does not match", kBatchCrcAt};
  }
  return header;
}

Decoded<std::vector<ByteSpan>> split_batches(ByteSpan records) {
  std::vector<ByteSpan> batches;
  std::size_t at = 0;
  while (at < records.size()) {
    const Decoded<RecordBatchHeader> header = decode_batch_header(records.subspan(at));
    if (!header.ok()) {
      const DecodeError& error = header.error();
      return DecodeError{error.what, error.offset + static_cast<std::int64_t>(at)};
    }
    const auto size = static_cast<std::size_t>(header.value().size().count());
    batches.push_back(records.subspan(at, size));
    at += size;
  }
  return batches;
}

RecordReader::RecordReader(const RecordBatchHeader& header, ByteSpan records)
    : header_{header}, reader_{records} {
  if (header.record_count < 0) reader_.fail("a negative count of records");
  if (header.last_offset_delta != std::int64_t{header.record_count} - 1) {
    reader_.fail("the last offset delta does not fit the count of records");
  }
}

std::optional<RecordView> RecordReader::next() {
  if (read_ == header_.record_count) reader_.expect_end();
  if (!ok() || read_ == header_.record_count) return std::nullopt;
  ByteReader body = reader_.part(reader_.not_null(reader_.varint_length()));
  body.integer<std::int8_t>();  // attributes; none are defined
  RecordView record;
  record.timestamp = wrapping_sum(header_.base_timestamp, body.varlong());
  if (header_.is_log_append_time()) record.timestamp = header_.max_timestamp;
  if (body.varint() != read_) body.fail("an offset delta out of order");
  record.key = read_nullable_bytes(body);
  record.value = read_nullable_bytes(body);
  read_headers(body);
  record.headers = headers_;
  body.expect_end();
  reader_.fail_like(body);
  if (!ok()) return std::nullopt;
  ++read_;
  return record;
}

void RecordReader::read_headers(ByteReader& body) {
  headers_.clear();
  const std::size_t count = body.not_null(body.varint_length());
  for (std::size_t i = 0; i < count && body.ok(); ++i) {
    RecordHeader& header = headers_.emplace_back();
    header.key = text_of(body.raw(body.not_null(body.varint_length())));
    header.value = copied(read_nullable_bytes(body));
  }
}

Decoded<ByteSpan> uncompressed_records(const RecordBatchHeader& header, ByteSpan batch,
                                       ByteVector& storage) {
  const ByteSpan records = batch.subspan(kRecordBatchHeaderSize);
  if (header.compression_codec() == 0) return records;
  if (header.compression_codec() >= kCodecCount) {
    return DecodeError{"an unknown codec", kAttributesAt};
  }
  const auto type = static_cast<CompressionType>(header.compression_codec());
  auto uncompressed = decompress(type, Magic::V2, records);
  if (!uncompressed.ok()) return uncompressed.error();
  storage = std::move(uncompressed).value();
  return ByteSpan{storage};
}

Decoded<std::vector<Record>> decode_records(const RecordBatchHeader& header, ByteSpan records) {
  RecordReader reader{header, records};
  std::vector<Record> copies;
  while (const std::optional<RecordView> record = reader.next())
    copies.push_back(record_of(*record));
  if (!reader.ok()) return reader.error();
  return copies;
}

Decoded<RecordBatch> decode_batch(ByteSpan batch) {
  const Decoded<RecordBatchHeader> header = decode_checked_batch_header(batch);
  if (!header.ok()) return header.error();
  ByteVector storage;
  const auto uncompressed = uncompressed_records(header.value(), batch, storage);
  if (!uncompressed.ok()) return uncompressed.error();
  auto records = decode_records(header.value(), *uncompressed);
  if (!records.ok()) {
    // Compressed, the records have no place of their own in the batch.
    const DecodeError& error = records.error();
    const bool is_compressed = header.value().compression_codec() != 0;
    return is_compressed
               ? error
               : DecodeError{error.what, error.offset + std::int64_t{kRecordBatchHeaderSize}};
  }
  return RecordBatch{header.value(), std::move(records).value()};
}

}  // namespace linger::core
