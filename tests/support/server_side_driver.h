// Producers' sockets and a clock around a ServerSide, so that a test can tell a story of bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/id.h"
#include "core/network_receive.h"
#include "core/protocol.h"
#include "core/time.h"
#include "sim/scenario.h"
#include "sim/server_side.h"
#include "sim/sim_event.h"
#include "sim/wire_event.h"

namespace linger::sim {

inline Instant at(Duration since_start) {
  return Instant{} + since_start;
}

// What one socket was told.
struct Heard {
  Instant connected_at{};
  Instant failed_at{};
  Instant ended_at{};
  Instant reset_at{};
  Instant last_bytes_at{};
  Bytes room;
  core::ByteVector bytes;

  // The frames among the bytes, without their sizes.
  std::vector<core::ByteVector> frames() const {
    std::vector<core::ByteVector> frames;
    core::ByteSpan rest{bytes};
    while (!rest.empty()) {
      core::NetworkReceive receive;
      rest = rest.subspan(receive.read_from(rest).taken);
      if (!receive.is_complete()) break;
      frames.push_back(receive.payload());
    }
    return frames;
  }
};

class ServerSideDriver {
 public:
  struct Setup {
    ClusterSpec cluster;
    NetworkSpec network;
    std::vector<std::string> topics;
    std::uint64_t seed = 1;
  };
  explicit ServerSideDriver(const Setup& setup)
      : servers_{setup.cluster, setup.network, core::TopicNames{setup.topics}, setup.seed} {}

  static ClientSocket socket(std::int32_t node, std::int32_t producer = 0) {
    return {core::ProducerIndex{producer}, NodeId{node}};
  }

  // To the broker with the number of the node.
  void open(ClientSocket socket, Bytes send_buffer = kSystemSendBuffer) {
    const core::NodeEndpoint there = Cluster::endpoint(socket.node);
    open(socket, {there.host, there.port}, send_buffer);
  }
  void open(ClientSocket socket, ServerSide::Address address,
            Bytes send_buffer = kSystemSendBuffer) {
    act([&](Effects& effects) { servers_.open(socket, address, {send_buffer}, now_, effects); });
  }
  void send(ClientSocket socket, core::ByteVector bytes) {
    heard_[socket].room -= Bytes{static_cast<std::int64_t>(bytes.size())};
    act([&](Effects& effects) { servers_.send(socket, std::move(bytes), now_, effects); });
  }
  void close(ClientSocket socket) {
    act([&](Effects& effects) { servers_.close(socket, now_, effects); });
  }
  void apply(const Fault& fault) {
    act([&](Effects& effects) { servers_.apply(fault, now_, effects); });
  }
  void request(ClientSocket socket, const core::RequestHeader& header,
               const core::Request& request) {
    send(socket, core::encode_request(header, request));
  }

  // Lets everything happen that is due until then, both included.
  void run_until(Instant end) {
    while (!pending_.empty() && pending_.begin()->first.first <= end) {
      auto next = pending_.extract(pending_.begin());
      now_ = next.key().first;
      act([&](Effects& effects) { servers_.deliver(next.mapped(), now_, effects); });
    }
    now_ = end;
  }
  // Until nothing is due any more.
  void run() {
    while (!pending_.empty()) run_until(pending_.begin()->first.first);
  }

  Instant now() const { return now_; }
  const Heard& heard(ClientSocket socket) { return heard_[socket]; }
  // The answer to the `index`-th request that was answered.
  core::Response response(ClientSocket socket, const core::RequestHeader& header,
                          std::size_t index) {
    const std::vector<core::ByteVector> frames = heard_[socket].frames();
    CHECK(index < frames.size());
    return core::decode_response(header, frames[index]).value();
  }
  ServerSide& servers() { return servers_; }
  const PartitionLog& log(TopicPartition partition) const {
    return servers_.cluster().find(partition)->log;
  }

  // The events of one kind, and when they happened.
  template <class Event>
  std::vector<std::pair<Instant, Event>> all() const {
    std::vector<std::pair<Instant, Event>> found;
    for (const auto& [when, event] : happened_) {
      if (const auto* one = std::get_if<Event>(&event)) found.emplace_back(when, *one);
    }
    return found;
  }

 private:
  template <class Action>
  void act(Action action) {
    Effects effects;
    action(effects);
    CHECK(effects.to_brokers.empty() && effects.from_brokers.empty());
    for (Scheduled& scheduled : effects.scheduled) {
      CHECK(scheduled.at >= now_);
      pending_.emplace(std::pair{scheduled.at, order_++}, std::move(scheduled.event));
    }
    for (Happened& one : effects.happened) happened_.emplace_back(now_, std::move(one.event));
    for (const ClientNotice& notice : effects.to_clients) tell(notice);
  }

  void tell(const ClientNotice& notice) {
    Heard& heard = heard_[notice.socket];
    if (const auto* connected = std::get_if<SocketConnected>(&notice.what)) {
      heard.connected_at = now_;
      heard.room = connected->room;
    } else if (const auto* room = std::get_if<SocketHasRoom>(&notice.what)) {
      heard.room += room->more;
    } else if (const auto* received = std::get_if<SocketReceived>(&notice.what)) {
      heard.last_bytes_at = now_;
      const core::ByteSpan bytes = received->bytes.span();
      heard.bytes.insert(heard.bytes.end(), bytes.begin(), bytes.end());
    } else if (std::holds_alternative<SocketConnectFailed>(notice.what)) {
      heard.failed_at = now_;
    } else if (std::holds_alternative<SocketEnded>(notice.what)) {
      heard.ended_at = now_;
    } else {
      heard.reset_at = now_;
    }
  }

  ServerSide servers_;
  Instant now_{};
  std::int64_t order_ = 0;
  std::map<std::pair<Instant, std::int64_t>, WireEvent> pending_;
  std::map<ClientSocket, Heard> heard_;
  std::vector<std::pair<Instant, SimEvent>> happened_;
};

}  // namespace linger::sim
