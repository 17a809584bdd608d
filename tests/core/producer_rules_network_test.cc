// What connections, metadata and retries do without a rule, the rest of the era being as it was.
#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "support/rule_flips.h"

namespace linger::core::producer_rules_network_test {
namespace {

ConnectionState state_of(const ProducerBench& bench, NodeId node) {
  return bench.producer.client().connections().state(node);
}

// --- Connections ---

TEST(Rules, BeforeKafka7639AnswersAreReadAheadAndOutliveTheConnection) {
  compare(Rule::Kafka7639OneReceiveAtATime, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retries", "0"}})};
    const RecordId first = bench.send({});
    bench.step();
    const RecordId second = bench.send({});
    bench.step();
    bench.acknowledge(0);
    bench.acknowledge(1);
    bench.step();
    ASSERT_TRUE(bench.is_done(first));
    ASSERT_FALSE(bench.is_done(second));
    bench.disconnect();
    bench.steps(3);
    ASSERT_TRUE(bench.is_done(second));
    EXPECT_EQ(bench.outcome(second).error.has_value(), has_rule);
  });
}

TEST(Rules, BeforeKafka12762TheSenderSleepsThroughTheSetUpTimeout) {
  compare(Rule::Kafka12762SetupTimeoutEndsSleep, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.take_down(ProducerBench::kNode);
    bench.disconnect();
    bench.step();
    bench.now += 10s;
    bench.send({});
    bench.steps(3);
    ASSERT_EQ(state_of(bench, ProducerBench::kNode), ConnectionState::Connecting);
    EXPECT_EQ(bench.poll_timeout() <= Milliseconds{10'000}, has_rule);
  });
}

TEST(Rules, BeforeKafka13879AHandshakeThatFailsIsRepeatedWithoutGrowingPauses) {
  compare(Rule::Kafka13879BackoffOutlivesHandshake, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.disconnect();
    bench.step();
    for (int i = 0; i < 2; ++i) {
      bench.now += 10s;
      bench.send({});
      bench.steps(2);
      ASSERT_EQ(state_of(bench, ProducerBench::kNode), ConnectionState::CheckingApiVersions);
      bench.disconnect();
      bench.step();
    }
    EXPECT_EQ(
        bench.producer.client().connections().connection_delay(ProducerBench::kNode, bench.now),
        Milliseconds{has_rule ? 200 : 50});
  });
}

TEST(Rules, BeforeKip899AClientThatReachesNobodyDoesNotBeginAgain) {
  compare(Rule::Kip899Rebootstrap, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"metadata.recovery.strategy", "rebootstrap"}})};
    for (std::int32_t node = 0; node < 3; ++node) {
      bench.take_down(NodeId{node});
      bench.disconnect(NodeId{node});
    }
    bench.send({});
    for (int i = 0; i < 300 && !bench.producer.metadata().snapshot().is_bootstrap(); ++i) {
      bench.now += 10ms;
      bench.step();
      for (std::int32_t node = 0; node < 3; ++node) {
        bench.producer.network().on_connect_failed(NodeId{node});
      }
    }
    EXPECT_EQ(bench.producer.metadata().snapshot().is_bootstrap(), has_rule);
  });
}

// --- Retries ---

ProducerSetup with_epochs(std::vector<RuleFlip> flips) {
  ProducerSetup setup =
      plain(std::move(flips), {{"retry.backoff.ms", "5000"}, {"retry.backoff.max.ms", "5000"}});
  setup.leaders.epoch = 5;
  return setup;
}

TEST(Rules, BeforeKafka15415ARetryWaitsAlsoForAPartitionThatHasANewLeader) {
  compare(Rule::Kafka15415SkipBackoffOnNewLeader, [](const auto& flips, bool has_rule) {
    ProducerBench bench{with_epochs(flips)};
    bench.at(60s);
    bench.send({});
    bench.step();
    bench.leaders = {{1, 0, 1}, 6};
    bench.refuse(ErrorCode::NotLeaderOrFollower);
    bench.steps(6);
    EXPECT_EQ(bench.requests(ProducerBench::kOther).size(), has_rule ? 1u : 0u);
  });
}

TEST(Rules, BeforeKip951TheLeaderIsAskedFor) {
  compare(Rule::Kip951LeaderHints, [](const auto& flips, bool has_rule) {
    ProducerBench bench{with_epochs(flips)};
    bench.answers_metadata = false;
    bench.at(60s);
    bench.send({});
    bench.step();
    bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
      partition.error_code = wire_number(ErrorCode::NotLeaderOrFollower);
      partition.current_leader = {ProducerBench::kOther, 6};
    });
    bench.steps(3);
    EXPECT_EQ(bench.producer.metadata().snapshot().leader_for({kBenchTopic, 0}),
              has_rule ? ProducerBench::kOther : ProducerBench::kNode);
  });
}

TEST(Rules, BeforeKip580EveryRetryWaitsForTheSameTime) {
  compare(Rule::Kip580ExponentialRetryBackoff, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retry.backoff.max.ms", "1000"}})};
    bench.send({});
    bench.step();
    bench.refuse(ErrorCode::NotEnoughReplicas);
    bench.step();
    bench.at(100ms);
    bench.step();
    bench.refuse(ErrorCode::NotEnoughReplicas);
    bench.step();
    bench.at(200ms);
    bench.step();
    EXPECT_EQ(bench.requests().empty(), has_rule);
    bench.at(300ms);
    bench.step();
    EXPECT_EQ(bench.requests().size(), 1u);
  });
}

}  // namespace
}  // namespace linger::core::producer_rules_network_test
