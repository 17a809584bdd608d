// The wires: connections between producers and brokers, and the bytes on them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/cow.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/pipe.h"
#include "sim/scenario.h"
#include "sim/shared_bytes.h"
#include "sim/sim_event.h"
#include "sim/wire_event.h"

namespace linger::sim {

// What send.buffer.bytes = -1 gives: Linux lets a socket's buffer grow to this.
inline constexpr Bytes kSystemSendBuffer{4'194'304};

// The life of a connection:
//
//   client              network                broker
//     │ open               │                      │
//     │ ── SYN ── latency ────────────────────────▶ accepted, refused, or silence
//     ◀─── latency + connect ──────────────────── │
//     │ send: a segment at a time ────────────────▶ bytes, in order
//     ◀──────────────────────── the same backwards│ send
//     │ close: what waits still leaves, then FIN ─▶ end of stream
//
// A broker that authenticates and does not know the client hears of nothing: its machine takes the
// connection, the client asks, and one round trip later hears that it is refused, or nothing.
//
// Differs: bytes that arrive where the connection was closed already are dropped; TCP would answer
// them with a reset. A connection request that meets silence is not sent again.
class Network {
 public:
  Network(NetworkSpec spec, std::uint64_t seed);

  // --- What the two sides do ---

  struct Target {
    std::optional<NodeId> broker;  // none: nobody is at that address
    Bytes send_buffer = kSystemSendBuffer;
    SharedBytes first_words{};  // of a stranger: written as soon as it is connected
  };
  // Requires: the socket has no connection.
  ConnectionId open(ClientSocket socket, Target target, Instant now, Effects& effects);
  // As if it had been opened before the run: nobody is told. Requires: as open(), and a broker.
  ConnectionId assume_open(ClientSocket socket, Target target, Effects& effects);
  // The connection that the socket has until the client closes it, or hears that there is none.
  std::optional<ConnectionId> find(ClientSocket socket) const;
  // Requires, from a client: no more bytes than it has room for. Of a connection that is over:
  // nothing.
  void send(ConnectionId connection, Direction direction, SharedBytes bytes, Instant now,
            Effects& effects);
  // The bytes sent before still arrive. Requires: by Client or Broker.
  void close(ConnectionId connection, ClosedBy by, std::string why, Instant now, Effects& effects);

  // --- What was scheduled is due. ServiceDone and AcknowledgementDue are not for the network. ---

  void on(const SynArrival& event, Instant now, Effects& effects);
  void on(const SynAckArrival& event, Instant now, Effects& effects);
  void on(const RefusalArrival& event, Instant now, Effects& effects);
  void on(const AuthenticationArrival& event, Instant now, Effects& effects);
  void on(const LinkFree& event, Instant now, Effects& effects);
  void on(const SegmentArrival& event, Instant now, Effects& effects);
  void on(const FinArrival& event, Instant now, Effects& effects);
  void on(const ResetArrival& event, Instant now, Effects& effects);
  void on(const LinkChanges& event, Instant now, Effects& effects);

  // --- Faults ---

  // What is on the wire is lost, and both sides hear of it at once.
  // Differs: in life only who still sends something hears of it, later.
  void break_connections(NodeId broker, const std::string& why, Effects& effects);
  // What is otherwise than the link has it.
  struct LinkFault {
    Way way = Way::Both;
    std::optional<Instant> until{};  // none: for good
    Duration extra_latency{};
    Duration extra_jitter{};
    std::optional<Bytes> bandwidth{};
    std::optional<Bytes> segment{};
    std::optional<Bytes> largest{};  // larger segments get lost
  };
  void disturb(NodeId broker, LinkFault fault, Instant now, Effects& effects);
  // A connection on which nothing has passed for longer is forgotten, and nothing passes any more.
  struct IdleLimit {
    Duration after{};
    std::optional<Instant> until;
  };
  void forget_idle(NodeId broker, IdleLimit limit);
  void refuse_connections(NodeId broker, std::optional<Instant> until);
  // New connections are not authenticated, and the client is told or left waiting.
  void refuse_authentication(NodeId broker, std::optional<Instant> until, bool answers);
  // As if the machine had lost its power: what arrives vanishes, and connection requests are never
  // answered. Afterwards it knows no connection from before, and answers what comes on one with a
  // reset.
  void silence(NodeId broker, std::optional<Instant> until);
  bool is_silent(NodeId broker, Instant now) const;
  // Nobody listens there until it starts: connection requests are refused.
  void stop(NodeId broker) { troubles_[broker].is_down = true; }
  void start(NodeId broker) { troubles_[broker].is_down = false; }
  bool is_down(NodeId broker) const;

