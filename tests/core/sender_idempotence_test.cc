// Sequences and epochs as the sender's passes give, keep and rewrite them.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core::sender_idempotence_test {
namespace {

ProducerSetup idempotent(const GivenSettings& more = {}) {
  GivenSettings settings{{"enable.idempotence", "true"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings};
}

class IdempotentSender : public ::testing::Test {
 protected:
  explicit IdempotentSender(const GivenSettings& more = {}) : bench_{idempotent(more)} {}

  // A record in a request of its own.
  RecordId send(std::int32_t partition = 0, int records = 1) {
    RecordId last;
    for (int i = 0; i < records; ++i) last = bench_.send({.partition = partition});
    bench_.step();
    return last;
  }
  // The broker's answer to the oldest request, and the passes until it is handled.
  void refuse(ErrorCode error) {
    bench_.refuse(error);
    bench_.step();
  }
  void acknowledge(std::int64_t offset) {
    bench_.acknowledge(offset);
    bench_.step();
  }
  void pass(Milliseconds time) {
    bench_.now += time;
    bench_.steps(2);
  }
  const RecordBatchHeader& arrived(std::size_t request = 0) {
    return bench_.requests().at(request).batches.at(0).header;
  }
  std::int32_t sequence(std::size_t request = 0) { return arrived(request).base_sequence; }
  std::int16_t epoch(std::size_t request = 0) {
    return arrived(request).producer_id_and_epoch.epoch;
  }
  const TransactionManager& manager() const { return *bench_.producer.transactions(); }
  bool is_unresolved() const { return !manager().unresolved().empty(); }

  ProducerBench bench_;
};

// --- In order ---

TEST_F(IdempotentSender, TheFirstRecordHasSequenceZero) {
  send();
  EXPECT_EQ(sequence(), 0);
  EXPECT_EQ(epoch(), 0);
  EXPECT_EQ(bench_.sequences().next_sequence, 1);
  acknowledge(0);
  EXPECT_EQ(bench_.sequences().last_acked_sequence, 0);
}

TEST_F(IdempotentSender, TwoRequestsInFlightHaveConsecutiveSequences) {
  const RecordId first = send();
  const RecordId second = send();
  EXPECT_EQ(sequence(0), 0);
  EXPECT_EQ(sequence(1), 1);

  acknowledge(0);
  EXPECT_EQ(bench_.sequences().last_acked_sequence, 0);
  acknowledge(1);
  EXPECT_EQ(bench_.sequences().last_acked_sequence, 1);
  EXPECT_EQ(bench_.outcome(first).offset, 0);
  EXPECT_EQ(bench_.outcome(second).offset, 1);
}

TEST_F(IdempotentSender, ThreeInFlightAreRetriedInOrderOneAtATime) {
  for (int i = 0; i < 3; ++i) send();
  refuse(ErrorCode::NotEnoughReplicas);
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  bench_.send({});

  pass(100ms);
  for (const std::int32_t expected : {0, 1, 2}) {
    ASSERT_EQ(bench_.requests().size(), 1u);
    EXPECT_EQ(sequence(), expected);
    EXPECT_EQ(epoch(), 0);
    acknowledge(expected);
    bench_.step();
  }
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(sequence(), 3) << "the fourth gets its sequence now";
}

TEST_F(IdempotentSender, ALostAnswerLeavesNoDuplicate) {
  const RecordId record = send();
  bench_.disconnect();  // it was appended before
  bench_.step();
  pass(100ms);
  bench_.steps(6);
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(sequence(), 0) << "the broker knows it by its sequence";
  acknowledge(17);
  EXPECT_EQ(bench_.outcome(record).offset, 17);
}

// --- Gaps and epoch bumps ---

TEST_F(IdempotentSender, ARecordThatIsTooLargeLeavesAGapThatTheNextEpochCloses) {
  const RecordId too_large = send();
  const RecordId next = send();
  refuse(ErrorCode::MessageTooLarge);
  EXPECT_EQ(bench_.error(too_large), Exception::RecordTooLargeException);

  refuse(ErrorCode::OutOfOrderSequenceNumber);
  pass(100ms);
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(sequence(), 0);
  EXPECT_EQ(epoch(), 1);
  acknowledge(0);
  EXPECT_EQ(bench_.outcome(next).offset, 0);
}

TEST_F(IdempotentSender, OutOfOrderOnTheNextExpectedBatchStartsANewEpoch) {
  send(0, 2);
  acknowledge(0);
  const RecordId record = send();
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  EXPECT_FALSE(bench_.is_done(record));

  pass(100ms);
  EXPECT_EQ(epoch(), 1);
  EXPECT_EQ(sequence(), 0);
  EXPECT_EQ(bench_.sequences().next_sequence, 1);
  EXPECT_TRUE(bench_.requests().at(0).batches.at(0).is_sound) << "with its checksum";
}

TEST_F(IdempotentSender, AnotherPartitionGoesOnUnderTheOldEpochUntilItsNextBatch) {
  send(1);
  acknowledge(0);
  send(0);
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  bench_.step();
  EXPECT_EQ(manager().producer().epoch, 1);
  EXPECT_EQ(bench_.sequences(1).producer.epoch, 0);

  send(1);
  EXPECT_EQ(bench_.sequences(1).producer.epoch, 1);
  EXPECT_EQ(bench_.sequences(1).next_sequence, 1);
}

TEST_F(IdempotentSender, UnknownProducerIdWithAKnownLogStartStartsANewEpoch) {
  send();
  acknowledge(1'000);
  const RecordId record = send(0, 2);
  bench_.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.error_code = wire_number(ErrorCode::UnknownProducerId);
    partition.log_start_offset = 1'010;
  });
  bench_.step();
  pass(100ms);
  EXPECT_EQ(epoch(), 1);
  EXPECT_EQ(sequence(), 0);
  acknowledge(1'011);
  EXPECT_EQ(bench_.outcome(record).offset, 1'012);
}

TEST_F(IdempotentSender, UnknownProducerIdWithoutALogStartIsRetriedAsItWas) {
  send();
  refuse(ErrorCode::UnknownProducerId);
  pass(100ms);
  EXPECT_EQ(epoch(), 0);
  EXPECT_EQ(sequence(), 0);
}

TEST_F(IdempotentSender, AfterTheLastEpochANewProducerIdIsFetchedAndQueuedBatchesLeave) {
  bench_.producer.assume_producer_id({1'000, std::numeric_limits<std::int16_t>::max()});
  send(0);
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  const RecordId other = bench_.send({.partition = 1});
  for (int i = 0; i < 6 && bench_.requests().empty(); ++i) bench_.step();

  EXPECT_TRUE(std::find(bench_.served.begin(), bench_.served.end(), ApiKey::InitProducerId) !=
              bench_.served.end());
  EXPECT_EQ(manager().producer(), (ProducerIdAndEpoch{2'000, 0}));
  ASSERT_EQ(bench_.requests().size(), 1u);
  EXPECT_EQ(arrived().producer_id_and_epoch.producer_id, 2'000);
  acknowledge(10);
  EXPECT_EQ(bench_.outcome(other).offset, 10);
}

TEST_F(IdempotentSender, AnErrorOfTheFormatFailsTheRecordAndNotTheProducer) {
  const RecordId record = send();
  refuse(ErrorCode::UnsupportedForMessageFormat);
  EXPECT_EQ(bench_.error(record), Exception::UnsupportedForMessageFormatException);
  EXPECT_FALSE(manager().has_fatal_error());
}

// --- Expiry ---

// Ten seconds from the first sending to the delivery timeout.
class ExpiringSender : public IdempotentSender {
 protected:
  ExpiringSender()
      : IdempotentSender{{{"delivery.timeout.ms", "10000"}, {"request.timeout.ms", "9000"}}} {}
};

TEST_F(ExpiringSender, ABatchThatWasNeverSentLeavesNoTrace) {
  bench_.take_down(ProducerBench::kNode);
  bench_.disconnect();
  bench_.step();
  const RecordId record = bench_.send({});
  pass(10s);
  EXPECT_EQ(bench_.error(record), Exception::TimeoutException);
  EXPECT_FALSE(is_unresolved());
}

TEST_F(ExpiringSender, ABatchInFlightForTheFirstTimeIsNotMarkedEither) {
  const RecordId record = send();
  bench_.now += 8s;
  send();
  pass(2s);
  EXPECT_EQ(bench_.error(record), Exception::TimeoutException);
  EXPECT_FALSE(is_unresolved()) << "though its fate is unknown";
}

TEST_F(ExpiringSender, ARetriedBatchThatExpiresIsUnresolvedAndHoldsBackNewOnes) {
  const RecordId first = send();
  refuse(ErrorCode::NotEnoughReplicas);
  bench_.now += 8s;
  bench_.step();
  const RecordId second = send();  // behind the retry, in flight
  bench_.now += 2s;
  bench_.steps(2);
  EXPECT_EQ(bench_.error(first), Exception::TimeoutException);
  ASSERT_TRUE(is_unresolved());

  const RecordId third = send();
  const std::size_t before = bench_.requests().size();
  bench_.step();
  EXPECT_EQ(bench_.requests().size(), before);

  bench_.acknowledge(0);  // the late answer for the first
  bench_.step();
  bench_.acknowledge(1);
  bench_.steps(3);
  EXPECT_FALSE(is_unresolved());
  EXPECT_EQ(bench_.outcome(second).offset, 1);
  EXPECT_EQ(manager().producer().epoch, 0);
  ASSERT_EQ(bench_.requests().size(), 1u);
  acknowledge(2);
  EXPECT_EQ(bench_.outcome(third).offset, 2);
}

TEST_F(ExpiringSender, WhenTheNextBatchIsOutOfOrderTheEpochIsBumped) {
  send();
  refuse(ErrorCode::NotEnoughReplicas);
  bench_.now += 8s;
  bench_.step();
  send();
  bench_.now += 2s;
  bench_.steps(2);
  ASSERT_TRUE(is_unresolved());
  refuse(ErrorCode::NotEnoughReplicas);  // of the batch that expired
  refuse(ErrorCode::OutOfOrderSequenceNumber);
  pass(100ms);

  EXPECT_FALSE(is_unresolved());
  EXPECT_EQ(epoch(), 1);
  EXPECT_EQ(sequence(), 0);
}

TEST_F(ExpiringSender, WhenAllSentBatchesExpiredTheNextPassBumpsTheEpoch) {
  bench_.send({});
  bench_.step();
  refuse(ErrorCode::NotEnoughReplicas);
  bench_.take_down(ProducerBench::kNode);
  bench_.disconnect();
  bench_.step();
  bench_.now += 10s;
  bench_.step();
  EXPECT_TRUE(is_unresolved());
  bench_.step();
  EXPECT_FALSE(is_unresolved());
  EXPECT_EQ(manager().producer().epoch, 1);
}

// --- The producer id ---

ProducerSetup without_id() {
  ProducerSetup setup = idempotent();
  setup.has_producer_id = false;
  return setup;
}

TEST(SenderProducerId, IsFetchedBeforeAnythingIsSent) {
  ProducerBench bench{without_id()};
  bench.send({});
  bench.step();
  EXPECT_TRUE(bench.requests().empty());
  EXPECT_EQ(bench.served, std::vector{ApiKey::InitProducerId});

  bench.steps(2);
  ASSERT_EQ(bench.requests().size(), 1u);
  EXPECT_EQ(bench.requests()[0].batches[0].header.producer_id_and_epoch,
            (ProducerIdAndEpoch{2'000, 0}));
}

TEST(SenderProducerId, ARetriableErrorIsAskedAgainAfterTheBackoff) {
  ProducerBench bench{without_id()};
  bench.init_error = ErrorCode::CoordinatorLoadInProgress;
  bench.steps(2);
  EXPECT_EQ(bench.served.size(), 1u);
  const Millis answered = bench.now;
  bench.init_error = ErrorCode::None;
  bench.step();
  EXPECT_EQ(bench.served.size(), 2u);
  EXPECT_EQ(bench.now - answered, 100ms) << "the thread slept";
  bench.step();
  EXPECT_TRUE(bench.producer.transactions()->has_producer_id());
}

TEST(SenderProducerId, WithoutAuthorizationTheRecordsFailAndALaterTryMaySucceed) {
  ProducerBench bench{without_id()};
  bench.init_error = ErrorCode::ClusterAuthorizationFailed;
  const RecordId record = bench.send({});
  for (int i = 0; i < 5 && !bench.is_done(record); ++i) bench.step();
  EXPECT_EQ(bench.error(record), Exception::ClusterAuthorizationException);

  bench.init_error = ErrorCode::None;
  const RecordId later = bench.send({});
  for (int i = 0; i < 8 && bench.requests().empty(); ++i) bench.step();
  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.outcome(later).offset, 0);
}

// --- Fatal errors ---

TEST(SenderVersions, ABrokerThatTakesNoVersionOfProduceFailsTheRecordAndTheProducer) {
  ProducerSetup setup = without_id();
  setup.knows_metadata = false;
  ProducerBench bench{setup};
  bench.producer.assume_producer_id({1'000, 0});
  bench.api_versions[ApiKey::Produce] = {99, 99};
  const RecordId record = bench.send({});
  for (int i = 0; i < 20 && !bench.producer.transactions()->has_fatal_error(); ++i) {
    bench.now += 10ms;
    bench.step();
    bench.resume_sends();
  }
  ASSERT_TRUE(bench.producer.transactions()->has_fatal_error());
  EXPECT_EQ(bench.error(record), Exception::UnsupportedVersionException);
}

class FatalSender : public IdempotentSender {
 protected:
  FatalSender() {
    failed_ = send();
    other_ = send();
    refuse(ErrorCode::ClusterAuthorizationFailed);
  }
  RecordId failed_;
  RecordId other_;
};

TEST_F(FatalSender, FailsWhatElseIsInFlightInTheNextPass) {
  EXPECT_EQ(bench_.outcome(failed_).error->message,
            "The producer is not authorized to do idempotent sends");
  EXPECT_FALSE(bench_.is_done(other_));
  bench_.step();
  EXPECT_EQ(bench_.error(other_), Exception::ClusterAuthorizationException);
  EXPECT_TRUE(bench_.all_memory_is_free());

  bench_.acknowledge(0);
  bench_.steps(2);
  EXPECT_EQ(bench_.error(other_), Exception::ClusterAuthorizationException);
}

TEST_F(FatalSender, DoesNotAbortAgainWhatItAbortedWhenItIsClosedByForce) {
  bench_.step();
  bench_.close(0ms);
  bench_.steps(4);
  EXPECT_FALSE(bench_.is_alive());
  EXPECT_EQ(bench_.error(other_), Exception::ClusterAuthorizationException);
  EXPECT_EQ(bench_.events<RecordCompleted>().size(), 2u) << "each is told once";
}

TEST_F(FatalSender, RefusesTheNextSendThoughItIsInABatchAlready) {
  bench_.step();
  const RecordId later = bench_.send({.callback = CallbackId{0}});
  EXPECT_EQ(bench_.delivery(later), Delivery::Thrown);
  EXPECT_EQ(bench_.send_error(later)->exception, Exception::KafkaException);
  EXPECT_EQ(bench_.send_error(later)->cause, Exception::ClusterAuthorizationException);
  EXPECT_EQ(bench_.deque().size(), 1u);

  bench_.step();
  EXPECT_EQ(bench_.user_calls.size(), 1u) << "its callback runs when the batch is aborted";
  EXPECT_TRUE(bench_.all_memory_is_free());
}

TEST_F(FatalSender, StillCloses) {
  bench_.close();
  for (int i = 0; i < 5 && bench_.is_alive(); ++i) bench_.step();
  EXPECT_TRUE(bench_.is_alive()) << "an answer is out";
  bench_.acknowledge(0);
  bench_.steps(3);
  EXPECT_FALSE(bench_.is_alive());
}

}  // namespace
}  // namespace linger::core::sender_idempotence_test
