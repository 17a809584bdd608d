// Small scenarios in which Kafka itself breaks a law: see law_witnesses_test.
#pragma once

#include <string_view>

namespace linger::sim {

// The request that comes behind the abort marker, see the lesson; then the producer commits another
// transaction, and with it what it had taken back.
inline constexpr std::string_view kLateWrite = R"(era = "2.8"
[cluster]
brokers = 2
transaction_coordinator = 1
[[topic]]
name = "lab"
leaders = [0]
[producer]
transactional.id = "shop"
request.timeout.ms = 2000
delivery.timeout.ms = 2000
[[thread]]
name = "A"
run = [
  { init_transactions = true },
  { begin_transaction = true },
  { at = "2s", send = "lab", partition = 0, wait = true },
  { at = "3s", send = "lab", partition = 0, wait = true },
  { at = "4s", send = "lab", partition = 0, wait = true },
  { at = "8s", abort_transaction = true },
  { at = "20s", begin_transaction = true },
  { send = "lab", partition = 0, wait = true },
  { commit_transaction = true },
]
[[fault]]
at = "3900ms"
add_latency = { broker = 0, extra = "12s", for = "1s", way = "to broker" }
)";

// The answer to the first of two batches is lost, and both expire while the commit waits for them.
// The abort drops the second, and what is sent is the commit.
inline constexpr std::string_view kOvertakenAbort = R"(era = "2.8"
[cluster]
transaction.partition.verification.enable = true
[[topic]]
name = "t"
[producer]
transactional.id = "x"
batch.size = 1
max.in.flight.requests.per.connection = 1
max.block.ms = 500
request.timeout.ms = 400
delivery.timeout.ms = 400
[[thread]]
name = "A"
run = [
  { init_transactions = true },
  { begin_transaction = true },
  { send = "t", count = 2, partition = 0 },
  { commit_transaction = true },
  { abort_transaction = true },
]
[[fault]]
at = "0ms"
lose_response = { partition = "t-0", disconnect = false }
)";

// The append fails because the producer is closed, after it got its memory.
inline constexpr std::string_view kBufferOfAFailedAppend = R"(era = "0.10.2"
rules = { "KAFKA-4840" = true }
warm = true
[[topic]]
name = "t"
partitions = 2
[producer]
batch.size = 1000
buffer.memory = 1000
[[thread]]
name = "holds"
run = [{ send = "t", partition = 0 }]
[[thread]]
name = "waits"
run = [{ at = "1ms", send = "t", partition = 1 }]
[[thread]]
name = "closes"
run = [{ at = "2ms", close = true }]
[[fault]]
at = "0ms"
delay_answers = "10ms"
)";

// A thread gathers one of two buffers, and gives up.
inline constexpr std::string_view kGatheredInVain = R"(era = "0.10.2"
rules = { "KAFKA-4741" = true }
warm = true
[cluster]
brokers = 2
[[topic]]
name = "t"
leaders = [0, 1]
[producer]
batch.size = 1000
buffer.memory = 2000
max.block.ms = 10
[[thread]]
name = "small"
run = [{ send = "t", partition = 0 }, { send = "t", partition = 1 }]
[[thread]]
name = "large"
run = [{ at = "1ms", send = "t", partition = 0, value_size = 1500 }]
[[fault]]
at = "0ms"
slow_broker = { broker = 1, extra = "20ms" }
)";

// The leader takes a request for a connection and never answers it.
inline constexpr std::string_view kSetUpWithoutEnd = R"(era = "2.8"
warm = true
[cluster]
brokers = 2
[[topic]]
name = "t"
leaders = [0, 1]
[producer]
request.timeout.ms = 2000
socket.connection.setup.timeout.ms = 500
socket.connection.setup.timeout.max.ms = 500
[[thread]]
name = "A"
run = [{ send = "t", partition = 0 }]
[[fault]]
at = "0ms"
silent = { broker = 0, for = "6s" }
)";

