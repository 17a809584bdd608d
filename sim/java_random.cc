#include "sim/java_random.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/draws.h"

namespace linger::sim {

std::vector<std::int32_t> draws_of(const JavaSeries& series) {
  JavaRandom random{series.seed};
  std::vector<std::int32_t> draws;
  for (std::size_t i = 0; i < series.count; ++i) draws.push_back(random.next_31_bits());
  const auto skipped = static_cast<std::ptrdiff_t>(std::min(series.skip, series.count));
  std::rotate(draws.begin(), draws.begin() + skipped, draws.end());
  return draws;
}

std::optional<JavaSeries> java_series_of(const std::vector<std::int32_t>& draws) {
  for (const std::size_t skip : {std::size_t{0}, std::size_t{1}}) {
    const JavaSeries series{.seed = 0, .count = draws.size(), .skip = skip};
    if (!draws.empty() && draws_of(series) == draws) return series;
  }
  return std::nullopt;
}

std::vector<std::int32_t> pinned_draws(std::size_t count) {
  return draws_of({.seed = 0, .count = count});
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

}  // namespace linger::sim
