// Who leads when a broker is gone, and what is lost by it.
#include "sim/controller.h"

#include <gtest/gtest.h>

#include <optional>

#include "sim/broker_answers.h"
#include "support/replicated_world.h"

namespace linger::sim {
namespace {

TEST(Controller, ChoosesAnInSyncReplicaWhenTheLeaderIsMissed) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{100ms, StopBroker{NodeId{0}}}};
  scenario.programs = {{send({.count = 100, .every = 20ms})}};
  SmallRun run{scenario};
  run.run();
  const auto elected = run.all<LeaderElected>();
  ASSERT_EQ(elected.size(), 1u);
  EXPECT_EQ(elected[0].first, 600ms);
  EXPECT_EQ(elected[0].second.leader, NodeId{1});
  EXPECT_EQ(elected[0].second.epoch, 1);
  EXPECT_TRUE(elected[0].second.clean);
  EXPECT_EQ(partition_of(run).in_sync_replicas, (std::vector{NodeId{1}, NodeId{2}}));
  EXPECT_EQ(run.world().counts.acknowledged, 100);
  EXPECT_EQ(lost(run), 0);
}

SmallScenario leader_dies(const std::string& acks) {
  SmallScenario scenario = three_replicas(acks);
  scenario.replication.latency = 100ms;
  scenario.settings["max.block.ms"] = "60000";
  scenario.faults = {{1s, StopBroker{NodeId{0}}}, {3s, StartBroker{NodeId{0}}}};
  scenario.programs = {{send({.count = 1'000, .every = 1ms})}};
  scenario.end = 6s;
  return scenario;
}

TEST(Controller, WithAcksOneWhatTheFollowersHadNotFetchedIsLostThoughAcknowledged) {
  SmallRun run{leader_dies("1")};
  run.run();
  EXPECT_EQ(run.world().counts.failed, 0);
  EXPECT_GE(lost(run), 99) << "the answer before took 100 ms, the fetch for it 100 more";
  EXPECT_LE(lost(run), 301);
  const auto gone = run.all<RecordsLost>();
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_GE(gone[0].second.records, lost(run));
  // The old leader comes back and gives it up.
  const auto truncated = run.all<LogTruncated>();
  ASSERT_EQ(truncated.size(), 1u);
  EXPECT_EQ(truncated[0].second.broker, NodeId{0});
  EXPECT_EQ(truncated[0].second.offset, gone[0].second.offset);
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 1)));
}

TEST(Controller, WithAcksAllNothingAcknowledgedIsLost) {
  SmallRun run{leader_dies("all")};
  run.run();
  EXPECT_EQ(lost(run), 0);
  EXPECT_GE(run.world().counts.acknowledged, 900);
}

TEST(Controller, WithoutALivingInSyncReplicaNobodyLeads) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{5ms, ShrinkIsr{named(0), NodeId{1}, 60s}},
                     {5ms, ShrinkIsr{named(0), NodeId{2}, 60s}},
                     {100ms, StopBroker{NodeId{0}}},
                     {5s, StartBroker{NodeId{0}}}};
  scenario.programs = {{send({.count = 10, .every = 5ms})}};
  scenario.end = 8s;
  SmallRun run{scenario};
  run.run();
  const auto elected = run.all<LeaderElected>();
  ASSERT_EQ(elected.size(), 2u);
  EXPECT_EQ(elected[0].second.leader, std::nullopt);
  EXPECT_EQ(elected[1].first, 5s);
  EXPECT_EQ(elected[1].second.leader, NodeId{0});
  EXPECT_EQ(lost(run), 0);
}

