// Batches of any records, in any format, with any codec.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/memory_records_builder.h"
#include "core/message_set.h"
#include "core/record_batch.h"

namespace linger::core {
namespace {

RecordFormat any_format() {
  RecordFormat format;
  format.magic = *rc::gen::element(Magic::V1, Magic::V2);
  const int codecs = format.magic == Magic::V2 ? kCodecCount : kCodecCount - 1;  // zstd came later
  format.compression =
      compression_of(CompressionType{static_cast<std::uint8_t>(*rc::gen::inRange(0, codecs))});
  format.counts_header = *rc::gen::arbitrary<bool>();
  return format;
}

// From nothing to more than a block of snappy or lz4, some of it worth compressing.
ByteVector any_value() {
  const auto size = *rc::gen::element<std::size_t>(0, 1, 60, 1'000, 33'000, 70'000);
  ByteVector value(size);
  const auto step = *rc::gen::inRange<std::uint32_t>(0, 1'000'003);
  for (std::size_t i = 0; i < size; ++i) value[i] = static_cast<Byte>(i * step >> 8);
  return value;
}

std::optional<ByteVector> any_nullable_value() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return any_value();
}

Record any_record(Magic magic) {
  Record record;
  record.timestamp = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000);
  record.key = any_nullable_value();
  record.value = any_nullable_value();
  if (magic == Magic::V2 && *rc::gen::arbitrary<bool>()) {
    record.headers.push_back({"header", any_nullable_value()});
  }
  return record;
}

class AnyBatch {
 public:
  AnyBatch() : format_{any_format()} {
    const auto count = *rc::gen::inRange<std::size_t>(1, 5);
    for (std::size_t i = 0; i < count; ++i) records_.push_back(any_record(format_.magic));
  }

  const RecordFormat& format() const { return format_; }
  const std::vector<Record>& records() const { return records_; }