// A refusal in one partition costs the producer its id; the other's batch is still under way.
inline constexpr std::string_view kRetryOfAnotherId = R"(era = "2.1"
warm = true
[cluster]
brokers = 2
[[topic]]
name = "t"
leaders = [0, 1]
[producer]
enable.idempotence = true
[[thread]]
name = "A"
run = [
  { send = "t", partition = 0 },
  { send = "t", partition = 1 },
]
[[fault]]
at = "0ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS" }
[[fault]]
at = "0ms"
slow_broker = { broker = 0, extra = "20ms" }
[[fault]]
at = "0ms"
fail_produce = { partition = "t-1", error = "OUT_OF_ORDER_SEQUENCE_NUMBER" }
)";

// A follower that has the record, and does not know yet that it counts, comes back, cuts it off,
// and is left alone.
inline constexpr std::string_view kTruncatedToHighWatermark = R"(era = "3.9"
warm = true
end = "3s"
[cluster]
brokers = 2
truncates_to_high_watermark = true
broker.session.timeout.ms = 500
[[topic]]
name = "t"
leaders = [0]
replicas = 2
[producer]
acks = "all"
[[thread]]
name = "A"
run = [{ send = "t" }]
[[fault]]
when = "records.acknowledged == 1"
stop = 1
[[fault]]
at = "10500us"
stop = 0
[[fault]]
at = "10ms"
start = 1
)";

// The second record takes the place of one that was appended and refused, and is told its offset.
inline constexpr std::string_view kSequenceUsedTwice = R"(era = "2.1"
warm = true
[[topic]]
name = "t"
[[produce_rule]]
appends = true
error = "INVALID_RECORD"
[producer]
enable.idempotence = true
[[thread]]
name = "A"
run = [{ send = "t" }, { at = "10ms", send = "t" }]
)";

// The broker forgets the producer between two requests. Of the next two batches the first is
// refused, and the second taken as it comes.
inline constexpr std::string_view kClockAhead = R"(era = "3.9"
warm = true
[cluster]
producer.id.expiration.check.interval.ms = 1
[[topic]]
name = "t"
[producer]
linger.ms = 0
batch.size = 1
[[thread]]
name = "A"
run = [{ send = "t" }, { at = "20ms", send = "t", count = 2 }]
[[fault]]
at = "10ms"
clock_skew = { broker = 0, ahead = "48h" }
[[fault]]
at = "10ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS" }
)";

// The same, since nothing came for 15 ms.
inline constexpr std::string_view kIdThatExpires = R"(era = "3.9"
warm = true
[cluster]
producer.id.expiration.check.interval.ms = 1
producer.id.expiration.ms = 15
[[topic]]
name = "t"
[producer]
linger.ms = 0
batch.size = 1
[[thread]]
name = "A"
run = [{ send = "t" }, { at = "20ms", send = "t", count = 2 }]
[[fault]]
at = "10ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS" }
)";

// What is late on a connection that was closed meanwhile arrives behind what came by the next one.
// Nobody waits for an answer.
inline constexpr std::string_view kIdleConnection = R"(era = "3.9"
warm = true
tail = "200ms"
[[topic]]
name = "t"
[producer]
acks = 0
max.in.flight.requests.per.connection = 1
connections.max.idle.ms = 100
[[thread]]
name = "A"
run = [
  { send = "t" },
  { at = "200ms", send = "t" },
]
[[fault]]
at = "0ms"
add_latency = { broker = 0, extra = "300ms", for = "1ms", way = "to broker" }
)";

// The same with answers: the record that is late has failed.
inline constexpr std::string_view kLateFailure = R"(era = "3.9"
warm = true
tail = "200ms"
[[topic]]
name = "t"
[producer]
enable.idempotence = false
max.in.flight.requests.per.connection = 1
request.timeout.ms = 100
delivery.timeout.ms = 100
[[thread]]
name = "A"
run = [
  { send = "t" },
  { at = "200ms", send = "t" },
]
[[fault]]
at = "0ms"
add_latency = { broker = 0, extra = "300ms", for = "1ms", way = "to broker" }
)";

