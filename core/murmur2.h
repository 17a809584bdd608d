// The hash that says which partition a key belongs to: part of the contract with every other
// client.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"

namespace linger::core {

// MurmurHash2, 32 bits, with Kafka's seed. In Kafka: Utils.murmur2, which reads it as signed.
constexpr std::int32_t murmur2(ByteSpan data) {
  constexpr std::uint32_t kSeed = 0x9747b28c;
  constexpr std::uint32_t kMultiplier = 0x5bd1e995;

  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(data.size());
  std::size_t at = 0;
  for (; at + 4 <= data.size(); at += 4) {
    std::uint32_t word = data[at] | std::uint32_t{data[at + 1]} << 8 |
                         std::uint32_t{data[at + 2]} << 16 | std::uint32_t{data[at + 3]} << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash = (hash * kMultiplier) ^ word;
  }

  const std::size_t tail = data.size() - at;
  if (tail == 3) hash ^= std::uint32_t{data[at + 2]} << 16;
  if (tail >= 2) hash ^= std::uint32_t{data[at + 1]} << 8;
  if (tail >= 1) hash = (hash ^ data[at]) * kMultiplier;

  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<std::int32_t>(hash);
}

// Clears the sign bit. It is not the absolute value: -1 becomes 2147483647. In Kafka:
// Utils.toPositive.
constexpr std::int32_t to_positive(std::int32_t number) {
  return number & 0x7fffffff;
}

// Leaderless partitions count, so that a key stays where it is while its leader is away.
// Requires: partition_count > 0.
constexpr std::int32_t partition_for_key(ByteSpan key, std::int32_t partition_count) {
  CHECK(partition_count > 0);
  return to_positive(murmur2(key)) % partition_count;
}

}  // namespace linger::core
