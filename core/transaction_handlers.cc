// What a transaction manager makes of an answer, request by request.
#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/java_hash.h"
#include "core/transaction_errors.h"
#include "core/transaction_manager.h"

namespace linger::core {

namespace {

// How long AddPartitionsToTxn waits for the markers of the transaction before.
constexpr Milliseconds kAddPartitionsRetryBackoff{20};

bool is_coordinator_lost(ErrorCode error) {
  return error == ErrorCode::NotCoordinator || error == ErrorCode::CoordinatorNotAvailable;
}

bool is_fenced(ErrorCode error) {
  return error == ErrorCode::InvalidProducerEpoch || error == ErrorCode::ProducerFenced;
}

bool is_id_lost(ErrorCode error) {
  return error == ErrorCode::UnknownProducerId || error == ErrorCode::InvalidProducerIdMapping;
}

std::string told(const std::vector<PartitionError>& errors) {
  std::string text;
  for (const PartitionError& one : errors) {
    if (!text.empty()) text += ",";
    text += one.topic + "-" + std::to_string(one.partition) + ":" + std::string{name(one.error)};
  }
  return text;
}

// "t, u", in the order of a HashSet.
std::string unauthorized_topics(const std::vector<PartitionError>& errors) {
  std::set<std::string> topics;
  for (const PartitionError& one : errors) {
    if (one.error == ErrorCode::TopicAuthorizationFailed) topics.insert(one.topic);
  }
  const std::vector<std::string> listed{topics.begin(), topics.end()};
  std::vector<std::int32_t> hashes;
  for (const std::string& topic : listed) hashes.push_back(java_hash(topic));
  std::string text;
  for (const std::size_t at : java_hash_map_order(hashes)) {
    text += (text.empty() ? "" : ", ") + listed[at];
  }
  return text;
}

}  // namespace

// --- What became of the request in flight ---

std::optional<TransactionalRequest> TransactionManager::take_in_flight(CorrelationId correlation) {
  if (!in_flight_ || in_flight_->correlation != correlation) return std::nullopt;
  return std::exchange(in_flight_, std::nullopt)->request;
}

TransactionManager::Thrown TransactionManager::handle_disconnect(CorrelationId correlation) {
  auto request = take_in_flight(correlation);
  if (!request) return std::nullopt;
  if (request->coordinator()) look_up_coordinator(*request);
  retry(std::move(*request));
  return std::nullopt;
}

TransactionManager::Thrown TransactionManager::handle_version_mismatch(CorrelationId correlation,
                                                                       const ClientError& mismatch,
                                                                       Journal& journal) {
  auto request = take_in_flight(correlation);
  if (!request) return std::nullopt;
  return fatal(*request, mismatch, journal);
}

TransactionManager::Thrown TransactionManager::handle_response(CorrelationId correlation,
                                                               const Response& response,
                                                               TransactionRequestAnswered answered,
                                                               Journal& journal) {
  auto request = take_in_flight(correlation);
  if (!request) return std::nullopt;
  return std::visit([&](const auto& body) { return handle(*request, body, answered, journal); },
                    response);
}

// --- What an error can mean ---

TransactionManager::Thrown TransactionManager::fatal(TransactionalRequest& request,
                                                     ClientError error, Journal& journal) {
  fail(request.result, error);
  return transition_to_fatal(std::move(error), journal);
}

TransactionManager::Thrown TransactionManager::abortable(TransactionalRequest& request,
                                                         ClientError error, Journal& journal) {
  fail(request.result, error);
  return transition_to_abortable(std::move(error), Caller::SenderThread, journal);
}

TransactionManager::Thrown TransactionManager::abortable_if_possible(TransactionalRequest& request,
                                                                     ClientError error,
                                                                     Journal& journal) {
  if (!can_bump_epoch()) return fatal(request, std::move(error), journal);
  epoch_bump_required_ = true;
  return abortable(request, std::move(error), journal);
}

ClientError TransactionManager::error_of(ErrorCode error) const {
  return client_error(error, std::nullopt, settings_.errors_of);
}

bool TransactionManager::is_retried(ErrorCode error, const TransactionalRequest& request) const {
  if (settings_.retries_whatever_may_be) {
    return is_retriable(error, settings_.errors_of) || error == ErrorCode::ConcurrentTransactions;
  }
  switch (request.api()) {
    case ApiKey::FindCoordinator:
      return error == ErrorCode::CoordinatorNotAvailable;
    case ApiKey::TxnOffsetCommit:
      return error == ErrorCode::UnknownTopicOrPartition ||
             error == ErrorCode::CoordinatorLoadInProgress;
    case ApiKey::AddPartitionsToTxn:
      if (error == ErrorCode::UnknownTopicOrPartition) return true;
      [[fallthrough]];
    default:
      return error == ErrorCode::CoordinatorLoadInProgress ||
             error == ErrorCode::ConcurrentTransactions;
  }
}

// What most requests to the transaction's coordinator have in common.
std::optional<TransactionManager::Decided> TransactionManager::handle_common(
    TransactionalRequest& request, ErrorCode error, Journal& journal) {
  if (is_coordinator_lost(error)) {
    if (is_transactional()) look_up_coordinator(request);
    retry(std::move(request));
    return Decided{};
  }
  if (is_retried(error, request)) {
    retry(std::move(request));
    return Decided{};
  }
  if (is_fenced(error)) {
    return Decided{fatal(request, error_of(ErrorCode::ProducerFenced), journal)};
  }
  if (error == ErrorCode::TransactionAbortable && settings_.knows_abortable) {
    return Decided{abortable(request, error_of(error), journal)};
  }
  return std::nullopt;
}

// --- InitProducerId ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const InitProducerIdResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const ErrorCode error = error_code_from_wire(response.error_code, settings_.errors_of);
  answered.error = error;
  answered.producer = response.producer_id_and_epoch;
  if (is_transactional()) journal.add(answered);
  if (error == ErrorCode::None) {
    producer_ = response.producer_id_and_epoch;
    journal.add(ProducerIdSet{producer_, false});
    if (auto refused = transition_to(State::Ready, journal)) return refused;
    if (request.is_epoch_bump) {
      partitions_.clear();
      unresolved_.clear();
    }
    complete(request.result);
    return std::nullopt;
  }
  if (const auto decided = handle_common(request, error, journal)) return decided->thrown;
  if (error == ErrorCode::TransactionalIdAuthorizationFailed ||
      error == ErrorCode::ClusterAuthorizationFailed) {
    return not_allowed_to_have_id(request, error, journal);
  }
  const ClientError cause = error_of(error);
  if (!is_transactional()) {
    journal.log(LogLevel::Error, "InitProducerId failed: " + cause.message);
  }
  return fatal(request, unexpected_in("InitProducerIdResponse; ", cause.message), journal);
}

