// CRC-32 (IEEE 802.3, as zlib and Java have it), the checksum of messages of formats 0 and 1.
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace linger::core {

// Nothing has checksum 0.
std::uint32_t crc32(ByteSpan bytes);

}  // namespace linger::core
