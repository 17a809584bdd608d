// What an idempotent producer does differently without a rule, the rest of its era being as it was.
#include <gtest/gtest.h>

#include "support/rule_flips.h"

namespace linger::core::producer_rules_idempotence_test {
namespace {

// --- Idempotence ---

TEST(Rules, BeforeKip360ASequenceThatIsLostFailsItsRecordAndTakesANewId) {
  compare(Rule::Kip360EpochBump, [](const auto& flips, bool has_rule) {
    ProducerBench bench{idempotent(flips)};
    const RecordId record = bench.send({});
    bench.step();
    bench.refuse(ErrorCode::OutOfOrderSequenceNumber);
    bench.step();
    EXPECT_EQ(bench.is_done(record), !has_rule);
    bench.steps(4);
    EXPECT_EQ(bench.producer.transactions()->producer(),
              has_rule ? (ProducerIdAndEpoch{1'000, 1}) : (ProducerIdAndEpoch{2'000, 0}));
  });
}

TEST(Rules, BeforeKip360AGapIsClosedByMovingLaterSequencesDown) {
  ProducerBench bench{idempotent(without(Rule::Kip360EpochBump))};
  for (int i = 0; i < 2; ++i) {
    bench.send({});
    bench.step();
  }
  bench.refuse(ErrorCode::MessageTooLarge);
  bench.step();
  EXPECT_EQ(bench.sequences().next_sequence, 1);
  bench.refuse(ErrorCode::OutOfOrderSequenceNumber);
  bench.step();
  bench.at(100ms);
  bench.steps(2);
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests().at(0).batches.at(0).header.base_sequence, 0);
  EXPECT_EQ(bench.requests().at(0).batches.at(0).header.producer_id_and_epoch.epoch, 0);
}

TEST(Rules, BeforeKafka12152AnIdlePartitionGoesOnWithItsOldSequences) {
  compare(Rule::Kafka12152ResetAllSequences, [](const auto& flips, bool has_rule) {
    ProducerBench bench{idempotent(flips)};
    bench.send({.partition = 1});
    bench.step();
    bench.acknowledge(0);
    bench.step();
    bench.send({.partition = 0});
    bench.step();
    bench.refuse(ErrorCode::OutOfOrderSequenceNumber);
    bench.steps(2);
    ASSERT_EQ(bench.producer.transactions()->producer().epoch, 1);
    bench.send({.partition = 1});
    bench.step();
    const RecordBatchHeader& sent = bench.requests().back().batches.at(0).header;
    EXPECT_EQ(sent.producer_id_and_epoch.epoch, 1);
    EXPECT_EQ(sent.base_sequence, has_rule ? 0 : 1);
  });
}

TEST(Rules, BeforeKip588AnOldEpochIsFatal) {
  compare(Rule::Kip588FencedOrTimedOut, [](const auto& flips, bool has_rule) {
    ProducerBench bench{idempotent(flips)};
    const RecordId record = bench.send({});
    bench.step();
    bench.refuse(ErrorCode::InvalidProducerEpoch);
    bench.step();
    EXPECT_EQ(bench.error(record), has_rule ? Exception::InvalidProducerEpochException
                                            : Exception::ProducerFencedException);
    EXPECT_EQ(bench.producer.transactions()->has_fatal_error(), !has_rule);
  });
}

TEST(Rules, BeforeKafka13668NotBeingAllowedAnIdIsFatal) {
  compare(Rule::Kafka13668AuthorizationRecovery, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = idempotent(flips);
    setup.has_producer_id = false;
    ProducerBench bench{setup};
    bench.init_error = ErrorCode::ClusterAuthorizationFailed;
    bench.send({});
    bench.steps(4);
    bench.init_error = ErrorCode::None;
    bench.steps(6);
    EXPECT_EQ(bench.producer.transactions()->has_producer_id(), has_rule);
    EXPECT_EQ(bench.producer.transactions()->has_fatal_error(), !has_rule);
  });
}

TEST(Rules, BeforeKafka13412AnIdempotentProducerInAnErrorStateStillTakesRecords) {
  compare(Rule::Kafka13412SendChecksAfterAppend, [](const auto& flips, bool has_rule) {
    ProducerBench bench{idempotent(flips)};
    bench.send({});
    bench.step();
    bench.refuse(ErrorCode::ClusterAuthorizationFailed);
    bench.step();
    EXPECT_EQ(bench.send_error(bench.send({})).has_value(), has_rule);
  });
}

TEST(Rules, BeforeKafka14831TheLateAnswerOfAnExpiredBatchIsAnotherFailure) {
  compare(Rule::Kafka14831FailureToldOnce, [](const auto& flips, bool has_rule) {
    ProducerBench bench{
        idempotent(flips, {{"request.timeout.ms", "1000"}, {"delivery.timeout.ms", "1000"}})};
    bench.send({});
    bench.step();
    bench.at(1'000ms);
    bench.step();  // it expires in flight
    bench.refuse(ErrorCode::OutOfOrderSequenceNumber);
    bench.steps(2);
    EXPECT_EQ(bench.producer.transactions()->producer().epoch, has_rule ? 0 : 1);
  });
}

// A batch expires while its retry is in flight; the next one starts a new epoch at sequence 0, too.
TEST(Rules, BeforeKafka13794TheLateAnswerOfABatchTakesTheNextOneOffTheBooks) {
  compare(Rule::Kafka13794InFlightByIdentity, [](const auto& flips, bool has_rule) {
    ProducerBench bench{
        idempotent(flips, {{"request.timeout.ms", "10000"}, {"delivery.timeout.ms", "15000"}})};
    bench.send({});
    bench.step();
    bench.at(10'001ms);
    bench.step();
    for (int i = 0; i < 20 && bench.requests().empty(); ++i) {
      bench.now += 50ms;
      bench.step();
    }
    ASSERT_EQ(bench.requests().size(), 1u) << "the retry";
    bench.at(15'000ms);
    bench.steps(2);
    ASSERT_EQ(bench.producer.transactions()->producer().epoch, 1);
    const RecordId next = bench.send({});
    bench.steps(2);
    ASSERT_EQ(bench.requests().size(), 2u);
    ASSERT_EQ(bench.requests().at(1).batches.at(0).header.base_sequence, 0);
    bench.acknowledge(0);
    bench.step();
    EXPECT_EQ(bench.sequences().in_flight.size(), has_rule ? 1u : 0u);

    bench.refuse(ErrorCode::NotEnoughReplicas);
    bench.step();
    EXPECT_EQ(bench.deque().size(), has_rule ? 1u : 0u) << "what is on no book is not tried again";
    EXPECT_FALSE(bench.is_done(next));
  });
}

}  // namespace
}  // namespace linger::core::producer_rules_idempotence_test
