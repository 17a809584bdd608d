#include "viz/replica_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "screen_fixture.h"
#include "viz/pipeline_view.h"

namespace linger::viz {
namespace {

ViewerState lesson_at(const std::string& name, core::Duration since_start) {
  ViewerState state = opened(std::string{LINGER_SOURCE_DIR} + "/scenarios/acks/" + name + ".toml");
  do_all(state, {ToggleQuestions{}, SeekTime{at(since_start)}});
  return state;
}

ReplicasView replicas_of(const ViewerState& state, const std::string& name) {
  const std::vector<ReplicasView> all = replicas_views(scene(state));
  const auto found = std::ranges::find(all, name, &ReplicasView::name);
  return found == all.end() ? ReplicasView{} : *found;
}

ReplicaBox replica_of(const ViewerState& state, const std::string& name, std::int32_t broker) {
  const ReplicasView view = replicas_of(state, name);
  const auto found = std::ranges::find(view.replicas, core::NodeId{broker}, &ReplicaBox::broker);
  return found == view.replicas.end() ? ReplicaBox{} : *found;
}

// --- Of a partition whose replicas are one log, nothing is told ---

TEST(ReplicaView, ThereIsNoneWithoutLogsOfTheirOwn) {
  ViewerState state = viewer_at(kLinger, 3ms);
  EXPECT_TRUE(replicas_views(scene(state)).empty());
  handle(state, Select{core::NodeId{0}});
  EXPECT_FALSE(replicas_inspector_view(scene(state)));
  handle(state, Select{lane()});
  EXPECT_FALSE(replicas_inspector_view(scene(state)));
  const PipelineView view = pipeline_view(scene(state));
  EXPECT_FALSE(view.brokers[0].logs[0].replicas);
  EXPECT_TRUE(view.brokers[0].followed.empty());
}

// --- The leader that died ---

TEST(ReplicaView, FollowersLagBehindTheirLeaderAndStayInSync) {
  const ViewerState state = lesson_at("the_leader_that_died", 1900ms);
  const ReplicasView view = replicas_of(state, "lab-0");
  EXPECT_EQ(view.leader, core::NodeId{1});
  EXPECT_EQ(view.leader_epoch, 0);
  EXPECT_EQ(view.in_sync, 3);
  EXPECT_TRUE(view.has_enough_in_sync());
  EXPECT_EQ(view.lost, 0);
  ASSERT_EQ(view.replicas.size(), 3U);

  const ReplicaBox leader = replica_of(state, "lab-0", 1);
  EXPECT_EQ(leader.role, ReplicaRole::Leads);
  EXPECT_EQ(leader.end_offset, view.end_offset);
  EXPECT_EQ(leader.fetch, FetchLook::None);
  for (const std::int32_t broker : {0, 2}) {
    const ReplicaBox follower = replica_of(state, "lab-0", broker);
    EXPECT_EQ(follower.role, ReplicaRole::Follows);
    EXPECT_TRUE(follower.is_in_sync);
    EXPECT_EQ(follower.beyond, 0);
    EXPECT_GT(follower.behind, 100)
        << "what it fetches is 200 ms old, at a record each millisecond";
    EXPECT_EQ(follower.end_offset + follower.behind, view.end_offset);
    EXPECT_LE(follower.high_watermark, view.high_watermark);
    EXPECT_LE(view.high_watermark, follower.end_offset);
    EXPECT_LT(follower.ends_at, leader.ends_at);
    EXPECT_FLOAT_EQ(leader.ends_at, 1);
    EXPECT_EQ(follower.fetch, FetchLook::Answered);
    ASSERT_TRUE(follower.due);
    EXPECT_LE(*follower.due, 202ms);
  }
}

TEST(ReplicaView, TheDeadLeaderHasWhatNobodyElseHas) {
  const ViewerState state = lesson_at("the_leader_that_died", 2600ms);
  const ReplicasView view = replicas_of(state, "lab-0");
  EXPECT_EQ(view.leader, core::NodeId{2});
  EXPECT_EQ(view.leader_epoch, 1);
  EXPECT_EQ(view.in_sync, 2);
  const ReplicaBox dead = replica_of(state, "lab-0", 1);
  EXPECT_EQ(dead.role, ReplicaRole::Follows);
  EXPECT_EQ(dead.state, sim::BrokerState::Down);
  EXPECT_FALSE(dead.is_in_sync);
  EXPECT_EQ(dead.beyond, view.lost);
  EXPECT_GT(view.lost, 200);
  EXPECT_LT(dead.shared_until, dead.ends_at);
  EXPECT_EQ(dead.fetch, FetchLook::Stands);
  EXPECT_EQ(standing_text(dead), std::to_string(view.lost) + " beyond");
}

TEST(ReplicaView, WhatWasBeyondIsCutOffAndTheReplicaFollows) {
  const ViewerState before = lesson_at("the_leader_that_died", 2600ms);
  const ViewerState after = lesson_at("the_leader_that_died", 5s);
  const ReplicaBox returned = replica_of(after, "lab-0", 1);
  EXPECT_EQ(returned.state, sim::BrokerState::Up);
  EXPECT_EQ(returned.beyond, 0);
  EXPECT_EQ(returned.cut_off, replica_of(before, "lab-0", 1).beyond);
  EXPECT_TRUE(returned.is_in_sync);
}

// --- All that waited for one ---

TEST(ReplicaView, TheInSyncReplicasShrinkToTheLeader) {
  const ViewerState waiting = lesson_at("all_that_waited_for_one", 15s);
  const ReplicaBox stalled = replica_of(waiting, "one-0", 2);
  EXPECT_TRUE(stalled.is_in_sync) << "nobody has looked yet";
  EXPECT_EQ(stalled.fetch, FetchLook::Stands);
  ASSERT_TRUE(stalled.lags_for);
  EXPECT_GT(*stalled.lags_for, 4s);
  EXPECT_LT(replicas_of(waiting, "one-0").high_watermark, replicas_of(waiting, "one-0").end_offset);

  const ViewerState alone = lesson_at("all_that_waited_for_one", 30s);
  const ReplicasView one = replicas_of(alone, "one-0");
  const ReplicasView two = replicas_of(alone, "two-0");
  EXPECT_EQ(one.in_sync, 1);
  EXPECT_TRUE(one.has_enough_in_sync());
  EXPECT_EQ(one.high_watermark, one.end_offset) << "all that count have it";
  EXPECT_EQ(two.in_sync, 1);
  EXPECT_EQ(two.min_in_sync, 2);
  EXPECT_FALSE(two.has_enough_in_sync());
  EXPECT_LT(two.high_watermark, two.end_offset) << "too few are in sync (KAFKA-15583)";
  EXPECT_FALSE(replica_of(alone, "one-0", 2).is_in_sync);
}

TEST(ReplicaView, ABrokerIsShownWithWhatItLeadsAndWhatItFollows) {
  ViewerState state = lesson_at("all_that_waited_for_one", 30s);
  handle(state, Select{core::NodeId{1}});
  const ReplicasInspectorView leader = replicas_inspector_view(scene(state)).value();
  EXPECT_EQ(leader.title, "broker 1");
  EXPECT_EQ(leader.leads.size(), 2U);
  EXPECT_TRUE(leader.follows.empty());
  ASSERT_EQ(leader.history.size(), 4U) << "two followers of two partitions left";
  for (const ReplicationRow& row : leader.history) EXPECT_TRUE(row.is_harm) << row.what;

  handle(state, Select{core::NodeId{2}});
  const ReplicasInspectorView follower = replicas_inspector_view(scene(state)).value();
  EXPECT_TRUE(follower.leads.empty());
  EXPECT_EQ(follower.follows.size(), 2U);

  const PipelineView view = pipeline_view(scene(state));
  EXPECT_EQ(view.brokers[1].logs.size(), 2U);
  EXPECT_TRUE(view.brokers[1].followed.empty());
  EXPECT_EQ(view.brokers[2].followed.size(), 2U);
  const LogTail& log = view.brokers[1].logs[1];
  EXPECT_EQ(log.name, "two-0");
  ASSERT_FALSE(log.batches.empty());
  EXPECT_TRUE(log.batches.back().awaits_followers);
}

TEST(ReplicaView, AnUncleanElectionLosesWhatTheNewLeaderDidNotHave) {
  ViewerState state = lesson_at("all_that_waited_for_one", 61s);
  const ReplicasView view = replicas_of(state, "one-0");
  EXPECT_GE(view.lost, 495);
  EXPECT_EQ(replica_of(state, "one-0", 1).beyond, view.lost);
  handle(state, Select{LaneRef{core::ProducerIndex{0}, view.partition}});
  const ReplicasInspectorView inspected = replicas_inspector_view(scene(state)).value();
  EXPECT_EQ(inspected.title, "one-0");
  ASSERT_EQ(inspected.leads.size(), 1U);
  EXPECT_TRUE(std::ranges::any_of(inspected.history, [](const ReplicationRow& row) {
    return row.what.find("unclean") != std::string::npos;
  })) << inspected.history.front().what;
}

// --- A limit the followers never heard of ---

TEST(ReplicaView, AFollowerIsStuckBeforeABatchThatNoFetchBrings) {
  const ViewerState state = lesson_at("a_limit_the_followers_never_heard_of", 26s);
  const ReplicasView view = replicas_of(state, "lab-0");
  EXPECT_EQ(view.in_sync, 1);
  EXPECT_FALSE(view.has_enough_in_sync());
  for (const std::int32_t broker : {1, 2}) {
    const ReplicaBox follower = replica_of(state, "lab-0", broker);
    EXPECT_FALSE(follower.is_in_sync);
    EXPECT_GT(follower.behind, 0);
    EXPECT_NE(follower.fetch_text.find("a fetch brings at most 1 MiB"), std::string::npos)
        << follower.fetch_text;
  }
}

// --- On the screen ---

TEST(ReplicaView, WhatAFollowerFetchedFliesToIt) {
  const ViewerState state = lesson_at("the_leader_that_died", 1905ms);
  const std::vector<Flight> all = flights(scene(state));
  const auto fetched = std::ranges::find(all, FlightKind::Replicate, &Flight::kind);
  ASSERT_NE(fetched, all.end());
  EXPECT_EQ(fetched->from.kind, Anchor::Kind::Log);
  EXPECT_EQ(fetched->to.kind, Anchor::Kind::Replica);
  EXPECT_NE(fetched->to.node, core::NodeId{1}) << "the leader fetches nothing";
}

TEST(ReplicaView, ThePictureTellsHowEachReplicaStands) {
  Screen screen{lesson_at("the_leader_that_died", 2600ms)};
  const ReplicaBox dead = replica_of(screen.state, "lab-0", 1);
  EXPECT_TRUE(screen.shows(standing_text(dead))) << screen.all_text();
  EXPECT_TRUE(screen.shows("ISR 2/3")) << screen.all_text();

  do_all(screen.state, {Select{core::NodeId{1}}, TogglePanel{Panel::Inspector}});
  screen.settle();
  EXPECT_TRUE(screen.shows("broker 1: follower, out of sync")) << screen.all_text();
  EXPECT_TRUE(screen.shows("min.insync.replicas 1")) << screen.all_text();
}

}  // namespace
}  // namespace linger::viz
