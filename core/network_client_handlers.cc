// What a poll found on the connections, and what comes of it: the handlers, in the order they run.
#include <algorithm>
#include <string>
#include <utility>

#include "core/byte_reader.h"
#include "core/check.h"
#include "core/network_client.h"

namespace linger::core {

namespace {

constexpr const char* kSoftwareName = "apache-kafka-java";

std::string node_text(NodeId node) {
  return std::to_string(node.value());
}

Milliseconds throttle_time(const Response& response) {
  return std::visit([](const auto& body) { return body.throttle_time; }, response);
}

ClientError no_requests_in_flight(NodeId node) {
  return {Exception::IllegalStateException,
          "There are no in-flight requests for node " + node_text(node)};
}

// The id a response carries, if it is long enough to carry one.
std::optional<CorrelationId> correlation_of(ByteSpan payload) {
  if (payload.size() < sizeof(std::int32_t)) return std::nullopt;
  return CorrelationId{load<std::int32_t>(payload.data())};
}

ClientError correlation_mismatch(CorrelationId answered, const InFlightRequest& request) {
  return {Exception::IllegalStateException,
          "Correlation id for response (" + std::to_string(answered.value()) +
              ") does not match request (" + std::to_string(request.correlation.value()) +
              "), request header: " + std::string{api_name(request.api)} + " version " +
              std::to_string(request.version)};
}

// In which version to ask again a broker that does not know the newest ApiVersions.
std::int16_t version_told_by(const ApiVersionsResponse& response) {
  for (const ApiVersion& version : response.api_keys) {
    if (version.api_key == ApiKey::ApiVersions) return version.max_version;
  }
  return 0;
}

}  // namespace

NetworkClient::Thrown NetworkClient::handle_completed_sends(Responses& responses, Call call) {
  for (const NodeId node : selector_.completed_sends()) {
    if (in_flight_.count(node) == 0) return no_requests_in_flight(node);
    in_flight_.on_send_completed(node);
    call.journal.add(RequestWritten{in_flight_.last_sent(node).correlation, node});
    if (in_flight_.last_sent(node).expect_response) continue;
    InFlightRequest request = in_flight_.complete_last_sent(node);
    note_completed(request, RequestOutcome::NoResponseExpected, call);
    add_completed(request, RequestOutcome::NoResponseExpected, responses, call);
  }
  return std::nullopt;
}

NetworkClient::Thrown NetworkClient::handle_completed_receives(Responses& responses, Call call) {
  for (const Selector::CompletedReceive& receive : selector_.completed_receives()) {
    if (Thrown error = handle_receive(receive.node, receive.payload, responses, call)) {
      return error;
    }
  }
  return std::nullopt;
}

// A response always answers the oldest request; what it means depends on that one.
NetworkClient::Thrown NetworkClient::handle_receive(NodeId node, ByteSpan payload,
                                                    Responses& responses, Call call) {
  if (in_flight_.count(node) == 0) return no_requests_in_flight(node);
  InFlightRequest request = in_flight_.complete_next(node);
  const std::optional<CorrelationId> answered = correlation_of(payload);
  if (answered && *answered != request.correlation) {
    return correlation_mismatch(*answered, request);
  }
  const RequestHeader header{request.api, request.version, request.correlation};
  Decoded<Response> response = decode_response(header, payload);
  if (!response.ok()) {
    return ClientError{Exception::KafkaException,
                       "Error parsing the response to " + std::string{api_name(request.api)} +
                           " version " + std::to_string(request.version) + ": " +
                           response.error().text()};
  }
  note_completed(request, RequestOutcome::Ok, call);
  maybe_throttle(request, response.value(), call);
  handle_response(request, response.value(), responses, call);
  return std::nullopt;
}

void NetworkClient::handle_response(InFlightRequest& request, Response& response,
                                    Responses& responses, Call call) {
  const auto* metadata = std::get_if<MetadataResponse>(&response);
  const auto* api_versions = std::get_if<ApiVersionsResponse>(&response);
  if (request.is_internal && metadata) {
    handle_metadata_response(request, *metadata, call);
  } else if (request.is_internal && api_versions) {
    handle_api_versions_response(request, *api_versions, responses, call);
  } else {
    add_completed(request, RequestOutcome::Ok, responses, call).body = std::move(response);
  }
}

// A broker that throttles answers at once and then does not read for a while (KIP-219).
void NetworkClient::maybe_throttle(const InFlightRequest& request, const Response& response,
                                   Call call) {
  const Milliseconds throttle = throttle_time(response);
  const Api* api = find_api(request.api);
  if (throttle <= Milliseconds{0} || request.version < api->throttled_from) return;
  if (!settings_.holds_back_when_throttled) return;
  if (settings_.throttle_is_not_age) in_flight_.increment_throttle_time(request.node, throttle);
  connections_.throttle(request.node, call.now + throttle);
  call.journal.add(NodeThrottled{request.node, throttle});
}

void NetworkClient::handle_api_versions_response(const InFlightRequest& request,
                                                 const ApiVersionsResponse& response,
                                                 Responses& responses, Call call) {
  const NodeId node = request.node;
  if (response.error_code == kUnsupportedVersionError && request.version > 0) {
    needing_api_versions_[node] = version_told_by(response);
    return;
  }
  if (response.error_code != 0) {
    const std::string error{name(error_code_from_wire(response.error_code))};
    call.journal.log(LogLevel::Warn, "Received error " + error + " from node " + node_text(node) +
                                         " when making an ApiVersionsRequest. Disconnecting.");
    selector_.close(node, call.buffers);
    process_disconnection(node, Cause::Lost, error + " on ApiVersions", responses, call);
    return;
  }
  NodeApiVersions versions;
  for (const ApiVersion& version : response.api_keys) {
    versions[version.api_key] = {version.min_version, version.max_version};
  }
  versions_.insert_or_assign(node, Cow{std::move(versions)});
  note_usable_magic();
  connections_.ready(node);
  change_connection(node, ConnectionState::Ready, "", call.journal);
}

void NetworkClient::handle_disconnections(Responses& responses, Call call) {
  for (const auto& [node, disconnection] : selector_.disconnected()) {
    if (!connections_.has_entry(node)) continue;  // closed meanwhile
    log_disconnection(node, disconnection, call);
    const bool is_refused = disconnection.state == ChannelState::AuthenticationFailed &&
                            settings_.tells_authentication_failure;
    const bool is_silent_refusal =
        disconnection.state == ChannelState::AuthenticationFailed && !is_refused;
    process_disconnection(node, is_refused ? Cause::AuthenticationFailed : Cause::Lost,
                          is_silent_refusal ? "end of stream" : disconnection.why, responses, call);
  }
}

void NetworkClient::log_disconnection(NodeId node, const Selector::Disconnection& disconnection,
                                      Call call) {
  const auto log = [&](LogLevel level, const std::string& said) { call.journal.log(level, said); };
  const std::string connection = "Connection to node " + node_text(node);
  if (disconnection.state == ChannelState::Expired) {
    return log(LogLevel::Debug, "Idle connection to node " + node_text(node) + " disconnected.");
  }
  if (disconnection.is_unexpected) {
    const Node* known = call.metadata.snapshot().find_node(node);
    const std::string host = known == nullptr ? "node " + node_text(node) : known->host;
    const std::string id = " (channelId=" + node_text(node) + ")";
    log(LogLevel::Warn, "Unexpected error from " + host + (settings_.names_channels ? id : "") +
                            "; closing connection: " + disconnection.why);
  }
  log(LogLevel::Info, "Node " + node_text(node) + " disconnected.");
  if (disconnection.state == ChannelState::NotConnected) {
    log(LogLevel::Warn, connection + " could not be established. Node may not be available.");
  }
  if (!settings_.tells_authentication_failure) return;
  if (disconnection.state == ChannelState::AuthenticationFailed) {
    log(LogLevel::Error, connection + " failed authentication due to: " + disconnection.why);
  }
  if (disconnection.state == ChannelState::Authenticate) {
    log(LogLevel::Warn,
        connection +
            " terminated during authentication. This may happen due to any of the following "
            "reasons: (1) Firewall blocking Kafka TLS traffic (eg it may only allow HTTPS "
            "traffic), (2) Transient network issue.");
  }
}

// A connection that stands is still being set up until its handshake can be sent.
void NetworkClient::handle_connections(Call call) {
  for (const NodeId node : selector_.connected()) {
    if (!settings_.discovers_versions) {
      connections_.ready(node);
      change_connection(node, ConnectionState::Ready, "", call.journal);
      continue;
    }
    call.journal.log(LogLevel::Debug, "Completed connection to node " + node_text(node) +
                                          ". Fetching API versions.");
    if (!settings_.setup_covers_handshake) begin_checking_versions(node, call.journal);
    ClientRequest newest;
    newest.body = ApiVersionsRequest{};
    needing_api_versions_[node] = allowed_versions(newest, settings_.versions).last;
  }
}

void NetworkClient::handle_initiate_api_versions(Call call) {
  std::vector<std::pair<NodeId, std::int16_t>> possible;
  for (const auto& [node, version] : needing_api_versions_) {
    const bool can_send = selector_.is_channel_ready(node) && in_flight_.can_send_more(node);
    if (can_send) possible.emplace_back(node, version);
  }
  for (const auto& [node, version] : possible) {
    needing_api_versions_.erase(node);
    send_api_versions_request(node, version, call);
  }
}

void NetworkClient::begin_checking_versions(NodeId node, Journal& journal) {
  connections_.checking_api_versions(node);
  change_connection(node, ConnectionState::CheckingApiVersions, "", journal);
}

void NetworkClient::send_api_versions_request(NodeId node, std::int16_t version, Call call) {
  call.journal.log(LogLevel::Debug,
                   "Initiating API versions fetch from node " + node_text(node) + ".");
  if (settings_.setup_covers_handshake) begin_checking_versions(node, call.journal);
  ClientRequest request;
  request.destination = node;
  request.body = ApiVersionsRequest{kSoftwareName, settings_.software_version};
  request.timeout = settings_.request_timeout;
  request.created = call.now;
  request.exact_version = version;
  do_send(request, Origin::Internal, call);
}

void NetworkClient::handle_timed_out_connections(Responses& responses, Call call) {
  for (const NodeId node : connections_.nodes_with_connection_setup_timeout(call.now)) {
    const Milliseconds timeout = connections_.connection_setup_timeout(node);
    selector_.close(node, call.buffers);
    call.journal.log(LogLevel::Info, "Disconnecting from node " + node_text(node) +
                                         " due to socket connection setup timeout. The timeout "
                                         "value is " +
                                         std::to_string(timeout.count()) + " ms.");
    process_disconnection(node, Cause::TimedOut, "connection setup timeout", responses, call);
  }
}

// One late request ends the connection, and with it all the others on it.
void NetworkClient::handle_timed_out_requests(Responses& responses, Call call) {
  for (const NodeId node : in_flight_.nodes_with_timed_out_requests(call.now)) {
    selector_.close(node, call.buffers);
    call.journal.log(LogLevel::Info,
                     "Disconnecting from node " + node_text(node) + " due to request timeout.");
    process_disconnection(node, Cause::TimedOut, "request timeout", responses, call);
  }
}

}  // namespace linger::core
