// What happens in the network client.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/api.h"
#include "core/bytes.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

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
  Bytes bytes;                 // of the frame, with its 4-byte size
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

}  // namespace linger::core
