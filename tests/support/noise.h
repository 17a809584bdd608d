// Bytes in which no codec finds anything.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"

namespace linger::core {

inline ByteVector noise(std::size_t size) {
  ByteVector bytes;
  std::uint64_t state = 88'172'645'463'325'252;
  while (bytes.size() < size) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes.push_back(static_cast<Byte>(state >> 32));
  }
  return bytes;
}

}  // namespace linger::core