TransactionManager::Thrown TransactionManager::not_allowed_to_have_id(TransactionalRequest& request,
                                                                      ErrorCode error,
                                                                      Journal& journal) {
  const ClientError cause = error_of(error);
  if (!is_transactional()) {
    journal.log(LogLevel::Error, "InitProducerId failed: " + cause.message);
  }
  if (!settings_.recovers_from_authorization_failure) return fatal(request, cause, journal);
  return abortable(request, cause, journal);
}

// --- FindCoordinator ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const FindCoordinatorResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const auto& asked = std::get<FindCoordinatorRequest>(request.body);
  CHECK(response.coordinators.size() == 1);
  const Coordinator& found = response.coordinators.front();
  const ErrorCode error = error_code_from_wire(found.error_code, settings_.errors_of);
  answered.error = error;
  answered.coordinator = found.node_id;
  journal.add(answered);
  if (error == ErrorCode::None) {
    auto& known =
        asked.key_type == CoordinatorType::Group ? group_coordinator_ : transaction_coordinator_;
    known = Node{found.node_id, found.host, found.port};
    complete(request.result);
    return std::nullopt;
  }
  const std::string key = asked.coordinator_keys.front();
  if (is_retried(error, request)) {
    retry(std::move(request));
    return std::nullopt;
  }
  if (error == ErrorCode::TransactionalIdAuthorizationFailed) {
    return fatal(request, error_of(error), journal);
  }
  if (error == ErrorCode::GroupAuthorizationFailed) {
    return abortable(request, group_not_authorized(key), journal);
  }
  if (error == ErrorCode::TransactionAbortable && settings_.knows_abortable) {
    return abortable(request, error_of(error), journal);
  }
  return fatal(request, no_coordinator(asked.key_type, key, found.error_message.value_or("null")),
               journal);
}

