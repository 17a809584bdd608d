#include "sim/broker.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "core/byte_reader.h"
#include "core/check.h"
#include "sim/broker_answers.h"

namespace linger::sim {
namespace {

constexpr std::int32_t kLargestRequest = 104'857'600;  // socket.request.max.bytes
constexpr Bytes kSizeField{4};                         // in front of each frame

std::optional<core::RequestHeader> header_of(const SharedBytes& payload) {
  core::ByteReader reader{payload.span()};
  const core::Decoded<core::RequestHeader> header = core::decode_request_header(reader);
  if (!header.ok()) return std::nullopt;
  return header.value();
}

bool asks_for_unknown_api_versions(const core::RequestHeader& header, const ClusterSpec& cluster) {
  return header.api_key == core::ApiKey::ApiVersions &&
         !is_served(header.api_key, header.api_version, cluster);
}

// Do all its undecided partitions get their answer at the same time?
bool is_of_one_kind(const PendingProduce& produce, const Cluster& cluster) {
  const auto is_replicated = [&](const PendingProduce::Undecided& undecided) {
    return cluster.find(undecided.partition)->is_replicated();
  };
  return std::all_of(produce.undecided.begin(), produce.undecided.end(), is_replicated) ||
         std::none_of(produce.undecided.begin(), produce.undecided.end(), is_replicated);
}

}  // namespace

Broker::Connection::Connection(ProducerIndex of) : producer{of}, receive{kLargestRequest} {}

// --- What the network tells ---

void Broker::on(const BrokerNotice& notice, BrokerContext& in) {
  const ConnectionId id = notice.connection;
  if (const auto* accepted = std::get_if<ConnectionAccepted>(&notice.what)) {
    connections_.emplace(id, core::Cow{Connection{accepted->producer}});
    return;
  }
  Connection* connection = write(id);
  if (connection == nullptr) return;
  if (const auto* received = std::get_if<BytesReceived>(&notice.what)) {
    receive(id, *connection, received->bytes.span(), in);
  } else if (std::holds_alternative<StreamEnded>(notice.what)) {
    if (!connection->ending) connection->ending = "the client closed";
  } else {
    return lose(id, *connection);
  }
  if (connection->serving == Serving::Silent && connection->ending) {
    return close(id, *connection->ending, in);
  }
  if (connection->serving == Serving::Nothing) serve_next(id, in);
}

// Nobody will hear an answer. What is in service is still done: the broker finds out when it
// answers.
void Broker::lose(ConnectionId id, Connection& connection) {
  if (connection.serving != Serving::Request) {
    connections_.erase(id);
    return;
  }
  connection.requests.erase(connection.requests.begin() + 1, connection.requests.end());
  connection.ending = "the connection broke";
  connection.is_lost = true;
}

void Broker::receive(ConnectionId id, Connection& connection, core::ByteSpan bytes,
                     BrokerContext& in) {
  while (!bytes.empty() && !connection.ending) {
    if (!connection.receive.has_begun()) {
      connection.receive = core::NetworkReceive{largest_frame(in.now)};
    }
    const std::optional<std::size_t> cut = bytes_until_cut(connection);
    const bool is_cut_here = cut && *cut <= bytes.size();
    const core::NetworkReceive::Read read =
        connection.receive.read_from(is_cut_here ? bytes.first(*cut) : bytes);
    bytes = bytes.subspan(read.taken);
    if (read.error) {
      connection.ending = *read.error;
    } else if (connection.receive.is_complete()) {
      core::NetworkReceive whole = std::exchange(connection.receive, core::NetworkReceive{});
      enqueue(id, connection, std::move(whole).payload(), in);
    } else if (is_cut_here) {
      if (--request_cuts_.front().times <= 0) request_cuts_.pop_front();
      connection.ending = "a request was cut";
    }
  }
}

// socket.request.max.bytes, or what a fault has made of it.
std::int32_t Broker::largest_frame(Instant now) const {
  std::int64_t largest = kLargestRequest;
  for (const FrameLimit& limit : limits_) {
    const bool is_in_force = !limit.until || now < *limit.until;
    if (is_in_force) largest = std::min(largest, limit.size.count());
  }
  return static_cast<std::int32_t>(largest);
}

// How many bytes of the connection's frame are read before it is cut; none: it is not.
std::optional<std::size_t> Broker::bytes_until_cut(const Connection& connection) const {
  if (request_cuts_.empty()) return std::nullopt;
  const Bytes left = request_cuts_.front().after - connection.receive.bytes_read();
  if (left <= Bytes{0}) return std::nullopt;
  return static_cast<std::size_t>(left.count());
}

std::optional<Broker::SpoiledAnswer> Broker::take_spoiled_answer(Instant now) {
  std::erase_if(spoiled_answers_, [&](const SpoiledAnswer& spoiled) {
    return spoiled.until && *spoiled.until <= now;
  });
  if (spoiled_answers_.empty()) return std::nullopt;
  SpoiledAnswer next = spoiled_answers_.front();
  if (--spoiled_answers_.front().times <= 0) spoiled_answers_.pop_front();
  return next;
}

void Broker::enqueue(ConnectionId id, Connection& connection, core::ByteVector payload,
                     BrokerContext& in) {
  const SharedBytes request{std::move(payload)};
  std::int64_t number = 0;
  if (const std::optional<core::RequestHeader> header = header_of(request)) {
    number = header->api_key == core::ApiKey::Produce
                 ? in.cluster.produce_rules.next_number()
                 : in.cluster.request_rules.next_number(header->api_key);
    in.effects.happened.push_back(
        {std::nullopt, RequestReceived{id_, id, header->correlation_id, header->api_key,
                                       header->api_version, request.size() + kSizeField}});
  }
  connection.requests.push_back({request, number});
}

// --- Serving ---

// Requires: nothing is being served.
void Broker::serve_next(ConnectionId id, BrokerContext& in) {
  Connection& connection = *write(id);
  CHECK(connection.serving == Serving::Nothing);
  if (!connection.requests.empty()) {
    connection.serving = Serving::Request;
    const Instant start = std::max(in.now, connection.muted_until);
    in.effects.scheduled.push_back({start + service_time(in), ServiceDone{id_, id}});
  } else if (connection.ending) {
    close(id, *connection.ending, in);
  }
}

Duration Broker::service_time(const BrokerContext& in) const {
  Duration time = in.cluster.spec().service_time;
  for (const Slowdown& slowdown : slowdowns_) {
    if (!slowdown.until || in.now < *slowdown.until) time += slowdown.extra;
  }
  return time;
}

void Broker::on(const ServiceDone& event, BrokerContext& in) {
  Connection* connection = write(event.connection);
  if (connection == nullptr) return;
  CHECK(connection->serving == Serving::Request && !connection->requests.empty());
  const Received request = connection->requests.front();
  serve(event.connection, request, in);
}

void Broker::serve(ConnectionId id, const Received& request, BrokerContext& in) {
  core::ByteReader reader{request.payload.span()};
  const core::Decoded<core::RequestHeader> decoded = core::decode_request_header(reader);
  if (!decoded.ok()) return close(id, decoded.error().text(), in);
  const core::RequestHeader& header = decoded.value();
  if (asks_for_unknown_api_versions(header, in.cluster.spec())) {
    return answer(id, header, refusal_of_api_versions(in.cluster.spec()), in);
  }
  if (!is_served(header.api_key, header.api_version, in.cluster.spec())) {
    return close(id, "an api or a version that is not served", in);
  }
  const core::Decoded<core::Request> body = core::decode_request_body(header, reader);
  if (!body.ok()) return close(id, body.error().text(), in);

  if (const auto* produce = std::get_if<core::ProduceRequest>(&body.value())) {
    serve_produce(id, header, *produce, request.number, in);
  } else if (is_about_coordination(body.value())) {
    serve_coordination(id, header, body.value(), request.number, in);
  } else if (const auto* metadata = std::get_if<core::MetadataRequest>(&body.value())) {
    answer(id, header, answer_to(*metadata, in.cluster, in.now), in);
  } else if (const auto* init = std::get_if<core::InitProducerIdRequest>(&body.value())) {
    answer(id, header, answer_to(*init, in.cluster), in);
  } else {
    const auto& api_versions = std::get<core::ApiVersionsRequest>(body.value());
    answer(id, header, answer_to(header, api_versions, in.cluster), in);
  }
}

void Broker::serve_produce(ConnectionId id, const core::RequestHeader& header,
                           const core::ProduceRequest& request, std::int64_t number,
                           BrokerContext& in) {
  Connection& connection = *write(id);
  const ProduceOrigin origin{
      id_, id, header.correlation_id, header.api_version, number, connection.producer};
  PendingProduce produce = handle_produce(request, origin, in);
  if (request.acks == 0) {
    heed_quota(id, header, produce, in);
    const Duration delay = produce.delay.value_or(in.cluster.produce_answer_delay());
    if (produce.fate != ResponseFate::Sent) return stop_answering(id, {produce.fate, delay}, in);
    const bool closes = in.cluster.spec().closes_on_unacknowledged_error;
    if (closes && has_errors(produce.response)) return close(id, "an error, and acks=0", in);
    return request_done(id, in);
  }
  const bool waits = request.acks == -1 && !produce.undecided.empty() && !connection.is_lost;
  if (!waits) return answer_produce(id, header, std::move(produce), in);
  decide_where_replicated(produce, in.cluster, in.now);
  if (produce.undecided.empty()) return answer_produce(id, header, std::move(produce), in);

  const Instant timeout = in.now + std::max(Duration{request.timeout}, Duration{0});
  const std::optional<Instant> replicated = replicated_at(produce, in.cluster);
  const bool waits_for_logs = !replicated || !is_of_one_kind(produce, in.cluster);
  connection.waiting = Waiting{header, std::move(produce), timeout};
  connection.serving = Serving::AwaitingFollowers;
  const AcknowledgementDue due{id_, id, connection.served};
  if (replicated && *replicated <= timeout) in.effects.scheduled.push_back({*replicated, due});
  if (waits_for_logs || *replicated > timeout) in.effects.scheduled.push_back({timeout, due});
}

void Broker::on(const AcknowledgementDue& event, BrokerContext& in) {
  Connection* connection = write(event.connection);
  if (connection == nullptr || connection->served != event.request) return;
  if (connection->serving != Serving::AwaitingFollowers) return;
  Waiting& waiting = *connection->waiting;
  fail_where_not_leading(waiting.produce, id_, in.cluster);
  decide_where_replicated(waiting.produce, in.cluster, in.now);
  if (in.now >= waiting.timeout) time_out(waiting.produce);
  if (waiting.produce.undecided.empty()) answer_waiting(event.connection, in);
}

void Broker::look_at_waiting(BrokerContext& in) {
  std::vector<ConnectionId> decided;
  for (auto& [id, connection] : connections_) {
    if (connection->serving != Serving::AwaitingFollowers) continue;
    PendingProduce& produce = connection.write().waiting->produce;
    fail_where_not_leading(produce, id_, in.cluster);
    decide_where_replicated(produce, in.cluster, in.now);
    if (produce.undecided.empty()) decided.push_back(id);
  }
  for (const ConnectionId id : decided) answer_waiting(id, in);
}

// --- Answering ---

// While a client is over its quota, nothing more of its connection is served. Before KIP-219 the
// request counts as being served until then: its answer comes so much later.
void Broker::heed_quota(ConnectionId id, const core::RequestHeader& header, PendingProduce& produce,
                        BrokerContext& in) {
  Connection& connection = *write(id);
  const SharedBytes& request = connection.requests.front().payload;
  const core::Milliseconds throttle =
      quota.record(header.client_id.value_or(""), request.size(), in.now);
  if (throttle > produce.response.throttle_time) {
    produce.response.throttle_time = throttle;
    produce.mutes = true;
    if (in.cluster.spec().quota_holds_answers) {
      produce.delay = produce.delay.value_or(in.cluster.produce_answer_delay()) + throttle;
    }
    in.effects.happened.push_back({std::nullopt, ClientThrottled{id_, id, throttle}});
  }
  if (produce.mutes) connection.muted_until = in.now + produce.response.throttle_time;
}

void Broker::answer_waiting(ConnectionId id, BrokerContext& in) {
  Waiting waiting = std::move(*write(id)->waiting);
  write(id)->waiting.reset();
  answer_produce(id, waiting.header, std::move(waiting.produce), in);
}

void Broker::answer_produce(ConnectionId id, const core::RequestHeader& header,
                            PendingProduce produce, BrokerContext& in) {
  if (in.cluster.spec().tells_new_leader) add_leader_hints(produce.response, in.cluster);
  heed_quota(id, header, produce, in);
  const Duration delay = produce.delay.value_or(in.cluster.produce_answer_delay());
  if (produce.fate == ResponseFate::Sent) {
    return answer(id, header, produce.response, in, delay);
  }
  const core::ByteVector frame = core::encode_response(header, produce.response);
  tell_sent(id, header, frame, Lost::Yes, in);
  stop_answering(id, {produce.fate, delay}, in);
}

// Nothing more is read from the connection, which is closed, or stays.
void Broker::stop_answering(ConnectionId id, const LostAnswer& answer, BrokerContext& in) {
  Connection& connection = *write(id);
  connection.serving = Serving::Silent;
  if (connection.ending) return close(id, *connection.ending, in);
  if (answer.fate == ResponseFate::LostInSilence) return;
  leave(id, std::nullopt, answer.delay, in);
}

void Broker::answer(ConnectionId id, const core::RequestHeader& header,
                    const core::Response& response, BrokerContext& in,
                    std::optional<Duration> delay) {
  core::ByteVector frame = core::encode_response(header, response);
  const Duration held_back = delay.value_or(in.cluster.answer_delay());
  if (const auto spoiled = take_spoiled_answer(in.now)) {
    tell_sent(id, header, frame, Lost::Yes, in);
    if (spoiled->cut_after && spoiled->cut_after->count() < std::ssize(frame)) {
      frame.resize(static_cast<std::size_t>(spoiled->cut_after->count()));
    }
    SharedBytes instead{std::move(frame)};
    if (!spoiled->cut_after) instead = spoiled->garbage;
    write(id)->serving = Serving::Silent;
    leave(id, std::move(instead), held_back, in);
    return leave(id, std::nullopt, held_back, in);
  }
  tell_sent(id, header, frame, write(id)->is_lost ? Lost::Yes : Lost::No, in);
  leave(id, SharedBytes{std::move(frame)}, held_back, in);
  request_done(id, in);
}

// Nothing passes what is held back already.
void Broker::leave(ConnectionId id, std::optional<SharedBytes> frame, Duration delay,
                   BrokerContext& in) {
  std::deque<Leaving>& leaving = write(id)->leaving;
  const Instant earliest = leaving.empty() ? in.now : leaving.back().at;
  leaving.push_back({std::max(earliest, in.now + delay), std::move(frame)});
  if (leaving.size() == 1 && leaving.back().at == in.now) {
    return on(AnswerDue{id_, id}, in);
  }
  in.effects.scheduled.push_back({leaving.back().at, AnswerDue{id_, id}});
}

void Broker::on(const AnswerDue& event, BrokerContext& in) {
  Connection* connection = write(event.connection);
  if (connection == nullptr) return;
  CHECK(!connection->leaving.empty() && connection->leaving.front().at <= in.now);
  const Leaving next = std::move(connection->leaving.front());
  connection->leaving.pop_front();
  if (!next.frame) return close(event.connection, "response lost", in);
  in.effects.from_brokers.push_back({event.connection, SendBytes{*next.frame}});
}

void Broker::tell_sent(ConnectionId id, const core::RequestHeader& header, core::ByteSpan frame,
                       Lost lost, BrokerContext& in) {
  const Bytes size{static_cast<std::int64_t>(frame.size())};
  in.effects.happened.push_back(
      {std::nullopt,
       ResponseSent{id_, id, header.correlation_id, header.api_key, size, lost == Lost::Yes}});
}

void Broker::request_done(ConnectionId id, BrokerContext& in) {
  Connection& connection = *write(id);
  connection.requests.pop_front();
  connection.serving = Serving::Nothing;
  ++connection.served;
  serve_next(id, in);
}

void Broker::close(ConnectionId id, std::string why, BrokerContext& in) {
  in.effects.from_brokers.push_back({id, CloseConnection{std::move(why)}});
  connections_.erase(id);
}

// --- Inside and around ---

Broker::Connection* Broker::write(ConnectionId id) {
  const auto at = connections_.find(id);
  return at == connections_.end() ? nullptr : &at->second.write();
}

std::vector<Broker::ConnectionView> Broker::connections() const {
  std::vector<ConnectionView> views;
  for (const auto& [id, connection] : connections_) {
    ConnectionView& view = views.emplace_back();
    view.connection = id;
    view.serving = connection->serving;
    view.partial = connection->receive.bytes_read();
    for (const Received& request : connection->requests) {
      if (auto header = header_of(request.payload)) view.requests.push_back(*std::move(header));
    }
  }
  return views;
}

}  // namespace linger::sim
