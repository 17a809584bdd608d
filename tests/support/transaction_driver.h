// A client's side of a transaction, spoken request by request to the brokers of a ServerSideDriver.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/error_code.h"
#include "core/protocol.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {

// Three brokers, which lead t-0 to t-2 and follow nobody; no time passes on the wire. Broker 2
// coordinates transactions, broker 1 groups, unless the setup says otherwise.
class TransactionDriver {
 public:
  static CoordinationSpec usual() {
    CoordinationSpec spec;
    spec.transaction_coordinator = NodeId{2};
    spec.group_coordinator = NodeId{1};
    return spec;
  }
  explicit TransactionDriver(CoordinationSpec spec = usual()) : run_{setup(std::move(spec))} {
    for (std::int32_t node = 0; node < 3; ++node) run_.open(ServerSideDriver::socket(node));
    run_.run_until(run_.now());
  }

  ServerSideDriver& run() { return run_; }
  const Cluster& cluster() { return run_.servers().cluster(); }
  // The broker that requests about transactions go to.
  void ask_broker(std::int32_t node) { coordinator_ = node; }
  void ask_in_version(std::int16_t version) { version_ = version; }
  void wait(Duration time) { run_.run_until(run_.now() + time); }

  // --- Requests; each is answered before the next, or not at all ---

  // The error, and in `producer` what the answer says.
  core::ErrorCode init(core::ProducerIdAndEpoch expected = {},
                       core::Milliseconds timeout = core::Milliseconds{60'000}) {
    const auto response = ask<core::InitProducerIdResponse>(
        coordinator_, core::InitProducerIdRequest{kId, timeout, expected});
    if (response.error_code == 0) producer = response.producer_id_and_epoch;
    return core::ErrorCode{response.error_code};
  }
  core::ErrorCode add(std::vector<std::int32_t> partitions) {
    return add_all(std::move(partitions)).front();
  }
  std::vector<core::ErrorCode> add_all(std::vector<std::int32_t> partitions) {
    const auto response = ask<core::AddPartitionsToTxnResponse>(
        coordinator_,
        core::AddPartitionsToTxnRequest{kId, producer, {{"t", std::move(partitions)}}});
    std::vector<core::ErrorCode> errors;
    for (const core::PartitionResult& result : response.topics.at(0).partitions) {
      errors.push_back(core::ErrorCode{result.error_code});
    }
    return errors;
  }
  core::ErrorCode add_offsets(const std::string& group) {
    return core::ErrorCode{ask<core::AddOffsetsToTxnResponse>(
                               coordinator_, core::AddOffsetsToTxnRequest{kId, producer, group})
                               .error_code};
  }
  core::ErrorCode commit_offsets(std::int32_t node, const std::string& group, std::int64_t offset,
                                 std::int32_t generation = -1) {
    core::TxnOffsetCommitRequest request;
    request.transactional_id = kId;
    request.group_id = group;
    request.producer_id_and_epoch = producer;
    request.generation_id = generation;
    request.topics = {{"in", {{0, offset, -1, std::nullopt}}}};
    return core::ErrorCode{
        ask<core::TxnOffsetCommitResponse>(node, request).topics.at(0).partitions.at(0).error_code};
  }
  core::ErrorCode end(bool committed) {
    return core::ErrorCode{
        ask<core::EndTxnResponse>(coordinator_, core::EndTxnRequest{kId, producer, committed})
            .error_code};
  }
  core::ErrorCode commit() { return end(true); }
  core::ErrorCode abort() { return end(false); }
  core::Coordinator find(std::int32_t node, const std::string& key, core::CoordinatorType type) {
    return ask<core::FindCoordinatorResponse>(node, core::FindCoordinatorRequest{type, {key}})
        .coordinators.at(0);
  }

  // A transactional batch for t-`partition`, to its leader.
  core::ProduceResponsePartition produce(std::int32_t partition, std::int32_t sequence,
                                         std::int32_t records = 1, std::int16_t version = 11) {
    const core::ByteVector batch = batch_bytes({.records = records,
                                                .producer = producer,
                                                .sequence = sequence,
                                                .attributes = core::kTransactionalFlag});
    core::ProduceRequest request = produce_request("t", partition, batch);
    request.transactional_id = kId;
    const std::int32_t leader = cluster().find(at(partition))->leader->value();
    return ask<core::ProduceResponse>(leader, request, version).topics.at(0).partitions.at(0);
  }
  core::ErrorCode produce_error(std::int32_t partition, std::int32_t sequence,
                                std::int16_t version = 11) {
    return core::ErrorCode{produce(partition, sequence, 1, version).error_code};
  }

  // --- What came of it ---

  static TopicPartition at(std::int32_t partition) { return {core::TopicId{0}, partition}; }
  const Partition& partition(std::int32_t index) { return *cluster().find(at(index)); }
  const TransactionMetadata& transaction() { return cluster().transactions.find(kId)->metadata; }
  // "commit@1 abort@3"
  std::string markers(std::int32_t index) {
    std::string text;
    const PartitionLog& log = partition(index).log;
    for (std::size_t i = 0; i < log.batch_count(); ++i) {
      const auto marker = decode_marker(log.batch(i).bytes.span());
      if (!marker) continue;
      if (!text.empty()) text += ' ';
      text += marker->type == MarkerType::Commit ? "commit@" : "abort@";
      text += std::to_string(log.batch(i).base_offset());
    }
    return text;
  }

  static constexpr const char* kId = "x";
  core::ProducerIdAndEpoch producer;

 private:
  static ServerSideDriver::Setup setup(CoordinationSpec spec) {
    ServerSideDriver::Setup setup;
    setup.cluster.brokers = 3;
    TopicSpec t;
    t.name = "t";
    t.leaders = {NodeId{0}, NodeId{1}, NodeId{2}};
    setup.cluster.topics = {t};
    setup.cluster.coordination = std::move(spec);
    setup.network.link.latency = Duration{};
    setup.topics = {"t"};
    return setup;
  }

  template <class Response>
  Response ask(std::int32_t node, const core::Request& request, std::int16_t version = -1) {
    const core::ApiKey api = core::api_key_of(request);
    if (version < 0) version = version_ < 0 ? core::find_api(api)->implemented.last : version_;
    const core::RequestHeader header{api, version, core::CorrelationId{++correlation_}, "test"};
    const ClientSocket socket = ServerSideDriver::socket(node);
    run_.request(socket, header, request);
    std::size_t& answered = answered_[node];
    for (int i = 0; i < 1'000 && run_.heard(socket).frames().size() == answered; ++i) {
      wait(std::chrono::microseconds{500});
    }
    return std::get<Response>(run_.response(socket, header, answered++));
  }

  ServerSideDriver run_;
  std::int32_t coordinator_ = 2;
  std::int16_t version_ = -1;
  std::int32_t correlation_ = 0;
  std::map<std::int32_t, std::size_t> answered_;
};

}  // namespace linger::sim
