#include "sim/network.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/random.h"

namespace linger::sim {
namespace {

constexpr Instant kForGood = Instant::max();

// A second fault of a kind does not shorten the first.
void prolong(Instant& end, std::optional<Instant> until) {
  end = std::max(end, until.value_or(kForGood));
}

bool goes(Way way, Direction direction) {
  return way == Way::Both || (way == Way::ToBroker) == (direction == Direction::ToBroker);
}

void lower(std::optional<Bytes>& limit, Bytes to) {
  limit = std::min(limit.value_or(to), to);
}

core::Random jitter(std::uint64_t seed, ConnectionId id, Direction direction) {
  const std::int32_t part = id.value() * 2 + (direction == Direction::ToClient ? 1 : 0);
  return {seed, core::RandomStream::Network, static_cast<std::uint32_t>(part)};
}

}  // namespace

Network::Network(NetworkSpec spec, std::uint64_t seed) : spec_{std::move(spec)}, seed_{seed} {}

// --- What the two sides do ---

ConnectionId Network::open(ClientSocket socket, Target target, Instant now, Effects& effects) {
  const ConnectionId id = add(socket, target);
  Connection& connection = *find_connection(id);
  const LinkConditions there = conditions(connection.broker, Direction::ToBroker, now);
  effects.scheduled.push_back(
      {connection.to_broker.pipe.arrival_of_signal(there, now), SynArrival{id}});
  return id;
}

ConnectionId Network::assume_open(ClientSocket socket, Target target, Effects& effects) {
  const ConnectionId id = add(socket, target);
  Connection& connection = *find_connection(id);
  connection.client = ClientEnd::Open;
  connection.server = BrokerEnd::Open;
  effects.to_brokers.push_back({connection.broker, id, ConnectionAccepted{socket.producer}});
  return id;
}

ConnectionId Network::add(ClientSocket socket, Target target) {
  CHECK(!by_socket_.contains(socket));
  const ConnectionId id{opened_++};
  connections_.emplace(
      id, Connection{.socket = socket,
                     .broker = target.broker.value_or(core::kNoNode),
                     .send_buffer = target.send_buffer,
                     .first_words = std::move(target.first_words),
                     .to_broker = {.pipe = Pipe{jitter(seed_, id, Direction::ToBroker)}},
                     .to_client = {.pipe = Pipe{jitter(seed_, id, Direction::ToClient)}}});
  by_socket_.emplace(socket, id);
  return id;
}

std::optional<ConnectionId> Network::find(ClientSocket socket) const {
  const auto at = by_socket_.find(socket);
  if (at == by_socket_.end()) return std::nullopt;
  return at->second;
}

void Network::send(ConnectionId id, Direction direction, SharedBytes bytes, Instant now,
                   Effects& effects) {
  Connection* connection = find_connection(id);
  if (connection == nullptr || bytes.is_empty()) return;
  const bool is_open = direction == Direction::ToBroker ? connection->client == ClientEnd::Open
                                                        : connection->server == BrokerEnd::Open;
  if (!is_open) return;
  OneWay& way = connection->way(direction);
  way.pipe.push(std::move(bytes));
  if (direction == Direction::ToBroker) {
    CHECK(way.pipe.waiting() + way.on_link <= connection->send_buffer);
  }
  if (way.is_leaving) return;
  // At the end of this instant, so that what is written in one go leaves in one piece.
  way.is_leaving = true;
  effects.scheduled.push_back({now, LinkFree{id, direction}});
}

void Network::close(ConnectionId id, ClosedBy by, std::string why, Instant now, Effects& effects) {
  CHECK(by != ClosedBy::Network);
  Connection* connection = find_connection(id);
  if (connection == nullptr) return;
  const Direction direction = by == ClosedBy::Client ? Direction::ToBroker : Direction::ToClient;
  if (by == ClosedBy::Client) {
    if (connection->client == ClientEnd::Closed) return;
    by_socket_.erase(connection->socket);
    connection->client = ClientEnd::Closed;
  } else {
    if (connection->server != BrokerEnd::Open) return;
    connection->server = BrokerEnd::Closed;
  }
  tell_closed(id, *connection, by, std::move(why), effects);
  OneWay& way = connection->way(direction);
  way.is_closing = true;
  if (!way.is_leaving && way.pipe.waiting() == Bytes{0}) send_fin(id, direction, now, effects);
  erase_if_over(id);
}

// --- What was scheduled is due ---

void Network::on(const SynArrival& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr || is_silent(connection->broker, now)) return;
  LinkConditions back = conditions(connection->broker, Direction::ToClient, now);
  Pipe& pipe = connection->to_client.pipe;
  back.latency += link(connection->broker).connect;
  if (connection->broker == core::kNoNode || refuses(connection->broker, now)) {
    effects.scheduled.push_back(
        {pipe.arrival_of_signal(back, now), RefusalArrival{event.connection}});
    return;
  }
  effects.scheduled.push_back({pipe.arrival_of_signal(back, now), SynAckArrival{event.connection}});
  connection->authentication = authentication(connection->broker, now);
  if (connection->authentication != Authentication::None) return;
  connection->server = BrokerEnd::Open;
  effects.to_brokers.push_back(
      {connection->broker, event.connection, ConnectionAccepted{connection->socket.producer}});
}

