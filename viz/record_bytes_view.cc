#include "viz/record_bytes_view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/byte_reader.h"
#include "core/message_set.h"
#include "core/record_batch.h"
#include "core/record_format.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostBytesTold = 12;
constexpr std::size_t kMostLettersTold = 16;

std::string hex_list(core::ByteSpan bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size() && i < kMostBytesTold; ++i) {
    if (i > 0) text += ' ';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 0xF];
  }
  return bytes.size() > kMostBytesTold ? text + " …" : text;
}

// What can be read is told as it is.
std::string content_text(core::ByteSpan bytes) {
  const bool is_readable = std::all_of(bytes.begin(), bytes.end(),
                                       [](core::Byte byte) { return byte >= 0x20 && byte < 0x7F; });
  const std::string size = bytes_text(core::Bytes{static_cast<std::int64_t>(bytes.size())});
  if (!is_readable || bytes.empty()) return size;
  std::string text{bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(
                                                      std::min(bytes.size(), kMostLettersTold))};
  if (bytes.size() > kMostLettersTold) text += "…";
  return size + " \"" + text + "\"";
}

// Reads fields and notes where their bytes are.
class FieldReader {
 public:
  explicit FieldReader(core::ByteSpan bytes) : bytes_{bytes}, reader_{bytes} {}

  bool ok() const { return reader_.ok(); }
  std::vector<ByteField> take() { return std::move(fields_); }
  core::ByteReader& skipper() { return reader_; }

  template <class Integer>
  std::int64_t integer(const char* name) {
    return note(name, [this] { return static_cast<std::int64_t>(reader_.integer<Integer>()); });
  }
  std::int64_t varint(const char* name) {
    return note(name, [this] { return static_cast<std::int64_t>(reader_.varint()); });
  }
  std::int64_t varlong(const char* name) {
    return note(name, [this] { return reader_.varlong(); });
  }
  void content(const char* name, std::int64_t size) {
    if (size < 0 || !ok()) return;  // null: there are no bytes of it
    const std::int64_t begin = reader_.offset();
    const core::ByteSpan content = reader_.raw(static_cast<std::size_t>(size));
    if (ok()) add(name, content_text(content), begin);
  }
  void name_last(std::string value) { fields_.back().value = std::move(value); }

 private:
  template <class Read>
  std::int64_t note(const char* name, Read read) {
    const std::int64_t begin = reader_.offset();
    const std::int64_t value = read();
    if (ok()) add(name, std::to_string(value), begin);
    return value;
  }
  void add(const char* name, std::string value, std::int64_t begin) {
    const std::int64_t end = reader_.offset();
    fields_.push_back({tr(name), std::move(value),
                       hex_list(bytes_.subspan(static_cast<std::size_t>(begin),
                                               static_cast<std::size_t>(end - begin))),
                       begin, end - begin});
  }

  core::ByteSpan bytes_;
  core::ByteReader reader_;
  std::vector<ByteField> fields_;
};

// What stands behind its length.
void read_content(FieldReader& in, const char* name, std::int64_t length) {
  if (length < 0 && in.ok()) in.name_last("null");
  in.content(name, length);
}

std::vector<ByteField> fields_of_record(core::ByteSpan records, std::int32_t index) {
  FieldReader in{records};
  for (std::int32_t i = 0; i < index && in.ok(); ++i) {
    const auto length = in.skipper().varint_length();
    in.skipper().raw(length.value_or(0));
  }
  in.varint("length");
  in.integer<std::int8_t>("attributes");
  in.varlong("timestamp delta");
  in.varint("offset delta");
  read_content(in, "key", in.varint("key length"));
  read_content(in, "value", in.varint("value length"));
  const std::int64_t headers = in.varint("headers");
  for (std::int64_t i = 0; i < headers && in.ok(); ++i) {
    read_content(in, "header key", in.varint("header key length"));
    read_content(in, "header value", in.varint("header value length"));
  }
  return in.take();
}

std::vector<ByteField> fields_of_message(core::Magic magic, core::ByteSpan messages,
                                         std::int32_t index) {
  FieldReader in{messages};
  for (std::int32_t i = 0; i < index && in.ok(); ++i) {
    in.skipper().integer<std::int64_t>();
    in.skipper().raw(in.skipper().length(core::LengthPrefix::Int32).value_or(0));
  }
  in.integer<std::int64_t>("offset");
  in.integer<std::int32_t>("size");
  in.integer<std::uint32_t>("CRC-32");
  in.integer<std::int8_t>("magic");
  in.integer<std::int8_t>("attributes");
  if (magic == core::Magic::V1) in.integer<std::int64_t>("timestamp");
  read_content(in, "key", in.integer<std::int32_t>("key length"));
  read_content(in, "value", in.integer<std::int32_t>("value length"));
  return in.take();
}

// --- Which record, and where its bytes are ---

struct RecordPlace {
  core::RecordId record;
  BatchRef batch;
};

std::vector<core::RecordId> records_of_batch(const Scene& scene, BatchRef ref) {
  std::vector<core::RecordId> records;
  if (const core::ProducerBatch* batch = find_batch(scene, ref)) {
    for (const core::AppendedRecord& appended : batch->records) records.push_back(appended.id);
  }
  return records;
}