// --- AddPartitionsToTxn ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const AddPartitionsToTxnResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const std::vector<PartitionError> errors = partition_errors(response.topics, settings_.errors_of);
  answered.partitions = told(errors);
  journal.add(answered);
  request.retry_backoff = settings_.retry_backoff;
  for (const PartitionError& one : errors) {
    if (one.error == ErrorCode::None) continue;
    if (const auto decided = handle_partition(request, one.error, journal)) return decided->thrown;
  }
  return note_added(request, errors, journal);
}

// None: the error is its partition's own.
std::optional<TransactionManager::Decided> TransactionManager::handle_partition(
    TransactionalRequest& request, ErrorCode error, Journal& journal) {
  if (error == ErrorCode::ConcurrentTransactions && added_.empty()) {
    request.retry_backoff = std::min(settings_.retry_backoff, kAddPartitionsRetryBackoff);
  }
  if (auto decided = handle_common(request, error, journal)) return decided;
  if (error == ErrorCode::TransactionalIdAuthorizationFailed) {
    return Decided{fatal(request, error_of(error), journal)};
  }
  if (error == ErrorCode::InvalidTxnState) {
    const ClientError cause = error_of(error);
    return Decided{fatal(request, settings_.has_uniform_errors ? cause : wrapped(cause), journal)};
  }
  if (is_id_lost(error)) return Decided{abortable_if_possible(request, error_of(error), journal)};
  return std::nullopt;
}

TransactionManager::Thrown TransactionManager::note_added(TransactionalRequest& request,
                                                          const std::vector<PartitionError>& errors,
                                                          Journal& journal) {
  std::vector<TopicPartition> partitions;
  bool has_errors = false;
  for (const PartitionError& one : errors) {
    const auto topic = settings_.topics.find(one.topic);
    if (topic) partitions.push_back({*topic, one.partition});
    has_errors = has_errors || one.error != ErrorCode::None;
  }
  for (const TopicPartition partition : partitions) std::erase(pending_, partition);
  if (const std::string topics = unauthorized_topics(errors); !topics.empty()) {
    return abortable(request, not_authorized_to_access_topics(topics), journal);
  }
  if (has_errors) return abortable(request, partitions_not_added(errors), journal);
  added_.insert(partitions.begin(), partitions.end());
  transaction_started_ = true;
  complete(request.result);
  return std::nullopt;
}

// --- AddOffsetsToTxn ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const AddOffsetsToTxnResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const ErrorCode error = error_code_from_wire(response.error_code, settings_.errors_of);
  answered.error = error;
  journal.add(answered);
  if (error == ErrorCode::None) {
    commit_offsets(request);
    transaction_started_ = true;
    return std::nullopt;
  }
  if (const auto decided = handle_common(request, error, journal)) return decided->thrown;
  const ClientError cause = error_of(error);
  if (is_id_lost(error)) return abortable_if_possible(request, cause, journal);
  if (error == ErrorCode::TransactionalIdAuthorizationFailed ||
      (error == ErrorCode::InvalidTxnState && settings_.has_uniform_errors)) {
    return fatal(request, cause, journal);
  }
  if (error == ErrorCode::GroupAuthorizationFailed) {
    return abortable(request, group_not_authorized(request.group.group_id), journal);
  }
  return fatal(request, unexpected_in("AddOffsetsToTxnResponse: ", cause.message), journal);
}

// The group is part of the transaction: its coordinator may be told the offsets.
void TransactionManager::commit_offsets(const TransactionalRequest& added) {
  for (const OffsetToCommit& offset : added.offsets) {
    const auto known =
        std::find_if(pending_offsets_.begin(), pending_offsets_.end(),
                     [&](const auto& other) { return other.partition == offset.partition; });
    if (known != pending_offsets_.end()) {
      *known = offset;
    } else {
      pending_offsets_.push_back(offset);
    }
  }
  TransactionalRequest request;
  request.body = TxnOffsetCommitRequest{*settings_.transactional_id,
                                        added.group.group_id,
                                        producer_,
                                        added.group.generation_id,
                                        added.group.member_id,
                                        added.group.group_instance_id,
                                        topics_to_commit(pending_offsets_, settings_.topics)};
  request.result = added.result;
  request.retry_backoff = settings_.retry_backoff;
  requests_.add(std::move(request));
}

