// What becomes of partitions, batches and their sizes without a rule, the rest of the era being as
// it was.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/rule_flips.h"

namespace linger::core::producer_rules_batches_test {
namespace {

std::size_t partitions_in_use(const ProducerBench& bench, std::int32_t count) {
  std::size_t used = 0;
  for (std::int32_t partition = 0; partition < count; ++partition) {
    if (!bench.deque(partition).empty()) ++used;
  }
  return used;
}

// --- Partitions ---

TEST(Rules, BeforeKafka4402TopicsSkewEachOthersRoundRobin) {
  for (const bool has_rule : {true, false}) {
    ProducerSetup setup{.era = Era::V0_10_2, .leaders = {{0, 0}, 0, {0, 0}}};
    if (!has_rule) setup.flips = {{Rule::Kafka4402RoundRobinPerTopic, RuleFlip::Turn::Off}};
    ProducerBench bench{setup};
    for (int i = 0; i < 4; ++i) {
      bench.send({.partition = std::nullopt});
      bench.send({.partition = std::nullopt, .topic = kOtherBenchTopic});
    }
    EXPECT_EQ(partitions_in_use(bench, 2), has_rule ? 2u : 1u);
  }
}

TEST(Rules, BeforeKip480RecordsWithoutAKeyGoRound) {
  compare(Rule::Kip480StickyPartitioner, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    for (int i = 0; i < 3; ++i) bench.send({.partition = std::nullopt});
    EXPECT_EQ(partitions_in_use(bench, 3), has_rule ? 1u : 3u);
  });
}

TEST(Rules, BeforeKip794EveryNewBatchGoesToAnotherPartition) {
  compare(Rule::Kip794BuiltInPartitioner, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.leaders = {{0, 0}};
    ProducerBench bench{setup};
    std::vector<std::int32_t> partitions;
    for (int i = 0; i < 2; ++i) {
      bench.send({.partition = std::nullopt});
      bench.step();
      partitions.push_back(bench.requests().at(0).batches.at(0).partition.partition);
      bench.acknowledge(i);
      bench.step();
    }
    EXPECT_EQ(partitions[0] == partitions[1], has_rule);
  });
}

// --- Draining ---

TEST(Rules, BeforeKafka1445OnlyReadyPartitionsAreDrained) {
  compare(Rule::Kafka1445WholeNodeDrain, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"linger.ms", "1000"}, {"batch.size", "400"}})};
    bench.send({.partition = 1});
    for (int i = 0; i < 2; ++i) bench.send({.partition = 0, .value_size = 250});
    bench.step();
    ASSERT_EQ(bench.requests().size(), 1u);
    EXPECT_EQ(bench.requests().at(0).batches.size(), has_rule ? 2u : 1u);
  });
}

TEST(Rules, BeforeKafka13834OddPartitionsStarveWhereARequestHoldsOneBatch) {
  compare(Rule::Kafka13834DrainIndexPerNode, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips, {{"batch.size", "100"}, {"max.request.size", "400"}});
    setup.leaders = {{0, 0}};
    ProducerBench bench{setup};
    for (int i = 0; i < 2; ++i) {
      for (const std::int32_t partition : {0, 1}) {
        bench.send({.partition = partition, .value_size = 200});
      }
    }
    bench.steps(2);
    ASSERT_EQ(bench.requests().size(), 2u);
    const TopicPartition first = bench.requests().at(0).batches.at(0).partition;
    const TopicPartition second = bench.requests().at(1).batches.at(0).partition;
    EXPECT_EQ(first != second, has_rule);
  });
}

// --- Splitting and sizes ---

TEST(Rules, BeforeKip126ABatchThatIsTooLargeFails) {
  compare(Rule::Kip126SplitBatches, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    const RecordId record = bench.send({});
    bench.send({});
    bench.step();
    bench.refuse(ErrorCode::MessageTooLarge);
    bench.step();
    EXPECT_EQ(bench.is_done(record), !has_rule);
    EXPECT_EQ(bench.deque().empty(), !has_rule);
  });
}

TEST(Rules, BeforeKafka8350ASplitBatchIsSplitToTheSameSizeAgain) {
  for (const bool has_rule : {true, false}) {
    const std::vector<RuleFlip> flips =
        has_rule ? with(Rule::Kafka8350SplitHalves) : std::vector<RuleFlip>{};
    ProducerBench bench{plain(flips, {{"batch.size", "2000"}})};
    for (int i = 0; i < 10; ++i) bench.send({.value_size = 100});
    for (int refusals = 0; refusals < 2; ++refusals) {
      bench.step();
      bench.refuse(ErrorCode::MessageTooLarge);
      bench.step();
    }
    EXPECT_EQ(bench.deque().size() > 1, has_rule);
  }
}

TEST(Rules, BeforeKafka5236SnappyWorksOnSmallBlocksAndMakesLargerBatches) {
  const auto size = [](const std::vector<RuleFlip>& flips) {
    ProducerBench bench{plain(flips, {{"compression.type", "snappy"}, {"batch.size", "65536"}})};
    bench.send({.value_size = 30'000});
    bench.step();
    return bench.requests().at(0).batches.at(0).size;
  };
  EXPECT_LT(size({}), size(without(Rule::Kafka5236CodecBlocks)));
}

TEST(Rules, BeforeKip98RecordsTravelInMessagesOfFormat1) {
  compare(Rule::Kip98ProducerId, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    const RecordId record = bench.send({});
    bench.step();
    EXPECT_EQ(bench.requests().at(0).header.api_version > 2, has_rule);
    EXPECT_EQ(bench.requests().at(0).batches.at(0).size, has_rule ? 73u : 39u);
    bench.close(0ms);
    bench.steps(2);
    EXPECT_EQ(bench.error(record),
              has_rule ? Exception::KafkaException : Exception::IllegalStateException);
  });
}

// --- Memory ---

TEST(Rules, BeforeKafka3651WhoeverGaveUpStillBlocksThoseBehind) {
  compare(Rule::Kafka3651WaiterLeavesLine, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"buffer.memory", "16384"}, {"max.block.ms", "100"}})};
    bench.send({.partition = 0});
    const RecordId gives_up = bench.send({.partition = 1, .thread = ThreadId{1}});
    bench.at(50ms);
    const RecordId behind = bench.send({.partition = 2, .thread = ThreadId{2}});
    bench.at(100ms);
    bench.resume_sends();
    ASSERT_FALSE(bench.is_blocked(gives_up));
    bench.step();
    bench.acknowledge(0);
    bench.step();
    bench.resume_sends();
    EXPECT_EQ(bench.is_blocked(behind), !has_rule);
  });
}

TEST(Rules, BeforeKafka4840WhatAWaiterHadGatheredIsLost) {
  compare(Rule::Kafka4840PoolReturnsMemory, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"buffer.memory", "49152"}, {"max.block.ms", "100"}})};
    for (const std::int32_t partition : {0, 2}) bench.send({.partition = partition});
    const RecordId large =
        bench.send({.partition = 1, .value_size = 40'000, .thread = ThreadId{1}});
    bench.step();
    bench.acknowledge(0);
    bench.step();
    bench.resume_sends();
    ASSERT_TRUE(bench.is_blocked(large)) << "with the memory of two batches";
    bench.at(100ms);
    bench.resume_sends();
    ASSERT_FALSE(bench.is_blocked(large));
    EXPECT_EQ(bench.free_memory(), Bytes{has_rule ? 32'768 : 0});
  });
}

}  // namespace
}  // namespace linger::core::producer_rules_batches_test
