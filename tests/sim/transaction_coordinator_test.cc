#include "sim/transaction_coordinator.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/read_committed.h"
#include "support/transaction_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using core::ProducerIdAndEpoch;

constexpr ErrorCode kNone = ErrorCode::None;

// A driver with an open transaction that has a record in t-0.
TransactionDriver with_open_transaction(CoordinationSpec spec = TransactionDriver::usual()) {
  TransactionDriver client{std::move(spec)};
  EXPECT_EQ(client.init(), kNone);
  EXPECT_EQ(client.add({0}), kNone);
  EXPECT_EQ(client.produce_error(0, 0), kNone);
  return client;
}

// --- Who coordinates ---

TEST(TransactionCoordinator, TheNamesHashDecidesWhoCoordinates) {
  CoordinatorSeats seats{{.brokers = 3, .partitions = 50, .pinned = {}}};
  EXPECT_EQ(seats.partition_of("tx"), 16);
  EXPECT_EQ(seats.of("tx").broker, NodeId{1});
}

TEST(TransactionCoordinator, EveryBrokerKnowsWhoCoordinates) {
  TransactionDriver client;
  for (std::int32_t node = 0; node < 3; ++node) {
    const core::Coordinator found = client.find(node, "x", core::CoordinatorType::Transaction);
    EXPECT_EQ(found.node_id, NodeId{2});
    EXPECT_EQ(found.host, "broker-2");
  }
  EXPECT_EQ(client.find(0, "g", core::CoordinatorType::Group).node_id, NodeId{1});
}

TEST(TransactionCoordinator, WithoutACoordinatorClientsAreToldSo) {
  CoordinationSpec spec = TransactionDriver::usual();
  spec.transaction_coordinator = core::kNoLeader;
  TransactionDriver client{spec};
  const core::Coordinator found = client.find(0, "x", core::CoordinatorType::Transaction);
  EXPECT_EQ(ErrorCode{found.error_code}, ErrorCode::CoordinatorNotAvailable);
}

TEST(TransactionCoordinator, OnlyTheCoordinatorAnswers) {
  TransactionDriver client = with_open_transaction();
  client.ask_broker(1);
  EXPECT_EQ(client.init(), ErrorCode::NotCoordinator);
  EXPECT_EQ(client.add({1}), ErrorCode::NotCoordinator);
  EXPECT_EQ(client.add_offsets("g"), ErrorCode::NotCoordinator);
  EXPECT_EQ(client.commit(), ErrorCode::NotCoordinator);
  EXPECT_EQ(client.commit_offsets(2, "g", 7), ErrorCode::NotCoordinator);
}

// --- Producer ids and epochs ---

TEST(TransactionCoordinator, EachInitialisationRaisesTheEpoch) {
  TransactionDriver client;
  EXPECT_EQ(client.init(), kNone);
  EXPECT_EQ(client.producer, (ProducerIdAndEpoch{1000, 0}));
  EXPECT_EQ(client.init(), kNone);
  EXPECT_EQ(client.producer, (ProducerIdAndEpoch{1000, 1}));
}

TEST(TransactionCoordinator, ABumpIsForWhoeverHasTheCurrentEpochAndMayBeRepeated) {
  TransactionDriver client;
  client.init();
  const ProducerIdAndEpoch first = client.producer;
  EXPECT_EQ(client.init(first), kNone);
  EXPECT_EQ(client.producer.epoch, 1);
  EXPECT_EQ(client.init(first), kNone);  // the answer was lost
  EXPECT_EQ(client.producer.epoch, 1);
  EXPECT_EQ(client.init(client.producer), kNone);
  EXPECT_EQ(client.producer.epoch, 2);
  EXPECT_EQ(client.init(first), ErrorCode::ProducerFenced);
}

TEST(TransactionCoordinator, AnotherInstanceEndsTheRepetition) {
  TransactionDriver client;
  client.init();
  const ProducerIdAndEpoch first = client.producer;
  client.init(first);
  client.init();  // somebody else
  EXPECT_EQ(client.init(first), ErrorCode::ProducerFenced);
}

