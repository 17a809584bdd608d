// The metadata updater: when to ask for metadata, whom, and what to make of the answer.
// In Kafka: NetworkClient.DefaultMetadataUpdater.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/network_client.h"

namespace linger::core {

namespace {

constexpr std::size_t kMostMissingListenersLogged = 10;

std::vector<std::string> partitions_without_listener(const MetadataResponse& response) {
  std::vector<std::string> partitions;
  for (const MetadataResponseTopic& topic : response.topics) {
    for (const MetadataResponsePartition& partition : topic.partitions) {
      if (error_code_from_wire(partition.error_code) != ErrorCode::ListenerNotFound) continue;
      partitions.push_back(topic.name + "-" + std::to_string(partition.partition_index));
    }
  }
  return partitions;
}

void log_missing_listeners(const MetadataResponse& response, Journal& journal) {
  const std::vector<std::string> partitions = partitions_without_listener(response);
  if (partitions.empty()) return;
  std::string some;
  for (std::size_t i = 0; i < std::min(partitions.size(), kMostMissingListenersLogged); ++i) {
    some += (i == 0 ? "" : ", ") + partitions[i];
  }
  journal.log(LogLevel::Warn,
              std::to_string(partitions.size()) +
                  " partitions have leader brokers without a matching listener, including [" +
                  some + "]");
}

void log_errors(const InFlightRequest& request, const MetadataResponse& response,
                Journal& journal) {
  std::string errors;
  for (const MetadataResponseTopic& topic : response.topics) {
    if (topic.error_code == 0) continue;
    const std::string error{name(error_code_from_wire(topic.error_code))};
    errors += (errors.empty() ? "" : ", ") + topic.name + "=" + error;
  }
  if (errors.empty()) return;
  journal.log(LogLevel::Warn,
              "The metadata response from the cluster reported a recoverable issue with "
              "correlation id " +
                  std::to_string(request.correlation.value()) + " : {" + errors + "}");
}

}  // namespace

bool NetworkClient::is_update_due(Millis now, const Metadata& metadata) const {
  return !fetch_ && metadata.is_update_due(now);
}

Milliseconds NetworkClient::maybe_update(Call call) {
  call.metadata.note_age(call.now);
  const Milliseconds for_fetch = fetch_ ? settings_.request_timeout : Milliseconds{0};
  const Milliseconds wait = std::max(call.metadata.time_to_next_update(call.now), for_fetch);
  if (wait > Milliseconds{0}) return wait;
  const std::optional<Node> node = node_to_ask(call);
  if (node) return maybe_update(*node, call);
  call.journal.log(LogLevel::Debug, "Give up sending metadata request since no node is available");
  return settings_.reconnect_backoff;
}

std::optional<Node> NetworkClient::node_to_ask(Call call) {
  LeastLoadedNode found = least_loaded_node(call.now, call.metadata);
  if (settings_.rebootstraps && !found.node && !found.connection_ready) {
    call.metadata.rebootstrap(call.journal);
    found = least_loaded_node(call.now, call.metadata);
  }
  if (!found.node) return std::nullopt;
  return *call.metadata.snapshot().find_node(*found.node);
}

// One connection at a time is made for the sake of metadata: while any is being made, wait for it.
Milliseconds NetworkClient::maybe_update(const Node& node, Call call) {
  if (can_send_request(node.id, call.now)) {
    send_metadata_request(node.id, call);
    return settings_.request_timeout;
  }
  if (is_any_node_connecting(call.metadata)) return settings_.reconnect_backoff;
  if (connections_.can_connect(node.id, call.now)) {
    initiate_connect(node, call.now, call.journal);
    return settings_.reconnect_backoff;
  }
  return kForever;  // connected, but busy: an event of the network will tell
}

// A broker that takes no version of the request leaves the fetch marked as in progress for ever,
// and metadata is never asked for again: a defect of Kafka that the model keeps.
void NetworkClient::send_metadata_request(NodeId node, Call call) {
  const Metadata::Request wanted = call.metadata.new_request(call.now);
  MetadataRequest body;
  body.topics.emplace();
  for (const TopicId topic : wanted.topics) {
    body.topics->push_back({Uuid{}, names_.name(topic)});
  }
  ClientRequest request;
  request.destination = node;
  request.body = std::move(body);
  request.timeout = settings_.request_timeout;
  request.created = call.now;
  call.journal.log(LogLevel::Debug,
                   "Sending metadata request to node " + std::to_string(node.value()));
  do_send(request, Origin::Internal, call);
  fetch_ = wanted;
}

bool NetworkClient::is_any_node_connecting(const Metadata& metadata) const {
  const std::vector<Node>& nodes = metadata.snapshot().nodes();
  return std::any_of(nodes.begin(), nodes.end(),
                     [this](const Node& node) { return connections_.is_connecting(node.id); });
}

void NetworkClient::handle_metadata_response(const InFlightRequest& request,
                                             const MetadataResponse& response, Call call) {
  log_missing_listeners(response, call.journal);
  log_errors(request, response, call.journal);
  if (response.brokers.empty() || !fetch_) {
    call.metadata.failed_update(call.now, call.journal);  // a broker that starts up knows nothing
  } else {
    call.metadata.update(*fetch_, response, request.version, call.now, call.journal);
  }
  fetch_.reset();
}

void NetworkClient::handle_failed_metadata_request(std::optional<ClientError> fatal, Call call) {
  if (fatal) call.metadata.fatal_error(std::move(*fatal));
  if (settings_.counts_lost_updates) call.metadata.failed_update(call.now, call.journal);
  fetch_.reset();
}

void NetworkClient::handle_server_disconnect(NodeId node, std::optional<ClientError> fatal,
                                             Call call) {
  const MetadataSnapshot& snapshot = call.metadata.snapshot();
  const Node* bootstrap = snapshot.is_bootstrap() ? snapshot.find_node(node) : nullptr;
  const std::string id = std::to_string(node.value());
  if (bootstrap != nullptr) {
    call.journal.log(LogLevel::Warn, "Bootstrap broker " + bootstrap->host + ":" +
                                         std::to_string(bootstrap->port) + " (id: " + id +
                                         " rack: null) disconnected");
  }
  // An update that was due and lost its connection failed: without that, a dead broker would be
  // asked again and again without backoff.
  if (settings_.counts_lost_updates && is_update_due(call.now, call.metadata)) {
    handle_failed_metadata_request(std::nullopt, call);
  }
  if (fatal) call.metadata.fatal_error(std::move(*fatal));
  call.metadata.request_update("the connection to node " + id + " was lost", call.journal);
}

}  // namespace linger::core
