// In which order the accumulator looks at its deques.
#include <gtest/gtest.h>

#include <cstdint>
#include <variant>
#include <vector>

#include "support/accumulator_bench.h"

namespace linger::core::record_accumulator_visits_test {
namespace {

std::vector<std::int32_t> visited(bool maps_by_topic) {
  AccumulatorBench bench{{.leaders = {{0, 0, 0, 0}}, .maps_by_topic = maps_by_topic}};
  for (const std::int32_t partition : {2, 0, 3, 1}) bench.append(partition);
  bench.journal.take();
  bench.ready();
  std::vector<std::int32_t> order;
  for (const Event& event : bench.journal.take()) {
    const auto* decision = std::get_if<ReadinessDecision>(&event);
    if (decision != nullptr) order.push_back(decision->partition.partition);
  }
  return order;
}

TEST(RecordAccumulator, PartitionsAreVisitedByNumberSinceKip794AndInHashOrderBefore) {
  EXPECT_EQ(visited(true), (std::vector<std::int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(visited(false), (std::vector<std::int32_t>{3, 2, 1, 0}));
}

}  // namespace
}  // namespace linger::core::record_accumulator_visits_test
