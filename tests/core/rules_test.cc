#include "core/rules.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace linger::core::rules_test {
namespace {

using Turn = RuleFlip::Turn;
using Contradictions = std::vector<std::string>;

std::variant<RuleSet, Contradictions> with_flips(Era era, std::vector<RuleFlip> flips) {
  return flipped(era, flips);
}

TEST(Era, IsCalledByItsRelease) {
  EXPECT_EQ(name(Era::V0_10_2), "0.10.2");
  EXPECT_EQ(release(Era::V2_8), "2.8.2");
  for (const Era era : kAllEras) EXPECT_EQ(find_era(name(era)), era);
  EXPECT_EQ(find_era("2.9"), std::nullopt);
}

TEST(Preset, HasTheRulesThatHadBeenReleasedByThen) {
  const Preset& one = *find_preset("1.0");
  EXPECT_TRUE(one.rules.has(Rule::Kafka5494FiveInFlight));
  EXPECT_FALSE(one.rules.has(Rule::Kip91DeliveryTimeout));
  EXPECT_EQ(one.era, Era::V2_8) << "it has record batches";
  EXPECT_TRUE(find_preset("4.0")->rules.has(Rule::Kip1030LingerDefault));
  EXPECT_EQ(find_preset("1.7"), nullptr);
}

TEST(Preset, IsEachEraToo) {
  for (const Era era : kAllEras) {
    const Preset* preset = find_preset(name(era));
    ASSERT_NE(preset, nullptr) << name(era);
    EXPECT_EQ(preset->era, era);
    EXPECT_EQ(preset->rules, rules_of(era)) << name(era);
  }
}

TEST(Preset, ContradictsNothing) {
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(std::holds_alternative<RuleSet>(flipped(preset.rules, {}))) << preset.name;
  }
}

TEST(RuleSet, HoldsWhatItWasGiven) {
  const RuleSet rules{Rule::Kip98ProducerId, Rule::Kafka8350SplitHalves};
  EXPECT_TRUE(rules.has(Rule::Kip98ProducerId));
  EXPECT_TRUE(rules.has(Rule::Kafka8350SplitHalves));
  EXPECT_FALSE(rules.has(Rule::Kafka1445WholeNodeDrain));
  EXPECT_TRUE(rules.has_all({Rule::Kip98ProducerId}));
  EXPECT_FALSE(rules.has_all({Rule::Kip98ProducerId, Rule::Kip82Headers}));
}

TEST(RuleSet, WithAndWithoutGiveAnotherSet) {
  const RuleSet none;
  const RuleSet one = none.with(Rule::Kip219ClientThrottle);
  EXPECT_TRUE(none.empty());
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(one.with(Rule::Kip219ClientThrottle), one);
  EXPECT_EQ(one.without(Rule::Kip219ClientThrottle), none);
}

TEST(Rules, AreFoundByEachNameInAnyCase) {
  for (const RuleInfo& row : rule_table()) {
    EXPECT_EQ(find_rule(row.name), row.rule) << row.name;
    EXPECT_EQ(name(row.rule), row.name);
  }
  EXPECT_EQ(find_rule("KAFKA-8904"), Rule::Kip526MetadataOfNewTopics);
  EXPECT_EQ(find_rule("kip-526"), Rule::Kip526MetadataOfNewTopics);
  EXPECT_EQ(find_rule("KIP-9999"), std::nullopt);
  EXPECT_EQ(find_rule(""), std::nullopt);
}

TEST(Rules, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  std::size_t count = 0;
  for (const RuleInfo& row : rule_table()) {
    names.insert(row.name);
    ++count;
    if (row.also.empty()) continue;
    names.insert(row.also);
    ++count;
  }
  EXPECT_EQ(names.size(), count);
}

TEST(Rules, SayWhatTheyChangeInSentences) {
  for (const RuleInfo& row : rule_table()) {
    EXPECT_TRUE(row.what.ends_with('.')) << row.name;
    EXPECT_EQ(row.what.find("  "), std::string_view::npos) << row.name;
  }
}

TEST(Rules, AnEraHasThoseReleasedByThen) {
  EXPECT_TRUE(rules_of(Era::V0_10_2).has(Rule::Kafka4402RoundRobinPerTopic));
  EXPECT_FALSE(rules_of(Era::V0_10_2).has(Rule::Kip98ProducerId));
  EXPECT_TRUE(rules_of(Era::V2_8).has(Rule::Kafka12870FlushCounter));
  EXPECT_FALSE(rules_of(Era::V2_8).has(Rule::Kip679StrongestDefaults));
  EXPECT_TRUE(rules_of(Era::V3_9).has(Rule::Kafka16965TimeoutHasCause));
  EXPECT_FALSE(rules_of(Era::V3_9).has(Rule::Kafka19012BufferStaysUntilAnswered));
  EXPECT_FALSE(rules_of(Era::V3_9).has(Rule::Kip1030LingerDefault));
}

TEST(Rules, OfALaterEraIncludeThoseOfAnEarlierOne) {
  EXPECT_TRUE(rules_of(Era::V2_8).has_all(rules_of(Era::V0_10_2)));
  EXPECT_TRUE(rules_of(Era::V3_9).has_all(rules_of(Era::V2_8)));
}

