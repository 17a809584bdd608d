#include "viz/trace_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
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
  std::int64_t longest = 0;
  while (timeline.step_forward()) {
    const sim::PartitionLog& log = timeline.world().servers.cluster().find(orders)->log;
    longest = std::max(longest, log.end_offset());
    if (timeline.cursor() % 40 == 0 || timeline.is_over()) index.extend(timeline);
  }
  const sim::PartitionLog& log = timeline.world().servers.cluster().find(orders)->log;
  const auto notes = index.log(orders);
  ASSERT_GE(std::ssize(notes), longest);
  ASSERT_GT(log.end_offset(), 0);
  for (const sim::LoggedRecord& record : log.records()) {
    const LogNote& note = notes[static_cast<std::size_t>(record.offset)];
    EXPECT_EQ(note.record, record.id);
    EXPECT_FALSE(note.is_duplicate());
    EXPECT_EQ(index.offset_of(*record.id), record.offset);
  }
}

}  // namespace
}  // namespace linger::viz
