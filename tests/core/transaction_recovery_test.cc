// What becomes of a transaction, and of the next one, after something went wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/transactional_bench.h"

namespace linger::core::transaction_recovery_test {
namespace {

using enum ApiKey;
using State = TransactionState;

class TransactionRecovery : public Transactions {
 protected:
  using Transactions::Transactions;

  const RecordBatchHeader& arrived(std::size_t request = 0) {
    return bench_.requests().at(request).batches.at(0).header;
  }
  void refuse(ErrorCode error) {
    bench_.refuse(error);
    bench_.step();
  }
  RecordId send_again() {
    const RecordId record = bench_.send({});
    bench_.steps(2);
    return record;
  }
};
INSTANTIATE_TEST_SUITE_P(Eras, TransactionRecovery, ::testing::Values(Era::V2_8, Era::V3_9),
                         era_name);

// --- Refused by a broker ---

TEST_P(TransactionRecovery, ABrokerThatForgotTheProducerStartsItsSequencesAgainInTheSameEpoch) {
  start();
  bench_.send_and_add();
  bench_.acknowledge(1'000);
  bench_.step();
  const RecordId record = send_again();
  ASSERT_EQ(arrived().base_sequence, 1);
  bench_.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::UnknownProducerId);
    partition.log_start_offset = 1'010;  // all that was acknowledged is gone
  });
  bench_.step();
  bench_.now += 100ms;
  bench_.steps(2);
  EXPECT_EQ(arrived().base_sequence, 0);
  EXPECT_EQ(arrived().producer_id_and_epoch, (ProducerIdAndEpoch{2'000, 0}));
  bench_.acknowledge(1'011);
  bench_.step();
  EXPECT_FALSE(bench_.outcome(record).error);
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);
}

TEST_P(TransactionRecovery, AnInvalidStateSaidByALeaderIsNoEndOfTheProducer) {
  const std::vector<ErrorCode> errors =
      is_3_9() ? std::vector{ErrorCode::InvalidTxnState, ErrorCode::TransactionAbortable}
               : std::vector{ErrorCode::InvalidTxnState};
  for (const ErrorCode error : errors) {
    TransactionalBench bench{{.era = GetParam()}};
    bench.initialize();
    bench.begin_transaction();
    bench.send_and_add();
    bench.refuse(error);
    bench.step();
    EXPECT_EQ(bench.state(), State::AbortableError);
    bench.granted = {2'000, 1};
    EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
    EXPECT_EQ(bench.manager().producer().epoch, 1);
    bench.begin_transaction();
    bench.send_and_add();
    EXPECT_EQ(bench.requests().at(0).batches.at(0).header.base_sequence, 0);
  }
}

TEST_P(TransactionRecovery, WithoutEpochBumpsTheSequencesGoOn) {
  TransactionalBench bench{{.settings = {{"linger.ms", "0"}},
                            .era = GetParam(),
                            .versions = {{InitProducerId, {0, 2}}}}};
  bench.initialize();
  bench.begin_transaction();
  bench.send_and_add();
  bench.acknowledge(0);
  bench.step();
  bench.send({});
  bench.steps(2);
  ASSERT_EQ(bench.requests().at(0).batches.at(0).header.base_sequence, 1);
  bench.refuse(ErrorCode::TopicAuthorizationFailed);
  bench.step();
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench.count(InitProducerId), 1) << "no other epoch is asked for";
  bench.begin_transaction();
  bench.send_and_add();
  EXPECT_EQ(bench.requests().at(0).batches.at(0).header.base_sequence, 1)
      << "the number of the batch that was refused";
}

TEST_P(TransactionRecovery, WithoutEpochBumpsAForgottenPartitionStartsAtZeroAlone) {
  TransactionalBench bench{{.settings = {{"linger.ms", "0"}},
                            .era = GetParam(),
                            .versions = {{InitProducerId, {0, 2}}}}};
  bench.initialize();
  bench.begin_transaction();
  for (const std::int32_t partition : {0, 1}) {
    bench.send_and_add(partition);
    bench.acknowledge(0);
    bench.step();
  }
  bench.send({});
  bench.steps(2);
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::UnknownProducerId);
    partition.log_start_offset = 0;  // nothing is missing: the transaction has failed
  });
  bench.step();
  EXPECT_EQ(bench.state(), State::AbortableError);
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  bench.begin_transaction();
  for (const std::int32_t partition : {0, 1}) {
    bench.send_and_add(partition);
    EXPECT_EQ(bench.requests().at(0).batches.at(0).header.base_sequence, partition);
    bench.acknowledge(0);
    bench.step();
  }
}

// --- Split ---

