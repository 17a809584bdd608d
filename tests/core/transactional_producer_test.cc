// Transactions as the application sees them: the whole way, wrong orders, failures, aborts.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/transactional_bench.h"

namespace linger::core::transactional_producer_test {
namespace {

using enum ApiKey;
using State = TransactionState;
using Keys = std::vector<ApiKey>;

INSTANTIATE_TEST_SUITE_P(Eras, Transactions, ::testing::Values(Era::V2_8, Era::V3_9), era_name);

// --- The whole way ---

TEST_P(Transactions, GoFromInitToCommitInThisOrderOfRequests) {
  start();
  bench_.send_and_add();
  acknowledge_all();
  EXPECT_EQ(bench_.finish(bench_.offsets()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);

  EXPECT_EQ(bench_.asked_for(), (Keys{FindCoordinator, InitProducerId, AddPartitionsToTxn,
                                      AddOffsetsToTxn, FindCoordinator, TxnOffsetCommit, EndTxn}));
  EXPECT_TRUE(bench_.last<EndTxnRequest>().committed);
  EXPECT_EQ(bench_.state(), State::Ready);
  EXPECT_FALSE(bench_.manager().has_partitions_to_add());
  EXPECT_FALSE(bench_.manager().has_pending_offset_commits());
}

TEST_P(Transactions, MarkTheirBatchesAndTheirProduceRequests) {
  start();
  bench_.send_and_add();
  ASSERT_EQ(bench_.requests().size(), 1u);
  const RecordBatchHeader& header = bench_.requests()[0].batches[0].header;
  EXPECT_TRUE(header.is_transactional());
  EXPECT_EQ(header.producer_id_and_epoch, (ProducerIdAndEpoch{2'000, 0}));
}

TEST_P(Transactions, AskForAPartitionOnceAndBeforeItsData) {
  start();
  bench_.send({});
  EXPECT_TRUE(bench_.manager().is_partition_pending_add({kBenchTopic, 0}));
  bench_.unanswered = {AddPartitionsToTxn};
  bench_.steps(3);
  EXPECT_TRUE(bench_.requests().empty()) << "no data leaves while the answer is out";
  EXPECT_TRUE(bench_.manager().is_partition_pending_add({kBenchTopic, 0}));
  EXPECT_FALSE(bench_.manager().is_send_allowed({kBenchTopic, 0}));
}

TEST_P(Transactions, AnswerOfTheCoordinatorLetsThePartitionsDataGo) {
  start();
  bench_.send_and_add();
  EXPECT_EQ(bench_.requests().size(), 1u);
  EXPECT_TRUE(bench_.manager().is_partition_added({kBenchTopic, 0}));
  bench_.send({});
  bench_.steps(3);
  EXPECT_EQ(bench_.count(AddPartitionsToTxn), 1) << "it is part of the transaction already";
}

TEST_P(Transactions, EndOnlyWhenNoBatchIsIncomplete) {
  start();
  bench_.send_and_add();
  const TransactionCall commit = bench_.commit();
  bench_.steps(4);
  EXPECT_EQ(bench_.count(EndTxn), 0) << "the record is not acknowledged yet";
  acknowledge_all();
  EXPECT_EQ(bench_.finish(commit).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 1);
}

TEST_P(Transactions, CommitSendsWhatStillLingers) {
  start();
  bench_.send({.partition = 1});
  const TransactionCall commit = bench_.commit();
  bench_.steps(5);
  ASSERT_EQ(bench_.requests().size(), 1u) << "added, and sent without waiting for linger.ms";
  acknowledge_all();
  EXPECT_EQ(bench_.finish(commit).outcome, CallOutcome::Done);
}

TEST_P(Transactions, WithoutAnythingInThemEndWithoutARequest) {
  start();
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 0);
  EXPECT_EQ(bench_.state(), State::Ready);
}

TEST_P(Transactions, AreOngoingFromBeginUntilTheirEnd) {
  bench_.initialize();
  EXPECT_FALSE(bench_.manager().has_ongoing_transaction());
  bench_.begin_transaction();
  EXPECT_TRUE(bench_.manager().has_ongoing_transaction());
  bench_.send_and_add();
  const TransactionCall commit = bench_.commit();
  EXPECT_TRUE(bench_.manager().has_ongoing_transaction());
  acknowledge_all();
  bench_.finish(commit);
  EXPECT_FALSE(bench_.manager().has_ongoing_transaction());
}

// --- Wrong orders ---

TEST_P(Transactions, CallsInTheWrongOrderAreRefused) {
  EXPECT_EQ(thrown(bench_.begin()), misuse()) << "before init";
  bench_.initialize();
  EXPECT_EQ(thrown(bench_.commit()), misuse()) << "without begin";
  EXPECT_EQ(thrown(bench_.abort()), misuse()) << "without begin";
  EXPECT_EQ(thrown(bench_.offsets()), misuse()) << "without begin";
  EXPECT_EQ(thrown(bench_.init()), misuse()) << "a second time";
  bench_.begin_transaction();
  EXPECT_EQ(thrown(bench_.begin()), misuse()) << "a second time";
  EXPECT_EQ(bench_.state(), State::InTransaction) << "nothing is broken";
  EXPECT_TRUE(bench_.events<TransitionRefused>().size() >= 5u);
}

TEST_P(Transactions, SayWhichTransitionWasRefused) {
  bench_.initialize();
  EXPECT_EQ(bench_.commit().end->error->message,
            "TransactionalId x: Invalid transition attempted from state READY to state "
            "COMMITTING_TRANSACTION");
}

TEST_P(Transactions, SendOutsideATransactionIsRefused) {
  const RecordId before_init = bench_.send({});
  EXPECT_EQ(bench_.send_error(before_init)->exception, Exception::IllegalStateException);
  EXPECT_EQ(bench_.delivery(before_init), Delivery::Thrown);
  bench_.initialize();
  const RecordId before_begin = bench_.send({});
  EXPECT_EQ(bench_.send_error(before_begin)->exception, Exception::IllegalStateException);
  EXPECT_EQ(bench_.send_error(before_begin)->message,
            is_3_9() ? "Cannot add partition t-0 to transaction while in state  READY"
                     : "Cannot call send in state READY");
}

// Since KAFKA-13412 the record sits in its batch when the producer looks at its state.
TEST_P(Transactions, ARefusedRecordIsInABatchOnlySince3) {
  bench_.initialize();
  bench_.send({});
  EXPECT_EQ(bench_.deque().size(), is_3_9() ? 1u : 0u);
}

TEST_P(Transactions, NeedATransactionalId) {
  ProducerBench bench{{.settings = {{"enable.idempotence", "true"}}, .era = GetParam()}};
  const TransactionCall call =
      bench.producer.init_transactions(ThreadId{0}, bench.now, bench.journal);
  EXPECT_EQ(thrown(call), Exception::IllegalStateException);
  ProducerBench plain{{.era = GetParam()}};
  const TransactionCall other =
      plain.producer.commit_transaction(ThreadId{0}, plain.now, plain.journal);
  EXPECT_EQ(thrown(other), Exception::IllegalStateException);
}

TEST_P(Transactions, AGroupWithAGenerationNeedsItsMember) {
  start();
  EXPECT_EQ(thrown(bench_.offsets({"g", 3, "", {}})), Exception::IllegalArgumentException);
}

TEST_P(Transactions, SendAfterAnErrorIsRefused) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::TopicAuthorizationFailed);
  bench_.step();
  const RecordId abortable = bench_.send({});
  EXPECT_EQ(bench_.send_error(abortable)->exception, Exception::KafkaException);
  EXPECT_EQ(bench_.send_error(abortable)->cause, Exception::TopicAuthorizationException);
}

TEST_P(Transactions, AreOngoingInAnAbortableErrorAndNotInAFatalOne) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::TopicAuthorizationFailed);
  bench_.step();
  EXPECT_TRUE(bench_.manager().has_ongoing_transaction());
  EXPECT_TRUE(bench_.manager().is_send_allowed({kBenchTopic, 0}));
  answer_next(EndTxn, {ErrorCode::ProducerFenced});
  EXPECT_EQ(failed(bench_.abort()), Exception::ProducerFencedException);
  EXPECT_FALSE(bench_.manager().has_ongoing_transaction());
  EXPECT_FALSE(bench_.manager().is_send_allowed({kBenchTopic, 0}));
}

// --- Errors of a batch ---

TEST_P(Transactions, ABatchThatFailsForbidsTheCommitAndAllowsTheAbort) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::TopicAuthorizationFailed);
  bench_.step();
  EXPECT_EQ(bench_.state(), State::AbortableError);
  EXPECT_EQ(thrown(bench_.commit()), Exception::KafkaException);
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_FALSE(bench_.last<EndTxnRequest>().committed);
  EXPECT_EQ(bench_.state(), State::Ready);
}

