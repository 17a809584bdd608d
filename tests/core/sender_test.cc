// The passes of the sender's thread: what it sends, what expires, how long it sleeps, how it ends.
#include "core/sender.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/producer_bench.h"

namespace linger::core::sender_test {
namespace {

ProducerSetup quick(const GivenSettings& more = {}) {
  GivenSettings settings{
      {"acks", "all"}, {"delivery.timeout.ms", "1500"}, {"request.timeout.ms", "1000"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings};
}
ProducerSetup in_order(GivenSettings more = {}) {
  more["max.in.flight.requests.per.connection"] = "1";
  return quick(more);
}

// --- Plain sending ---

TEST(Sender, ARecordLeavesIsAcknowledgedAndItsMemoryIsFree) {
  ProducerBench bench{quick()};
  const RecordId record = bench.send({});

  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_TRUE(bench.requests()[0].batches.at(0).is_sound);
  EXPECT_EQ(bench.requests()[0].acks, -1);
  EXPECT_EQ(bench.in_flight_batches(), 1u);
  EXPECT_FALSE(bench.is_done(record));

  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.in_flight_batches(), 0u);
  EXPECT_TRUE(bench.is_done(record));
  EXPECT_EQ(bench.outcome(record).offset, 0);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(Sender, OneRequestForEachNodeWithOneBatchForEachPartition) {
  ProducerBench bench{quick()};
  for (const std::int32_t partition : {0, 1, 2, 0, 1, 2}) bench.send({.partition = partition});

  bench.step();

  ASSERT_EQ(bench.requests(NodeId{0}).size(), 1u);
  ASSERT_EQ(bench.requests(NodeId{1}).size(), 1u);
  EXPECT_EQ(bench.requests(NodeId{0})[0].batches.size(), 2u);
  EXPECT_EQ(bench.requests(NodeId{1})[0].batches.at(0).header.record_count, 2);
}

TEST(Sender, RecordsOfOneBatchHaveConsecutiveOffsets) {
  ProducerBench bench{quick()};
  const RecordId first = bench.send({});
  const RecordId second = bench.send({});
  bench.step();
  bench.acknowledge(40);
  bench.step();
  EXPECT_EQ(bench.outcome(first).offset, 40);
  EXPECT_EQ(bench.outcome(second).offset, 41);
}

TEST(Sender, WithoutAcksARecordIsDoneWhenItIsWrittenAndHasNoOffset) {
  ProducerBench bench{quick({{"acks", "0"}})};
  const RecordId record = bench.send({});

  bench.step();

  EXPECT_TRUE(bench.is_done(record));
  EXPECT_EQ(bench.outcome(record).offset, -1);
  EXPECT_FALSE(bench.outcome(record).error);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(Sender, NoMoreRequestsAreInFlightThanAllowed) {
  ProducerBench bench{quick({{"max.in.flight.requests.per.connection", "2"}})};
  for (int i = 0; i < 4; ++i) {
    bench.send({});
    bench.step();
  }
  EXPECT_EQ(bench.requests().size(), 2u);
  EXPECT_GT(bench.poll_timeout(), 0ms) << "an answer will wake it";

  bench.acknowledge(0);
  bench.steps(2);
  EXPECT_EQ(bench.requests().size(), 2u);
}

TEST(Sender, APartitionWithoutALeaderIsAskedForInMetadata) {
  ProducerBench bench{{.settings = quick().settings, .leaders = {{-1}, 3}}};
  bench.leaders = {{0}, 4};
  const RecordId record = bench.send({});
  bench.step();
  EXPECT_TRUE(bench.served.empty()) << "not so soon after the last refresh";
  bench.at(100ms);
  bench.step();
  EXPECT_EQ(bench.served, std::vector{ApiKey::Metadata});
  bench.steps(2);
  bench.acknowledge(0);
  bench.step();
  EXPECT_TRUE(bench.is_done(record));
}

// --- How long it sleeps ---

TEST(SenderSleep, UntilTheFirstBatchHasLingered) {
  ProducerBench bench{quick({{"linger.ms", "50"}})};
  bench.at(7ms);
  bench.send({});
  bench.step();
  EXPECT_EQ(bench.poll_timeout(), 50ms);
  bench.at(47ms);
  bench.step();
  EXPECT_EQ(bench.poll_timeout(), 10ms);
}

TEST(SenderSleep, NotAtAllWhileANodeIsReadyThoughNothingMayBeDrained) {
  ProducerBench bench{quick({{"enable.idempotence", "true"}})};
  for (int i = 0; i < 2; ++i) {
    bench.send({});
    bench.step();
  }
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.steps(2);
  bench.at(100ms);
  bench.steps(3);
  ASSERT_EQ(bench.requests().size(), 1u) << "the second retry waits for the first";
  EXPECT_EQ(bench.poll_timeout(), 0ms) << "it spins";
}

TEST(SenderSleep, UntilTheNextBatchExpiresOnceNothingElseIsDue) {
  ProducerBench bench{quick()};
  bench.send({});
  bench.step();
  EXPECT_EQ(bench.poll_timeout(), 0ms);
  bench.at(1ms);
  bench.step();
  EXPECT_EQ(bench.poll_timeout(), 1'499ms);

  bench.at(1'500ms);
  bench.step();
  EXPECT_EQ(bench.poll_timeout(), kForever) << "the expiry is forgotten with the batch";
}

TEST(SenderSleep, UntilTheReconnectBackoffOfADeadNodeIsOver) {
  ProducerBench bench{quick({{"delivery.timeout.ms", "120000"}})};
  bench.take_down(ProducerBench::kNode);
  bench.disconnect();
  bench.step();
  bench.send({});
  bench.steps(3);
  EXPECT_EQ(bench.poll_timeout(), 50ms);
}

// --- Delivery timeout ---

TEST(SenderExpiry, AQueuedBatchExpiresAtItsDeliveryTimeout) {
  ProducerBench bench{quick()};
  bench.take_down(ProducerBench::kNode);
  bench.disconnect();
  bench.step();
  const RecordId record = bench.send({});
  bench.at(1'499ms);
  bench.step();
  EXPECT_FALSE(bench.is_done(record));

  bench.at(1'500ms);
  bench.step();
  EXPECT_EQ(bench.outcome(record).error->message,
            "Expiring 1 record(s) for t-0:1500 ms has passed since batch creation");
  EXPECT_TRUE(bench.all_memory_is_free());
  EXPECT_TRUE(bench.requests().empty());
}

TEST(SenderExpiry, ABatchInFlightExpiresAndItsLateAnswerChangesNothing) {
  ProducerBench bench{quick()};
  const RecordId record = bench.send({});
  bench.step();
  bench.at(1'500ms);
  bench.acknowledge(0);  // it is there, and the batch expires before it is read

  bench.step();

  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
  EXPECT_EQ(bench.in_flight_batches(), 0u);
  EXPECT_EQ(bench.events<LateAnswerIgnored>().size(), 1u);
  EXPECT_TRUE(bench.all_memory_is_free());
  bench.steps(3);
  EXPECT_TRUE(bench.all_memory_is_free()) << "given back once";
}

TEST(SenderExpiry, ALateErrorNeitherRetriesNorSplitsButCountsAgain) {
  for (const ErrorCode late : {ErrorCode::NotLeaderOrFollower, ErrorCode::MessageTooLarge}) {
    ProducerBench bench{quick()};
    const RecordId record = bench.send({});
    bench.send({});
    bench.step();
    bench.at(1'500ms);
    bench.refuse(late);
    bench.steps(3);

    EXPECT_EQ(bench.error(record), Exception::TimeoutException);
    EXPECT_TRUE(bench.requests().empty());
    EXPECT_EQ(bench.producer.sender().metrics().record_errors, 4);
    EXPECT_EQ(bench.producer.sender().metrics().record_retries, 0);
    EXPECT_EQ(bench.producer.sender().metrics().batches_split, 0);
  }
}

TEST(SenderExpiry, BatchesOfTwoPartitionsExpireTogetherQueuedOnesFirst) {
  ProducerBench bench{quick({{"max.in.flight.requests.per.connection", "1"}})};
  const RecordId in_flight = bench.send({.partition = 0, .callback = CallbackId{0}});
  const RecordId other = bench.send({.partition = 1, .callback = CallbackId{0}});
  bench.step();
  const RecordId queued = bench.send({.partition = 0, .callback = CallbackId{0}});

  bench.at(1'500ms);
  bench.step();

  std::vector<RecordId> told;
  for (const UserCall& call : bench.user_calls) told.push_back(*call.record);
  EXPECT_EQ(told, (std::vector{queued, in_flight, other}));
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderExpiry, ABatchThatIsOverdueWhenItIsFirstDrainedFailsAndIsSentAllTheSame) {
  ProducerBench bench{quick()};
  const RecordId record = bench.send({});
  bench.at(1'500ms);

  bench.step();

  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
  EXPECT_TRUE(bench.all_memory_is_free());
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_TRUE(bench.requests()[0].batches.at(0).is_sound);
  bench.acknowledge(7);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
}

TEST(SenderExpiry, AnOverdueBatchLargerThanBatchSizeIsSentWithItsOwnBytes) {
  ProducerBench bench{quick({{"batch.size", "1000"}})};
  bench.send({.value_size = 5'000});
  bench.at(1'500ms);
  bench.step();
  EXPECT_TRUE(bench.requests().at(0).batches.at(0).is_sound);

  // Its buffer is nobody's now, and is given to one batch, not to two.
  bench.acknowledge(0);
  bench.step();
  bench.send({.partition = 0, .value_size = 5'000});
  bench.send({.partition = 1, .value_size = 6'000});
  bench.step();
  for (const ArrivedBatch& batch : bench.requests().at(0).batches) EXPECT_TRUE(batch.is_sound);
}

// Its memory is free before its bytes are written, and the next batch is built in it.
TEST(SenderExpiry, AnOverdueBatchMayTravelWithAnotherBatchsBytes) {
  ProducerBench bench{quick()};
  bench.send({.partition = 0});
  bench.send({.partition = 1, .callback = CallbackId{0}});
  bench.at(1'500ms);
  bench.on_user_call = [&](const UserCall&) {
    bench.send({.partition = 1, .value_size = 200});
    return UserCallAnswer{};
  };

  bench.step();

  for (const ArrivedBatch& batch : bench.requests().at(0).batches) {
    EXPECT_EQ(batch.is_sound, batch.partition.partition == 1);
  }
}

TEST(SenderExpiry, CallbacksOfExpiredRecordsMaySend) {
  ProducerBench bench{quick({{"batch.size", "1000"}})};
  for (int i = 0; i < 10; ++i) bench.send({.callback = CallbackId{0}});
  bench.step();
  bench.at(1'500ms);
  bench.on_user_call = [&](const UserCall& call) {
    if (call.error) bench.send({.partition = 1});
    return UserCallAnswer{};
  };

  bench.step();

  EXPECT_EQ(bench.user_calls.size(), 10u);
  ASSERT_EQ(bench.deque(1).size(), 1u);
  EXPECT_EQ(bench.producer.accumulator().batches.at(bench.deque(1)[0]).records.size(), 10u);
}

TEST(SenderExpiry, ACallbackThatTakesItsTimeDoesNotMoveTheClockOfThePass) {
  ProducerBench bench{quick({{"delivery.timeout.ms", "1000"}, {"linger.ms", "0"}})};
  bench.take_down(NodeId{1});
  bench.disconnect(NodeId{1});
  bench.step();
  bench.send({.partition = 2, .callback = CallbackId{0}});
  bench.at(500ms);
  bench.steps(3);
  bench.at(1'000ms);
  bench.send({.partition = 0});
  bench.on_user_call = [&](const UserCall&) {
    bench.now += 300ms;
    return UserCallAnswer{};
  };
  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);

  bench.at(2'001ms);  // 1001 ms after the pass began, 701 ms after the callback ended
  bench.step();
  EXPECT_EQ(bench.producer.client().in_flight_count(), 0) << "the request has timed out";
}

// --- One in flight: muted partitions ---

TEST(SenderOrder, WithOneInFlightAPartitionIsMutedUntilItsAnswer) {
  ProducerBench bench{in_order()};
  bench.send({});
  bench.step();
  EXPECT_TRUE(bench.producer.accumulator().is_muted({kBenchTopic, 0}));

  bench.acknowledge(0);
  bench.step();
  EXPECT_FALSE(bench.producer.accumulator().is_muted({kBenchTopic, 0}));
}

TEST(SenderOrder, WithMoreInFlightNothingIsMuted) {
  ProducerBench bench{quick()};
  bench.send({});
  bench.step();
  EXPECT_FALSE(bench.producer.accumulator().is_muted({kBenchTopic, 0}));
}

TEST(SenderOrder, ARecordDoesNotOvertakeAnotherToTheNewLeader) {
  ProducerBench bench{in_order({{"delivery.timeout.ms", "120000"}})};
  bench.send({});
  bench.step();
  bench.leaders = {{1, 0, 1}, 1};
  bench.producer.assume_metadata(cluster_of(bench.leaders).contents(), bench.now);
  bench.send({});
  bench.steps(3);
  EXPECT_TRUE(bench.requests(NodeId{1}).empty());

  bench.acknowledge(0, NodeId{0});
  bench.steps(2);
  EXPECT_EQ(bench.requests(NodeId{1}).size(), 1u);
}

TEST(SenderOrder, AnExpiryInFlightDoesNotUnmute) {
  ProducerBench bench{in_order({{"request.timeout.ms", "1500"}})};
  const RecordId first = bench.send({});
  bench.step();
  bench.at(1'000ms);
  const RecordId second = bench.send({});
  bench.at(1'500ms);
  bench.steps(2);
  EXPECT_TRUE(bench.is_done(first));
  EXPECT_TRUE(bench.producer.accumulator().is_muted({kBenchTopic, 0}));
  EXPECT_EQ(bench.requests().size(), 1u);

  bench.acknowledge(0);
  bench.steps(2);
  EXPECT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.deque().size(), 0u);
  EXPECT_FALSE(bench.is_done(second));
}

TEST(SenderOrder, ALostConnectionUnmutes) {
  ProducerBench bench{in_order({{"delivery.timeout.ms", "120000"}})};
  bench.send({});
  bench.step();
  bench.disconnect();
  bench.step();
  EXPECT_FALSE(bench.producer.accumulator().is_muted({kBenchTopic, 0}));
  EXPECT_EQ(bench.deque().size(), 1u);
}

// --- The end ---

TEST(SenderClose, SendsWhatIsQueuedAndWaitsForItsAnswer) {
  ProducerBench bench{quick({{"linger.ms", "400"}})};
  const RecordId record = bench.send({});
  bench.step();
  EXPECT_TRUE(bench.requests().empty());
  bench.close();

  bench.steps(2);
  EXPECT_TRUE(bench.is_alive());
  bench.acknowledge(0);
  bench.steps(2);

  EXPECT_FALSE(bench.is_alive());
  EXPECT_EQ(bench.outcome(record).offset, 0);
}

TEST(SenderClose, WithNothingToSendItStopsAtOnce) {
  ProducerBench bench{quick()};
  bench.step();
  bench.close();
  bench.step();
  EXPECT_FALSE(bench.is_alive());
}

TEST(SenderClose, ForcedItAbortsEverythingAlsoWhatIsInFlight) {
  ProducerBench bench{quick()};
  const RecordId in_flight = bench.send({.callback = CallbackId{0}});
  bench.step();
  const RecordId queued = bench.send({.callback = CallbackId{0}});
  bench.close(0ms);
  bench.steps(4);

  EXPECT_FALSE(bench.is_alive());
  for (const RecordId record : {in_flight, queued}) {
    EXPECT_EQ(bench.outcome(record).error->message, "Producer is closed forcefully.");
    EXPECT_EQ(bench.error(record), Exception::KafkaException);
  }
  EXPECT_EQ(bench.user_calls.size(), 2u);
  EXPECT_TRUE(bench.all_memory_is_free());
  EXPECT_FALSE(bench.producer.accumulator().has_undrained());
}

TEST(SenderClose, ForcedItWaitsForThreadsInAppendToLeave) {
  ProducerBench bench{quick({{"buffer.memory", "16384"}})};
  bench.send({});
  const RecordId blocked = bench.send({.partition = 1});
  ASSERT_TRUE(bench.is_blocked(blocked));
  bench.step();
  bench.close(0ms);
  bench.steps(3);
  EXPECT_TRUE(bench.is_alive());

  bench.resume_sends();
  EXPECT_EQ(bench.send_error(blocked)->message, "Producer closed while allocating memory");
  bench.steps(4);
  EXPECT_FALSE(bench.is_alive());
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderClose, AMetadataWaitEndsWithTheProducer) {
  ProducerBench bench{{.settings = quick().settings, .knows_metadata = false}};
  bench.answers_metadata = false;
  const RecordId blocked = bench.send({});
  ASSERT_EQ(bench.blocked_on(blocked), BlockedOn::Metadata);
  bench.close(0ms);
  bench.steps(4);
  bench.resume_sends();
  EXPECT_EQ(bench.send_error(blocked)->message, "Producer closed while send in progress");
  EXPECT_EQ(bench.delivery(blocked), Delivery::Thrown);
}

}  // namespace
}  // namespace linger::core::sender_test
