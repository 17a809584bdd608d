#include "sim/conform/java_random.h"

#include <cstddef>
#include <utility>

#include "core/draws.h"

namespace linger::sim::conform {

std::vector<std::int32_t> pinned_draws(std::size_t count) {
  JavaRandom random{0};
  std::vector<std::int32_t> draws;
  for (std::size_t i = 0; i < count; ++i) draws.push_back(random.next_31_bits());
  return draws;
}

std::vector<core::NodeId> shuffled_brokers(std::int32_t count) {
  std::vector<core::NodeId> brokers;
  for (std::int32_t id = 0; id < count; ++id) brokers.emplace_back(id);
  core::Draws draws{core::Random{0, core::RandomStream::PartitionChoice},
                    pinned_draws(brokers.size())};
  for (std::int32_t size = count; size > 1; --size) {
    const auto other = static_cast<std::size_t>(draws.below(size));
    std::swap(brokers[static_cast<std::size_t>(size - 1)], brokers[other]);
  }
  return brokers;
}

}  // namespace linger::sim::conform
