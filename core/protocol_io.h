// Moves the fields of a message to bytes and back, each in the form its type and the version ask
// for. Which fields a message has stands in protocol_fields.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/api.h"
#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/id.h"
#include "core/protocol.h"
#include "core/protocol_fields.h"
#include "core/protocol_messages.h"
#include "core/time.h"

namespace linger::core {

// What both directions know of the version.
class VersionedIo {
 public:
  explicit VersionedIo(ApiKey key, std::int16_t version)
      : version_{version}, is_flexible_{core::is_flexible(key, version)} {}

  std::int16_t version() const { return version_; }
  void fall_back_to_version_0() {
    version_ = 0;
    is_flexible_ = false;
  }

 protected:
  bool is_flexible() const { return is_flexible_; }
  LengthPrefix string_prefix() const { return or_compact(LengthPrefix::Int16); }
  LengthPrefix bytes_prefix() const { return or_compact(LengthPrefix::Int32); }
  LengthPrefix array_prefix() const { return or_compact(LengthPrefix::Int32); }

 private:
  LengthPrefix or_compact(LengthPrefix prefix) const {
    return is_flexible_ ? LengthPrefix::Compact : prefix;
  }

  std::int16_t version_;
  bool is_flexible_;
};

class MessageWriter : public VersionedIo {
 public:
  static constexpr bool kWrites = true;

  MessageWriter(ApiKey key, std::int16_t version, GrowingBytes& out)
      : VersionedIo{key, version}, writer_{out} {}

  // From now on records are not copied; `gaps` tells where they belong.
  void leave_records_out(std::vector<RecordsGap>& gaps) { gaps_ = &gaps; }

  void operator()(bool value) { integer<std::int8_t>(value ? 1 : 0); }
  void operator()(std::int16_t value) { integer(value); }
  void operator()(std::int32_t value) { integer(value); }
  void operator()(std::int64_t value) { integer(value); }
  void operator()(ApiKey key) { integer(static_cast<std::int16_t>(key)); }
  void operator()(CoordinatorType type) { integer(static_cast<std::int8_t>(type)); }
  void operator()(NodeId id) { integer(id.value()); }
  void operator()(Milliseconds time) {
    CHECK(time.count() == static_cast<std::int32_t>(time.count()));
    integer(static_cast<std::int32_t>(time.count()));
  }
  void operator()(const ProducerIdAndEpoch& producer) {
    integer(producer.producer_id);
    integer(producer.epoch);
  }
  void operator()(const Uuid& id) {
    integer(id.most_significant);
    integer(id.least_significant);
  }
  void operator()(const std::string& text) { writer_.bytes(string_prefix(), bytes_of(text)); }
  void operator()(const std::optional<std::string>& text) {
    if (text) return (*this)(*text);
    writer_.length(string_prefix(), std::nullopt);
  }
  template <class Element>
  void operator()(const std::vector<Element>& array) {
    writer_.length(array_prefix(), array.size());
    for (const Element& element : array) (*this)(element);
  }
  template <class Element>
  void operator()(const std::optional<std::vector<Element>>& array) {
    if (array) return (*this)(*array);
    writer_.length(array_prefix(), std::nullopt);
  }
  template <class Structure>
  void operator()(const Structure& structure) {
    fields(*this, structure);
  }

  void records(const std::optional<ByteSpan>& records) {
    if (gaps_ == nullptr) return writer_.bytes(bytes_prefix(), records);
    CHECK(records.has_value());
    writer_.length(bytes_prefix(), records->size());
    gaps_->push_back({writer_.size(), records->size()});
  }

  // For the version in which an empty list means what null means later.
  template <class Element>
  void null_as_empty(const std::optional<std::vector<Element>>& array) {
    CHECK(!array || !array->empty());
    (*this)(array.value_or(std::vector<Element>{}));
  }
  // For the versions that can hold one element only.
  template <class Element>
  const Element& only_one_of(const std::vector<Element>& array) {
    CHECK(array.size() == 1);
    return array.front();
  }

