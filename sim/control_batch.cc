#include "sim/control_batch.h"

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "core/record.h"

namespace linger::sim {
namespace {

constexpr std::int16_t kVersion = 0;  // of key and value
constexpr std::size_t kKeySize = 4;

}  // namespace

core::ByteVector encode_marker(const Marker& marker, std::int64_t timestamp) {
  core::Record record;
  record.timestamp = timestamp;
  core::ByteWriter key{record.key.emplace()};
  key.integer(kVersion);
  key.integer(static_cast<std::int16_t>(marker.type));
  core::ByteWriter value{record.value.emplace()};
  value.integer(kVersion);
  value.integer(marker.coordinator_epoch);

  core::ByteVector batch(core::kRecordBatchHeaderSize);
  core::append_record(batch, 0, 0, record.view());
  core::write_batch_header(batch, {.attributes = core::kTransactionalFlag | core::kControlFlag,
                                   .base_timestamp = timestamp,
                                   .max_timestamp = timestamp,
                                   .producer_id_and_epoch = marker.producer,
                                   .base_sequence = -1,
                                   .record_count = 1});
  return batch;
}

std::optional<Marker> decode_marker(core::ByteSpan bytes) {
  const auto batch = core::decode_batch(bytes);
  if (!batch.ok() || !batch->header.is_control() || batch->records.size() != 1) return std::nullopt;
  const core::Record& record = batch->records.front();
  if (!record.key || !record.value || record.key->size() < kKeySize) return std::nullopt;
  core::ByteReader key{*record.key};
  const auto key_version = key.integer<std::int16_t>();
  const auto type = key.integer<std::int16_t>();
  core::ByteReader value{*record.value};
  const auto value_version = value.integer<std::int16_t>();
  const auto coordinator_epoch = value.integer<std::int32_t>();
  if (!key.ok() || !value.ok() || key_version < 0 || value_version < 0) return std::nullopt;
  if (type != 0 && type != 1) return std::nullopt;
  return Marker{static_cast<MarkerType>(type), batch->header.producer_id_and_epoch,
                coordinator_epoch};
}

}  // namespace linger::sim
