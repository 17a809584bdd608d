// A producer, its clock, and brokers that do what a test says: they keep requests until they
// are told how to answer, and serve everything else at once.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/kafka_producer.h"
#include "core/message_set.h"
#include "core/network_receive.h"
#include "core/record_batch.h"
#include "support/accumulator_bench.h"

namespace linger::core {

struct ProducerSetup {
  GivenSettings settings{};  // beside enable.idempotence=false and a backoff of constant 100 ms
  Era era = Era::V3_9;
  std::vector<RuleFlip> flips{};
  Leaders leaders{{0, 0, 1}};
  std::int32_t interceptors = 0;
  bool has_value_serializer = false;
  bool has_partitioner = false;
  bool knows_metadata = true;   // else it begins with nothing but the brokers' addresses
  bool has_producer_id = true;  // if it is idempotent
  std::optional<float> compression_ratio{};
  NodeApiVersions versions{};  // of those requests that its brokers do not take in every version
};

struct SendOf {
  std::optional<std::int32_t> partition = 0;
  std::int64_t value_size = 5;
  std::optional<std::string> key{};
  std::optional<CallbackId> callback{};
  std::optional<std::int64_t> timestamp{};
  TopicId topic = kBenchTopic;
  ThreadId thread{0};
  std::vector<RecordHeader> headers{};
};

// A batch of a produce request, as it arrived.
struct ArrivedBatch {
  TopicPartition partition;
  RecordBatchHeader header;
  bool is_sound = false;  // checksum and records
  std::size_t size = 0;
};
struct ArrivedProduce {
  RequestHeader header;
  std::int16_t acks = 0;
  std::vector<ArrivedBatch> batches;
};

// What a record's future says.
struct Outcome {
  bool is_done = false;
  std::int64_t offset = -1;
  std::optional<ClientError> error{};
};

class ProducerBench {
 public:
  static constexpr NodeId kNode{0};
  static constexpr NodeId kOther{1};
  static constexpr Millis kStart{Milliseconds{1'700'000'000'000}};

