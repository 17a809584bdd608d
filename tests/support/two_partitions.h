// A world to which a test adds its threads and faults.
#pragma once

#include <string_view>

namespace linger {

// One broker 2 ms away that leads both partitions of "orders"; connections stand already.
inline constexpr std::string_view kTwoPartitions = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0, 0]
[network]
latency = "2ms"
)";

}  // namespace linger
