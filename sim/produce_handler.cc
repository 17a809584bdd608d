#include "sim/produce_handler.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "core/api.h"
#include "core/check.h"
#include "core/message_set.h"
#include "core/record_batch.h"
#include "sim/replication.h"
#include "sim/transaction_coordinator.h"

namespace linger::sim {
namespace {

using core::ErrorCode;
using core::RecordBatchHeader;

constexpr int kZstd = 4;
constexpr std::int16_t kFirstVersionWithAbortable = 11;  // that know TRANSACTION_ABORTABLE

// --- Is it a batch that may be appended? ---

// Do the records say what the header says of them?
bool records_are_sound(const RecordBatchHeader& header, core::ByteSpan batch) {
  core::ByteVector storage;
  const auto records = core::uncompressed_records(header, batch, storage);
  if (!records.ok()) return false;
  core::RecordReader reader{header, *records};
  while (reader.next()) {
  }
  return reader.ok();
}

bool structure_is_sound(const RecordBatchHeader& header, core::ByteSpan batch) {
  const std::int64_t count = std::int64_t{header.last_offset_delta} + 1;
  const bool has_sequence = !header.producer_id_and_epoch.is_valid() || header.base_sequence >= 0;
  return header.base_offset == 0 && !header.is_control() && header.record_count > 0 &&
         header.record_count == count && has_sequence && records_are_sound(header, batch);
}

// What the records of one partition are, as the request has them.
struct Offered {
  std::optional<RecordBatchHeader> header;
  core::ByteSpan bytes;
  ErrorCode error = ErrorCode::None;  // of its form
  Bytes largest;                      // of what message.max.bytes limits
};

// A message set of format 0 or 1; what is wrong with it is told after its size.
Offered offered_set(core::ByteSpan bytes) {
  Offered offered{std::nullopt, bytes, ErrorCode::None, {}};
  core::MessageSetReader reader{bytes};
  while (const std::optional<core::Message> message = reader.next()) {
    offered.largest = std::max(offered.largest, message->size);
  }
  const auto summary = core::summarize_message_set(bytes);
  if (summary.ok()) offered.header = summary.value();
  return offered;
}

Offered offered_records(const std::optional<core::ByteSpan>& records, std::int16_t version) {
  const core::ByteSpan bytes = records.value_or(core::ByteSpan{});
  if (version < core::kFirstProduceVersionOfFormat2) return offered_set(bytes);
  Offered offered{std::nullopt, bytes, ErrorCode::InvalidRecord, {}};
  const core::Decoded<RecordBatchHeader> header = core::decode_batch_header(bytes);
  if (!header.ok()) return offered;
  offered.header = header.value();
  offered.largest = header.value().size();
  const bool is_alone = offered.largest.count() == static_cast<std::int64_t>(bytes.size());
  const int codec = header.value().compression_codec();
  if (!is_alone || codec >= core::kCodecCount) return offered;
  const bool is_too_new = codec == kZstd && version < core::kFirstProduceVersionWithZstd;
  offered.error = is_too_new ? ErrorCode::UnsupportedCompressionType : ErrorCode::None;
  return offered;
}

// A log can treat a message set as one batch, but for what a broker would have to compress anew.
bool may_be_stored(const RecordBatchHeader& header) {
  return header.magic == core::Magic::V1 ||
         (header.magic == core::Magic::V0 && header.compression_codec() == 0);
}

ErrorCode error_in(const Offered& offered, Bytes message_max_bytes) {
  if (offered.largest > message_max_bytes) return ErrorCode::MessageTooLarge;
  if (!offered.header) return ErrorCode::CorruptMessage;
  const RecordBatchHeader& header = *offered.header;
  if (header.magic != core::Magic::V2) {
    return may_be_stored(header) ? ErrorCode::None : ErrorCode::CorruptMessage;
  }
  if (!core::decode_checked_batch_header(offered.bytes).ok()) return ErrorCode::CorruptMessage;
  if (!structure_is_sound(header, offered.bytes)) return ErrorCode::InvalidRecord;
  return ErrorCode::None;
}

// --- One partition ---

struct Result {
  AppendOutcome outcome = AppendOutcome::Refused;
  ErrorCode error = ErrorCode::None;
  std::int64_t base_offset = -1;
  Instant appended_at{};
  std::int64_t end_offset = -1;
  std::int64_t log_append_time = -1;
  std::int64_t log_start_offset = 0;
  std::vector<core::BatchIndexAndErrorMessage> record_errors{};
  std::optional<std::string> message{};
};

Result refused(ErrorCode error) {
  return {.outcome = AppendOutcome::Refused, .error = error};
}

// Where time is the broker's, in milliseconds since 1970.
Result append(Partition& partition, const Offered& offered, const ProduceOrigin& origin,
              UnknownProducer unknown, Instant now, std::int64_t clock) {
  RecordBatchHeader header = *offered.header;
  const bool is_idempotent = header.producer_id_and_epoch.is_valid();
  if (is_idempotent) {
    const ProducerStateManager::Verdict verdict = partition.producers.check(header, unknown);
    if (const auto* refusal = std::get_if<ProducerStateManager::Refused>(&verdict)) {
      return refused(refusal->error);
    }
    if (const auto* duplicate = std::get_if<ProducerStateManager::Duplicate>(&verdict)) {
      const std::int64_t offset = duplicate->base_offset;
      const StoredBatch& first = partition.log.batch(partition.log.find_batch(offset));
      // Kafka gives the batch's time, whatever its type.
      return {.outcome = AppendOutcome::Duplicate,
              .base_offset = offset,
              .appended_at = first.origin.appended_at,
              .end_offset = first.end_offset(),
              .log_append_time = first.header.max_timestamp};
    }
  }
  std::optional<std::int64_t> append_time;
  if (partition.timestamps.type == TimestampType::LogAppendTime) append_time = clock;
  header.base_offset = partition.log.append(
      header, offered.bytes, partition.leader_epoch,
      {origin.connection, origin.correlation, origin.producer, now}, append_time);
  header.max_timestamp = append_time.value_or(header.max_timestamp);
  if (is_idempotent) partition.producers.update(header);
  return {.outcome = AppendOutcome::Appended,
          .base_offset = header.base_offset,
          .appended_at = now,
          .end_offset = partition.log.end_offset(),
          .log_append_time = append_time.value_or(-1)};
}

// A check that was due at the latest now has forgotten who was idle; transactions go on.
void forget_idle_producers(Partition& partition, const ClusterSpec& spec, NodeId broker,
                           const BrokerClocks& clocks, Instant now) {
  const Duration every = std::max(spec.producer_id_expiry_check, Duration{1});
  const Instant check{now.time_since_epoch() / every * every};
  partition.producers.forget_idle(
      clocks.milliseconds(broker, check),
      std::chrono::floor<core::Milliseconds>(spec.producer_id_expiration).count());
}

// The fault that the partition's next produce request meets, if there is one.
template <class OneTimeFault>
std::optional<OneTimeFault> take_next(std::deque<OneTimeFault>& faults) {
  if (faults.empty()) return std::nullopt;
  OneTimeFault fault = faults.front();
  if (--faults.front().times <= 0) faults.pop_front();
  return fault;
}

// Handles the partitions of one request, one after another.
class Appender {
 public:
  Appender(const ProduceOrigin& origin, const core::ProduceRequest& request, BrokerContext& in)
      : origin_{origin},
        transactional_id_{request.transactional_id.value_or("")},
        acks_{request.acks},
        cluster_{in.cluster},
        now_{in.now},
        effects_{in.effects} {}