void Network::on(const SynAckArrival& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr || connection->client != ClientEnd::Opening) return;
  connection->client = ClientEnd::Open;
  effects.happened.push_back(
      {connection->socket.producer,
       ConnectionOpened{event.connection, connection->socket.node, connection->broker}});
  const bool is_authenticated = connection->authentication == Authentication::None;
  effects.to_clients.push_back({connection->socket, event.connection,
                                SocketConnected{connection->send_buffer, is_authenticated}});
  connection->last_passed = now;
  if (is_authenticated) {
    send(event.connection, Direction::ToBroker, connection->first_words, now, effects);
    return;
  }
  const LinkConditions there = conditions(connection->broker, Direction::ToBroker, now);
  effects.scheduled.push_back({connection->to_broker.pipe.arrival_of_signal(there, now),
                               AuthenticationArrival{event.connection, Direction::ToBroker}});
}

// Differs: a client that authenticates for good needs no time for it.
void Network::on(const AuthenticationArrival& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr || connection->client != ClientEnd::Open) return;
  if (event.direction == Direction::ToClient) {
    tell_closed(event.connection, *connection, ClosedBy::Broker, "authentication failed", effects);
    effects.to_clients.push_back({connection->socket, event.connection,
                                  SocketRefused{"Authentication failed: Invalid username or "
                                                "password"}});
    return;
  }
  if (connection->authentication == Authentication::Unanswered) return;
  if (is_silent(connection->broker, now)) return;
  const LinkConditions back = conditions(connection->broker, Direction::ToClient, now);
  effects.scheduled.push_back({connection->to_client.pipe.arrival_of_signal(back, now),
                               AuthenticationArrival{event.connection, Direction::ToClient}});
}

void Network::on(const RefusalArrival& event, Instant, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr) return;
  const ClientSocket socket = connection->socket;
  const std::string why =
      connection->broker == core::kNoNode ? "nobody at this address" : "connection refused";
  effects.happened.push_back({socket.producer, ConnectionRefused{socket.node, why}});
  effects.to_clients.push_back({socket, event.connection, SocketConnectFailed{}});
  erase(event.connection);
}

void Network::on(const LinkFree& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr) return;
  OneWay& way = connection->way(event.direction);
  Bytes room = std::exchange(way.on_link, Bytes{0});
  room += leave(event, *connection, now, effects);
  const bool is_writable =
      event.direction == Direction::ToBroker && connection->client == ClientEnd::Open;
  if (is_writable && room > Bytes{0}) {
    effects.to_clients.push_back({connection->socket, event.connection, SocketHasRoom{room}});
  }
  const bool is_over = way.is_closing && !way.is_leaving && way.pipe.waiting() == Bytes{0};
  if (is_over) send_fin(event.connection, event.direction, now, effects);
}

