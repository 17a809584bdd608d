#include "core/cluster_connection_states.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace linger::core {

namespace {

bool is_disconnected_state(ConnectionState state) {
  return state == ConnectionState::Disconnected || state == ConnectionState::AuthenticationFailed;
}

bool is_connected_state(ConnectionState state) {
  return state == ConnectionState::CheckingApiVersions || state == ConnectionState::Ready;
}

}  // namespace

const ClusterConnectionStates::NodeState* ClusterConnectionStates::find(NodeId node) const {
  const auto at = nodes_.find(node);
  return at == nodes_.end() ? nullptr : &at->second;
}

ClusterConnectionStates::NodeState& ClusterConnectionStates::entry(NodeId node) {
  const auto at = nodes_.find(node);
  CHECK(at != nodes_.end());
  return at->second;
}

// --- What may be done ---

bool ClusterConnectionStates::can_connect(NodeId node, Millis now) const {
  return !has_entry(node) || (is_disconnected(node) && !is_blacked_out(node, now));
}

bool ClusterConnectionStates::is_blacked_out(NodeId node, Millis now) const {
  const NodeState* found = find(node);
  return found != nullptr && is_disconnected_state(found->state) &&
         now - found->last_attempt < found->reconnect_backoff;
}

Milliseconds ClusterConnectionStates::connection_delay(NodeId node, Millis now) const {
  const NodeState* found = find(node);
  if (found == nullptr) return Milliseconds{0};
  if (found->state == ConnectionState::Connecting && settings_.delays_by_setup_timeout) {
    return found->connection_setup_timeout;
  }
  if (!is_disconnected_state(found->state)) return kForever;
  return std::max(found->reconnect_backoff - (now - found->last_attempt), Milliseconds{0});
}

Milliseconds ClusterConnectionStates::throttle_delay(NodeId node, Millis now) const {
  const NodeState* found = find(node);
  if (found == nullptr) return Milliseconds{0};
  return std::max(found->throttle_until - now, Milliseconds{0});
}

Milliseconds ClusterConnectionStates::poll_delay(NodeId node, Millis now) const {
  const Milliseconds throttled = throttle_delay(node, now);
  const bool holds_back = is_connected(node) && throttled > Milliseconds{0};
  return holds_back ? throttled : connection_delay(node, now);
}

// --- What is ---

ConnectionState ClusterConnectionStates::state(NodeId node) const {
  const NodeState* found = find(node);
  return found == nullptr ? ConnectionState::Disconnected : found->state;
}

bool ClusterConnectionStates::is_connecting(NodeId node) const {
  return state(node) == ConnectionState::Connecting;
}

bool ClusterConnectionStates::is_preparing_connection(NodeId node) const {
  return is_connecting(node) || state(node) == ConnectionState::CheckingApiVersions;
}

bool ClusterConnectionStates::is_connected(NodeId node) const {
  return is_connected_state(state(node));
}

bool ClusterConnectionStates::is_ready(const NodeState& node, Millis now) {
  return node.state == ConnectionState::Ready && node.throttle_until <= now;
}

bool ClusterConnectionStates::is_ready(NodeId node, Millis now) const {
  const NodeState* found = find(node);
  return found != nullptr && is_ready(*found, now);
}

bool ClusterConnectionStates::is_disconnected(NodeId node) const {
  const NodeState* found = find(node);
  return found != nullptr && is_disconnected_state(found->state);
}

bool ClusterConnectionStates::has_ready_nodes(Millis now) const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [now](const auto& entry) { return is_ready(entry.second, now); });
}

Millis ClusterConnectionStates::last_connect_attempt(NodeId node) const {
  const NodeState* found = find(node);
  return found == nullptr ? Millis{} : found->last_attempt;
}

Milliseconds ClusterConnectionStates::connection_setup_timeout(NodeId node) const {
  const NodeState* found = find(node);
  CHECK(found != nullptr);
  return found->connection_setup_timeout;
}

std::vector<NodeId> ClusterConnectionStates::nodes_with_connection_setup_timeout(Millis now) const {
  std::vector<NodeId> timed_out;
  for (const auto& [id, node] : nodes_) {
    const bool is_late = now - node.last_attempt > node.connection_setup_timeout;
    if (node.state == ConnectionState::Connecting && is_late) timed_out.push_back(id);
  }
  return timed_out;
}

std::optional<ClientError> ClusterConnectionStates::authentication_error(NodeId node) const {
  const NodeState* found = find(node);
  return found == nullptr ? std::nullopt : found->authentication_error;
}

// --- What happens ---

void ClusterConnectionStates::connecting(NodeId node, Millis now, std::string_view host) {
  const NodeState* found = find(node);
  if (found == nullptr || found->host != host) {
    NodeState fresh;
    reset_reconnect_backoff(fresh);
    reset_connection_setup_timeout(fresh);
    fresh.host = host;
    nodes_[node] = std::move(fresh);
  }
  NodeState& state = entry(node);
  state.state = ConnectionState::Connecting;
  state.last_attempt = now;
}

// That the handshake began says nothing about the broker yet: only being ready ends the backoff,
// since KAFKA-13879.
void ClusterConnectionStates::checking_api_versions(NodeId node) {
  NodeState& state = entry(node);
  state.state = ConnectionState::CheckingApiVersions;
  if (!settings_.backoff_outlives_handshake) reset_reconnect_backoff(state);
  reset_connection_setup_timeout(state);
}

void ClusterConnectionStates::ready(NodeId node) {
  NodeState& state = entry(node);
  state.state = ConnectionState::Ready;
  state.authentication_error.reset();
  reset_reconnect_backoff(state);
  reset_connection_setup_timeout(state);
}

void ClusterConnectionStates::disconnected(NodeId node, Millis now) {
  NodeState& state = entry(node);
  state.last_attempt = now;
  update_reconnect_backoff(state);
  if (state.state == ConnectionState::Connecting) {
    update_connection_setup_timeout(state);
  } else {
    reset_connection_setup_timeout(state);
  }
  state.state = ConnectionState::Disconnected;
}

void ClusterConnectionStates::authentication_failed(NodeId node, Millis now, ClientError error) {
  NodeState& state = entry(node);
  state.state = ConnectionState::AuthenticationFailed;
  state.authentication_error = std::move(error);
  state.last_attempt = now;
  update_reconnect_backoff(state);
}

void ClusterConnectionStates::throttle(NodeId node, Millis until) {
  NodeState& state = entry(node);
  state.throttle_until = std::max(state.throttle_until, until);
}

// --- Backoff ---

void ClusterConnectionStates::reset_reconnect_backoff(NodeState& node) {
  node.failed_attempts = 0;
  node.reconnect_backoff = settings_.reconnect_backoff.backoff(0, jitter_);
}

void ClusterConnectionStates::update_reconnect_backoff(NodeState& node) {
  node.reconnect_backoff = settings_.reconnect_backoff.backoff(node.failed_attempts, jitter_);
  ++node.failed_attempts;
}

void ClusterConnectionStates::reset_connection_setup_timeout(NodeState& node) {
  node.failed_connect_attempts = 0;
  node.connection_setup_timeout = settings_.connection_setup_timeout.backoff(0, jitter_);
}

void ClusterConnectionStates::update_connection_setup_timeout(NodeState& node) {
  ++node.failed_connect_attempts;
  node.connection_setup_timeout =
      settings_.connection_setup_timeout.backoff(node.failed_connect_attempts, jitter_);
}

}  // namespace linger::core
