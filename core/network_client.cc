#include "core/network_client.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/check.h"
#include "core/decision_verdicts.h"

namespace linger::core {

namespace {

// Correlation ids that mark a SASL exchange on a connection that is otherwise Kafka's.
constexpr std::int32_t kFirstReservedCorrelation = 0x7ffffff8;

std::string text(NodeId node) {
  return std::to_string(node.value());
}

std::string text(const Node& node) {
  return node.host + ":" + std::to_string(node.port) + " (id: " + text(node.id) + " rack: null)";
}

std::string text(Milliseconds time) {
  return std::to_string(time.count()) + "ms";
}

VersionRange intersection(VersionRange a, VersionRange b) {
  return {std::max(a.first, b.first), std::min(a.last, b.last)};
}

// Everything a poll does beside what it returns is lost when something propagates out of it.
PollResult thrown_by_poll(ClientError error) {
  return {{}, std::move(error)};
}

}  // namespace

NetworkClient::NetworkClient(Settings settings, TopicNames names, Randomness randomness,
                             Millis created)
    : settings_{std::move(settings)},
      names_{std::move(names)},
      node_choice_{randomness.node_choice},
      selector_{settings_.selector, created},
      connections_{settings_.connections, randomness.backoff_jitter},
      in_flight_{settings_.max_in_flight_requests_per_connection},
      next_correlation_{settings_.first_correlation} {}

void NetworkClient::assume_connected(const Node& node, NodeApiVersions versions, Millis now) {
  connections_.connecting(node.id, now, node.host);
  connections_.ready(node.id);
  selector_.assume_connected(node.id, now);
  if (!versions.empty()) versions_.insert_or_assign(node.id, Cow{std::move(versions)});
  note_usable_magic();
}

std::optional<VersionRange> NetworkClient::api_versions(NodeId node, ApiKey api) const {
  const auto of_node = versions_.find(node);
  if (of_node == versions_.end()) return std::nullopt;
  const auto range = of_node->second->find(api);
  return range == of_node->second->end() ? VersionRange{} : range->second;
}

// --- Is a node ready? ---

NodeDecision NetworkClient::connection_terms(NodeId node, Millis now) const {
  NodeDecision terms;
  terms.node = node;
  terms.connection = connections_.state(node);
  terms.channel_ready = selector_.is_channel_ready(node);
  terms.throttled = connections_.throttle_delay(node, now) > Milliseconds{0};
  terms.can_send_more = in_flight_.can_send_more(node);
  terms.in_flight = in_flight_.count(node);
  terms.delay = connections_.poll_delay(node, now);
  terms.ready = takes_data(terms);
  return terms;
}

bool NetworkClient::can_send_request(NodeId node, Millis now) const {
  return connection_terms(node, now).ready;
}

NodeDecision NetworkClient::node_decision(NodeId node, Millis now, const Metadata& metadata) const {
  NodeDecision decision = connection_terms(node, now);
  decision.metadata_due = is_update_due(now, metadata);
  decision.ready = takes_data(decision);
  return decision;
}

bool NetworkClient::ready(const Node& node, Millis now, Metadata& metadata, Journal& journal) {
  if (is_ready(node.id, now, metadata)) return true;
  if (connections_.can_connect(node.id, now)) initiate_connect(node, now, journal);
  return false;
}

bool NetworkClient::ready(NodeId node, Millis now, Metadata& metadata, Journal& journal) {
  const Node* known = metadata.snapshot().find_node(node);
  return known != nullptr && ready(*known, now, metadata, journal);
}

void NetworkClient::initiate_connect(const Node& node, Millis now, Journal& journal) {
  journal.log(LogLevel::Debug, "Initiating connection to node " + text(node));
  connections_.connecting(node.id, now, node.host);
  change_connection(node.id, ConnectionState::Connecting, "", journal);
  selector_.connect(node.id, node.host, node.port, now);
}

void NetworkClient::change_connection(NodeId node, ConnectionState state, std::string why,
                                      Journal& journal) {
  journal.add(ConnectionChanged{node, state, std::move(why)});
}

NetworkClient::LeastLoadedNode NetworkClient::least_loaded_node(Millis now,
                                                                const Metadata& metadata) {
  const std::vector<Node>& nodes = metadata.snapshot().nodes();
  CHECK(!nodes.empty());
  LeastLoadedNode found;
  std::optional<NodeId> busy;
  std::optional<NodeId> preparing;
  std::optional<NodeId> connectable;
  const auto offset =
      static_cast<std::size_t>(node_choice_.below(static_cast<std::int32_t>(nodes.size())));
  if (!settings_.prefers_connected_nodes) return least_in_flight(nodes, offset, now);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeId node = nodes[(offset + i) % nodes.size()].id;
    found.connection_ready |= connections_.is_ready(node, now) && selector_.is_channel_ready(node);
    if (can_send_request(node, now)) {
      if (in_flight_.count(node) == 0) return {node, true};
      if (!busy || in_flight_.count(node) < in_flight_.count(*busy)) busy = node;
    } else if (connections_.is_preparing_connection(node)) {
      preparing = node;
    } else if (connections_.can_connect(node, now)) {
      const bool is_longer_ago = !connectable || connections_.last_connect_attempt(*connectable) >
                                                     connections_.last_connect_attempt(node);
      if (is_longer_ago) connectable = node;
    }
  }
  found.node = busy ? busy : preparing ? preparing : connectable;
  return found;
}

