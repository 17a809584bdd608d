#include "sim/produce_rule.h"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using core::Instant;
using core::NodeId;

const OfferedRequest kSecond{2, NodeId{1}, Instant{10ms}};
const OfferedBatch kBatch{{"t", 0}, 5, 3, core::Bytes{300}};

ProduceRule failing() {
  ProduceRule rule;
  rule.error = ErrorCode::NotEnoughReplicas;
  rule.appends = false;
  return rule;
}

TEST(ProduceRule, WithoutConditionsMatchesAnything) {
  EXPECT_TRUE(matches(ProduceRule{}, kSecond));
  EXPECT_TRUE(matches(ProduceRule{}, kBatch));
}

TEST(ProduceRule, MatchesRequestsByNumberBrokerAndTime) {
  ProduceRule rule;
  rule.first_request = 2;
  rule.last_request = 2;
  rule.broker = NodeId{1};
  rule.from = Instant{10ms};
  rule.until = Instant{10ms};
  EXPECT_TRUE(matches(rule, kSecond));
  EXPECT_FALSE(matches(rule, OfferedRequest{1, NodeId{1}, Instant{10ms}}));
  EXPECT_FALSE(matches(rule, OfferedRequest{3, NodeId{1}, Instant{10ms}}));
  EXPECT_FALSE(matches(rule, OfferedRequest{2, NodeId{0}, Instant{10ms}}));
  EXPECT_FALSE(matches(rule, OfferedRequest{2, NodeId{1}, Instant{9ms}}));
  EXPECT_FALSE(matches(rule, OfferedRequest{2, NodeId{1}, Instant{11ms}}));
}

TEST(ProduceRule, MatchesBatchesByPartitionSequenceAndSize) {
  ProduceRule rule;
  rule.partition = PartitionName{"t", 0};
  rule.sequence = 5;
  rule.least_records = 3;
  rule.least_size = core::Bytes{300};
  EXPECT_TRUE(matches(rule, kBatch));
  EXPECT_FALSE(matches(rule, OfferedBatch{{"t", 1}, 5, 3, core::Bytes{300}}));
  EXPECT_FALSE(matches(rule, OfferedBatch{{"t", 0}, 4, 3, core::Bytes{300}}));
  EXPECT_FALSE(matches(rule, OfferedBatch{{"t", 0}, 5, 2, core::Bytes{300}}));
  EXPECT_FALSE(matches(rule, OfferedBatch{{"t", 0}, 5, 3, core::Bytes{299}}));
}

TEST(ProduceRules, ARuleIsUsedUpByRequestsNotByBatches) {
  ProduceRules rules{{failing()}};
  const auto met = rules.take(kSecond, {kBatch, kBatch});
  ASSERT_EQ(met.size(), 2u);
  EXPECT_TRUE(met[0] && met[1]);
  EXPECT_FALSE(rules.take(kSecond, {kBatch})[0]);
}

TEST(ProduceRules, TheFirstThatMatchesCounts) {
  ProduceRule other = failing();
  other.error = ErrorCode::RequestTimedOut;
  ProduceRules rules{{failing(), other}};
  EXPECT_EQ(rules.take(kSecond, {kBatch})[0]->error, ErrorCode::NotEnoughReplicas);
  EXPECT_EQ(rules.take(kSecond, {kBatch})[0]->error, ErrorCode::RequestTimedOut);
}

TEST(ProduceRules, ARuleWithoutANumberOfTimesStays) {
  ProduceRule rule = failing();
  rule.times = std::nullopt;
  ProduceRules rules{{rule}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rules.take(kSecond, {kBatch})[0]);
}

TEST(ProduceRules, RequestsAreNumberedAsTheyArrive) {
  ProduceRules rules;
  EXPECT_EQ(rules.next_number(), 1);
  EXPECT_EQ(rules.next_number(), 2);
}

}  // namespace
}  // namespace linger::sim
