// What a transactional producer asks of its coordinators, and what it makes of their answers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/rule_flips.h"
#include "support/transactional_bench.h"

namespace linger::core::transaction_requests_test {
namespace {

using enum ApiKey;
using State = TransactionState;
using Keys = std::vector<ApiKey>;

class TransactionRequests : public Transactions {};
INSTANTIATE_TEST_SUITE_P(Eras, TransactionRequests, ::testing::Values(Era::V2_8, Era::V3_9),
                         era_name);

// --- Coordinators ---

TEST_P(TransactionRequests, ALostCoordinatorIsLookedUpAgain) {
  bench_.initialize();
  bench_.begin_transaction();
  answer_next(AddPartitionsToTxn, {ErrorCode::NotCoordinator});
  bench_.send_and_add();
  EXPECT_EQ(bench_.asked_for(), (Keys{FindCoordinator, InitProducerId, AddPartitionsToTxn,
                                      FindCoordinator, AddPartitionsToTxn}));
  EXPECT_EQ(bench_.requests().size(), 1u);
}

TEST_P(TransactionRequests, ALostLookUpIsRepeated) {
  bench_.unanswered = {FindCoordinator};
  TransactionCall init = bench_.init();
  bench_.steps(3);
  bench_.unanswered.clear();
  bench_.disconnect();
  bench_.steps(2);
  bench_.now += 1s;
  EXPECT_EQ(bench_.finish(init).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(FindCoordinator), 2);
}

TEST_P(TransactionRequests, AnUnsupportedRequestIsFatal) {
  TransactionalBench bench{
      {.settings = {}, .era = GetParam(), .versions = {{InitProducerId, VersionRange{}}}}};
  const TransactionCallEnd end = bench.finish(bench.init());
  EXPECT_EQ(end.error.value().exception, Exception::UnsupportedVersionException);
  EXPECT_EQ(bench.state(), State::FatalError);
}

TEST_P(TransactionRequests, ACommitFailsWithTheAdditionThatWasRefused) {
  start();
  answer_next(AddPartitionsToTxn, {ErrorCode::TopicAuthorizationFailed});
  bench_.send({});
  EXPECT_EQ(failed(bench_.commit()), Exception::TopicAuthorizationException);
  EXPECT_EQ(bench_.finish(bench_.abort()).outcome, CallOutcome::Done);
}

TEST_P(TransactionRequests, ALostConnectionLooksTheCoordinatorUpAgain) {
  start();
  bench_.unanswered = {AddPartitionsToTxn};
  bench_.send({});
  bench_.steps(3);
  bench_.unanswered.clear();
  bench_.disconnect();
  bench_.steps(2);
  EXPECT_FALSE(bench_.manager().coordinator(CoordinatorType::Transaction));
  bench_.now += 1s;
  bench_.steps(20);
  EXPECT_EQ(bench_.count(FindCoordinator), 2);
  EXPECT_EQ(bench_.count(AddPartitionsToTxn), 2);
  EXPECT_TRUE(bench_.manager().is_partition_added({kBenchTopic, 0}));
}

TEST_P(TransactionRequests, TheRequestThatWaitedForALookUpSleepsAWholeBackoff) {
  const Millis before = bench_.now;
  bench_.initialize();
  EXPECT_EQ(bench_.now - before, 100ms) << "although nothing failed";
  EXPECT_EQ(bench_.events<SenderBackedOff>().size(), 1u);
}

TEST_P(TransactionRequests, ThatFollowCloselyWaitTwentyMillisecondsForTheMarkers) {
  start();
  answer_next(AddPartitionsToTxn, {ErrorCode::ConcurrentTransactions});
  const Millis before = bench_.now;
  bench_.send_and_add();
  EXPECT_EQ(bench_.now - before, 20ms);
}

TEST_P(TransactionRequests, WithAPartitionInThemWaitAWholeBackoff) {
  start();
  bench_.send_and_add(0);
  acknowledge_all();
  answer_next(AddPartitionsToTxn, {ErrorCode::ConcurrentTransactions});
  const Millis before = bench_.now;
  bench_.send_and_add(2);
  EXPECT_EQ(bench_.now - before, 100ms);
}

TEST_P(TransactionRequests, AnyOtherErrorOfAnAdditionWaitsAWholeBackoff) {
  start();
  answer_next(AddPartitionsToTxn, {ErrorCode::CoordinatorLoadInProgress});
  const Millis before = bench_.now;
  bench_.send_and_add();
  EXPECT_EQ(bench_.now - before, 100ms);
}

TEST_P(TransactionRequests, AnUnknownTopicIsAskedForUntilItIsKnown) {
  start();
  answer_next(AddPartitionsToTxn,
              {ErrorCode::UnknownTopicOrPartition, ErrorCode::UnknownTopicOrPartition});
  bench_.send_and_add();
  EXPECT_EQ(bench_.count(AddPartitionsToTxn), 3);
  EXPECT_EQ(bench_.requests().size(), 1u);
}

// KAFKA-14417: of the errors that can be retried, the others were fatal before.
TEST_P(TransactionRequests, ALoadingCoordinatorIsNotFoundBefore3) {
  answer_next(FindCoordinator, {ErrorCode::CoordinatorLoadInProgress});
  const TransactionCallEnd end = bench_.finish(bench_.init());
  EXPECT_EQ(end.outcome, is_3_9() ? CallOutcome::Done : CallOutcome::Failed);
  EXPECT_EQ(bench_.state(), is_3_9() ? State::Ready : State::FatalError);
}

TEST_P(TransactionRequests, AnythingThatCanBeRetriedIsSince3) {
  if (!is_3_9()) return;
  for (const ApiKey api : {FindCoordinator, InitProducerId, AddPartitionsToTxn, EndTxn}) {
    answer_next(api, {ErrorCode::RequestTimedOut, ErrorCode::CoordinatorLoadInProgress});
  }
  start();
  bench_.send_and_add();
  acknowledge_all();
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 3);
}

TEST(TransactionRequestRules, BeforeKafka14417AnErrorNobodyThoughtOfIsFatal) {
  compare(Rule::Kafka14417RetriableAnswers, [](const auto& flips, bool has_rule) {
    TransactionalBench bench{{.settings = {}, .era = Era::V3_9, .flips = flips}};
    bench.initialize();
    bench.begin_transaction();
    bench.coordinator_errors[EndTxn] = {ErrorCode::RequestTimedOut};
    bench.send_and_add();
    bench.acknowledge(0);
    bench.step();
    EXPECT_EQ(bench.finish(bench.commit()).outcome,
              has_rule ? CallOutcome::Done : CallOutcome::Failed);
    EXPECT_EQ(bench.state(), has_rule ? State::Ready : State::FatalError);
  });
}

TEST(TransactionRequestRules, BeforeKafka14278AWrongStateOfAnAdditionIsWrapped) {
  compare(Rule::Kafka14278UniformErrors, [](const auto& flips, bool has_rule) {
    TransactionalBench bench{{.settings = {}, .era = Era::V3_9, .flips = flips}};
    bench.initialize();
    bench.begin_transaction();
    bench.coordinator_errors[AddPartitionsToTxn] = {ErrorCode::InvalidTxnState};
    bench.send({});
    bench.steps(3);
    EXPECT_EQ(bench.state(), State::FatalError);
    EXPECT_EQ(bench.last_error(),
              has_rule ? Exception::InvalidTxnStateException : Exception::KafkaException);
  });
}

// --- Fencing ---

struct Fencing {
  ApiKey api;
  ErrorCode error;
};
class FencedBy : public ::testing::TestWithParam<Fencing> {};
INSTANTIATE_TEST_SUITE_P(
    Requests, FencedBy,
    ::testing::Values(Fencing{InitProducerId, ErrorCode::ProducerFenced},
                      Fencing{InitProducerId, ErrorCode::InvalidProducerEpoch},
                      Fencing{AddPartitionsToTxn, ErrorCode::ProducerFenced},
                      Fencing{AddPartitionsToTxn, ErrorCode::InvalidProducerEpoch},
                      Fencing{AddOffsetsToTxn, ErrorCode::ProducerFenced},
                      Fencing{AddOffsetsToTxn, ErrorCode::InvalidProducerEpoch},
                      Fencing{TxnOffsetCommit, ErrorCode::ProducerFenced},
                      Fencing{TxnOffsetCommit, ErrorCode::InvalidProducerEpoch},
                      Fencing{EndTxn, ErrorCode::ProducerFenced},
                      Fencing{EndTxn, ErrorCode::InvalidProducerEpoch}),
    [](const auto& of) {
      return std::string{api_name(of.param.api)} +
             (of.param.error == ErrorCode::ProducerFenced ? "Fenced" : "OldEpoch");
    });

TEST_P(FencedBy, AProducerIsFencedForGood) {
  TransactionalBench bench;
  bench.coordinator_errors[GetParam().api] = {GetParam().error};
  if (bench.finish(bench.init()).outcome == CallOutcome::Done) {
    bench.begin_transaction();
    bench.send({});
    bench.steps(4);
    while (!bench.requests().empty()) bench.acknowledge(0);
    bench.steps(2);
    TransactionCall offsets = bench.offsets();
    if (!offsets.end) bench.finish(offsets);
    TransactionCall commit = bench.commit();
    if (!commit.end) bench.finish(commit);
  }
  EXPECT_EQ(bench.state(), State::FatalError);
  EXPECT_EQ(bench.last_error(), Exception::ProducerFencedException);
  for (const TransactionCall& call : {bench.begin(), bench.commit(), bench.abort()}) {
    EXPECT_EQ(call.end.value().error.value().exception, Exception::ProducerFencedException);
  }
}

// --- Every other error of a request ---

struct Refusal {
  ApiKey api;
  ErrorCode error;
  State state;
  Exception exception;
};
class RefusedBy : public ::testing::TestWithParam<Refusal> {};
INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedBy,
    ::testing::Values(Refusal{FindCoordinator, ErrorCode::TransactionalIdAuthorizationFailed,
                              State::FatalError, Exception::TransactionalIdAuthorizationException},
                      Refusal{FindCoordinator, ErrorCode::InvalidRequest, State::FatalError,
                              Exception::KafkaException},
                      Refusal{InitProducerId, ErrorCode::InvalidTransactionTimeout,
                              State::FatalError, Exception::KafkaException},
                      Refusal{AddPartitionsToTxn, ErrorCode::TransactionalIdAuthorizationFailed,
                              State::FatalError, Exception::TransactionalIdAuthorizationException},
                      Refusal{AddPartitionsToTxn, ErrorCode::InvalidTxnState, State::FatalError,
                              Exception::InvalidTxnStateException},
                      Refusal{AddPartitionsToTxn, ErrorCode::TopicAuthorizationFailed,
                              State::AbortableError, Exception::TopicAuthorizationException},
                      Refusal{AddPartitionsToTxn, ErrorCode::OperationNotAttempted,
                              State::AbortableError, Exception::KafkaException},
                      Refusal{AddPartitionsToTxn, ErrorCode::InvalidProducerIdMapping,
                              State::AbortableError, Exception::InvalidPidMappingException},
                      Refusal{AddPartitionsToTxn, ErrorCode::TransactionAbortable,
                              State::AbortableError, Exception::TransactionAbortableException},
                      Refusal{AddOffsetsToTxn, ErrorCode::GroupAuthorizationFailed,
                              State::AbortableError, Exception::GroupAuthorizationException},
                      Refusal{AddOffsetsToTxn, ErrorCode::TransactionalIdAuthorizationFailed,
                              State::FatalError, Exception::TransactionalIdAuthorizationException},
                      Refusal{AddOffsetsToTxn, ErrorCode::InvalidTxnState, State::FatalError,
                              Exception::InvalidTxnStateException},
                      Refusal{AddOffsetsToTxn, ErrorCode::UnknownProducerId, State::AbortableError,
                              Exception::UnknownProducerIdException},
                      Refusal{AddOffsetsToTxn, ErrorCode::UnknownServerError, State::FatalError,
                              Exception::KafkaException},
                      Refusal{TxnOffsetCommit, ErrorCode::GroupAuthorizationFailed,
                              State::AbortableError, Exception::GroupAuthorizationException},
                      Refusal{TxnOffsetCommit, ErrorCode::FencedInstanceId, State::AbortableError,
                              Exception::FencedInstanceIdException},
                      Refusal{TxnOffsetCommit, ErrorCode::UnknownMemberId, State::AbortableError,
                              Exception::CommitFailedException},
                      Refusal{TxnOffsetCommit, ErrorCode::IllegalGeneration, State::AbortableError,
                              Exception::CommitFailedException},
                      Refusal{TxnOffsetCommit, ErrorCode::UnsupportedForMessageFormat,
                              State::FatalError, Exception::UnsupportedForMessageFormatException},
                      Refusal{TxnOffsetCommit, ErrorCode::TransactionalIdAuthorizationFailed,
                              State::FatalError, Exception::TransactionalIdAuthorizationException},
                      Refusal{EndTxn, ErrorCode::InvalidTxnState, State::FatalError,
                              Exception::InvalidTxnStateException},
                      Refusal{EndTxn, ErrorCode::TransactionalIdAuthorizationFailed,
                              State::FatalError, Exception::TransactionalIdAuthorizationException},
                      Refusal{EndTxn, ErrorCode::TransactionAbortable, State::AbortableError,
                              Exception::TransactionAbortableException},
                      Refusal{EndTxn, ErrorCode::UnknownServerError, State::FatalError,
                              Exception::KafkaException}),
    [](const auto& of) {
      return std::string{api_name(of.param.api)} + "_" + std::string{name(of.param.error)};
    });

