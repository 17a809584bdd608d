#include "core/supported_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace linger::core {
namespace {

using Texts = std::vector<std::string>;

TEST(SupportedRules, TheNewestEraAsItWasIsAlwaysSupported) {
  EXPECT_TRUE(unsupported_era(Era::V3_9).empty());
  for (const Era era : kAllEras) EXPECT_TRUE(unsupported_flips(era, rules_of(era)).empty());
}

TEST(SupportedRules, ARuleThatIsActedUponCanBeTurned) {
  EXPECT_EQ(support(Rule::Kip951LeaderHints), Support::ActedUpon);
  const RuleSet rules = rules_of(Era::V3_9).without(Rule::Kip951LeaderHints);
  EXPECT_TRUE(unsupported_flips(Era::V3_9, rules).empty());
}

TEST(SupportedRules, ARuleOfTransactionsWaitsForThem) {
  EXPECT_EQ(support(Rule::Kip890TransactionAbortable), Support::OfTransactions);
  const RuleSet rules = rules_of(Era::V3_9).without(Rule::Kip890TransactionAbortable);
  EXPECT_EQ(unsupported_flips(Era::V3_9, rules),
            (Texts{"KIP-890 is about transactions, and this model has none yet"}));
}

TEST(SupportedRules, ARuleThatChangesNothingHereIsRefused) {
  EXPECT_EQ(support(Rule::Kafka12736FlushHoldsResults), Support::NothingToSee);
  const RuleSet rules = rules_of(Era::V3_9).without(Rule::Kafka12736FlushHoldsResults);
  EXPECT_EQ(unsupported_flips(Era::V3_9, rules),
            (Texts{"this model has nothing that KAFKA-12736 changes"}));
}

TEST(SupportedRules, TheRulesOfAReleaseAreNoFlips) {
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(unsupported_flips(preset.era, preset.rules).empty()) << preset.name;
  }
}

TEST(SupportedRules, AnEraWaitsForTheRulesInWhichItDiffersFromTheNewest) {
  for (const Era era : kAllEras) {
    bool is_missing_one = false;
    for (const RuleInfo& row : rule_table()) {
      const bool differs = rules_of(era).has(row.rule) != rules_of(Era::V3_9).has(row.rule);
      is_missing_one = is_missing_one || (differs && support(row.rule) == Support::NotYet);
    }
    EXPECT_EQ(!unsupported_era(era).empty(), is_missing_one) << name(era);
  }
}

}  // namespace
}  // namespace linger::core