// The broker forgets the producer. A batch that fails for it closes the books of its partition, and
// the next new one has sequence 0, ahead of one that was sent before.
inline constexpr std::string_view kLaterBatchAtZero = R"(era = "3.9"
warm = true
backoff_jitter = false
[cluster]
unknown_producer = "zero"
[[topic]]
name = "t"
[producer]
batch.size = 200
max.in.flight.requests.per.connection = 2
retries = 1
[[thread]]
name = "A"
run = [
  { send = "t" },
  { at = "20ms", send = "t" },
  { at = "60ms", send = "t", value_size = 200 },
  { send = "t", count = 2, value_size = 10 },
]
[[fault]]
at = "10ms"
delete_records = "t-0"
[[fault]]
at = "10ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS" }
)";

// Two such batches in one epoch: the second is taken for the first, sent twice.
inline constexpr std::string_view kTwiceAtZero = R"(era = "3.9"
warm = true
backoff_jitter = false
[cluster]
unknown_producer = "zero"
[[topic]]
name = "t"
[producer]
batch.size = 1
max.in.flight.requests.per.connection = 2
retries = 1
[[thread]]
name = "A"
run = [
  { send = "t" },
  { at = "20ms", send = "t", count = 2 },
  { at = "60ms", send = "t", count = 2 },
]
[[fault]]
at = "10ms"
delete_records = "t-0"
[[fault]]
at = "10ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS", times = 2 }
)";

// What was in the books is sent again without waiting for what was before it.
inline constexpr std::string_view kClosedBooks = R"(era = "3.9"
warm = true
backoff_jitter = false
[cluster]
unknown_producer = "zero"
[[topic]]
name = "t"
[producer]
batch.size = 1
retries = 1
[[thread]]
name = "A"
run = [{ send = "t" }, { at = "20ms", send = "t", count = 4 }]
[[fault]]
at = "10ms"
delete_records = "t-0"
[[fault]]
when = "records.acknowledged == 2"
delete_records = "t-0"
)";

// The same, and the retry of such a batch goes nowhere.
inline constexpr std::string_view kLostRetry = R"(era = "3.9"
warm = true
backoff_jitter = false
[cluster]
unknown_producer = "zero"
[[topic]]
name = "t"
[producer]
batch.size = 1
retries = 1
request.timeout.ms = 500
delivery.timeout.ms = 1000
[[thread]]
name = "A"
run = [
  { send = "t" },
  { at = "20ms", send = "t" },
  { at = "60ms", send = "t" },
]
[[fault]]
at = "10ms"
delete_records = "t-0"
[[fault]]
at = "10ms"
fail_produce = { partition = "t-0", error = "NOT_ENOUGH_REPLICAS" }
)";

// A batch of epoch 0 has expired, and its late answer takes one of epoch 1 off the books, which has
// the same sequence. So the one behind that is sent again while nobody knows what became of it.
inline constexpr std::string_view kBooksOfTwoEpochs = R"(era = "2.8"
warm = true
[cluster]
brokers = 2
[[topic]]
name = "t"
leaders = [0, 1]
[producer]
acks = "all"
enable.idempotence = true
batch.size = 1
retry.backoff.ms = 10
request.timeout.ms = 150
delivery.timeout.ms = 150
[[produce_rule]]
sequence = 1
partition = "t-0"
error = "NOT_ENOUGH_REPLICAS"
[[produce_rule]]
sequence = 1
partition = "t-0"
delay = "144ms"
[[produce_rule]]
sequence = 1
partition = "t-0"
delay = "100ms"
[[produce_rule]]
sequence = 2
partition = "t-0"
error = "NOT_ENOUGH_REPLICAS"
[[thread]]
name = "A"
run = [
  { send = "t", partition = 0 },
  { at = "10ms", send = "t", partition = 0 },
  { at = "162ms", send = "t", partition = 0, count = 2 },
  { at = "190ms", request_metadata = true },
  { send = "t", partition = 1 },
  { at = "205ms", send = "t", partition = 0 },
]
[[fault]]
at = "185ms"
leader = { partition = "t-0", to = 1 }
)";

inline constexpr std::string_view kCompressedForAnOldBroker = R"(era = "0.10.2"
warm = true
[cluster]
max_versions = { Produce = 1 }
[[topic]]
name = "t"
[producer]
compression.type = "gzip"
[[thread]]
name = "A"
run = [{ send = "t" }]
)";

}  // namespace linger::sim