TEST_P(RefusedBy, ATransactionFailsOrTheProducerDoes) {
  TransactionalBench bench;
  bench.coordinator_errors[GetParam().api] = {GetParam().error};
  if (bench.finish(bench.init()).outcome == CallOutcome::Done) {
    bench.begin_transaction();
    bench.send({});
    bench.steps(4);
    while (!bench.requests().empty()) bench.acknowledge(0);
    bench.steps(2);
    TransactionCall offsets = bench.offsets();
    if (!offsets.end) bench.finish(offsets);
    TransactionCall commit = bench.commit();
    if (!commit.end) bench.finish(commit);
  }
  EXPECT_EQ(bench.state(), GetParam().state);
  EXPECT_EQ(bench.last_error(), GetParam().exception);
}

// KAFKA-13668: before, the producer could never begin again.
TEST_P(TransactionRequests, WithoutAuthorizationForAnIdTheApplicationMayTryAgainSince3) {
  answer_next(InitProducerId, {ErrorCode::TransactionalIdAuthorizationFailed});
  EXPECT_EQ(failed(bench_.init()), Exception::TransactionalIdAuthorizationException);
  bench_.steps(2);
  EXPECT_EQ(bench_.state(), is_3_9() ? State::Uninitialized : State::FatalError);
  if (is_3_9()) bench_.initialize();
}

