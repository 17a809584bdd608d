// A client, and brokers that do what a test says: take connections, keep requests, answer them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/network_client.h"
#include "core/network_receive.h"
#include "known_names.h"

namespace linger::core {

inline const TopicNames kNames{{"t", "u"}};
inline constexpr TopicPartition kT0{kT, 0};
inline constexpr NodeId kBootstrap{-1};
inline constexpr Bytes kRoom{1'000'000};

inline NetworkClient::Settings client_settings() {
  NetworkClient::Settings settings;
  settings.client_id = "test";
  settings.request_timeout = 1s;
  settings.connections = {ExponentialBackoff{{.initial = 50ms, .max = 1s, .jitter = {0, 1}}},
                          ExponentialBackoff{{.initial = 10s, .max = 30s, .jitter = {0, 1}}}};
  return settings;
}

// What a broker of 3.9 takes.
inline NodeApiVersions all_versions() {
  NodeApiVersions versions;
  for (const Api& api : kApis) versions[api.key] = api.implemented;
  return versions;
}

inline ApiVersionsResponse told(const NodeApiVersions& versions) {
  ApiVersionsResponse response;
  for (const auto& [api, range] : versions) {
    response.api_keys.push_back({api, range.first, range.last});
  }
  return response;
}

class NetworkClientFixture : public ::testing::Test {
 protected:
  explicit NetworkClientFixture(NetworkClient::Settings settings = client_settings())
      : client_{std::move(settings),
                kNames,
                {Random{1, RandomStream::BackoffJitter}, Random{1, RandomStream::Network}},
                now_},
        metadata_{{.refresh_backoff =
                       ExponentialBackoff{{.initial = 100ms, .max = 1s, .jitter = {0, 1}}}},
                  kNames} {}

  // Metadata that is fresh: two nodes, of which kNode leads t-0.
  void assume_metadata() {
    MetadataSnapshot::Contents contents;
    contents.nodes = {{kNode, "zero", 9092}, {kOther, "one", 9093}};
    PartitionMetadata partition;
    partition.partition = kT0;
    partition.leader = kNode;
    contents.partitions = {partition};
    metadata_.assume(contents, now_);
  }
  void assume_connected(NodeId node, NodeApiVersions versions = all_versions()) {
    client_.assume_connected(*metadata_.snapshot().find_node(node), std::move(versions), now_);
    client_.on_writable(node, kRoom);
  }

  // --- One poll, and what the world does after it ---

  Milliseconds begin(Milliseconds timeout = kForever) {
    const Milliseconds sleep = client_.begin_poll(timeout, now_, metadata_, store_, journal_);
    carry();
    return sleep;
  }
  PollResult finish() {
    PollResult result = client_.finish_poll(now_, metadata_, store_, journal_);
    carry();
    return result;
  }
  std::vector<ClientResponse> poll() {
    begin(0ms);
    PollResult result = finish();
    EXPECT_FALSE(result.thrown) << result.thrown->message;
    return std::move(result.responses);
  }
  std::vector<ClientResponse> poll_after(Milliseconds time) {
    now_ += time;
    return poll();
  }

  bool ready(NodeId node) { return client_.ready(node, now_, metadata_, journal_); }
  bool is_ready(NodeId node) const { return client_.is_ready(node, now_, metadata_); }

  // Connects, and finishes the handshake.
  void connect(NodeId node, const NodeApiVersions& versions = all_versions()) {
    ready(node);
    poll();
    accept(node);
    poll();
    poll();
    respond(node, told(versions));
    poll();
  }
  void accept(NodeId node) {
    client_.on_connected(node);
    client_.on_writable(node, kRoom);
  }

  // --- Requests and responses ---

  CorrelationId send(NodeId node, RequestBody body, Milliseconds timeout = 1s) {
    return client_.send({.destination = node,
                         .body = std::move(body),
                         .expect_response = true,
                         .timeout = timeout,
                         .created = now_},
                        now_, metadata_, store_, journal_);
  }
  ProduceSend produce(std::int16_t acks = -1) {
    const BufferId buffer = store_.create();
    store_.write(buffer) = {'r', 'e', 'c'};
    ProduceSend send;
    send.acks = acks;
    send.parts = {{kT0, BatchId{next_batch_++}, buffer, Bytes{3}}};
    return send;
  }
  // The oldest request that arrived at the broker and was not answered yet.
  const RequestHeader& oldest(NodeId node) {
    EXPECT_FALSE(requests_[node].empty());
    return requests_[node].front();
  }
  std::size_t arrived(NodeId node) { return requests_[node].size(); }
  void respond(NodeId node, const Response& response) {
    const RequestHeader header = oldest(node);
    requests_[node].pop_front();
    client_.on_bytes(node, encode_response(header, response));
  }
  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Event& event : journal_.take()) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }
  bool logged(const std::string& part) {
    bool found = false;
    for (const Logged& line : taken<Logged>()) found |= line.text.find(part) != std::string::npos;
    return found;
  }

  Millis now_{Milliseconds{1'000'000'000}};
  NetworkClient client_;
  Metadata metadata_;
  BufferStore store_;
  Journal journal_;
  std::set<NodeId> connecting_;                            // asked for, and not closed
  std::map<NodeId, std::vector<ConnectIntent>> connects_;  // all there were

 private:
  void carry() {
    for (const NodeId node : client_.nodes_with_written()) {
      ByteVector& stream = streams_[node];
      const ByteVector bytes = client_.take_written(node);
      stream.insert(stream.end(), bytes.begin(), bytes.end());
      take_requests(node, stream);
    }
    for (const ConnectionIntent& intent : client_.take_connection_intents()) {
      if (const auto* connect = std::get_if<ConnectIntent>(&intent)) {
        connecting_.insert(connect->node);
        connects_[connect->node].push_back(*connect);
      } else {
        const NodeId node = std::get<CloseIntent>(intent).node;
        connecting_.erase(node);
        streams_.erase(node);
        requests_.erase(node);
      }
    }
  }
  void take_requests(NodeId node, ByteVector& stream) {
    while (true) {
      NetworkReceive receive;
      const auto taken = static_cast<std::ptrdiff_t>(receive.read_from(stream).taken);
      if (!receive.is_complete()) return;
      ByteReader payload{receive.payload()};
      requests_[node].push_back(decode_request_header(payload).value());
      stream.erase(stream.begin(), stream.begin() + taken);
    }
  }

  std::int64_t next_batch_ = 0;
  std::map<NodeId, ByteVector> streams_;
  std::map<NodeId, std::deque<RequestHeader>> requests_;
};

inline MetadataResponse metadata_answer() {
  MetadataResponse response;
  response.brokers = {{kNode, "zero", 9092, {}}, {kOther, "one", 9093, {}}};
  MetadataResponseTopic topic;
  topic.name = "t";
  topic.partitions.resize(1);
  topic.partitions[0].leader_id = kNode;
  topic.partitions[0].leader_epoch = 1;
  response.topics = {topic};
  return response;
}

}  // namespace linger::core
