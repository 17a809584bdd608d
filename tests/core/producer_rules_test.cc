// What a producer does differently without a rule, the rest of its era being as it was.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/rule_flips.h"

namespace linger::core::producer_rules_test {
namespace {

// --- Expiry and timeouts ---

TEST(Rules, BeforeKip19NoRequestTimesOut) {
  compare(Rule::Kip19RequestTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retries", "0"}, {"request.timeout.ms", "1000"}})};
    const RecordId record = bench.send({});
    bench.step();
    bench.at(60s);
    bench.step();
    EXPECT_EQ(bench.is_done(record), has_rule);
  });
}

TEST(Rules, BeforeKip91RecordsExpireByRequestTimeout) {
  compare(Rule::Kip91DeliveryTimeout, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips, {{"request.timeout.ms", "1000"}});
    setup.leaders = {{-1}};
    ProducerBench bench{setup};
    const RecordId record = bench.send({});
    bench.at(1'001ms);
    bench.step();
    ASSERT_EQ(bench.is_done(record), !has_rule);
    if (has_rule) return;
    EXPECT_EQ(bench.outcome(record).error->message,
              "Expiring 1 record(s) for t-0: 1001 ms has passed since batch creation plus linger "
              "time");
    EXPECT_TRUE(bench.all_memory_is_free());
  });
}

TEST(Rules, BeforeKafka3388ExpiryGivesNoReason) {
  ProducerSetup setup =
      plain(without(Rule::Kip91DeliveryTimeout), {{"request.timeout.ms", "1000"}});
  setup.flips.push_back({Rule::Kafka3388ExpiryReasons, RuleFlip::Turn::Off});
  setup.leaders = {{-1}};
  ProducerBench bench{setup};
  const RecordId record = bench.send({});
  bench.at(1'001ms);
  bench.step();
  EXPECT_EQ(bench.outcome(record).error->message, "Batch Expired");
}

TEST(Rules, BeforeKip91TheSenderSleepsThroughExpiry) {
  compare(Rule::Kip91DeliveryTimeout, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.leaders = {{-1}};
    ProducerBench bench{setup};
    bench.send({});
    bench.step();
    EXPECT_EQ(bench.poll_timeout(), has_rule ? Milliseconds{120'000} : kForever);
  });
}

TEST(Rules, BeforeKafka14317ATimeoutLooksLikeALostConnection) {
  compare(Rule::Kafka14317TimeoutIsTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retries", "0"}, {"request.timeout.ms", "1000"}})};
    const RecordId record = bench.send({});
    bench.step();
    bench.at(1'001ms);
    bench.step();
    EXPECT_EQ(bench.error(record),
              has_rule ? Exception::TimeoutException : Exception::NetworkException);
  });
}

TEST(Rules, BeforeKafka9023ALostConnectionHasNoName) {
  compare(Rule::Kafka9023NamesLostNode, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retries", "0"}})};
    const RecordId record = bench.send({});
    bench.step();
    bench.disconnect();
    bench.step();
    EXPECT_EQ(bench.outcome(record).error->message,
              has_rule ? "Disconnected from node 0"
                       : "The server disconnected before a response was received.");
  });
}

// --- Answers ---

TEST(Rules, BeforeKafka5957ALateAnswerTripsTheHandlingOfItsResponse) {
  compare(Rule::Kafka5957LateAnswerIgnored, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(
        flips,
        {{"linger.ms", "400"}, {"request.timeout.ms", "1600"}, {"delivery.timeout.ms", "2000"}})};
    const std::int32_t first =
        bench.producer.metadata().snapshot().partitions_led_by(NodeId{0})[0].partition;
    bench.send({.partition = first});
    bench.at(399ms);
    const RecordId other = bench.send({.partition = 1 - first});
    bench.at(400ms);
    bench.step();
    ASSERT_EQ(bench.requests().at(0).batches.size(), 2u);
    bench.at(2'000ms);
    bench.step();  // the first expires in flight
    bench.acknowledge(7);
    bench.step();
    EXPECT_EQ(bench.is_done(other), has_rule);
  });
}