  void tags() {
    if (is_flexible()) writer_.unsigned_varint(0);
  }
  // The end of a structure whose only tagged field has tag 0 and is left out at its default.
  template <class Field>
  void tags_with_0(const Field& field) {
    if (!is_flexible() || field == Field{}) return tags();
    constexpr std::size_t kUsualSize = 64;
    GrowingBytes bytes{kUsualSize};
    MessageWriter apart{*this, bytes};
    apart(field);
    writer_.unsigned_varint(1);
    writer_.unsigned_varint(0);
    writer_.unsigned_varint(static_cast<std::uint32_t>(bytes.size()));
    writer_.raw(ByteSpan{bytes.data(), bytes.size()});
  }

 private:
  MessageWriter(const VersionedIo& like, GrowingBytes& out) : VersionedIo{like}, writer_{out} {}

  template <class Integer>
  void integer(Integer value) {
    writer_.integer(value);
  }

  WriterInto<GrowingBytes> writer_;
  std::vector<RecordsGap>* gaps_ = nullptr;
};

class MessageReader : public VersionedIo {
 public:
  static constexpr bool kWrites = false;

  // Requires: `reader` outlives this.
  MessageReader(ApiKey key, std::int16_t version, ByteReader& reader)
      : VersionedIo{key, version}, reader_{reader} {}

  void operator()(bool& value) { value = reader_.integer<std::int8_t>() != 0; }
  void operator()(std::int16_t& value) { integer(value); }
  void operator()(std::int32_t& value) { integer(value); }
  void operator()(std::int64_t& value) { integer(value); }
  void operator()(ApiKey& key) { key = ApiKey{reader_.integer<std::int16_t>()}; }
  void operator()(CoordinatorType& type) { type = CoordinatorType{reader_.integer<std::int8_t>()}; }
  void operator()(NodeId& id) { id = NodeId{reader_.integer<std::int32_t>()}; }
  void operator()(Milliseconds& time) { time = Milliseconds{reader_.integer<std::int32_t>()}; }
  void operator()(ProducerIdAndEpoch& producer) {
    integer(producer.producer_id);
    integer(producer.epoch);
  }
  void operator()(Uuid& id) {
    integer(id.most_significant);
    integer(id.least_significant);
  }
  void operator()(std::string& text) { text = text_of(reader_.bytes(string_prefix())); }
  void operator()(std::optional<std::string>& text) {
    const std::optional<ByteSpan> bytes = reader_.nullable_bytes(string_prefix());
    text = bytes ? std::optional{text_of(*bytes)} : std::nullopt;
  }
  template <class Element>
  void operator()(std::vector<Element>& array) {
    elements(array, reader_.not_null(reader_.length(array_prefix())));
  }
  template <class Element>
  void operator()(std::optional<std::vector<Element>>& array) {
    const std::optional<std::size_t> count = reader_.length(array_prefix());
    if (count) elements(array.emplace(), *count);
  }
  template <class Structure>
  void operator()(Structure& structure) {
    fields(*this, structure);
  }

  void records(std::optional<ByteSpan>& records) {
    records = reader_.nullable_bytes(bytes_prefix());
  }

  template <class Element>
  void null_as_empty(std::optional<std::vector<Element>>& array) {
    (*this)(array.emplace());
    if (array->empty()) array.reset();
  }
  template <class Element>
  Element& only_one_of(std::vector<Element>& array) {
    return array.emplace_back();
  }

  void tags() {
    if (!is_flexible()) return;
    reader_.tagged_fields([](std::uint32_t, ByteReader&) { return false; });
  }
  template <class Field>
  void tags_with_0(Field& field) {
    if (!is_flexible()) return;
    reader_.tagged_fields([&](std::uint32_t tag, ByteReader& bytes) {
      if (tag != 0) return false;
      MessageReader apart{*this, bytes};
      apart(field);
      return true;
    });
  }

 private:
  MessageReader(const VersionedIo& like, ByteReader& reader) : VersionedIo{like}, reader_{reader} {}

  template <class Integer>
  void integer(Integer& value) {
    value = reader_.integer<Integer>();
  }
  // One at a time: room is made for what has been read, not for all that was announced.
  template <class Element>
  void elements(std::vector<Element>& array, std::size_t count) {
    constexpr std::size_t kAhead = 8;
    array.reserve(std::min(count, kAhead));
    for (std::size_t i = 0; i < count && reader_.ok(); ++i) (*this)(array.emplace_back());
  }

  ByteReader& reader_;
};

}  // namespace linger::core
