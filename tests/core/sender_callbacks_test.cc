// The user's code on the sender's thread: when it runs, what it is told, what it may do.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core::sender_callbacks_test {
namespace {

ProducerSetup patient(const GivenSettings& more = {}) {
  GivenSettings settings{{"acks", "all"}};
  for (const auto& [key, value] : more) settings[key] = value;
  return {.settings = settings};
}

constexpr CallbackId kCallback{0};

TEST(SenderCallbacks, RunInTheOrderOfAppendingBeforeTheFutureIsDoneAndMemoryIsFree) {
  ProducerBench bench{patient()};
  const RecordId first = bench.send({.callback = kCallback});
  const RecordId second = bench.send({.callback = kCallback});
  bench.step();
  int calls = 0;
  bench.on_user_call = [&](const UserCall& call) {
    EXPECT_EQ(call.record, ++calls == 1 ? first : second);
    EXPECT_EQ(call.metadata->offset, 39 + calls);
    EXPECT_FALSE(bench.is_done(first));
    EXPECT_FALSE(bench.all_memory_is_free());
    EXPECT_EQ(bench.in_flight_batches(), 1u);
    return UserCallAnswer{};
  };
  bench.acknowledge(40);
  bench.step();

  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(bench.is_done(first));
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderCallbacks, InterceptorsHearOfARecordBeforeItsOwnCallback) {
  ProducerSetup setup = patient();
  setup.interceptors = 2;
  ProducerBench bench{setup};
  bench.send({.callback = kCallback});
  bench.send({});
  bench.step();
  bench.user_calls.clear();
  bench.acknowledge(0);
  bench.step();

  std::vector<std::pair<UserCallKind, std::int32_t>> order;
  for (const UserCall& call : bench.user_calls) order.emplace_back(call.kind, call.index);
  const auto interceptor = [](std::int32_t i) {
    return std::pair{UserCallKind::OnAcknowledgement, i};
  };
  ASSERT_EQ(order.size(), 5u);
  EXPECT_EQ(order[0], interceptor(0));
  EXPECT_EQ(order[1], interceptor(1));
  EXPECT_EQ(order[2].first, UserCallKind::Callback);
  EXPECT_EQ(order[3], interceptor(0));
  EXPECT_EQ(order[4], interceptor(1));
}

TEST(SenderCallbacks, OneThatThrowsAnExceptionIsLoggedAndTheNextRuns) {
  ProducerBench bench{patient()};
  const RecordId record = bench.send({.callback = kCallback});
  bench.send({.callback = kCallback});
  bench.step();
  bench.on_user_call = [](const UserCall&) {
    UserCallAnswer answer;
    answer.threw = "IllegalStateException";
    return answer;
  };
  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.user_calls.size(), 2u);
  EXPECT_TRUE(bench.is_done(record));
  EXPECT_TRUE(bench.all_memory_is_free());
  EXPECT_TRUE(bench.is_alive());
}

TEST(SenderCallbacks, AnInterceptorThatThrowsStopsNeitherTheNextNorTheCallback) {
  ProducerSetup setup = patient();
  setup.interceptors = 2;
  ProducerBench bench{setup};
  bench.send({.callback = kCallback});
  bench.step();
  bench.user_calls.clear();
  bench.on_user_call = [](const UserCall& call) {
    UserCallAnswer answer;
    if (call.index == 0) answer.threw = "IllegalStateException";
    return answer;
  };
  bench.acknowledge(0);
  bench.step();
  ASSERT_EQ(bench.user_calls.size(), 3u);
  EXPECT_EQ(bench.user_calls[1].kind, UserCallKind::OnAcknowledgement);
  EXPECT_EQ(bench.user_calls[2].kind, UserCallKind::Callback);
}

TEST(SenderCallbacks, OneThatThrowsAnErrorKillsTheThread) {
  ProducerBench bench{patient({{"buffer.memory", "1048576"}, {"batch.size", "16384"}})};
  const RecordId record = bench.send({.partition = 1, .callback = kCallback});
  const RecordId other = bench.send({.partition = 0});  // answered behind it
  bench.step();
  bench.on_user_call = [](const UserCall&) {
    UserCallAnswer answer;
    answer.threw = "OutOfMemoryError";
    return answer;
  };
  bench.acknowledge(0);
  bench.step();

  EXPECT_FALSE(bench.is_alive());
  EXPECT_FALSE(bench.is_done(record));
  EXPECT_FALSE(bench.is_done(other));
  EXPECT_EQ(bench.free_memory(), Bytes{1'048'576 - 2 * 16'384});
  ASSERT_EQ(bench.events<SenderStopped>().size(), 1u);
  EXPECT_TRUE(bench.events<SenderStopped>()[0].died);
}

TEST(SenderCallbacks, OfAFailedRecordGetItsPlaceWithoutOffset) {
  ProducerBench bench{patient()};
  bench.send({.partition = 1, .callback = kCallback});
  bench.step();
  bench.refuse(ErrorCode::InvalidRequest);
  bench.step();
  ASSERT_EQ(bench.user_calls.size(), 1u);
  EXPECT_EQ(bench.user_calls[0].metadata->partition.partition, 1);
  EXPECT_EQ(bench.user_calls[0].metadata->offset, -1);
  EXPECT_EQ(bench.user_calls[0].metadata->timestamp, -1);
  EXPECT_EQ(bench.user_calls[0].error->exception, Exception::InvalidRequestException);
}

TEST(SenderCallbacks, TellTheRecordsTimeOrTheLogAppendTime) {
  ProducerBench bench{patient()};
  bench.send({.callback = kCallback, .timestamp = 77});
  bench.step();
  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.user_calls.at(0).metadata->timestamp, 77);

  bench.send({.callback = kCallback, .timestamp = 77});
  bench.step();
  bench.answer(ProducerBench::kNode, [](ProduceResponsePartition& partition) {
    partition.base_offset = 1;
    partition.log_append_time = 99;
  });
  bench.step();
  EXPECT_EQ(bench.user_calls.at(1).metadata->timestamp, 99);
}

TEST(SenderCallbacks, ThatSendsWithoutMemoryHoldsTheThreadThatCouldFreeIt) {
  ProducerBench bench{patient({{"buffer.memory", "16384"}, {"max.block.ms", "500"}})};
  bench.send({.callback = kCallback});
  bench.step();
  RecordId inner;
  bench.on_user_call = [&](const UserCall& call) {
    if (call.error || bench.user_calls.size() > 1) return UserCallAnswer{};
    inner = bench.send({.partition = 1});
    EXPECT_TRUE(bench.is_blocked(inner));
    bench.now += 500ms;
    bench.resume_sends();
    return UserCallAnswer{};
  };
  bench.acknowledge(0);
  bench.step();
  EXPECT_EQ(bench.send_error(inner)->exception, Exception::BufferExhaustedException);
  EXPECT_TRUE(bench.all_memory_is_free());
}

TEST(SenderCallbacks, MayCloseTheProducerByForceAlone) {
  ProducerBench bench{patient()};
  bench.send({.partition = 0, .callback = kCallback});
  const RecordId other = bench.send({.partition = 2});
  bench.step();
  bench.on_user_call = [&](const UserCall&) {
    EXPECT_TRUE(bench.close(1h, KafkaProducer::Caller::SenderThread).forced);
    return UserCallAnswer{};
  };
  bench.acknowledge(0);
  bench.steps(4);
  EXPECT_FALSE(bench.is_alive());
  EXPECT_EQ(bench.outcome(other).error->message, "Producer is closed forcefully.");
}

}  // namespace
}  // namespace linger::core::sender_callbacks_test
