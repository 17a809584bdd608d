// Everything the producer does that can be seen, as values: what happened, and what was decided.
//
// Each event names itself, the stream it belongs to, and its fields, once: the trace's JSON, its
// text, its digests and the viewer all read them through visit(). A decision is the very struct the
// producer acted on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/bytes.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/id.h"
#include "core/log_level.h"
#include "core/time.h"

namespace linger::core {

// Digests of a trace exist per stream, so that a new field in one leaves the others as they were.
enum class Stream { Application, Producer, Network, Brokers, Decisions };

// What an application thread, or the sender, can wait for.
enum class BlockedOn { Metadata, Memory, Flush, Future, SenderExit, UserCode };

// Code of the user's that the producer calls, and stops at until it is told the answer.
enum class UserCallKind {
  OnSend,             // ProducerInterceptor.onSend
  SerializeKey,       // Serializer.serialize
  SerializeValue,
  Partition,          // Partitioner.partition
  OnAcknowledgement,  // ProducerInterceptor.onAcknowledgement
  Callback,           // Callback.onCompletion
};

enum class PartitionChoice { Explicit, KeyHash, Sticky, Custom };
enum class Delivery { Delivered, Thrown };  // through the failed future, or out of send() itself
enum class BatchState { Open, Aborted, Failed, Succeeded };
enum class MemorySource { FreeList, NonPooled, Heap };  // Heap: a split batch, not the pool's
enum class ConnectionState {
  Disconnected, Connecting, CheckingApiVersions, Ready, AuthenticationFailed
};
enum class RequestOutcome { Ok, Disconnected, TimedOut, VersionMismatch, NoResponseExpected };

// --- Decisions -------------------------------------------------------------------------------

// How far the look at a partition went before it ended.
enum class ReadinessVerdict {
  EmptyDeque, NoLeader, NodeAlreadyReady, Muted, BackingOff, Waiting, Ready
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
  bool full = false;          // more than one batch in the deque, or the first is full
  bool expired = false;       // waited >= time_to_wait
  bool exhausted = false;     // a thread waits for memory: everything becomes sendable
  bool closed = false;        // the producer is closing
  bool flushing = false;      // a flush is in progress
  bool completing = false;    // a transaction is being committed or aborted
  bool backing_off = false;   // a retry whose backoff is not over
  bool leader_changed = false;  // a newer leader than at the last attempt: backoff is skipped (KIP-951)
  Milliseconds waited{};        // since the batch was created, or re-enqueued
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
  Milliseconds delay{};        // until it can become ready by time alone; kForever if it cannot

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
  Taken, Muted, EmptyDeque, BackingOff,  // these go on to the next partition
  RequestFull,                           // these end the node's turn
  NotAllowed, NoProducerId, StaleEpochInFlight, SequenceUnresolved, EarlierSequenceInFlight
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
  bool split = false;              // too large, and of more than one record: split instead
  bool delivery_timeout_passed = false;
  bool attempts_left = false;
  bool already_done = false;       // expired or aborted while in flight
  bool retriable = false;          // by its error, or by the transaction manager's own rules
  bool retry = false;              // the verdict
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

enum class SleepReason { ReadyNode, NextReadyCheck, NotReadyNode, NextExpiry, TransactionManager, Nothing };

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

// --- Application -----------------------------------------------------------------------------

struct SendCalled {
  static constexpr const char* kName = "send_called";
  static constexpr Stream kStream = Stream::Application;
  RecordId record;
  ThreadId thread;
  TopicId topic;
  std::optional<std::int32_t> partition;
  std::optional<Bytes> key_size;
  std::optional<Bytes> value_size;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("thread", thread);
    v("topic", topic);
    v("explicit_partition", partition);
    v("key_size", key_size);
    v("value_size", value_size);
  }
};

struct PartitionChosen {
  static constexpr const char* kName = "partition_chosen";
  static constexpr Stream kStream = Stream::Application;
  RecordId record;
  TopicPartition partition;
  PartitionChoice by = PartitionChoice::Explicit;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("partition", partition);
    v("by", by);
  }
};

