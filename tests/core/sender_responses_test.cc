// What an answer, or its absence, means for the batches of a request.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core::sender_responses_test {
namespace {

ProducerSetup patient(const GivenSettings& more = {}) {
  GivenSettings settings{{"acks", "all"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings};
}

constexpr CallbackId kCallback{0};

// --- Retries ---

TEST(SenderResponses, ARetriableErrorIsRetriedAfterTheBackoff) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  EXPECT_EQ(bench.in_flight_batches(), 0u);
  EXPECT_FALSE(bench.is_done(record));

  bench.at(99ms);
  bench.step();
  EXPECT_TRUE(bench.requests().empty());
  bench.at(100ms);
  bench.step();
  EXPECT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.producer.sender().metrics().record_retries, 1);
}

TEST(SenderResponses, WithOneRetryTheSecondLossIsFinal) {
  ProducerBench bench{patient({{"retries", "1"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.disconnect();
  bench.step();
  EXPECT_EQ(bench.in_flight_batches(), 0u);

  bench.at(100ms);
  bench.steps(8);
  ASSERT_EQ(bench.requests().size(), 1u);
  bench.disconnect();
  bench.step();

  EXPECT_EQ(bench.error(record), Exception::NetworkException);
  EXPECT_EQ(bench.outcome(record).error->message, "Disconnected from node 0");
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderResponses, WithoutRetriesTheFirstErrorIsFinal) {
  ProducerBench bench{patient({{"retries", "0"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::NotEnoughReplicas);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::NotEnoughReplicasException);
}

TEST(SenderResponses, ATimedOutRequestIsRequestTimedOut) {
  ProducerBench bench{patient({{"retries", "0"}, {"request.timeout.ms", "1000"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.at(1'000ms);
  bench.step();
  EXPECT_FALSE(bench.is_done(record)) << "strictly longer than the setting";
  bench.at(1'001ms);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
  EXPECT_EQ(bench.outcome(record).error->message, "Disconnected from node 0 due to timeout");
}

TEST(SenderResponses, ARetriableErrorAfterTheDeliveryTimeoutFailsWithItself) {
  ProducerBench bench{patient({{"delivery.timeout.ms", "30000"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.at(29'999ms);
  const Sender::Progress in_poll = bench.producer.run_sender(bench.now, bench.journal);
  ASSERT_TRUE(std::holds_alternative<Sender::Polling>(in_poll));
  bench.at(30'000ms);
  bench.refuse(ErrorCode::NotLeaderOrFollower);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::NotLeaderOrFollowerException);
}

TEST(SenderResponses, AnErrorThatIsNotRetriableFailsAtOnce) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::InvalidRequest);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::InvalidRequestException);
  EXPECT_EQ(bench.outcome(record).error->message, default_message(ErrorCode::InvalidRequest));
}

TEST(SenderResponses, ABrokersOwnWordsReachTheApplication) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::InvalidRequest);
    partition.error_message = "testCustomErrorMessage";
  });
  bench.step();
  EXPECT_EQ(bench.outcome(record).error->message, "testCustomErrorMessage");
}

TEST(SenderResponses, ATopicWithoutAuthorizationIsNamed) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::TopicAuthorizationFailed);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::TopicAuthorizationException);
  EXPECT_EQ(bench.outcome(record).error->message, "Not authorized to access topics: [t]");
}

TEST(SenderResponses, PartitionsOfOneResponseHaveTheirOwnFates) {
  ProducerBench bench{patient()};
  const RecordId good = bench.send({.partition = 0});
  const RecordId bad = bench.send({.partition = 1});
  bench.step();
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.base_offset = 9;
    if (partition.index == 1) partition.error_code = wire_number(ErrorCode::InvalidRecord);
  });
  bench.step();
  EXPECT_EQ(bench.outcome(good).offset, 9);
  EXPECT_EQ(bench.error(bad), Exception::InvalidRecordException);
}

TEST(SenderResponses, APartitionTheResponseOmitsIsNeverAnswered) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.respond(ProducerBench::kNode, ProduceResponse{});
  bench.steps(3);
  EXPECT_FALSE(bench.is_done(record));

  bench.at(120'000ms);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
}

TEST(SenderResponses, APartitionTheRequestDidNotHaveEndsThePass) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  ProduceResponse response;
  response.topics = {{"t", {{.index = 7}}}};
  bench.respond(ProducerBench::kNode, response);
  bench.steps(3);
  EXPECT_FALSE(bench.is_done(record));
  EXPECT_TRUE(bench.is_alive());
}

TEST(SenderResponses, ADuplicateIsASuccessWithoutAnOffset) {
  ProducerBench bench{patient({{"enable.idempotence", "true"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::DuplicateSequenceNumber);
  bench.step();
  EXPECT_TRUE(bench.is_done(record));
  EXPECT_FALSE(bench.outcome(record).error);
  EXPECT_EQ(bench.outcome(record).offset, -1);
}

TEST(SenderResponses, ADuplicatesOffsetIsKeptIfTheBrokerTellsIt) {
  ProducerBench bench{patient({{"enable.idempotence", "true"}})};
  const RecordId record = bench.send({});
  bench.step();
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::DuplicateSequenceNumber);
    partition.base_offset = 5;
  });
  bench.step();
  EXPECT_EQ(bench.outcome(record).offset, 5);
}

// --- Record-level errors (KIP-467) ---

class RecordErrors : public ::testing::Test {
 protected:
  RecordErrors() {
    for (int i = 0; i < 5; ++i) records_.push_back(bench_.send({}));
    bench_.step();
  }
  void refuse(std::vector<BatchIndexAndErrorMessage> blamed,
              std::optional<std::string> message = std::nullopt) {
    bench_.answer(ProducerBench::kNode, [&](ProduceResponsePartition& partition) {
      partition.error_code = wire_number(ErrorCode::InvalidRecord);
      partition.error_message = message;
      partition.record_errors = blamed;
    });
    bench_.step();
  }
  ClientError error(std::size_t record) const {
    return bench_.outcome(records_.at(record)).error.value();
  }
  ProducerBench bench_{patient()};
  std::vector<RecordId> records_;
};

TEST_F(RecordErrors, BlameSomeRecordsAndTellTheOthers) {
  refuse({{0, "0"}, {2, "2"}, {3, std::nullopt}});

  EXPECT_EQ(error(0), (ClientError{Exception::InvalidRecordException, "0"}));
  EXPECT_EQ(error(2), (ClientError{Exception::InvalidRecordException, "2"}));
  EXPECT_EQ(error(3).exception, Exception::InvalidRecordException);
  EXPECT_EQ(error(3).message, default_message(ErrorCode::InvalidRecord));
  EXPECT_EQ(error(1), failed_with_others_in_batch());
  EXPECT_EQ(error(4).exception, Exception::KafkaException);
}

TEST_F(RecordErrors, WithoutTheirOwnWordsHaveThePartitions) {
  refuse({{1, std::nullopt}, {2, "own"}}, "of the partition");
  EXPECT_EQ(error(1).message, "of the partition");
  EXPECT_EQ(error(2).message, "own");
}

TEST_F(RecordErrors, NobodyBlamedAllHaveTheBatchsError) {
  refuse({});
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(error(i).exception, Exception::InvalidRecordException);
}

TEST(SenderResponses, AloneBlamedARecordHasThePartitionsException) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::InvalidTimestamp);
    partition.record_errors = {{0, "too old"}};
  });
  bench.step();
  EXPECT_EQ(*bench.outcome(record).error,
            (ClientError{Exception::InvalidTimestampException, "too old"}));
}

