// Requests to brokers and their responses, over connections that come and go.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/client_error.h"
#include "core/client_request.h"
#include "core/client_versions.h"
#include "core/cluster_connection_states.h"
#include "core/cow.h"
#include "core/draws.h"
#include "core/event.h"
#include "core/id.h"
#include "core/in_flight_requests.h"
#include "core/journal.h"
#include "core/metadata.h"
#include "core/protocol.h"
#include "core/random.h"
#include "core/rules.h"
#include "core/selector.h"
#include "core/time.h"
#include "core/topic_names.h"

namespace linger::core {

// What became of a request.
struct ClientResponse {
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::Produce;
  std::int16_t version = 0;
  RequestOutcome outcome = RequestOutcome::Ok;
  Milliseconds latency{};
  std::optional<Response> body;  // if the outcome is Ok
  std::optional<ClientError> version_mismatch;
  std::vector<InFlightBatch> batches;  // of a produce request, in its order
};

struct PollResult {
  std::vector<ClientResponse> responses;  // in the order in which their callbacks run
  // What propagates out of poll. Everything else of the poll is lost then: there are no responses,
  // and what happened to connections goes unnoticed.
  std::optional<ClientError> thrown;
};

// The versions of each request that a broker takes.
using NodeApiVersions = std::map<ApiKey, VersionRange>;

// One poll:
//
//   aborted sends, alone ── or ── metadata update if due ─▶ sleep ─▶ selector ─▶ completed sends ─▶
//   receives ─▶ disconnections ─▶ connections ─▶ ApiVersions requests ─▶ timed-out connections ─▶
//   timed-out requests ─▶ the collected responses
//
// It comes in two halves, so that whoever owns the clock decides how long the sleep between them
// takes: until the timeout, or until has_ready_events().
//
// In Kafka: NetworkClient and its DefaultMetadataUpdater. Differs: nodes are visited by ascending
// id where Java walks a hash map; a host has one address; a broker that takes a client asks nothing
// of it, and one that refuses it takes one round trip to say so; no telemetry.
class NetworkClient {
 public:
  struct Settings {
    std::string client_id;
    std::int32_t max_in_flight_requests_per_connection = 5;
    Milliseconds reconnect_backoff{50};    // how long to wait where no node can be asked
    Milliseconds request_timeout{30'000};  // of the client's own requests
    ClusterConnectionStates::Settings connections;
    Selector::Settings selector;
    bool discovers_versions = true;  // else connections are ready at once
    bool rebootstraps = false;       // metadata.recovery.strategy (KIP-899)
    ClientVersions versions = client_versions(Era::V3_9, rules_of(Era::V3_9));
    std::string software_version = "3.9.0";  // as ApiVersions tells the broker
    // KAFKA-13388: a connection is being set up until its handshake can be sent; else it is
    // checking API versions as soon as it stands, and no set-up timeout covers it.
    bool setup_covers_handshake = true;
    bool tells_authentication_failure = true;  // KAFKA-5854: else the connection is merely lost
    bool names_channels = true;                // KAFKA-13539 (3.2.0): in the log
    bool tells_timeouts = true;                // KAFKA-14317: else they look like any disconnect
    bool throttle_is_not_age = true;           // KAFKA-16083
    bool holds_back_when_throttled = true;     // KIP-219; else the broker does
    bool prefers_connected_nodes = true;       // KIP-601: to ask for metadata; else those with less
                                               // in flight, if need be none at all
    bool counts_lost_updates = true;           // KAFKA-8933: a lost metadata request failed
    bool cancels_newest_first = false;         // before KAFKA-5494
    std::int32_t first_correlation = 0;
  };
  struct Randomness {
    Random backoff_jitter;
    Draws node_choice;  // where the search for the least loaded node begins
  };
  NetworkClient(Settings settings, TopicNames names, Randomness randomness, Millis created);

  // --- What the world tells and takes: see Selector ---