// send() returned a future that is not failed.
struct SendReturned {
  static constexpr const char* kName = "send_returned";
  static constexpr Stream kStream = Stream::Application;
  RecordId record;
  ThreadId thread;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("thread", thread);
  }
};

struct SendFailed {
  static constexpr const char* kName = "send_failed";
  static constexpr Stream kStream = Stream::Application;
  RecordId record;
  ThreadId thread;
  Delivery delivery = Delivery::Delivered;
  ClientError error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("thread", thread);
    v("delivery", delivery);
    v("error", error);
  }
};

struct CallBlocked {
  static constexpr const char* kName = "call_blocked";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  std::optional<RecordId> record;
  BlockedOn on = BlockedOn::Metadata;
  Milliseconds at_most{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("record", record);
    v("on", on);
    v("at_most_ms", at_most);
  }
};

struct CallResumed {
  static constexpr const char* kName = "call_resumed";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  std::optional<RecordId> record;
  BlockedOn on = BlockedOn::Metadata;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("record", record);
    v("on", on);
  }
};

struct UserCallStarted {
  static constexpr const char* kName = "user_call_started";
  static constexpr Stream kStream = Stream::Application;
  UserCallKind kind = UserCallKind::Callback;
  std::optional<RecordId> record;
  std::int32_t index = 0;  // of the interceptor

  template <class Visitor>
  void visit(Visitor& v) const {
    v("kind", kind);
    v("record", record);
    v("index", index);
  }
};

struct UserCallEnded {
  static constexpr const char* kName = "user_call_ended";
  static constexpr Stream kStream = Stream::Application;
  UserCallKind kind = UserCallKind::Callback;
  std::optional<RecordId> record;
  std::int32_t index = 0;
  std::optional<std::string> threw;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("kind", kind);
    v("record", record);
    v("index", index);
    v("threw", threw);
  }
};

struct FlushStarted {
  static constexpr const char* kName = "flush_started";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  std::int32_t incomplete_batches = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("incomplete_batches", incomplete_batches);
  }
};

struct FlushEnded {
  static constexpr const char* kName = "flush_ended";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
  }
};

struct CloseStarted {
  static constexpr const char* kName = "close_started";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  Milliseconds timeout{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("timeout_ms", timeout);
  }
};

struct CloseEnded {
  static constexpr const char* kName = "close_ended";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  bool forced = false;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("forced", forced);
  }
};

// The record's fate, told to interceptors and callback. One for each accepted record.
struct RecordCompleted {
  static constexpr const char* kName = "record_completed";
  static constexpr Stream kStream = Stream::Application;
  RecordId record;
  TopicPartition partition;
  std::optional<BatchId> batch;       // none if send() itself failed
  std::int64_t offset = -1;           // -1: acks=0, a duplicate without an offset, or failed
  std::optional<ClientError> error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("partition", partition);
    v("batch", batch);
    v("offset", offset);
    v("error", error);
  }
};

// --- Accumulator, pool, sender -----------------------------------------------------------------

struct MemoryAllocated {
  static constexpr const char* kName = "memory_allocated";
  static constexpr Stream kStream = Stream::Producer;
  BufferId buffer;
  Bytes size;
  MemorySource source = MemorySource::NonPooled;
  Bytes non_pooled;  // after
  Bytes available;   // after
  std::int32_t waiters = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("buffer", buffer);
    v("size", size);
    v("source", source);
    v("non_pooled", non_pooled);
    v("available", available);
    v("waiters", waiters);
  }
};

