#include "core/transaction_requests.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "core/check.h"
#include "core/error_code.h"
#include "core/java_hash.h"

namespace linger::core {

namespace {

int priority(const TransactionalRequest& request) {
  enum { FindCoordinator, InitProducerId, AddPartitionsOrOffsets, EndTxn, EpochBump };
  switch (request.api()) {
    case ApiKey::FindCoordinator:
      return FindCoordinator;
    case ApiKey::InitProducerId:
      return request.is_epoch_bump ? EpochBump : InitProducerId;
    case ApiKey::EndTxn:
      return EndTxn;
    default:
      return AddPartitionsOrOffsets;
  }
}

template <class Topic>
std::vector<Topic> sorted_by_hash(std::vector<Topic> topics) {
  std::vector<std::int32_t> hashes;
  for (const Topic& topic : topics) hashes.push_back(java_hash(topic.name));
  std::vector<Topic> sorted;
  for (const std::size_t at : java_hash_map_order(hashes)) sorted.push_back(std::move(topics[at]));
  return sorted;
}

template <class Topic>
Topic& topic_named(const std::string& name, std::vector<Topic>& topics) {
  const auto known = std::find_if(topics.begin(), topics.end(),
                                  [&](const Topic& topic) { return topic.name == name; });
  if (known != topics.end()) return *known;
  topics.push_back({name, {}});
  return topics.back();
}

std::string listed(std::vector<std::string> texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ",") + text;
  return list;
}

// Adds to `told` what each kind of request says.
struct Teller {
  TransactionRequestSent::Contents& told;

  void operator()(const FindCoordinatorRequest& request) const {
    told.looks_for = request.key_type;
    told.key = request.coordinator_keys.front();
  }
  void operator()(const InitProducerIdRequest& request) const {
    told.producer = request.producer_id_and_epoch;
    told.timeout = request.transaction_timeout;
  }
  void operator()(const AddPartitionsToTxnRequest& request) const {
    told.producer = request.producer_id_and_epoch;
    std::vector<std::string> texts;
    for (const AddPartitionsToTxnTopic& topic : request.topics) {
      for (const std::int32_t partition : topic.partitions) {
        texts.push_back(topic.name + "-" + std::to_string(partition));
      }
    }
    told.partitions = listed(std::move(texts));
  }
  void operator()(const AddOffsetsToTxnRequest& request) const {
    told.producer = request.producer_id_and_epoch;
    told.group = request.group_id;
  }
  void operator()(const TxnOffsetCommitRequest& request) const {
    told.producer = request.producer_id_and_epoch;
    told.group = request.group_id;
    told.generation = request.generation_id;
    told.member = request.member_id;
    told.instance = request.group_instance_id.value_or("");
    std::vector<std::string> texts;
    for (const TxnOffsetCommitTopic& topic : request.topics) {
      for (const TxnOffsetCommitPartition& partition : topic.partitions) {
        texts.push_back(topic.name + "-" + std::to_string(partition.partition_index) + "@" +
                        std::to_string(partition.committed_offset));
      }
    }
    told.partitions = listed(std::move(texts));
  }
  void operator()(const EndTxnRequest& request) const {
    told.producer = request.producer_id_and_epoch;
    told.committed = request.committed;
  }
};

}  // namespace

// --- One request ---

std::optional<CoordinatorType> TransactionalRequest::coordinator() const {
  if (std::holds_alternative<FindCoordinatorRequest>(body)) return std::nullopt;
  if (std::holds_alternative<TxnOffsetCommitRequest>(body)) return CoordinatorType::Group;
  const auto* init = std::get_if<InitProducerIdRequest>(&body);
  if (init != nullptr && !init->transactional_id) return std::nullopt;
  return CoordinatorType::Transaction;
}

std::string TransactionalRequest::coordinator_key() const {
  return std::visit(
      [](const auto& request) -> std::string {
        using T = std::decay_t<decltype(request)>;
        if constexpr (std::is_same_v<T, FindCoordinatorRequest>) {
          return request.coordinator_keys.front();
        } else if constexpr (std::is_same_v<T, TxnOffsetCommitRequest>) {
          return request.group_id;
        } else if constexpr (std::is_same_v<T, InitProducerIdRequest>) {
          return request.transactional_id.value_or("");
        } else {
          return request.transactional_id;
        }
      },
      body);
}