  Result handle(const std::string& topic, const core::ProduceRequestPartition& records,
                const std::optional<ProduceRule>& rule) {
    const std::optional<TopicId> id = cluster_.names().find(topic);
    if (!id) return refused(ErrorCode::UnknownTopicOrPartition);
    const TopicPartition partition{*id, records.index};
    const Offered offered = offered_records(records.records, origin_.version);
    Result result;
    if (rule && !rule->appends) {
      result = refused(rule->error);
    } else {
      result = handle(partition, offered);
      if (const Partition* at = cluster_.find(partition)) {
        result.log_start_offset = at->log.start_offset();
      }
      if (rule && result.error == ErrorCode::None) result.error = rule->error;
    }
    tell(partition, offered, result);
    return result;
  }

 private:
  Result handle(TopicPartition at, const Offered& offered) {
    if (!cluster_.has_partition(at)) return refused(ErrorCode::UnknownTopicOrPartition);
    if (offered.error != ErrorCode::None) return refused(offered.error);
    if (!cluster_.find(at)->is_led_by(origin_.broker)) {
      return refused(ErrorCode::NotLeaderOrFollower);
    }
    Partition& partition = cluster_.write(at);
    if (acks_ == -1 && !partition.has_enough_in_sync()) {
      return refused(ErrorCode::NotEnoughReplicas);
    }
    std::erase_if(partition.failures, [&](const ProduceFailure& failure) {
      return failure.until && *failure.until <= now_;
    });
    const std::optional<ProduceFailure> failure = take_next(partition.failures);
    if (failure && !failure->append) return refused(failure->error);
    ErrorCode error = verification_error(at, partition, offered);
    if (error != ErrorCode::None) return refused(error);
    error = error_in(offered, cluster_.spec().message_max_bytes);
    if (error != ErrorCode::None) return refused(error);
    const std::int64_t clock = cluster_.clocks.milliseconds(origin_.broker, now_);
    if (auto errors = out_of_range(partition.timestamps, *offered.header, offered.bytes, clock);
        !errors.empty()) {
      return {.error = ErrorCode::InvalidTimestamp,
              .record_errors = std::move(errors),
              .message = "One or more records have been rejected due to invalid timestamp"};
    }
    forget_idle_producers(partition, cluster_.spec(), origin_.broker, cluster_.clocks, now_);
    Result result =
        append(partition, offered, origin_, cluster_.spec().unknown_producer, now_, clock);
    if (failure && result.error == ErrorCode::None) result.error = failure->error;
    if (result.outcome == AppendOutcome::Appended) {
      BrokerContext context{cluster_, now_, effects_};
      Replication{context}.appended(at);
    }
    return result;
  }