// Before KIP-601: a node that was never connected has nothing in flight, and beats one that has.
NetworkClient::LeastLoadedNode NetworkClient::least_in_flight(const std::vector<Node>& nodes,
                                                              std::size_t first, Millis now) const {
  LeastLoadedNode found;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeId node = nodes[(first + i) % nodes.size()].id;
    const bool is_ready = connections_.is_ready(node, now);
    found.connection_ready |= is_ready && selector_.is_channel_ready(node);
    if (in_flight_.count(node) == 0 && is_ready) return {node, found.connection_ready};
    const bool is_better = !found.node || in_flight_.count(node) < in_flight_.count(*found.node);
    if (!connections_.is_blacked_out(node, now) && is_better) found.node = node;
  }
  return found;
}

// --- Sending ---

CorrelationId NetworkClient::next_correlation() {
  if (next_correlation_ >= kFirstReservedCorrelation) {
    next_correlation_ = std::numeric_limits<std::int32_t>::min();
  }
  return CorrelationId{next_correlation_++};
}

CorrelationId NetworkClient::send(const ClientRequest& request, Millis now, Metadata& metadata,
                                  BufferStore& buffers, Journal& journal) {
  CHECK(active_);
  CHECK(can_send_request(request.destination, now));
  return do_send(request, Origin::External, {now, metadata, buffers, journal});
}

void NetworkClient::note_usable_magic() {
  usable_magic_ = Magic::V2;
  for (const auto& [node, versions] : versions_) {
    const auto produce = versions->find(ApiKey::Produce);
    if (produce == versions->end()) continue;
    usable_magic_ = std::min(usable_magic_, magic_of_produce_version(produce->second.last));
  }
}

// What the broker takes is unknown before the handshake, and without one: then anything goes.
VersionRange NetworkClient::usable_versions(const ClientRequest& request) const {
  const VersionRange allowed = allowed_versions(request, settings_.versions);
  const auto of_node = api_versions(request.destination, api_key_of(request.body));
  return of_node ? intersection(allowed, *of_node) : allowed;
}

CorrelationId NetworkClient::do_send(const ClientRequest& request, Origin origin, Call call) {
  const CorrelationId correlation = next_correlation();
  const VersionRange versions = usable_versions(request);
  if (versions.is_empty()) {
    abort_unsupported(request, correlation, origin, call);
    return correlation;
  }
  const RequestHeader header{api_key_of(request.body), versions.last, correlation,
                             settings_.client_id};
  queue(request, header, origin, call);
  return correlation;
}

