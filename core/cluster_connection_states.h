// How far the connection to each broker came, and when it may be tried again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client_error.h"
#include "core/event.h"
#include "core/exponential_backoff.h"
#include "core/id.h"
#include "core/random.h"
#include "core/time.h"

namespace linger::core {

//   connecting ──▶ checking API versions ──▶ ready
//       └───────────────┴──────────────────────┴──▶ disconnected ── backoff ──▶ connecting
//
// Each loss in a row doubles the reconnect backoff; each connect that fails in a row doubles the
// time the next one may take. A node without an entry was never tried: it may be connected at once.
//
// In Kafka: ClusterConnectionStates. Differs: a host has one address, which is not resolved.
class ClusterConnectionStates {
 public:
  struct Settings {
    ExponentialBackoff reconnect_backoff;         // reconnect.backoff.ms, …max.ms
    ExponentialBackoff connection_setup_timeout;  // socket.connection.setup.timeout.ms, …max.ms
    // KAFKA-13879: a reconnect backoff grows until a connection is ready; else only until it
    // stands.
    bool backoff_outlives_handshake = true;
    // KAFKA-12762: a connection that is being set up is looked at again when it may have timed out.
    bool delays_by_setup_timeout = true;
    friend bool operator==(const Settings&, const Settings&) = default;
  };
  ClusterConnectionStates(Settings settings, Random jitter)
      : settings_{settings}, jitter_{jitter} {}

  // --- What may be done ---

  bool can_connect(NodeId node, Millis now) const;
  // Disconnected, and it is too early to try again.
  bool is_blacked_out(NodeId node, Millis now) const;
  // How long until sending may become possible by time alone: kForever if it cannot. While
  // connecting it is the whole setup timeout, not what remains of it (before KAFKA-12762 kForever).
  Milliseconds connection_delay(NodeId node, Millis now) const;
  Milliseconds throttle_delay(NodeId node, Millis now) const;
  // The throttle delay of a connection that stands, else the connection delay.
  Milliseconds poll_delay(NodeId node, Millis now) const;

  // --- What is ---

  ConnectionState state(NodeId node) const;  // Disconnected if there is no entry
  bool has_entry(NodeId node) const { return nodes_.contains(node); }
  bool is_connecting(NodeId node) const;
  bool is_preparing_connection(NodeId node) const;  // connecting, or checking API versions
  bool is_connected(NodeId node) const;             // checking API versions, or ready
  bool is_ready(NodeId node, Millis now) const;     // and not throttled
  bool is_disconnected(NodeId node) const;          // false if there is no entry
  bool has_ready_nodes(Millis now) const;
  Millis last_connect_attempt(NodeId node) const;  // or loss; the clock's zero if never tried
  Milliseconds connection_setup_timeout(NodeId node) const;  // Requires: has_entry(node).
  std::vector<NodeId> nodes_with_connection_setup_timeout(Millis now) const;
  std::optional<ClientError> authentication_error(NodeId node) const;

  // --- What happens. All but connecting() and remove() require has_entry(node). ---

  // A node whose host changed starts afresh.
  void connecting(NodeId node, Millis now, std::string_view host);
  void checking_api_versions(NodeId node);
  void ready(NodeId node);
  void disconnected(NodeId node, Millis now);
  void authentication_failed(NodeId node, Millis now, ClientError error);
  // Never shortens a throttle.
  void throttle(NodeId node, Millis until);
  // No backoff afterwards.
  void remove(NodeId node) { nodes_.erase(node); }

  friend bool operator==(const ClusterConnectionStates&, const ClusterConnectionStates&) = default;

 private:
  friend class StateWalk;

  struct NodeState {
    ConnectionState state = ConnectionState::Connecting;
    Millis last_attempt{};
    std::int32_t failed_attempts = 0;          // losses since it was ready
    std::int32_t failed_connect_attempts = 0;  // since a connect succeeded
    Milliseconds reconnect_backoff{};
    Milliseconds connection_setup_timeout{};
    Millis throttle_until{};
    std::optional<ClientError> authentication_error;
    std::string host;
    friend bool operator==(const NodeState&, const NodeState&) = default;
  };

  const NodeState* find(NodeId node) const;
  NodeState& entry(NodeId node);
  static bool is_ready(const NodeState& node, Millis now);
  void reset_reconnect_backoff(NodeState& node);
  void update_reconnect_backoff(NodeState& node);
  void reset_connection_setup_timeout(NodeState& node);
  void update_connection_setup_timeout(NodeState& node);

  Settings settings_;
  Random jitter_;
  std::map<NodeId, NodeState> nodes_;
};

}  // namespace linger::core
