// How loud a line of the client's log is.
#pragma once

#include <cstdint>

namespace linger::core {

enum class LogLevel : std::uint8_t { Debug, Info, Warn, Error };

}  // namespace linger::core
