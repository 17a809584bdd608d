// The order in which Java walks a HashMap. Kafka drains partitions, and fails them, in that order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace linger::core {

// String.hashCode of a text of ASCII characters, as topic names are.
std::int32_t java_hash(std::string_view text);

// TopicPartition.hashCode.
std::int32_t java_hash(std::string_view topic, std::int32_t partition);

// What a HashMap was told about its size when it was made. new HashMap<>() starts with a table of
// 16; new HashMap<>(n) with the smallest power of two that is at least n. Both double whenever they
// are more than three quarters full.
struct InitialCapacity {
  std::size_t entries = 16;
};

// The positions in `hashes` in the order in which a HashMap yields them that was filled in the
// order given. Requires: no two entries are equal as keys.
//
// Differs: more than eight entries in one bucket of a small table make Java double it early; here
// they do not.
std::vector<std::size_t> java_hash_map_order(std::span<const std::int32_t> hashes,
                                             InitialCapacity capacity = {});

}  // namespace linger::core
