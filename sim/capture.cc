#include "sim/capture.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/pcapng.h"

namespace linger::sim {
namespace {

constexpr std::int32_t kHostsInNet = 250;
constexpr std::uint8_t kProducers = 1;
constexpr std::uint8_t kBrokers = 2;
constexpr std::uint8_t kNobody = 3;
constexpr std::int32_t kFirstClientPort = 10'000;
constexpr std::int32_t kClientPorts = 55'000;
constexpr std::uint32_t kSequencesApart = 1'000'000;

std::array<std::uint8_t, 4> address(std::uint8_t net, std::int32_t host) {
  return {10, net, static_cast<std::uint8_t>(host / kHostsInNet),
          static_cast<std::uint8_t>(host % kHostsInNet + 1)};
}

TcpEndpoint client_end(ConnectionId connection, ProducerIndex producer) {
  const std::int32_t port = kFirstClientPort + connection.value() % kClientPorts;
  return {address(kProducers, producer.value()), static_cast<std::uint16_t>(port)};
}

TcpEndpoint broker_end(NodeId broker) {
  if (broker == core::kNoNode) return {address(kNobody, 0), 9092};
  return {address(kBrokers, broker.value()),
          static_cast<std::uint16_t>(Cluster::endpoint(broker).port)};
}

PcapngHeader header_of(const Scenario& scenario) {
  PcapngHeader header{
      fmt::format("{}, era {}, seed {}", scenario.lesson.title, scenario.release, scenario.seed),
      "producers",
      {}};
  for (std::size_t i = 0; i < scenario.producers.size(); ++i) {
    header.names.emplace_back(address(kProducers, static_cast<std::int32_t>(i)),
                              scenario.producers[i].name);
  }
  for (std::int32_t i = 0; i < scenario.cluster.brokers; ++i) {
    header.names.emplace_back(address(kBrokers, i), Cluster::endpoint(NodeId{i}).host);
  }
  return header;
}

}  // namespace

Capture::Capture(const Scenario& scenario)
    : epoch_us_{scenario.epoch_ms * 1000}, file_{pcapng_header(header_of(scenario))} {}

void Capture::add(const World& world, const std::vector<Traffic>& traffic) {
  if (traffic.empty()) return;
  learn_connections(world);
  for (const Traffic& one : traffic) add(one);
  std::erase_if(flows_, [](const auto& entry) { return entry.second.is_over; });
}

void Capture::learn_connections(const World& world) {
  for (const Network::ConnectionView& view : world.servers.network().connections()) {
    const ConnectionId id = view.connection;
    if (flows_.contains(id)) continue;
    Flow flow;
    flow.client = client_end(id, view.socket.producer);
    flow.broker = broker_end(view.broker);
    flow.client_sequence = (static_cast<std::uint32_t>(id.value()) * 2 + 1) * kSequencesApart;
    flow.broker_sequence = flow.client_sequence + kSequencesApart;
    flow.arrived = flow.client_sequence;
    flow.is_established = view.is_open;
    flows_.emplace(id, std::move(flow));
  }
}

void Capture::add(const Traffic& traffic) {
  for (const Happened& happened : traffic.effects.happened) {
    if (const auto* arrived = std::get_if<SegmentArrived>(&happened.event)) {
      arrive_at_broker(*arrived);
    }
  }
  for (const ClientNotice& notice : traffic.effects.to_clients) tell(notice, traffic.at);
  for (const Scheduled& scheduled : traffic.effects.scheduled) {
    leave(scheduled.event, traffic.at);
  }
}

// --- From the clients; and what leaves a broker, which acknowledges what it has by then ---

void Capture::leave(const WireEvent& event, Instant at) {
  if (const auto* syn = std::get_if<SynArrival>(&event)) {
    Flow* flow = find(syn->connection);
    if (flow == nullptr) return;
    flow->is_established = false;
    send_signal(*flow, Sender::Client, Signal::Syn, at);
  } else if (const auto* segment = std::get_if<SegmentArrival>(&event)) {
    Flow* flow = find(segment->connection);
    if (flow == nullptr) return;
    if (segment->direction == Direction::ToClient) {
      flow->acknowledged.push_back(flow->arrived);
    } else {
      send_data(*flow, Sender::Client, segment->bytes.span(), at);
    }
  } else if (const auto* fin = std::get_if<FinArrival>(&event)) {
    Flow* flow = find(fin->connection);
    if (flow == nullptr || fin->direction == Direction::ToClient || !flow->is_established) return;
    send_signal(*flow, Sender::Client, Signal::Fin, at);
  }
}

void Capture::arrive_at_broker(const SegmentArrived& arrived) {
  Flow* flow = find(arrived.connection);
  if (flow == nullptr || arrived.direction == Direction::ToClient) return;
  flow->arrived += static_cast<std::uint32_t>(arrived.bytes.count());
}

// --- To the clients ---

void Capture::tell(const ClientNotice& notice, Instant at) {
  Flow* flow = find(notice.connection);
  if (flow == nullptr) return;
  if (std::holds_alternative<SocketConnected>(notice.what)) {
    open(*flow, at);
  } else if (const auto* received = std::get_if<SocketReceived>(&notice.what)) {
    send_data(*flow, Sender::Broker, received->bytes.span(), at);
  } else if (std::holds_alternative<SocketEnded>(notice.what)) {
    send_signal(*flow, Sender::Broker, Signal::Fin, at);
  } else if (!std::holds_alternative<SocketHasRoom>(notice.what)) {
    if (!flow->is_established) flow->arrived = flow->client_sequence;
    send_signal(*flow, Sender::Broker, Signal::Reset, at);
    flow->is_over = true;
  }
}

void Capture::open(Flow& flow, Instant at) {
  flow.is_established = true;
  flow.arrived = flow.client_sequence;
  send_signal(flow, Sender::Broker, Signal::Syn, at);
  send_signal(flow, Sender::Client, Signal::Ack, at);
}

// --- Packets ---

TcpSegment Capture::next_segment(const Flow& flow, Sender sender) {
  const bool is_client = sender == Sender::Client;
  return {.from = is_client ? flow.client : flow.broker,
          .to = is_client ? flow.broker : flow.client,
          .sequence = is_client ? flow.client_sequence : flow.broker_sequence,
          .acknowledges = is_client ? flow.broker_sequence : flow.arrived,
          .ack = true,
          .payload = {}};
}

void Capture::send_data(Flow& flow, Sender sender, core::ByteSpan bytes, Instant at) {
  std::optional<std::uint32_t> acknowledged;
  if (sender == Sender::Broker && !flow.acknowledged.empty()) {
    acknowledged = flow.acknowledged.front();
    flow.acknowledged.pop_front();
  }
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kLargestPayload);
    TcpSegment segment = next_segment(flow, sender);
    segment.acknowledges = acknowledged.value_or(segment.acknowledges);
    segment.push = true;
    segment.payload = bytes.subspan(0, size);
    send(flow, sender, segment, at);
    bytes = bytes.subspan(size);
  }
}

void Capture::send_signal(Flow& flow, Sender sender, Signal signal, Instant at) {
  TcpSegment segment = next_segment(flow, sender);
  segment.syn = signal == Signal::Syn;
  segment.fin = signal == Signal::Fin;
  segment.reset = signal == Signal::Reset;
  // Before it there is nothing to acknowledge.
  if (segment.syn && sender == Sender::Client) segment.ack = false;
  send(flow, sender, segment, at);
}

void Capture::send(Flow& flow, Sender sender, const TcpSegment& segment, Instant at) {
  std::uint32_t& sequence = sender == Sender::Client ? flow.client_sequence : flow.broker_sequence;
  sequence += static_cast<std::uint32_t>(segment.payload.size());
  if (segment.syn || segment.fin) ++sequence;
  file_ += pcapng_packet(epoch_us_ + at.time_since_epoch().count(), ethernet_frame(segment));
}

Capture::Flow* Capture::find(ConnectionId connection) {
  const auto at = flows_.find(connection);
  return at == flows_.end() ? nullptr : &at->second;
}

}  // namespace linger::sim
