#include "sim/batch_life.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "sim/timeline.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

BatchLives lives_of(std::string_view toml) {
  BatchLives lives;
  Timeline timeline{shared_scenario(toml)};
  timeline.run_to_end();
  for (std::size_t i = 0; i < timeline.trace().size(); ++i) lives.add(timeline.trace()[i], i);
  return lives;
}

std::vector<BatchPhase> phases_of_batch(const BatchLives& lives, std::int64_t batch) {
  std::vector<BatchPhase> phases;
  const BatchLife* life = lives.find(core::ProducerIndex{0}, core::BatchId{batch});
  for (const BatchLife::Stage& stage : life->stages) phases.push_back(stage.phase);
  return phases;
}

// Three records of which two fit: the first batch waits from the third on.
constexpr std::string_view kClosedByTheThird = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[producer]
batch.size = 300
linger.ms = 100
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 3 }]
)";

TEST(BatchLives, ABatchFillsUntilItTakesNoMoreAndWaitsUntilItIsDrained) {
  using enum BatchPhase;
  const BatchLives lives = lives_of(kClosedByTheThird);
  EXPECT_EQ(phases_of_batch(lives, 0), (std::vector{Filling, Waiting, InFlight, Done}));
  EXPECT_EQ(phases_of_batch(lives, 1), (std::vector{Filling, InFlight, Done}));
  EXPECT_EQ(lives.all()[0].fate, BatchFate::Acknowledged);
}

TEST(BatchLives, ABatchThatExpiresInItsDequeWasNeverInFlight) {
  using enum BatchPhase;
  const BatchLives lives = lives_of(R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = ["none"]
[producer]
request.timeout.ms = 100
delivery.timeout.ms = 200
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)");
  EXPECT_EQ(phases_of_batch(lives, 0), (std::vector{Filling, Done}));
  EXPECT_EQ(lives.all()[0].fate, BatchFate::Expired);
}

TEST(BatchLives, WhatIsSplitLivesOnInItsParts) {
  using enum BatchPhase;
  const BatchLives lives = lives_of(R"(
warm = true
[[topic]]
name = "orders"
[producer]
linger.ms = 5
[[thread]]
run = [{ send = "orders", count = 3, value_size = 500 }]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = "MESSAGE_TOO_LARGE" }
)");
  const BatchLife& whole = lives.all().front();
  EXPECT_EQ(whole.fate, BatchFate::Split);
  ASSERT_GE(lives.all().size(), 2U);
  for (std::size_t i = 1; i < lives.all().size(); ++i) {
    EXPECT_EQ(lives.all()[i].stages.front().phase, Waiting);
    EXPECT_GE(lives.all()[i].began(), whole.stages.back().from);
    EXPECT_TRUE(lives.all()[i].is_done());
  }
}

}  // namespace
}  // namespace linger::sim