// --- Metadata ---

TEST(SenderMetadata, ALeaderThatMovedIsLookedUpAndTheRetryWaitsForNothing) {
  ProducerBench bench{patient()};
  bench.send({});
  bench.step();
  bench.at(200ms);
  bench.leaders = {{1, 0, 1}, 1};
  bench.refuse(ErrorCode::NotLeaderOrFollower);
  bench.steps(4);
  EXPECT_EQ(bench.served, std::vector{ApiKey::Metadata});
  EXPECT_EQ(bench.requests(NodeId{1}).size(), 1u) << "the epoch is newer: no backoff";
}

TEST(SenderMetadata, WithTheSameEpochTheRetryWaitsForItsBackoff) {
  ProducerBench bench{patient()};
  bench.send({});
  bench.step();
  bench.at(200ms);
  bench.refuse(ErrorCode::NotLeaderOrFollower);
  bench.steps(4);
  EXPECT_TRUE(bench.requests().empty());
  bench.at(300ms);
  bench.steps(2);
  EXPECT_EQ(bench.requests().size(), 1u);
}

TEST(SenderMetadata, AHintTellsTheNewLeaderWithoutAsking) {
  ProducerBench bench{patient()};
  bench.answers_metadata = false;
  bench.send({});
  bench.step();
  bench.at(200ms);
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::NotLeaderOrFollower);
    partition.current_leader = {NodeId{1}, 5};
  });
  bench.step();
  EXPECT_EQ(bench.producer.metadata().snapshot().leader_for({kBenchTopic, 0}), NodeId{1});
  bench.steps(2);
  EXPECT_EQ(bench.served, std::vector{ApiKey::Metadata}) << "it is asked for all the same";
  EXPECT_EQ(bench.requests(NodeId{1}).size(), 1u);
}

TEST(SenderMetadata, OnlyErrorsOfStaleMetadataAskForIt) {
  const auto asks = [](ErrorCode error) {
    ProducerBench bench{patient()};
    bench.send({});
    bench.step();
    bench.refuse(error);
    bench.step();
    return bench.producer.metadata().update_requested();
  };
  EXPECT_TRUE(asks(ErrorCode::UnknownTopicOrPartition));
  EXPECT_TRUE(asks(ErrorCode::KafkaStorageError));
  EXPECT_FALSE(asks(ErrorCode::NotEnoughReplicas));
  EXPECT_FALSE(asks(ErrorCode::RequestTimedOut));
}

