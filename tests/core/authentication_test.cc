// A broker that does not know the client: what the producer says of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/rule_flips.h"

namespace linger::core::authentication_test {
namespace {

constexpr NodeId kBootstrap{-1};

// A producer that knows nothing yet, and a first broker that authenticates its clients.
ProducerBench newcomer(std::vector<RuleFlip> flips, const GivenSettings& settings = {}) {
  ProducerSetup setup = plain(std::move(flips), settings);
  setup.knows_metadata = false;
  ProducerBench bench{setup};
  bench.demand_authentication(kBootstrap);
  return bench;
}

bool has_logged(ProducerBench& bench, LogLevel level, const std::string& text) {
  const auto lines = bench.events<Logged>();
  return std::any_of(lines.begin(), lines.end(), [&](const Logged& line) {
    return line.level == level && line.text.find(text) != std::string::npos;
  });
}

TEST(Authentication, ARefusalIsWhatASendThatWaitsForMetadataGets) {
  ProducerBench bench = newcomer({});
  const RecordId record = bench.send({});
  bench.steps(2);
  bench.refuse_authentication(kBootstrap);
  bench.step();
  bench.resume_sends();
  ASSERT_TRUE(bench.send_error(record));
  EXPECT_EQ(bench.send_error(record)->exception, Exception::SaslAuthenticationException);
  EXPECT_EQ(bench.send_error(record)->message, "Authentication failed: wrong password");
  EXPECT_EQ(bench.delivery(record), Delivery::Delivered);
  EXPECT_EQ(bench.producer.client().connections().state(kBootstrap),
            ConnectionState::AuthenticationFailed);
  EXPECT_TRUE(has_logged(bench, LogLevel::Error, "failed authentication due to: "));
}

TEST(Authentication, BeforeKafka5854ARefusalIsALostConnection) {
  compare(Rule::Kafka5854AuthenticationFailure, [](const auto& flips, bool has_rule) {
    ProducerBench bench = newcomer(flips);
    const RecordId record = bench.send({});
    bench.steps(2);
    bench.refuse_authentication(kBootstrap);
    bench.step();
    bench.resume_sends();
    EXPECT_EQ(bench.is_blocked(record), !has_rule);
    EXPECT_EQ(bench.producer.client().connections().state(kBootstrap),
              has_rule ? ConnectionState::AuthenticationFailed : ConnectionState::Disconnected);
    EXPECT_EQ(has_logged(bench, LogLevel::Error, "failed authentication"), has_rule);
  });
}

TEST(Authentication, ARefusalIsToldOnceAndTheNextSendTriesAgain) {
  ProducerBench bench = newcomer({});
  const RecordId first = bench.send({});
  bench.steps(2);
  bench.refuse_authentication(kBootstrap);
  bench.step();
  bench.resume_sends();
  ASSERT_FALSE(bench.is_blocked(first));
  const RecordId second = bench.send({});
  EXPECT_TRUE(bench.is_blocked(second));
}

TEST(Authentication, ARefusedConnectionIsTriedAgainAfterItsBackoff) {
  ProducerBench bench = newcomer({});
  bench.send({});
  bench.steps(2);
  bench.refuse_authentication(kBootstrap);
  bench.step();
  const auto& connections = bench.producer.client().connections();
  EXPECT_EQ(connections.connection_delay(kBootstrap, bench.now), 100ms) << "counted twice";
}

TEST(Authentication, BatchesOfARefusedNodeWaitAndExpire) {
  ProducerBench bench{plain({}, {{"delivery.timeout.ms", "40000"}})};
  bench.disconnect();
  bench.demand_authentication(ProducerBench::kNode);
  bench.step();
  const RecordId record = bench.send({});
  for (int i = 0; i < 3; ++i) {
    bench.now += 5s;
    bench.steps(2);
    bench.refuse_authentication(ProducerBench::kNode);
    bench.step();
  }
  EXPECT_FALSE(bench.is_done(record));
  bench.now += 40s;
  bench.steps(2);
  ASSERT_TRUE(bench.is_done(record));
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
}

TEST(Authentication, AConnectionThatEndsBeforeTheAnswerIsMerelyLost) {
  ProducerBench bench = newcomer({});
  const RecordId record = bench.send({});
  bench.steps(2);
  bench.disconnect(kBootstrap);
  bench.step();
  bench.resume_sends();
  EXPECT_TRUE(bench.is_blocked(record));
  EXPECT_EQ(bench.producer.client().connections().state(kBootstrap), ConnectionState::Disconnected);
  EXPECT_TRUE(has_logged(bench, LogLevel::Warn, "terminated during authentication"));
}

TEST(Authentication, ARefusalLeavesAnotherNodesMetadataRequestAlone) {
  ProducerBench bench{plain({})};
  bench.answers_metadata = false;
  bench.demand_authentication(ProducerBench::kOther);
  bench.disconnect(ProducerBench::kOther);
  bench.step();
  bench.at(1s);
  bench.steps(2);
  ASSERT_EQ(bench.producer.client().in_flight_count(), 1) << "the metadata request";
  bench.send({.partition = 2});
  bench.steps(3);
  bench.refuse_authentication(ProducerBench::kOther);
  bench.step();
  EXPECT_EQ(bench.producer.client().connections().state(ProducerBench::kOther),
            ConnectionState::AuthenticationFailed);
  EXPECT_EQ(bench.producer.client().in_flight_count(), 1);
}

TEST(Authentication, BeforeKafka13388NoSetUpTimeoutCoversABrokerThatNeverAnswers) {
  compare(Rule::Kafka13388HandshakeTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench = newcomer(flips);
    bench.send({});
    bench.steps(2);
    bench.now += 25s;
    bench.step();
    const ConnectionState state = bench.producer.client().connections().state(kBootstrap);
    EXPECT_EQ(state,
              has_rule ? ConnectionState::Disconnected : ConnectionState::CheckingApiVersions);
  });
}

}  // namespace
}  // namespace linger::core::authentication_test
