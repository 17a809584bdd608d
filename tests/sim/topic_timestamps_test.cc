#include "sim/topic_timestamps.h"

#include <gtest/gtest.h>

#include <string>

#include "support/scenarios.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000;  // of every scenario's clock

// One record at 20 ms of a producer whose clock is right, to a topic of that kind.
std::shared_ptr<const Scenario> one_record(const std::string& era, const std::string& topic,
                                           const std::string& fault = "") {
  return shared_scenario("era = \"" + era + "\"\n" + R"(
    [[topic]]
    name = "t"
)" + topic + R"(
    [producer]
    [[thread]]
    run = [ { at = "20ms", send = "t", wait = true } ]
)" + (fault.empty() ? "" : "[[fault]]\nat = \"0ms\"\n" + fault + "\n"));
}

class LogAppendTime : public testing::TestWithParam<const char*> {};

TEST_P(LogAppendTime, TakesThePlaceOfTheProducersInTheLog) {
  SmallRun run{one_record(GetParam(), "message.timestamp.type = \"LogAppendTime\"",
                          "clock_skew = { broker = 0, ahead = \"1h\" }")};
  run.run();
  const StoredBatch& stored = run.log(0).batch(0);
  const std::int64_t told = stored.header.max_timestamp;
  EXPECT_GE(told, kStart + 3'600'000 + 20);
  EXPECT_LT(told, kStart + 3'600'000 + 400);
  const auto content = stored.content();
  ASSERT_TRUE(content.ok()) << "the checksum is the new one's";
  EXPECT_EQ(content.value().at(0).timestamp, told);
  EXPECT_TRUE(stored.header.is_log_append_time());
  EXPECT_EQ(run.record(0).timestamp, told) << "and is what the callback is told";
}

TEST_P(LogAppendTime, IsNotThatOfATopicWithCreateTimes) {
  SmallRun run{one_record(GetParam(), "message.timestamp.type = \"CreateTime\"")};
  run.run();
  const StoredBatch& stored = run.log(0).batch(0);
  EXPECT_FALSE(stored.header.is_log_append_time());
  const auto content = stored.content();
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(run.record(0).timestamp, content.value().at(0).timestamp)
      << "the callback is told the record's own";
}

TEST_P(LogAppendTime, ATimestampThatIsTooFarFromTheBrokersClockIsRefused) {
  const std::string limit = "message.timestamp.difference.max.ms = 60000";
  SmallRun skewed{one_record(GetParam(), limit, "clock_skew = { broker = 0, behind = \"61s\" }")};
  skewed.run();
  ASSERT_TRUE(skewed.record(0).error);
  EXPECT_EQ(core::name(skewed.record(0).error->exception), "InvalidTimestampException");
  EXPECT_EQ(skewed.record(0).timestamp, -1);
  EXPECT_EQ(skewed.log(0).end_offset(), 0);

  SmallRun near{one_record(GetParam(), limit, "clock_skew = { broker = 0, behind = \"59s\" }")};
  near.run();
  EXPECT_EQ(near.record(0).status, RecordStatus::Acknowledged);
}

INSTANTIATE_TEST_SUITE_P(Eras, LogAppendTime, testing::Values("3.9", "2.8", "0.10.2"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '.');
                           return "Of" + name;
                         });

TEST(TopicTimestamps, SinceKip937EachWayHasALimitOfItsOwn) {
  const std::string limit = "message.timestamp.after.max.ms = 1000";
  SmallRun ahead{one_record("3.9", limit, "clock_skew = { broker = 0, ahead = \"1h\" }")};
  ahead.run();
  EXPECT_EQ(ahead.record(0).status, RecordStatus::Acknowledged) << "old records are welcome";
  SmallRun behind{one_record("3.9", limit, "clock_skew = { broker = 0, behind = \"1h\" }")};
  behind.run();
  EXPECT_EQ(behind.record(0).status, RecordStatus::Failed);
}

TEST(TopicTimestamps, AClockThatIsSetRightAgainIsRight) {
  SmallScenario scenario;
  scenario.faults = {{0ms, SkewClock{NodeId{0}, 1h, {}}}, {10ms, SkewClock{NodeId{0}}}};
  SmallRun run{scenario};
  run.run_until(5ms);
  EXPECT_EQ(run.world().servers.cluster().clocks.milliseconds(NodeId{0}, Instant{5ms}),
            kStart + 3'600'005);
  run.run_until(10ms);
  EXPECT_EQ(run.world().servers.cluster().clocks.milliseconds(NodeId{0}, Instant{10ms}),
            kStart + 10);
}

TEST(TopicTimestamps, TheAnswerNamesTheRecordAndTheBounds) {
  SmallRun run{one_record("3.9", "message.timestamp.difference.max.ms = 1000",
                          "clock_skew = { broker = 0, ahead = \"1h\" }")};
  run.run();
  const std::string text = core::text(*run.record(0).error);
  EXPECT_NE(text.find("Timestamp 17000000000"), std::string::npos) << text;
  EXPECT_NE(text.find("of message with offset 0 is out of range"), std::string::npos) << text;
}

}  // namespace
}  // namespace linger::sim
