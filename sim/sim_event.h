// What happens in the world around the producer, as values. Same pattern as core/event.h: each
// event names itself, its stream and its fields once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/api.h"
#include "core/bytes.h"
#include "core/error_code.h"
#include "core/event.h"
#include "core/id.h"
#include "core/protocol_messages.h"
#include "core/time.h"
#include "sim/control_batch.h"
#include "sim/replication_event.h"

namespace linger::sim {

using core::Bytes;
using core::CorrelationId;
using core::Duration;
using core::Instant;
using core::NodeId;
using core::ProducerIndex;
using core::Stream;
using core::ThreadId;
using core::TopicPartition;

// One TCP connection between a producer and a broker, numbered in the order of opening.
using ConnectionId = core::Id<struct ConnectionIdTag, std::int32_t>;

enum class Direction { ToBroker, ToClient };
enum class ClosedBy { Client, Broker, Network };
enum class AppendOutcome { Appended, Duplicate, Refused };
enum class BrokerState { Up, Silent, Down, Paused };
// In Kafka: TransactionState. Differs: PrepareEpochFence, which is never written to the log, and
// Dead are left out.
enum class TransactionState {
  Empty,
  Ongoing,
  PrepareCommit,
  PrepareAbort,
  CompleteCommit,
  CompleteAbort
};

struct ConnectionOpened {
  static constexpr const char* kName = "connection_opened";
  static constexpr Stream kStream = Stream::Network;
  ConnectionId connection;
  NodeId node;    // as the client names it: bootstrap addresses are -1, -2, …
  NodeId broker;  // who is there

  template <class Visitor>
  void visit(Visitor& v) const {
    v("connection", connection);
    v("node", node);
    v("broker", broker);
  }
};

struct ConnectionRefused {
  static constexpr const char* kName = "connection_refused";
  static constexpr Stream kStream = Stream::Network;
  NodeId node;
  std::string why;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("node", node);
    v("why", why);
  }
};

struct ConnectionClosed {
  static constexpr const char* kName = "connection_closed";
  static constexpr Stream kStream = Stream::Network;
  ConnectionId connection;
  NodeId broker;
  ClosedBy by = ClosedBy::Client;
  std::string why;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("connection", connection);
    v("broker", broker);
    v("by", by);
    v("why", why);
  }
};

// A piece of the byte stream left for the other side. Where it ends has nothing to do with where
// frames end.
struct SegmentSent {
  static constexpr const char* kName = "segment_sent";
  static constexpr Stream kStream = Stream::Network;
  ConnectionId connection;
  NodeId broker;
  Direction direction = Direction::ToBroker;
  Bytes bytes;
  Instant arrives{};  // unless it is lost

  template <class Visitor>
  void visit(Visitor& v) const {
    v("connection", connection);
    v("broker", broker);
    v("direction", direction);
    v("bytes", bytes);
    v("arrives_us", arrives);
  }
};

struct SegmentArrived {
  static constexpr const char* kName = "segment_arrived";
  static constexpr Stream kStream = Stream::Network;
  ConnectionId connection;
  NodeId broker;
  Direction direction = Direction::ToBroker;
  Bytes bytes;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("connection", connection);
    v("broker", broker);
    v("direction", direction);
    v("bytes", bytes);
  }
};

// A piece of the byte stream did not get through, and will not as long as things are as they are.
// What is behind it waits.
struct SegmentLost {
  static constexpr const char* kName = "segment_lost";
  static constexpr Stream kStream = Stream::Network;
  ConnectionId connection;
  NodeId broker;
  Direction direction = Direction::ToBroker;
  Bytes bytes;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("connection", connection);
    v("broker", broker);
    v("direction", direction);
    v("bytes", bytes);
  }
};

// A whole request frame stands in a broker's queue.
struct RequestReceived {
  static constexpr const char* kName = "request_received";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  core::ApiKey api{};
  std::int16_t version = 0;
  Bytes bytes;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("connection", connection);
    v("correlation", correlation);
    v("api", api);
    v("version", version);
    v("bytes", bytes);
  }
};

// What a broker did with one partition's batch of a produce request.
struct BatchWritten {
  static constexpr const char* kName = "batch_written";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  TopicPartition partition;
  AppendOutcome outcome = AppendOutcome::Appended;
  core::ErrorCode error = core::ErrorCode::None;  // what is answered; also after an append
  std::int64_t base_offset = -1;
  std::int32_t records = 0;
  Bytes bytes;
  core::ProducerIdAndEpoch producer;
  std::int32_t sequence = -1;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("connection", connection);
    v("correlation", correlation);
    v("partition", partition);
    v("outcome", outcome);
    v("error", error);
    v("base_offset", base_offset);
    v("records", records);
    v("bytes", bytes);
    v("producer", producer);
    v("sequence", sequence);
  }
};

struct ResponseSent {
  static constexpr const char* kName = "response_sent";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  core::ApiKey api{};
  Bytes bytes;
  bool lost = false;  // by a fault: it never reaches the wire

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("connection", connection);
    v("correlation", correlation);
    v("api", api);
    v("bytes", bytes);
    v("lost", lost);
  }
};

// A client has produced more than its quota on the broker allows, and is held back for so long.
struct ClientThrottled {
  static constexpr const char* kName = "client_throttled";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  ConnectionId connection;
  core::Milliseconds throttle{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("connection", connection);
    v("throttle_ms", throttle);
  }
};