// These records fit into one part, which takes the place of the batch that was refused.
TEST_P(TransactionRecovery, ABatchThatIsTooLargeIsSplitWithinItsTransaction) {
  start();
  const RecordId first = bench_.send({});
  const RecordId second = bench_.send_and_add();
  ASSERT_EQ(arrived().record_count, 2);
  refuse(ErrorCode::MessageTooLarge);
  bench_.steps(2);
  EXPECT_EQ(bench_.events<BatchSplit>().size(), 1u);
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(arrived().base_sequence, 0);
  EXPECT_EQ(arrived().record_count, 2);
  EXPECT_TRUE(arrived().is_transactional());
  acknowledge_all();
  EXPECT_FALSE(bench_.outcome(first).error);
  EXPECT_FALSE(bench_.outcome(second).error);
  EXPECT_EQ(bench_.state(), State::InTransaction);
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);
}

TEST_P(TransactionRecovery, ABatchThatWasSplitIsInNobodysBookWhenItsTimeIsOver) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "900"},
                                         {"linger.ms", "0"}},
                            .era = GetParam()}};
  bench.initialize();
  bench.begin_transaction();
  bench.send({});
  bench.send_and_add();
  bench.refuse(ErrorCode::MessageTooLarge);
  bench.step();
  bench.now += 1s;
  bench.steps(3);
  EXPECT_EQ(bench.in_flight_batches(), 0u);
  EXPECT_TRUE(bench.deque().empty());
  EXPECT_FALSE(bench.producer.accumulator().has_incomplete());
}

// --- Late, or lost ---

// KAFKA-14831: the answer to an expired batch changes nothing that the expiry did not.
TEST_P(TransactionRecovery, ALateRefusalOfAnExpiredBatchStaysAbortable) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "999"},
                                         {"linger.ms", "0"}},
                            .era = GetParam()}};
  bench.initialize();
  bench.begin_transaction();
  bench.send_and_add();
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  bench.now += 100ms;
  bench.steps(2);
  ASSERT_EQ(bench.requests().size(), 1u) << "in flight again";
  bench.now += 900ms;
  bench.step();
  EXPECT_EQ(bench.state(), State::AbortableError);
  bench.refuse(ErrorCode::OutOfOrderSequenceNumber);
  bench.steps(2);
  EXPECT_EQ(bench.state(), State::AbortableError);
}

TEST_P(TransactionRecovery, ACoordinatorIsLookedForInAnAbortableErrorToo) {
  start();
  bench_.send_and_add();
  refuse(ErrorCode::TopicAuthorizationFailed);
  ASSERT_EQ(bench_.state(), State::AbortableError);
  answer_next(EndTxn, {ErrorCode::NotCoordinator});
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(FindCoordinator), 2);
  EXPECT_EQ(bench_.count(EndTxn), 2);
}

TEST_P(TransactionRecovery, WhetherEpochsCanBeRaisedIsRememberedWhileTheCoordinatorIsGone) {
  start();
  ASSERT_TRUE(bench_.manager().can_bump_epoch());
  bench_.send_and_add();
  bench_.disconnect();
  bench_.step();
  EXPECT_TRUE(bench_.manager().can_bump_epoch());
}

// Since KAFKA-14417 a lost answer of the group's coordinator is like any that can be retried.
TEST_P(TransactionRecovery, OffsetsWhoseAnswerTellsOfTheNetworkAreSentAgainSince3) {
  start();
  answer_next(TxnOffsetCommit, {ErrorCode::NetworkException});
  const TransactionCallEnd end = bench_.finish(bench_.offsets());
  EXPECT_EQ(end.outcome, is_3_9() ? CallOutcome::Done : CallOutcome::Failed);
  EXPECT_EQ(bench_.count(TxnOffsetCommit), is_3_9() ? 2 : 1);
}

// KIP-447: who the offsets are of cannot be said in the versions before, and is not left out.
TEST_P(TransactionRecovery, AnOldCoordinatorOfAGroupTakesNoMember) {
  TransactionalBench bench{{.era = GetParam(), .versions = {{TxnOffsetCommit, {0, 2}}}}};
  bench.initialize();
  bench.begin_transaction();
  EXPECT_EQ(bench.finish(bench.offsets({"g", -1, "", {}})).outcome, CallOutcome::Done);
  const TransactionCallEnd end = bench.finish(bench.offsets({"g", 3, "member", {}}));
  ASSERT_EQ(end.outcome, CallOutcome::Failed);
  EXPECT_EQ(end.error->exception, Exception::UnsupportedVersionException);
  EXPECT_EQ(end.error->message,
            "Broker doesn't support group metadata commit API on version 2, minimum supported "
            "request version is 3 which requires brokers to be on version 2.5 or above.");
  EXPECT_EQ(bench.state(), State::FatalError);
}