// --- Offsets ---

TEST_P(TransactionRequests, OffsetsThatAreNotTakenYetAreSentAgain) {
  start();
  answer_next(TxnOffsetCommit, {ErrorCode::CoordinatorLoadInProgress});
  EXPECT_EQ(bench_.finish(bench_.offsets()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(TxnOffsetCommit), 2);
}

TEST_P(TransactionRequests, OffsetsGoToTheGroupsCoordinatorWithItsMetadata) {
  start();
  EXPECT_EQ(bench_.finish(bench_.offsets({"g", 3, "member", "instance"})).outcome,
            CallOutcome::Done);
  const auto& commit = bench_.last<TxnOffsetCommitRequest>();
  EXPECT_EQ(commit.group_id, "g");
  EXPECT_EQ(commit.generation_id, 3);
  EXPECT_EQ(commit.member_id, "member");
  EXPECT_EQ(commit.group_instance_id, "instance");
  EXPECT_EQ(bench_.last<FindCoordinatorRequest>().key_type, CoordinatorType::Group);
}

TEST_P(TransactionRequests, NoOffsetsAreNothingToDoSince3) {
  start();
  TransactionCall call = bench_.producer.send_offsets_to_transaction(
      ThreadId{0}, {}, {"g", -1, "", {}}, bench_.now, bench_.journal);
  EXPECT_EQ(call.end.has_value(), is_3_9());
}

// --- Calls that time out ---

class ShortCalls : public Transactions {
 protected:
  ShortCalls() : Transactions{{{"max.block.ms", "1000"}}} {}
  TransactionCallEnd time_out(TransactionCall call) {
    bench_.now += 1s;
    bench_.producer.advance(call, bench_.now, bench_.journal);
    return call.end.value();
  }
};
INSTANTIATE_TEST_SUITE_P(Eras, ShortCalls, ::testing::Values(Era::V2_8, Era::V3_9), era_name);

TEST_P(ShortCalls, SayWhatTheyWaitedFor) {
  const TransactionCallEnd end = time_out(bench_.init());
  EXPECT_EQ(end.outcome, CallOutcome::TimedOut);
  EXPECT_EQ(end.error->message, is_3_9() ? "Timeout expired after 1000ms while awaiting "
                                           "InitProducerId"
                                         : "Timeout expired after 1000 milliseconds while "
                                           "awaiting InitProducerId");
}

TEST_P(ShortCalls, ARepeatedCallFindsTheSameResult) {
  bench_.unanswered = {EndTxn};
  start();
  bench_.send_and_add();
  acknowledge_all();
  TransactionCall first = bench_.commit();
  bench_.steps(3);
  EXPECT_EQ(time_out(first).outcome, CallOutcome::TimedOut);
  bench_.unanswered.clear();
  bench_.disconnect();
  bench_.steps(2);
  bench_.now += 1s;
  EXPECT_EQ(bench_.finish(bench_.commit()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench_.count(EndTxn), 2) << "the second time because the connection was lost";
}

// KAFKA-13412: before, the result could get lost.
TEST_P(ShortCalls, AResultThatNobodySawStandsInTheWaySince3) {
  start();
  bench_.send_and_add();
  acknowledge_all();
  TransactionCall first = bench_.commit();
  EXPECT_EQ(time_out(first).outcome, CallOutcome::TimedOut);
  bench_.steps(4);
  EXPECT_EQ(bench_.state(), State::Ready) << "the commit succeeded meanwhile";
  if (is_3_9()) {
    EXPECT_EQ(thrown(bench_.begin()), Exception::IllegalStateException);
    EXPECT_EQ(thrown(bench_.abort()), Exception::IllegalStateException);
    EXPECT_EQ(bench_.commit().end.value().outcome, CallOutcome::Done) << "the same result";
    bench_.begin_transaction();
  } else {
    EXPECT_EQ(thrown(bench_.commit()), Exception::KafkaException) << "though it succeeded";
    bench_.begin_transaction();
  }
}

TEST_P(ShortCalls, TheOppositeCallIsRefused) {
  bench_.unanswered = {EndTxn};
  start();
  bench_.send_and_add();
  acknowledge_all();
  TransactionCall first = bench_.commit();
  bench_.steps(3);
  time_out(first);
  EXPECT_EQ(thrown(bench_.abort()), misuse());
}

// --- Closing ---

TEST_P(TransactionRequests, ACloseWaitsForTheCommitUnderWay) {
  start();
  bench_.send_and_add();
  TransactionCall commit = bench_.commit();
  bench_.close();
  bench_.steps(3);
  EXPECT_TRUE(bench_.is_alive());
  acknowledge_all();
  bench_.steps(6);
  bench_.producer.advance(commit, bench_.now, bench_.journal);
  EXPECT_EQ(commit.end.value().outcome, CallOutcome::Done);
  EXPECT_FALSE(bench_.is_alive());
}

TEST_P(TransactionRequests, ACloseAbortsWhatIsOpen) {
  start();
  bench_.send_and_add();
  acknowledge_all();
  bench_.close();
  bench_.steps(8);
  EXPECT_EQ(bench_.count(EndTxn), 1);
  EXPECT_FALSE(bench_.last<EndTxnRequest>().committed);
  EXPECT_FALSE(bench_.is_alive());
}

TEST_P(TransactionRequests, AForcedCloseFailsWhoeverWaits) {
  start();
  bench_.send_and_add();
  TransactionCall commit = bench_.commit();
  bench_.close(0ms);
  bench_.steps(3);
  bench_.producer.advance(commit, bench_.now, bench_.journal);
  EXPECT_EQ(commit.end.value().outcome, CallOutcome::Failed);
  EXPECT_EQ(commit.end.value().error->message, "The producer closed forcefully");
  EXPECT_FALSE(bench_.is_alive());
  EXPECT_EQ(thrown(bench_.begin()), Exception::IllegalStateException);
}

// --- In doubt ---

TEST_P(TransactionRequests, AnExpiredBatchThatWasSentMakesTheTransactionAbortable) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "900"},
                                         {"linger.ms", "0"}},
                            .era = GetParam()}};
  bench.initialize();
  bench.begin_transaction();
  const RecordId record = bench.send_and_add();
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  bench.now += 1s;
  bench.steps(2);
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
  EXPECT_EQ(bench.state(), State::AbortableError);
  while (!bench.requests().empty()) bench.acknowledge(0);  // too late
  bench.granted = {2'000, 1};
  EXPECT_EQ(bench.finish(bench.abort()).outcome, CallOutcome::Done);
  EXPECT_EQ(bench.manager().producer().epoch, 1);
}

TEST_P(TransactionRequests, WithoutEpochBumpsDoubtIsFatal) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "900"},
                                         {"linger.ms", "0"}},
                            .era = GetParam(),
                            .versions = {{InitProducerId, {0, 2}}}}};
  bench.initialize();
  bench.begin_transaction();
  bench.send_and_add();
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  bench.now += 1s;
  bench.steps(3);
  EXPECT_EQ(bench.state(), State::FatalError);
}

// KAFKA-14831: what the sender's own thread may not do is fatal since.
TEST_P(TransactionRequests, AnIllegalStepOfTheSenderIsFatalSince3) {
  TransactionalBench bench{{.settings = {{"delivery.timeout.ms", "1000"},
                                         {"request.timeout.ms", "900"},
                                         {"linger.ms", "0"}},
                            .era = Era::V3_9}};
  bench.initialize();
  bench.send({});  // refused, but in a batch, whose partition is never added
  bench.now += 1s;
  bench.steps(2);
  EXPECT_EQ(bench.state(), State::FatalError);
  EXPECT_EQ(bench.last_error(), Exception::IllegalStateException);
  EXPECT_EQ(thrown(bench.begin()), Exception::IllegalStateException);
}

}  // namespace
}  // namespace linger::core::transaction_requests_test