struct LeaderChanged {
  static constexpr const char* kName = "leader_changed";
  static constexpr Stream kStream = Stream::Brokers;
  TopicPartition partition;
  std::optional<NodeId> leader;
  std::int32_t epoch = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("leader", leader);
    v("epoch", epoch);
  }
};

struct BrokerStateChanged {
  static constexpr const char* kName = "broker_state";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  BrokerState state = BrokerState::Up;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("state", state);
  }
};

// The coordinator wrote a transition to the transaction log: how the transaction stands now.
struct TransactionChanged {
  static constexpr const char* kName = "transaction_changed";
  static constexpr Stream kStream = Stream::Brokers;
  std::string transactional_id;
  TransactionState state = TransactionState::Empty;
  core::ProducerIdAndEpoch producer;
  std::int32_t partitions = 0;  // that belong to it
  std::int32_t groups = 0;      // whose offsets do

  template <class Visitor>
  void visit(Visitor& v) const {
    v("transactional_id", transactional_id);
    v("state", state);
    v("producer", producer);
    v("partitions", partitions);
    v("groups", groups);
  }
};

// A partition's leader appended a marker, or refused it.
struct MarkerWritten {
  static constexpr const char* kName = "marker_written";
  static constexpr Stream kStream = Stream::Brokers;
  TopicPartition partition;
  MarkerType type = MarkerType::Abort;
  core::ErrorCode error = core::ErrorCode::None;
  std::int64_t offset = -1;
  core::ProducerIdAndEpoch producer;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("type", type);
    v("error", error);
    v("offset", offset);
    v("producer", producer);
  }
};

// The offsets that a transaction brought to a group count from now on, or are forgotten.
struct GroupMarkerWritten {
  static constexpr const char* kName = "group_marker_written";
  static constexpr Stream kStream = Stream::Brokers;
  std::string group;
  MarkerType type = MarkerType::Abort;
  core::ProducerIdAndEpoch producer;
  std::int32_t offsets = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("group", group);
    v("type", type);
    v("producer", producer);
    v("offsets", offsets);
  }
};

// What a broker made of a request about coordination, and how the transaction stands after it.
struct CoordinatorAnswered {
  static constexpr const char* kName = "coordinator_answered";
  static constexpr Stream kStream = Stream::Brokers;
  NodeId broker;
  ConnectionId connection;
  CorrelationId correlation;
  core::ApiKey api{};
  std::int64_t number = 0;                        // of this api's requests, from 1
  core::ErrorCode error = core::ErrorCode::None;  // what is answered
  std::optional<TopicPartition> partition{};      // the one that alone gets the error
  bool acted = false;
  TransactionState state = TransactionState::Empty;
  core::ProducerIdAndEpoch producer{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("broker", broker);
    v("connection", connection);
    v("correlation", correlation);
    v("api", api);
    v("number", number);
    v("error", error);
    v("partition", partition);
    v("acted", acted);
    v("state", state);
    v("producer", producer);
  }
};

// Another broker coordinates, or none. Without a key it is for all of them.
struct CoordinatorMoved {
  static constexpr const char* kName = "coordinator_moved";
  static constexpr Stream kStream = Stream::Brokers;
  core::CoordinatorType of = core::CoordinatorType::Transaction;
  std::string key;  // a transactional id, or a group
  std::optional<NodeId> to;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("of", of);
    v("key", key);
    v("to", to);
  }
};

// A fault of the scenario, or one injected by hand, took effect.
struct FaultApplied {
  static constexpr const char* kName = "fault";
  static constexpr Stream kStream = Stream::Network;
  std::string text;  // "disconnect broker 1"

  template <class Visitor>
  void visit(Visitor& v) const {
    v("text", text);
  }
};

struct ThreadEnded {
  static constexpr const char* kName = "thread_ended";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
  }
};

// The real sender would spin here: its polls return at once and nothing changes. One millisecond
// passes instead.
struct SenderSpun {
  static constexpr const char* kName = "sender_spun";
  static constexpr Stream kStream = Stream::Producer;
  std::int32_t empty_passes = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("empty_passes", empty_passes);
  }
};

struct NarrationReached {
  static constexpr const char* kName = "narration";
  static constexpr Stream kStream = Stream::Application;
  std::int32_t index = 0;  // in the scenario's list

  template <class Visitor>
  void visit(Visitor& v) const {
    v("index", index);
  }
};

struct RunEnded {
  static constexpr const char* kName = "run_ended";
  static constexpr Stream kStream = Stream::Application;
  std::string why;  // "idle", "end", "limit"

  template <class Visitor>
  void visit(Visitor& v) const {
    v("why", why);
  }
};

using SimEventKinds =
    std::variant<ConnectionOpened, ConnectionRefused, ConnectionClosed, SegmentSent, SegmentArrived,
                 SegmentLost, RequestReceived, BatchWritten, ResponseSent, ClientThrottled,
                 LeaderChanged, BrokerStateChanged, ReplicaFetched, HighWatermarkMoved, IsrChanged,
                 LeaderElected, LogTruncated, RecordsLost, TransactionChanged, MarkerWritten,
                 GroupMarkerWritten, CoordinatorAnswered, CoordinatorMoved, FaultApplied,
                 ThreadEnded, SenderSpun, NarrationReached, RunEnded>;

// As core::Event: copied, moved and destroyed in one place.
struct SimEvent : SimEventKinds {
  using SimEventKinds::SimEventKinds;
  SimEvent(const SimEvent&);
  SimEvent(SimEvent&&) noexcept;
  SimEvent& operator=(const SimEvent&);
  SimEvent& operator=(SimEvent&&) noexcept;
  ~SimEvent();
};

}  // namespace linger::sim