void NetworkClient::queue(const ClientRequest& request, const RequestHeader& header, Origin origin,
                          Call call) {
  NetworkSend frame{encode(request.body, header, names_, call.buffers)};
  const Bytes size = frame.size();
  InFlightRequest entry;
  entry.correlation = header.correlation_id;
  entry.node = request.destination;
  entry.api = header.api_key;
  entry.version = header.api_version;
  entry.created = request.created;
  entry.sent = call.now;
  entry.timeout = request.timeout;
  entry.expect_response = request.expect_response;
  entry.is_internal = origin == Origin::Internal;
  entry.batches = batches_of(request.body);
  in_flight_.add(std::move(entry));
  if (call.journal.is_on()) {
    std::vector<BatchId> batches;
    for (const InFlightBatch& batch : in_flight_.last_sent(request.destination).batches) {
      batches.push_back(batch.batch);
    }
    call.journal.add(RequestSent{header.correlation_id, request.destination, header.api_key,
                                 header.api_version, size, in_flight_.count(request.destination),
                                 std::move(batches)});
  }
  selector_.send(request.destination, std::move(frame), call.buffers);
}

// Nothing is sent. Whoever asked hears of it in the next poll.
void NetworkClient::abort_unsupported(const ClientRequest& request, CorrelationId correlation,
                                      Origin origin, Call call) {
  const ApiKey api = api_key_of(request.body);
  const VersionRange allowed = allowed_versions(request, settings_.versions);
  const VersionRange supported = *api_versions(request.destination, api);
  std::string message = "The node does not support " + std::string{api_name(api)};
  if (!supported.is_empty()) {
    message += " with version in range [" + std::to_string(allowed.first) + "," +
               std::to_string(allowed.last) + "]. The supported range is [" +
               std::to_string(supported.first) + "," + std::to_string(supported.last) + "].";
  }
  if (api == ApiKey::TxnOffsetCommit && !supported.is_empty()) {
    message = "Broker doesn't support group metadata commit API on version " +
              std::to_string(supported.last) + ", minimum supported request version is " +
              std::to_string(allowed.first) +
              " which requires brokers to be on version 2.5 or above.";
  }
  if (api == ApiKey::Metadata && supported.contains(0)) {
    message = "MetadataRequest versions older than 1 are not supported.";
  }
  call.journal.log(LogLevel::Debug, "Version mismatch when attempting to send " +
                                        std::string{api_name(api)} + " to " +
                                        text(request.destination) + ": " + message);
  ClientError error{Exception::UnsupportedVersionException, std::move(message)};
  if (origin == Origin::Internal) {
    if (api == ApiKey::Metadata) handle_failed_metadata_request(std::move(error), call);
    return;
  }
  ClientResponse response;
  response.correlation = correlation;
  response.node = request.destination;
  response.api = api;
  response.version = allowed.last;
  response.outcome = RequestOutcome::VersionMismatch;
  response.version_mismatch = std::move(error);
  response.batches = batches_of(request.body);
  aborted_sends_.push_back(std::move(response));
}

// --- One poll ---

Milliseconds NetworkClient::begin_poll(Milliseconds timeout, Millis now, Metadata& metadata,
                                       BufferStore& buffers, Journal& journal) {
  CHECK(active_ && poll_ == Poll::None);
  if (!aborted_sends_.empty()) {
    poll_ = Poll::AbortedOnly;
    return Milliseconds{0};
  }
  poll_ = Poll::Selecting;
  const Milliseconds metadata_timeout = maybe_update({now, metadata, buffers, journal});
  return std::min({timeout, metadata_timeout, settings_.request_timeout});
}

PollResult NetworkClient::finish_poll(Millis now, Metadata& metadata, BufferStore& buffers,
                                      Journal& journal) {
  CHECK(poll_ != Poll::None);
  if (std::exchange(poll_, Poll::None) == Poll::AbortedOnly) {
    return {std::exchange(aborted_sends_, {}), std::nullopt};
  }
  selector_.poll(now, buffers, journal);
  if (is_out_of_memory()) return {};
  const Call call{now, metadata, buffers, journal};
  Responses responses;
  if (Thrown error = handle_completed_sends(responses, call)) {
    return thrown_by_poll(std::move(*error));
  }
  if (Thrown error = handle_completed_receives(responses, call)) {
    return thrown_by_poll(std::move(*error));
  }
  handle_disconnections(responses, call);
  handle_connections(call);
  handle_initiate_api_versions(call);
  handle_timed_out_connections(responses, call);
  handle_timed_out_requests(responses, call);
  return {std::move(responses), std::nullopt};
}

