// How followers come by what the leader has, and what that means for acknowledgements.
#include "sim/replication.h"

#include <gtest/gtest.h>

#include <optional>

#include "support/replicated_world.h"

namespace linger::sim {
namespace {

TEST(Replication, WithAcksAllARecordIsAcknowledgedWhenTheFollowersHaveAskedForWhatComesAfterIt) {
  SmallScenario scenario = three_replicas("all");
  scenario.programs = {{send()}};
  SmallRun run{scenario};
  run.run();

  // There 1 ms, to the followers 1 ms, their next fetch 1 ms, back 1 ms.
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 4ms);
  const auto moved = run.all<HighWatermarkMoved>();
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].first, 3ms);
  EXPECT_EQ(moved[0].second.offset, 1);
  EXPECT_EQ(run.all<ReplicaFetched>().size(), 2u);
}

TEST(Replication, WithAcksOneTheLeaderWaitsForNobody) {
  SmallScenario scenario = three_replicas("1");
  scenario.programs = {{send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 2ms);
}

TEST(Replication, TheReplicasHoldTheSameWithTheRecordsThatTheLedgerKnows) {
  SmallScenario scenario = three_replicas();
  scenario.programs = {{send({.count = 20, .every = 3ms})}};
  scenario.end = 2s;
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(log_of(run, 0).end_offset(), 20);
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 1)));
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 2)));
  EXPECT_EQ(log_of(run, 2).batch(0).records.size(), 1u);
}

TEST(Replication, AFollowerLearnsTheHighWatermarkWithItsNextFetch) {
  SmallScenario scenario = three_replicas();
  scenario.programs = {{send()}};
  scenario.end = 2s;
  SmallRun run{scenario};
  run.run_until(400ms);
  const Replica& follower = partition_of(run).others->followers.at(NodeId{1});
  EXPECT_EQ(partition_of(run).high_watermark(), 1);
  EXPECT_EQ(follower.high_watermark, 0) << "its fetch waits, and no move of the leader's wakes it";
  EXPECT_EQ(follower.fetch.stage, FetchStage::Waiting);
  run.run_until(600ms);
  EXPECT_EQ(partition_of(run).others->followers.at(NodeId{1}).high_watermark, 1)
      << "replica.fetch.wait.max.ms has passed";
}

TEST(Replication, AFollowerThatLagsTooLongLeavesTheInSyncReplicasAndIsWaitedForNoMore) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{5ms, StallFollower{NodeId{2}}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  // It had everything at 1 ms, and is looked at every 5 s.
  const auto changed = run.all<IsrChanged>();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].first, 15s);
  EXPECT_EQ(changed[0].second.broker, NodeId{2});
  EXPECT_FALSE(changed[0].second.joined);
  EXPECT_EQ(changed[0].second.in_sync, 2);
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 15'001ms);
  EXPECT_EQ(log_of(run, 2).end_offset(), 0);
}

TEST(Replication, AFollowerJoinsAgainWhenItHasCaughtUp) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{5ms, StallFollower{NodeId{2}, 20s}}};
  scenario.programs = {{pause_of(10ms), send({.count = 10, .every = 1s})}};
  scenario.end = 30s;
  SmallRun run{scenario};
  run.run();
  const auto changed = run.all<IsrChanged>();
  ASSERT_EQ(changed.size(), 2u);
  EXPECT_TRUE(changed[1].second.joined);
  EXPECT_EQ(changed[1].second.in_sync, 3);
  // One fetch brings all, the next one tells of it.
  EXPECT_EQ(changed[1].first, 20s + 5ms + 3ms);
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 2)));
}