  // The first batch of a transaction is the coordinator's to allow.
  ErrorCode verification_error(TopicPartition at, const Partition& partition,
                               const Offered& offered) const {
    if (!offered.header || !offered.header->is_transactional()) return ErrorCode::None;
    const core::ProducerIdAndEpoch producer = offered.header->producer_id_and_epoch;
    const bool is_open = partition.producers.has_open_transaction(producer.producer_id);
    if (!cluster_.spec().coordination.verifies_writes || is_open) return ErrorCode::None;
    BrokerContext context{cluster_, now_, effects_};
    const ErrorCode error = TransactionCoordinator{context}.verify(transactional_id_, producer, at);
    const bool is_unknown_to_client =
        error == ErrorCode::TransactionAbortable && origin_.version < kFirstVersionWithAbortable;
    return is_unknown_to_client ? ErrorCode::InvalidTxnState : error;
  }

  void tell(TopicPartition partition, const Offered& offered, const Result& result) {
    const RecordBatchHeader header = offered.header.value_or(RecordBatchHeader{});
    const BatchWritten written{.broker = origin_.broker,
                               .connection = origin_.connection,
                               .correlation = origin_.correlation,
                               .partition = partition,
                               .outcome = result.outcome,
                               .error = result.error,
                               .base_offset = result.base_offset,
                               .records = header.record_count,
                               .bytes = Bytes{static_cast<std::int64_t>(offered.bytes.size())},
                               .producer = header.producer_id_and_epoch,
                               .sequence = header.base_sequence};
    effects_.happened.push_back({std::nullopt, written});
  }

