// Topics that are deleted, and come back; records that are deleted; producers that are forgotten.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/replicated_world.h"
#include "support/rule_flips.h"
#include "support/scenarios.h"

namespace linger::sim {
namespace {

// Its leader's epoch is 7 when the topic is deleted at 1 s; at 2 s it comes back, led by broker 1.
SmallScenario came_back(std::vector<core::RuleFlip> flips) {
  SmallScenario scenario;
  scenario.brokers = 2;
  scenario.warm = false;
  scenario.flips = std::move(flips);
  scenario.settings = {{"max.block.ms", "3000"}, {"delivery.timeout.ms", "4000"},
                       {"request.timeout.ms", "1000"}, {"linger.ms", "0"}};
  scenario.programs = {{send({.count = 60, .every = 100ms})}};
  scenario.faults = {{0ms, ChangeLeader{named(0), NodeId{0}, 7}},
                     {1s, DeleteTopic{{"t"}}},
                     {2s, CreateTopic{{"t"}, std::nullopt, NodeId{1}}}};
  return scenario;
}

TEST(Rules, BeforeKafka12257ATopicThatCameBackIsNotBelieved) {
  core::compare(core::Rule::Kafka12257TopicIds, [](const auto& flips, bool has_rule) {
    SmallRun run{came_back(flips)};
    run.run();
    EXPECT_EQ(run.log(0).end_offset() > 0, has_rule);
    EXPECT_EQ(run.world().counts.failed > 0, !has_rule)
        << "send() waits for max.block.ms, and the topic is never there";
  });
}

TEST(TopicFaults, WhatIsSentToADeletedTopicWaitsUntilItIsThereAgain) {
  SmallRun run{came_back({})};
  run.run();
  const auto written = run.all<BatchWritten>();
  const auto unknown = std::count_if(written.begin(), written.end(), [](const auto& one) {
    return one.second.error == core::ErrorCode::UnknownTopicOrPartition;
  });
  EXPECT_EQ(unknown, 1) << "the client learns of it, and asks for metadata";
  EXPECT_EQ(run.world().counts.failed, 0);
  EXPECT_EQ(run.world().counts.refused, 0);
  EXPECT_EQ(run.log(0).end_offset(), 50) << "what was written before is gone";
  EXPECT_EQ(lost(run), 10);
  EXPECT_EQ(run.world().servers.cluster().find(tp(0))->leader_epoch, 0);
}

TEST(TopicFaults, WhoeverWaitsForFollowersIsToldThatTheTopicIsUnknown) {
  SmallScenario scenario = three_replicas("all");
  scenario.settings["retries"] = "0";
  scenario.programs = {{send()}};
  scenario.faults = {{0ms, StallFollower{NodeId{2}}}, {50ms, DeleteTopic{{"t"}}}};
  SmallRun run{scenario};
  run.run();
  ASSERT_TRUE(run.record(0).error);
  EXPECT_EQ(core::name(run.record(0).error->exception), "UnknownTopicOrPartitionException");
  EXPECT_EQ(run.record(0).completed_at.time_since_epoch(), 51ms);
}

// Fetches of the old topic's followers are on their way when it is gone.
TEST(TopicFaults, FollowersOfTheNewTopicHaveNothingOfTheOldOne) {
  SmallScenario scenario = three_replicas("all");
  scenario.programs = {{send({.count = 40, .every = 1ms})}};
  scenario.faults = {{10ms, DeleteTopic{{"t"}}}, {10ms + 200us, CreateTopic{{"t"}}}};
  scenario.end = 3s;
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(run.world().counts.failed, 0);
  EXPECT_GT(log_of(run, 0).end_offset(), 20);
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 1)));
  EXPECT_TRUE(are_alike(log_of(run, 0), log_of(run, 2)));
}

TEST(TopicFaults, ATopicIsCreatedUnderABrokerThatIsGone) {
  SmallScenario scenario = three_replicas("all");
  scenario.programs = {{pause_of(2s), send()}};
  scenario.faults = {
      {0ms, DeleteTopic{{"t"}}}, {1ms, StopBroker{NodeId{0}}}, {1s, CreateTopic{{"t"}}}};
  scenario.end = 10s;
  SmallRun run{scenario};
  run.run();
  EXPECT_EQ(partition_of(run).leader, NodeId{1});
  EXPECT_EQ(run.record(0).status, RecordStatus::Acknowledged);
}

// --- Producers that are forgotten ---

// One record at 0, another at 60 s; the log's records are deleted in between.
bool forgotten(const std::string& keys, const std::string& query) {
  const RunResult result = run_of(keys + R"(
    [[topic]]
    name = "t"
    [producer]
    enable.idempotence = true
    [[fault]]
    at = "30s"
    delete_records = "t-0"
    [[thread]]
    run = [
      { send = "t", wait = true },
      { at = "60s", send = "t", wait = true },
    ]
    [[expect]]
    that = ")" + query + "\"\n");
  EXPECT_TRUE(result.broken_laws.empty());
  return result.verdicts.at(0).holds;
}

TEST(DeletedRecords, BrokersBefore24ForgetAProducerOfWhomNothingIsLeft) {
  EXPECT_TRUE(forgotten("era = \"2.1\"\n[cluster]\nunknown_producer = \"zero\"\n",
                        "count(batch_written, error == 'UNKNOWN_PRODUCER_ID') == 1 and "
                        "records.acknowledged == 2 and count(sequences_reset) == 1"));
}

TEST(DeletedRecords, LaterBrokersRemember) {
  EXPECT_TRUE(forgotten("", "count(batch_written, outcome == 'refused') == 0 and "
                            "records.acknowledged == 2 and log('t-0').start_offset == 1"));
}

// One record at 0, another so much later, in this era and under these faults.
bool idle_for(const std::string& idle, const std::string& faults, const std::string& query) {
  const RunResult result = run_of(R"(era = "2.8"
    [cluster]
    unknown_producer = "zero"
    producer.id.expiration.ms = 50000
    producer.id.expiration.check.interval.ms = 20000
    [[topic]]
    name = "t"
    [producer]
    enable.idempotence = true
    [[thread]]
    run = [
      { send = "t", wait = true },
      { at = ")" + idle + R"(", send = "t", wait = true },
    ]
    )" + faults + R"(
    [[expect]]
    that = ")" + query + "\"\n");
  EXPECT_TRUE(result.broken_laws.empty());
  return result.verdicts.at(0).holds;
}

TEST(ProducerIdExpiry, WhoWasIdleForTooLongIsForgottenAtTheNextCheck) {
  const std::string is_forgotten = "count(batch_written, error == 'UNKNOWN_PRODUCER_ID') > 0";
  EXPECT_TRUE(idle_for("61s", "", is_forgotten));
  EXPECT_FALSE(idle_for("59s", "", is_forgotten)) << "the check at 40 s found it busy";
  const std::string skew = "[[fault]]\nat = \"1s\"\nclock_skew = { broker = 0, ahead = \"11s\" }\n";
  EXPECT_TRUE(idle_for("59s", skew, is_forgotten)) << "by that clock it was 51 s, at 40 s";
}

}  // namespace
}  // namespace linger::sim
