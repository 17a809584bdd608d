// Is there a Kafka broker at an address? Asked before a run begins, so that a slip of the pen is
// told at once, and not as a producer tells it: never.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sim/outside.h"

namespace linger::sim::live {

// Why none of them is of use; nothing if one of them is.
std::optional<std::string> why_unusable(const std::vector<HostAndPort>& addresses,
                                        std::chrono::milliseconds patience);

}  // namespace linger::sim::live
