#include "core/crc32.h"

#include <zlib.h>

namespace linger::core {

std::uint32_t crc32(ByteSpan bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
}

}  // namespace linger::core
