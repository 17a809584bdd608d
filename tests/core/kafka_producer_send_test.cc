// KafkaProducer.send, from the interceptors to the future it returns.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core::kafka_producer_send_test {
namespace {

constexpr CallbackId kCallback{0};

UserCallAnswer throws(const std::string& exception) {
  UserCallAnswer answer;
  answer.threw = exception;
  return answer;
}
std::vector<UserCallKind> kinds(const ProducerBench& bench) {
  std::vector<UserCallKind> kinds;
  for (const UserCall& call : bench.user_calls) kinds.push_back(call.kind);
  return kinds;
}

// --- Metadata ---

ProducerSetup cold(const GivenSettings& settings = {}) {
  return {.settings = settings, .leaders = {{0}}, .knows_metadata = false};
}
// Lets a cold producer connect, shake hands and fetch metadata.
void fetch_metadata(ProducerBench& bench) {
  bench.steps(6);
  bench.resume_sends();
}

TEST(ProducerSend, WaitsForTheMetadataOfANewTopicAndGoesOn) {
  ProducerBench bench{cold()};
  const RecordId record = bench.send({});
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Metadata);

  fetch_metadata(bench);

  EXPECT_FALSE(bench.is_blocked(record));
  EXPECT_EQ(bench.deque().size(), 1u);
  EXPECT_EQ(bench.send_error(record), std::nullopt);
}

TEST(ProducerSend, WithMetadataAtHandDoesNotWait) {
  ProducerBench bench{{}};
  EXPECT_FALSE(bench.is_blocked(bench.send({})));
  EXPECT_TRUE(bench.events<CallBlocked>().empty());
}

