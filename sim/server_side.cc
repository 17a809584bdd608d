#include "sim/server_side.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/check.h"

namespace linger::sim {

ServerSide::ServerSide(const ClusterSpec& cluster, NetworkSpec network, core::TopicNames names,
                       std::uint64_t seed)
    : cluster_{cluster, std::move(names)}, network_{std::move(network), seed} {
  for (const NodeId id : cluster_.brokers()) brokers_.emplace_back(id);
}

namespace {

Bytes room_of(ServerSide::SocketSettings settings) {
  return settings.send_buffer <= Bytes{0} ? kSystemSendBuffer : settings.send_buffer;
}

}  // namespace

// --- What the producers' sockets want ---

void ServerSide::open(ClientSocket socket, Address address, SocketSettings settings, Instant now,
                      Effects& effects) {
  network_.open(socket,
                {.broker = cluster_.find_broker(address.host, address.port),
                 .send_buffer = room_of(settings)},
                now, effects);
  settle(now, effects);
}

Bytes ServerSide::assume_open(ClientSocket socket, NodeId broker, SocketSettings settings) {
  Effects effects;
  const Network::Target target{.broker = broker, .send_buffer = room_of(settings)};
  network_.assume_open(socket, target, effects);
  settle(Instant{}, effects);
  return target.send_buffer;
}

void ServerSide::send(ClientSocket socket, core::ByteVector bytes, Instant now, Effects& effects) {
  const std::optional<ConnectionId> connection = network_.find(socket);
  if (!connection) return;
  network_.send(*connection, Direction::ToBroker, SharedBytes{std::move(bytes)}, now, effects);
  settle(now, effects);
}

void ServerSide::close(ClientSocket socket, Instant now, Effects& effects) {
  const std::optional<ConnectionId> connection = network_.find(socket);
  if (!connection) return;
  network_.close(*connection, ClosedBy::Client, "", now, effects);
  settle(now, effects);
}

// --- What was scheduled is due ---

void ServerSide::deliver(const WireEvent& event, Instant now, Effects& effects) {
  std::visit([&](const auto& due) { handle(due, now, effects); }, event);
  settle(now, effects);
}

void ServerSide::handle(const ServiceDone& event, Instant now, Effects& effects) {
  if (waits_for_pause(event.broker, event, now, effects)) return;
  BrokerContext context{cluster_, now, effects};
  find_broker(event.broker)->on(event, context);
}

void ServerSide::handle(const AcknowledgementDue& event, Instant now, Effects& effects) {
  if (waits_for_pause(event.broker, event, now, effects)) return;
  BrokerContext context{cluster_, now, effects};
  find_broker(event.broker)->on(event, context);
}

void ServerSide::handle(const AnswerDue& event, Instant now, Effects& effects) {
  if (waits_for_pause(event.broker, event, now, effects)) return;
  BrokerContext context{cluster_, now, effects};
  find_broker(event.broker)->on(event, context);
}

void ServerSide::handle(const SilenceEnds& event, Instant now, Effects& effects) {
  if (network_.is_silent(event.broker, now)) return;  // another fault has prolonged it
  effects.happened.push_back({std::nullopt, BrokerStateChanged{event.broker, BrokerState::Up}});
  broker_returned(event.broker, Controller::Return::Restarted, now, effects);
}

// Carries what network and brokers say to each other until they have nothing more to say.
void ServerSide::settle(Instant now, Effects& effects) {
  while (!effects.to_brokers.empty() || !effects.from_brokers.empty()) {
    BrokerContext context{cluster_, now, effects};
    for (const BrokerNotice& notice : std::exchange(effects.to_brokers, {})) {
      find_broker(notice.broker)->on(notice, context);
    }
    for (BrokerCommand& command : std::exchange(effects.from_brokers, {})) {
      if (auto* send = std::get_if<SendBytes>(&command.what)) {
        network_.send(command.connection, Direction::ToClient, std::move(send->bytes), now,
                      effects);
      } else {
        auto& close = std::get<CloseConnection>(command.what);
        network_.close(command.connection, ClosedBy::Broker, std::move(close.why), now, effects);
      }
    }
  }
}

// --- What somebody does to it ---

void ServerSide::apply(const Fault& fault, Instant now, Effects& effects) {
  std::visit([&](const auto& one) { apply_to(one, now, effects); }, fault);
  settle(now, effects);
}

namespace {

std::optional<Instant> end_of(std::optional<Duration> lasts, Instant now) {
  if (!lasts) return std::nullopt;
  return now + *lasts;
}

// Once; but as often as it happens if it is for a while.
std::int32_t usual_times(std::optional<Duration> lasts) {
  return lasts ? std::numeric_limits<std::int32_t>::max() : 1;
}

SharedBytes shared_bytes_of(std::string_view text) {
  return SharedBytes{core::ByteVector(text.begin(), text.end())};
}

// What a web server and a TLS server say to what they do not understand.
SharedBytes garbage_bytes(Garbage what) {
  switch (what) {
    case Garbage::Http:
      return shared_bytes_of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    case Garbage::TlsAlert:
      return SharedBytes{core::ByteVector{0x15, 3, 3, 0, 2, 2, 80}};
    case Garbage::NegativeSize:
      break;
  }
  return SharedBytes{core::ByteVector(8, 0xff)};
}

SharedBytes first_words(StrangerSays says) {
  switch (says) {
    case StrangerSays::HttpGet:
      return shared_bytes_of("GET / HTTP/1.1\r\n");
    case StrangerSays::HttpPost:
      return shared_bytes_of("POST / HTTP/1.1\r\n");
    case StrangerSays::HttpHead:
      return shared_bytes_of("HEAD / HTTP/1.1\r\n");
    case StrangerSays::TlsHello:
      break;
  }
  // A record of 512 bytes begins, which holds a ClientHello.
  return SharedBytes{core::ByteVector{0x16, 3, 1, 0, 0xf4, 1, 0, 0, 0xf0, 3, 3}};
}

}  // namespace

void ServerSide::apply_to(const AddLatency& fault, Instant now, Effects& effects) {
  network_.disturb(
      fault.broker,
      {.way = fault.way, .until = end_of(fault.lasts, now), .extra_latency = fault.extra}, now,
      effects);
}

void ServerSide::apply_to(const AddJitter& fault, Instant now, Effects& effects) {
  network_.disturb(
      fault.broker,
      {.way = fault.way, .until = end_of(fault.lasts, now), .extra_jitter = fault.up_to}, now,
      effects);
}

void ServerSide::apply_to(const LimitBandwidth& fault, Instant now, Effects& effects) {
  network_.disturb(
      fault.broker,
      {.way = fault.way, .until = end_of(fault.lasts, now), .bandwidth = fault.limit.each_second},
      now, effects);
}

void ServerSide::apply_to(const LimitSegments& fault, Instant now, Effects& effects) {
  network_.disturb(fault.broker,
                   {.way = fault.way, .until = end_of(fault.lasts, now), .segment = fault.size},
                   now, effects);
}

void ServerSide::apply_to(const DropSegments& fault, Instant now, Effects& effects) {
  network_.disturb(fault.broker,
                   {.way = fault.way, .until = end_of(fault.lasts, now), .largest = fault.above},
                   now, effects);
}

void ServerSide::apply_to(const AcceptNothing& fault, Instant now, Effects& effects) {
  network_.disturb(fault.broker,
                   {.way = Way::ToBroker, .until = end_of(fault.lasts, now), .largest = Bytes{0}},
                   now, effects);
}

void ServerSide::apply_to(const DropIdle& fault, Instant now, Effects&) {
  network_.forget_idle(fault.broker, {fault.after, end_of(fault.lasts, now)});
}

void ServerSide::apply_to(const Disconnect& fault, Instant, Effects& effects) {
  network_.break_connections(fault.broker, "disconnected", effects);
}

void ServerSide::apply_to(const RefuseConnections& fault, Instant now, Effects&) {
  network_.refuse_connections(fault.broker, end_of(fault.lasts, now));
}

void ServerSide::apply_to(const RefuseAuthentication& fault, Instant now, Effects&) {
  network_.refuse_authentication(fault.broker, end_of(fault.lasts, now), fault.answer);
}

void ServerSide::apply_to(const FallSilent& fault, Instant now, Effects& effects) {
  Broker* broker = find_broker(fault.broker);
  if (broker == nullptr) return;
  const bool was_silent = network_.is_silent(fault.broker, now);
  const std::optional<Instant> end = end_of(fault.lasts, now);
  network_.silence(fault.broker, end);
  broker->forget_connections();
  if (end) effects.scheduled.push_back({*end, SilenceEnds{fault.broker}});
  if (was_silent) return;
  effects.happened.push_back({std::nullopt, BrokerStateChanged{fault.broker, BrokerState::Silent}});
  broker_left(fault.broker, now, effects);
}

void ServerSide::apply_to(const FailProduce& fault, Instant now, Effects&) {
  const std::optional<TopicPartition> partition = cluster_.find_partition(fault.partition);
  if (!partition) return;
  cluster_.write(*partition)
      .failures.push_back({.error = fault.error,
                           .append = fault.append,
                           .times = fault.times.value_or(usual_times(fault.lasts)),
                           .until = end_of(fault.lasts, now)});
}

void ServerSide::apply_to(const LoseResponse& fault, Instant, Effects&) {
  const std::optional<TopicPartition> partition = cluster_.find_partition(fault.partition);
  if (partition && fault.times > 0) cluster_.write(*partition).losses.push_back(fault);
}

void ServerSide::apply_to(const DelayAnswers& fault, Instant, Effects&) {
  cluster_.delay_produce_answers(fault.delay);
}

void ServerSide::apply_to(const Advertise& fault, Instant, Effects&) {
  if (find_broker(fault.broker) == nullptr) return;
  std::optional<Cluster::Address> address;
  if (!fault.host.empty()) address = {fault.host, fault.port};
  cluster_.advertise(fault.broker, std::move(address));
}

void ServerSide::apply_to(const CloseAbove& fault, Instant now, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker != nullptr) broker->limit_frames(fault.size, end_of(fault.lasts, now));
}

