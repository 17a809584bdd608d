// What happens in calls of the application and in its code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/client_error.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

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
  TopicPartition partition;  // -1: none was chosen yet
  Delivery delivery = Delivery::Delivered;
  ClientError error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("thread", thread);
    v("partition", partition);
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
  std::optional<BatchId> batch;  // none if send() itself failed
  std::int64_t offset = -1;      // -1: acks=0, a duplicate without an offset, or failed
  // What RecordMetadata.timestamp() tells: the log append time that the broker answered, or else
  // the record's own; in milliseconds since 1970. -1: failed.
  std::int64_t timestamp = -1;
  std::optional<ClientError> error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("record", record);
    v("partition", partition);
    v("batch", batch);
    v("offset", offset);
    v("timestamp", timestamp);
    v("error", error);
  }
};

}  // namespace linger::core
