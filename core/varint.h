// Integers that take fewer bytes when they are small: seven bits a byte, the least significant
// first, the high bit set while more follow. Signed ones are folded first (0, -1, 1, -2, …), so
// that small negative numbers stay short.
#pragma once

#include <bit>
#include <cstdint>

#include "core/bytes.h"

namespace linger::core {

inline constexpr int kMaxVarintSize = 5;    // of 32 bits
inline constexpr int kMaxVarlongSize = 10;  // of 64 bits

// 0, -1, 1, -2, … become 0, 1, 2, 3, …
constexpr std::uint32_t zig_zag(std::int32_t value) {
  return (static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31);
}
constexpr std::uint64_t zig_zag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int32_t undo_zig_zag(std::uint32_t folded) {
  return static_cast<std::int32_t>((folded >> 1) ^ (~(folded & 1) + 1));
}
constexpr std::int64_t undo_zig_zag(std::uint64_t folded) {
  return static_cast<std::int64_t>((folded >> 1) ^ (~(folded & 1) + 1));
}

// A seventh of the bits, rounded up, without a division: 9/64 is close enough up to 64 bits. Most
// are small.
constexpr int unsigned_varint_size(std::uint64_t value) {
  if (value < std::uint64_t{1} << 7) return 1;
  if (value < std::uint64_t{1} << 14) return 2;
  return static_cast<int>((std::bit_width(value | 1) * 9 + 64) / 64);
}
constexpr int varint_size(std::int32_t value) {
  return unsigned_varint_size(zig_zag(value));
}
constexpr int varlong_size(std::int64_t value) {
  return unsigned_varint_size(zig_zag(value));
}

// Each writes at `at` and returns the place behind. Requires: as many bytes there as its size says.
inline Byte* write_unsigned_varint(Byte* at, std::uint64_t value) {
  while (value >= 0x80) [[unlikely]] {
      *at++ = static_cast<Byte>(value | 0x80);
      value >>= 7;
    }
  *at++ = static_cast<Byte>(value);
  return at;
}
inline Byte* write_varint(Byte* at, std::int32_t value) {
  return write_unsigned_varint(at, zig_zag(value));
}
inline Byte* write_varlong(Byte* at, std::int64_t value) {
  return write_unsigned_varint(at, zig_zag(value));
}

}  // namespace linger::core