TEST(Rules, BeforeKip467AllRecordsOfABatchGetTheSameError) {
  compare(Rule::Kip467RecordErrors, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    const RecordId good = bench.send({});
    const RecordId bad = bench.send({});
    bench.step();
    bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
      partition.error_code = wire_number(ErrorCode::InvalidRecord);
      partition.record_errors = {{1, "no key"}};
    });
    bench.step();
    EXPECT_EQ(bench.error(bad), Exception::InvalidRecordException);
    EXPECT_EQ(bench.error(good),
              has_rule ? Exception::KafkaException : Exception::InvalidRecordException);
  });
}

TEST(Rules, BeforeKip219TheClientDoesNotHoldBack) {
  compare(Rule::Kip219ClientThrottle, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.send({});
    bench.step();
    EXPECT_EQ(bench.requests().at(0).header.api_version, has_rule ? 11 : 5);
    ProduceResponse response;
    response.topics = {{"t", {{.index = 0}}}};
    response.throttle_time = 40ms;
    bench.respond(ProducerBench::kNode, response);
    bench.step();
    const auto& connections = bench.producer.client().connections();
    EXPECT_EQ(connections.throttle_delay(ProducerBench::kNode, bench.now), has_rule ? 40ms : 0ms);
  });
}

TEST(Rules, BeforeKafka16083ThrottleTimeCountsTowardTheRequestTimeout) {
  compare(Rule::Kafka16083ThrottleIsNotAge, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"retries", "0"}, {"request.timeout.ms", "1000"}})};
    bench.send({});
    bench.step();
    const RecordId behind = bench.send({});
    bench.step();
    ProduceResponse response;
    response.topics = {{"t", {{.index = 0}}}};
    response.throttle_time = 500ms;
    bench.respond(ProducerBench::kNode, response);
    bench.step();
    bench.at(1'400ms);
    bench.step();
    EXPECT_EQ(bench.is_done(behind), !has_rule);
  });
}

TEST(Rules, BeforeKafka5494WhatALostConnectionCancelsComesNewestFirst) {
  compare(Rule::Kafka5494FiveInFlight, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    for (int i = 0; i < 2; ++i) {
      bench.send({});
      bench.step();
    }
    bench.disconnect();
    bench.step();
    const auto retried = bench.events<BatchRetried>();
    ASSERT_EQ(retried.size(), 2u);
    EXPECT_EQ(retried[0].batch < retried[1].batch, has_rule);
    // Each goes to the front of the deque, so that only the newest first keep their order.
    EXPECT_EQ(bench.deque().front() < bench.deque().back(), !has_rule);
  });
}

TEST(Rules, SinceKafka19012ABufferThatIsBeingSentStaysOutOfThePool) {
  for (const bool has_rule : {false, true}) {
    const auto flips =
        has_rule ? with(Rule::Kafka19012BufferStaysUntilAnswered) : std::vector<RuleFlip>{};
    ProducerBench bench{
        plain(flips, {{"request.timeout.ms", "1000"}, {"delivery.timeout.ms", "1000"}})};
    const RecordId record = bench.send({});
    bench.step();
    bench.at(1'000ms);
    bench.step();
    EXPECT_EQ(bench.error(record), Exception::TimeoutException);
    EXPECT_EQ(bench.all_memory_is_free(), !has_rule);
    bench.acknowledge(0);
    bench.step();
    EXPECT_TRUE(bench.all_memory_is_free());
  }
}

TEST(Rules, BeforeKafka3197NoPartitionIsMuted) {
  compare(Rule::Kafka3197MutePartition, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"max.in.flight.requests.per.connection", "1"}})};
    bench.send({});
    bench.step();
    EXPECT_EQ(bench.producer.accumulator().is_muted({kBenchTopic, 0}), has_rule);
  });
}

// --- Memory and closing ---

const GivenSettings kTight{{"buffer.memory", "16384"}, {"linger.ms", "10000"}};

TEST(Rules, BeforeKafka3720WaitingForMemoryInVainIsAPlainTimeout) {
  compare(Rule::Kafka3720BufferExhausted, [](const auto& flips, bool has_rule) {
    GivenSettings settings = kTight;
    settings["max.block.ms"] = "0";
    ProducerBench bench{plain(flips, settings)};
    bench.send({.partition = 0});
    const RecordId record = bench.send({.partition = 1});
    EXPECT_EQ(bench.send_error(record)->exception,
              has_rule ? Exception::BufferExhaustedException : Exception::TimeoutException);
  });
}

