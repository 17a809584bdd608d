// A record's own bytes, field by field.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/compression.h"
#include "viz/scene.h"

namespace linger::viz {

struct ByteField {
  std::string name;         // "offset delta"
  std::string value;        // "3"
  std::string hex;          // "06": its bytes, the first of many
  std::int64_t offset = 0;  // in what the bytes are read from
  std::int64_t size = 0;
  friend bool operator==(const ByteField&, const ByteField&) = default;
};

// The fields of the n-th record that stands in some bytes, one behind another: records of a batch
// (format 2) behind its header, or messages (formats 0 and 1). Ends at the first field that cannot
// be.
std::vector<ByteField> record_fields(core::Magic magic, core::ByteSpan records, std::int32_t index);

struct RecordBytesView {
  bool is_there = false;  // there is a record to look at
  std::string title;      // "r7, record 1 of b3"
  std::string from;       // "in the buffer of b3", "in the log of orders-0", or why it is not seen
  std::vector<ByteField> fields;
  friend bool operator==(const RecordBytesView&, const RecordBytesView&) = default;
};

// Of the selected record, or the first of the selected batch; else of the first in the partition in
// focus.
RecordBytesView record_bytes_view(const Scene& scene);

}  // namespace linger::viz
