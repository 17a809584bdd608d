#include "sim/conform/scenario_reader.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "sim/world.h"

namespace linger::sim::conform {
namespace {

using namespace std::chrono_literals;

constexpr const char* kBeginning = "nodes 2\ntopic t 0,1,none\n";

Scenario scenario_of(const std::string& lines) {
  auto read = read_scenario(kBeginning + lines, "x.scenario", core::Era::V3_9);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&read)) {
    ADD_FAILURE() << text(*errors);
    return {};
  }
  return std::get<ObservedScenario>(std::move(read)).scenario;
}

std::string mistakes_of(const std::string& lines) {
  const auto read = read_scenario(kBeginning + lines, "x.scenario", core::Era::V3_9);
  const auto* errors = std::get_if<std::vector<ParseError>>(&read);
  return errors == nullptr ? "" : text(errors->front());
}

template <class Action>
Action action_of(const Scenario& scenario, std::size_t thread = 0, std::size_t index = 1) {
  return std::get<Action>(scenario.threads.at(thread).program.at(index));
}

TEST(ConformScenarioReader, ReadsTheClusterWithItsLeaders) {
  const Scenario scenario = scenario_of("");
  EXPECT_EQ(scenario.cluster.brokers, 2);
  ASSERT_EQ(scenario.cluster.topics.size(), 1u);
  const std::vector<std::optional<NodeId>> leaders{NodeId{0}, NodeId{1}, std::nullopt};
  EXPECT_EQ(scenario.cluster.topics[0].leaders, leaders);
}

std::vector<NodeId> nodes_of(const World& world) {
  std::vector<NodeId> ids;
  for (const core::Node& node : world.processes[0].producer.metadata().snapshot().nodes()) {
    ids.push_back(node.id);
  }
  return ids;
}

TEST(ConformScenarioReader, ShufflesTheNodesByThePinnedGenerator) {
  const auto two = std::make_shared<const Scenario>(scenario_of(""));
  EXPECT_EQ(nodes_of(World{two}), (std::vector{NodeId{0}, NodeId{1}}));
  const auto three = std::make_shared<const Scenario>(scenario_of("nodes 3\n"));
  EXPECT_EQ(nodes_of(World{three}), (std::vector{NodeId{2}, NodeId{1}, NodeId{0}}));
}

