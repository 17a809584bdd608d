// What becomes of batches while their epoch, or the producer id itself, is renewed.
#include <gtest/gtest.h>

#include <limits>

#include "support/producer_bench.h"

namespace linger::core::sender_renewal_test {
namespace {

constexpr NodeId kNode = ProducerBench::kNode;
constexpr NodeId kOther = ProducerBench::kOther;

ProducerSetup idempotent(const GivenSettings& more = {}) {
  GivenSettings settings{{"enable.idempotence", "true"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings};
}

// --- The epoch ---

TEST(RenewedEpoch, IsThatOfAPartitionsNextBatchAfterTheOneInFlightHasFailed) {
  ProducerBench bench{idempotent({{"retries", "1"}})};
  const auto send = [&](std::int32_t partition) {
    const RecordId record = bench.send({.partition = partition});
    bench.step();
    return record;
  };
  for (const std::int32_t partition : {0, 1}) {
    send(partition);
    bench.acknowledge(0);
    bench.step();
  }
  send(0);
  const RecordId healthy = send(1);
  bench.refuse(ErrorCode::OutOfOrderSequenceNumber);  // of partition 0
  bench.steps(2);
  EXPECT_EQ(bench.producer.transactions()->producer().epoch, 1);
  EXPECT_EQ(bench.sequences(1).producer.epoch, 0);
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  EXPECT_FALSE(bench.is_done(healthy)) << "its one retry is left";

  bench.now += 100ms;
  bench.steps(2);
  bench.answer(kNode, [](ProduceResponsePartition& partition) {
    partition.base_offset = 1;
    if (partition.index == 1) partition.error_code = wire_number(ErrorCode::NotEnoughReplicas);
  });
  bench.step();
  EXPECT_EQ(bench.error(healthy), Exception::NotEnoughReplicasException);
  EXPECT_EQ(bench.sequences(1).producer.epoch, 0);

  send(1);
  EXPECT_EQ(bench.requests().back().batches.at(0).header.producer_id_and_epoch.epoch, 1);
  EXPECT_EQ(bench.requests().back().batches.at(0).header.base_sequence, 0);
  EXPECT_EQ(bench.sequences(1).next_sequence, 1);
}

// --- The producer id ---

class LastEpoch : public ::testing::Test {
 protected:
  LastEpoch() {
    bench_.producer.assume_producer_id({1'000, std::numeric_limits<std::int16_t>::max()});
  }
  // One request with two batches. The first is out of order, for which there is no epoch left.
  void use_up_the_id() {
    first_ = bench_.send({.partition = 0});
    second_ = bench_.send({.partition = 1});
    bench_.step();
    bench_.answer(kNode, [](ProduceResponsePartition& partition) {
      partition.error_code = wire_number(partition.index == 0 ? ErrorCode::OutOfOrderSequenceNumber
                                                              : ErrorCode::NotEnoughReplicas);
    });
  }
  // Until the producer sends data to the node.
  void pass_time(NodeId node = kNode) {
    for (int i = 0; i < 20 && bench_.requests(node).empty(); ++i) {
      bench_.now += 50ms;
      bench_.step();
    }
  }
  ProducerIdAndEpoch id() const { return bench_.producer.transactions()->producer(); }

  ProducerBench bench_{idempotent()};
  RecordId first_;
  RecordId second_;
};

TEST_F(LastEpoch, ABatchOfAnotherPartitionIsRetriedThoughTheIdHasChanged) {
  const RecordId record = bench_.send({.partition = 1});
  bench_.send({.partition = 2});
  bench_.step();
  bench_.refuse(ErrorCode::OutOfOrderSequenceNumber, kOther);
  bench_.disconnect();
  bench_.step();

  pass_time();

  EXPECT_EQ(id(), (ProducerIdAndEpoch{2'000, 0}));
  EXPECT_FALSE(bench_.is_done(record));
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(bench_.requests()[0].batches.at(0).header.producer_id_and_epoch.producer_id, 1'000);
  EXPECT_EQ(bench_.sequences(1).next_sequence, 1);
}

TEST_F(LastEpoch, ACloseWaitsForTheNewIdAndForWhatIsQueued) {
  use_up_the_id();
  bench_.close();
  bench_.steps(2);
  EXPECT_TRUE(bench_.is_alive());

  for (int i = 0; i < 10 && bench_.is_alive(); ++i) {
    pass_time();
    if (!bench_.requests().empty()) bench_.acknowledge(0);
    bench_.steps(2);
  }

  EXPECT_FALSE(bench_.is_alive());
  EXPECT_EQ(id().producer_id, 2'000);
  for (const RecordId record : {first_, second_}) {
    EXPECT_TRUE(bench_.is_done(record));
    EXPECT_FALSE(bench_.outcome(record).error);
  }
  EXPECT_FALSE(bench_.producer.accumulator().has_undrained());
}

TEST_F(LastEpoch, AForcedCloseWaitsForNeither) {
  use_up_the_id();
  bench_.step();
  bench_.close(0ms);
  bench_.steps(4);

  EXPECT_FALSE(bench_.is_alive());
  for (const RecordId record : {first_, second_}) {
    EXPECT_EQ(bench_.error(record), Exception::KafkaException);
  }
  EXPECT_FALSE(bench_.producer.accumulator().has_undrained());
  EXPECT_TRUE(bench_.all_memory_is_free());
}

}  // namespace
}  // namespace linger::core::sender_renewal_test