const sim::StoredBatch* stored_batch(const Scene& scene, const sim::BatchEntry& entry) {
  const sim::Partition* partition = scene.world().servers.cluster().find(entry.partition);
  if (entry.base_offset < 0 || partition == nullptr) return nullptr;
  const std::size_t at = partition->log.find_batch(entry.base_offset);
  return at < partition->log.batch_count() ? &partition->log.batch(at) : nullptr;
}

std::optional<RecordPlace> first_record_of(const Scene& scene, BatchRef ref) {
  const auto held = records_of_batch(scene, ref);
  if (!held.empty()) return RecordPlace{held.front(), ref};
  const sim::StoredBatch* stored = stored_batch(scene, entry_of(scene, ref));
  if (stored == nullptr || stored->records.empty()) return std::nullopt;
  return RecordPlace{stored->records.front(), ref};
}

std::optional<RecordPlace> record_in_focus(const Scene& scene) {
  const auto batch = selected_batch(scene);
  if (const auto* record = std::get_if<core::RecordId>(&scene.selection); record && batch) {
    return RecordPlace{*record, *batch};
  }
  if (batch) return first_record_of(scene, *batch);
  const auto lane = lane_in_focus(scene);
  if (!lane) return std::nullopt;
  const auto appended = scene.index.appended(*lane);
  for (const core::RecordId record : appended) {
    if (static_cast<std::size_t>(record.value()) >= scene.world().records.size()) break;
    const sim::RecordEntry& entry = entry_of(scene, record);
    if (entry.batch) return RecordPlace{record, {lane->producer, *entry.batch}};
  }
  return std::nullopt;
}

std::int32_t place_among(const std::vector<core::RecordId>& records, core::RecordId record) {
  const auto found = std::find(records.begin(), records.end(), record);
  return found == records.end() ? -1 : static_cast<std::int32_t>(found - records.begin());
}

// The messages in a wrapper, or the set as it is.
core::ByteSpan messages_in(core::ByteSpan set, core::ByteVector& storage) {
  const auto first = core::MessageSetReader{set}.next();
  if (!first || first->compression_codec() == 0 || !first->record.value) return set;
  const auto codec = static_cast<core::CompressionType>(first->compression_codec());
  auto content = core::decompress(codec, first->magic, *first->record.value);
  if (!content.ok()) return set;
  storage = std::move(content).value();
  return storage;
}

// The fields of a record in a whole batch.
void tell_fields(core::Magic magic, core::ByteSpan batch, std::int32_t index,
                 RecordBytesView& view) {
  core::ByteVector storage;
  if (magic != core::Magic::V2) {
    view.fields = record_fields(magic, messages_in(batch, storage), index);
  } else if (const auto header = core::decode_batch_header(batch); header.ok()) {
    const auto records = core::uncompressed_records(header.value(), batch, storage);
    if (records.ok()) view.fields = record_fields(magic, records.value(), index);
  }
  if (!storage.empty()) view.from = tr("{}, uncompressed", view.from);
}

void read_from_buffer(const Scene& scene, const RecordPlace& place,
                      const core::ProducerBatch& batch, std::int32_t index, RecordBytesView& view) {
  const core::RecordFormat& format = batch.builder.format();
  const auto& buffers = accumulator_of(scene, place.batch.producer).buffers;
  const core::ByteSpan bytes{buffers.bytes(batch.builder.buffer())};
  view.from = tr("in the buffer of {}", batch_label(place.batch.batch));
  if (batch.builder.is_built()) {
    tell_fields(format.magic, bytes, index, view);
  } else if (format.is_compressed()) {
    view.from = tr("its bytes are compressed when the batch is closed");
  } else {
    // What stands before the records is left open until the batch is drained.
    const auto before = static_cast<std::size_t>(core::header_size(format).count());
    view.fields = record_fields(format.magic, bytes.subspan(std::min(before, bytes.size())), index);
  }
}

}  // namespace

std::vector<ByteField> record_fields(core::Magic magic, core::ByteSpan records,
                                     std::int32_t index) {
  return magic == core::Magic::V2 ? fields_of_record(records, index)
                                  : fields_of_message(magic, records, index);
}

RecordBytesView record_bytes_view(const Scene& scene) {
  RecordBytesView view;
  const auto place = record_in_focus(scene);
  if (!place) return view;
  view.is_there = true;
  view.title = tr("{} in {}", record_label(place->record), batch_label(place->batch.batch));
  const sim::BatchEntry& entry = entry_of(scene, place->batch);
  const core::ProducerBatch* batch = find_batch(scene, place->batch);
  const auto held = records_of_batch(scene, place->batch);
  const std::int32_t in_buffer = place_among(held, place->record);
  if (batch != nullptr && in_buffer >= 0 && entry.status != sim::BatchStatus::Done) {
    read_from_buffer(scene, *place, *batch, in_buffer, view);
    return view;
  }
  const sim::StoredBatch* stored = stored_batch(scene, entry);
  const std::int32_t in_log = stored == nullptr ? -1 : place_among(stored->records, place->record);
  if (in_log < 0) {
    view.from = tr("its memory went back to the pool");
    return view;
  }
  view.from = tr("in the log of {}", scene.names.topics.text(entry.partition));
  tell_fields(stored->header.magic, stored->bytes.span(), in_log, view);
  return view;
}

}  // namespace linger::viz