  const ProduceOrigin& origin_;
  std::string transactional_id_;  // empty: none
  std::int16_t acks_;
  Cluster& cluster_;
  Instant now_;
  Effects& effects_;
};

// --- The whole request ---

core::ProduceResponse same_error_for_all(const core::ProduceRequest& request, ErrorCode error) {
  core::ProduceResponse response;
  for (const core::ProduceRequestTopic& topic : request.topics) {
    core::ProduceResponseTopic& answer = response.topics.emplace_back();
    answer.name = topic.name;
    for (const core::ProduceRequestPartition& partition : topic.partitions) {
      core::ProduceResponsePartition& failed = answer.partitions.emplace_back();
      failed.index = partition.index;
      failed.error_code = core::wire_number(error);
    }
  }
  return response;
}

// Some errors tell where the log starts, so that the client can see whether data was deleted.
bool tells_log_start(ErrorCode error) {
  constexpr std::array kTelling{
      ErrorCode::None,
      ErrorCode::OutOfOrderSequenceNumber,
      ErrorCode::UnknownProducerId,
      ErrorCode::InvalidProducerEpoch,
      ErrorCode::InvalidRecord,
      ErrorCode::InvalidTxnState,
  };
  return std::find(kTelling.begin(), kTelling.end(), error) != kTelling.end();
}

core::ProduceResponsePartition response_of(std::int32_t index, const Result& result) {
  core::ProduceResponsePartition response;
  response.index = index;
  response.error_code = core::wire_number(result.error);
  if (result.error == ErrorCode::None) {
    response.base_offset = result.base_offset;
    response.log_append_time = result.log_append_time;
  }
  if (tells_log_start(result.error)) response.log_start_offset = result.log_start_offset;
  response.record_errors = result.record_errors;
  response.error_message = result.message;
  return response;
}

// What a fault makes of the answer for a partition that took the batch.
ResponseFate next_fate(TopicPartition partition, Cluster& cluster) {
  const std::optional<LoseResponse> loss = take_next(cluster.write(partition).losses);
  if (!loss) return ResponseFate::Sent;
  return loss->disconnect ? ResponseFate::LostAndClosed : ResponseFate::LostInSilence;
}

core::ProduceResponsePartition& answer_for(core::ProduceResponse& response,
                                           const PendingProduce::Undecided& undecided) {
  return response.topics[undecided.topic_index].partitions[undecided.partition_index];
}

}  // namespace

namespace {

using MetRules = std::vector<std::optional<ProduceRule>>;

// What each batch of the request meets, in its order.
MetRules rules_for(const core::ProduceRequest& request, const ProduceOrigin& origin,
                   BrokerContext& in) {
  std::vector<OfferedBatch> batches;
  std::size_t count = 0;
  for (const core::ProduceRequestTopic& topic : request.topics) count += topic.partitions.size();
  if (in.cluster.produce_rules.empty()) return MetRules(count);
  for (const core::ProduceRequestTopic& topic : request.topics) {
    for (const core::ProduceRequestPartition& records : topic.partitions) {
      const Offered offered = offered_records(records.records, origin.version);
      const RecordBatchHeader header = offered.header.value_or(RecordBatchHeader{});
      batches.push_back({{topic.name, records.index},
                         header.base_sequence,
                         header.record_count,
                         Bytes{static_cast<std::int64_t>(offered.bytes.size())}});
    }
  }
  return in.cluster.produce_rules.take({origin.number, origin.broker, in.now}, batches);
}

bool has_transactional_batches(const core::ProduceRequest& request, std::int16_t version) {
  for (const core::ProduceRequestTopic& topic : request.topics) {
    for (const core::ProduceRequestPartition& records : topic.partitions) {
      const Offered offered = offered_records(records.records, version);
      if (offered.header && offered.header->is_transactional()) return true;
    }
  }
  return false;
}

// What the rules say of the answer as a whole: the first that says something of a thing counts.
void heed(const MetRules& rules, PendingProduce& produce) {
  for (const std::optional<ProduceRule>& rule : rules) {
    if (!rule) continue;
    if (rule->answer == ProduceRule::Answer::Dropped) produce.fate = ResponseFate::LostInSilence;
    if (rule->answer == ProduceRule::Answer::Disconnect) {
      produce.fate = std::max(produce.fate, ResponseFate::LostAndClosed);
    }
    if (!produce.delay) produce.delay = rule->delay;
    if (produce.response.throttle_time == core::Milliseconds{0}) {
      produce.response.throttle_time = rule->throttle;
      produce.mutes = rule->mutes;
    }
  }
}

}  // namespace

PendingProduce handle_produce(const core::ProduceRequest& request, const ProduceOrigin& origin,
                              BrokerContext& in) {
  PendingProduce produce;
  if (request.acks < -1 || request.acks > 1) {
    produce.response = same_error_for_all(request, ErrorCode::InvalidRequiredAcks);
    return produce;
  }
  if (!request.transactional_id && has_transactional_batches(request, origin.version)) {
    produce.response = same_error_for_all(request, ErrorCode::TransactionalIdAuthorizationFailed);
    return produce;
  }
  const MetRules rules = rules_for(request, origin, in);
  heed(rules, produce);
  auto rule = rules.begin();
  Appender appender{origin, request, in};
  for (const core::ProduceRequestTopic& topic : request.topics) {
    const std::size_t topic_index = produce.response.topics.size();
    core::ProduceResponseTopic& answers = produce.response.topics.emplace_back();
    answers.name = topic.name;
    for (const core::ProduceRequestPartition& records : topic.partitions) {
      const Result result = appender.handle(topic.name, records, *rule);
      const std::size_t partition_index = answers.partitions.size();
      answers.partitions.push_back(response_of(records.index, result));
      if (const auto& met = *rule++; met && met->leader_hint) {
        answers.partitions.back().current_leader = {met->leader_hint->leader,
                                                    met->leader_hint->epoch};
        produce.response.node_endpoints.push_back(Cluster::endpoint(met->leader_hint->leader));
      }
      if (result.outcome == AppendOutcome::Refused) continue;
      const TopicPartition partition{*in.cluster.names().find(topic.name), records.index};
      if (result.error == ErrorCode::None) {
        produce.undecided.push_back(
            {partition, topic_index, partition_index, result.appended_at, result.end_offset});
      }
      if (request.acks == 0) continue;  // there is no answer to lose
      produce.fate = std::max(produce.fate, next_fate(partition, in.cluster));
    }
  }
  return produce;
}

bool has_errors(const core::ProduceResponse& response) {
  for (const core::ProduceResponseTopic& topic : response.topics) {
    for (const core::ProduceResponsePartition& partition : topic.partitions) {
      if (partition.error_code != core::wire_number(ErrorCode::None)) return true;
    }
  }
  return false;
}

void decide_where_replicated(PendingProduce& produce, const Cluster& cluster, Instant now) {
  const std::optional<Instant> at = replicated_at(produce, cluster);
  std::erase_if(produce.undecided, [&](const PendingProduce::Undecided& undecided) {
    const Partition& partition = *cluster.find(undecided.partition);  // see fail_where_not_leading
    if (!partition.is_replicated()) return *at <= now;
    if (partition.high_watermark() < undecided.end_offset) return false;
    if (!partition.has_enough_in_sync()) {
      answer_for(produce.response, undecided).error_code =
          core::wire_number(ErrorCode::NotEnoughReplicasAfterAppend);
    }
    return true;
  });
}

std::optional<Instant> replicated_at(const PendingProduce& produce, const Cluster& cluster) {
  std::optional<Instant> last;
  for (const PendingProduce::Undecided& undecided : produce.undecided) {
    if (cluster.find(undecided.partition)->is_replicated()) continue;
    last = std::max(last.value_or(Instant{}), undecided.appended_at);
  }
  if (last) *last += cluster.spec().replication_time;
  return last;
}

void fail_where_not_leading(PendingProduce& produce, NodeId broker, const Cluster& cluster) {
  std::erase_if(produce.undecided, [&](const PendingProduce::Undecided& undecided) {
    const Partition* partition = cluster.find(undecided.partition);
    if (partition != nullptr && partition->is_led_by(broker)) return false;
    answer_for(produce.response, undecided).error_code =
        core::wire_number(partition == nullptr ? ErrorCode::UnknownTopicOrPartition
                                               : ErrorCode::NotLeaderOrFollower);
    return true;
  });
}

void time_out(PendingProduce& produce) {
  for (const PendingProduce::Undecided& undecided : produce.undecided) {
    answer_for(produce.response, undecided).error_code =
        core::wire_number(ErrorCode::RequestTimedOut);
  }
  produce.undecided.clear();
}

void add_leader_hints(core::ProduceResponse& response, const Cluster& cluster) {
  std::set<NodeId> leaders;
  for (core::ProduceResponseTopic& topic : response.topics) {
    for (core::ProduceResponsePartition& partition : topic.partitions) {
      if (partition.error_code != core::wire_number(ErrorCode::NotLeaderOrFollower)) continue;
      const auto at = cluster.find_partition({topic.name, partition.index});
      if (!at) continue;
      const Partition& state = *cluster.find(*at);
      partition.current_leader = {state.leader.value_or(core::kNoLeader), state.leader_epoch};
      if (state.leader) leaders.insert(*state.leader);
    }
  }
  for (const NodeId leader : leaders) {
    response.node_endpoints.push_back(cluster.advertised(leader));
  }
}

}  // namespace linger::sim