TEST(Rules, EveryEraHasWhatItsRulesNeed) {
  for (const Era era : kAllEras) {
    for (const RuleInfo& row : rule_table()) {
      if (!rules_of(era).has(row.rule)) continue;
      EXPECT_TRUE(rules_of(era).has_all(row.needs)) << row.name << " in " << name(era);
    }
  }
}

TEST(Rules, ARuleComesAfterThoseItNeedsOrReplaces) {
  RuleSet seen;
  for (const RuleInfo& row : rule_table()) {
    EXPECT_TRUE(seen.has_all(row.needs)) << row.name;
    EXPECT_TRUE(seen.has_all(row.replaces)) << row.name;
    seen = seen.with(row.rule);
  }
}

TEST(Flips, WithoutAnyAnEraIsAsItWas) {
  for (const Era era : kAllEras) EXPECT_EQ(std::get<RuleSet>(with_flips(era, {})), rules_of(era));
}

TEST(Flips, TurnSingleRulesOnAndOff) {
  const auto rules = with_flips(Era::V2_8, {{Rule::Kip580ExponentialRetryBackoff, Turn::On},
                                            {Rule::Kafka3197MutePartition, Turn::Off}});
  EXPECT_EQ(std::get<RuleSet>(rules), rules_of(Era::V2_8)
                                          .with(Rule::Kip580ExponentialRetryBackoff)
                                          .without(Rule::Kafka3197MutePartition));
}

TEST(Flips, ARuleThatHoldsAlreadyMayBeTurnedOn) {
  EXPECT_EQ(std::get<RuleSet>(with_flips(Era::V2_8, {{Rule::Kip98ProducerId, Turn::On}})),
            rules_of(Era::V2_8));
}

TEST(Flips, ARuleNeedsTheRulesItBuildsOn) {
  EXPECT_EQ(std::get<Contradictions>(with_flips(Era::V0_10_2, {{Rule::Kip360EpochBump, Turn::On}})),
            (Contradictions{"KIP-360 needs KIP-98, which is off: turn KIP-98 on or KIP-360 off"}));
}

TEST(Flips, ARuleCannotBeTakenFromUnderAnother) {
  EXPECT_EQ(std::get<Contradictions>(
                with_flips(Era::V3_9, {{Rule::Kip794BuiltInPartitioner, Turn::Off}})),
            (Contradictions{
                "KAFKA-14156 needs KIP-794, which is off: turn KIP-794 on or KAFKA-14156 off"}));
  EXPECT_TRUE(std::holds_alternative<RuleSet>(
      with_flips(Era::V3_9, {{Rule::Kip794BuiltInPartitioner, Turn::Off},
                             {Rule::Kafka14156WholeBatchSwitch, Turn::Off}})));
}

TEST(Flips, ARuleThatAnotherReplacesCannotBeTurnedOn) {
  EXPECT_EQ(
      std::get<Contradictions>(with_flips(Era::V2_8, {{Rule::Kafka3388ExpiryReasons, Turn::On}})),
      (Contradictions{"KAFKA-3388 changes nothing while KIP-91 holds, which replaces it: turn "
                      "KIP-91 off"}));
  EXPECT_TRUE(std::holds_alternative<RuleSet>(with_flips(
      Era::V2_8,
      {{Rule::Kip91DeliveryTimeout, Turn::Off}, {Rule::Kafka3388ExpiryReasons, Turn::On}})));
}

TEST(Flips, ARuleThatMakesNoDifferenceHereStaysAsItsEraHasIt) {
  EXPECT_EQ(
      std::get<Contradictions>(with_flips(Era::V3_9, {{Rule::Kafka15817NextAddress, Turn::Off}})),
      (Contradictions{"KAFKA-15817 makes no difference here: a host has one address here. Leave it "
                      "as its era has it"}));
  EXPECT_TRUE(std::holds_alternative<RuleSet>(
      with_flips(Era::V3_9, {{Rule::Kafka15817NextAddress, Turn::On}})));
}

TEST(Flips, ARuleThatMakesNoDifferenceMayGoWithTheOneItNeeds) {
  std::vector<RuleFlip> flips;
  for (const RuleInfo& row : rule_table()) {
    const bool builds_on_ids = row.needs.has(Rule::Kip98ProducerId) ||
                               row.needs.has(Rule::Kip360EpochBump) ||
                               row.needs.has(Rule::Kip679StrongestDefaults);
    if (row.rule == Rule::Kip98ProducerId || builds_on_ids) flips.push_back({row.rule, Turn::Off});
  }
  const auto rules = with_flips(Era::V3_9, flips);
  ASSERT_TRUE(std::holds_alternative<RuleSet>(rules));
  EXPECT_FALSE(std::get<RuleSet>(rules).has(Rule::Kip890TransactionAbortable));
}

TEST(Flips, ARuleCannotBeTurnedBothWays) {
  EXPECT_EQ(
      std::get<Contradictions>(with_flips(Era::V2_8, {{Rule::Kip1030LingerDefault, Turn::Off},
                                                      {Rule::Kip1030LingerDefault, Turn::On}})),
      (Contradictions{"KIP-1030 is turned both on and off"}));
}

}  // namespace
}  // namespace linger::core::rules_test
