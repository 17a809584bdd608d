#include "core/transaction_manager.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "support/accumulator_bench.h"

namespace linger::core::transaction_manager_test {
namespace {

using Batches = std::vector<BatchId>;
constexpr std::int32_t kLast = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kUnknown = -1;  // log start offset

// --- The producer id ---

class ProducerIdTest : public ::testing::Test {
 protected:
  // True if that asks for an id.
  bool prepare() {
    const bool has_asked = manager_.has_pending_requests() || manager_.has_in_flight_request();
    manager_.prepare_producer_id(batches_, journal_);
    return !has_asked && manager_.has_pending_requests();
  }
  void answer(const InitProducerIdResponse& response) {
    auto next = manager_.next_request(false, journal_);
    auto* const request = std::get_if<TransactionalRequest>(&next);
    ASSERT_NE(request, nullptr);
    manager_.set_in_flight(CorrelationId{1}, std::move(*request));
    manager_.handle_response(CorrelationId{1}, response, {}, journal_);
  }
  // True if it is asked again.
  bool fails_with(ErrorCode error) {
    InitProducerIdResponse response;
    response.error_code = wire_number(error);
    answer(response);
    return manager_.has_pending_requests();
  }

  TransactionManager manager_;
  BatchTable batches_;
  Journal journal_;
};

TEST_F(ProducerIdTest, IsAskedForOnce) {
  EXPECT_FALSE(manager_.has_producer_id());
  EXPECT_TRUE(prepare());
  EXPECT_EQ(manager_.state(), TransactionManager::State::Initializing);
  EXPECT_FALSE(prepare());

  answer({.producer_id_and_epoch = {1'000, 0}});
  EXPECT_EQ(manager_.state(), TransactionManager::State::Ready);
  EXPECT_EQ(manager_.producer(), (ProducerIdAndEpoch{1'000, 0}));
  EXPECT_FALSE(prepare());
}

TEST_F(ProducerIdTest, RetriableErrorsAreTriedAgain) {
  prepare();
  EXPECT_TRUE(fails_with(ErrorCode::CoordinatorLoadInProgress));
  EXPECT_EQ(manager_.state(), TransactionManager::State::Initializing);
}

TEST_F(ProducerIdTest, WithoutAuthorizationTheProducerMayStartOver) {
  prepare();
  EXPECT_FALSE(fails_with(ErrorCode::ClusterAuthorizationFailed));
  EXPECT_TRUE(manager_.has_abortable_error());
  EXPECT_EQ(manager_.last_error()->exception, Exception::ClusterAuthorizationException);

  manager_.start_over(*manager_.last_error(), journal_);
  EXPECT_TRUE(prepare());
}

TEST_F(ProducerIdTest, AnyOtherErrorIsFatal) {
  prepare();
  EXPECT_FALSE(fails_with(ErrorCode::UnsupportedVersion));
  EXPECT_TRUE(manager_.has_fatal_error());
}

// --- Batches of an idempotent producer ---

class TransactionManagerTest : public ::testing::Test {
 protected:
  // A batch of so many records, drained now.
  BatchId send(std::int32_t partition, int records = 1) {
    for (int i = 0; i < records; ++i) bench_.append(partition);
    return bench_.drain_one(NodeId{partition});
  }
  const ProducerBatch& batch(BatchId id) const { return bench_.batch(id); }
  std::int32_t sequence(BatchId id) const { return batch(id).builder.base_sequence(); }
  ProducerIdAndEpoch producer(BatchId id) const { return batch(id).builder.producer(); }
  const PartitionSequences& partition(std::int32_t number) {
    return manager_.partitions().at(bench_.tp(number));
  }

  void succeed(BatchId id, std::int64_t offset = -1) {
    manager_.handle_completed(batch(id), offset, bench_.accumulator.batches);
  }
  void fail(BatchId id, Exception with, bool adjust = true) {
    manager_.handle_failed(id, ClientError{with, ""}, adjust, bench_.accumulator.batches,
                           bench_.journal);
  }
  // Expired although it had been sent.
  void lose(BatchId id) {
    fail(id, Exception::TimeoutException, false);
    manager_.mark_sequence_unresolved(batch(id), bench_.journal);
  }
  bool retries(BatchId id, ErrorCode error, std::int64_t log_start_offset = kUnknown) {
    return manager_.can_retry(id, error, log_start_offset, bench_.accumulator.batches,
                              bench_.journal);
  }
  // What the next pass of the sender does first. Returns true if the epoch was bumped.
  bool next_pass() {
    const std::int16_t before = manager_.producer().epoch;
    manager_.resolve_sequences(bench_.journal);
    manager_.prepare_producer_id(bench_.accumulator.batches, bench_.journal);
    return manager_.producer().epoch != before;
  }
  bool is_unresolved(std::int32_t number) {
    return manager_.unresolved().contains(bench_.tp(number));
  }

  AccumulatorBench bench_{{.leaders = {{0, 1}}, .idempotent = true}};
  TransactionManager& manager_ = *bench_.transactions;
};

// --- Sequences ---

TEST_F(TransactionManagerTest, SequencesBeginAtZeroAndCountRecords) {
  EXPECT_EQ(sequence(send(0, 3)), 0);
  EXPECT_EQ(sequence(send(0, 2)), 3);
  EXPECT_EQ(sequence(send(1)), 0) << "each partition has its own";
  EXPECT_EQ(partition(0).next_sequence, 5);
}

TEST(Sequence, AfterTheLargestComesZero) {
  EXPECT_EQ(advance_sequence(0, kLast), kLast);
  EXPECT_EQ(advance_sequence(kLast, 1), 0);
  EXPECT_EQ(advance_sequence(kLast, 100), 99);
  EXPECT_EQ(advance_sequence(99, kLast), 98);
}

TEST_F(TransactionManagerTest, ABatchMayReachOverTheEndOfTheSequences) {
  const BatchId id = send(0, 10);
  bench_.accumulator.batches.write(id).builder.set_producer_state({1'000, 0}, 2'147'483'640, false);
  EXPECT_EQ(batch(id).last_sequence(), 1);
}

TEST_F(TransactionManagerTest, SuccessRemembersTheLastSequenceAndOffset) {
  const BatchId id = send(0, 3);
  EXPECT_EQ(partition(0).last_acked_sequence, -1);
  EXPECT_EQ(partition(0).in_flight, Batches{id});

  succeed(id, 500);

  EXPECT_EQ(partition(0).last_acked_sequence, 2);
  EXPECT_EQ(partition(0).last_acked_offset, 502);
  EXPECT_TRUE(partition(0).in_flight.empty());
}

TEST_F(TransactionManagerTest, AnEarlierBatchAnsweredLaterDoesNotTurnTheClockBack) {
  const BatchId first = send(0);
  const BatchId second = send(0);
  succeed(second, 1'000);

  succeed(first, -1);  // a duplicate: without an offset

  EXPECT_EQ(partition(0).last_acked_sequence, 1);
  EXPECT_EQ(partition(0).last_acked_offset, 1'000);
}

TEST_F(TransactionManagerTest, InFlightBatchesStandByProducerEpochAndSequence) {
  const BatchId old = send(0);
  const BatchId fresh = send(0);
  bench_.accumulator.batches.write(fresh).builder.set_producer_state({1'000, 1}, 0, false);
  manager_.remove_in_flight(batch(old), bench_.accumulator.batches);
  manager_.add_in_flight(batch(old), bench_.accumulator.batches);

  EXPECT_EQ(partition(0).in_flight, (Batches{old, fresh}));
  manager_.remove_in_flight(batch(old), bench_.accumulator.batches);
  EXPECT_EQ(partition(0).in_flight, Batches{fresh});
}

// --- May it be retried? ---

TEST_F(TransactionManagerTest, RetriableErrorsAreRetriedOthersAreNot) {
  const BatchId id = send(0);
  EXPECT_TRUE(retries(id, ErrorCode::NotLeaderOrFollower));
  EXPECT_FALSE(retries(id, ErrorCode::InvalidRecord));
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, OutOfOrderBehindAnUnansweredBatchOnlyWaits) {
  send(0);
  const BatchId second = send(0);
  EXPECT_TRUE(retries(second, ErrorCode::OutOfOrderSequenceNumber));
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, OutOfOrderOnTheNextExpectedBatchBumpsTheEpoch) {
  const BatchId first = send(0, 2);
  succeed(first, 0);
  const BatchId second = send(0);

  EXPECT_TRUE(retries(second, ErrorCode::OutOfOrderSequenceNumber));

  EXPECT_TRUE(next_pass());
  EXPECT_EQ(producer(second), (ProducerIdAndEpoch{1'000, 1}));
  EXPECT_EQ(sequence(second), 0);
  EXPECT_EQ(partition(0).next_sequence, 1);
  EXPECT_EQ(partition(0).last_acked_sequence, -1);
}

TEST_F(TransactionManagerTest, OutOfOrderForABatchAlreadyRewrittenOnlyWaits) {
  const BatchId first = send(0);
  const BatchId second = send(0);
  retries(first, ErrorCode::OutOfOrderSequenceNumber);
  EXPECT_TRUE(next_pass());

  EXPECT_TRUE(retries(second, ErrorCode::OutOfOrderSequenceNumber));
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, UnknownProducerIdWithoutALogStartIsRetriedAsItIs) {
  const BatchId id = send(0);
  EXPECT_TRUE(retries(id, ErrorCode::UnknownProducerId, kUnknown));
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, UnknownProducerIdBumpsTheEpochWhereverTheLogStarts) {
  const BatchId first = send(0);
  succeed(first, 1'000);
  const BatchId second = send(0, 2);
  for (const std::int64_t log_start : {10, 1'010}) {
    const std::int16_t epoch = manager_.producer().epoch;
    bench_.accumulator.batches.write(second).sequence_was_reset = false;
    EXPECT_TRUE(retries(second, ErrorCode::UnknownProducerId, log_start));
    EXPECT_TRUE(next_pass());
    EXPECT_EQ(producer(second).epoch, epoch + 1);
    EXPECT_EQ(sequence(second), 0);
  }
}

TEST_F(TransactionManagerTest, UnknownProducerIdForABatchAlreadyRewrittenIsRetriedAsItIs) {
  const BatchId first = send(0);
  const BatchId second = send(0);
  retries(first, ErrorCode::UnknownProducerId, 500);
  next_pass();

  EXPECT_TRUE(retries(second, ErrorCode::UnknownProducerId, 500));
  EXPECT_FALSE(next_pass());
}

// --- Final failure ---

TEST_F(TransactionManagerTest, ABatchRefusedForGoodLeavesAGapThatANewEpochCloses) {
  const BatchId first = send(0);
  const BatchId second = send(0);

  fail(first, Exception::RecordTooLargeException);

  EXPECT_EQ(partition(0).in_flight, Batches{second});
  EXPECT_TRUE(next_pass());
  EXPECT_EQ(sequence(second), 0);
}

TEST_F(TransactionManagerTest, WithRetriesExhaustedTheGapIsLeft) {
  fail(send(0), Exception::NotLeaderOrFollowerException, false);
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, AnOutOfOrderFailureBumpsTheEpochInAnyCase) {
  fail(send(0), Exception::OutOfOrderSequenceException, false);
  EXPECT_TRUE(next_pass());
}

TEST_F(TransactionManagerTest, AnUnknownProducerIdFailureForgetsThePartition) {
  fail(send(0, 3), Exception::UnknownProducerIdException);
  EXPECT_FALSE(manager_.partitions().contains(bench_.tp(0)));
  EXPECT_FALSE(next_pass());
  EXPECT_EQ(sequence(send(0)), 0);
}

TEST_F(TransactionManagerTest, AuthorizationFencingAndVersionErrorsAreFatal) {
  for (const Exception with :
       {Exception::ClusterAuthorizationException, Exception::TransactionalIdAuthorizationException,
        Exception::ProducerFencedException, Exception::UnsupportedVersionException}) {
    AccumulatorBench bench{{.idempotent = true}};
    bench.append(0);
    bench.transactions->handle_failed(bench.drain_one(), ClientError{with, ""}, true,
                                      bench.accumulator.batches, bench.journal);
    EXPECT_TRUE(bench.transactions->has_fatal_error()) << name(with);
    bench.append(0);
    EXPECT_TRUE(bench.drain().empty()) << "nothing is sent any more";
  }
}

TEST_F(TransactionManagerTest, AfterAFatalErrorALateFailureChangesNothing) {
  const BatchId first = send(0);
  const BatchId second = send(0);
  fail(first, Exception::ClusterAuthorizationException);
  fail(second, Exception::OutOfOrderSequenceException);
  EXPECT_TRUE(manager_.has_fatal_error());
  EXPECT_EQ(manager_.last_error()->exception, Exception::ClusterAuthorizationException);
  EXPECT_FALSE(next_pass());
}

// --- Epoch bumps ---

TEST_F(TransactionManagerTest, ABumpRewritesWhatIsInFlightInItsOrder) {
  Batches sent;
  for (int i = 0; i < 5; ++i) sent.push_back(send(0, i + 1));
  succeed(sent[0], 500);
  retries(sent[1], ErrorCode::UnknownProducerId, 500);

  EXPECT_TRUE(next_pass());

  EXPECT_EQ(sequence(sent[1]), 0);
  EXPECT_EQ(sequence(sent[2]), 2);
  EXPECT_EQ(sequence(sent[3]), 5);
  EXPECT_EQ(sequence(sent[4]), 9);
  EXPECT_EQ(partition(0).next_sequence, 14);
  EXPECT_EQ(sequence(sent[0]), 0) << "acknowledged under the old epoch";
  EXPECT_EQ(producer(sent[0]).epoch, 0);
}

TEST_F(TransactionManagerTest, ABumpOfTwoPartitionsIsOne) {
  retries(send(0), ErrorCode::OutOfOrderSequenceNumber);
  retries(send(1), ErrorCode::OutOfOrderSequenceNumber);
  next_pass();
  EXPECT_EQ(manager_.producer().epoch, 1);
  EXPECT_FALSE(next_pass());
}

TEST_F(TransactionManagerTest, AnotherPartitionKeepsItsEpochUntilNothingOfItIsInFlight) {
  const BatchId healthy = send(1, 3);
  retries(send(0), ErrorCode::OutOfOrderSequenceNumber);
  next_pass();
  EXPECT_EQ(producer(healthy).epoch, 0);

  bench_.append(1);
  EXPECT_TRUE(bench_.drain(Bytes{1}, NodeId{1}).empty()) << "an older epoch is in flight";

  succeed(healthy, 0);
  const BatchId next = bench_.drain_one(NodeId{1});
  EXPECT_EQ(producer(next).epoch, 1);
  EXPECT_EQ(sequence(next), 0);
}

TEST_F(TransactionManagerTest, AHealthyPartitionRetriesUnderItsOldEpoch) {
  const BatchId healthy = send(1);
  retries(send(0), ErrorCode::OutOfOrderSequenceNumber);
  next_pass();

  bench_.reenqueue(healthy);
  bench_.now += 100ms;

  EXPECT_EQ(bench_.drain_one(NodeId{1}), healthy);
  EXPECT_EQ(producer(healthy).epoch, 0);
}

TEST_F(TransactionManagerTest, AfterTheLastEpochANewProducerIdIsAskedFor) {
  manager_.assume_producer_id({1'000, std::numeric_limits<std::int16_t>::max()});
  const BatchId triggers = send(0);
  const BatchId other = send(1);
  retries(triggers, ErrorCode::OutOfOrderSequenceNumber);

  manager_.prepare_producer_id(bench_.accumulator.batches, bench_.journal);

  EXPECT_TRUE(manager_.has_pending_requests());
  EXPECT_FALSE(manager_.has_producer_id());
  EXPECT_EQ(producer(triggers), ProducerIdAndEpoch{}) << "rewritten before there is a new id";
  EXPECT_EQ(sequence(triggers), 0);
  EXPECT_EQ(producer(other).producer_id, 1'000) << "keeps its numbers";
}

TEST_F(TransactionManagerTest, AnotherPartitionFinishesUnderTheOldIdAndStartsAnewUnderTheNew) {
  manager_.assume_producer_id({1'000, std::numeric_limits<std::int16_t>::max()});
  const BatchId triggers = send(0);
  const BatchId other = send(1, 3);
  retries(triggers, ErrorCode::OutOfOrderSequenceNumber);
  manager_.prepare_producer_id(bench_.accumulator.batches, bench_.journal);
  manager_.assume_producer_id({2'000, 0});

  bench_.append(1);
  EXPECT_TRUE(bench_.drain(Bytes{1}, NodeId{1}).empty()) << "the old id is in flight";
  succeed(other, 0);

  const BatchId next = bench_.drain_one(NodeId{1});
  EXPECT_EQ(producer(next), (ProducerIdAndEpoch{2'000, 0}));
  EXPECT_EQ(sequence(next), 0);
}

// --- Unresolved sequences ---

TEST_F(TransactionManagerTest, WhatWasLostIsResolvedIfALaterBatchIsAccepted) {
  const BatchId lost = send(0);
  const BatchId later = send(0);
  lose(lost);
  EXPECT_TRUE(is_unresolved(0));
  EXPECT_FALSE(next_pass()) << "not while something is in flight";
  EXPECT_TRUE(is_unresolved(0));

  succeed(later, 1);

  EXPECT_FALSE(next_pass());
  EXPECT_FALSE(is_unresolved(0));
}

TEST_F(TransactionManagerTest, WhatWasLostBumpsTheEpochIfNothingCameAfterIt) {
  lose(send(0));
  EXPECT_TRUE(next_pass());
  EXPECT_FALSE(is_unresolved(0));
}

TEST_F(TransactionManagerTest, TheLastBatchMayBeLostAfterAnAcknowledgedOne) {
  const BatchId first = send(0);
  const BatchId second = send(0);
  const BatchId third = send(0);
  lose(first);
  succeed(second, 1);
  lose(third);
  EXPECT_TRUE(next_pass());
}

TEST_F(TransactionManagerTest, OutOfOrderRightBehindTheLostBatchProvesTheGap) {
  const BatchId lost = send(0, 5);
  const BatchId behind = send(0, 2);
  const BatchId last = send(0);
  lose(lost);

  EXPECT_TRUE(retries(last, ErrorCode::OutOfOrderSequenceNumber));
  EXPECT_FALSE(next_pass()) << "it may resolve yet";
  EXPECT_TRUE(retries(behind, ErrorCode::OutOfOrderSequenceNumber));
  EXPECT_TRUE(next_pass());

  EXPECT_EQ(sequence(behind), 0);
  EXPECT_EQ(sequence(last), 2);
  EXPECT_FALSE(is_unresolved(0));
}

TEST_F(TransactionManagerTest, WhileUnresolvedNoNewBatchGetsASequence) {
  const BatchId lost = send(0);
  send(0);
  lose(lost);
  bench_.append(0);
  EXPECT_TRUE(bench_.drain().empty());
  EXPECT_EQ(bench_.deque(0).size(), 1u);
}

TEST_F(TransactionManagerTest, TheMarkIsTheHighestLostSequence) {
  const BatchId first = send(0, 2);
  const BatchId second = send(0, 2);
  lose(second);
  lose(first);
  EXPECT_EQ(manager_.unresolved().at(bench_.tp(0)), 4);
}

}  // namespace
}  // namespace linger::core::transaction_manager_test
