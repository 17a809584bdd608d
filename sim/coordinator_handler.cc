#include "sim/coordinator_handler.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/request_rule.h"
#include "sim/transaction_coordinator.h"

namespace linger::sim {
namespace {

using core::ErrorCode;
using core::wire_number;

// What is answered, before it is put into the form of the request's api.
struct Outcome {
  ErrorCode error = ErrorCode::None;
  std::vector<PartitionName> failing{};  // they alone have it; none: all, or what is no partition's
  bool acted = false;
  Duration logged_after{};
  core::ProducerIdAndEpoch producer{};         // of InitProducerId
  std::vector<std::optional<NodeId>> found{};  // of FindCoordinator, by key
};

// --- The answer in each form ---

bool knows_fenced(core::ApiKey api, std::int16_t version) {
  switch (api) {
    case core::ApiKey::InitProducerId:
      return version >= 4;
    case core::ApiKey::AddPartitionsToTxn:
    case core::ApiKey::AddOffsetsToTxn:
    case core::ApiKey::EndTxn:
      return version >= 2;
    default:
      return true;
  }
}

// Writes an Outcome as the response to each kind of request.
struct Answer {
  const Outcome& outcome;
  std::int16_t version = 0;

  ErrorCode told(core::ApiKey api) const {
    const bool is_unknown =
        outcome.error == ErrorCode::ProducerFenced && !knows_fenced(api, version);
    return is_unknown ? ErrorCode::InvalidProducerEpoch : outcome.error;
  }
  std::int16_t told_of(core::ApiKey api, const PartitionName& partition,
                       ErrorCode of_others) const {
    const auto& failing = outcome.failing;
    const bool fails =
        failing.empty() || std::find(failing.begin(), failing.end(), partition) != failing.end();
    return wire_number(fails ? told(api) : of_others);
  }

  core::Response operator()(const core::FindCoordinatorRequest& request) const {
    core::FindCoordinatorResponse response;
    for (std::size_t i = 0; i < request.coordinator_keys.size(); ++i) {
      core::Coordinator& found = response.coordinators.emplace_back();
      found.key = request.coordinator_keys[i];
      const bool is_there = i < outcome.found.size() && outcome.found[i];
      const bool fails = outcome.error != ErrorCode::None;
      if (fails || !is_there) {
        const ErrorCode error = fails ? outcome.error : ErrorCode::CoordinatorNotAvailable;
        found.error_code = wire_number(error);
        found.error_message = core::default_message(error);
        continue;
      }
      core::NodeEndpoint at = Cluster::endpoint(*outcome.found[i]);
      found.node_id = at.node_id;
      found.host = std::move(at.host);
      found.port = at.port;
    }
    return response;
  }
  core::Response operator()(const core::InitProducerIdRequest&) const {
    return core::InitProducerIdResponse{
        .error_code = wire_number(told(core::ApiKey::InitProducerId)),
        .producer_id_and_epoch =
            outcome.error == ErrorCode::None ? outcome.producer : core::ProducerIdAndEpoch{}};
  }
  core::Response operator()(const core::AddPartitionsToTxnRequest& request) const {
    core::AddPartitionsToTxnResponse response;
    for (const core::AddPartitionsToTxnTopic& topic : request.topics) {
      core::TopicResult& results = response.topics.emplace_back();
      results.name = topic.name;
      for (const std::int32_t index : topic.partitions) {
        results.partitions.push_back(
            {index, told_of(core::ApiKey::AddPartitionsToTxn, {topic.name, index},
                            ErrorCode::OperationNotAttempted)});
      }
    }
    return response;
  }
  core::Response operator()(const core::AddOffsetsToTxnRequest&) const {
    return core::AddOffsetsToTxnResponse{.error_code =
                                             wire_number(told(core::ApiKey::AddOffsetsToTxn))};
  }
  core::Response operator()(const core::TxnOffsetCommitRequest& request) const {
    core::TxnOffsetCommitResponse response;
    for (const core::TxnOffsetCommitTopic& topic : request.topics) {
      core::TopicResult& results = response.topics.emplace_back();
      results.name = topic.name;
      for (const core::TxnOffsetCommitPartition& partition : topic.partitions) {
        const std::int32_t index = partition.partition_index;
        results.partitions.push_back(
            {index, told_of(core::ApiKey::TxnOffsetCommit, {topic.name, index}, ErrorCode::None)});
      }
    }
    return response;
  }
  core::Response operator()(const core::EndTxnRequest&) const {
    return core::EndTxnResponse{.error_code = wire_number(told(core::ApiKey::EndTxn))};
  }
  core::Response operator()(const auto&) const { return core::EndTxnResponse{}; }
};

// --- What whoever coordinates says ---

// Whose transaction a request is about; empty: nobody's.
struct TransactionalIdOf {
  std::string operator()(const core::FindCoordinatorRequest& request) const {
    const bool is_one = request.key_type == core::CoordinatorType::Transaction &&
                        request.coordinator_keys.size() == 1;
    return is_one ? request.coordinator_keys.front() : "";
  }
  std::string operator()(const core::InitProducerIdRequest& request) const {
    return request.transactional_id.value_or("");
  }
  std::string operator()(const auto& request) const {
    if constexpr (requires { request.transactional_id; }) {
      if constexpr (requires { request.transactional_id.empty(); }) return request.transactional_id;
    }
    return "";
  }
};

// Asks the coordinators, as the broker that the request came to.
class Asked {
 public:
  Asked(NodeId broker, BrokerContext& in) : broker_{broker}, in_{in} {}