  void on_connected(NodeId node) { selector_.on_connected(node); }
  void on_connected_unauthenticated(NodeId node) { selector_.on_connected_unauthenticated(node); }
  void on_authentication_refused(NodeId node, std::string why) {
    selector_.on_authentication_refused(node, std::move(why));
  }
  void on_connect_failed(NodeId node) { selector_.on_connect_failed(node); }
  void on_bytes(NodeId node, ByteSpan bytes) { selector_.on_bytes(node, bytes); }
  void on_end_of_stream(NodeId node) { selector_.on_end_of_stream(node); }
  void on_reset(NodeId node) { selector_.on_reset(node); }
  void on_writable(NodeId node, Bytes room) { selector_.on_writable(node, room); }
  void wakeup() { selector_.wakeup(); }
  // A poll has met an Error, which ends the thread. See Selector.
  bool is_out_of_memory() const { return selector_.is_out_of_memory(); }
  bool has_ready_events() const { return selector_.has_ready_events(); }
  bool has_network_events() const { return selector_.has_network_events(); }
  ByteVector take_written(NodeId node) { return selector_.take_written(node); }
  std::vector<NodeId> nodes_with_written() const { return selector_.nodes_with_written(); }
  std::vector<ConnectionIntent> take_connection_intents() {
    return selector_.take_connection_intents();
  }
  // As if the connection had stood before the run: the broker takes these versions, and every one
  // if none are given.
  void assume_connected(const Node& node, NodeApiVersions versions, Millis now);

  // --- What the sender asks ---

  // Every term of is_ready().
  NodeDecision node_decision(NodeId node, Millis now, const Metadata& metadata) const;
  bool is_ready(NodeId node, Millis now, const Metadata& metadata) const {
    return node_decision(node, now, metadata).ready;
  }
  // The same; begins to connect if it is not ready and may be connected.
  bool ready(const Node& node, Millis now, Metadata& metadata, Journal& journal);
  // The same for a node of the snapshot; one that is not in it is not ready.
  bool ready(NodeId node, Millis now, Metadata& metadata, Journal& journal);
  Milliseconds poll_delay(NodeId node, Millis now) const {
    return connections_.poll_delay(node, now);
  }
  // Lost, or never made: what ends awaitReady.
  bool connection_failed(NodeId node) const { return connections_.is_disconnected(node); }
  // Why the broker refused this client the last time, until it takes it.
  std::optional<ClientError> authentication_error(NodeId node) const {
    return connections_.authentication_error(node);
  }

  struct LeastLoadedNode {
    std::optional<NodeId> node;
    bool connection_ready = false;  // some connection is, if full
  };
  // Requires: the metadata has nodes. Draws where to begin.
  LeastLoadedNode least_loaded_node(Millis now, const Metadata& metadata);

  std::int32_t in_flight_count(NodeId node) const { return in_flight_.count(node); }
  std::int32_t in_flight_count() const { return in_flight_.count(); }
  const InFlightRequests& in_flight() const { return in_flight_; }
  const ClusterConnectionStates& connections() const { return connections_; }
  // What the broker takes; nullopt while that is unknown.
  std::optional<VersionRange> api_versions(NodeId node, ApiKey api) const;
  // In which version the request would leave; negative if in none.
  std::int16_t version_to_send(const ClientRequest& request) const {
    const VersionRange usable = usable_versions(request);
    return usable.is_empty() ? std::int16_t{-1} : usable.last;
  }
  // The newest record format that all known brokers take. In Kafka:
  // ApiVersions.maxUsableProduceMagic.
  Magic usable_magic() const { return usable_magic_; }

  // --- What the sender does ---

  // Requires: is_active(), and the node takes requests (see node_decision).
  CorrelationId send(const ClientRequest& request, Millis now, Metadata& metadata,
                     BufferStore& buffers, Journal& journal);

  // What may be slept before finish_poll(). Requires: is_active().
  Milliseconds begin_poll(Milliseconds timeout, Millis now, Metadata& metadata,
                          BufferStore& buffers, Journal& journal);
  // Requires: begin_poll() came before.
  PollResult finish_poll(Millis now, Metadata& metadata, BufferStore& buffers, Journal& journal);

  // Ends the connection. Its requests are aborted: the next poll delivers them as disconnected.
  void disconnect(NodeId node, Millis now, Metadata& metadata, BufferStore& buffers,
                  Journal& journal);
  // Ends the connection and forgets its requests, without a word.
  void close(NodeId node, Millis now, Metadata& metadata, BufferStore& buffers, Journal& journal);
  // Ends everything.
  void close(Metadata& metadata, BufferStore& buffers, Journal& journal);
  bool is_active() const { return active_; }

