// What Kafka's own tests of 0.10.2 say of the producer as a whole.
#include <gtest/gtest.h>

#include <optional>

#include "support/producer_bench.h"

namespace linger::core::producer_0_10_2_test {
namespace {

ProducerSetup of_0_10_2(const GivenSettings& settings = {}) {
  return {.settings = settings, .era = Era::V0_10_2};
}

TEST(In0102, AForcedCloseFailsEverythingWithIllegalState) {
  ProducerBench bench{of_0_10_2({{"linger.ms", "10000"}})};
  const RecordId queued = bench.send({.partition = 1});
  const RecordId in_flight = bench.send({.partition = 0, .value_size = 20'000});
  bench.step();
  bench.close(0ms);
  bench.steps(2);
  for (const RecordId record : {queued, in_flight}) {
    ASSERT_TRUE(bench.is_done(record));
    EXPECT_EQ(bench.error(record), Exception::IllegalStateException);
    EXPECT_EQ(bench.outcome(record).error->message, "Producer is closed forcefully.");
  }
}

TEST(In0102, TheCallbackOfAnExpiredBatchMaySendAgain) {
  ProducerSetup setup = of_0_10_2({{"request.timeout.ms", "1000"}});
  setup.leaders = {{-1}};
  ProducerBench bench{setup};
  std::optional<RecordId> again;
  bench.on_user_call = [&](const UserCall&) {
    if (!again) again = bench.send({});
    return UserCallAnswer{};
  };
  const RecordId record = bench.send({.callback = CallbackId{0}});
  bench.at(1'001ms);
  bench.step();
  ASSERT_TRUE(bench.is_done(record));
  ASSERT_TRUE(again);
  EXPECT_FALSE(bench.is_done(*again));
  EXPECT_EQ(bench.deque().size(), 1u);
}

TEST(In0102, TheTimeThatAnAnswerWasHeldBackIsSeenAndNothingMore) {
  ProducerBench bench{of_0_10_2()};
  const RecordId record = bench.send({});
  bench.step();
  bench.at(300ms);  // so long the broker held it back
  ProduceResponse response;
  response.topics = {{"t", {{.index = 0, .base_offset = 7}}}};
  response.throttle_time = 300ms;
  bench.respond(ProducerBench::kNode, response);
  bench.step();
  EXPECT_EQ(bench.outcome(record).offset, 7);
  EXPECT_TRUE(bench.events<NodeThrottled>().empty());
  bench.send({});
  bench.step();
  EXPECT_EQ(bench.requests().size(), 1u) << "at once";
}

}  // namespace
}  // namespace linger::core::producer_0_10_2_test
