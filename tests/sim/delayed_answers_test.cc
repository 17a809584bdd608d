// Brokers that follow a script: answers that are held back, rules, and processes that end.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/error_code.h"
#include "names.h"
#include "sim/server_side.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;


class ScriptedBrokerTest : public testing::Test {
 protected:
  ServerSideDriver& start(std::vector<ProduceRule> rules = {}) {
    ServerSideDriver::Setup setup;
    TopicSpec orders;
    orders.name = "orders";
    orders.leaders = {NodeId{0}};
    setup.cluster.topics = {orders};
    setup.cluster.answer_delay = 1ms;
    setup.cluster.produce_answer_delay = 5ms;
    setup.cluster.produce_rules = std::move(rules);
    setup.network.link.latency = Duration{};
    setup.topics = {"orders"};
    run_.emplace(setup);
    run_->open(kSocket);
    run_->run();
    return *run_;
  }
  void produce(std::int32_t correlation, std::int16_t acks = 1) {
    run_->request(kSocket, produce_header(correlation),
                  produce_request("orders", 0, batch_bytes({}), acks));
  }
  ErrorCode error_of(std::int32_t correlation, std::size_t index) {
    const core::Response response = run_->response(kSocket, produce_header(correlation), index);
    return core::error_code_from_wire(
        std::get<core::ProduceResponse>(response).topics.at(0).partitions.at(0).error_code);
  }
  std::size_t answers() { return run_->heard(kSocket).frames().size(); }

  std::optional<ServerSideDriver> run_;
};

TEST_F(ScriptedBrokerTest, AnAnswerLeavesAfterItsDelayAndTheEffectIsThereAtOnce) {
  ServerSideDriver& run = start();
  const Instant sent = run.now();
  produce(1);
  run.run();
  EXPECT_EQ(run.all<BatchWritten>().at(0).first, sent);
  EXPECT_EQ(run.heard(kSocket).last_bytes_at, sent + 5ms);
}

TEST_F(ScriptedBrokerTest, RequestsBehindAreServedMeanwhile) {
  ServerSideDriver& run = start();
  const Instant sent = run.now();
  for (std::int32_t i = 0; i < 3; ++i) produce(i);
  run.run();
  EXPECT_EQ(run.heard(kSocket).last_bytes_at, sent + 5ms);
  EXPECT_EQ(answers(), 3u);
}

TEST_F(ScriptedBrokerTest, NoAnswerPassesAnEarlierOne) {
  ProduceRule slow;
  slow.delay = 50ms;
  ServerSideDriver& run = start({slow});
  const Instant sent = run.now();
  produce(1);
  produce(2);
  run.run();
  EXPECT_EQ(answers(), 2u);
  EXPECT_EQ(run.heard(kSocket).last_bytes_at, sent + 50ms);
}

TEST_F(ScriptedBrokerTest, ARuleRefusesABatchWithoutAppendingIt) {
  ProduceRule rule;
  rule.error = ErrorCode::NotEnoughReplicas;
  rule.appends = false;
  ServerSideDriver& run = start({rule});
  produce(1);
  produce(2);
  run.run();
  EXPECT_EQ(error_of(1, 0), ErrorCode::NotEnoughReplicas);
  EXPECT_EQ(error_of(2, 1), ErrorCode::None);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1);
}

TEST_F(ScriptedBrokerTest, BehindADroppedRequestNothingIsRead) {
  ProduceRule rule;
  rule.answer = ProduceRule::Answer::Dropped;
  rule.appends = false;
  ServerSideDriver& run = start({rule});
  produce(1);
  produce(2);
  run.run();
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 0);
  EXPECT_FALSE(run.servers().network().connections().empty());
}

TEST_F(ScriptedBrokerTest, ADisconnectComesWhenTheAnswerWouldHave) {
  ProduceRule rule;
  rule.answer = ProduceRule::Answer::Disconnect;
  rule.delay = 10ms;
  ServerSideDriver& run = start({rule});
  const Instant sent = run.now();
  produce(1);
  run.run();
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(run.heard(kSocket).ended_at, sent + 10ms);
  EXPECT_EQ(run.log(kOrders0).end_offset(), 1) << "appended, and nobody told";
}

TEST_F(ScriptedBrokerTest, DelayedAnswersBecomeFaster) {
  ServerSideDriver& run = start();
  run.apply(DelayAnswers{2ms});
  const Instant sent = run.now();
  produce(1);
  run.run();
  EXPECT_EQ(run.heard(kSocket).last_bytes_at, sent + 2ms);
}

TEST_F(ScriptedBrokerTest, AStoppedBrokerRefusesConnectionsUntilItStarts) {
  ServerSideDriver& run = start();
  run.apply(StopBroker{NodeId{0}});
  run.run();
  EXPECT_TRUE(run.servers().network().connections().empty());
  const ClientSocket second = ServerSideDriver::socket(0, 1);
  run.open(second);
  run.run();
  EXPECT_EQ(run.all<ConnectionRefused>().size(), 1u);
  run.apply(StartBroker{NodeId{0}});
  const ClientSocket third = ServerSideDriver::socket(0, 2);
  run.open(third);
  run.run();
  EXPECT_EQ(run.servers().network().connections().size(), 1u);
}

TEST_F(ScriptedBrokerTest, ALeaderMayChangeToAGivenEpoch) {
  ServerSideDriver& run = start();
  run.apply(ChangeLeader{{"orders", 0}, NodeId{0}, 7});
  EXPECT_EQ(run.servers().cluster().find(kOrders0)->leader_epoch, 7);
  run.apply(ChangeLeader{{"orders", 0}, NodeId{0}});
  EXPECT_EQ(run.servers().cluster().find(kOrders0)->leader_epoch, 8);
}

}  // namespace
}  // namespace linger::sim