 private:
  friend class StateWalk;

  // What one call works with.
  struct Call {
    Millis now;
    Metadata& metadata;
    BufferStore& buffers;
    Journal& journal;
  };
  enum class Origin { External, Internal };
  enum class Cause { Lost, TimedOut, AuthenticationFailed };
  using Responses = std::vector<ClientResponse>;
  using Thrown = std::optional<ClientError>;

  LeastLoadedNode least_in_flight(const std::vector<Node>& nodes, std::size_t first,
                                  Millis now) const;
  NodeDecision connection_terms(NodeId node, Millis now) const;
  bool can_send_request(NodeId node, Millis now) const;
  void initiate_connect(const Node& node, Millis now, Journal& journal);
  void change_connection(NodeId node, ConnectionState state, std::string why, Journal& journal);
  void begin_checking_versions(NodeId node, Journal& journal);

  CorrelationId next_correlation();
  VersionRange usable_versions(const ClientRequest& request) const;
  CorrelationId do_send(const ClientRequest& request, Origin origin, Call call);
  void queue(const ClientRequest& request, const RequestHeader& header, Origin origin, Call call);
  void abort_unsupported(const ClientRequest& request, CorrelationId correlation, Origin origin,
                         Call call);

  // --- The handlers of one poll ---
  Thrown handle_completed_sends(Responses& responses, Call call);
  Thrown handle_completed_receives(Responses& responses, Call call);
  Thrown handle_receive(NodeId node, ByteSpan payload, Responses& responses, Call call);
  void handle_response(InFlightRequest& request, Response& response, Responses& responses,
                       Call call);
  void handle_api_versions_response(const InFlightRequest& request,
                                    const ApiVersionsResponse& response, Responses& responses,
                                    Call call);
  void handle_disconnections(Responses& responses, Call call);
  void handle_connections(Call call);
  void log_disconnection(NodeId node, const Selector::Disconnection& disconnection, Call call);
  void handle_initiate_api_versions(Call call);
  void note_usable_magic();
  void send_api_versions_request(NodeId node, std::int16_t version, Call call);
  void handle_timed_out_connections(Responses& responses, Call call);
  void handle_timed_out_requests(Responses& responses, Call call);
  void maybe_throttle(const InFlightRequest& request, const Response& response, Call call);
  void process_disconnection(NodeId node, Cause cause, std::string why, Responses& responses,
                             Call call);
  // Without `responses`, what was cancelled is not told.
  void cancel_in_flight(NodeId node, Cause cause, Responses* responses, Call call);
  // Takes the request's batches.
  static ClientResponse& add_completed(InFlightRequest& request, RequestOutcome outcome,
                                       Responses& responses, Call call);
  void note_completed(const InFlightRequest& request, RequestOutcome outcome, Call call) const;

  // --- The metadata updater: network_client_metadata.cc ---
  bool is_update_due(Millis now, const Metadata& metadata) const;
  Milliseconds maybe_update(Call call);
  Milliseconds maybe_update(const Node& node, Call call);
  void send_metadata_request(NodeId node, Call call);
  std::optional<Node> node_to_ask(Call call);
  bool is_any_node_connecting(const Metadata& metadata) const;
  void handle_metadata_response(const InFlightRequest& request, const MetadataResponse& response,
                                Call call);
  void handle_failed_metadata_request(std::optional<ClientError> fatal, Call call);
  void handle_server_disconnect(NodeId node, std::optional<ClientError> fatal, Call call);

  Settings settings_;
  TopicNames names_;
  Draws node_choice_;
  Selector selector_;
  ClusterConnectionStates connections_;
  InFlightRequests in_flight_;
  std::map<NodeId, Cow<NodeApiVersions>> versions_;
  Magic usable_magic_ = Magic::V2;  // follows from versions_; asked for each record
  std::map<NodeId, std::int16_t> needing_api_versions_;  // and in which version to ask
  std::vector<ClientResponse> aborted_sends_;
  std::optional<Metadata::Request> fetch_;  // the metadata request that is in progress
  std::int32_t next_correlation_;
  enum class Poll { None, Selecting, AbortedOnly };
  Poll poll_ = Poll::None;
  bool active_ = true;
};

}  // namespace linger::core