TEST_P(Transactions, AFailureRaisesTheEpochWhenTheTransactionIsAborted) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::TopicAuthorizationFailed);
  bench_.step();
  bench_.granted = {2'000, 1};
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  const auto& bump = bench_.last<InitProducerIdRequest>();
  EXPECT_EQ(bump.producer_id_and_epoch, (ProducerIdAndEpoch{2'000, 0})) << "the current one";
  EXPECT_EQ(bench_.manager().producer(), (ProducerIdAndEpoch{2'000, 1}));
  EXPECT_TRUE(bench_.manager().partitions().empty()) << "all sequences start again";
}

TEST_P(Transactions, ACommitThatWaitsFailsWithItsBatch) {
  start();
  bench_.send_and_add();
  const TransactionCall commit = bench_.commit();
  bench_.refuse(ErrorCode::MessageTooLarge);
  EXPECT_EQ(failed(commit), Exception::RecordTooLargeException);
  EXPECT_EQ(bench_.count(EndTxn), 0);
  EXPECT_EQ(bench_.state(), State::AbortableError);
}

TEST_P(Transactions, AnOldEpochInProduceIsNoEndOfTheProducer) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::InvalidProducerEpoch);
  bench_.step();
  EXPECT_EQ(bench_.state(), State::AbortableError);
  EXPECT_EQ(thrown(bench_.commit()), Exception::InvalidProducerEpochException);
  bench_.granted = {2'000, 5};
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.manager().producer().epoch, 5);
}

TEST_P(Transactions, AnUnauthorizedClusterIsFatal) {
  start();
  bench_.send_and_add();
  bench_.refuse(ErrorCode::ClusterAuthorizationFailed);
  bench_.steps(2);
  EXPECT_EQ(bench_.state(), State::FatalError);
  EXPECT_EQ(thrown(bench_.abort()), Exception::KafkaException);
}

// A record that fails in send() is missing from its transaction (KAFKA-9279).
TEST_P(Transactions, ARecordThatFailsInSendForbidsTheCommitSince3) {
  TransactionalBench bench{{.settings = {{"max.request.size", "200"}}, .era = GetParam()}};
  bench.initialize();
  bench.begin_transaction();
  const RecordId record = bench.send({.value_size = 1'000});
  EXPECT_EQ(bench.send_error(record)->exception, Exception::RecordTooLargeException);
  EXPECT_EQ(bench.state(), is_3_9() ? State::AbortableError : State::InTransaction);
}

// --- Abort ---

TEST_P(Transactions, AbortDropsWhatNeverLeft) {
  start();
  const RecordId record = bench_.send({});
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.error(record), Exception::TransactionAbortedException);
  EXPECT_EQ(bench_.count(AddPartitionsToTxn), 0);
  EXPECT_EQ(bench_.count(EndTxn), 0);
  EXPECT_TRUE(bench_.all_memory_is_free());
}

TEST_P(Transactions, AbortWaitsForWhatIsInFlight) {
  start();
  const RecordId record = bench_.send_and_add();
  const TransactionCall abort = bench_.abort();
  bench_.steps(3);
  EXPECT_EQ(bench_.count(EndTxn), 0);
  acknowledge_all();
  EXPECT_EQ(bench_.finish(abort).outcome, CallOutcome::Done);
  EXPECT_FALSE(bench_.outcome(record).error) << "it was written, though it is aborted";
}

TEST_P(Transactions, AbortSendsAgainWhatIsInRetry) {
  start();
  const RecordId record = bench_.send_and_add();
  bench_.refuse(ErrorCode::NotEnoughReplicas);
  bench_.step();
  const TransactionCall abort = bench_.abort();
  bench_.now += 100ms;
  bench_.steps(3);
  ASSERT_EQ(bench_.requests().size(), 1u);
  acknowledge_all();
  EXPECT_EQ(bench_.finish(abort).outcome, CallOutcome::Done);
  EXPECT_FALSE(bench_.outcome(record).error);
}

TEST_P(Transactions, AFailureDuringAnAbortChangesNothing) {
  start();
  bench_.send_and_add();
  const TransactionCall abort = bench_.abort();
  bench_.refuse(ErrorCode::TopicAuthorizationFailed);
  EXPECT_EQ(bench_.finish(abort).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.state(), State::Ready);
}

TEST_P(Transactions, AbortOfOneOfWhichOnlyTheAdditionFailedIsLocal) {
  start();
  answer_next(AddPartitionsToTxn, {ErrorCode::TopicAuthorizationFailed});
  const RecordId record = bench_.send({});
  bench_.steps(4);
  EXPECT_EQ(bench_.state(), State::AbortableError);
  EXPECT_EQ(bench_.error(record), Exception::TopicAuthorizationException);
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 0);
  bench_.begin_transaction();
  bench_.send_and_add();
  EXPECT_EQ(bench_.requests().size(), 1u) << "the next one works";
}

TEST_P(Transactions, AbortAfterOneAdditionAndOneRefusalTellsTheCoordinator) {
  start();
  bench_.send_and_add(0);
  acknowledge_all();
  answer_next(AddPartitionsToTxn, {ErrorCode::TopicAuthorizationFailed});
  bench_.send({.partition = 1});
  bench_.steps(4);
  EXPECT_EQ(bench_.state(), State::AbortableError);
  EXPECT_TRUE(bench_.manager().is_send_allowed({kBenchTopic, 0})) << "it is part of it still";
  EXPECT_FALSE(bench_.manager().is_send_allowed({kBenchTopic, 1}));
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 1);
}

}  // namespace
}  // namespace linger::core::transactional_producer_test
