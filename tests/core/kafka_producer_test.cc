// flush, get and close as calls that wait; the rest of send() is in kafka_producer_send_test.cc.
#include "core/kafka_producer.h"

#include <gtest/gtest.h>

#include <optional>
#include <variant>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core::kafka_producer_test {
namespace {

GivenSettings lingering() {
  return {{"linger.ms", "10000"}, {"delivery.timeout.ms", "60000"}};
}

// --- flush ---

class Flush : public ::testing::Test {
 protected:
  FlushCall begin() { return bench_.producer.begin_flush(ThreadId{0}, bench_.journal); }
  bool is_over(const FlushCall& call) const { return bench_.producer.may_advance(call); }
  void end(FlushCall& call) { bench_.producer.end_flush(call, bench_.journal); }

  ProducerBench bench_{{.settings = lingering()}};
};

TEST_F(Flush, WithNothingIncompleteIsOverAtOnce) {
  FlushCall flush = begin();
  EXPECT_TRUE(is_over(flush));
  end(flush);
  EXPECT_FALSE(bench_.producer.accumulator().flush_in_progress());
}

TEST_F(Flush, SendsWhatLingersAndWaitsForItsAnswer) {
  std::vector<RecordId> records;
  for (int i = 0; i < 50; ++i) records.push_back(bench_.send({.partition = i % 2}));
  bench_.step();
  EXPECT_TRUE(bench_.requests().empty());

  FlushCall flush = begin();
  EXPECT_TRUE(bench_.producer.has_ready_events()) << "the sender is woken";
  bench_.step();
  EXPECT_FALSE(is_over(flush));
  bench_.acknowledge(0);
  bench_.step();

  ASSERT_TRUE(is_over(flush));
  end(flush);
  for (const RecordId record : records) EXPECT_TRUE(bench_.is_done(record));
  EXPECT_FALSE(bench_.producer.accumulator().has_incomplete());
}

TEST_F(Flush, WaitsForFailuresToo) {
  bench_.send({});
  FlushCall flush = begin();
  bench_.step();
  bench_.refuse(ErrorCode::InvalidRecord);
  bench_.step();
  EXPECT_TRUE(is_over(flush));
  end(flush);
}

TEST_F(Flush, WaitsThroughRetries) {
  bench_.send({});
  FlushCall flush = begin();
  bench_.step();
  bench_.refuse(ErrorCode::NotEnoughReplicas);
  bench_.step();
  EXPECT_FALSE(is_over(flush));
  bench_.at(100ms);
  bench_.step();
  bench_.acknowledge(0);
  bench_.step();
  EXPECT_TRUE(is_over(flush));
  end(flush);
}

TEST_F(Flush, DoesNotWaitForWhatIsSentMeanwhileButSendsItToo) {
  bench_.send({});
  FlushCall flush = begin();
  bench_.step();
  const RecordId later = bench_.send({.partition = 2});
  bench_.step();
  EXPECT_EQ(bench_.requests(NodeId{1}).size(), 1u) << "no lingering during a flush";
  bench_.acknowledge(0);
  bench_.step();
  EXPECT_TRUE(is_over(flush));
  EXPECT_FALSE(bench_.is_done(later));
  end(flush);
}

TEST_F(Flush, TwoAtOnceBothMustEndBeforeRecordsLingerAgain) {
  FlushCall first = begin();
  FlushCall second = begin();
  end(first);
  bench_.send({});
  bench_.step();
  EXPECT_EQ(bench_.requests().size(), 1u);
  end(second);
  bench_.send({.partition = 1});
  bench_.step();
  EXPECT_EQ(bench_.requests().size(), 1u);
}

// --- future.get() ---

class Get : public ::testing::Test {
 protected:
  FutureCall begin(RecordId record) {
    return bench_.producer.begin_get(ThreadId{0}, record, bench_.future(record));
  }
  bool is_over(const FutureCall& call) const {
    return bench_.producer.may_advance(call, bench_.now);
  }
  KafkaProducer::Fetched end(FutureCall& call) { return bench_.producer.end_get(call).value(); }

  ProducerBench bench_;
  Get() : bench_{{}} {}
};

TEST_F(Get, ReturnsPartitionOffsetAndTheRecordsTime) {
  bench_.send({.partition = 1, .timestamp = 76});
  const RecordId record = bench_.send({.partition = 1, .timestamp = 77});
  FutureCall get = begin(record);
  bench_.step();
  EXPECT_FALSE(is_over(get));
  bench_.acknowledge(40);
  bench_.step();

  ASSERT_TRUE(is_over(get));
  const KafkaProducer::Fetched fetched = end(get);
  EXPECT_FALSE(fetched.error);
  EXPECT_EQ(fetched.metadata.partition, (TopicPartition{kBenchTopic, 1}));
  EXPECT_EQ(fetched.metadata.offset, 41);
  EXPECT_EQ(fetched.metadata.timestamp, 77);
}

TEST_F(Get, ReturnsTheLogAppendTimeIfTheTopicHasIt) {
  const RecordId record = bench_.send({.timestamp = 77});
  FutureCall get = begin(record);
  bench_.step();
  bench_.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.base_offset = 0;
    partition.log_append_time = 99;
  });
  bench_.step();
  EXPECT_EQ(end(get).metadata.timestamp, 99);
}

TEST_F(Get, ReturnsTheErrorOfTheRecord) {
  const RecordId record = bench_.send({});
  FutureCall get = begin(record);
  bench_.step();
  bench_.refuse(ErrorCode::InvalidRecord);
  bench_.step();
  EXPECT_EQ(end(get).error->exception, Exception::InvalidRecordException);
}

