// How a producer writes its batches, and what it believes their sizes to be.
#pragma once

#include "core/bytes.h"
#include "core/compression.h"
#include "core/message_set.h"
#include "core/record.h"

namespace linger::core {

struct RecordFormat {
  Magic magic = Magic::V2;
  Compression compression{};
  // What stands before compressed records counts in estimates, and the wrapper of format 1 in upper
  // bounds. Before 0.11 neither did (KIP-126).
  bool counts_header = true;
  friend bool operator==(const RecordFormat&, const RecordFormat&) = default;

  bool is_compressed() const { return compression.type != CompressionType::None; }
};

// What stands before a batch's records: a batch header, the wrapper of compressed messages, or
// nothing. In Kafka: AbstractRecords.recordBatchHeaderSizeInBytes.
inline Bytes header_size(const RecordFormat& format) {
  if (format.magic == Magic::V2) return kRecordBatchOverhead;
  return format.is_compressed() ? wrapper_size(format.magic) : Bytes{0};
}

// As batch_size_upper_bound (record.h), in any format. What a codec may add is not counted; in
// format 1 the offset and size of the message inside a wrapper are not, either.
// In Kafka: AbstractRecords.estimateSizeInBytesUpperBound.
inline Bytes batch_size_upper_bound(const RecordFormat& format, const RecordView& record) {
  if (format.magic == Magic::V2) return batch_size_upper_bound(record);
  const Bytes message = message_size(format.magic, record);
  if (!format.is_compressed() || !format.counts_header) return message;
  return wrapper_size(format.magic) + message - kLogOverhead;
}

}  // namespace linger::core