TEST(Controller, AnUncleanElectionLetsAReplicaLeadThatWasNotInSync) {
  SmallScenario scenario = three_replicas();
  scenario.replication.unclean_elections = true;
  scenario.faults = {{5ms, StallFollower{NodeId{1}, 40s}},
                     {5ms, StallFollower{NodeId{2}, 40s}},
                     {30s, StopBroker{NodeId{0}}}};
  scenario.programs = {{pause_of(10ms), send({.count = 20, .every = 1s})}};
  scenario.end = 32s;
  SmallRun run{scenario};
  run.run();
  const auto elected = run.all<LeaderElected>();
  ASSERT_EQ(elected.size(), 1u);
  EXPECT_FALSE(elected[0].second.clean);
  EXPECT_EQ(elected[0].second.leader, NodeId{1});
  EXPECT_EQ(partition_of(run).in_sync_replicas, std::vector{NodeId{1}});
  EXPECT_EQ(run.world().counts.acknowledged, 20);
  EXPECT_EQ(lost(run), 20);
}

TEST(Controller, AControlledShutdownHandsOverAtOnce) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{100ms, StopBroker{NodeId{0}, true}}};
  scenario.programs = {{send({.count = 50, .every = 5ms})}};
  SmallRun run{scenario};
  run.run();
  ASSERT_EQ(run.all<LeaderElected>().size(), 1u);
  EXPECT_EQ(run.all<LeaderElected>()[0].first, 100ms);
  EXPECT_EQ(run.world().counts.acknowledged, 50);
  EXPECT_EQ(lost(run), 0);
}

TEST(Controller, ALeaderChangedByHandIsAReplica) {
  SmallScenario scenario = three_replicas();
  scenario.brokers = 4;
  scenario.faults = {{10ms, ChangeLeader{named(0), NodeId{3}}},
                     {20ms, ChangeLeader{named(0), NodeId{2}}}};
  scenario.programs = {{send({.count = 10, .every = 5ms})}};
  SmallRun run{scenario};
  run.run();
  const auto elected = run.all<LeaderElected>();
  ASSERT_EQ(elected.size(), 1u);
  EXPECT_EQ(elected[0].second.leader, NodeId{2});
  EXPECT_EQ(elected[0].second.epoch, 1) << "the next one";
  EXPECT_EQ(run.world().counts.acknowledged, 10);
}