struct MemoryReleased {
  static constexpr const char* kName = "memory_released";
  static constexpr Stream kStream = Stream::Producer;
  BufferId buffer;
  Bytes size;
  bool pooled = false;  // back to the free list whole, else its bytes to the non-pooled part
  std::int32_t free_buffers = 0;
  Bytes non_pooled;
  Bytes available;
  std::int32_t waiters = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("buffer", buffer);
    v("size", size);
    v("pooled", pooled);
    v("free_buffers", free_buffers);
    v("non_pooled", non_pooled);
    v("available", available);
    v("waiters", waiters);
  }
};

// A blocked allocation took what there was, and waits for the rest.
struct WaiterGathered {
  static constexpr const char* kName = "waiter_gathered";
  static constexpr Stream kStream = Stream::Producer;
  WaiterId waiter;
  Bytes gathered;
  Bytes needed;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("waiter", waiter);
    v("gathered", gathered);
    v("needed", needed);
  }
};

struct BatchOpened {
  static constexpr const char* kName = "batch_opened";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  BufferId buffer;
  Bytes capacity;
  std::int32_t deque_size = 0;  // after

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("buffer", buffer);
    v("capacity", capacity);
    v("deque_size", deque_size);
  }
};

struct RecordAppended {
  static constexpr const char* kName = "record_appended";
  static constexpr Stream kStream = Stream::Producer;
  RecordId record;
  TopicPartition partition;
  BatchId batch;
  std::int32_t index = 0;  // in the batch
  bool new_batch = false;
  bool batch_is_full = false;  // or more than one batch in the deque: the sender is woken
  Bytes bytes;                 // by which the batch's estimated size grew
  Bytes batch_size;            // estimated, after
  Bytes upper_bound;           // of this record alone, as used for allocation
  std::int32_t deque_size = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("partition", partition);
    v("batch", batch);
    v("index", index);
    v("new_batch", new_batch);
    v("batch_is_full", batch_is_full);
    v("bytes", bytes);
    v("batch_size", batch_size);
    v("upper_bound", upper_bound);
    v("deque_size", deque_size);
  }
};

// The deque's last batch had no room for the record, and takes no more.
struct BatchClosedForAppends {
  static constexpr const char* kName = "batch_closed_for_appends";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  RecordId refused;
  Bytes batch_size;
  Bytes next_size;
  Bytes write_limit;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("refused", refused);
    v("batch_size", batch_size);
    v("next_size", next_size);
    v("write_limit", write_limit);
  }
};

struct BatchDrained {
  static constexpr const char* kName = "batch_drained";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  NodeId node = kNoNode;
  std::int32_t records = 0;
  Bytes bytes;
  std::int32_t sequence = -1;
  ProducerIdAndEpoch producer;
  std::int32_t attempts = 0;
  Milliseconds age{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("node", node);
    v("records", records);
    v("bytes", bytes);
    v("sequence", sequence);
    v("producer", producer);
    v("attempts", attempts);
    v("age_ms", age);
  }
};

struct BatchRetried {
  static constexpr const char* kName = "batch_retried";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  ErrorCode error = ErrorCode::None;
  std::int32_t attempts = 0;  // after
  std::int32_t sequence = -1;
  std::int32_t position = 0;  // in the deque
  std::int32_t deque_size = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("error", error);
    v("attempts", attempts);
    v("sequence", sequence);
    v("position", position);
    v("deque_size", deque_size);
  }
};

struct BatchSplit {
  static constexpr const char* kName = "batch_split";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  std::vector<BatchId> into;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("into", into);
  }
};

struct BatchExpired {
  static constexpr const char* kName = "batch_expired";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  bool in_flight = false;  // else in its deque
  std::int32_t records = 0;
  std::int32_t attempts = 0;
  Milliseconds age{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("in_flight", in_flight);
    v("records", records);
    v("attempts", attempts);
    v("age_ms", age);
  }
};

