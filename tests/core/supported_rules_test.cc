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

TEST(SupportedRules, ARuleNothingActsOnIsRefused) {
  EXPECT_EQ(support(Rule::Kafka1445WholeNodeDrain), Support::NotYet);
  const RuleSet rules = rules_of(Era::V3_9).without(Rule::Kafka1445WholeNodeDrain);
  EXPECT_EQ(unsupported_flips(Era::V3_9, rules),
            (Texts{"this model does not act on KAFKA-1445 yet"}));
}

TEST(SupportedRules, AnEraWaitsForTheRulesInWhichItDiffersFromTheNewest) {
  const Texts reasons = unsupported_era(Era::V0_10_2);
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_EQ(reasons[0].find("this model cannot act as 0.10.2 yet: it does not act on "), 0u);
  EXPECT_EQ(reasons[0].find("KAFKA-1445"), std::string::npos);  // both eras have it
  EXPECT_EQ(reasons[0].find("KIP-890"), std::string::npos);     // it is of transactions
}

}  // namespace
}  // namespace linger::core
