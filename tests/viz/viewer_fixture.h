// Viewers at work on small scenarios.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "support/scenarios.h"
#include "viz/viewer_state.h"

namespace linger::viz {

using namespace std::chrono_literals;

// One broker 2 ms away, one partition, a batch that lingers for 5 ms; connections stand already.
inline constexpr std::string_view kLinger = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
linger.ms = 5
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 3, every = "1ms" }]
)";

// The first produce request is refused twice; the backoff is 20 ms, then 40.
inline constexpr std::string_view kRetry = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 2
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
[producer]
retry.backoff.ms = 20
retry.backoff.max.ms = 200
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
[[fault]]
at = "0ms"
fail_produce = { partition = "orders-0", error = "NOT_ENOUGH_REPLICAS", times = 2 }
)";

// Nobody leads the partition: the batch expires in its deque, 200 ms old.
inline constexpr std::string_view kExpiry = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = ["none"]
[producer]
request.timeout.ms = 100
delivery.timeout.ms = 200
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100 }]
)";

// Without idempotence a lost answer doubles the records.
inline constexpr std::string_view kDuplicates = R"(
warm = true
backoff_jitter = false
[cluster]
brokers = 1
[[topic]]
name = "logs"
leaders = [0]
[network]
latency = "2ms"
[producer]
enable.idempotence = false
[[thread]]
name = "A"
run = [{ send = "logs", partition = 0, value_size = 100, count = 2 }]
[[fault]]
at = "0ms"
lose_response = { partition = "logs-0", times = 1 }
)";

// Two buffers for four partitions: the third send waits for memory.
inline constexpr std::string_view kMemory = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0, 0, 0, 0]
[network]
latency = "2ms"
[producer]
batch.size = 1000
buffer.memory = 2000
linger.ms = 20
[[thread]]
name = "A"
run = [
  { send = "orders", partition = 0, value_size = 100 },
  { sleep = "1ms" },
  { send = "orders", partition = 1, value_size = 100 },
  { sleep = "1ms" },
  { send = "orders", partition = 2, value_size = 100 },
]
)";

inline ViewerState viewer_of(std::string_view toml) {
  return ViewerState{sim::shared_scenario(toml)};
}

inline core::Instant at(core::Duration since_start) {
  return core::Instant{since_start};
}

inline ViewerState viewer_at(std::string_view toml, core::Duration since_start) {
  ViewerState state = viewer_of(toml);
  handle(state, SeekTime{at(since_start)});
  return state;
}

inline void do_all(ViewerState& state, std::initializer_list<ViewerCommand> commands) {
  for (const ViewerCommand& command : commands) handle(state, command);
}

inline LaneRef lane(std::int32_t partition = 0) {
  return {core::ProducerIndex{0}, {core::TopicId{0}, partition}};
}

inline BatchRef batch(std::int64_t number) {
  return {core::ProducerIndex{0}, core::BatchId{number}};
}

}  // namespace linger::viz