ApiKey TransactionalRequest::api() const {
  return std::visit([](const auto& request) { return std::decay_t<decltype(request)>::kApiKey; },
                    body);
}

TransactionRequestSent told(const TransactionalRequest& request) {
  TransactionRequestSent told;
  told.api = request.api();
  told.is_retry = request.is_retry;
  std::visit(Teller{told.contents.write()}, request.body);
  return told;
}

// --- The queue ---

void TransactionRequestQueue::add(TransactionalRequest request) {
  const int its_priority = priority(request);
  heap_.push_back(std::move(request));
  for (std::size_t at = heap_.size() - 1; at > 0;) {
    const std::size_t parent = (at - 1) / 2;
    if (its_priority >= priority(heap_[parent])) break;
    std::swap(heap_[at], heap_[parent]);
    at = parent;
  }
}

TransactionalRequest TransactionRequestQueue::take() {
  CHECK(!heap_.empty());
  TransactionalRequest first = std::move(heap_.front());
  if (heap_.size() == 1) {
    heap_.pop_back();
    return first;
  }
  heap_.front() = std::move(heap_.back());
  heap_.pop_back();
  for (std::size_t at = 0; 2 * at + 1 < heap_.size();) {
    std::size_t child = 2 * at + 1;
    const std::size_t right = child + 1;
    if (right < heap_.size() && priority(heap_[right]) < priority(heap_[child])) child = right;
    if (priority(heap_[at]) <= priority(heap_[child])) break;
    std::swap(heap_[at], heap_[child]);
    at = child;
  }
  return first;
}

// --- Contents ---

std::vector<TopicPartition> in_hash_order(const std::vector<TopicPartition>& partitions,
                                          const TopicNames& topics) {
  std::vector<std::int32_t> hashes;
  for (const TopicPartition partition : partitions) {
    hashes.push_back(java_hash(topics.name(partition.topic), partition.partition));
  }
  std::vector<TopicPartition> sorted;
  for (const std::size_t at : java_hash_map_order(hashes)) sorted.push_back(partitions[at]);
  return sorted;
}

std::vector<AddPartitionsToTxnTopic> topics_to_add(const std::vector<TopicPartition>& partitions,
                                                   const TopicNames& topics) {
  std::vector<AddPartitionsToTxnTopic> listed;
  for (const TopicPartition partition : in_hash_order(partitions, topics)) {
    topic_named(topics.name(partition.topic), listed).partitions.push_back(partition.partition);
  }
  return sorted_by_hash(std::move(listed));
}

std::vector<TxnOffsetCommitTopic> topics_to_commit(const std::vector<OffsetToCommit>& offsets,
                                                   const TopicNames& topics) {
  std::map<TopicPartition, OffsetToCommit> by_partition;
  std::vector<TopicPartition> partitions;
  for (const OffsetToCommit& offset : offsets) {
    by_partition.insert_or_assign(offset.partition, offset);
    partitions.push_back(offset.partition);
  }
  std::vector<TxnOffsetCommitTopic> listed;
  for (const TopicPartition partition : in_hash_order(partitions, topics)) {
    const OffsetToCommit& offset = by_partition.at(partition);
    topic_named(topics.name(partition.topic), listed)
        .partitions.push_back(
            {partition.partition, offset.offset, offset.leader_epoch, offset.metadata});
  }
  return sorted_by_hash(std::move(listed));
}

std::vector<PartitionError> partition_errors(const std::vector<TopicResult>& results, Era era) {
  std::vector<PartitionError> errors;
  std::vector<std::int32_t> hashes;
  for (const TopicResult& topic : results) {
    for (const PartitionResult& partition : topic.partitions) {
      errors.push_back(
          {topic.name, partition.partition_index, error_code_from_wire(partition.error_code, era)});
      hashes.push_back(java_hash(topic.name, partition.partition_index));
    }
  }
  std::vector<PartitionError> sorted;
  for (const std::size_t at : java_hash_map_order(hashes)) sorted.push_back(std::move(errors[at]));
  return sorted;
}

}  // namespace linger::core
