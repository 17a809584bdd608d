// Kafka's primitive types, read one behind another from bytes nobody vouches for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/varint.h"

namespace linger::core {

// What is wrong with some bytes, and where, counted from their start.
struct DecodeError {
  std::string what;
  std::int64_t offset = 0;
  std::string text() const { return what + " at byte " + std::to_string(offset); }
  friend bool operator==(const DecodeError&, const DecodeError&) = default;
};

// What bytes mean, or why they mean nothing. As std::expected, which C++20 has not.
template <class T>
class Decoded {
 public:
  Decoded(T value) : content_{std::in_place_index<0>, std::move(value)} {}
  Decoded(DecodeError error) : content_{std::in_place_index<1>, std::move(error)} {}

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  // Requires: ok().
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&content_);
  }
  T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&content_);
  }
  T value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&content_));
  }
  const T& operator*() const& { return value(); }
  const T* operator->() const { return &value(); }
  // Requires: !ok().
  const DecodeError& error() const {
    CHECK(!ok());
    return *std::get_if<1>(&content_);
  }

 private:
  std::variant<T, DecodeError> content_;
};

// The big-endian integer at `at`. By halves, which compilers turn into one instruction.
template <class Integer>
Integer load(const Byte* at) {
  if constexpr (sizeof(Integer) == 1) {
    return static_cast<Integer>(*at);
  } else {
    using Half = HalfOf<sizeof(Integer)>;
    constexpr int kHalfBits = 4 * sizeof(Integer);
    return static_cast<Integer>(static_cast<std::uint64_t>(load<Half>(at)) << kHalfBits |
                                load<Half>(at + sizeof(Half)));
  }
}

// Never reads past its end and never throws: at the first thing that cannot be it fails, remembers
// what and where, and from then on reads zeros and nothing. So a decoder reads on and asks ok()
// once.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes)
      : begin_{bytes.data()}, at_{begin_}, end_{begin_ + bytes.size()} {}

  bool ok() const { return what_ == nullptr; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  std::int64_t offset() const { return at_ - begin_; }

  // The first failure is the one that is told. `what` is a literal.
  void fail(const char* what) { fail(what, offset()); }
  // Requires: !ok().
  DecodeError error() const {
    CHECK(!ok());
    return {what_, failed_at_};
  }

  template <class Integer>
  Integer integer() {
    if (remaining() < sizeof(Integer)) {
      fail("the bytes end within a number");
      return 0;
    }
    const Integer value = load<Integer>(at_);
    at_ += sizeof(Integer);
    return value;
  }
  std::uint32_t unsigned_varint() { return static_cast<std::uint32_t>(varint_bits(32)); }
  std::int32_t varint() { return undo_zig_zag(static_cast<std::uint32_t>(varint_bits(32))); }
  std::int64_t varlong() { return undo_zig_zag(varint_bits(64)); }

  // A count of bytes or elements; nullopt is null. It is never more than the bytes that remain, and
  // an element takes at least one byte, so a lie about the count cannot make anybody allocate much.
  std::optional<std::size_t> length(LengthPrefix prefix) { return checked(announced(prefix)); }
  // The same as a varint, as the lengths within records are written.
  std::optional<std::size_t> varint_length() { return checked(varint()); }

  // A view of the next bytes. Empty on failure.
  ByteSpan raw(std::size_t count) {
    if (count > remaining()) {
      fail("fewer bytes than announced");
      count = 0;
    }
    const ByteSpan bytes{at_, count};
    at_ += count;
    return bytes;
  }
  std::optional<ByteSpan> nullable_bytes(LengthPrefix prefix) {
    const std::optional<std::size_t> count = length(prefix);
    if (!count) return std::nullopt;
    return raw(*count);
  }
  ByteSpan bytes(LengthPrefix prefix) { return raw(not_null(length(prefix))); }

  // For a length where null has no meaning: null fails.
  std::size_t not_null(std::optional<std::size_t> count) {
    if (!count) fail("null where a value must be");
    return count.value_or(0);
  }

  // A reader of the next bytes and no more, which this one passes over. It counts offsets as this
  // one does. What fails there fails here once fail_like() is told.
  ByteReader part(std::size_t size) {
    ByteReader part{raw(size)};
    part.begin_ = begin_;
    return part;
  }
  void fail_like(const ByteReader& part) {
    if (!part.ok()) fail(part.what_, part.failed_at_);
  }

  // Reads the tagged fields at the end of a flexible structure. `known(tag, field)` reads the field
  // and returns true, or returns false, and the field is skipped.
  template <class Known>
  void tagged_fields(Known known) {
    const std::uint32_t count = unsigned_varint();
    std::int64_t last_tag = -1;
    for (std::uint32_t i = 0; i < count && ok(); ++i) {
      const std::uint32_t tag = unsigned_varint();
      if (tag <= last_tag) return fail("tags out of order");
      last_tag = tag;
      ByteReader field = part(unsigned_varint());
      if (known(tag, field)) field.expect_end();
      fail_like(field);
    }
  }

  void expect_end() {
    if (remaining() > 0) fail("bytes are left over");
  }

 private:
  void fail(const char* what, std::int64_t offset) {
    if (!ok()) return;
    what_ = what;
    failed_at_ = offset;
    at_ = end_;
  }

  std::uint64_t varint_bits(unsigned width) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < width; shift += 7) {
      if (at_ == end_) {
        fail("the bytes end within a number");
        return 0;
      }
      const std::uint64_t bits = *at_ & 0x7F;
      if (shift + 7 > width && bits >> (width - shift) != 0) break;
      value |= bits << shift;
      if (*at_++ < 0x80) return value;
    }
    fail("a number of more bits than it may have");
    return 0;
  }

  std::int64_t announced(LengthPrefix prefix) {
    switch (prefix) {
      case LengthPrefix::Int16:
        return integer<std::int16_t>();
      case LengthPrefix::Int32:
        return integer<std::int32_t>();
      case LengthPrefix::Compact:
        return static_cast<std::int64_t>(unsigned_varint()) - 1;
    }
    return 0;
  }

  std::optional<std::size_t> checked(std::int64_t count) {
    if (count == -1) return std::nullopt;
    if (count < 0) fail("a negative length");
    if (count > static_cast<std::int64_t>(remaining())) fail("fewer bytes than announced");
    return ok() ? static_cast<std::size_t>(count) : 0;
  }

  const Byte* begin_;
  const Byte* at_;
  const Byte* end_;
  const char* what_ = nullptr;
  std::int64_t failed_at_ = 0;
};

}  // namespace linger::core