void ServerSide::apply_to(const Stranger& fault, Instant now, Effects& effects) {
  if (find_broker(fault.broker) == nullptr) return;
  network_.open({kStranger, NodeId{strangers_++}},
                {.broker = fault.broker,
                 .send_buffer = kSystemSendBuffer,
                 .first_words = first_words(fault.says)},
                now, effects);
}

void ServerSide::apply_to(const CutRequest& fault, Instant, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker != nullptr) broker->cut_requests(fault.after, fault.times);
}

void ServerSide::apply_to(const CutAnswer& fault, Instant, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker != nullptr) {
    broker->spoil_answers({.cut_after = fault.after, .garbage = {}, .times = fault.times});
  }
}

void ServerSide::apply_to(const AnswerGarbage& fault, Instant now, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker == nullptr) return;
  broker->spoil_answers({.cut_after = std::nullopt,
                         .garbage = garbage_bytes(fault.what),
                         .times = fault.times.value_or(usual_times(fault.lasts)),
                         .until = end_of(fault.lasts, now)});
}

void ServerSide::apply_to(const FailMetadata& fault, Instant now, Effects&) {
  const std::optional<TopicPartition> partition = cluster_.find_partition(fault.partition);
  if (!partition) return;
  cluster_.write(*partition)
      .metadata_failures.push_back({.error = fault.error,
                                    .times = fault.times.value_or(usual_times(fault.lasts)),
                                    .until = end_of(fault.lasts, now)});
}

void ServerSide::apply_to(const SkewClock& fault, Instant, Effects&) {
  if (find_broker(fault.broker) == nullptr) return;
  cluster_.clocks.skews[fault.broker] = fault.ahead - fault.behind;
}

void ServerSide::apply_to(const LimitProduceRate& fault, Instant now, Effects&) {
  Broker* broker = find_broker(fault.broker);
  if (broker != nullptr) broker->quota.limit(fault.rate.each_second, end_of(fault.lasts, now));
}

void ServerSide::annotate(TopicPartition partition, std::int64_t base_offset,
                          std::vector<core::RecordId> records) {
  cluster_.write(partition).log.annotate(base_offset, std::move(records));
}

Broker* ServerSide::find_broker(NodeId id) {
  const bool exists = id.value() >= 0 && static_cast<std::size_t>(id.value()) < brokers_.size();
  return exists ? &brokers_[static_cast<std::size_t>(id.value())] : nullptr;
}

}  // namespace linger::sim