TEST(Controller, ATopicCreatedWhileItsFirstReplicaIsGoneIsLedByTheNext) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {
      {100ms, StopBroker{NodeId{0}}}, {1s, DeleteTopic{{"t"}}}, {2s, CreateTopic{{"t"}}}};
  scenario.programs = {{pause_of(2500ms), send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(partition_of(run).leader, NodeId{1});
  EXPECT_EQ(partition_of(run).in_sync_replicas, (std::vector{NodeId{1}, NodeId{2}}));
  EXPECT_EQ(run.world().counts.acknowledged, 1);
}

TEST(Controller, WhoWaitedForFollowersIsToldThatTheLeaderHasChanged) {
  SmallScenario scenario = three_replicas();
  scenario.settings["retries"] = "0";
  scenario.faults = {{5ms, StallFollower{NodeId{2}, 10s}},
                     {50ms, ChangeLeader{named(0), NodeId{1}}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  ASSERT_TRUE(run.record(0).error);
  EXPECT_EQ(run.record(0).error->exception, core::Exception::NotLeaderOrFollowerException);
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 51ms);
}

// --- Producer state ---

TEST(Controller, ANewLeaderKnowsTheSequencesThatItsLogTells) {
  SmallScenario scenario = three_replicas();
  scenario.settings["enable.idempotence"] = "true";
  scenario.faults = {{0ms, LoseResponse{named(0), 1, true}},
                     {20ms, ChangeLeader{named(0), NodeId{1}}}};
  scenario.programs = {{pause_of(10ms), send()}};
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
  EXPECT_EQ(log_of(run, 1).end_offset(), 1) << "the retry is known to be one";
  const auto written = run.all<BatchWritten>();
  ASSERT_GE(written.size(), 2u);
  EXPECT_EQ(written.back().second.broker, NodeId{1});
  EXPECT_EQ(written.back().second.outcome, AppendOutcome::Duplicate);
}

TEST(Controller, AfterATruncationTheProducersAreThoseOfWhatIsLeft) {
  SmallScenario scenario = leader_dies("all");
  scenario.settings["enable.idempotence"] = "true";
  SmallRun run{scenario};
  run.run();
  const Partition& partition = partition_of(run);
  for (const auto& [broker, replica] : partition.others->followers) {
    EXPECT_EQ(replica.producers.entries(), producers_in(replica.log).entries());
  }
  EXPECT_EQ(partition.producers.entries(), producers_in(partition.log).entries());
}

// --- Before KIP-101 ---

// Broker 1 has a batch above its own high watermark, and cuts it off when it restarts. Then the
// leader is gone, and with it the only copy: acknowledged by all who were in sync, and lost.
SmallScenario restart_before_the_leader_goes() {
  SmallScenario scenario = three_replicas();
  scenario.replicas = 2;
  scenario.faults = {{60ms, StopBroker{NodeId{1}}},
                     {60'500us, StartBroker{NodeId{1}}},
                     {61ms, StopBroker{NodeId{0}, true}}};
  scenario.programs = {{send(), pause_of(50ms), send()}};
  scenario.end = 300ms;
  return scenario;
}

TEST(Controller, ATruncationToTheHighWatermarkLosesWhatAllHad) {
  SmallScenario scenario = restart_before_the_leader_goes();
  scenario.replication.truncates_to_high_watermark = true;
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 2);
  EXPECT_TRUE(run.all<LeaderElected>().at(0).second.clean);
  EXPECT_EQ(lost(run), 1);
}

TEST(Controller, ATruncationToWhereTheEpochsPartLosesNothing) {
  SmallRun run{restart_before_the_leader_goes()};
  run.run();
  EXPECT_EQ(run.world().counts.acknowledged, 2);
  EXPECT_EQ(lost(run), 0);
}

// --- What clients are told ---

core::MetadataResponsePartition told_by(const SmallRun& run) {
  Cluster cluster = run.world().servers.cluster();
  const core::MetadataResponse response =
      answer_to(core::MetadataRequest{}, cluster, run.world().now);
  return response.topics.at(0).partitions.at(0);
}

TEST(Controller, MetadataTellsWhoLeadsWhoIsInSyncAndWhoIsGone) {
  SmallScenario scenario = three_replicas();
  scenario.faults = {{10ms, StopBroker{NodeId{0}}}};
  scenario.programs = {{pause_of(1s)}};
  SmallRun run{scenario};
  run.run_until(400ms);
  EXPECT_EQ(told_by(run).leader_id, NodeId{0}) << "nobody has missed it";
  run.run_until(900ms);
  EXPECT_EQ(told_by(run).leader_id, NodeId{1});
  EXPECT_EQ(told_by(run).leader_epoch, 1);
  EXPECT_EQ(told_by(run).isr_nodes, (std::vector{NodeId{1}, NodeId{2}}));
  EXPECT_EQ(told_by(run).offline_replicas, std::vector{NodeId{0}});
  EXPECT_EQ(told_by(run).replica_nodes.size(), 3u);
}

TEST(Controller, MetadataMayBeStale) {
  SmallScenario scenario = three_replicas();
  scenario.replication.metadata_lag = 200ms;
  scenario.faults = {{10ms, ChangeLeader{named(0), NodeId{1}}}};
  scenario.programs = {{pause_of(1s)}};
  SmallRun run{scenario};
  run.run_until(209ms);
  const Partition& partition = partition_of(run);
  EXPECT_EQ(partition.leader, NodeId{1});
  EXPECT_EQ(told_by(run).leader_id, NodeId{0});
  EXPECT_EQ(told_by(run).leader_epoch, 0);
  run.run_until(600ms);
  EXPECT_EQ(told_by(run).leader_id, NodeId{1});
}

}  // namespace
}  // namespace linger::sim
