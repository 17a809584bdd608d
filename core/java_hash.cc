#include "core/java_hash.h"

#include <algorithm>
#include <numeric>

namespace linger::core {

namespace {

// The smallest table that holds so many entries at a load of three quarters, by doubling.
std::uint32_t table_size(std::size_t entries, InitialCapacity capacity) {
  std::size_t size = 1;
  while (size < capacity.entries || size * 3 < entries * 4) size *= 2;
  return static_cast<std::uint32_t>(size);
}

std::uint32_t bucket(std::int32_t hash, std::uint32_t table) {
  const auto bits = static_cast<std::uint32_t>(hash);
  return (bits ^ (bits >> 16)) & (table - 1);
}

}  // namespace

std::int32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char character : text) hash = 31 * hash + static_cast<unsigned char>(character);
  return static_cast<std::int32_t>(hash);
}

std::int32_t java_hash(std::string_view topic, std::int32_t partition) {
  const std::uint32_t first = 31 + static_cast<std::uint32_t>(partition);
  return static_cast<std::int32_t>(31 * first + static_cast<std::uint32_t>(java_hash(topic)));
}

std::vector<std::size_t> java_hash_map_order(std::span<const std::int32_t> hashes,
                                             InitialCapacity capacity) {
  const std::uint32_t table = table_size(hashes.size(), capacity);
  std::vector<std::size_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return bucket(hashes[a], table) < bucket(hashes[b], table);
  });
  return order;
}

}  // namespace linger::core