TEST(SenderMetadata, RecordsThatWaitBringBackATopicThatWasDropped) {
  ProducerBench bench{patient(
      {{"linger.ms", "8000"}, {"metadata.max.age.ms", "5000"}, {"metadata.max.idle.ms", "5000"}})};
  const RecordId record = bench.send({});
  bench.at(5s);
  bench.steps(2);
  EXPECT_EQ(bench.served, std::vector{ApiKey::Metadata});
  EXPECT_FALSE(bench.producer.metadata().contains_topic(kBenchTopic)) << "not used for 5 s";

  bench.at(8s);
  bench.steps(6);
  EXPECT_TRUE(bench.producer.metadata().contains_topic(kBenchTopic));
  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.outcome(record).offset, 0);
}

// --- Throttling ---

class Throttled : public ::testing::Test {
 protected:
  // For 100 ms from now on the node takes nothing.
  Throttled() {
    bench_.send({});
    bench_.step();
    ProduceResponse response;
    response.topics = {{"t", {{.index = 0, .base_offset = 0}}}};
    response.throttle_time = 100ms;
    bench_.respond(ProducerBench::kNode, response);
    bench_.step();
  }
  ProducerBench bench_{patient({{"partitioner.availability.timeout.ms", "42"}})};
};

TEST_F(Throttled, ANodeTakesNothingUntilItsTimeIsOver) {
  bench_.send({});
  bench_.at(99ms);
  bench_.step();
  EXPECT_TRUE(bench_.requests().empty());
  EXPECT_EQ(bench_.poll_timeout(), 1ms);
  bench_.at(100ms);
  bench_.step();
  EXPECT_EQ(bench_.requests().size(), 1u);
}

TEST_F(Throttled, ANodeThatHasHadDataForTooLongIsLeftOutOfThePartitionersTable) {
  const auto listed = [&] {
    bench_.step();
    return bench_.producer.accumulator().partitioner(kBenchTopic)->weighted_partitions();
  };
  for (const std::int32_t partition : {0, 1, 1, 2}) {
    bench_.send({.partition = partition, .value_size = 16'384});
  }
  listed();
  bench_.at(43ms);
  listed();
  EXPECT_EQ(listed(), std::vector{2}) << "node 0 took nothing for 43 ms";

  bench_.at(100ms);
  listed();
  EXPECT_NE(listed(), std::vector{2});
}

// --- Split ---

TEST(SenderSplit, ATooLargeBatchOfSeveralRecordsIsSentAgainWithoutBackoff) {
  ProducerBench bench{patient({{"enable.idempotence", "true"}})};
  const RecordId record = bench.send({.callback = kCallback});
  bench.send({});
  bench.step();
  bench.refuse(ErrorCode::MessageTooLarge);
  bench.step();
  EXPECT_TRUE(bench.user_calls.empty()) << "the records have their futures elsewhere now";
  EXPECT_FALSE(bench.is_done(record));
  EXPECT_EQ(bench.producer.sender().metrics().batches_split, 1);

  bench.step();
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].batches[0].header.base_sequence, 0);
  EXPECT_EQ(bench.sequences().next_sequence, 2);
  bench.acknowledge(3);
  bench.step();
  EXPECT_EQ(bench.outcome(record).offset, 3);
  EXPECT_EQ(bench.user_calls.size(), 1u);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderSplit, ATooLargeRecordFails) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.step();
  bench.refuse(ErrorCode::MessageTooLarge);
  bench.step();
  EXPECT_EQ(bench.error(record), Exception::RecordTooLargeException);
}

TEST(SenderSplit, AFlushEndsAtTheSplit) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({});
  bench.send({});
  FlushCall flush = bench.producer.begin_flush(ThreadId{0}, bench.journal);
  bench.step();
  EXPECT_FALSE(bench.producer.may_advance(flush));

  bench.refuse(ErrorCode::MessageTooLarge);
  bench.step();

  EXPECT_TRUE(bench.producer.may_advance(flush));
  EXPECT_FALSE(bench.is_done(record));
  bench.producer.end_flush(flush, bench.journal);
}

TEST(SenderSplit, WhereASplitChangesNothingItGoesOnUntilTheDeliveryTimeout) {
  ProducerBench bench{patient({{"delivery.timeout.ms", "30000"}})};
  const RecordId record = bench.send({});
  bench.send({});
  for (int i = 0; i < 20; ++i) {
    bench.steps(2);
    ASSERT_EQ(bench.requests().size(), 1u) << i;
    bench.refuse(ErrorCode::MessageTooLarge);
  }
  EXPECT_EQ(bench.now, ProducerBench::kStart);
  bench.at(30'000ms);
  bench.steps(2);
  EXPECT_EQ(bench.error(record), Exception::TimeoutException);
}

}  // namespace
}  // namespace linger::core::sender_responses_test
