#include "viz/trace_index.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string_view>

#include "support/scenarios.h"

namespace linger::viz {
namespace {

constexpr std::string_view kLeaderDies = R"(
warm = true
backoff_jitter = false
end = "3s"
[cluster]
brokers = 3
replica_latency = "50ms"
broker.session.timeout.ms = 500
[[topic]]
name = "orders"
replicas = 3
[producer]
acks = 1
enable.idempotence = false
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, count = 40, every = "5ms" },
       { sleep = "1s" },
       { send = "orders", partition = 0, count = 3, every = "5ms" }]
[[fault]]
at = "150ms"
stop = 0
)";

// The new leader's log is shorter, and grows from there with other records.
TEST(TraceIndex, FollowsTheLogOfWhoeverLeads) {
  sim::Timeline timeline{sim::shared_scenario(kLeaderDies)};
  TraceIndex index;
  const core::TopicPartition orders{core::TopicId{0}, 0};
  while (timeline.step_forward()) {
    if (timeline.cursor() % 40 == 0 || timeline.is_over()) index.extend(timeline);
  }
  const sim::Cluster& cluster = timeline.world().servers.cluster();
  const sim::PartitionLog& log = cluster.find(orders)->log;
  const LogNotes& notes = *index.log(orders);
  ASSERT_TRUE(notes.are_of(cluster, orders));
  ASSERT_GT(log.end_offset(), 0);
  for (const sim::LoggedRecord& record : log.records()) {
    const LogNote& note = notes.all()[static_cast<std::size_t>(record.offset)];
    EXPECT_EQ(note.record, record.id);
    EXPECT_FALSE(note.is_duplicate());
    EXPECT_EQ(notes.offset_of(core::ProducerIndex{0}, index.ranked(*record.id)), record.offset);
  }
  sim::Timeline before = timeline;
  before.seek_time(core::Instant{std::chrono::milliseconds{140}});
  EXPECT_FALSE(notes.are_of(before.world().servers.cluster(), orders));
}

}  // namespace
}  // namespace linger::viz