  // As a producer writes it.
  MemoryRecordsBuilder build() {
    MemoryRecordsBuilder builder{
        store_.create(), {.format = format_, .capacity = Bytes{16'384}, .write_limit = Bytes{1}}};
    for (const Record& record : records_) {
      const Bytes before = builder.uncompressed_size();
      const Bytes next = builder.size_of_next(record.view());
      builder.append(record.view(), store_);
      RC_ASSERT(builder.uncompressed_size() == before + next);
    }
    builder.close(store_);
    return builder;
  }
  // Under another identity, as a retry after a new epoch is.
  void rewrite(MemoryRecordsBuilder& builder, ProducerIdAndEpoch producer, std::int32_t sequence) {
    builder.set_producer_state(producer, sequence, false);
    builder.close(store_);
  }
  ByteSpan written(const MemoryRecordsBuilder& builder) const {
    return ByteSpan{store_.bytes(builder.buffer())}.first(
        static_cast<std::size_t>(builder.size().count()));
  }
  std::vector<Record> read(ByteSpan bytes) const {
    if (format_.magic == Magic::V2) return decode_batch(bytes).value().records;
    std::vector<Record> records;
    for (const OffsetRecord& message : decode_message_set(bytes).value()) {
      records.push_back(message.record);
    }
    return records;
  }

 private:
  RecordFormat format_;
  std::vector<Record> records_;
  BufferStore store_;
};

RC_GTEST_PROP(FormatProperties, WhatAProducerWritesReadsBack, ()) {
  AnyBatch batch;
  const MemoryRecordsBuilder builder = batch.build();
  RC_TAG(static_cast<int>(batch.format().magic) * 10 +
         static_cast<int>(batch.format().compression.type));
  RC_ASSERT(batch.read(batch.written(builder)) == batch.records());
}

RC_GTEST_PROP(FormatProperties, WithoutACodecTheComputedSizeIsTheWrittenSize, ()) {
  AnyBatch batch;
  const MemoryRecordsBuilder builder = batch.build();
  const bool is_compressed = batch.format().is_compressed();
  const Bytes computed = header_size(batch.format()) + builder.uncompressed_size();
  if (!is_compressed) RC_ASSERT(builder.size() == computed);
  RC_ASSERT(builder.observed_ratio() == 1.0F || is_compressed);
}

RC_GTEST_PROP(FormatProperties, ANewIdentityChangesTheHeaderAndNeitherSizeNorRecords, ()) {
  AnyBatch batch;
  RC_PRE(batch.format().magic == Magic::V2);
  MemoryRecordsBuilder builder = batch.build();
  const Bytes size = builder.size();
  const ProducerIdAndEpoch producer{*rc::gen::inRange<std::int64_t>(0, 1'000'000),
                                    *rc::gen::inRange<std::int16_t>(0, 32'767)};
  const auto sequence = *rc::gen::inRange<std::int32_t>(0, 2'147'483'000);
  batch.rewrite(builder, producer, sequence);
  RC_ASSERT(builder.size() == size);
  const auto decoded = decode_batch(batch.written(builder));
  RC_ASSERT(decoded.ok());
  RC_ASSERT(decoded->header.size() == size);
  RC_ASSERT(decoded->header.producer_id_and_epoch == producer);
  RC_ASSERT(decoded->header.base_sequence == sequence);
  RC_ASSERT(decoded->records == batch.records());
}

RC_GTEST_PROP(FormatProperties, OneRecordWithoutACodecIsNeverLargerThanItsUpperBound, ()) {
  RecordFormat format = any_format();
  format.compression = {};
  const Record record = any_record(format.magic);
  BufferStore store;
  const Bytes bound = batch_size_upper_bound(format, record.view());
  MemoryRecordsBuilder builder{store.create(), {format, bound, bound}};
  builder.append(record.view(), store);
  RC_ASSERT(builder.size() <= bound);
}

RC_GTEST_PROP(FormatProperties, ABrokerMaySetOffsetsWithoutTouchingTheRecords, ()) {
  AnyBatch batch;
  RC_PRE(batch.format().magic == Magic::V1);
  const MemoryRecordsBuilder builder = batch.build();
  const ByteSpan written = batch.written(builder);
  ByteVector set{written.begin(), written.end()};
  const auto base = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  assign_offsets(set, base);
  const auto messages = decode_message_set(set);
  RC_ASSERT(messages.ok());
  for (std::size_t i = 0; i < messages->size(); ++i) {
    RC_ASSERT(messages->at(i).offset == base + static_cast<std::int64_t>(i));
  }
  RC_ASSERT(batch.read(set) == batch.records());
}

// Checksums keep most damage from the codecs; without them, they stand alone.
RC_GTEST_PROP(FormatProperties, AnyBytesAreUncompressedOrRefused, ()) {
  const auto type = static_cast<CompressionType>(*rc::gen::inRange(1, kCodecCount));
  ByteVector stream = compress(compression_of(type), Magic::V2, any_value());
  const auto changes = *rc::gen::inRange<std::size_t>(1, 4);
  for (std::size_t i = 0; i < changes; ++i) {
    stream[*rc::gen::inRange<std::size_t>(0, stream.size())] = *rc::gen::arbitrary<Byte>();
  }
  constexpr std::size_t kLimit = 1 << 20;
  const auto back = decompress(type, Magic::V2, stream, kLimit);
  RC_TAG(back.ok());
  if (back.ok()) RC_ASSERT(back->size() <= kLimit);
}

RC_GTEST_PROP(FormatProperties, AnyBytesAreReadAsMessagesOrRefused, ()) {
  AnyBatch batch;
  RC_PRE(batch.format().magic == Magic::V1);
  const MemoryRecordsBuilder builder = batch.build();
  const ByteSpan written = batch.written(builder);
  ByteVector set{written.begin(), written.end()};
  set[*rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(set.size(), 40))] ^=
      *rc::gen::inRange<Byte>(1, 255);
  const auto messages = decode_message_set(set);
  if (messages.ok()) RC_ASSERT(messages->size() == batch.records().size());
}

}  // namespace
}  // namespace linger::core