TEST_F(Get, FollowsASplitToTheRecordsNewPlace) {
  bench_.send({.timestamp = 76});
  const RecordId record = bench_.send({.timestamp = 77});
  FutureCall get = begin(record);
  bench_.step();
  bench_.refuse(ErrorCode::MessageTooLarge);
  bench_.steps(2);
  EXPECT_FALSE(is_over(get)) << "although the first batch's own result is done";
  bench_.acknowledge(7);
  bench_.step();
  ASSERT_TRUE(is_over(get));
  const KafkaProducer::Fetched fetched = end(get);
  EXPECT_EQ(fetched.metadata.offset, 8);
  EXPECT_EQ(fetched.metadata.timestamp, 77);
}

TEST_F(Get, WithADeadlineReturnsNothingAndMayBeAskedAgain) {
  const RecordId record = bench_.send({});
  FutureCall get = begin(record);
  get.deadline = ProducerBench::kStart + 50ms;
  bench_.at(49ms);
  EXPECT_FALSE(is_over(get));
  bench_.at(50ms);
  ASSERT_TRUE(is_over(get));
  EXPECT_EQ(bench_.producer.end_get(get), std::nullopt);

  bench_.step();
  bench_.acknowledge(0);
  bench_.step();
  EXPECT_EQ(end(get).metadata.offset, 0);
}

// --- close ---

class Close : public ::testing::Test {
 protected:
  bool is_over(CloseCall& call) {
    return std::holds_alternative<bool>(bench_.producer.advance(call, bench_.now, bench_.journal));
  }
  ProducerBench bench_{{.settings = lingering()}};
};

TEST_F(Close, OfANegativeTimeoutIsRefused) {
  const auto refused =
      bench_.producer.begin_close(ThreadId{0}, Milliseconds{-1}, KafkaProducer::Caller::Application,
                                  bench_.now, bench_.journal);
  EXPECT_EQ(std::get<ClientError>(refused).message, "The timeout cannot be negative.");
  EXPECT_FALSE(bench_.producer.is_closed());
}

TEST_F(Close, WithoutLimitWaitsForWhatIsOnItsWay) {
  const RecordId record = bench_.send({});
  CloseCall close = bench_.close();
  EXPECT_TRUE(bench_.producer.has_ready_events()) << "the sender is woken";
  bench_.steps(2);
  bench_.at(50s);
  EXPECT_FALSE(is_over(close));
  bench_.acknowledge(0);
  bench_.steps(2);
  EXPECT_TRUE(is_over(close));
  EXPECT_FALSE(close.forced);
  EXPECT_EQ(bench_.outcome(record).offset, 0);
}

TEST_F(Close, WithALimitForcesTheEndWhenItHasPassed) {
  const RecordId record = bench_.send({});
  CloseCall close = bench_.close(500ms);
  bench_.step();
  bench_.at(499ms);
  EXPECT_FALSE(is_over(close));
  bench_.step();
  EXPECT_FALSE(bench_.is_done(record));

  bench_.at(500ms);
  EXPECT_FALSE(is_over(close));
  EXPECT_TRUE(close.forced);
  bench_.steps(4);
  EXPECT_TRUE(is_over(close));
  EXPECT_EQ(bench_.outcome(record).error->message, "Producer is closed forcefully.");
}

TEST_F(Close, OfZeroForcesTheEndAtOnce) {
  const RecordId record = bench_.send({});
  CloseCall close = bench_.close(0ms);
  EXPECT_TRUE(close.forced);
  bench_.steps(4);
  EXPECT_TRUE(is_over(close));
  EXPECT_TRUE(bench_.requests().empty());
  EXPECT_EQ(bench_.error(record), Exception::KafkaException);
}

TEST_F(Close, FromACallbackIsForcedAndSaysSo) {
  const CloseCall close = bench_.close(1h, KafkaProducer::Caller::SenderThread);
  EXPECT_TRUE(close.forced);
  EXPECT_FALSE(bench_.events<Logged>().empty());
}

TEST_F(Close, CalledAgainIsHarmless) {
  CloseCall first = bench_.close();
  bench_.steps(2);
  CloseCall second = bench_.close();
  EXPECT_TRUE(is_over(first));
  EXPECT_TRUE(is_over(second));
}

TEST_F(Close, AnEndlessTimeoutIsNoLimit) {
  const CloseCall close = bench_.close(kForever);
  EXPECT_EQ(close.deadline, kNever);
}

TEST_F(Close, ReleasesAFlushWithTheAbortedBatches) {
  bench_.send({});
  FlushCall flush = bench_.producer.begin_flush(ThreadId{1}, bench_.journal);
  bench_.step();
  bench_.close(0ms);
  bench_.steps(4);
  EXPECT_TRUE(bench_.producer.may_advance(flush));
  bench_.producer.end_flush(flush, bench_.journal);
}

// --- A copy ---

TEST(KafkaProducer, TheFirstOfAProcessCallsItselfProducer1) {
  ProducerBench bench{{}};
  bench.send({});
  bench.step();
  EXPECT_EQ(bench.requests().at(0).header.client_id, "producer-1");
}

TEST(KafkaProducer, ACopyGoesOnAsTheOriginalDoes) {
  ProducerBench original{{}};
  const RecordId record = original.send({});
  original.step();
  ProducerBench copy = original;

  original.acknowledge(3);
  original.step();
  EXPECT_TRUE(original.is_done(record));
  EXPECT_FALSE(copy.is_done(record)) << "what happens to one does not happen to the other";

  copy.acknowledge(3);
  copy.step();
  EXPECT_EQ(copy.outcome(record).offset, original.outcome(record).offset);
  EXPECT_TRUE(copy.all_memory_is_free());
}

}  // namespace
}  // namespace linger::core::kafka_producer_test