// The result is set, the callbacks have run, the waiters are released.
struct BatchCompleted {
  static constexpr const char* kName = "batch_completed";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  BatchState state = BatchState::Open;
  std::int32_t records = 0;
  std::int32_t attempts = 0;
  std::int32_t sequence = -1;
  std::int64_t base_offset = -1;
  std::optional<ClientError> error;
  bool in_flight = false;  // a request that carries it is still out
  Milliseconds age{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("state", state);
    v("records", records);
    v("attempts", attempts);
    v("sequence", sequence);
    v("base_offset", base_offset);
    v("error", error);
    v("in_flight", in_flight);
    v("age_ms", age);
  }
};

// An answer for a batch that was completed before: it changes nothing.
struct LateAnswerIgnored {
  static constexpr const char* kName = "late_answer_ignored";
  static constexpr Stream kStream = Stream::Producer;
  BatchId batch;
  TopicPartition partition;
  ErrorCode error = ErrorCode::None;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("batch", batch);
    v("partition", partition);
    v("error", error);
  }
};

struct PartitionMuted {
  static constexpr const char* kName = "partition_muted";
  static constexpr Stream kStream = Stream::Producer;
  TopicPartition partition;
  bool muted = true;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("muted", muted);
  }
};

struct ProducerIdSet {
  static constexpr const char* kName = "producer_id_set";
  static constexpr Stream kStream = Stream::Producer;
  ProducerIdAndEpoch producer;
  bool bumped_locally = false;  // KIP-360: without asking a broker

  template <class Visitor>
  void visit(Visitor& v) const {
    v("producer", producer);
    v("bumped_locally", bumped_locally);
  }
};

// The partition's sequences start at 0 again, under this identity.
struct SequencesReset {
  static constexpr const char* kName = "sequences_reset";
  static constexpr Stream kStream = Stream::Producer;
  TopicPartition partition;
  ProducerIdAndEpoch producer;
  std::int32_t rewritten_batches = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("producer", producer);
    v("rewritten_batches", rewritten_batches);
  }
};

struct SequenceUnresolved {
  static constexpr const char* kName = "sequence_unresolved";
  static constexpr Stream kStream = Stream::Producer;
  TopicPartition partition;
  std::int32_t next_sequence = -1;
  bool resolved = false;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("next_sequence", next_sequence);
    v("resolved", resolved);
  }
};

struct SenderPassStarted {
  static constexpr const char* kName = "sender_pass";
  static constexpr Stream kStream = Stream::Producer;
  std::int64_t pass = 0;  // from 0

  template <class Visitor>
  void visit(Visitor& v) const {
    v("pass", pass);
  }
};

struct SenderSlept {
  static constexpr const char* kName = "sender_poll";
  static constexpr Stream kStream = Stream::Producer;
  Milliseconds asked{};    // by the sender
  Milliseconds timeout{};  // after the network client's own limits

  template <class Visitor>
  void visit(Visitor& v) const {
    v("asked_ms", asked);
    v("timeout_ms", timeout);
  }
};

struct SenderStopped {
  static constexpr const char* kName = "sender_stopped";
  static constexpr Stream kStream = Stream::Producer;
  bool died = false;  // a callback threw an Error that nothing catches

  template <class Visitor>
  void visit(Visitor& v) const {
    v("died", died);
  }
};

// A line the real client would log.
struct Logged {
  static constexpr const char* kName = "log";
  static constexpr Stream kStream = Stream::Producer;
  LogLevel level = LogLevel::Info;
  std::string text;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("level", level);
    v("text", text);
  }
};

// --- Network client ----------------------------------------------------------------------------

struct ConnectionChanged {
  static constexpr const char* kName = "connection_changed";
  static constexpr Stream kStream = Stream::Network;
  NodeId node = kNoNode;
  ConnectionState state = ConnectionState::Disconnected;
  std::string why;  // empty where the state says it all

  template <class Visitor>
  void visit(Visitor& v) const {
    v("node", node);
    v("state", state);
    v("why", why);
  }
};

