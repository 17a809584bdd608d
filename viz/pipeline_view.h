// The whole pipeline as one picture, from left to right:
//
//   threads ─▶ deques ─▶ in flight ─▶ wires ─▶ brokers and their logs
//                 │                                      │
//              the pool below             completions ◀──┘
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/api.h"
#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/sim_event.h"
#include "viz/batch_view.h"
#include "viz/motion.h"
#include "viz/replica_view.h"
#include "viz/scene.h"

namespace linger::viz {

// --- Threads ---

enum class ThreadLook { Running, Waiting, Blocked, InUserCode, Ended };
std::string_view word(ThreadLook look);

struct ThreadBox {
  core::ThreadId id;
  std::string name;
  ThreadLook look = ThreadLook::Running;
  std::string activity;  // "send r7 to orders", "flush", "sleep"
  std::optional<core::BlockedOn> blocked_on;
  std::string blocked_text;        // "waits for memory: max.block.ms"
  std::optional<Remaining> until;  // of what it waits for
  std::optional<core::RecordId> record;
  bool is_selected = false;  // or it holds the selected record
  friend bool operator==(const ThreadBox&, const ThreadBox&) = default;
};

// The producer's I/O thread.
struct SenderBox {
  core::ThreadId thread;
  bool is_selected = false;
  std::string state;  // "polls", "runs", "in a callback", "stopped"
  std::string text;   // "pass 12, polls for 3.0 ms"
  std::int64_t pass = 0;
  bool is_held_by_user_code = false;
  bool is_stopped = false;
  std::optional<Remaining> until;
  friend bool operator==(const SenderBox&, const SenderBox&) = default;
};

// --- Deques ---

struct ReadinessBadge {
  core::ReadinessVerdict verdict = core::ReadinessVerdict::EmptyDeque;
  std::string word;                // "ready", "waiting", "backing off"
  std::vector<std::string> terms;  // those that hold: "full", "expired"
  bool is_ready = false;
  friend bool operator==(const ReadinessBadge&, const ReadinessBadge&) = default;
};

struct Lane {
  LaneRef ref;
  std::string name;                         // "orders-0"
  std::vector<BatchBox> batches;            // the head, which is drained first, at the front
  std::optional<ReadinessBadge> readiness;  // at the sender's last look
  bool is_muted = false;
  std::optional<core::NodeId> leader;  // as this producer believes
  std::string leader_text;             // "broker 1", "no leader"
  bool leader_is_stale = false;        // another broker leads by now
  std::int32_t in_flight = 0;          // batches
  bool is_selected = false;
  friend bool operator==(const Lane&, const Lane&) = default;
};

// --- Connections ---

struct RequestBox {
  core::CorrelationId correlation;
  core::ApiKey api{};
  std::string label;  // "Produce 7"
  std::vector<BatchBox> batches;
  std::string age;                   // "2.0 ms"
  std::optional<Remaining> timeout;  // until request.timeout.ms
  bool is_written = false;           // wholly handed to the socket
  bool expects_response = true;
  bool is_internal = false;  // the client's own: Metadata, ApiVersions
  bool is_selected = false;
  friend bool operator==(const RequestBox&, const RequestBox&) = default;
};

// A producer's connection to a broker. There may be one more, made to its bootstrap address.
struct ConnectionBox {
  core::ProducerIndex producer;
  core::NodeId broker;
  core::NodeId node;  // as the client names it
  bool is_bootstrap = false;
  core::ConnectionState state = core::ConnectionState::Disconnected;
  std::string word;                   // "ready", "connecting", "not connected"
  std::vector<RequestBox> in_flight;  // the oldest, which is answered next, at the front
  std::int32_t max_in_flight = 0;
  bool can_send_more = false;
  std::optional<Remaining> reconnect;  // until it may connect again
  std::optional<Remaining> throttle;
  core::Bytes waiting_in_socket;  // to the broker
  friend bool operator==(const ConnectionBox&, const ConnectionBox&) = default;
};

// --- The pool ---

struct HeldBuffer {
  BatchRef batch;
  std::string label;
  core::Bytes size;
  bool is_selected = false;
  friend bool operator==(const HeldBuffer&, const HeldBuffer&) = default;
};

struct WaiterBox {
  std::optional<core::ThreadId> thread;
  std::string name;  // of the thread
  core::Bytes needed;
  core::Bytes gathered;
  float fraction = 0;
  std::optional<Remaining> until;  // max.block.ms
  friend bool operator==(const WaiterBox&, const WaiterBox&) = default;
};

// total = free list + non-pooled + held + gathered by waiters + lost
struct PoolView {
  core::Bytes total;     // buffer.memory
  core::Bytes poolable;  // batch.size
  std::int32_t free_buffers = 0;
  core::Bytes free_list;
  core::Bytes non_pooled;
  std::vector<HeldBuffer> held_by;  // batches, the oldest first
  core::Bytes held;
  core::Bytes gathered;
  core::Bytes lost;
  core::Bytes available;
  std::vector<WaiterBox> waiters;  // the first in line at the front
  friend bool operator==(const PoolView&, const PoolView&) = default;
};

// --- One producer ---

struct ProducerPart {
  core::ProducerIndex index;
  std::string name;
  std::string identity;  // "id 1000, epoch 0"; empty without idempotence
  std::vector<ThreadBox> threads;
  SenderBox sender;
  std::vector<Lane> lanes;                 // by topic and partition
  std::vector<ConnectionBox> connections;  // by broker, the bootstrap ones last
  PoolView pool;
  bool is_closed = false;
  bool has_exited = false;
  friend bool operator==(const ProducerPart&, const ProducerPart&) = default;
};

// --- The wires ---

// A frame, or the part of one that travels in one segment.
struct Packet {
  core::ProducerIndex producer;
  core::NodeId broker;
  sim::ConnectionId connection;
  sim::Direction direction = sim::Direction::ToBroker;
  core::CorrelationId correlation;
  core::ApiKey api{};
  std::string label;  // "Produce 7"
  std::vector<BatchRef> batches;
  float position = 0;    // 0: at the producer, 1: at the broker, in either direction
  float part_begin = 0;  // which part of the frame, 0 to 1
  float part_end = 1;
  std::int32_t place = 0;  // within its segment: 0 leads
  core::Bytes bytes;       // of this part
  std::string detail;      // "933 B", "part 2 of 3"
  bool is_selected = false;
  friend bool operator==(const Packet&, const Packet&) = default;
};

// --- Brokers ---

struct QueuedRequest {
  core::ProducerIndex producer;
  sim::ConnectionId connection;
  core::CorrelationId correlation;
  core::ApiKey api{};
  std::string label;
  bool is_served = false;         // the others of its connection wait for it
  bool awaits_followers = false;  // acks=all
  std::vector<BatchRef> batches;
  bool is_selected = false;
  friend bool operator==(const QueuedRequest&, const QueuedRequest&) = default;
};

struct LogBatch {
  std::int64_t base_offset = 0;
  std::int32_t records = 0;
  std::string label;  // "0–7"
  core::ProducerIndex producer;
  std::string producer_name;  // empty if there is only one
  std::int32_t sequence = -1;
  std::optional<BatchRef> batch;
  bool is_duplicate = false;      // it has a record that stood there before
  bool is_reordered = false;      // it has a record that a later one overtook
  bool awaits_followers = false;  // above the high watermark: not all in-sync replicas have it
  bool is_selected = false;
  bool is_arriving = false;
  friend bool operator==(const LogBatch&, const LogBatch&) = default;
};

struct LogTail {
  core::TopicPartition partition;
  std::string name;
  std::int64_t end_offset = 0;
  std::int32_t leader_epoch = 0;
  std::int64_t hidden = 0;               // batches before those shown
  std::vector<LogBatch> batches;         // the oldest at the front
  std::optional<ReplicasView> replicas;  // none: one log stands for all
  bool is_selected = false;
  friend bool operator==(const LogTail&, const LogTail&) = default;
};

// A partition that the broker has a copy of and does not lead.
struct FollowedLog {
  core::TopicPartition partition;
  std::string name;
  std::string leader_text;  // "broker 1 leads"
  std::int32_t leader_epoch = 0;
  std::int64_t leader_end_offset = 0;
  ReplicaBox replica;
  bool is_selected = false;
  friend bool operator==(const FollowedLog&, const FollowedLog&) = default;
};

struct BrokerBox {
  core::NodeId id;
  std::string name;  // "broker 1"
  sim::BrokerState state = sim::BrokerState::Up;
  std::string word;  // "up", "silent"
  std::vector<QueuedRequest> queue;
  std::vector<LogTail> logs;  // of the partitions it leads
  std::vector<FollowedLog> followed;
  bool is_selected = false;
  friend bool operator==(const BrokerBox&, const BrokerBox&) = default;
};

// --- Completions ---

struct CompletionRow {
  core::RecordId record;
  std::string label;      // "r7"
  std::string partition;  // "orders-0"
  bool is_acknowledged = false;
  std::int64_t offset = -1;
  std::string text;     // "offset 7", "TimeoutException"
  std::string latency;  // since send(): "6.0 ms"
  std::optional<BatchRef> batch;
  bool is_selected = false;
  float age = 0;  // seconds on the wall since it was told; at most kFlightSeconds
  friend bool operator==(const CompletionRow&, const CompletionRow&) = default;
};

// --- All of it ---

struct PipelineView {
  std::vector<ProducerPart> producers;
  std::vector<Packet> packets;
  std::vector<BrokerBox> brokers;
  // A partition without a leader belongs to no broker.
  std::vector<LogTail> leaderless;
  std::vector<CompletionRow> completions;  // the newest at the front
  std::int64_t acknowledged = 0;
  std::int64_t failed = 0;
  std::vector<Flight> flights;
  // While a question is open that a click in the picture answers, see pointing.h.
  std::vector<PointedThing> pointed;
  friend bool operator==(const PipelineView&, const PipelineView&) = default;
};

// How much of what has no end is shown.
struct PipelineLimits {
  std::size_t log_batches = 8;
  std::size_t completions = 12;
};

PipelineView pipeline_view(const Scene& scene, const PipelineLimits& limits = {});

// The picture's parts, each in a file of its own.
std::vector<ThreadBox> thread_boxes(const Scene& scene, core::ProducerIndex producer);
SenderBox sender_box(const Scene& scene, core::ProducerIndex producer);
std::vector<Lane> lanes(const Scene& scene, core::ProducerIndex producer);
std::vector<ConnectionBox> connection_boxes(const Scene& scene, core::ProducerIndex producer);
PoolView pool_view(const Scene& scene, core::ProducerIndex producer);
std::vector<Packet> packets(const Scene& scene);
void add_brokers(const Scene& scene, std::size_t log_batches, PipelineView& view);
std::vector<CompletionRow> completion_rows(const Scene& scene, std::size_t at_most);

}  // namespace linger::viz