// --- TxnOffsetCommit ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const TxnOffsetCommitResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const std::vector<PartitionError> errors = partition_errors(response.topics, settings_.errors_of);
  answered.partitions = told(errors);
  journal.add(answered);
  bool has_looked_up = false;
  std::optional<Decided> failed;
  for (const PartitionError& one : errors) {
    if (one.error == ErrorCode::None) {
      std::erase_if(pending_offsets_, [&](const OffsetToCommit& offset) {
        return settings_.topics.name(offset.partition.topic) == one.topic &&
               offset.partition.partition == one.partition;
      });
      continue;
    }
    failed = handle_offset(request, one.error, has_looked_up, journal);
    if (failed) break;
  }
  if (failed && failed->thrown) return failed->thrown;
  if (failed || is_done(request.result)) {
    pending_offsets_.clear();
  } else if (pending_offsets_.empty()) {
    complete(request.result);
  } else {
    retry(std::move(request));
  }
  return std::nullopt;
}

// None: the offset stays pending.
std::optional<TransactionManager::Decided> TransactionManager::handle_offset(
    TransactionalRequest& request, ErrorCode error, bool& has_looked_up, Journal& journal) {
  if (is_coordinator_lost(error) || error == ErrorCode::RequestTimedOut) {
    if (!std::exchange(has_looked_up, true)) look_up_coordinator(request);
    return std::nullopt;
  }
  if (is_retried(error, request)) return std::nullopt;
  const ClientError cause = error_of(error);
  switch (error) {
    case ErrorCode::GroupAuthorizationFailed:
      return Decided{abortable(request, group_not_authorized(request.coordinator_key()), journal)};
    case ErrorCode::TransactionAbortable:
      if (!settings_.knows_abortable) break;
      [[fallthrough]];
    case ErrorCode::FencedInstanceId:
      return Decided{abortable(request, cause, journal)};
    case ErrorCode::UnknownMemberId:
    case ErrorCode::IllegalGeneration:
      return Decided{abortable(request, group_metadata_mismatch(cause.message), journal)};
    case ErrorCode::InvalidProducerEpoch:
    case ErrorCode::ProducerFenced:
      return Decided{
          fatal(request, settings_.has_uniform_errors ? error_of(ErrorCode::ProducerFenced) : cause,
                journal)};
    case ErrorCode::TransactionalIdAuthorizationFailed:
    case ErrorCode::UnsupportedForMessageFormat:
      return Decided{fatal(request, cause, journal)};
    default:
      break;
  }
  return Decided{
      fatal(request, unexpected_in("TxnOffsetCommitResponse: ", cause.message), journal)};
}

// --- EndTxn ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest& request,
                                                      const EndTxnResponse& response,
                                                      TransactionRequestAnswered& answered,
                                                      Journal& journal) {
  const ErrorCode error = error_code_from_wire(response.error_code, settings_.errors_of);
  answered.error = error;
  journal.add(answered);
  if (error == ErrorCode::None) {
    if (auto refused = complete_transaction(journal)) return refused;
    complete(request.result);
    return std::nullopt;
  }
  if (const auto decided = handle_common(request, error, journal)) return decided->thrown;
  const ClientError cause = error_of(error);
  if (error == ErrorCode::TransactionalIdAuthorizationFailed ||
      error == ErrorCode::InvalidTxnState) {
    return fatal(request, cause, journal);
  }
  if (is_id_lost(error)) return abortable_if_possible(request, cause, journal);
  return fatal(request, unhandled_in_end_txn(cause.message), journal);
}

// --- None of them ---

TransactionManager::Thrown TransactionManager::handle(TransactionalRequest&, const Response&,
                                                      TransactionRequestAnswered&, Journal&) {
  CHECK(false);
  return std::nullopt;
}

}  // namespace linger::core