void NetworkClient::note_completed(const InFlightRequest& request, RequestOutcome outcome,
                                   Call call) const {
  call.journal.add(RequestCompleted{request.correlation, request.node, request.api, outcome,
                                    call.now - request.created, in_flight_.count(request.node)});
}

ClientResponse& NetworkClient::add_completed(InFlightRequest& request, RequestOutcome outcome,
                                             Responses& responses, Call call) {
  ClientResponse& response = responses.emplace_back();
  response.correlation = request.correlation;
  response.node = request.node;
  response.api = request.api;
  response.version = request.version;
  response.outcome = outcome;
  response.latency = call.now - request.created;
  response.batches = std::move(request.batches);
  return response;
}

// --- The end of connections ---

void NetworkClient::process_disconnection(NodeId node, Cause cause, std::string why,
                                          Responses& responses, Call call) {
  connections_.disconnected(node, call.now);
  std::optional<ClientError> fatal;
  if (cause == Cause::AuthenticationFailed) {
    fatal = ClientError{Exception::SaslAuthenticationException, why};
    connections_.authentication_failed(node, call.now, *fatal);
  }
  change_connection(node, connections_.state(node), std::move(why), call.journal);
  versions_.erase(node);
  note_usable_magic();
  needing_api_versions_.erase(node);
  cancel_in_flight(node, cause, &responses, call);
  handle_server_disconnect(node, std::move(fatal), call);
}

void NetworkClient::cancel_in_flight(NodeId node, Cause cause, Responses* responses, Call call) {
  const bool is_told = cause == Cause::TimedOut && settings_.tells_timeouts;
  const RequestOutcome outcome = is_told ? RequestOutcome::TimedOut : RequestOutcome::Disconnected;
  using Order = InFlightRequests::Order;
  const Order order = settings_.cancels_newest_first ? Order::NewestFirst : Order::OldestFirst;
  for (InFlightRequest& request : in_flight_.clear_all(node, order)) {
    call.journal.log(
        LogLevel::Info,
        "Cancelled in-flight " + std::string{api_name(request.api)} +
            " request with correlation id " + std::to_string(request.correlation.value()) +
            " due to node " + text(node) + " being disconnected (elapsed time since creation: " +
            text(call.now - request.created) + ", elapsed time since send: " +
            text(call.now - request.sent) + ", throttle time: " + text(request.throttle) +
            ", request timeout: " + text(request.timeout) + ")");
    note_completed(request, outcome, call);
    if (!request.is_internal) {
      if (responses) add_completed(request, outcome, *responses, call);
    } else if (request.api == ApiKey::Metadata) {
      handle_failed_metadata_request(std::nullopt, call);
    }
  }
}

void NetworkClient::disconnect(NodeId node, Millis now, Metadata& metadata, BufferStore& buffers,
                               Journal& journal) {
  if (!connections_.has_entry(node) || connections_.is_disconnected(node)) {
    journal.log(LogLevel::Debug, "Client requested disconnect from node " + text(node) +
                                     ", which is already disconnected");
    return;
  }
  journal.log(LogLevel::Info, "Client requested disconnect from node " + text(node));
  selector_.close(node, buffers);
  cancel_in_flight(node, Cause::Lost, &aborted_sends_, {now, metadata, buffers, journal});
  connections_.disconnected(node, now);
  change_connection(node, ConnectionState::Disconnected, "client requested disconnect", journal);
}

void NetworkClient::close(NodeId node, Millis now, Metadata& metadata, BufferStore& buffers,
                          Journal& journal) {
  journal.log(LogLevel::Info, "Client requested connection close from node " + text(node));
  selector_.close(node, buffers);
  cancel_in_flight(node, Cause::Lost, nullptr, {now, metadata, buffers, journal});
  if (!connections_.has_entry(node)) return;
  connections_.remove(node);
  change_connection(node, ConnectionState::Disconnected, "client requested close", journal);
}

void NetworkClient::close(Metadata& metadata, BufferStore& buffers, Journal& journal) {
  if (!active_) {
    journal.log(LogLevel::Warn, "Attempting to close NetworkClient that has already been closed.");
    return;
  }
  active_ = false;
  selector_.close_all(buffers);
  metadata.close();
}

}  // namespace linger::core
