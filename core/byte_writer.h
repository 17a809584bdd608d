// Kafka's primitive types, written behind one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

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

// Bytes of which more and more are written. Room is made ahead, so that a small write only moves
// the end.
class GrowingBytes {
 public:
  explicit GrowingBytes(std::size_t usual_size) : bytes_(usual_size) {}

  std::size_t size() const { return size_; }
  Byte* data() { return bytes_.data(); }
  // Room for so many more at the end, which are to be written.
  Byte* grow(std::size_t count) {
    if (count > bytes_.size() - size_) [[unlikely]]
      bytes_.resize(2 * bytes_.size() + count);
    Byte* const end = bytes_.data() + size_;
    size_ += count;
    return end;
  }
  ByteVector take() && {
    bytes_.resize(size_);
    return std::move(bytes_);
  }

 private:
  ByteVector bytes_;
  std::size_t size_ = 0;
};

inline Byte* grow(GrowingBytes& bytes, std::size_t count) {
  return bytes.grow(count);
}
inline Byte* grow(ByteVector& bytes, std::size_t count) {
  const std::size_t before = bytes.size();
  bytes.resize(before + count);
  return bytes.data() + before;
}

// Appends to bytes that somebody else owns.
template <class Out>
class WriterInto {
 public:
  explicit WriterInto(Out& out) : out_{out} {}

  std::size_t size() const { return out_.size(); }

  template <class Integer>
  void integer(Integer value) {
    store(grow(out_, sizeof(Integer)), value);
  }
  void unsigned_varint(std::uint32_t value) {
    write_unsigned_varint(room(unsigned_varint_size(value)), value);
  }
  void varint(std::int32_t value) { write_varint(room(varint_size(value)), value); }
  void varlong(std::int64_t value) { write_varlong(room(varlong_size(value)), value); }

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
  void raw(ByteSpan bytes) {
    if (!bytes.empty()) std::memcpy(grow(out_, bytes.size()), bytes.data(), bytes.size());
  }

 private:
  Byte* room(int count) { return grow(out_, static_cast<std::size_t>(count)); }

  Out& out_;
};
using ByteWriter = WriterInto<ByteVector>;

}  // namespace linger::core