void Network::on(const SegmentArrival& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr) return;
  connection->last_passed = now;
  effects.happened.push_back(
      {connection->socket.producer,
       SegmentArrived{event.connection, connection->broker, event.direction, event.bytes.size()}});
  if (event.direction == Direction::ToBroker) {
    arrive_at_broker(event, *connection, now, effects);
  } else if (connection->client == ClientEnd::Open) {
    effects.to_clients.push_back(
        {connection->socket, event.connection, SocketReceived{event.bytes}});
  }
}

void Network::on(const FinArrival& event, Instant now, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr) return;
  if (event.direction == Direction::ToClient && !connection->first_words.is_empty()) {
    close(event.connection, ClosedBy::Client, "", now, effects);
  } else if (event.direction == Direction::ToClient) {
    if (connection->client == ClientEnd::Open) {
      effects.to_clients.push_back({connection->socket, event.connection, SocketEnded{}});
    }
  } else if (connection->server == BrokerEnd::Open && !is_silent(connection->broker, now)) {
    effects.to_brokers.push_back({connection->broker, event.connection, StreamEnded{}});
  }
}

void Network::on(const ResetArrival& event, Instant, Effects& effects) {
  Connection* connection = find_connection(event.connection);
  if (connection == nullptr) return;
  lose(event.connection, *connection, "reset by the broker's machine", effects);
  erase(event.connection);
}

// What did not get through may do so now.
void Network::on(const LinkChanges& event, Instant now, Effects& effects) {
  for (auto& [id, connection] : connections_) {
    if (connection.broker == event.broker) go_on(id, connection, now, effects);
  }
}

// --- Faults ---

void Network::break_connections(NodeId broker, const std::string& why, Effects& effects) {
  std::vector<ConnectionId> broken;
  for (auto& [id, connection] : connections_) {
    if (connection.broker != broker) continue;
    if (connection.server == BrokerEnd::Open) {
      effects.to_brokers.push_back({broker, id, ConnectionLost{}});
    }
    lose(id, connection, why, effects);
    broken.push_back(id);
  }
  for (const ConnectionId id : broken) erase(id);
}

void Network::disturb(NodeId broker, LinkFault fault, Instant now, Effects& effects) {
  if (fault.until) effects.scheduled.push_back({*fault.until, LinkChanges{broker}});
  troubles_[broker].links.push_back(fault);
  on(LinkChanges{broker}, now, effects);
}

void Network::forget_idle(NodeId broker, IdleLimit limit) {
  troubles_[broker].idle_limits.push_back(limit);
}

void Network::refuse_connections(NodeId broker, std::optional<Instant> until) {
  prolong(troubles_[broker].refuses_until, until);
}

void Network::refuse_authentication(NodeId broker, std::optional<Instant> until, bool answers) {
  Trouble& trouble = troubles_[broker];
  prolong(trouble.refuses_authentication_until, until);
  trouble.answers_authentication = answers;
}

void Network::silence(NodeId broker, std::optional<Instant> until) {
  prolong(troubles_[broker].silent_until, until);
  std::vector<ConnectionId> forgotten;
  for (auto& [id, connection] : connections_) {
    if (connection.broker != broker || connection.server == BrokerEnd::NotYet) continue;
    connection.server = BrokerEnd::Forgotten;
    connection.to_client.pipe.discard_waiting();
    connection.to_client.is_closing = false;
    forgotten.push_back(id);
  }
  for (const ConnectionId id : forgotten) erase_if_over(id);
}

bool Network::is_silent(NodeId broker, Instant now) const {
  const auto at = troubles_.find(broker);
  return at != troubles_.end() && now < at->second.silent_until;
}

