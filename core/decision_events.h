// What the producer decided, as the very structs it acted on.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/error_code.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

// How far the look at a partition went before it ended.
enum class ReadinessVerdict {
  EmptyDeque,
  NoLeader,
  NodeAlreadyReady,
  Muted,
  BackingOff,
  Waiting,
  Ready
};

// Is this partition's first batch ready to be sent? (RecordAccumulator.ready)
struct ReadinessDecision {
  static constexpr const char* kName = "readiness";
  static constexpr Stream kStream = Stream::Decisions;
  TopicPartition partition;
  ReadinessVerdict verdict = ReadinessVerdict::EmptyDeque;
  std::optional<NodeId> leader;
  std::optional<BatchId> batch;
  // The terms below hold only if the verdict is BackingOff, Waiting or Ready.
  bool full = false;         // more than one batch in the deque, or the first is full
  bool expired = false;      // waited >= time_to_wait
  bool exhausted = false;    // a thread waits for memory: everything becomes sendable
  bool closed = false;       // the producer is closing
  bool flushing = false;     // a flush is in progress
  bool completing = false;   // a transaction is being committed or aborted
  bool backing_off = false;  // a retry whose backoff is not over
  bool leader_changed =
      false;              // a newer leader than at the last attempt: backoff is skipped (KIP-951)
  Milliseconds waited{};  // since the batch was created, or re-enqueued
  Milliseconds time_to_wait{};  // linger.ms, or the backoff
  Milliseconds next_check{};    // how long until looking again can change the verdict

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("verdict", verdict);
    v("leader", leader);
    v("batch", batch);
    v("full", full);
    v("expired", expired);
    v("exhausted", exhausted);
    v("closed", closed);
    v("flushing", flushing);
    v("completing", completing);
    v("backing_off", backing_off);
    v("leader_changed", leader_changed);
    v("waited_ms", waited);
    v("time_to_wait_ms", time_to_wait);
    v("next_check_ms", next_check);
  }
  friend bool operator==(const ReadinessDecision&, const ReadinessDecision&) = default;
};

// May data be sent to this node now? (Sender.sendProducerData, NetworkClient.ready)
struct NodeDecision {
  static constexpr const char* kName = "node_readiness";
  static constexpr Stream kStream = Stream::Decisions;
  NodeId node = kNoNode;
  bool ready = false;
  bool metadata_due = false;  // a due metadata request goes first: no node is ready
  ConnectionState connection = ConnectionState::Disconnected;
  bool channel_ready = false;  // the socket is connected
  bool throttled = false;
  bool can_send_more = false;  // the in-flight window has room and the last request is written
  std::int32_t in_flight = 0;
  Milliseconds delay{};  // until it can become ready by time alone; kForever if it cannot

  template <class Visitor>
  void visit(Visitor& v) const {
    v("node", node);
    v("ready", ready);
    v("metadata_due", metadata_due);
    v("connection", connection);
    v("channel_ready", channel_ready);
    v("throttled", throttled);
    v("can_send_more", can_send_more);
    v("in_flight", in_flight);
    v("delay_ms", delay);
  }
  friend bool operator==(const NodeDecision&, const NodeDecision&) = default;
};

enum class DrainVerdict {
  Taken,
  Muted,
  EmptyDeque,
  NotReady,     // itself, though its node is; only before KAFKA-1445
  BackingOff,   // these go on to the next partition
  RequestFull,  // these end the node's turn
  NotAllowed,
  NoProducerId,
  StaleEpochInFlight,
  SequenceUnresolved,
  EarlierSequenceInFlight
};

// What happened when the drain came to this partition. (RecordAccumulator.drain)
struct DrainDecision {
  static constexpr const char* kName = "drain";
  static constexpr Stream kStream = Stream::Decisions;
  TopicPartition partition;
  NodeId node = kNoNode;
  DrainVerdict verdict = DrainVerdict::EmptyDeque;
  std::optional<BatchId> batch;
  Bytes batch_size;
  Bytes size_so_far;  // of the request before this batch
  Bytes size_limit;   // max.request.size

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("node", node);
    v("verdict", verdict);
    v("batch", batch);
    v("batch_size", batch_size);
    v("size_so_far", size_so_far);
    v("size_limit", size_limit);
  }
};

// What becomes of a batch that was answered with an error. (Sender.completeBatch, canRetry)
struct RetryDecision {
  static constexpr const char* kName = "retry";
  static constexpr Stream kStream = Stream::Decisions;
  BatchId batch;
  TopicPartition partition;
  ErrorCode error = ErrorCode::None;
  bool split = false;  // too large, and of more than one record: split instead
  bool delivery_timeout_passed = false;
  bool attempts_left = false;
  bool already_done = false;  // expired or aborted while in flight
  bool retriable = false;     // by its error, or by the transaction manager's own rules
  bool retry = false;         // the verdict
  std::int32_t attempts = 0;
  bool requests_metadata = false;  // the error says that our metadata is stale

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("error", error);
    v("split", split);
    v("delivery_timeout_passed", delivery_timeout_passed);
    v("attempts_left", attempts_left);
    v("already_done", already_done);
    v("retriable", retriable);
    v("retry", retry);
    v("attempts", attempts);
    v("requests_metadata", requests_metadata);
  }
};

enum class SleepReason {
  ReadyNode,
  NextReadyCheck,
  NotReadyNode,
  NextExpiry,
  TransactionManager,
  Nothing
};

// How long the sender asks its poll to wait. (Sender.sendProducerData's return value)
struct SleepDecision {
  static constexpr const char* kName = "sleep";
  static constexpr Stream kStream = Stream::Decisions;
  Milliseconds next_ready_check{};  // until a waiting partition can become ready
  Milliseconds not_ready_delay{};   // until a node that was not ready may be
  Milliseconds next_expiry{};       // until a batch reaches delivery.timeout.ms
  Milliseconds timeout{};           // the verdict
  SleepReason decided_by = SleepReason::Nothing;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("next_ready_check_ms", next_ready_check);
    v("not_ready_delay_ms", not_ready_delay);
    v("next_expiry_ms", next_expiry);
    v("timeout_ms", timeout);
    v("decided_by", decided_by);
  }
  friend bool operator==(const SleepDecision&, const SleepDecision&) = default;
};

}  // namespace linger::core