TEST(Rules, BeforeKip19AFullPoolBlocksForEver) {
  compare(Rule::Kip19RequestTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, kTight)};
    bench.send({.partition = 0});
    const RecordId record = bench.send({.partition = 1});
    bench.at(std::chrono::hours{100});
    bench.resume_sends();
    EXPECT_EQ(bench.is_blocked(record), !has_rule);
  });
}

TEST(Rules, BeforeKafka9449AWaitForMemoryOutlivesClose) {
  compare(Rule::Kafka9449PoolCloses, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, kTight)};
    bench.send({.partition = 0});
    const RecordId record = bench.send({.partition = 1});
    bench.close();
    bench.resume_sends();
    EXPECT_EQ(bench.is_blocked(record), !has_rule);
  });
}

TEST(Rules, BeforeKafka4741AnAppendThatFailsAfterItsWaitKeepsItsBuffer) {
  std::vector<RuleFlip> flips = without(Rule::Kafka9449PoolCloses);
  for (const bool has_rule : {true, false}) {
    if (!has_rule) flips.push_back({Rule::Kafka4741AppendReturnsBuffer, RuleFlip::Turn::Off});
    ProducerBench bench{plain(flips, kTight)};
    bench.send({.partition = 0});
    const RecordId record = bench.send({.partition = 1});
    bench.close();
    bench.step();
    bench.acknowledge(0);
    bench.step();
    bench.resume_sends();
    EXPECT_EQ(bench.send_error(record)->message, "Producer closed while send in progress");
    EXPECT_EQ(bench.producer.accumulator().pool().lost(), Bytes{has_rule ? 0 : 16'384});
  }
}

TEST(Rules, BeforeKafka6897SendAfterCloseComesAsFarAsTheAccumulator) {
  compare(Rule::Kafka6897SendAfterClose, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.close();
    EXPECT_EQ(bench.send_error(bench.send({}))->exception,
              has_rule ? Exception::IllegalStateException : Exception::KafkaException);
  });
}

// --- Metadata ---

TEST(Rules, BeforeKafka6833APartitionBeyondTheLastIsRefusedAfterOneRefresh) {
  compare(Rule::Kafka6833AwaitPartition, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.leaders = {{0}};
    ProducerBench bench{setup};
    const RecordId record = bench.send({.partition = 2});
    EXPECT_TRUE(bench.is_blocked(record));
    bench.at(100ms);
    bench.steps(3);
    bench.resume_sends();
    ASSERT_EQ(bench.is_blocked(record), has_rule);
    if (has_rule) return;
    EXPECT_EQ(bench.delivery(record), Delivery::Thrown);
    EXPECT_EQ(bench.send_error(record)->message,
              "Invalid partition given with record: 2 is not in the range [0...1).");
  });
}

TEST(Rules, BeforeKafka16965AMetadataTimeoutHasNoCause) {
  compare(Rule::Kafka16965TimeoutHasCause, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips, {{"max.block.ms", "1000"}});
    setup.knows_metadata = false;
    setup.leaders = {{}};
    ProducerBench bench{setup};
    const RecordId record = bench.send({});
    bench.steps(6);
    bench.resume_sends();
    bench.at(1s);
    bench.resume_sends();
    EXPECT_EQ(bench.send_error(record)->cause.has_value(), has_rule);
  });
}

TEST(Rules, BeforeKafka7738AnOlderLeaderIsBelieved) {
  compare(Rule::Kafka7738LeaderEpochs, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.leaders = {{0}, 5};
    ProducerBench bench{setup};
    bench.leaders = {{1}, 4};
    bench.send({.partition = 3});  // asks for metadata
    bench.at(100ms);
    bench.steps(3);
    EXPECT_EQ(bench.producer.metadata().snapshot().leader_for({kBenchTopic, 0}),
              NodeId{has_rule ? 0 : 1});
  });
}

TEST(Rules, BeforeKip526ATopicsRecordsAreDatedAfterTheirSerialization) {
  compare(Rule::Kip526MetadataOfNewTopics, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.has_value_serializer = true;
    ProducerBench bench{setup};
    bench.on_user_call = [&](const UserCall&) {
      bench.now += 50ms;
      return UserCallAnswer{};
    };
    const RecordId record = bench.send({});
    // The bench passes the time at which a call was answered.
    const Milliseconds dated{bench.future(record).timestamp};
    EXPECT_EQ(Millis{dated}, ProducerBench::kStart + (has_rule ? 0ms : 50ms));
  });
}

// --- Connections ---

