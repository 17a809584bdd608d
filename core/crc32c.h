// CRC-32C (Castagnoli), the checksum of record batches.
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace linger::core {

// The checksum of what `crc` is the checksum of, followed by `bytes`. Nothing has checksum 0.
std::uint32_t crc32c_extend(std::uint32_t crc, ByteSpan bytes);

inline std::uint32_t crc32c(ByteSpan bytes) {
  return crc32c_extend(0, bytes);
}

// The same without the processor's own instruction, as on machines that have none.
std::uint32_t crc32c_extend_by_table(std::uint32_t crc, ByteSpan bytes);

}  // namespace linger::core
