// Record batches (format 2): what a producer sends, a broker stores and a consumer fetches.
//
//    0 base offset         8 │ set by the broker, outside the checksum
//    8 batch length        4 │ of what follows it
//   12 leader epoch        4 │ set by the broker, outside the checksum
//   16 magic = 2           1
//   17 CRC-32C             4   of everything after it:
//   21 attributes          2   codec, timestamp type, transactional, control
//   23 last offset delta   4
//   27 base timestamp      8
//   35 max timestamp       8
//   43 producer id, epoch  10
//   53 base sequence       4
//   57 record count        4
//   61 the records, as one compressed block if there is a codec
//
// In Kafka: DefaultRecordBatch, DefaultRecord.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/compression.h"
#include "core/id.h"
#include "core/record.h"

namespace linger::core {

// --- Records ---

// Writes a record at `at` and returns the place behind. Requires: record_size(…) bytes there.
Byte* write_record(Byte* at, std::int32_t offset_delta, std::int64_t timestamp_delta,
                   const RecordView& record);

// Writes a record behind what `out` holds. Returns how many bytes it took.
Bytes append_record(ByteVector& out, std::int32_t offset_delta, std::int64_t timestamp_delta,
                    const RecordView& record);

// --- The header ---

inline constexpr std::size_t kRecordBatchHeaderSize = 61;

// The bits of a batch's attributes.
inline constexpr std::int16_t kCompressionCodecMask = 0x07;  // none, gzip, snappy, lz4, zstd
inline constexpr std::int16_t kLogAppendTimeFlag = 0x08;     // else the producer's create time
inline constexpr std::int16_t kTransactionalFlag = 0x10;
inline constexpr std::int16_t kControlFlag = 0x20;  // a commit or abort marker
inline constexpr std::int16_t kDeleteHorizonFlag = 0x40;

struct RecordBatchHeader {
  std::int64_t base_offset = 0;
  std::int32_t batch_length = 0;  // what stands behind this field
  std::int32_t partition_leader_epoch = -1;
  Magic magic = Magic::V2;  // another one stands for a message set (message_set.h)
  std::uint32_t crc = 0;
  std::int16_t attributes = 0;
  std::int32_t last_offset_delta = 0;
  std::int64_t base_timestamp = 0;
  std::int64_t max_timestamp = 0;
  ProducerIdAndEpoch producer_id_and_epoch{};
  std::int32_t base_sequence = -1;
  std::int32_t record_count = 0;

  Bytes size() const { return Bytes{std::int64_t{batch_length} + 12}; }
  int compression_codec() const { return attributes & kCompressionCodecMask; }
  bool is_log_append_time() const { return (attributes & kLogAppendTimeFlag) != 0; }
  bool is_transactional() const { return (attributes & kTransactionalFlag) != 0; }
  bool is_control() const { return (attributes & kControlFlag) != 0; }
  std::int64_t last_offset() const { return base_offset + last_offset_delta; }
  // The sequence of the last record; it starts again at 0 after the largest int32.
  std::int32_t last_sequence() const;
  friend bool operator==(const RecordBatchHeader&, const RecordBatchHeader&) = default;
};

// Writes the first 61 bytes of `batch`, whose records stand behind them already. Length, magic and
// checksum are found out, whatever `header` says of them. Requires: batch.size() >= 61.
void write_batch_header(std::span<Byte> batch, const RecordBatchHeader& header);

// --- What a broker changes ---

// Neither is under the checksum. Requires: a batch.
void set_base_offset(std::span<Byte> batch, std::int64_t base_offset);
void set_partition_leader_epoch(std::span<Byte> batch, std::int32_t epoch);

// Every record of the batch now tells this time, and the checksum is a new one. Requires: a batch.
void set_log_append_time(std::span<Byte> batch, std::int64_t timestamp);

// --- Reading ---

// The header of the batch that `records` begins with. Its length is one that `records` has room
// for; its checksum is not looked at.
Decoded<RecordBatchHeader> decode_batch_header(ByteSpan records);

// The same, and nothing stands behind the batch, and its checksum is right.
Decoded<RecordBatchHeader> decode_checked_batch_header(ByteSpan batch);

// The batches that stand behind one another, each a view. Checksums are not looked at.
Decoded<std::vector<ByteSpan>> split_batches(ByteSpan records);

// Reads the records of one batch, one behind another, without copying keys and values.
//
//   RecordReader reader{header, records};
//   while (const std::optional<RecordView> record = reader.next()) …
//   if (!reader.ok()) … reader.error() …
//
// It is an error if the records are fewer or more than the header counts, if bytes are left over,
// or if the offset deltas are not 0, 1, 2, …. Differs: a batch that a broker has compacted may have
// gaps.
class RecordReader {
 public:
  // `records` is what stands behind the header, uncompressed. Offsets in errors count from its
  // start.
  RecordReader(const RecordBatchHeader& header, ByteSpan records);

  // Nothing at the end, and after an error. The view holds until the next call.
  std::optional<RecordView> next();

  bool ok() const { return reader_.ok(); }
  DecodeError error() const { return reader_.error(); }

 private:
  void read_headers(ByteReader& body);

  RecordBatchHeader header_;
  ByteReader reader_;
  std::int32_t read_ = 0;
  std::vector<RecordHeader> headers_;
};

// The records behind the header of a batch, as RecordReader takes them. They stand in `storage` if
// a codec hid them, else in the batch.
Decoded<ByteSpan> uncompressed_records(const RecordBatchHeader& header, ByteSpan batch,
                                       ByteVector& storage);

// All records of one batch, as values of their own. `records` as for RecordReader.
Decoded<std::vector<Record>> decode_records(const RecordBatchHeader& header, ByteSpan records);

struct RecordBatch {
  RecordBatchHeader header;
  std::vector<Record> records;
  friend bool operator==(const RecordBatch&, const RecordBatch&) = default;
};

// A whole batch: checksum, lengths, counts and records.
Decoded<RecordBatch> decode_batch(ByteSpan batch);

}  // namespace linger::core