// --- What a view shows ---

std::vector<Network::ConnectionView> Network::connections() const {
  std::vector<ConnectionView> views;
  for (const auto& [id, connection] : connections_) {
    views.push_back({.connection = id,
                     .socket = connection.socket,
                     .broker = connection.broker,
                     .is_open = connection.client == ClientEnd::Open,
                     .waiting_to_broker = connection.to_broker.pipe.waiting(),
                     .waiting_to_client = connection.to_client.pipe.waiting()});
  }
  return views;
}

// --- Inside ---

Network::Connection* Network::find_connection(ConnectionId id) {
  const auto at = connections_.find(id);
  return at == connections_.end() ? nullptr : &at->second;
}

const LinkSpec& Network::link(NodeId broker) const {
  const auto at = spec_->by_broker.find(broker);
  return at == spec_->by_broker.end() ? spec_->link : at->second;
}

LinkConditions Network::conditions(NodeId broker, Direction direction, Instant now) const {
  const LinkSpec& spec = link(broker);
  LinkConditions conditions{spec.latency, spec.jitter, spec.bandwidth, spec.segment};
  const auto trouble = troubles_.find(broker);
  if (trouble == troubles_.end()) return conditions;
  for (const LinkFault& fault : trouble->second.links) {
    if (now >= fault.until.value_or(kForGood) || !goes(fault.way, direction)) continue;
    conditions.latency += fault.extra_latency;
    conditions.jitter += fault.extra_jitter;
    if (fault.bandwidth) lower(conditions.bandwidth, *fault.bandwidth);
    if (fault.segment) conditions.segment = std::min(conditions.segment, *fault.segment);
    if (fault.largest) lower(conditions.largest, *fault.largest);
  }
  return conditions;
}

LinkConditions Network::conditions(const Connection& connection, Direction direction,
                                   Instant now) const {
  LinkConditions link = conditions(connection.broker, direction, now);
  if (connection.is_forgotten) link.largest = Bytes{0};
  return link;
}

bool Network::refuses(NodeId broker, Instant now) const {
  const auto at = troubles_.find(broker);
  return at != troubles_.end() && (at->second.is_down || now < at->second.refuses_until);
}

Network::Authentication Network::authentication(NodeId broker, Instant now) const {
  const auto at = troubles_.find(broker);
  if (at == troubles_.end() || now >= at->second.refuses_authentication_until) {
    return Authentication::None;
  }
  return at->second.answers_authentication ? Authentication::Refused : Authentication::Unanswered;
}

bool Network::is_down(NodeId broker) const {
  const auto at = troubles_.find(broker);
  return at != troubles_.end() && at->second.is_down;
}

// Whether what leaves next gets lost. It is told once, however often it is sent anew.
bool Network::is_held(Connection& connection, const LinkFree& event, const LinkConditions& link,
                      Effects& effects) {
  OneWay& way = connection.way(event.direction);
  const Bytes size = way.pipe.next_segment(link);
  const bool gets_lost = link.largest && size > *link.largest;
  if (gets_lost && !std::exchange(way.is_stuck, true)) {
    effects.happened.push_back(
        {connection.socket.producer,
         SegmentLost{event.connection, connection.broker, event.direction, size}});
  }
  if (!gets_lost) way.is_stuck = false;
  return gets_lost;
}

// Once nothing has passed for so long, nothing will.
void Network::notice_idleness(Connection& connection, Instant now) {
  const auto trouble = troubles_.find(connection.broker);
  if (trouble == troubles_.end()) return;
  for (const IdleLimit& limit : trouble->second.idle_limits) {
    const bool is_in_force = now < limit.until.value_or(kForGood);
    if (is_in_force && now - connection.last_passed > limit.after) connection.is_forgotten = true;
  }
}

