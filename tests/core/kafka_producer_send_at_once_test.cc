// A send that nothing holds, and a callback behind another, are done at once. It shows in nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "support/producer_bench.h"

namespace linger::core::kafka_producer_send_at_once_test {
namespace {

struct Case {
  GivenSettings settings{};
  Era era = Era::V3_9;
  std::int32_t interceptors = 0;
  std::optional<std::int64_t> partitions{};  // records name one; else they do not
  bool has_keys = false;
  bool has_headers = false;
};

class SendAtOnce : public testing::TestWithParam<Case> {
 protected:
  static ProducerBench play(bool by_stages) {
    const Case& given = GetParam();
    ProducerBench bench{{.settings = given.settings,
                         .era = given.era,
                         .leaders = {{0, 1, 0}},
                         .interceptors = given.interceptors}};
    bench.goes_by_stages = by_stages;
    Random random{7, RandomStream::Applications, 0};
    for (std::int64_t i = 0; i < 400; ++i) {
      SendOf what;
      what.value_size = random.uniform(0, random.uniform(0, 9) == 0 ? 9'000 : 300);
      what.partition = std::nullopt;
      if (given.partitions) {
        what.partition = static_cast<std::int32_t>(random.uniform(0, *given.partitions - 1));
      }
      if (given.has_keys) what.key = "key-" + std::to_string(random.uniform(0, 5));
      if (given.has_headers) what.headers.push_back({"name", ByteVector(3, Byte{'h'})});
      if (random.uniform(0, 3) > 0) what.callback = CallbackId{0};
      bench.send(what);
      if (random.uniform(0, 20) > 0) continue;
      bench.at(Milliseconds{i});
      bench.steps(3);
      for (const NodeId node : {ProducerBench::kNode, ProducerBench::kOther}) {
        while (!bench.requests(node).empty()) bench.acknowledge(i, node);
      }
      bench.steps(2);
      bench.resume_sends();
    }
    return bench;
  }
};

TEST_P(SendAtOnce, TellsTheSameStory) {
  ProducerBench at_once = play(false);
  ProducerBench by_stages = play(true);

  const auto& events = at_once.all_events();
  const auto& expected = by_stages.all_events();
  ASSERT_EQ(events.size(), expected.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].index(), expected[i].index()) << i;
    if (const auto* one = std::get_if<RecordAppended>(&events[i])) {
      const auto& other = std::get<RecordAppended>(expected[i]);
      ASSERT_EQ(std::pair(one->record, one->partition), std::pair(other.record, other.partition));
      ASSERT_EQ(std::pair(one->batch, one->index), std::pair(other.batch, other.index));
      ASSERT_EQ(std::pair(one->bytes, one->batch_size), std::pair(other.bytes, other.batch_size));
      ASSERT_EQ(one->upper_bound, other.upper_bound);
      ASSERT_EQ(one->batch_is_full, other.batch_is_full);
    }
    if (const auto* one = std::get_if<PartitionChosen>(&events[i])) {
      const auto& other = std::get<PartitionChosen>(expected[i]);
      ASSERT_EQ(std::pair(one->partition, one->by), std::pair(other.partition, other.by));
    }
  }
  ASSERT_EQ(at_once.user_calls.size(), by_stages.user_calls.size());
  for (std::size_t i = 0; i < at_once.user_calls.size(); ++i) {
    const UserCall& one = at_once.user_calls[i];
    const UserCall& other = by_stages.user_calls[i];
    ASSERT_EQ(one.record, other.record);
    ASSERT_EQ(one.metadata.has_value(), other.metadata.has_value());
    if (one.metadata) {
      ASSERT_EQ(one.metadata->offset, other.metadata->offset);
      ASSERT_EQ(one.metadata->timestamp, other.metadata->timestamp);
    }
    ASSERT_EQ(one.error.has_value(), other.error.has_value());
  }
  EXPECT_GT(at_once.events<RecordCompleted>().size(), 100u);
}

INSTANTIATE_TEST_SUITE_P(
    InAllWays, SendAtOnce,
    testing::Values(Case{.partitions = 3}, Case{.has_keys = true}, Case{.has_headers = true},
                    Case{.settings = {{"linger.ms", "5"}, {"max.request.size", "8000"}}},
                    Case{.settings = {{"compression.type", "lz4"}}, .partitions = 2},
                    Case{.settings = {{"enable.idempotence", "true"}, {"acks", "all"}}},
                    Case{.settings = {{"buffer.memory", "40000"}}, .partitions = 3},
                    Case{.era = Era::V2_8}, Case{.era = Era::V0_10_2, .partitions = 3},
                    Case{.interceptors = 1, .partitions = 3},
                    Case{.era = Era::V2_8, .partitions = 5, .has_keys = true}));

TEST(SendWithoutAnOpenBatch, IsAtOnceWhereThereIsMemoryForOne) {
  ProducerBench bench{{.settings = {{"buffer.memory", "20000"}}}};
  std::int64_t next = 0;
  const auto is_sent_at_once = [&](std::int32_t partition) {
    ProducerRecord record;
    record.id = RecordId{next++};
    record.topic = kBenchTopic;
    record.partition = partition;
    record.value = ByteVector(100, Byte{'v'});
    constexpr auto kKept = KafkaProducer::FutureIs::Kept;
    return bench.producer.send_at_once(ThreadId{0}, record, kKept, bench.now, bench.journal)
        .has_value();
  };
  EXPECT_TRUE(is_sent_at_once(0)) << "into a batch of its own";
  EXPECT_TRUE(bench.producer.has_ready_events()) << "which the sender is to hear of";
  EXPECT_FALSE(is_sent_at_once(1)) << "another batch has to wait for memory";
  EXPECT_TRUE(is_sent_at_once(0));
  EXPECT_EQ(bench.events<BatchOpened>().size(), 1u);
}

TEST(SendToAnOpenBatch, IsAUseThatKeepsTheTopicInTheMetadata) {
  const auto is_known_after_eight_seconds = [](bool sends_each_second) {
    ProducerBench bench{{.settings = {{"linger.ms", "60000"},
                                      {"metadata.max.idle.ms", "5000"},
                                      {"metadata.max.age.ms", "8000"}}}};
    for (int second = 0; second < 8; ++second) {
      bench.at(std::chrono::seconds{second});
      if (second == 0 || sends_each_second) bench.send({});
    }
    bench.at(8s);
    bench.steps(2);
    EXPECT_EQ(bench.served, std::vector{ApiKey::Metadata}) << "all that is old is asked for again";
    EXPECT_EQ(bench.events<BatchOpened>().size(), 1u);
    return bench.producer.metadata().contains_topic(kBenchTopic);
  };
  EXPECT_TRUE(is_known_after_eight_seconds(true));
  EXPECT_FALSE(is_known_after_eight_seconds(false)) << "nobody has used it for five";
}

}  // namespace
}  // namespace linger::core::kafka_producer_send_at_once_test
