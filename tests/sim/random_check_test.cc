#include "sim/random_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "sim/random_scenario.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/shrink.h"

namespace linger::sim {
namespace {

Scenario scenario_of_seed(std::uint64_t seed) {
  Choices choices{seed};
  return random_scenario(choices);
}

TEST(RandomScenario, OfASeedIsAlwaysTheSame) {
  EXPECT_EQ(scenario_text(scenario_of_seed(3)), scenario_text(scenario_of_seed(3)));
  EXPECT_NE(scenario_text(scenario_of_seed(3)), scenario_text(scenario_of_seed(4)));
}

TEST(RandomScenario, IsOneThatCanBeWrittenAndRead) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string text = scenario_text(scenario_of_seed(seed));
    const ParsedScenario read = parse_scenario(text, "random.toml");
    ASSERT_TRUE(std::holds_alternative<Scenario>(read)) << text;
    EXPECT_EQ(scenario_text(std::get<Scenario>(read)), text);
  }
}

TEST(RandomScenario, ComesInEveryEraWithAndWithoutFaults) {
  std::set<core::Era> eras;
  std::set<std::size_t> faults;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Scenario scenario = scenario_of_seed(seed);
    eras.insert(scenario.era);
    faults.insert(scenario.faults.size());
  }
  EXPECT_EQ(eras.size(), 3u);
  EXPECT_GE(faults.size(), 5u);
}

TEST(RandomScenario, HasReplicasWithLogsOfTheirOwnNowAndThen) {
  int replicated = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    replicated += scenario_of_seed(seed).cluster.topics.front().replicas > 1 ? 1 : 0;
  }
  EXPECT_GT(replicated, 10);
  EXPECT_LT(replicated, 50);
}

// How many of so many seeds have something.
template <class Has>
int count_of_seeds(int seeds, Has has) {
  int count = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    count += has(scenario_of_seed(static_cast<std::uint64_t>(seed))) ? 1 : 0;
  }
  return count;
}

TEST(RandomScenario, HasNowAndThenWhatMostHaveNot) {
  const auto has_keys = [](const Scenario& scenario) {
    return std::ranges::any_of(scenario.threads, [](const AppThreadSpec& thread) {
      return std::ranges::any_of(thread.program, [](const AppAction& action) {
        const auto* send = std::get_if<SendAction>(&action);
        return send != nullptr && send->distinct_keys > 0;
      });
    });
  };
  const auto is_transactional = [](const Scenario& scenario) {
    return scenario.producers.front().config.config.transactional_id.has_value();
  };
  EXPECT_GT(count_of_seeds(300, has_keys), 20);
  EXPECT_GT(count_of_seeds(300, is_transactional), 15);
  EXPECT_GT(
      count_of_seeds(300,
                     [](const Scenario& scenario) {
                       return scenario.producers.front().settings.contains("compression.type");
                     }),
      30);
  EXPECT_GT(count_of_seeds(300,
                           [](const Scenario& scenario) {
                             return scenario.rules != core::rules_of(scenario.era);
                           }),
            15);
  EXPECT_GT(
      count_of_seeds(300, [](const Scenario& scenario) { return scenario.producers.size() > 1; }),
      20);
}

TEST(RandomScenario, HasFaultsThatOnlyTransactionsKnow) {
  const auto has = [](const Scenario& scenario) {
    return std::ranges::any_of(scenario.faults, [](const ScheduledFault& one) {
      return std::holds_alternative<FenceProducer>(one.fault) ||
             std::holds_alternative<MoveCoordinator>(one.fault);
    });
  };
  EXPECT_GT(count_of_seeds(600, has), 15);
}

TEST(RandomScenario, WithoutChoicesIsOneRecordByTheNewestProducer) {
  Choices none{ChoiceList{}};
  const auto scenario = std::make_shared<const Scenario>(random_scenario(none));
  EXPECT_EQ(scenario->era, core::Era::V3_9);
  const RunResult result = run(scenario);
  EXPECT_EQ(result.summary.records.sent, 1);
  EXPECT_EQ(result.summary.records.acknowledged, 1);
}

TEST(RandomCheck, FindsNoBrokenLaw) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto found = check_seed(seed);
    if (!found) continue;
    ADD_FAILURE() << found->broken.name << ": " << found->broken.what << "\n"
                  << scenario_text(found->scenario);
  }
}

// A law that nobody promised: no record fails.
std::optional<BrokenLaw> a_record_failed(const std::shared_ptr<const Scenario>& scenario) {
  const RunResult result = run(scenario);
  if (result.summary.records.failed == 0) return std::nullopt;
  return BrokenLaw{"no record fails", "one did", result.steps, result.ended_at};
}

TEST(RandomCheck, MakesWhatBreaksALawAsSmallAsItGets) {
  std::optional<Counterexample> found;
  for (std::uint64_t seed = 1; !found; ++seed) found = check_seed(seed, a_record_failed);
  const auto smallest = std::make_shared<const Scenario>(found->scenario);
  EXPECT_TRUE(a_record_failed(smallest));
  EXPECT_EQ(smallest->threads.size(), 1u);
  EXPECT_EQ(smallest->threads[0].program.size(), 1u);
  EXPECT_LE(smallest->faults.size(), 1u);
  const std::string text = scenario_text(*smallest);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40) << text;
}

}  // namespace
}  // namespace linger::sim
