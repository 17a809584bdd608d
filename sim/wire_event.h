// What is still to happen on the wires and in the brokers, and what they tell when it happens. All
// of it is values: the parts schedule nothing and call nobody.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/partition_log.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"

namespace linger::sim {

// --- What is due at some time ---

// A client's request for a connection reaches the broker's machine.
struct SynArrival {
  ConnectionId connection;
};
// The broker's machine took it, and the client hears of it.
struct SynAckArrival {
  ConnectionId connection;
};
// It did not, or there is no such machine, and the client hears of it.
struct RefusalArrival {
  ConnectionId connection;
};
// A client says who it is, or hears that the broker does not know it.
struct AuthenticationArrival {
  ConnectionId connection;
  Direction direction = Direction::ToBroker;
};
// The last segment has left: its room in the socket is free, and the next one may leave.
struct LinkFree {
  ConnectionId connection;
  Direction direction = Direction::ToBroker;
};
struct SegmentArrival {
  ConnectionId connection;
  Direction direction = Direction::ToBroker;
  SharedBytes bytes;
};
// The other side closed: the end of the stream.
struct FinArrival {
  ConnectionId connection;
  Direction direction = Direction::ToBroker;
};
// The broker's machine does not know the connection any more, and the client hears of it.
struct ResetArrival {
  ConnectionId connection;
};
// The broker has done what the oldest request of the connection asks for.
struct ServiceDone {
  NodeId broker;
  ConnectionId connection;
};
// The followers have the batches of a produce request with acks=all, or its timeout has passed.
struct AcknowledgementDue {
  NodeId broker;
  ConnectionId connection;
  std::int64_t request = 0;  // which one of the connection, from 0
};
// An answer that was held back leaves, or the connection is closed in its stead.
struct AnswerDue {
  NodeId broker;
  ConnectionId connection;
};
struct SilenceEnds {
  NodeId broker;
};
// Something that held segments to or from the broker has begun or ended.
struct LinkChanges {
  NodeId broker;
};

// --- Of transactions; `transition` counts those of the id ---

// A transition stands in the transaction log.
struct TransitionLogged {
  std::string transactional_id;
  std::int64_t transition = 0;
};
// The answer to the request that asked for it may leave.
struct LoggedAnswerDue {
  NodeId broker;
  ConnectionId connection;
  std::int64_t request = 0;  // which one of the connection, from 0
};
// Markers are written, or tried again where they could not be.
struct MarkersDue {
  std::string transactional_id;
  std::int64_t transition = 0;
};
// The coordinator looks for transactions that took too long.
struct ExpiryCheckDue {
  std::string transactional_id;
  Instant started{};
};

// --- Of replicas; `fetch` counts those of the cluster ---

// A follower's fetch reaches the leader.
struct ReplicaFetchArrives {
  TopicPartition partition;
  NodeId follower;
  std::int64_t fetch = 0;
};
// It has waited as long as it may, or there is something to tell.
struct ReplicaFetchWaitEnds {
  TopicPartition partition;
  NodeId follower;
  std::int64_t fetch = 0;
};
struct ReplicaFetchAnswered {
  TopicPartition partition;
  NodeId follower;
  std::int64_t fetch = 0;
  std::int64_t high_watermark = 0;     // of the leader, when it answered
  std::vector<StoredBatch> batches{};  // from where the follower's log ends
  std::optional<std::int64_t>
      truncate_to{};  // instead: what stands there and later is not the leader's
};
// The leader looks for followers that have lagged for too long.
struct ReplicaLagCheck {
  TopicPartition partition;
};
// A follower that fetched nothing fetches again.
struct StallEnds {
  NodeId broker;
};
struct PauseEnds {
  NodeId broker;
};
// The controller has not heard of a broker for too long; `absence` counts those of all brokers.
struct BrokerSessionExpires {
  NodeId broker;
  std::int64_t absence = 0;
};

using WireEventKinds =
    std::variant<SynArrival, SynAckArrival, RefusalArrival, LinkFree, SegmentArrival, FinArrival,
                 ResetArrival, ServiceDone, AcknowledgementDue, AnswerDue, SilenceEnds,
                 TransitionLogged, LoggedAnswerDue, MarkersDue, ExpiryCheckDue, LinkChanges,
                 AuthenticationArrival, ReplicaFetchArrives, ReplicaFetchWaitEnds,
                 ReplicaFetchAnswered, ReplicaLagCheck, StallEnds, PauseEnds, BrokerSessionExpires>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct WireEvent : WireEventKinds {
  using WireEventKinds::variant;
  WireEvent();
  WireEvent(const WireEvent&);
  WireEvent(WireEvent&&) noexcept;
  WireEvent& operator=(const WireEvent&);
  WireEvent& operator=(WireEvent&&) noexcept;
  ~WireEvent();
};

struct Scheduled {
  Instant at{};
  WireEvent event;
};

// --- What a client is told ---

// Somebody who is none of the producers.
inline constexpr ProducerIndex kStranger{-1};

// A producer's socket, as the producer names it: it has one for each node, one after another.
struct ClientSocket {
  ProducerIndex producer;  // kStranger: nobody's
  NodeId node;             // bootstrap addresses are -1, -2, …
  friend auto operator<=>(const ClientSocket&, const ClientSocket&) = default;
};

struct SocketConnected {
  Bytes room;  // so many bytes may be written
  bool is_authenticated = true;
};
struct SocketRefused {  // the broker does not know this client
  std::string why;
};
struct SocketConnectFailed {};
struct SocketHasRoom {
  Bytes more;  // than it was told before
};
struct SocketReceived {
  SharedBytes bytes;
};
struct SocketEnded {};  // the end of the stream
struct SocketReset {};

struct ClientNotice {
  ClientSocket socket;
  ConnectionId connection;
  std::variant<SocketConnected, SocketConnectFailed, SocketHasRoom, SocketReceived, SocketEnded,
               SocketReset, SocketRefused>
      what;
};

// --- What a broker is told, and what it wants ---

struct ConnectionAccepted {
  ProducerIndex producer;
};
struct BytesReceived {
  SharedBytes bytes;
};
struct StreamEnded {};  // behind all the bytes that the client sent
struct ConnectionLost {};

struct BrokerNotice {
  NodeId broker;
  ConnectionId connection;
  std::variant<ConnectionAccepted, BytesReceived, StreamEnded, ConnectionLost> what;
};

struct SendBytes {
  SharedBytes bytes;
};
struct CloseConnection {
  std::string why;
};

struct BrokerCommand {
  ConnectionId connection;
  std::variant<SendBytes, CloseConnection> what;
};

// --- All of it, in the order in which it came about ---

struct Happened {
  std::optional<ProducerIndex> producer;  // whose connection it is about; none for brokers
  SimEvent event;
};

// What the parts want the world to do; they append to it. Between network and brokers ServerSide
// (server_side.h) passes things on: the world finds to_brokers and from_brokers empty.
struct Effects {
  std::vector<Scheduled> scheduled;
  std::vector<ClientNotice> to_clients;
  std::vector<Happened> happened;
  std::vector<BrokerNotice> to_brokers;
  std::vector<BrokerCommand> from_brokers;
};

}  // namespace linger::sim
