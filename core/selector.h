// Reads and writes on many connections, one step of each at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/journal.h"
#include "core/kafka_channel.h"
#include "core/time.h"

namespace linger::core {

// What the world is to do with sockets. Each Connect is followed, some time, by one Close, also
// where the other side ended the connection, or never took it.
struct ConnectIntent {
  NodeId node;
  std::string host;
  std::int32_t port = 0;
  friend bool operator==(const ConnectIntent&, const ConnectIntent&) = default;
};
struct CloseIntent {
  NodeId node;
  friend bool operator==(const CloseIntent&, const CloseIntent&) = default;
};
using ConnectionIntent = std::variant<ConnectIntent, CloseIntent>;

// One poll looks once at each connection that is ready, by ascending node: finish the connect, read
// once, write once. Then at most one connection that was idle for too long is closed.
//
//   what the world tells ──▶ ready? ──▶ poll ──▶ completed sends, completed receives, connected,
//                                                disconnected: until the next poll
//
// At most one frame of a connection is handed out in a poll. The next one's bytes wait in the
// socket, where a reset loses them; or, before KAFKA-7639, every whole frame that arrived is read
// ahead and staged, the socket is not read while any is, and a connection that ends is reported
// only after the last one was handed out.
// (A selector that hands over everything at once stands for the mocked one of some observations.)
//
// In Kafka: Selector. Differs: connections are looked at by ascending node, where Java walks a hash
// set. Without staged frames a close never leaves any to deliver: the end of the stream lies behind
// the last of them. A connection that is closing cannot be muted.
class Selector {
 public:
  struct Settings {
    Milliseconds connections_max_idle{540'000};  // connections.max.idle.ms; negative: never
    std::int32_t max_receive_size = NetworkReceive::kUnlimited;
    bool one_receive_per_poll = true;  // else all that arrived, in the order of the requests
    bool reads_ahead = false;          // before KAFKA-7639: what arrived is staged
    std::optional<Bytes> heap{};       // what Java can allocate at once; none: anything
    friend bool operator==(const Settings&, const Settings&) = default;
  };
  Selector(Settings settings, Millis created)
      : settings_{settings}, next_idle_check_{after_idle(created)} {}

  // --- What the world tells. Of a connection that was closed meanwhile: nothing. ---

  void on_connected(NodeId node);
  // The broker is yet to say that it knows this client, and may refuse it.
  void on_connected_unauthenticated(NodeId node);
  void on_authentication_refused(NodeId node, std::string why);
  void on_connect_failed(NodeId node);
  void on_bytes(NodeId node, ByteSpan bytes);
  void on_end_of_stream(NodeId node);
  void on_reset(NodeId node);
  void on_writable(NodeId node, Bytes room);
  // A select that waits, or else the next one, returns at once.
  void wakeup() { woken_ = true; }

  // --- What the world takes: after each poll, first the bytes, then the intents ---

  // Bytes handed to the socket and not taken yet.
  ByteVector take_written(NodeId node);
  // The nodes for which there are some.
  std::vector<NodeId> nodes_with_written() const;
  std::vector<ConnectionIntent> take_connection_intents();

  // Would a select return now?
  bool has_ready_events() const { return woken_ || has_network_events(); }
  bool has_network_events() const;

  // --- What the client does ---

  // Requires: there is no connection to it.
  void connect(NodeId node, std::string host, std::int32_t port, Millis now);
  // As if it stood already: no intent.
  void assume_connected(NodeId node, Millis now);
  enum class SendOutcome { Queued, PriorSendInProgress };
  // Keeps the frame until the socket takes it. If another one is not written yet, the connection is
  // lost: the next poll reports FailedSend. Requires: has_channel(node).
  SendOutcome send(NodeId node, NetworkSend send, BufferStore& store);
  void poll(Millis now, BufferStore& store, Journal& journal);
  // Ends the connection, if there is one. Nothing is reported.
  void close(NodeId node, BufferStore& store);
  void close_all(BufferStore& store);
  // Requires: has_channel(node).
  void mute(NodeId node);
  void unmute(NodeId node);

  bool has_channel(NodeId node) const { return channels_.contains(node); }
  bool is_channel_ready(NodeId node) const;
  // How much arrived and was not read yet.
  Bytes unread(NodeId node) const;

  // --- What the last poll did ---

  struct CompletedReceive {
    NodeId node;
    ByteVector payload;
    friend bool operator==(const CompletedReceive&, const CompletedReceive&) = default;
  };
  struct Disconnection {
    ChannelState state = ChannelState::NotConnected;
    std::string why;
    bool is_unexpected = false;  // what arrived was no frame
    friend bool operator==(const Disconnection&, const Disconnection&) = default;
  };
  const std::vector<NodeId>& completed_sends() const { return completed_sends_; }
  const std::vector<CompletedReceive>& completed_receives() const { return completed_receives_; }
  const std::vector<NodeId>& connected() const { return connected_; }
  const std::map<NodeId, Disconnection>& disconnected() const { return disconnected_; }
  // A frame was to be larger than the heap: an Error, which nobody catches.
  bool is_out_of_memory() const { return is_out_of_memory_; }

  friend bool operator==(const Selector&, const Selector&) = default;

 private:
  friend class StateWalk;

  using Staged = std::vector<ByteVector>;
  struct Entry {
    KafkaChannel channel;
    Staged staged{};
    bool is_invalid = false;  // what arrived is no frame
    Millis last_active{};
    std::int64_t activity = 0;  // orders connections by their last activity
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  // A connection that is lost, and not reported before its staged frames are handed out.
  struct Closing {
    Disconnection disconnection;
    Staged staged;
    friend bool operator==(const Closing&, const Closing&) = default;
  };
  struct Readiness {
    bool connectable = false;
    bool refused = false;
    bool readable = false;
    bool writable = false;
    bool any() const { return connectable || refused || readable || writable; }
  };

  static Readiness readiness(const KafkaChannel& channel);
  Millis after_idle(Millis since) const;
  KafkaChannel* find(NodeId node);
  KafkaChannel& channel(NodeId node);
  void add(NodeId node, KafkaChannel channel, Millis now);
  void clear();
  void sort_receives_by_request();
  void touch(Entry& entry, Millis now);
  void handle(NodeId node, Entry& entry, Readiness ready, BufferStore& store, Journal& journal);
  KafkaChannel::Failure read(NodeId node, Entry& entry, Journal& journal);
  void hand_out(NodeId node, Staged& staged);
  void hand_out_staged();
  KafkaChannel::Failure write(NodeId node, KafkaChannel& channel, BufferStore& store,
                              Journal& journal);
  void disconnect(NodeId node, std::string why, BufferStore& store);
  void close_oldest_if_idle(Millis now, BufferStore& store);
  void erase(NodeId node, BufferStore& store);

  Settings settings_;
  std::map<NodeId, Entry> channels_;
  std::map<NodeId, Closing> closing_;
  std::map<NodeId, ByteVector> written_;
  std::vector<ConnectionIntent> intents_;
  std::map<NodeId, Disconnection> failed_sends_;
  std::vector<NodeId> completed_sends_;
  std::vector<CompletedReceive> completed_receives_;
  bool is_out_of_memory_ = false;
  std::vector<NodeId> connected_;
  std::map<NodeId, Disconnection> disconnected_;
  Millis next_idle_check_;
  std::int64_t activity_ = 0;
  bool woken_ = false;
};

}  // namespace linger::core