  // --- What a view shows ---

  struct ConnectionView {
    ConnectionId connection;
    ClientSocket socket;
    NodeId broker;
    bool is_open = false;     // for the client
    Bytes waiting_to_broker;  // in the client's socket
    Bytes waiting_to_client;
  };
  // By ascending id; those that are over are gone.
  std::vector<ConnectionView> connections() const;

 private:
  friend class WorldWalk;

  enum class ClientEnd { Opening, Open, Closed };
  enum class BrokerEnd { NotYet, Open, Closed, Forgotten };
  enum class Authentication { None, Refused, Unanswered };

  struct OneWay {
    Pipe pipe;
    Bytes on_link{};          // of the segment that is leaving
    bool is_leaving = false;  // LinkFree is due
    bool is_closing = false;  // FIN follows the last byte
    bool is_stuck = false;    // what leaves next does not get through, and that was told
  };
  struct Connection {
    ClientSocket socket;
    NodeId broker;
    Bytes send_buffer;
    ClientEnd client = ClientEnd::Opening;
    BrokerEnd server = BrokerEnd::NotYet;
    Authentication authentication = Authentication::None;
    bool was_closed = false;    // by either side; told once
    bool is_forgotten = false;  // by a middlebox: nothing passes any more
    Instant last_passed{};      // when something left or arrived
    SharedBytes first_words;    // of a stranger
    OneWay to_broker;
    OneWay to_client;

    OneWay& way(Direction direction) {
      return direction == Direction::ToBroker ? to_broker : to_client;
    }
  };

  // What faults did to the wires of one broker.
  struct Trouble {
    std::vector<LinkFault> links;
    std::vector<IdleLimit> idle_limits;
    Instant refuses_until{};
    Instant refuses_authentication_until{};
    bool answers_authentication = true;
    Instant silent_until{};
    bool is_down = false;
  };

  ConnectionId add(ClientSocket socket, Target target);
  Connection* find_connection(ConnectionId id);
  LinkConditions conditions(NodeId broker, Direction direction, Instant now) const;
  LinkConditions conditions(const Connection& connection, Direction direction, Instant now) const;
  const LinkSpec& link(NodeId broker) const;
  bool refuses(NodeId broker, Instant now) const;
  bool is_held(Connection& connection, const LinkFree& event, const LinkConditions& link,
               Effects& effects);
  void notice_idleness(Connection& connection, Instant now);
  void go_on(ConnectionId id, Connection& connection, Instant now, Effects& effects);
  Authentication authentication(NodeId broker, Instant now) const;
  Bytes leave(const LinkFree& event, Connection& connection, Instant now, Effects& effects);
  void send_fin(ConnectionId id, Direction direction, Instant now, Effects& effects);
  void arrive_at_broker(const SegmentArrival& event, Connection& connection, Instant now,
                        Effects& effects);
  void lose(ConnectionId id, Connection& connection, const std::string& why, Effects& effects);
  void tell_closed(ConnectionId id, Connection& connection, ClosedBy by, std::string why,
                   Effects& effects);
  void erase(ConnectionId id);
  void erase_if_over(ConnectionId id);

  core::Cow<NetworkSpec> spec_;  // never written
  std::uint64_t seed_;
  std::int32_t opened_ = 0;
  std::map<ConnectionId, Connection> connections_;
  std::map<ClientSocket, ConnectionId> by_socket_;
  std::map<NodeId, Trouble> troubles_;
};

}  // namespace linger::sim
