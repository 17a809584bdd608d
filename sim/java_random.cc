#include "sim/java_random.h"

#include <algorithm>
#include <cstddef>

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

}  // namespace linger::sim