TEST(TransactionMetadata, AnExhaustedEpochGivesANewProducerId) {
  TransactionMetadata known;
  known.producer = {1000, 32'766};
  const TransactionDecision taken = decide_init(known, {{}, 60s});
  EXPECT_EQ(taken.next->producer, (ProducerIdAndEpoch{-1, 0}));  // a fresh one
  EXPECT_FALSE(taken.next->last_producer.is_valid());
  const TransactionDecision bumped = decide_init(known, {known.producer, 60s});
  EXPECT_EQ(bumped.next->last_producer, known.producer);
  known.producer.epoch = 32'765;
  EXPECT_EQ(decide_init(known, {{}, 60s}).next->producer, (ProducerIdAndEpoch{1000, 32'766}));
}

TEST(TransactionCoordinator, ATimeoutMustBePositiveAndAtMostFifteenMinutes) {
  TransactionDriver client;
  EXPECT_EQ(client.init({}, 0ms), ErrorCode::InvalidTransactionTimeout);
  EXPECT_EQ(client.init({}, 900'001ms), ErrorCode::InvalidTransactionTimeout);
  EXPECT_EQ(client.init({}, 900'000ms), kNone);
}

// --- The life of a transaction ---

TEST(TransactionCoordinator, ACommitPutsAMarkerIntoEachPartition) {
  TransactionDriver client = with_open_transaction();
  client.add({1});
  EXPECT_EQ(client.transaction().state, TransactionState::Ongoing);
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.transaction().state, TransactionState::CompleteCommit);
  EXPECT_EQ(client.markers(0), "commit@1");
  EXPECT_EQ(client.markers(1), "commit@0");  // nothing was ever written there
  EXPECT_EQ(client.markers(2), "");
  EXPECT_EQ(committed_records(client.partition(0)), 1);
}

TEST(TransactionCoordinator, WhatWasAbortedIsNotReadAndTheNextOffsetLeavesAGap) {
  TransactionDriver client = with_open_transaction();
  EXPECT_EQ(client.abort(), kNone);
  EXPECT_EQ(client.markers(0), "abort@1");
  EXPECT_EQ(committed_records(client.partition(0)), 0);
  client.add({0});
  EXPECT_EQ(client.produce(0, 1).base_offset, 2);
  client.commit();
  EXPECT_EQ(committed_records(client.partition(0)), 1);
}

TEST(TransactionCoordinator, TheLastStableOffsetWaitsForTheMarker) {
  TransactionDriver client = with_open_transaction();
  client.produce(0, 1, 3);
  EXPECT_EQ(last_stable_offset(client.partition(0)), 0);
  EXPECT_EQ(committed_records(client.partition(0)), 0);
  client.commit();
  EXPECT_EQ(last_stable_offset(client.partition(0)), 5);
  EXPECT_EQ(committed_records(client.partition(0)), 4);
}

TEST(TransactionCoordinator, TheAnswerComesBeforeTheMarkersAndMeanwhileEverybodyWaits) {
  CoordinationSpec spec = TransactionDriver::usual();
  spec.marker_time = 30ms;
  TransactionDriver client = with_open_transaction(spec);
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.transaction().state, TransactionState::PrepareCommit);
  EXPECT_EQ(client.markers(0), "");
  EXPECT_EQ(client.add({0}), ErrorCode::ConcurrentTransactions);
  EXPECT_EQ(client.commit(), ErrorCode::ConcurrentTransactions);
  EXPECT_EQ(client.init(), ErrorCode::ConcurrentTransactions);
  client.wait(31ms);
  EXPECT_EQ(client.markers(0), "commit@1");
  EXPECT_EQ(client.add({0}), kNone);
}

TEST(TransactionCoordinator, EndingTwiceIsFineInTheSameWayAlone) {
  TransactionDriver client;
  client.init();
  EXPECT_EQ(client.commit(), ErrorCode::InvalidTxnState);  // there is no transaction
  client.add({0});
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.abort(), ErrorCode::InvalidTxnState);
}

TEST(TransactionCoordinator, AStrangerIsToldWhatIsWrong) {
  TransactionDriver client;
  EXPECT_EQ(client.add({0}), ErrorCode::InvalidProducerIdMapping);  // nobody initialised the id
  client.init();
  client.producer.producer_id = 7;
  EXPECT_EQ(client.add({0}), ErrorCode::InvalidProducerIdMapping);
  EXPECT_EQ(client.commit(), ErrorCode::InvalidProducerIdMapping);
}

TEST(TransactionCoordinator, AnUnknownPartitionSpoilsTheRequest) {
  TransactionDriver client;
  client.init();
  EXPECT_EQ(client.add_all({0, 9}),
            (std::vector{ErrorCode::OperationNotAttempted, ErrorCode::UnknownTopicOrPartition}));
  EXPECT_EQ(client.transaction().state, TransactionState::Empty);
}

TEST(TransactionCoordinator, ATransitionTakesAsLongAsTheLogAndOthersWaitForIt) {
  CoordinationSpec spec = TransactionDriver::usual();
  spec.log_time = 5ms;
  TransactionDriver client{spec};
  const Instant asked = client.run().now();
  client.init();
  EXPECT_GE(client.run().now() - asked, 5ms);
  EXPECT_EQ(client.add({0}), kNone);
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.add({0}), ErrorCode::ConcurrentTransactions);  // CompleteCommit is being written
  client.wait(5ms);
  EXPECT_EQ(client.transaction().state, TransactionState::CompleteCommit);
}

// --- Fencing ---

TEST(TransactionCoordinator, ATakeoverOfAnOpenTransactionAbortsItAndRaisesTheEpochByTwo) {
  TransactionDriver client = with_open_transaction();
  const ProducerIdAndEpoch old = client.producer;
  EXPECT_EQ(client.init(), ErrorCode::ConcurrentTransactions);
  EXPECT_EQ(client.markers(0), "abort@1");
  EXPECT_EQ(client.init(), kNone);
  EXPECT_EQ(client.producer.epoch, 2);

  client.producer = old;
  EXPECT_EQ(client.add({0}), ErrorCode::ProducerFenced);
  EXPECT_EQ(client.commit(), ErrorCode::ProducerFenced);
  EXPECT_EQ(client.produce_error(0, 1), ErrorCode::InvalidProducerEpoch);
}

TEST(TransactionCoordinator, OldClientsAreToldOfAnInvalidEpochInstead) {
  TransactionDriver client;
  client.init();
  const ProducerIdAndEpoch old = client.producer;
  client.init();
  client.producer = old;
  client.ask_in_version(1);
  EXPECT_EQ(client.add({0}), ErrorCode::InvalidProducerEpoch);
  EXPECT_EQ(client.commit(), ErrorCode::InvalidProducerEpoch);
  client.ask_in_version(2);
  EXPECT_EQ(client.commit(), ErrorCode::ProducerFenced);
}

TEST(TransactionCoordinator, AFenceFromOutsideIsATakeoverAtOnce) {
  TransactionDriver client = with_open_transaction();
  client.run().apply(FenceProducer{"x"});
  EXPECT_EQ(client.markers(0), "abort@1");
  EXPECT_EQ(client.transaction().state, TransactionState::Empty);
  EXPECT_EQ(client.transaction().producer, (ProducerIdAndEpoch{1000, 2}));
  EXPECT_EQ(client.commit(), ErrorCode::ProducerFenced);
}

// --- Timeouts ---

TEST(TransactionCoordinator, ATransactionIsAbortedAtTheFirstCheckAfterItsTimeout) {
  TransactionDriver client;
  client.wait(1s);
  client.init({}, 9s);  // it ends at 10 s, and the check is too early then
  client.add({0});
  client.run().run_until(Instant{10s});
  EXPECT_EQ(client.transaction().state, TransactionState::Ongoing);
  client.run().run_until(Instant{20s});
  EXPECT_EQ(client.transaction().state, TransactionState::CompleteAbort);
  EXPECT_EQ(client.transaction().producer.epoch, 1);
  EXPECT_EQ(client.markers(0), "abort@0");
  EXPECT_EQ(client.commit(), ErrorCode::ProducerFenced);
}

TEST(TransactionCoordinator, WhatEndedInTimeDoesNotExpire) {
  TransactionDriver client = with_open_transaction();
  client.commit();
  client.wait(30s);
  client.add({0});
  client.run().run_until(Instant{71s});  // the first one would have expired
  EXPECT_EQ(client.transaction().state, TransactionState::Ongoing);
  client.run().run_until(Instant{100s});
  EXPECT_EQ(client.transaction().state, TransactionState::CompleteAbort);
}

// --- Markers that cannot be written, coordinators that move ---

TEST(TransactionCoordinator, MarkersAreTriedAgainUntilThePartitionHasALeader) {
  TransactionDriver client = with_open_transaction();
  client.add({1});
  client.run().apply(ChangeLeader{{"t", 1}, std::nullopt});
  client.commit();
  client.wait(1s);
  EXPECT_EQ(client.markers(0), "commit@1");  // once
  EXPECT_EQ(client.markers(1), "");
  EXPECT_EQ(client.add({0}), ErrorCode::ConcurrentTransactions);
  client.run().apply(ChangeLeader{{"t", 1}, NodeId{0}});
  client.wait(101ms);
  EXPECT_EQ(client.markers(1), "commit@0");
  EXPECT_EQ(client.transaction().state, TransactionState::CompleteCommit);
}

TEST(TransactionCoordinator, TheNextCoordinatorLoadsAndGoesOn) {
  CoordinationSpec spec;
  spec.marker_time = 30ms;
  TransactionDriver client{spec};
  const std::int32_t first =
      client.find(0, "x", core::CoordinatorType::Transaction).node_id.value();
  const std::int32_t second = (first + 1) % 3;
  client.ask_broker(first);
  client.init();
  client.add({0});
  EXPECT_EQ(client.commit(), kNone);
  client.run().apply(MoveCoordinator{.to = NodeId{second}, .key = "x", .loads = 200ms});
  EXPECT_EQ(client.add({0}), ErrorCode::NotCoordinator);
  client.ask_broker(second);
  client.wait(100ms);
  EXPECT_EQ(client.add({0}), ErrorCode::CoordinatorLoadInProgress);
  EXPECT_EQ(client.markers(0), "");  // the old one did not come to it
  client.wait(131ms);
  EXPECT_EQ(client.markers(0), "commit@0");
  EXPECT_EQ(client.add({0}), kNone);
}

TEST(TransactionCoordinator, WhatWasNotInTheLogIsLostWhenTheCoordinatorMoves) {
  CoordinationSpec spec;
  spec.log_time = 50ms;
  TransactionDriver client{spec};
  const NodeId first = client.find(0, "x", core::CoordinatorType::Transaction).node_id;
  client.ask_broker(first.value());
  client.init();
  const core::RequestHeader header{core::ApiKey::EndTxn, 4, core::CorrelationId{99}, "test"};
  client.add({0});
  const ClientSocket socket = ServerSideDriver::socket(first.value());
  const std::size_t before = client.run().heard(socket).frames().size();
  client.run().request(socket, header, core::EndTxnRequest{"x", client.producer, true});
  client.wait(10ms);
  const NodeId second{(first.value() + 1) % 3};
  client.run().apply(MoveCoordinator{.to = second, .key = "x"});
  client.wait(50ms);
  const core::Response answer = client.run().response(socket, header, before);
  EXPECT_EQ(ErrorCode{std::get<core::EndTxnResponse>(answer).error_code},
            ErrorCode::NotCoordinator);
  EXPECT_EQ(client.transaction().state, TransactionState::Ongoing);
}

// --- Offsets of groups ---

TEST(TransactionCoordinator, OffsetsCountWhenTheTransactionIsCommitted) {
  TransactionDriver client;
  client.init();
  EXPECT_EQ(client.add_offsets("g"), kNone);
  EXPECT_EQ(client.commit_offsets(1, "g", 100), kNone);
  EXPECT_TRUE(client.cluster().groups.find("g")->committed.empty());
  EXPECT_EQ(client.commit(), kNone);
  EXPECT_EQ(client.cluster().groups.find("g")->committed.at("in").at(0), 100);
  EXPECT_TRUE(client.cluster().groups.find("g")->pending.empty());
}

TEST(TransactionCoordinator, OffsetsOfAnAbortedTransactionAreForgotten) {
  TransactionDriver client;
  client.init();
  client.add_offsets("g");
  client.commit_offsets(1, "g", 100);
  EXPECT_EQ(client.abort(), kNone);
  EXPECT_TRUE(client.cluster().groups.find("g")->committed.empty());
  EXPECT_TRUE(client.cluster().groups.find("g")->pending.empty());
}

TEST(TransactionCoordinator, WhoeverSaysToBeAMemberOfAGroupIsNone) {
  TransactionDriver client;
  client.init();
  client.add_offsets("g");
  EXPECT_EQ(client.commit_offsets(1, "g", 100, 3), ErrorCode::IllegalGeneration);
  client.commit_offsets(1, "g", 100);
  EXPECT_EQ(client.commit_offsets(1, "g", 100, 3), ErrorCode::UnknownMemberId);
}

// --- Do leaders ask? (KIP-890, part 1) ---

TEST(TransactionCoordinator, ALateBatchOpensATransactionThatNobodyEndsUnlessItsLeaderAsks) {
  CoordinationSpec trusting = TransactionDriver::usual();
  trusting.verifies_writes = false;
  TransactionDriver before = with_open_transaction(trusting);
  before.abort();
  EXPECT_EQ(before.produce_error(0, 1), kNone);
  EXPECT_EQ(last_stable_offset(before.partition(0)), 2);
  before.wait(1h);
  EXPECT_EQ(last_stable_offset(before.partition(0)), 2);  // it hangs

  TransactionDriver since = with_open_transaction();
  since.abort();
  EXPECT_EQ(since.produce_error(0, 1), ErrorCode::TransactionAbortable);
  EXPECT_EQ(since.produce_error(0, 1, 10), ErrorCode::InvalidTxnState);
  EXPECT_EQ(last_stable_offset(since.partition(0)), 2);
  EXPECT_EQ(since.partition(0).log.end_offset(), 2);
}

TEST(TransactionCoordinator, WhatALeaderCannotVerifyNowTheClientTriesAgain) {
  CoordinationSpec spec = TransactionDriver::usual();
  spec.marker_time = 30ms;
  TransactionDriver client = with_open_transaction(spec);
  client.add({1});
  client.abort();
  EXPECT_EQ(client.produce_error(1, 0), ErrorCode::NotEnoughReplicas);  // markers are on their way
}

TEST(TransactionCoordinator, ATransactionalBatchNeedsTheIdInItsRequest) {
  TransactionDriver client = with_open_transaction();
  const core::ByteVector batch = batch_bytes(
      {.producer = client.producer, .sequence = 1, .attributes = core::kTransactionalFlag});
  Cluster cluster = client.cluster();
  Effects effects;
  BrokerContext context{cluster, client.run().now(), effects};
  const ProduceOrigin origin{
      .broker = NodeId{0}, .connection = {}, .correlation = {}, .version = 11, .producer = {}};
  const PendingProduce answer = handle_produce(produce_request("t", 0, batch), origin, context);
  EXPECT_EQ(ErrorCode{answer.response.topics[0].partitions[0].error_code},
            ErrorCode::TransactionalIdAuthorizationFailed);
}

}  // namespace
}  // namespace linger::sim
