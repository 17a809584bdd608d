// Brokers that are not simulated: what came from real ones, and what goes to them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/wire_event.h"

namespace linger::sim {

// --- In ---

// Somebody wants the run to end: threads stop where they are, shutdown hooks run.
struct Interrupted {};

// What happened outside, and when the world hears of it.
struct OutsideInput {
  core::Instant at{};
  std::variant<ClientNotice, Interrupted> what;
};

// --- Out ---

struct OpenSocket {
  std::string host;
  std::int32_t port = 0;
  core::Bytes send_buffer;  // send.buffer.bytes; not positive: as the system has it
};
struct WriteToSocket {
  core::ByteVector bytes;
};
struct CloseSocket {};

struct OutsideCommand {
  ClientSocket socket;
  ConnectionId connection;
  std::variant<OpenSocket, WriteToSocket, CloseSocket> what;
};

// --- A live run ---

struct HostAndPort {
  std::string host;
  std::int32_t port = 0;
  friend bool operator==(const HostAndPort&, const HostAndPort&) = default;
};

struct LiveSpec {
  std::vector<HostAndPort> bootstrap;
  // All that came in, by time; while the run goes on, whoever drives it adds to them.
  std::shared_ptr<const std::vector<OutsideInput>> inputs;
  std::map<std::string, std::string> digests{};  // of each stream, as the run gave them
};

// The producers' connections to the outside, numbered in the order of opening. What happened to one
// that the producer has closed meanwhile concerns nobody.
class OutsideConnections {
 public:
  ConnectionId open(ClientSocket socket) {
    const ConnectionId id{opened_++};
    open_.insert_or_assign(socket, Connection{id, Connection::State::Opening});
    return id;
  }
  // The connection that the socket has; none if it was closed.
  std::optional<ConnectionId> find(ClientSocket socket) const {
    const auto at = open_.find(socket);
    return at == open_.end() ? std::nullopt : std::optional{at->second.id};
  }
  void close(ClientSocket socket) { open_.erase(socket); }
  std::vector<ClientSocket> sockets_of(ProducerIndex producer) const {
    std::vector<ClientSocket> sockets;
    for (const auto& [socket, connection] : open_) {
      if (socket.producer == producer) sockets.push_back(socket);
    }
    return sockets;
  }

  // May this have happened to the connection? It counts as happened then.
  bool accept(const ClientNotice& notice);

 private:
  struct Connection {
    enum class State { Opening, Open, Ended };
    ConnectionId id;
    State state = State::Opening;
  };
  std::map<ClientSocket, Connection> open_;
  std::int32_t opened_ = 0;
};

}  // namespace linger::sim