TEST(Replication, AnAcknowledgementThatComesTooLateIsATimeoutAndTheRecordsStay) {
  SmallScenario scenario = three_replicas();
  scenario.settings["request.timeout.ms"] = "3000";
  scenario.settings["delivery.timeout.ms"] = "3000";
  scenario.settings["retries"] = "0";
  scenario.faults = {{5ms, StallFollower{NodeId{2}}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  ASSERT_TRUE(run.record(0).error);
  EXPECT_EQ(run.record(0).error->exception, core::Exception::TimeoutException);
  EXPECT_EQ(log_of(run, 0).end_offset(), 1);
  EXPECT_EQ(log_of(run, 1).end_offset(), 1);
  EXPECT_EQ(partition_of(run).high_watermark(), 0);
}

SmallScenario alone_with_two_needed(const std::string& acks) {
  SmallScenario scenario = three_replicas(acks);
  scenario.replication.min_in_sync_replicas = 2;
  scenario.settings["retries"] = "0";
  scenario.faults = {{5ms, ShrinkIsr{named(0), NodeId{1}, 5s}},
                     {5ms, ShrinkIsr{named(0), NodeId{2}, 5s}}};
  scenario.programs = {{pause_of(10ms), send()}};
  scenario.end = 1s;
  return scenario;
}

TEST(Replication, WithTooFewInSyncAcksAllIsRefusedAndNothingAppended) {
  SmallRun run{alone_with_two_needed("all")};
  run.run();
  ASSERT_TRUE(run.record(0).error);
  EXPECT_EQ(run.record(0).error->exception, core::Exception::NotEnoughReplicasException);
  EXPECT_EQ(log_of(run, 0).end_offset(), 0);
}

TEST(Replication, WithTooFewInSyncAcksOneIsTakenAndTheHighWatermarkStays) {
  SmallRun run{alone_with_two_needed("1")};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_EQ(log_of(run, 0).end_offset(), 1);
  EXPECT_EQ(partition_of(run).high_watermark(), 0);

  SmallScenario before = alone_with_two_needed("1");
  before.replication.high_watermark_needs_min_isr = false;
  SmallRun old{before};
  old.run();
  EXPECT_EQ(partition_of(old).high_watermark(), 1) << "as brokers before KAFKA-15583";
}

TEST(Replication, WhoIsTakenOutJoinsWithItsNextFetchUnlessItIsKeptOut) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{5ms, ShrinkIsr{named(0), NodeId{1}}},
                     {5ms, ShrinkIsr{named(0), NodeId{2}, 2s}}};
  scenario.programs = {{pause_of(10ms)}};
  scenario.end = 5s;
  SmallRun run{scenario};
  run.run();
  const auto changed = run.all<IsrChanged>();
  ASSERT_EQ(changed.size(), 4u);
  EXPECT_EQ(changed[2].second.broker, NodeId{1});
  EXPECT_EQ(changed[2].first, 1ms + 500ms + 2ms) << "its fetch waited until then";
  EXPECT_EQ(changed[3].second.broker, NodeId{2});
  EXPECT_GT(changed[3].first, 2s);
}

TEST(Replication, ASlowFollowerHoldsAcknowledgementsUp) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{5ms, SlowFollower{NodeId{2}, 40ms}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 10ms + 4ms + 40ms);
}

TEST(Replication, ACopyOfTheWorldGoesOnAsTheWorldDoes) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{20ms, StopBroker{NodeId{0}}}, {700ms, StartBroker{NodeId{0}}}};
  scenario.programs = {{send({.count = 50, .every = 10ms})}};
  scenario.end = 3s;
  SmallRun run{scenario};
  run.run_until(30ms);
  World copy = run.world();
  run.run();
  TraceSink rest;
  while (step(copy, rest)) {
  }
  EXPECT_EQ(copy.steps, run.world().steps);
  EXPECT_TRUE(are_alike(copy.servers.cluster().find(tp(0))->log, log_of(run, 1)));
}

// --- Faults of brokers ---

TEST(Replication, APausedBrokerAnswersWhenItGoesOn) {
  SmallScenario scenario = three_replicas("1");
  scenario.faults = {{5ms, PauseBroker{NodeId{0}, 300ms}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 306ms);
  const auto states = run.all<BrokerStateChanged>();
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].second.state, BrokerState::Paused);
  EXPECT_EQ(states[1].second.state, BrokerState::Up);
  EXPECT_TRUE(run.all<LeaderElected>().empty()) << "it was back before it was missed";
}

TEST(Replication, ASlowBrokerTakesLongerToServe) {
  SmallScenario scenario = three_replicas("1");
  scenario.faults = {{5ms, SlowBroker{NodeId{0}, 40ms, 1s}}};
  scenario.programs = {{pause_of(10ms), send(), pause_of(2s), send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.record(0).completed_at - run.record(0).sent_at, 42ms);
  EXPECT_EQ(run.record(1).completed_at - run.record(1).sent_at, 2ms);
}

}  // namespace
}  // namespace linger::sim