  Outcome operator()(const core::FindCoordinatorRequest& request) const {
    Outcome outcome;
    const bool is_group = request.key_type == core::CoordinatorType::Group;
    const CoordinatorSeats& seats =
        is_group ? in_.cluster.groups.seats : in_.cluster.transactions.seats;
    for (const std::string& key : request.coordinator_keys) {
      outcome.found.push_back(seats.of(key).broker);
    }
    outcome.acted = true;
    return outcome;
  }
  Outcome operator()(const core::InitProducerIdRequest& request) const {
    return by_coordinator(*request.transactional_id, request);
  }
  Outcome operator()(const core::AddPartitionsToTxnRequest& request) const {
    const ErrorCode error = check(in_.cluster.transactions.seats, request.transactional_id);
    if (error != ErrorCode::None) return {.error = error};
    std::vector<PartitionName> unknown = unknown_partitions(request);
    if (!unknown.empty()) {
      return {.error = ErrorCode::UnknownTopicOrPartition, .failing = std::move(unknown)};
    }
    return by_coordinator(request.transactional_id, request);
  }
  Outcome operator()(const core::AddOffsetsToTxnRequest& request) const {
    return by_coordinator(request.transactional_id, request);
  }
  Outcome operator()(const core::EndTxnRequest& request) const {
    return by_coordinator(request.transactional_id, request);
  }
  Outcome operator()(const core::TxnOffsetCommitRequest& request) const {
    ErrorCode error = check(in_.cluster.groups.seats, request.group_id);
    if (error == ErrorCode::None) error = in_.cluster.groups.add_pending(request);
    return {.error = error, .acted = error == ErrorCode::None};
  }
  Outcome operator()(const auto&) const { return {}; }

 private:
  ErrorCode check(const CoordinatorSeats& seats, const std::string& key) const {
    const CoordinatorSeat& seat = seats.of(key);
    if (seat.broker != broker_) return ErrorCode::NotCoordinator;
    return in_.now < seat.loaded ? ErrorCode::CoordinatorLoadInProgress : ErrorCode::None;
  }

  Outcome by_coordinator(const std::string& id, const auto& request) const {
    const ErrorCode error = check(in_.cluster.transactions.seats, id);
    if (error != ErrorCode::None) return {.error = error};
    const TransactionCoordinator::Outcome outcome = TransactionCoordinator{in_}.handle(request);
    return {.error = outcome.error,
            .acted = outcome.error == ErrorCode::None,
            .logged_after = outcome.logged_after,
            .producer = outcome.producer};
  }

