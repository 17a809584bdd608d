#include "core/client_versions.h"

#include <gtest/gtest.h>

namespace linger::core::client_versions_test {
namespace {

VersionRange produce(Era era, RuleSet rules) {
  return client_versions(era, rules).at(ApiKey::Produce);
}
VersionRange produce(Era era) {
  return produce(era, rules_of(era));
}

TEST(ClientVersions, EachEraSendsRecordsInItsNewestVersion) {
  EXPECT_EQ(produce(Era::V0_10_2), (VersionRange{2, 2}));
  EXPECT_EQ(produce(Era::V2_8), (VersionRange{3, 9}));
  EXPECT_EQ(produce(Era::V3_9), (VersionRange{3, 11}));
}

TEST(ClientVersions, AVersionThatCameWithARuleIsNotSpokenWithoutIt) {
  const RuleSet rules = rules_of(Era::V3_9);
  EXPECT_EQ(produce(Era::V3_9, rules.without(Rule::Kip951LeaderHints)).last, 9);
  EXPECT_EQ(produce(Era::V3_9, rules.without(Rule::Kip219ClientThrottle)).last, 5);
  EXPECT_EQ(produce(Era::V2_8, rules_of(Era::V2_8).with(Rule::Kip951LeaderHints)).last, 10);
}

TEST(ClientVersions, ProducerIdsCameWithKip98) {
  EXPECT_FALSE(
      client_versions(Era::V0_10_2, rules_of(Era::V0_10_2)).contains(ApiKey::InitProducerId));
  EXPECT_EQ(client_versions(Era::V2_8, rules_of(Era::V2_8)).at(ApiKey::InitProducerId).last, 4);
  EXPECT_EQ(client_versions(Era::V3_9, rules_of(Era::V3_9)).at(ApiKey::InitProducerId).last, 5);
}

TEST(ClientVersions, TheOthersAreThoseOfTheEra) {
  const ClientVersions old = client_versions(Era::V0_10_2, rules_of(Era::V0_10_2));
  EXPECT_EQ(old.at(ApiKey::Metadata), (VersionRange{0, 2}));
  EXPECT_EQ(old.at(ApiKey::ApiVersions), (VersionRange{0, 0}));
  EXPECT_EQ(client_versions(Era::V2_8, rules_of(Era::V2_8)).at(ApiKey::Metadata).last, 11);
}

}  // namespace
}  // namespace linger::core::client_versions_test
