#include "sim/scenario_overrides.h"

#include <gtest/gtest.h>

#include "support/scenarios.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::Era;
using core::Rule;

constexpr const char* kTwoGivenProducers = R"(
  [[topic]]
  name = "t"
  [[producer]]
  name = "A"
  linger.ms = 5
  [[producer]]
  name = "B"
  linger.ms = 7
  [[thread]]
  producer = "A"
  run = [ { send = "t" } ]
)";

Scenario overridden(const ScenarioOverrides& overrides,
                    std::string_view toml = kTwoGivenProducers) {
  auto result = with_overrides(scenario_of(toml), overrides);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&result)) {
    throw std::invalid_argument{text(*errors)};
  }
  return std::get<Overridden>(std::move(result)).scenario;
}

std::string errors_of(const ScenarioOverrides& overrides,
                      std::string_view toml = kTwoGivenProducers) {
  const auto result = with_overrides(scenario_of(toml), overrides);
  const auto* errors = std::get_if<std::vector<ParseError>>(&result);
  return errors == nullptr ? "" : text(*errors);
}

TEST(ScenarioOverrides, NoneChangeNothing) {
  const Scenario scenario = overridden({});
  EXPECT_EQ(scenario.producers, scenario_of(kTwoGivenProducers).producers);
  EXPECT_EQ(scenario.rules, core::rules_of(Era::V3_9));
}

TEST(ScenarioOverrides, ASettingIsForEveryProducer) {
  const Scenario scenario = overridden({.settings = {"linger.ms=20ms"}});
  EXPECT_EQ(scenario.producers[0].config.config.linger, 20ms);
  EXPECT_EQ(scenario.producers[1].config.config.linger, 20ms);
}

TEST(ScenarioOverrides, ASettingMayBeForOneProducer) {
  const Scenario scenario = overridden({.settings = {"B:linger.ms=20"}});
  EXPECT_EQ(scenario.producers[0].config.config.linger, 5ms);
  EXPECT_EQ(scenario.producers[1].config.config.linger, 20ms);
}

TEST(ScenarioOverrides, TheLastOfTwoSettingsHolds) {
  const Scenario scenario = overridden({.settings = {"linger.ms=20", "linger.ms=30"}});
  EXPECT_EQ(scenario.producers[0].config.config.linger, 30ms);
}

TEST(ScenarioOverrides, TheErrorsAreTheFilesOwn) {
  const std::string own = [] {
    const auto parsed = parse_scenario(R"(
      [[topic]]
      name = "t"
      [producer]
      linger.ms = -1
      [[thread]]
      run = [ { send = "t" } ])",
                                       "f");
    return std::get<std::vector<ParseError>>(parsed).front().message;
  }();
  EXPECT_NE(errors_of({.settings = {"linger.ms=-1"}}).find("--set linger.ms=-1: error: " + own),
            std::string::npos);
}

TEST(ScenarioOverrides, AnUnknownSettingHasANeighbour) {
  const std::string errors = errors_of({.settings = {"linger.mss=5"}});
  EXPECT_TRUE(
      errors.starts_with("--set linger.mss=5: error: no client has a setting linger.mss\n"));
  EXPECT_NE(errors.find("linger.ms\n"), std::string::npos) << errors;
}

TEST(ScenarioOverrides, WhatSetsNothingIsRefused) {
  EXPECT_NE(errors_of({.settings = {"linger.ms"}}).find("sets nothing"), std::string::npos);
  EXPECT_NE(errors_of({.settings = {"=5"}}).find("sets nothing"), std::string::npos);
  EXPECT_NE(errors_of({.settings = {"C:linger.ms=5"}}).find("there is no producer 'C'"),
            std::string::npos);
}

TEST(ScenarioOverrides, AContradictionIsBlamedOnWhatWasTyped) {
  const std::string errors = errors_of({.settings = {"delivery.timeout.ms=10"}});
  EXPECT_TRUE(errors.starts_with("--set delivery.timeout.ms=10: error: ")) << errors;
}

TEST(ScenarioOverrides, AnEraBringsItsRulesAndDefaults) {
  const Scenario scenario = overridden({.era = "2.8"});
  EXPECT_EQ(scenario.era, Era::V2_8);
  EXPECT_EQ(scenario.rules, core::rules_of(Era::V2_8));
  EXPECT_EQ(scenario.producers[0].config.era, Era::V2_8);
  EXPECT_EQ(scenario.producers[0].config.config.acks, core::Acks::Leader);
  EXPECT_EQ(scenario.producers[0].config.config.linger, 5ms);
}

TEST(ScenarioOverrides, ARuleThatIsNotActedUponIsRefusedOnceForAllProducers) {
  EXPECT_EQ(errors_of({.rules = {"KAFKA-12736=off"}}),
            "--rule KAFKA-12736=off: error: KAFKA-12736 makes no difference here: it changes what "
            "Java's heap holds, and nothing that is sent or told. Leave it as its era has it\n");
}

TEST(ScenarioOverrides, AnotherEraKeepsTheScenariosOwnRules) {
  const std::string toml = std::string{"rules = { \"KIP-951\" = false }\n"} + kTwoGivenProducers;
  EXPECT_EQ(overridden({.era = "2.8"}, toml).rules, core::rules_of(Era::V2_8));
  const Scenario there = overridden({.era = "3.9"}, toml);
  EXPECT_EQ(there.rules, core::rules_of(Era::V3_9).without(Rule::Kip951LeaderHints));
}

TEST(ScenarioOverrides, ASingleRuleIsTurned) {
  const Scenario scenario = overridden({.rules = {"kip-951=off"}});
  EXPECT_FALSE(scenario.rules.has(Rule::Kip951LeaderHints));
  EXPECT_FALSE(scenario.producers[1].config.rules.has(Rule::Kip951LeaderHints));
}

TEST(ScenarioOverrides, UnknownErasAndRulesAreRefused) {
  EXPECT_EQ(errors_of({.era = "3.8"}),
            "--era 3.8: error: there is no era '3.8'\n  fix: did you mean '2.8'?\n");
  EXPECT_NE(errors_of({.rules = {"KIP-0=on"}}).find("there is no rule 'KIP-0'"), std::string::npos);
  EXPECT_NE(errors_of({.rules = {"KIP-951=maybe"}}).find("a rule cannot be 'maybe'"),
            std::string::npos);
}

TEST(ScenarioOverrides, ASeedIsAnInteger) {
  EXPECT_EQ(overridden({.seed = "18446744073709551615"}).seed, 18'446'744'073'709'551'615u);
  EXPECT_NE(errors_of({.seed = "-1"}).find("'-1' is no seed"), std::string::npos);
  EXPECT_NE(errors_of({.seed = "1x"}).find("'1x' is no seed"), std::string::npos);
  EXPECT_NE(errors_of({.seed = ""}).find("is no seed"), std::string::npos);
}

TEST(ScenarioOverrides, AnEraMayBeAReleaseBetweenTheEras) {
  const Scenario scenario = overridden({.era = "4.0"});
  EXPECT_EQ(scenario.era, Era::V3_9);
  EXPECT_EQ(scenario.release, "4.0");
  EXPECT_TRUE(scenario.rules.has(Rule::Kafka17632RoundRobinRewinds));
}

TEST(ScenarioOverrides, TheRulesOfAReleaseDoNotFollowIntoAnotherEra) {
  const std::string toml = std::string{"era = \"4.0\"\n"} + kTwoGivenProducers;
  EXPECT_EQ(overridden({.era = "3.9"}, toml).rules, core::rules_of(Era::V3_9));
}

}  // namespace
}  // namespace linger::sim