  explicit ProducerBench(ProducerSetup setup)
      : leaders{setup.leaders}, producer{settings_of(setup), kStart} {
    if (!setup.knows_metadata) return;
    producer.assume_metadata(cluster_of(leaders).contents(), kStart);
    for (const Node& node : producer.metadata().snapshot().nodes()) {
      NodeApiVersions versions = all_versions();
      for (const auto& [api, range] : setup.versions) versions[api] = range;
      producer.network().assume_connected(node, std::move(versions), kStart);
      producer.network().on_writable(node.id, kRoom);
    }
    if (setup.has_producer_id) producer.assume_producer_id({1'000, 0});
  }

  // --- The application ---

  // One call of send(), until it is done or held.
  RecordId send(const SendOf& what) {
    const RecordId id{next_record_++};
    ProducerRecord record;
    record.id = id;
    record.topic = what.topic;
    record.partition = what.partition;
    record.timestamp = what.timestamp;
    record.callback = what.callback;
    record.headers = what.headers;
    if (what.key) record.key = ByteVector{what.key->begin(), what.key->end()};
    record.headers = what.headers;
    record.value = ByteVector(static_cast<std::size_t>(what.value_size), Byte{'v'});
    Sent& sent = sent_[id];
    if (!goes_by_stages) {
      constexpr auto kKept = KafkaProducer::FutureIs::Kept;
      sent.done.future = producer.send_at_once(what.thread, record, kKept, now, journal);
      note_events();
      if (sent.done.future) return id;
    }
    sent.call = producer.begin_send(what.thread, std::move(record), now, journal);
    sent.call->keeps_future = true;
    go_on(sent, producer.advance(*sent.call, now, journal));
    return id;
  }
  // Lets every blocked send go on that may.
  void resume_sends() {
    for (auto& [id, sent] : sent_) {
      if (!sent.blocked || !producer.may_advance(*sent.call, now)) continue;
      go_on(sent, producer.advance(*sent.call, now, journal));
    }
    note_events();
  }
  bool is_blocked(RecordId id) const { return sent_.at(id).blocked.has_value(); }
  BlockedOn blocked_on(RecordId id) const { return sent_.at(id).blocked->on; }
  // What send() itself threw, or delivered as a failed future.
  const std::optional<ClientError>& send_error(RecordId id) const {
    return sent_.at(id).done.error;
  }
  Delivery delivery(RecordId id) const { return sent_.at(id).done.delivery; }
  RecordFuture future(RecordId id) const { return sent_.at(id).done.future.value(); }
  Outcome outcome(RecordId id) const {
    const ProduceRequestResults& results = producer.accumulator().results;
    const RecordFuture last = results.resolve(future(id));
    const ProduceRequestResult& result = results.at(last.result);
    const ClientError* error = result.error_of(last.index);
    return {result.is_done, result.base_offset < 0 ? -1 : result.base_offset + last.index,
            error ? std::optional{*error} : std::nullopt};
  }
  bool is_done(RecordId id) const { return outcome(id).is_done; }
  Exception error(RecordId id) const { return outcome(id).error.value().exception; }

  CloseCall close(std::optional<Milliseconds> timeout = std::nullopt,
                  KafkaProducer::Caller caller = KafkaProducer::Caller::Application) {
    return std::get<CloseCall>(producer.begin_close(ThreadId{0}, timeout, caller, now, journal));
  }

  // --- The sender's thread ---

  void at(Milliseconds since_start) { now = kStart + since_start; }

  // One pass: data, then a poll that returns at once and hands out what arrived before.
  void step() {
    int polls = 0;
    for (bool is_over = false; !is_over;) {
      const Sender::Progress progress = run();
      // A pass that polls on waits for a connection.
      const bool is_polling = std::holds_alternative<Sender::Polling>(progress);
      if (is_polling && ++polls > 2) carry();
      if (const auto* sleeping = std::get_if<Sender::Sleeping>(&progress)) now = sleeping->until;
      is_over = !std::holds_alternative<Sender::Polling>(progress) &&
                !std::holds_alternative<Sender::Sleeping>(progress);
    }
    carry();
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) step();
  }
  bool is_alive() const { return producer.sender().is_alive(); }
  Milliseconds poll_timeout() const { return producer.sender().last_sleep().timeout; }
  std::size_t in_flight_batches(std::int32_t partition = 0) const {
    return producer.sender().in_flight_batches().of({kBenchTopic, partition}).size();
  }
  Bytes free_memory() const { return producer.accumulator().pool().available(); }
  bool all_memory_is_free() const { return free_memory() == producer.accumulator().pool().total(); }
  std::vector<BatchId> deque(std::int32_t partition = 0) const {
    const auto* queue = producer.accumulator().queue({kBenchTopic, partition});
    return queue ? queue->batches : std::vector<BatchId>{};
  }
  const PartitionSequences& sequences(std::int32_t partition = 0) const {
    return producer.transactions()->partitions().at({kBenchTopic, partition});
  }

  // --- The brokers ---

  // Produce requests that arrived and are not answered, oldest first.
  const std::deque<ArrivedProduce>& requests(NodeId node = kNode) { return requests_[node]; }
  // Of the oldest request: all its partitions.
  void acknowledge(std::int64_t base_offset, NodeId node = kNode) {
    answer(node, [=](ProduceResponsePartition& partition) { partition.base_offset = base_offset; });
  }
  void refuse(ErrorCode error, NodeId node = kNode) {
    answer(node,
           [=](ProduceResponsePartition& partition) { partition.error_code = wire_number(error); });
  }
  template <class Change>
  void answer(NodeId node, Change change) {
    ProduceResponse response;
    for (const ArrivedBatch& batch : requests_[node].at(0).batches) {
      ProduceResponsePartition partition;
      partition.index = batch.partition.partition;
      change(partition);
      if (response.topics.empty()) response.topics.push_back({"t", {}});
      response.topics[0].partitions.push_back(std::move(partition));
    }
    respond(node, response);
  }
  void respond(NodeId node, const ProduceResponse& response) {
    producer.network().on_bytes(node, encode_response(requests_[node].at(0).header, response));
    requests_[node].pop_front();
  }
  void disconnect(NodeId node = kNode) { producer.network().on_reset(node); }
  // Another broker turns up, which takes messages of format 1 and nothing newer.
  void meet_an_old_broker() {
    producer.network().assume_connected({NodeId{9}, "old", 9092}, {{ApiKey::Produce, {0, 2}}}, now);
  }
  // Until it is up again, connections to it are not answered.
  void take_down(NodeId node) { down_.insert(node); }
  void bring_up(NodeId node) { down_.erase(node); }
  // New connections to it stand, and it is yet to say that it knows this client.
  void demand_authentication(NodeId node) { unauthenticated_.insert(node); }
  void refuse_authentication(NodeId node) {
    producer.network().on_authentication_refused(node, "Authentication failed: wrong password");
  }

  // --- What happened ---

  template <class E>
  std::vector<E> events() {
    note_events();
    std::vector<E> found;
    for (const Event& event : happened_) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }
  const std::vector<Event>& all_events() {
    note_events();
    return happened_;
  }
  bool goes_by_stages = false;  // also where a send, or a callback, could be done at once
  std::vector<UserCall> user_calls;
  std::function<UserCallAnswer(const UserCall&)> on_user_call = [](const UserCall&) {
    return UserCallAnswer{};
  };

  Leaders leaders;                                // as the brokers tell them when they are asked
  ErrorCode init_error = ErrorCode::None;         // how they answer InitProducerId
  ErrorCode topic_error = ErrorCode::None;        // what they say of "t" when they are asked
  NodeApiVersions api_versions = all_versions();  // what they announce
  std::vector<ApiKey> served;                     // requests other than Produce
  bool answers_metadata = true;
  // How the coordinators answer, request by request; with success once nothing is left. Those of a
  // partition go to all of them.
  std::map<ApiKey, std::deque<ErrorCode>> coordinator_errors;
  std::set<ApiKey> unanswered;           // of these requests
  std::vector<Request> asked;            // of the coordinators
  ProducerIdAndEpoch granted{2'000, 0};  // the next id they give
  Millis now = kStart;
  Journal journal;
  KafkaProducer producer;

 private:
  struct Sent {
    std::optional<SendCall> call;
    std::optional<Blocked> blocked;
    KafkaProducer::SendDone done;
  };
  static constexpr Bytes kRoom{1'000'000'000};

  static KafkaProducer::Settings settings_of(const ProducerSetup& setup) {
    GivenSettings given{{"enable.idempotence", "false"},
                        {"retry.backoff.ms", "100"},
                        {"retry.backoff.max.ms", "100"}};
    for (const auto& [key, value] : setup.settings) given[key] = value;
    KafkaProducer::Settings settings;
    const RuleSet rules = std::get<RuleSet>(flipped(setup.era, setup.flips));
    settings.config = std::get<ResolvedConfig>(resolve(given, setup.era, rules));
    settings.topics = kBenchTopics;
    settings.bootstrap = {{NodeId{-1}, "broker-0", 9092}};
    settings.interceptors = setup.interceptors;
    settings.has_value_serializer = setup.has_value_serializer;
    settings.has_partitioner = setup.has_partitioner;
    settings.has_jitter = false;
    settings.compression_ratio = setup.compression_ratio;
    return settings;
  }
  static NodeApiVersions all_versions() {
    NodeApiVersions versions;
    for (const Api& api : kApis) versions[api.key] = api.implemented;
    return versions;
  }

  Sender::Progress run() {
    Sender::Progress progress = producer.run_sender(now, journal);
    while (auto* call = std::get_if<UserCall>(&progress)) {
      const UserCallAnswer answer = ask(*call);
      if (!goes_by_stages && !answer.threw && producer.next_callback(*call, journal)) continue;
      progress = producer.answer_sender(answer, now, journal);
    }
    note_events();
    return progress;
  }
  void go_on(Sent& sent, KafkaProducer::SendProgress progress) {
    while (const auto* call = std::get_if<UserCall>(&progress)) {
      const UserCallAnswer answer = ask(*call);
      progress = producer.answer(*sent.call, answer, now, journal);
    }
    sent.blocked.reset();
    if (const auto* blocked = std::get_if<Blocked>(&progress)) {
      sent.blocked = *blocked;
    } else {
      sent.done = std::get<KafkaProducer::SendDone>(progress);
    }
    note_events();
  }
  UserCallAnswer ask(const UserCall& call) {
    note_events();
    user_calls.push_back(call);
    return on_user_call(call);
  }
  void note_events() {
    for (Event& event : journal.take()) happened_.push_back(std::move(event));
  }

  void carry() {
    NetworkClient& network = producer.network();
    for (const NodeId node : network.nodes_with_written()) {
      ByteVector& stream = streams_[node];
      const ByteVector bytes = network.take_written(node);
      stream.insert(stream.end(), bytes.begin(), bytes.end());
      take_requests(node, stream);
    }
    for (const ConnectionIntent& intent : network.take_connection_intents()) {
      if (const auto* connect = std::get_if<ConnectIntent>(&intent)) {
        if (down_.contains(connect->node)) continue;
        if (unauthenticated_.contains(connect->node)) {
          network.on_connected_unauthenticated(connect->node);
        } else {
          network.on_connected(connect->node);
        }
        network.on_writable(connect->node, kRoom);
      } else {
        streams_.erase(std::get<CloseIntent>(intent).node);
        requests_.erase(std::get<CloseIntent>(intent).node);
      }
    }
  }
  void take_requests(NodeId node, ByteVector& stream) {
    while (true) {
      NetworkReceive receive;
      const auto taken = static_cast<std::ptrdiff_t>(receive.read_from(stream).taken);
      if (!receive.is_complete()) return;
      serve(node, receive.payload());
      stream.erase(stream.begin(), stream.begin() + taken);
    }
  }
  void serve(NodeId node, const ByteVector& payload) {
    const ReceivedRequest received = decode_request(payload).value();
    if (const auto* produce = std::get_if<ProduceRequest>(&received.request)) {
      if (produce->acks == 0) return;
      requests_[node].push_back(arrived(received.header, *produce));
      return;
    }
    served.push_back(received.header.api_key);
    if (received.header.api_key == ApiKey::Metadata && !answers_metadata) return;
    if (received.header.api_key != ApiKey::Metadata &&
        received.header.api_key != ApiKey::ApiVersions) {
      asked.push_back(received.request);
    }
    if (unanswered.contains(received.header.api_key)) return;
    producer.network().on_bytes(node,
                                encode_response(received.header, response_to(received.request)));
  }
  static bool has_batches(const RequestHeader& header) {
    return header.api_version >= kFirstProduceVersionOfFormat2;
  }
  static Decoded<RecordBatchHeader> header_of(const RequestHeader& header, ByteSpan records) {
    return has_batches(header) ? decode_batch_header(records) : summarize_message_set(records);
  }
  static bool is_sound(const RequestHeader& header, ByteSpan records) {
    return has_batches(header) ? decode_batch(records).ok() : decode_message_set(records).ok();
  }
  static ArrivedProduce arrived(const RequestHeader& header, const ProduceRequest& produce) {
    ArrivedProduce arrived{header, produce.acks, {}};
    for (const ProduceRequestTopic& topic : produce.topics) {
      for (const ProduceRequestPartition& partition : topic.partitions) {
        arrived.batches.push_back({{*kBenchTopics.find(topic.name), partition.index},
                                   header_of(header, *partition.records).value(),
                                   is_sound(header, *partition.records),
                                   partition.records->size()});
      }
    }
    return arrived;
  }
  // The next of the errors that were asked for.
  std::int16_t error_of(ApiKey api) {
    std::deque<ErrorCode>& errors = coordinator_errors[api];
    if (errors.empty()) return 0;
    const ErrorCode error = errors.front();
    errors.pop_front();
    return wire_number(error);
  }
  template <class Topics>
  static std::vector<TopicResult> results(const Topics& topics, std::int16_t error) {
    std::vector<TopicResult> results;
    for (const auto& topic : topics) {
      results.push_back({topic.name, {}});
      for (const auto& partition : topic.partitions) {
        results.back().partitions.push_back({index_of(partition), error});
      }
    }
    return results;
  }
  static std::int32_t index_of(std::int32_t partition) { return partition; }
  static std::int32_t index_of(const TxnOffsetCommitPartition& partition) {
    return partition.partition_index;
  }
  std::optional<Response> coordinator_response(const Request& request) {
    if (const auto* find = std::get_if<FindCoordinatorRequest>(&request)) {
      Coordinator found{find->coordinator_keys.at(0), kNode, "broker-0", 9092, 0, {}};
      found.error_code = error_of(ApiKey::FindCoordinator);
      return FindCoordinatorResponse{{}, {std::move(found)}};
    }
    if (const auto* add = std::get_if<AddPartitionsToTxnRequest>(&request)) {
      return AddPartitionsToTxnResponse{{},
                                        results(add->topics, error_of(ApiKey::AddPartitionsToTxn))};
    }
    if (std::holds_alternative<AddOffsetsToTxnRequest>(request)) {
      return AddOffsetsToTxnResponse{{}, error_of(ApiKey::AddOffsetsToTxn)};
    }
    if (const auto* commit = std::get_if<TxnOffsetCommitRequest>(&request)) {
      return TxnOffsetCommitResponse{{},
                                     results(commit->topics, error_of(ApiKey::TxnOffsetCommit))};
    }
    if (std::holds_alternative<EndTxnRequest>(request)) {
      return EndTxnResponse{{}, error_of(ApiKey::EndTxn)};
    }
    return std::nullopt;
  }
  Response response_to(const Request& request) {
    if (std::holds_alternative<MetadataRequest>(request)) return metadata_response();
    if (std::holds_alternative<InitProducerIdRequest>(request)) {
      InitProducerIdResponse response;
      response.error_code = error_of(ApiKey::InitProducerId);
      if (init_error != ErrorCode::None) response.error_code = wire_number(init_error);
      if (response.error_code == 0) response.producer_id_and_epoch = granted;
      return response;
    }
    if (auto response = coordinator_response(request)) return *response;
    ApiVersionsResponse response;
    for (const auto& [api, range] : api_versions) {
      response.api_keys.push_back({api, range.first, range.last});
    }
    return response;
  }
  MetadataResponse metadata_response() const {
    const MetadataSnapshot cluster = cluster_of(leaders);
    MetadataResponse response;
    for (const Node& node : cluster.nodes()) {
      response.brokers.push_back({node.id, node.host, node.port, {}});
    }
    MetadataResponseTopic topic;
    topic.name = "t";
    if (leaders.of.empty()) topic.error_code = wire_number(ErrorCode::UnknownTopicOrPartition);
    for (std::size_t i = 0; i < leaders.of.size(); ++i) {
      MetadataResponsePartition partition;
      partition.partition_index = static_cast<std::int32_t>(i);
      partition.leader_id = NodeId{leaders.of[i]};
      partition.leader_epoch = leaders.epoch.value_or(-1);
      topic.partitions.push_back(std::move(partition));
    }
    if (topic_error != ErrorCode::None) {
      topic.error_code = wire_number(topic_error);
      topic.partitions.clear();
    }
    response.topics = {std::move(topic)};
    return response;
  }

  std::int64_t next_record_ = 0;
  std::map<RecordId, Sent> sent_;
  std::vector<Event> happened_;
  std::map<NodeId, ByteVector> streams_;
  std::map<NodeId, std::deque<ArrivedProduce>> requests_;
  std::set<NodeId> down_;
  std::set<NodeId> unauthenticated_;
};

}  // namespace linger::core
