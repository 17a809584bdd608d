// Record batches and produce requests, as short as a test wants to write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/id.h"
#include "core/protocol.h"
#include "core/record.h"
#include "core/record_batch.h"
#include "core/time.h"

namespace linger::sim {

struct BatchOf {
  std::int32_t records = 1;
  core::ProducerIdAndEpoch producer{};
  std::int32_t sequence = -1;
  std::size_t value_size = 5;
  std::int16_t attributes = 0;
};

inline core::ByteVector batch_bytes(const BatchOf& batch) {
  core::ByteVector bytes(core::kRecordBatchHeaderSize);
  const core::ByteVector value(batch.value_size, core::Byte{'v'});
  core::Record record;
  record.value = value;
  for (std::int32_t i = 0; i < batch.records; ++i) {
    core::append_record(bytes, i, 0, record.view());
  }
  core::RecordBatchHeader header;
  header.attributes = batch.attributes;
  header.last_offset_delta = batch.records - 1;
  header.producer_id_and_epoch = batch.producer;
  header.base_sequence = batch.sequence;
  header.record_count = batch.records;
  core::write_batch_header(bytes, header);
  return bytes;
}

inline core::RecordBatchHeader header_of(core::ByteSpan batch) {
  return core::decode_batch_header(batch).value();
}

// Overwrites the field at this place. Behind byte 21 the checksum would show it: there it is made
// anew.
template <class Integer>
core::ByteVector with_field(core::ByteVector batch, std::size_t at, Integer value) {
  constexpr std::size_t kCrcAt = 17;
  constexpr std::size_t kCheckedFrom = 21;
  core::store(batch.data() + at, value);
  if (at >= kCheckedFrom) {
    core::store(batch.data() + kCrcAt, core::crc32c(core::ByteSpan{batch}.subspan(kCheckedFrom)));
  }
  return batch;
}

inline core::RequestHeader produce_header(std::int32_t correlation, std::int16_t version = 11) {
  return {core::ApiKey::Produce, version, core::CorrelationId{correlation}, "test"};
}

// One batch for one partition. The bytes must outlive the request.
inline core::ProduceRequest produce_request(const std::string& topic, std::int32_t partition,
                                            core::ByteSpan batch, std::int16_t acks = 1) {
  core::ProduceRequest request;
  request.acks = acks;
  request.timeout = core::Milliseconds{30'000};
  request.topics = {{topic, {{partition, batch}}}};
  return request;
}

}  // namespace linger::sim
