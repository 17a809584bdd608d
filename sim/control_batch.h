// Markers: the control batches that end a transaction in a partition's log.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/id.h"
#include "core/record_batch.h"

namespace linger::sim {

enum class MarkerType { Abort = 0, Commit = 1 };  // the numbers in the record's key

// In Kafka: EndTransactionMarker.
struct Marker {
  MarkerType type = MarkerType::Abort;
  core::ProducerIdAndEpoch producer;
  std::int32_t coordinator_epoch = 0;
  friend bool operator==(const Marker&, const Marker&) = default;
};

// The batch of one record that a partition leader appends. Its base offset is 0.
core::ByteVector encode_marker(const Marker& marker, std::int64_t timestamp);

// What a batch of a log ends; none if it is no marker, or one of an unknown kind.
std::optional<Marker> decode_marker(core::ByteSpan batch);

}  // namespace linger::sim