TEST_P(TransactionRecovery, AFatalErrorOfOffsetsFailsTheAbortThatWaitsBehindThem) {
  start();
  answer_next(AddOffsetsToTxn, {ErrorCode::UnknownServerError});
  const TransactionCall offsets = bench_.offsets();
  TransactionCall abort = bench_.abort();
  EXPECT_EQ(failed(offsets), Exception::KafkaException);
  bench_.producer.advance(abort, bench_.now, bench_.journal);
  EXPECT_EQ(failed(abort), Exception::KafkaException);
  EXPECT_EQ(bench_.state(), State::FatalError);
  EXPECT_EQ(bench_.count(EndTxn), 0);
}

// --- Closing ---

class ShortRecovery : public TransactionRecovery {
 protected:
  ShortRecovery() : TransactionRecovery{{{"max.block.ms", "1000"}}} {}
  void time_out(TransactionCall call) {
    bench_.now += 1s;
    bench_.producer.advance(call, bench_.now, bench_.journal);
    ASSERT_EQ(call.end.value().outcome, CallOutcome::TimedOut);
  }
};
INSTANTIATE_TEST_SUITE_P(Eras, ShortRecovery, ::testing::Values(Era::V2_8, Era::V3_9), era_name);

TEST_P(ShortRecovery, AfterAnInitThatTimedOutNothingElseIsPossibleButClose) {
  bench_.unanswered = {InitProducerId};
  const TransactionCall init = bench_.init();
  bench_.steps(3);
  time_out(init);
  EXPECT_EQ(thrown(bench_.begin()), misuse());
  EXPECT_EQ(thrown(bench_.commit()), misuse());
  EXPECT_EQ(thrown(bench_.abort()), misuse());
  EXPECT_EQ(bench_.send_error(bench_.send({}))->exception, Exception::IllegalStateException);
  bench_.close(0ms);
  bench_.steps(3);
  EXPECT_FALSE(bench_.is_alive());
}

// A commit that nobody saw the end of stands in the way of the abort that close() tries.
TEST_P(ShortRecovery, AnAbortThatIsRefusedDoesNotHoldTheClose) {
  start();
  bench_.send_and_add();
  const TransactionCall commit = bench_.commit();
  time_out(commit);
  refuse(ErrorCode::TopicAuthorizationFailed);
  ASSERT_EQ(bench_.state(), State::AbortableError);
  bench_.close();
  bench_.steps(4);
  EXPECT_EQ(bench_.count(EndTxn), is_3_9() ? 0 : 1);
  EXPECT_FALSE(bench_.is_alive());
}

// --- The way there ---

TEST_P(TransactionRecovery, OneRequestInFlightIsEnoughForMetadataCoordinatorAndId) {
  TransactionalBench bench{
      {.settings = {{"max.in.flight.requests.per.connection", "1"}}, .era = GetParam()}};
  bench.initialize();
  EXPECT_EQ(bench.state(), State::Ready);
  EXPECT_TRUE(bench.manager().has_producer_id());
}

TEST_P(TransactionRecovery, ACoordinatorThatIsNotConnectedIsWaitedFor) {
  bench_.take_down(ProducerBench::kNode);
  bench_.disconnect();
  bench_.step();
  TransactionCall init = bench_.init();
  bench_.steps(3);
  EXPECT_FALSE(bench_.manager().has_producer_id()) << "its coordinator cannot be reached";
  bench_.bring_up(ProducerBench::kNode);
  for (int i = 0; i < 5; ++i) {
    bench_.now += 200ms;
    bench_.step();
  }
  EXPECT_EQ(bench_.finish(init).outcome, CallOutcome::Done);
}

TEST_P(TransactionRecovery, ThePollsOfARequestLastARetryBackoffAndOneIsMadeForEach) {
  bench_.initialize();
  const auto slept = bench_.events<SenderSlept>();
  const auto waits = std::count_if(slept.begin(), slept.end(), [](const SenderSlept& one) {
    return one.asked == Milliseconds{100};
  });
  EXPECT_GE(waits, 2) << "one for FindCoordinator, one for InitProducerId";
  EXPECT_EQ(std::count_if(slept.begin(), slept.end(),
                          [](const SenderSlept& one) {
                            return one.asked != Milliseconds{100} && one.asked > 0ms;
                          }),
            0)
      << "nothing was sent that anybody would wait for";
}

TEST_P(TransactionRecovery, OnlyThePartitionThatTheRecordWentToJoinsTheTransaction) {
  start();
  const RecordId record = bench_.send({.partition = std::nullopt});
  int pending = 0;
  for (std::int32_t partition = 0; partition < 3; ++partition) {
    if (!bench_.manager().is_partition_pending_add({kBenchTopic, partition})) continue;
    ++pending;
    EXPECT_EQ(bench_.deque(partition).size(), 1u);
  }
  EXPECT_EQ(pending, 1);
  EXPECT_FALSE(bench_.send_error(record));
}

}  // namespace
}  // namespace linger::core::transaction_recovery_test
