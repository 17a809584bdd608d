// A run is a function of its scenario, whoever else runs in the same program.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "sim/choices.h"
#include "sim/digest.h"
#include "sim/random_scenario.h"
#include "sim/runner.h"

namespace linger::sim {
namespace {

constexpr std::uint64_t kScenarios = 24;
constexpr std::size_t kThreads = 8;

std::shared_ptr<const Scenario> seeded_scenario(std::uint64_t seed) {
  Choices choices{seed};
  return std::make_shared<const Scenario>(random_scenario(choices));
}

Digests digests_of(const std::shared_ptr<const Scenario>& scenario) {
  return run(scenario, {.checks_laws = true}).digests;
}

TEST(ARun, GivesTheSameTraceWithEightThreadsOfOthersAround) {
  std::vector<std::shared_ptr<const Scenario>> scenarios;  // shared by all
  std::vector<Digests> alone;
  for (std::uint64_t seed = 1; seed <= kScenarios; ++seed) {
    scenarios.push_back(seeded_scenario(seed));
    alone.push_back(digests_of(scenarios.back()));
  }
  std::vector<std::vector<Digests>> together(kThreads, std::vector<Digests>(kScenarios));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    // Each begins with another, so that different ones run side by side, and the same ones.
    threads.emplace_back([&, i] {
      for (std::size_t step = 0; step < kScenarios; ++step) {
        const std::size_t which = (step + i / 2) % kScenarios;
        together[i][which] = digests_of(scenarios[which]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<Digests>& of_thread : together) EXPECT_EQ(of_thread, alone);
}

}  // namespace
}  // namespace linger::sim