// How long to wait after the third loss in a row.
Milliseconds delay_after_three_losses(const std::vector<RuleFlip>& flips) {
  ProducerBench bench{plain(flips)};
  bench.take_down(ProducerBench::kNode);
  bench.disconnect();
  bench.step();
  for (int i = 0; i < 2; ++i) {
    bench.now += 10s;
    bench.send({});
    bench.steps(2);
    bench.producer.network().on_connect_failed(ProducerBench::kNode);
    bench.step();
  }
  return bench.producer.client().connections().connection_delay(ProducerBench::kNode, bench.now);
}

TEST(Rules, BeforeKip144TheWaitBeforeReconnectingDoesNotGrow) {
  EXPECT_EQ(delay_after_three_losses({}), 200ms);
  EXPECT_EQ(delay_after_three_losses(without(Rule::Kip144ReconnectBackoff)), 50ms);
}

TEST(Rules, BeforeKip601ANodeThatWasNeverConnectedIsAskedForMetadataRatherThanABusyOne) {
  compare(Rule::Kip601ConnectionSetupTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    for (const std::int32_t partition : {0, 2}) bench.send({.partition = partition});
    bench.step();
    bench.producer.network().on_reset(NodeId{2});
    bench.step();
    bench.now += 10s;
    const auto asked =
        bench.producer.network().least_loaded_node(bench.now, bench.producer.metadata());
    EXPECT_EQ(asked.node == NodeId{2}, !has_rule);
  });
}

TEST(Rules, BeforeKip601AConnectionIsGivenUpWhenTheSystemDoes) {
  compare(Rule::Kip601ConnectionSetupTimeout, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.take_down(ProducerBench::kNode);
    bench.disconnect();
    bench.step();
    bench.now += 10s;
    bench.send({});
    bench.steps(2);
    const auto& connections = bench.producer.client().connections();
    ASSERT_TRUE(connections.is_connecting(ProducerBench::kNode));
    EXPECT_EQ(connections.connection_setup_timeout(ProducerBench::kNode), has_rule ? 10s : 127s);
  });
}

// --- And the rest ---

TEST(Rules, BeforeKafka14303ABatchSizeOfZeroNeverReturns) {
  compare(Rule::Kafka14303BatchSizeZero, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"batch.size", "0"}})};
    const RecordId record = bench.send({.partition = std::nullopt});
    ASSERT_EQ(bench.is_blocked(record), !has_rule);
    if (!has_rule) {
      EXPECT_EQ(bench.blocked_on(record), BlockedOn::EndlessLoop);
    }
    EXPECT_FALSE(bench.is_blocked(bench.send({.partition = 0}))) << "a partition stands";
  });
}

TEST(Rules, BeforeKip526AProducerAsksForNothingUntilATopicIsWanted) {
  compare(Rule::Kip526MetadataOfNewTopics, [](const auto& flips, bool has_rule) {
    ProducerSetup setup = plain(flips);
    setup.knows_metadata = false;
    ProducerBench bench{setup};
    EXPECT_EQ(bench.producer.metadata().time_to_next_update(bench.now) == 0ms, has_rule);
  });
}

TEST(Rules, BeforeKip82RecordsHaveNoHeaders) {
  compare(Rule::Kip82Headers, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips)};
    bench.send({.headers = {{"trace", std::nullopt}}});
    bench.step();
    // 61 of the batch, 12 of the record; its header is a key of 5, and two lengths.
    EXPECT_EQ(bench.requests().at(0).batches.at(0).size, has_rule ? 80u : 73u);
  });
}

TEST(Rules, BeforeKafka9628ThePartitionsOfAnAnswerAreHandledInHashOrder) {
  compare(Rule::Kafka9628AnswerInItsOrder, [](const auto& flips, bool has_rule) {
    ProducerBench bench{plain(flips, {{"linger.ms", "1"}})};
    for (const std::int32_t partition : {0, 1}) bench.send({.partition = partition});
    bench.at(1ms);
    bench.step();
    ProduceResponse response;
    response.topics = {{"t", {{.index = 0}, {.index = 1}}}};
    bench.respond(ProducerBench::kNode, response);
    bench.step();
    const auto completed = bench.events<BatchCompleted>();
    ASSERT_EQ(completed.size(), 2u);
    EXPECT_EQ(completed[0].partition.partition, has_rule ? 0 : 1);
  });
}

}  // namespace
}  // namespace linger::core::producer_rules_test