  std::vector<PartitionName> unknown_partitions(
      const core::AddPartitionsToTxnRequest& request) const {
    std::vector<PartitionName> unknown;
    for (const core::AddPartitionsToTxnTopic& topic : request.topics) {
      for (const std::int32_t index : topic.partitions) {
        if (!in_.cluster.find_partition({topic.name, index}))
          unknown.push_back({topic.name, index});
      }
    }
    return unknown;
  }

  NodeId broker_;
  BrokerContext& in_;
};

void heed(const RequestRule& rule, Outcome& outcome) {
  if (rule.error == ErrorCode::None) return;
  outcome.error = rule.error;
  outcome.failing.clear();
  if (rule.partition) outcome.failing = {*rule.partition};
}

ResponseFate fate_of(const RequestRule& rule) {
  switch (rule.answer) {
    case ProduceRule::Answer::Sent:
      return ResponseFate::Sent;
    case ProduceRule::Answer::Dropped:
      return ResponseFate::LostInSilence;
    case ProduceRule::Answer::Disconnect:
      return ResponseFate::LostAndClosed;
  }
  return ResponseFate::Sent;
}

void tell(const core::Request& request, const CoordinationOrigin& origin, const Outcome& outcome,
          BrokerContext& in) {
  CoordinatorAnswered told{.broker = origin.broker,
                           .connection = origin.connection,
                           .correlation = origin.correlation,
                           .api = core::api_key_of(request),
                           .number = origin.number,
                           .error = outcome.error,
                           .acted = outcome.acted};
  if (outcome.failing.size() == 1) {
    told.partition = in.cluster.find_partition(outcome.failing.front());
  }
  const std::string id = std::visit(TransactionalIdOf{}, request);
  if (const TransactionEntry* entry = in.cluster.transactions.find(id)) {
    told.state = entry->metadata.state;
    told.producer = entry->metadata.producer;
  }
  in.effects.happened.push_back({std::nullopt, told});
}

}  // namespace

bool is_about_coordination(const core::Request& request) {
  if (const auto* init = std::get_if<core::InitProducerIdRequest>(&request)) {
    return init->transactional_id.has_value();
  }
  return std::holds_alternative<core::FindCoordinatorRequest>(request) ||
         std::holds_alternative<core::AddPartitionsToTxnRequest>(request) ||
         std::holds_alternative<core::AddOffsetsToTxnRequest>(request) ||
         std::holds_alternative<core::TxnOffsetCommitRequest>(request) ||
         std::holds_alternative<core::EndTxnRequest>(request);
}

CoordinationAnswer handle_coordination(const core::Request& request,
                                       const CoordinationOrigin& origin, BrokerContext& in) {
  const std::optional<RequestRule> rule =
      in.cluster.request_rules.take({origin.number, origin.broker, in.now, request});
  Outcome outcome;
  if (!rule || rule->acts) outcome = std::visit(Asked{origin.broker, in}, request);
  if (rule) heed(*rule, outcome);
  tell(request, origin, outcome, in);
  CoordinationAnswer answer{.response = std::visit(Answer{outcome, origin.version}, request)};
  if (outcome.logged_after > Duration{}) {
    const Outcome moved{.error = ErrorCode::NotCoordinator};
    const Outcome refused{.error = ErrorCode::CoordinatorNotAvailable};
    answer.waits_for_log =
        WaitsForLog{std::visit(TransactionalIdOf{}, request), outcome.logged_after,
                    std::visit(Answer{moved, origin.version}, request),
                    std::visit(Answer{refused, origin.version}, request)};
  }
  if (rule) {
    answer.fate = fate_of(*rule);
    answer.delay = rule->delay;
  }
  return answer;
}

}  // namespace linger::sim