TEST(ProducerSend, GivesUpOnMetadataWhenMaxBlockIsOver) {
  ProducerBench bench{cold({{"max.block.ms", "1000"}})};
  bench.answers_metadata = false;
  const RecordId record = bench.send({.callback = kCallback});
  bench.at(999ms);
  bench.resume_sends();
  EXPECT_TRUE(bench.is_blocked(record));

  bench.at(1'000ms);
  bench.resume_sends();
  EXPECT_EQ(bench.send_error(record)->message, "Topic t not present in metadata after 1000 ms.");
  EXPECT_EQ(bench.send_error(record)->cause, std::nullopt);
  EXPECT_EQ(bench.delivery(record), Delivery::Delivered);
  EXPECT_EQ(kinds(bench), std::vector{UserCallKind::Callback});
}

TEST(ProducerSend, ATopicThatNobodyKnowsIsAskedForAgainAndIsTheCauseAtTheEnd) {
  ProducerBench bench{cold({{"max.block.ms", "1000"}})};
  bench.leaders = {{}};
  const RecordId record = bench.send({});
  fetch_metadata(bench);
  EXPECT_TRUE(bench.is_blocked(record));

  bench.at(1'000ms);
  bench.resume_sends();
  EXPECT_EQ(bench.send_error(record)->message, "Topic t not present in metadata after 1000 ms.");
  EXPECT_EQ(bench.send_error(record)->cause, Exception::UnknownTopicOrPartitionException);
}

TEST(ProducerSend, APartitionBeyondTheLastWaitsUntilItAppears) {
  ProducerBench bench{{.leaders = {{0}}}};
  const RecordId record = bench.send({.partition = 2});
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Metadata);
  bench.at(100ms);
  fetch_metadata(bench);
  EXPECT_TRUE(bench.is_blocked(record)) << "still one partition";

  bench.leaders = {{0, 0, 0}};
  bench.at(5s);
  fetch_metadata(bench);
  EXPECT_FALSE(bench.is_blocked(record));
  EXPECT_EQ(bench.deque(2).size(), 1u);
}

TEST(ProducerSend, APartitionThatNeverAppearsIsNamedIfMetadataCameAtTheLast) {
  ProducerBench bench{{.settings = {{"max.block.ms", "1000"}}, .leaders = {{0}}}};
  const RecordId record = bench.send({.partition = 2});
  bench.at(1'000ms);
  fetch_metadata(bench);
  EXPECT_EQ(bench.send_error(record)->message,
            "Partition 2 of topic t with partition count 1 is not present in metadata after 1000 "
            "ms.");
}

TEST(ProducerSend, APartitionThatNeverAppearsIsTheTopicsFaultIfNoMetadataCame) {
  ProducerBench bench{{.settings = {{"max.block.ms", "1000"}}, .leaders = {{0}}}};
  const RecordId record = bench.send({.partition = 2});
  bench.at(1'000ms);
  bench.resume_sends();
  EXPECT_EQ(bench.send_error(record)->message, "Topic t not present in metadata after 1000 ms.");
}

TEST(ProducerSend, WhatMetadataLeavesOfMaxBlockIsForMemory) {
  ProducerBench bench{
      {.settings = {{"max.block.ms", "1000"}, {"buffer.memory", "16384"}, {"linger.ms", "10000"}},
       .leaders = {{0}}}};
  bench.send({});
  const RecordId record = bench.send({.partition = 1});
  bench.leaders = {{0, 0}};
  bench.at(700ms);
  fetch_metadata(bench);
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Memory);

  bench.at(999ms);
  bench.resume_sends();
  EXPECT_TRUE(bench.is_blocked(record));
  bench.at(1'000ms);
  bench.resume_sends();
  EXPECT_EQ(bench.send_error(record)->message,
            "Failed to allocate 16384 bytes within the configured max blocking time 300 ms. Total "
            "memory: 16384 bytes. Available memory: 0 bytes. Poolable size: 16384 bytes");
  EXPECT_EQ(bench.delivery(record), Delivery::Delivered);
}

TEST(ProducerSend, AfterCloseIsRefused) {
  ProducerBench bench{{.interceptors = 1}};
  bench.close();
  const RecordId record = bench.send({.callback = kCallback});
  EXPECT_EQ(bench.send_error(record)->exception, Exception::IllegalStateException);
  EXPECT_EQ(bench.send_error(record)->message,
            "Cannot perform operation after producer has been closed");
  EXPECT_EQ(kinds(bench), (std::vector{UserCallKind::OnSend, UserCallKind::OnAcknowledgement}))
      << "thrown: the callback does not hear of it";
}

// --- The time of a record ---

TEST(ProducerSend, ARecordWithoutTimestampGetsTheTimeAfterTheMetadataWait) {
  ProducerBench bench{cold()};
  const RecordId record = bench.send({});
  bench.at(250ms);
  fetch_metadata(bench);
  ASSERT_FALSE(bench.is_blocked(record));
  const ProducerBatch& batch = bench.producer.accumulator().batches.at(bench.deque().at(0));
  EXPECT_EQ(batch.records.at(0).timestamp, 1'700'000'000'250);
}

TEST(ProducerSend, ARecordsOwnTimestampStands) {
  ProducerBench bench{{}};
  bench.send({.timestamp = 12});
  const ProducerBatch& batch = bench.producer.accumulator().batches.at(bench.deque().at(0));
  EXPECT_EQ(batch.records.at(0).timestamp, 12);
}

// --- The size of a record ---

// 61 + 21 + the null key + the value and its length + no headers.
constexpr std::int64_t kAroundTheValue = 61 + 21 + 1 + 2 + 1;

TEST(ProducerSend, ARecordAsLargeAsMaxRequestSizePassesOneByteMoreDoesNot) {
  ProducerBench bench{{.settings = {{"max.request.size", "1000"}}}};
  EXPECT_EQ(bench.send_error(bench.send({.value_size = 1'000 - kAroundTheValue})), std::nullopt);

  const RecordId record =
      bench.send({.value_size = 1'001 - kAroundTheValue, .callback = kCallback});
  EXPECT_EQ(bench.send_error(record)->exception, Exception::RecordTooLargeException);
  EXPECT_EQ(bench.send_error(record)->message,
            "The message is 1001 bytes when serialized which is larger than 1000, which is the "
            "value of the max.request.size configuration.");
  EXPECT_EQ(bench.delivery(record), Delivery::Delivered);
  EXPECT_EQ(bench.user_calls.at(0).metadata->offset, -1);
}

TEST(ProducerSend, ARecordLargerThanTheWholeMemoryIsRefused) {
  ProducerBench bench{{.settings = {{"buffer.memory", "1000"}, {"batch.size", "500"}}}};
  EXPECT_EQ(bench.send_error(bench.send({.value_size = 1'000 - kAroundTheValue})), std::nullopt);
  EXPECT_EQ(
      bench.send_error(bench.send({.value_size = 1'001 - kAroundTheValue}))->message,
      "The message is 1001 bytes when serialized which is larger than the total memory buffer "
      "you have configured with the buffer.memory configuration.");
}

TEST(ProducerSend, BatchesLargerThanTheWholeMemoryMakeEverySendThrow) {
  ProducerBench bench{{.settings = {{"buffer.memory", "1000"}}}};
  const RecordId record = bench.send({.callback = kCallback});
  EXPECT_EQ(bench.send_error(record)->exception, Exception::IllegalArgumentException);
  EXPECT_EQ(bench.delivery(record), Delivery::Thrown);
  EXPECT_TRUE(bench.user_calls.empty());
}

// --- Who hears of a failure ---

TEST(ProducerSend, ADeliveredFailureIsToldToTheCallbackFirstThenToInterceptors) {
  ProducerBench bench{{.settings = {{"max.request.size", "100"}}, .interceptors = 2}};
  const RecordId record = bench.send({.partition = 1, .value_size = 500, .callback = kCallback});
  EXPECT_EQ(kinds(bench),
            (std::vector{UserCallKind::OnSend, UserCallKind::OnSend, UserCallKind::Callback,
                         UserCallKind::OnAcknowledgement, UserCallKind::OnAcknowledgement}));
  const UserCall& told = bench.user_calls.back();
  EXPECT_EQ(told.metadata->partition, (TopicPartition{kBenchTopic, 1}));
  EXPECT_EQ(told.metadata->offset, -1);
  EXPECT_EQ(told.error, bench.send_error(record));
}

TEST(ProducerSend, AnInterceptorIsToldWhichRecordItIsAskedAbout) {
  ProducerBench bench{{.interceptors = 1}};
  const RecordId first = bench.send({});
  const RecordId second = bench.send({});
  ASSERT_EQ(kinds(bench), (std::vector{UserCallKind::OnSend, UserCallKind::OnSend}));
  EXPECT_EQ(bench.user_calls[0].record, first);
  EXPECT_EQ(bench.user_calls[1].record, second);
}

TEST(ProducerSend, IfThePartitionWasNeverChosenItIsToldAsMinusOne) {
  ProducerBench bench{{.settings = {{"max.request.size", "100"}}}};
  bench.send({.partition = std::nullopt, .value_size = 500, .callback = kCallback});
  EXPECT_EQ(bench.user_calls.at(0).metadata->partition.partition, -1);
}

TEST(ProducerSend, ASerializersExceptionIsThrown) {
  ProducerBench bench{{.interceptors = 1, .has_value_serializer = true}};
  bench.on_user_call = [](const UserCall& call) {
    return call.kind == UserCallKind::SerializeValue ? throws("SerializationException")
                                                     : UserCallAnswer{};
  };
  const RecordId record = bench.send({.callback = kCallback});
  EXPECT_EQ(bench.send_error(record)->exception, Exception::SerializationException);
  EXPECT_EQ(bench.delivery(record), Delivery::Thrown);
  EXPECT_EQ(kinds(bench), (std::vector{UserCallKind::OnSend, UserCallKind::SerializeValue,
                                       UserCallKind::OnAcknowledgement}));
  EXPECT_FALSE(bench.producer.accumulator().has_incomplete());
}

TEST(ProducerSend, ASerializersResultIsWhatIsSent) {
  ProducerBench bench{{.has_value_serializer = true}};
  bench.on_user_call = [](const UserCall&) {
    UserCallAnswer answer;
    answer.bytes = ByteVector(300, Byte{'s'});
    return answer;
  };
  bench.send({.value_size = 5});
  EXPECT_GT(bench.producer.accumulator().batches.at(bench.deque().at(0)).builder.size(),
            Bytes{300});
}

TEST(ProducerSend, ASerializerSeesTopicAndHeadersAsInterceptorsLeftThem) {
  ProducerBench bench{{.interceptors = 1, .has_value_serializer = true}};
  const std::vector<RecordHeader> headers{{"trace", ByteVector{'a', 'b'}}};
  bench.on_user_call = [&](const UserCall& call) {
    UserCallAnswer answer;
    if (call.kind == UserCallKind::OnSend) {
      answer.record = call.argument;
      answer.record->headers = headers;
    }
    if (call.kind == UserCallKind::SerializeValue) {
      EXPECT_EQ(call.argument->topic, kBenchTopic);
      EXPECT_EQ(call.argument->headers, headers);
      EXPECT_EQ(call.argument->value, ByteVector(5, Byte{'v'}));
    }
    return answer;
  };
  bench.send({.partition = 0});
  const BatchId id = bench.deque().at(0);
  bench.step();
  const RecordAccumulator& accumulator = bench.producer.accumulator();
  const MemoryRecordsBuilder& builder = accumulator.batches.at(id).builder;
  const ByteSpan bytes{accumulator.buffers.bytes(builder.buffer())};
  const auto size = static_cast<std::size_t>(builder.size().count());
  EXPECT_EQ(decode_batch(bytes.first(size)).value().records.at(0).headers, headers);
}

// --- Interceptors ---

TEST(ProducerSend, EachInterceptorGetsTheRecordOfTheOneBefore) {
  ProducerBench bench{{.interceptors = 3}};
  bench.on_user_call = [](const UserCall& call) {
    UserCallAnswer answer;
    if (call.index == 0) {
      answer.record = call.argument;
      answer.record->partition = 1;
    }
    if (call.index == 1) answer.threw = "RuntimeException";
    if (call.index == 2) {
      EXPECT_EQ(call.argument->partition, 1) << "the last good record goes on";
    }
    return answer;
  };
  const RecordId record = bench.send({.partition = 0});
  EXPECT_EQ(bench.send_error(record), std::nullopt);
  EXPECT_EQ(bench.deque(1).size(), 1u);
}

// --- The partition ---

TEST(ProducerSend, AKeyAlwaysGoesToTheSamePartition) {
  ProducerBench bench{{.leaders = {{0, 0, 0}}}};
  for (int i = 0; i < 5; ++i) bench.send({.partition = std::nullopt, .key = "customer-7"});
  const auto chosen = bench.events<PartitionChosen>();
  ASSERT_EQ(chosen.size(), 5u);
  for (const PartitionChosen& choice : chosen) {
    EXPECT_EQ(choice.by, PartitionChoice::KeyHash);
    EXPECT_EQ(choice.partition, chosen[0].partition);
  }
}

TEST(ProducerSend, KeysMayBeIgnored) {
  ProducerBench bench{{.settings = {{"partitioner.ignore.keys", "true"}}}};
  bench.send({.partition = std::nullopt, .key = "customer-7"});
  EXPECT_EQ(bench.events<PartitionChosen>().at(0).by, PartitionChoice::Sticky);
}

TEST(ProducerSend, AnExplicitPartitionWinsOverPartitionerAndKey) {
  ProducerBench bench{{.has_partitioner = true}};
  bench.send({.partition = 2, .key = "customer-7"});
  EXPECT_TRUE(bench.user_calls.empty());
  EXPECT_EQ(bench.deque(2).size(), 1u);
}

class CustomPartitioner : public ::testing::Test {
 protected:
  explicit CustomPartitioner(const GivenSettings& settings = {})
      : bench_{{.settings = settings, .has_partitioner = true}} {
    bench_.on_user_call = [this](const UserCall&) {
      UserCallAnswer answer;
      answer.partition = next_;
      next_ += step_;
      return answer;
    };
  }
  std::int32_t next_ = 0;
  std::int32_t step_ = 0;
  ProducerBench bench_;
};

TEST_F(CustomPartitioner, ChoosesForRecordsWithoutAPartition) {
  next_ = 1;
  bench_.send({.partition = std::nullopt, .key = "customer-7"});
  EXPECT_EQ(bench_.deque(1).size(), 1u);
  EXPECT_EQ(bench_.events<PartitionChosen>().back().by, PartitionChoice::Custom);
}

TEST_F(CustomPartitioner, ANegativeAnswerIsThrownAsIllegalArgument) {
  next_ = -3;
  const RecordId record = bench_.send({.partition = std::nullopt});
  EXPECT_EQ(bench_.send_error(record)->exception, Exception::IllegalArgumentException);
  EXPECT_EQ(bench_.send_error(record)->message,
            "The partitioner generated an invalid partition number: -3. Partition number should "
            "always be non-negative.");
  EXPECT_EQ(bench_.delivery(record), Delivery::Thrown);
}

TEST_F(CustomPartitioner, IsAskedAgainWhereANewBatchWouldBeNeeded) {
  step_ = 1;
  bench_.send({.partition = std::nullopt});

  EXPECT_EQ(bench_.user_calls.size(), 2u);
  EXPECT_TRUE(bench_.deque(0).empty()) << "it skips a partition";
  EXPECT_EQ(bench_.deque(1).size(), 1u);
}

TEST_F(CustomPartitioner, IsAskedOnceWhereTheOpenBatchHasRoom) {
  bench_.send({.partition = std::nullopt});
  bench_.user_calls.clear();
  bench_.send({.partition = std::nullopt});
  EXPECT_EQ(bench_.user_calls.size(), 1u);
}

TEST(ProducerSend, ANegativeAnswerIsTakenAsItIsBeforeKafka7572) {
  ProducerBench bench{{.flips = {{Rule::Kafka7572NegativePartition, RuleFlip::Turn::Off}},
                       .has_partitioner = true}};
  bench.on_user_call = [](const UserCall&) {
    UserCallAnswer answer;
    answer.partition = -3;
    return answer;
  };
  const RecordId record = bench.send({.partition = std::nullopt});
  EXPECT_FALSE(bench.send_error(record).has_value());
  EXPECT_EQ(bench.deque(-3).size(), 1u) << "nobody will ever drain it";
}

// How many of so many records of a batch of their own lie in each partition.
std::vector<std::size_t> batches_in_partitions(ProducerBench& bench, int records) {
  for (int i = 0; i < records; ++i) bench.send({.partition = std::nullopt, .value_size = 900});
  std::vector<std::size_t> batches;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(bench.leaders.of.size()); ++i) {
    batches.push_back(bench.deque(i).size());
  }
  return batches;
}

TEST(ProducerSend, RoundRobinSkipsEveryOtherPartitionUntilKafka17632) {
  const GivenSettings settings{{"partitioner.class", "RoundRobinPartitioner"},
                               {"batch.size", "1000"}};
  ProducerBench skewed{{.settings = settings, .leaders = {{0, 0, 0, 0}}}};
  auto batches = batches_in_partitions(skewed, 8);
  std::ranges::sort(batches);
  EXPECT_EQ(batches, (std::vector<std::size_t>{0, 0, 4, 4}));
  ProducerBench even{{.settings = settings,
                      .flips = {{Rule::Kafka17632RoundRobinRewinds, RuleFlip::Turn::On}},
                      .leaders = {{0, 0, 0, 0}}}};
  EXPECT_EQ(batches_in_partitions(even, 8), (std::vector<std::size_t>{2, 2, 2, 2}));
}

TEST(ProducerSend, TheDefaultPartitionerOf0_10GoesOneAfterTheOther) {
  ProducerBench bench{{.settings = {{"batch.size", "1000"}}, .era = Era::V0_10_2}};
  EXPECT_EQ(batches_in_partitions(bench, 6), (std::vector<std::size_t>{2, 2, 2}));
}

TEST(ProducerSend, TheDefaultPartitionerOf2_8SticksUntilItsBatchIsFull) {
  ProducerBench bench{{.settings = {{"batch.size", "1000"}}, .era = Era::V2_8}};
  for (int i = 0; i < 7; ++i) bench.send({.partition = std::nullopt, .value_size = 100});
  const auto chosen = bench.events<PartitionChosen>();
  EXPECT_EQ(std::set<std::int32_t>({chosen.back().partition.partition}).size(), 1u);
  bench.send({.partition = std::nullopt, .value_size = 900});
  EXPECT_NE(bench.events<PartitionChosen>().back().partition, chosen.back().partition);
}

TEST(ProducerSend, ARecordWithAPartitionMovesTheStickyChoiceOf2_8) {
  ProducerBench bench{{.settings = {{"batch.size", "1000"}}, .era = Era::V2_8}};
  bench.send({.partition = std::nullopt});
  const std::int32_t sticky = bench.events<PartitionChosen>().back().partition.partition;
  bench.send({.partition = sticky, .value_size = 950});  // has no room, so it needs a new batch
  const RecordId next = bench.send({.partition = std::nullopt});
  for (const PartitionChosen& choice : bench.events<PartitionChosen>()) {
    if (choice.record != next) continue;
    EXPECT_NE(choice.partition.partition, sticky);
    break;  // it needs a new batch itself, and may then come back
  }
}

TEST(ProducerSend, BeforeKafka14156TheStickyChoiceLeavesAFractionalBatchBehind) {
  const auto batches_of = [](std::vector<RuleFlip> flips) {
    ProducerBench bench{{.settings = {{"batch.size", "1000"}},
                         .flips = std::move(flips),
                         .leaders = {{0, 0, 0, 0, 0, 0, 0, 0}}}};
    for (int i = 0; i < 4; ++i) bench.send({.partition = std::nullopt, .value_size = 400});
    return bench.events<BatchOpened>().size();
  };
  EXPECT_EQ(batches_of({}), 2u) << "two records in each";
  EXPECT_EQ(batches_of({{Rule::Kafka14156WholeBatchSwitch, RuleFlip::Turn::Off}}), 3u);
}

// --- Waking the sender ---

TEST(ProducerSend, WakesTheSenderWithTheRecordThatOpensABatchAndTheOneThatFillsIt) {
  ProducerBench bench{{.settings = {{"batch.size", "100"}, {"linger.ms", "10000"}}}};
  bench.step();
  const auto wakes = [&](std::int64_t size) {
    EXPECT_TRUE(std::holds_alternative<Sender::Polling>(
        bench.producer.run_sender(bench.now, bench.journal)));
    EXPECT_FALSE(bench.producer.has_ready_events());
    bench.send({.value_size = size});
    const bool woken = bench.producer.has_ready_events();
    bench.producer.run_sender(bench.now, bench.journal);
    return woken;
  };
  EXPECT_TRUE(wakes(5)) << "opens a batch";
  EXPECT_FALSE(wakes(5)) << "joins it: 85 bytes";
  EXPECT_TRUE(wakes(8)) << "fills it: 100 bytes";
}

}  // namespace
}  // namespace linger::core::kafka_producer_send_test
