// Kafka's primitive types, written behind one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include "core/bytes.h"
#include "core/check.h"
#include "core/varint.h"

namespace linger::core {

// How many bytes or elements follow: as an int16, an int32, or an unsigned varint of one more. Null
// is -1, in the compact form 0.
enum class LengthPrefix { Int16, Int32, Compact };

// The unsigned integer of half as many bytes.
template <std::size_t kSize>
using HalfOf = std::conditional_t<kSize == 8, std::uint32_t,
                                  std::conditional_t<kSize == 4, std::uint16_t, Byte>>;

// Writes a big-endian integer at `at` and returns the place behind. By halves, which compilers turn
// into one instruction.
template <class Integer>
Byte* store(Byte* at, Integer value) {
  if constexpr (sizeof(Integer) == 1) {
    *at = static_cast<Byte>(value);
    return at + 1;
  } else {
    using Half = HalfOf<sizeof(Integer)>;
    return store(store(at, static_cast<Half>(value >> 4 * sizeof(Integer))),
                 static_cast<Half>(value));
  }
}

// Appends to a byte string that somebody else owns.
class ByteWriter {
 public:
  explicit ByteWriter(ByteVector& out) : out_{out} {}

  std::size_t size() const { return out_.size(); }

  template <class Integer>
  void integer(Integer value) {
    store(grow(sizeof(Integer)), value);
  }
  void unsigned_varint(std::uint32_t value) {
    write_unsigned_varint(grow(unsigned_varint_size(value)), value);
  }
  void varint(std::int32_t value) { write_varint(grow(varint_size(value)), value); }
  void varlong(std::int64_t value) { write_varlong(grow(varlong_size(value)), value); }

  void length(LengthPrefix prefix, std::optional<std::size_t> length) {
    const std::int64_t count = length ? static_cast<std::int64_t>(*length) : -1;
    switch (prefix) {
      case LengthPrefix::Int16:
        CHECK(count <= std::numeric_limits<std::int16_t>::max());
        return integer(static_cast<std::int16_t>(count));
      case LengthPrefix::Int32:
        CHECK(count <= std::numeric_limits<std::int32_t>::max());
        return integer(static_cast<std::int32_t>(count));
      case LengthPrefix::Compact:
        CHECK(count < std::numeric_limits<std::int32_t>::max());
        return unsigned_varint(static_cast<std::uint32_t>(count + 1));
    }
  }
  void bytes(LengthPrefix prefix, std::optional<ByteSpan> bytes) {
    length(prefix, bytes ? std::optional{bytes->size()} : std::nullopt);
    if (bytes) raw(*bytes);
  }
  void raw(ByteSpan bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

 private:
  template <class Count>
  Byte* grow(Count count) {
    const std::size_t before = out_.size();
    out_.resize(before + static_cast<std::size_t>(count));
    return out_.data() + before;
  }

  ByteVector& out_;
};

}  // namespace linger::core
