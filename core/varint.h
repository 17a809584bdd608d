// Integers that take fewer bytes when they are small: seven bits a byte, the least significant
// first, the high bit set while more follow. Signed ones are folded first (0, -1, 1, -2, …), so
// that small negative numbers stay short.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
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

// A seventh of the bits, rounded up: by how many bits there are.
inline constexpr auto kVarintSizes = [] {
  std::array<std::uint8_t, 65> sizes{};
  for (std::size_t bits = 0; bits < sizes.size(); ++bits) {
    sizes[bits] = static_cast<std::uint8_t>(bits == 0 ? 1 : (bits + 6) / 7);
  }
  return sizes;
}();
constexpr int unsigned_varint_size(std::uint64_t value) {
  return kVarintSizes[static_cast<std::size_t>(std::bit_width(value))];
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