// Tries again to send what did not get through.
void Network::go_on(ConnectionId id, Connection& connection, Instant now, Effects& effects) {
  for (const Direction direction : {Direction::ToBroker, Direction::ToClient}) {
    OneWay& way = connection.way(direction);
    if (way.is_leaving || way.pipe.waiting() == Bytes{0}) continue;
    way.is_leaving = true;
    effects.scheduled.push_back({now, LinkFree{id, direction}});
  }
}

// Sends what waits until the link is busy. Returns how much of it has left for good.
Bytes Network::leave(const LinkFree& event, Connection& connection, Instant now, Effects& effects) {
  OneWay& way = connection.way(event.direction);
  notice_idleness(connection, now);
  const LinkConditions link = conditions(connection, event.direction, now);
  Bytes left;
  way.is_leaving = false;
  while (!way.is_leaving && !is_held(connection, event, link, effects)) {
    std::optional<Pipe::Departure> segment = way.pipe.depart(link, now);
    if (!segment) break;
    connection.last_passed = now;
    const Bytes size = segment->bytes.size();
    effects.happened.push_back(
        {connection.socket.producer, SegmentSent{event.connection, connection.broker,
                                                 event.direction, size, segment->arrives}});
    effects.scheduled.push_back({segment->arrives, SegmentArrival{event.connection, event.direction,
                                                                  std::move(segment->bytes)}});
    if (segment->link_free == now) {
      left += size;
      continue;
    }
    way.on_link = size;
    way.is_leaving = true;
    effects.scheduled.push_back({segment->link_free, event});
  }
  return left;
}

void Network::send_fin(ConnectionId id, Direction direction, Instant now, Effects& effects) {
  Connection& connection = *find_connection(id);
  notice_idleness(connection, now);
  if (connection.is_forgotten) return;
  const LinkConditions link = conditions(connection, direction, now);
  const Instant arrives = connection.way(direction).pipe.arrival_of_signal(link, now);
  effects.scheduled.push_back({arrives, FinArrival{id, direction}});
}

void Network::arrive_at_broker(const SegmentArrival& event, Connection& connection, Instant now,
                               Effects& effects) {
  if (is_silent(connection.broker, now)) return;
  if (connection.server == BrokerEnd::Open) {
    effects.to_brokers.push_back({connection.broker, event.connection, BytesReceived{event.bytes}});
  } else if (connection.server == BrokerEnd::Forgotten) {
    const LinkConditions back = conditions(connection.broker, Direction::ToClient, now);
    const Instant heard = connection.to_client.pipe.arrival_of_signal(back, now);
    effects.scheduled.push_back({heard, ResetArrival{event.connection}});
  }
}

// The client hears that the connection is no more, if it has not closed it.
void Network::lose(ConnectionId id, Connection& connection, const std::string& why,
                   Effects& effects) {
  tell_closed(id, connection, ClosedBy::Network, why, effects);
  if (connection.client == ClientEnd::Opening) {
    effects.to_clients.push_back({connection.socket, id, SocketConnectFailed{}});
  } else if (connection.client == ClientEnd::Open) {
    effects.to_clients.push_back({connection.socket, id, SocketReset{}});
  }
}

void Network::tell_closed(ConnectionId id, Connection& connection, ClosedBy by, std::string why,
                          Effects& effects) {
  if (std::exchange(connection.was_closed, true)) return;
  effects.happened.push_back(
      {connection.socket.producer, ConnectionClosed{id, connection.broker, by, std::move(why)}});
}

void Network::erase(ConnectionId id) {
  const Connection& connection = connections_.at(id);
  if (connection.client != ClientEnd::Closed) by_socket_.erase(connection.socket);
  connections_.erase(id);
}

// Nobody has an end of it any more. What is still on the wire reaches nobody.
void Network::erase_if_over(ConnectionId id) {
  const Connection& connection = connections_.at(id);
  if (connection.client == ClientEnd::Closed && connection.server != BrokerEnd::Open) erase(id);
}

}  // namespace linger::sim
