// What happens in the pool, the accumulator and the sender.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/log_level.h"
#include "core/time.h"

namespace linger::core {

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

}  // namespace linger::core
