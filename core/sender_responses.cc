// What a response, a timeout or a lost connection means for the batches of its request.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "core/java_hash.h"
#include "core/sender.h"

namespace linger::core {

namespace {

// As a HashMap by partition yields them. `Item` has a partition.
template <class Item>
void sort_by_hash(std::vector<Item>& items, InitialCapacity capacity, const TopicNames& topics) {
  std::vector<std::int32_t> hashes;
  for (const Item& item : items) {
    hashes.push_back(java_hash(topics.name(item.partition.topic), item.partition.partition));
  }
  std::vector<Item> sorted;
  for (const std::size_t at : java_hash_map_order(hashes, capacity)) {
    sorted.push_back(std::move(items[at]));
  }
  items = std::move(sorted);
}

}  // namespace

// --- Responses ---

Sender::Held Sender::perform(HandleResponse& task, Call call) {
  handle_response(task.response, call);
  return std::nullopt;
}

void Sender::handle_response(ClientResponse& response, Call call) {
  switch (response.api) {
    case ApiKey::Produce:
      return handle_produce_response(response, call);
    case ApiKey::FindCoordinator:
    case ApiKey::InitProducerId:
    case ApiKey::AddPartitionsToTxn:
    case ApiKey::AddOffsetsToTxn:
    case ApiKey::TxnOffsetCommit:
    case ApiKey::EndTxn:
      return handle_transactional_response(response, call);
    case ApiKey::Metadata:
    case ApiKey::ApiVersions:
      CHECK(false);
  }
}

void Sender::handle_produce_response(ClientResponse& response, Call call) {
  const auto lost = [&] {
    if (!settings_.names_lost_node) return std::string{};
    return "Disconnected from node " + std::to_string(response.node.value());
  };
  switch (response.outcome) {
    case RequestOutcome::TimedOut:
      complete_all(response, ErrorCode::RequestTimedOut, lost() + " due to timeout", call);
      break;
    case RequestOutcome::Disconnected:
      complete_all(response, ErrorCode::NetworkException, lost(), call);
      break;
    case RequestOutcome::VersionMismatch:
      complete_all(response, settings_.version_mismatch,
                   response.version_mismatch ? response.version_mismatch->message : "", call);
      break;
    case RequestOutcome::NoResponseExpected:
      complete_all(response, ErrorCode::None, "", call);
      break;
    case RequestOutcome::Ok:
      complete_each(response, std::get<ProduceResponse>(*response.body), call);
      break;
  }
}

// In the order of the HashMap in which Kafka keeps a request's batches.
void Sender::complete_all(const ClientResponse& response, ErrorCode error, std::string message,
                          Call call) {
  ProduceResponsePartition made_up;
  made_up.error_code = wire_number(error);
  if (!message.empty()) made_up.error_message = std::move(message);
  std::vector<InFlightBatch> batches = response.batches;
  sort_by_hash(batches, InitialCapacity{batches.size()}, call.parts.topics);
  for (auto sent = batches.rbegin(); sent != batches.rend(); ++sent) {
    push_front(CompletePartition{sent->batch, response.correlation, error, made_up},
               ForgetIfUnused{sent->batch});
  }
}

// In the order of the response, before KAFKA-9628 in that of the HashMap it was read into.
void Sender::complete_each(const ClientResponse& response, ProduceResponse& body, Call call) {
  struct Answered {
    TopicPartition partition;
    BatchId batch;
    ProduceResponsePartition* answer;
  };
  std::vector<Answered> answered;
  answered.reserve(response.batches.size());
  for (ProduceResponseTopic& topic : body.topics) {
    const std::optional<TopicId> id = call.parts.topics.find(topic.name);
    for (ProduceResponsePartition& partition : topic.partitions) {
      const auto is_it = [&](const InFlightBatch& sent) {
        return id && sent.partition == TopicPartition{*id, partition.index};
      };
      // Answers mostly come in the order of the request.
      const std::size_t place = std::min(answered.size(), response.batches.size());
      auto batch = std::next(response.batches.begin(), static_cast<std::ptrdiff_t>(place));
      if (batch == response.batches.end() || !is_it(*batch)) {
        batch = std::find_if(response.batches.begin(), response.batches.end(), is_it);
      }
      if (batch == response.batches.end()) {  // Kafka trips over it: the pass ends here
        call.parts.journal.log(LogLevel::Error,
                               "Uncaught error in kafka producer I/O thread: the response names "
                               "a partition that was not in the request");
        tasks_.clear();
        return;
      }
      answered.push_back({batch->partition, batch->batch, &partition});
    }
  }
  std::vector<Node> endpoints;
  for (const NodeEndpoint& endpoint : body.node_endpoints) {
    endpoints.push_back({endpoint.node_id, endpoint.host, endpoint.port});
  }
  leader_hints_.clear();
  push_front(ApplyLeaderHints{{}, std::move(endpoints)});
  if (!settings_.handles_answers_in_order) sort_by_hash(answered, {}, call.parts.topics);
  for (auto one = answered.rbegin(); one != answered.rend(); ++one) {
    const ErrorCode error = error_code_from_wire(one->answer->error_code, settings_.errors_of);
    push_front(CompletePartition{one->batch, response.correlation, error, std::move(*one->answer)},
               ForgetIfUnused{one->batch});
  }
}

Sender::Held Sender::perform(ApplyLeaderHints& task, Call call) {
  if (!leader_hints_.empty()) {
    call.parts.metadata.update_partition_leadership(leader_hints_, task.nodes, call.parts.journal);
    leader_hints_.clear();
  }
  return std::nullopt;
}

}  // namespace linger::core
