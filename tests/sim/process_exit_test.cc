// A process that exits because of a fault, and what others see of it.
#include <gtest/gtest.h>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

constexpr const char* kTwoProducers = R"(
warm = true
[topic]
name = "orders"
[[producer]]
name = "A"
linger.ms = 50
[[producer]]
name = "B"
[[thread]]
name = "a"
producer = "A"
run = [{ send = "orders", count = 10, every = "10ms" }, { flush = true }]
[[thread]]
name = "b"
producer = "B"
run = [{ send = "orders", count = 10, every = "10ms" }]
[[fault]]
at = "35ms"
)";

TEST(ProcessExit, WhatItsProducerHeldIsLostAndItsConnectionsEnd) {
  const RunResult result = run_of(std::string{kTwoProducers} + "exit = \"A\"\n" + R"(
[[expect]]
that = "thread('a').state == 'ended' and producer('A').state == 'closed'"
[[expect]]
that = "producer('A').records.sent == 4 and producer('A').records.acknowledged == 0"
[[expect]]
that = "log('orders-0').records == 10 and records.acknowledged == 10"
[[expect]]
that = "broker(0).connections == 1 and count(fault) == 1"
)");
  for (const Verdict& verdict : result.verdicts) EXPECT_TRUE(verdict.holds) << verdict.values;
  EXPECT_TRUE(result.broken_laws.empty());
}

TEST(ProcessExit, HappensOnce) {
  const RunResult result = run_of(std::string{kTwoProducers} +
                                  "exit = \"A\"\n[[fault]]\nat = \"40ms\"\nexit = \"A\"\n" + R"(
[[expect]]
that = "count(thread_ended) == 2 and count(fault) == 2"
)");
  EXPECT_TRUE(result.is_good());
}

}  // namespace
}  // namespace linger::sim