struct RequestSent {
  static constexpr const char* kName = "request_sent";
  static constexpr Stream kStream = Stream::Network;
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::Produce;
  std::int16_t version = 0;
  Bytes bytes;  // of the frame, with its 4-byte size
  std::int32_t in_flight = 0;  // to this node, with this one
  std::vector<BatchId> batches;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("correlation", correlation);
    v("node", node);
    v("api", api);
    v("version", version);
    v("bytes", bytes);
    v("in_flight", in_flight);
    v("batches", batches);
  }
};

// The last byte of the request was handed to the socket.
struct RequestWritten {
  static constexpr const char* kName = "request_written";
  static constexpr Stream kStream = Stream::Network;
  CorrelationId correlation;
  NodeId node = kNoNode;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("correlation", correlation);
    v("node", node);
  }
};

struct RequestCompleted {
  static constexpr const char* kName = "request_completed";
  static constexpr Stream kStream = Stream::Network;
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::Produce;
  RequestOutcome outcome = RequestOutcome::Ok;
  Milliseconds latency{};
  std::int32_t in_flight = 0;  // to this node, without this one

  template <class Visitor>
  void visit(Visitor& v) const {
    v("correlation", correlation);
    v("node", node);
    v("api", api);
    v("outcome", outcome);
    v("latency_ms", latency);
    v("in_flight", in_flight);
  }
};

struct BytesMoved {
  static constexpr const char* kName = "client_bytes";
  static constexpr Stream kStream = Stream::Network;
  NodeId node = kNoNode;
  bool written = true;  // else read
  Bytes bytes;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("node", node);
    v("written", written);
    v("bytes", bytes);
  }
};

struct MetadataUpdateRequested {
  static constexpr const char* kName = "metadata_update_requested";
  static constexpr Stream kStream = Stream::Network;
  std::string why;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("why", why);
  }
};

struct MetadataUpdated {
  static constexpr const char* kName = "metadata_updated";
  static constexpr Stream kStream = Stream::Network;
  std::int32_t version = 0;
  bool partial = false;
  bool failed = false;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("version", version);
    v("partial", partial);
    v("failed", failed);
  }
};

struct LeaderLearned {
  static constexpr const char* kName = "leader_learned";
  static constexpr Stream kStream = Stream::Network;
  TopicPartition partition;
  NodeId leader = kNoNode;
  std::int32_t epoch = -1;
  bool from_hint = false;  // of a produce response (KIP-951), else of a metadata response

  template <class Visitor>
  void visit(Visitor& v) const {
    v("partition", partition);
    v("leader", leader);
    v("epoch", epoch);
    v("from_hint", from_hint);
  }
};

struct NodeThrottled {
  static constexpr const char* kName = "node_throttled";
  static constexpr Stream kStream = Stream::Network;
  NodeId node = kNoNode;
  Milliseconds throttle{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("node", node);
    v("throttle_ms", throttle);
  }
};

using Event = std::variant<
    ReadinessDecision, NodeDecision, DrainDecision, RetryDecision, SleepDecision, SendCalled,
    PartitionChosen, SendReturned, SendFailed, CallBlocked, CallResumed, UserCallStarted,
    UserCallEnded, FlushStarted, FlushEnded, CloseStarted, CloseEnded, RecordCompleted,
    MemoryAllocated, MemoryReleased, WaiterGathered, BatchOpened, RecordAppended,
    BatchClosedForAppends, BatchDrained, BatchRetried, BatchSplit, BatchExpired, BatchCompleted,
    LateAnswerIgnored, PartitionMuted, ProducerIdSet, SequencesReset, SequenceUnresolved,
    SenderPassStarted, SenderSlept, SenderStopped, Logged, ConnectionChanged, RequestSent,
    RequestWritten, RequestCompleted, BytesMoved, MetadataUpdateRequested, MetadataUpdated,
    LeaderLearned, NodeThrottled>;

}  // namespace linger::core