TEST(ConformScenarioReader, StartsTheClockAfterTheBrokersWereConnectedAndMetadataGrewOld) {
  EXPECT_EQ(scenario_of("").epoch_ms, 1'000'010'002);
  EXPECT_EQ(scenario_of("nodes 1\ntopic u 0\n").epoch_ms, 1'000'010'001);
  EXPECT_EQ(scenario_of("connect-latency 2\n").epoch_ms, 1'000'010'006);
  EXPECT_EQ(scenario_of("warm false\n").epoch_ms, 1'000'010'000);
}

TEST(ConformScenarioReader, TellsTheLineOfWhatCannotBe) {
  EXPECT_EQ(mistakes_of("at 0 send tp=t-0 size=-1\n"),
            "x.scenario:3:1: error: size is -1\n  fix: 0 or more");
  EXPECT_EQ(mistakes_of("at 0 send tp=t-0 n=-2\n"),
            "x.scenario:3:1: error: n is -2\n  fix: 0 or more");
  EXPECT_EQ(mistakes_of("latency -5\n"),
            "x.scenario:3:1: error: the latency is -5\n  fix: 0 or more");
  EXPECT_EQ(mistakes_of("at 1 leader t-3 0\n"),
            "x.scenario:3:1: error: there is no partition 3 of topic 't'\n  fix: 0 to 2");
  EXPECT_EQ(mistakes_of("at 1 leader t-0 7\n"),
            "x.scenario:3:1: error: there is no node 7\n  fix: 0 to 1");
  EXPECT_EQ(mistakes_of("rule req=5-3 drop\n"),
            "x.scenario:3:1: error: '5-3' names no request\n  fix: the first and then the last");
  EXPECT_EQ(mistakes_of("rule tp=u-0 drop\n").substr(0, 46),
            "x.scenario:3:1: error: there is no topic 'u'\n ");
}

TEST(ConformScenarioReader, TellsTheLineOfASettingThatIsRefused) {
  EXPECT_EQ(mistakes_of("\nconfig linger.ms soon\n").substr(0, 22), "x.scenario:4:1: error:");
}

TEST(ConformScenarioReader, TakesTheUsualSettingsWhereNothingElseIsSaid) {
  const core::ProducerConfig config = scenario_of("").producers.at(0).config.config;
  EXPECT_EQ(config.acks, core::Acks::Leader);
  EXPECT_FALSE(config.enable_idempotence);
  EXPECT_EQ(config.linger, 0ms);
  EXPECT_EQ(config.batch_size, Bytes{16'384});
}

TEST(ConformScenarioReader, MakesNoCrossCheckOfSettings) {
  const Scenario scenario = scenario_of("config delivery.timeout.ms 60\nconfig acks -1\n");
  EXPECT_EQ(scenario.producers.at(0).config.config.delivery_timeout, 60ms);
  EXPECT_EQ(scenario.producers.at(0).config.config.acks, core::Acks::All);
}

TEST(ConformScenarioReader, ReadsLatenciesAsDelaysOfAnswers) {
  const Scenario scenario = scenario_of("latency 5\nmetadata-latency 4\nconnect-latency 30\n");
  EXPECT_EQ(scenario.cluster.produce_answer_delay, Duration{5ms});
  EXPECT_EQ(scenario.cluster.answer_delay, Duration{4ms});
  EXPECT_EQ(scenario.network.link.connect, Duration{30ms});
  EXPECT_EQ(scenario.network.link.latency, Duration{});
}

TEST(ConformScenarioReader, ReadsWhatTheRunIs) {
  const Scenario scenario =
      scenario_of("end 400\ntail 7\nlimit 500\nwarm false\nmetadata-age 20\njitter true\n");
  EXPECT_EQ(scenario.end, Instant{400ms});
  EXPECT_EQ(scenario.tail, Duration{7ms});
  EXPECT_EQ(scenario.limit, Instant{500ms});
  EXPECT_FALSE(scenario.warm);
  EXPECT_TRUE(scenario.warm_metadata);
  EXPECT_EQ(scenario.metadata_age, Duration{20ms});
  EXPECT_TRUE(scenario.jitter);
}

TEST(ConformScenarioReader, PinsThePartitionersNumbers) {
  EXPECT_EQ(scenario_of("rand 0,7,2\n").producers.at(0).pinned.partitions,
            (std::vector<std::int32_t>{0, 7, 2}));
}

TEST(ConformScenarioReader, ReadsSends) {
  const Scenario scenario = scenario_of("at 5 send tp=t-1 size=50 n=3 key=k%d thread=A\n");
  EXPECT_EQ(scenario.threads.at(0).name, "A");
  EXPECT_EQ(action_of<WaitUntilAction>(scenario, 0, 0).at, Instant{5ms});
  const SendAction send = action_of<SendAction>(scenario);
  EXPECT_EQ(send.topic, "t");
  EXPECT_EQ(send.partition, 1);
  EXPECT_EQ(send.value_size.largest, Bytes{50});
  EXPECT_EQ(send.count, 3);
  EXPECT_EQ(send.key, "k{id}");
  EXPECT_FALSE(action_of<SendAction>(scenario_of("at 0 send topic=t size=1\n")).partition);
}

TEST(ConformScenarioReader, SpreadsARunOfSendsOverItsTime) {
  const Scenario scenario = scenario_of("at 2 send tp=t-0 n=3 every=4\n");
  EXPECT_EQ(action_of<WaitUntilAction>(scenario, 0, 0).at, Instant{2ms});
  EXPECT_EQ(action_of<WaitUntilAction>(scenario, 0, 2).at, Instant{6ms});
  EXPECT_EQ(action_of<WaitUntilAction>(scenario, 0, 4).at, Instant{10ms});
}

TEST(ConformScenarioReader, NumbersRecordsInTheOrderInWhichTheyAreDue) {
  const Scenario scenario = scenario_of(
      "at 9 send tp=t-0 n=2\nat 1 send tp=t-0 n=3 thread=A\nat 9 send tp=t-0 thread=A\n");
  EXPECT_EQ(scenario.threads.at(0).name, "A");
  EXPECT_EQ(action_of<SendAction>(scenario, 0, 1).first_number, 0);
  EXPECT_EQ(action_of<SendAction>(scenario, 1, 1).first_number, 3);
  EXPECT_EQ(action_of<SendAction>(scenario, 0, 3).first_number, 5);
}

TEST(ConformScenarioReader, LetsTheOrderOfLinesDecideAtOneInstant) {
  const Scenario scenario =
      scenario_of("at 0 send tp=t-0 thread=B\nat 0 send tp=t-0 thread=A\nat 0 flush\n");
  EXPECT_LT(action_of<WaitUntilAction>(scenario, 0, 0).turn,
            action_of<WaitUntilAction>(scenario, 1, 0).turn);
  EXPECT_TRUE(std::holds_alternative<FlushAction>(scenario.threads.at(2).program.at(1)));
}

TEST(ConformScenarioReader, ReadsCloseWithAndWithoutATimeout) {
  EXPECT_EQ(action_of<CloseAction>(scenario_of("at 1 close timeout=20\n")).timeout, 20ms);
  EXPECT_FALSE(action_of<CloseAction>(scenario_of("at 1 close\n")).timeout);
}

TEST(ConformScenarioReader, ReadsWhatHappensToTheCluster) {
  const Scenario scenario = scenario_of(
      "at 1 disconnect 0\nat 2 nodedown 1\nat 3 nodeup 1\nat 4 leader t-0 1 epoch=2\n"
      "at 5 leader t-0 none\nat 6 latency 9\nat 7 metadata\nat 8 noop\n");
  ASSERT_EQ(scenario.faults.size(), 6u);
  EXPECT_EQ(scenario.faults[0].moment.at, Instant{1ms});
  EXPECT_EQ(scenario.faults[0].fault, Fault{Disconnect{NodeId{0}}});
  EXPECT_EQ(scenario.faults[1].fault, Fault{StopBroker{NodeId{1}}});
  EXPECT_EQ(scenario.faults[2].fault, Fault{StartBroker{NodeId{1}}});
  EXPECT_EQ(scenario.faults[3].fault, (Fault{ChangeLeader{{"t", 0}, NodeId{1}, 2}}));
  EXPECT_EQ(scenario.faults[4].fault, (Fault{ChangeLeader{{"t", 0}, std::nullopt}}));
  EXPECT_EQ(scenario.faults[5].fault, Fault{DelayAnswers{9ms}});
  EXPECT_TRUE(std::holds_alternative<RequestMetadataAction>(scenario.threads.at(0).program.at(1)));
}

TEST(ConformScenarioReader, ReadsRules) {
  const Scenario scenario = scenario_of(
      "rule req=2-3 node=1 tp=t-0 seq=8 minrecs=3 minsize=9 from=5 to=6 times=* "
      "error=REQUEST_TIMED_OUT apply=1 latency=7 leader=1:5 throttle=40\n");
  const ProduceRule& rule = scenario.cluster.produce_rules.at(0);
  EXPECT_EQ(rule.first_request, 2);
  EXPECT_EQ(rule.last_request, 3);
  EXPECT_EQ(rule.broker, NodeId{1});
  EXPECT_EQ(rule.partition, (PartitionName{"t", 0}));
  EXPECT_EQ(rule.sequence, 8);
  EXPECT_EQ(rule.least_records, 3);
  EXPECT_EQ(rule.least_size, Bytes{9});
  EXPECT_EQ(rule.from, Instant{5ms});
  EXPECT_EQ(rule.until, Instant{6ms});
  EXPECT_EQ(rule.times, std::nullopt);
  EXPECT_EQ(rule.error, core::ErrorCode::RequestTimedOut);
  EXPECT_TRUE(rule.appends);
  EXPECT_EQ(rule.delay, Duration{7ms});
  EXPECT_EQ(rule.leader_hint, (LeaderHintSpec{NodeId{1}, 5}));
  EXPECT_EQ(rule.throttle, 40ms);
}

TEST(ConformScenarioReader, ARuleIsForOneRequestAndAFailureAppendsNothing) {
  const Scenario scenario = scenario_of("rule drop\nrule disconnect\nrule latency=3\n");
  const std::vector<ProduceRule>& rules = scenario.cluster.produce_rules;
  EXPECT_EQ(rules.at(0).times, 1);
  EXPECT_EQ(rules.at(0).answer, ProduceRule::Answer::Dropped);
  EXPECT_FALSE(rules.at(0).appends);
  EXPECT_EQ(rules.at(1).answer, ProduceRule::Answer::Disconnect);
  EXPECT_FALSE(rules.at(1).appends);
  EXPECT_TRUE(rules.at(2).appends);
}

TEST(ConformScenarioReader, SaysForWhichErasItIs) {
  const auto read = read_scenario("#! why\nera 3.9 2.8\nnodes 1\n", "x", core::Era::V3_9);
  const auto& observed = std::get<ObservedScenario>(read);
  EXPECT_EQ(observed.eras, (std::vector{core::Era::V3_9, core::Era::V2_8}));
  EXPECT_EQ(observed.description, "why");
}

TEST(ConformScenarioReader, TellsEveryMistakeWithItsLineAndWhatWouldBeRight) {
  EXPECT_EQ(mistakes_of("latancy 5\n"),
            "x.scenario:3:1: error: there is no statement 'latancy'\n"
            "  fix: did you mean 'latency'?");
  EXPECT_EQ(mistakes_of("\nat 5 sent tp=t-0\n"),
            "x.scenario:4:1: error: there is no action 'sent'\n  fix: did you mean 'send'?");
  EXPECT_NE(mistakes_of("at x send tp=t-0\n").find("x.scenario:3:1: error: the time is 'x'"),
            std::string::npos);
  EXPECT_NE(mistakes_of("at 1 send tp=u-0\n").find("there is no topic 'u'"), std::string::npos);
  EXPECT_NE(mistakes_of("at 1 disconnect 2\n").find("there is no node 2"), std::string::npos);
  EXPECT_NE(mistakes_of("rule error=NOPE\n").find("there is no error 'NOPE'"), std::string::npos);
  EXPECT_NE(mistakes_of("at 1 flush now\n").find("'now' means nothing here"), std::string::npos);
  EXPECT_NE(mistakes_of("at 1 send tp=t-0 syze=1\n").find("'syze=' means nothing here"),
            std::string::npos);
  EXPECT_NE(mistakes_of("latency\n").find("the latency is missing"), std::string::npos);
  EXPECT_NE(mistakes_of("warm maybe\n").find("true or false"), std::string::npos);
  EXPECT_NE(mistakes_of("config linger.ms soon\n").find("linger.ms"), std::string::npos);
}

// --- Transactions ---

TEST(ConformScenarioReader, ATransactionalIdMeansIdempotenceAndAcksOfAll) {
  const core::ProducerConfig config =
      scenario_of("config transactional.id x\n").producers.at(0).config.config;
  EXPECT_EQ(config.transactional_id, "x");
  EXPECT_TRUE(config.enable_idempotence);
  EXPECT_EQ(config.acks, core::Acks::All);
}

TEST(ConformScenarioReader, CoordinatorsArePinnedAndCheckNothingByThemselves) {
  const CoordinationSpec usual = scenario_of("").cluster.coordination;
  EXPECT_EQ(usual.transaction_coordinator, NodeId{0});
  EXPECT_EQ(usual.group_coordinator, NodeId{0});
  EXPECT_EQ(usual.expiry_check, 0ms);
  EXPECT_FALSE(usual.verifies_writes);
  const ClusterSpec cluster = scenario_of(
                                  "coordinator -1\ngroup-coordinator 1\n"
                                  "txn-latency 7\nmarker-latency 30\n"
                                  "coordinator-init-pid-version 2\n")
                                  .cluster;
  const CoordinationSpec& told = cluster.coordination;
  EXPECT_EQ(told.transaction_coordinator, core::kNoLeader);
  EXPECT_EQ(told.group_coordinator, NodeId{1});
  EXPECT_EQ(told.answer_delay, Duration{7ms});
  EXPECT_EQ(told.marker_time, Duration{30ms});
  EXPECT_EQ(cluster.max_versions.at(core::ApiKey::InitProducerId), 2);
}

TEST(ConformScenarioReader, ARuleMayBeAboutAnyKindOfRequest) {
  const CoordinationSpec spec =
      scenario_of(
          "rule api=EndTxn n=2-3 committed=0 error=NOT_COORDINATOR times=* apply=1\n"
          "rule api=FindCoordinator key=group drop\n"
          "rule api=AddPartitionsToTxn tp=t-1 latency=20\n"
          "rule api=Produce n=4 error=NOT_ENOUGH_REPLICAS\n")
          .cluster.coordination;
  ASSERT_EQ(spec.rules.size(), 3u);
  const RequestRule& end = spec.rules[0];
  EXPECT_EQ(end.api, core::ApiKey::EndTxn);
  EXPECT_EQ(end.first_request, 2);
  EXPECT_EQ(end.last_request, 3);
  EXPECT_EQ(end.committed, false);
  EXPECT_EQ(end.error, core::ErrorCode::NotCoordinator);
  EXPECT_EQ(end.times, std::nullopt);
  EXPECT_TRUE(end.acts);
  EXPECT_EQ(spec.rules[1].key, core::CoordinatorType::Group);
  EXPECT_EQ(spec.rules[1].answer, ProduceRule::Answer::Dropped);
  EXPECT_FALSE(spec.rules[1].acts);
  EXPECT_EQ(spec.rules[2].partition, (PartitionName{"t", 1}));
  EXPECT_TRUE(spec.rules[2].acts);
}

TEST(ConformScenarioReader, ARuleOfProduceRequestsMayCountThemEitherWay) {
  const Scenario scenario = scenario_of(
      "rule api=Produce n=4 error=NOT_ENOUGH_REPLICAS\n"
      "rule req=5 error=NOT_ENOUGH_REPLICAS\n");
  EXPECT_EQ(scenario.cluster.produce_rules.at(0).first_request, 4);
  EXPECT_EQ(scenario.cluster.produce_rules.at(1).first_request, 5);
}

TEST(ConformScenarioReader, CoordinatorsMoveAndProducersAreFenced) {
  const Scenario scenario = scenario_of(
      "config transactional.id x\nat 1 coordinator 1\n"
      "at 2 group-coordinator -1\nat 3 fence\n"
      "at 4 txn-timeout\nat 5 txn-latency 9\n");
  ASSERT_EQ(scenario.faults.size(), 5u);
  EXPECT_EQ(scenario.faults[0].fault, Fault{MoveCoordinator{.to = NodeId{1}}});
  EXPECT_EQ(scenario.faults[1].fault,
            (Fault{MoveCoordinator{.to = {}, .of = core::CoordinatorType::Group}}));
  EXPECT_EQ(scenario.faults[2].fault, Fault{FenceProducer{"x"}});
  EXPECT_EQ(scenario.faults[3].fault, Fault{ExpireTransaction{"x"}});
  EXPECT_EQ(scenario.faults[4].fault, Fault{DelayCoordination{9ms}});
}

TEST(ConformScenarioReader, CallsOfATransactionWaitOnlyIfTheyBlock) {
  const std::string calls =
      "config transactional.id x\nat 1 init\nat 2 begin thread=B\nat 3 commit nowait\n";
  const auto waits_of = [](const Scenario& scenario, std::size_t thread, std::size_t action) {
    return std::get<TransactionAction>(scenario.threads.at(thread).program.at(action)).waits;
  };
  const Scenario watched = scenario_of(calls);
  EXPECT_FALSE(waits_of(watched, 0, 1));
  const Scenario blocking = scenario_of("txn-calls blocking\n" + calls);
  EXPECT_TRUE(waits_of(blocking, 0, 1));
  EXPECT_FALSE(waits_of(blocking, 0, 3)) << "it is exempt";
  EXPECT_EQ(blocking.threads.at(1).name, "B");
  EXPECT_NE(mistakes_of("txn-calls loud\n").find("blocking"), std::string::npos);
}

TEST(ConformScenarioReader, OffsetsAreOfATopicThatTheClusterNeedNotHave) {
  const Scenario scenario =
      scenario_of("config transactional.id x\nat 1 offsets group=h topic=clicks n=2 offset=7\n");
  const auto& offsets = std::get<SendOffsetsAction>(scenario.threads.at(0).program.at(1));
  EXPECT_EQ(offsets.group.group_id, "h");
  EXPECT_EQ(offsets.offsets,
            (std::vector<SendOffsetsAction::Offset>{{"clicks", 0, 7}, {"clicks", 1, 8}}));
  EXPECT_TRUE(scenario.topics.find("clicks"));
}

TEST(ConformScenarioReader, ARuleForAnUnknownRequestIsAMistake) {
  EXPECT_NE(mistakes_of("rule api=EndTxm drop\n").find("did you mean 'EndTxn'?"),
            std::string::npos);
}

}  // namespace
}  // namespace linger::sim::conform
