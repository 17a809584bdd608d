// How scenarios and queries write amounts: "5ms", "16KiB", "1MB/s", "orders-3".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "core/random.h"
#include "core/time.h"
#include "sim/fault.h"

namespace linger::sim {

using core::Bytes;
using core::Duration;

// What is wrong with a text, and what would be right.
struct UnitError {
  std::string message;
  std::string fix;
  friend bool operator==(const UnitError&, const UnitError&) = default;
};

// "250us", "5ms", "1.5s", "2m", "1h": exactly a whole number of microseconds, not negative.
std::variant<Duration, UnitError> parse_duration(std::string_view text);

// "100", "16KiB", "1.5MiB", "1kB", "1MB": a whole number of bytes, not negative. kB, MB and GB are
// powers of 1000; KiB, MiB and GiB are powers of 1024.
std::variant<Bytes, UnitError> parse_size(std::string_view text);

// A size each second: "10MB/s".
std::variant<Bytes, UnitError> parse_bandwidth(std::string_view text);

// "orders-3". Whatever stands before the last dash is the topic.
std::variant<PartitionName, UnitError> parse_partition_name(std::string_view text);

// "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.250Z": in milliseconds since 1970.
std::variant<std::int64_t, UnitError> parse_clock(std::string_view text);

// "0.2": in millionths, at most ten; nullopt if it is no such number.
std::optional<core::Ratio> parse_ratio(std::string_view text);

// What the parsers above read as the same value, as short as it is exact.
std::string duration_text(Duration duration);  // "5ms"; "forever" for the longest
std::string size_text(Bytes size);             // "16KiB"
std::string partition_text(const PartitionName& partition);
std::string clock_text(std::int64_t epoch_ms);
std::string ratio_text(core::Ratio millionths);  // "0.2"

}  // namespace linger::sim
