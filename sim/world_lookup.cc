// What each name of the query language is worth in a world.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/event_text.h"
#include "sim/log_reading.h"
#include "sim/query_names.h"
#include "sim/read_committed.h"
#include "sim/world.h"

namespace linger::sim {

namespace {

Value count_of(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

// Answers one reference. Requires: the producer it names exists.
class WorldLookup {
 public:
  WorldLookup(const World& world, const WorldReference& reference, std::size_t producer)
      : world_{world}, reference_{reference}, process_{world.processes[producer]} {}

  LookupResult answer() const {
    const WorldName name = reference_.name;
    if (name <= WorldName::RecordsPending) return of_run();
    if (name == WorldName::RecordsLost) return lost();
    if (name <= WorldName::RecordCompletedAt) return of_record();
    if (name <= WorldName::BatchesInFlight) return of_batches();
    if (name <= WorldName::BatchAge) return of_batch();
    if (name <= WorldName::PartitionNextSequence) return of_partition();
    if (name <= WorldName::PoolLost) return of_pool();
    if (name <= WorldName::ProducerBlockedThreads) return of_producer();
    if (name <= WorldName::ThreadBlockedOn) return of_thread();
    if (name <= WorldName::LogIsInOrder) return of_log();
    if (name <= WorldName::LogReadCommitted) return of_committed_log();
    if (name <= WorldName::LogLost) return of_replicas();
    if (name <= WorldName::TransactionCoordinator) return of_transaction();
    if (name <= WorldName::GroupCoordinator) return of_group();
    return of_broker();
  }

 private:
  const core::KafkaProducer& producer() const { return process_.producer; }
  const core::RecordAccumulator& accumulator() const { return producer().accumulator(); }

  // Without a producer's name the run's own totals are meant.
  RecordCounts counts() const {
    if (!reference_.producer) return world_.counts;
    RecordCounts counts;
    for (std::size_t i = 0; i < world_.records.size(); ++i) {
      const RecordEntry& entry = world_.records[i];
      if (&world_.processes[static_cast<std::size_t>(entry.producer.value())] != &process_)
        continue;
      ++counts.sent;
      counts.acknowledged += entry.status == RecordStatus::Acknowledged ? 1 : 0;
      counts.failed += entry.status == RecordStatus::Failed ? 1 : 0;
      counts.refused += entry.status == RecordStatus::Refused ? 1 : 0;
    }
    return counts;
  }

  LookupResult of_run() const {
    const RecordCounts c = counts();
    switch (reference_.name) {
      case WorldName::Now:
        return Value{world_.now.time_since_epoch()};
      case WorldName::Step:
        return Value{world_.steps};
      case WorldName::RecordsSent:
        return Value{c.sent};
      case WorldName::RecordsAcknowledged:
        return Value{c.acknowledged};
      case WorldName::RecordsFailed:
        return Value{c.failed};
      case WorldName::RecordsRefused:
        return Value{c.refused};
      default:
        return Value{c.sent - c.acknowledged - c.failed - c.refused};
    }
  }

  LookupResult of_record() const {
    const auto index = static_cast<std::size_t>(reference_.number);
    if (reference_.number < 0 || index >= world_.records.size()) return Value{None{}};
    const RecordEntry& entry = world_.records[index];
    const bool is_completed =
        entry.status != RecordStatus::Sending && entry.status != RecordStatus::Pending;
    switch (reference_.name) {
      case WorldName::RecordStatus:
        return Value{std::string{record_state(entry.status)}};
      case WorldName::RecordPartition:
        if (entry.partition.partition < 0) return Value{None{}};
        return Value{world_.scenario->topics.text(entry.partition)};
      case WorldName::RecordBatch:
        return entry.batch ? Value{entry.batch->value()} : Value{None{}};
      case WorldName::RecordOffset:
        if (entry.status != RecordStatus::Acknowledged) return Value{None{}};
        return Value{entry.offset};
      case WorldName::RecordError:
        if (!entry.error) return Value{None{}};
        return Value{std::string{core::name(entry.error->exception)}};
      case WorldName::RecordSentAt:
        return Value{entry.sent_at.time_since_epoch()};
      default:
        return is_completed ? Value{entry.completed_at.time_since_epoch()} : Value{None{}};
    }
  }

  static std::string_view record_state(RecordStatus status) {
    switch (status) {
      case RecordStatus::Sending:
        return "sending";
      case RecordStatus::Pending:
        return "queued";
      case RecordStatus::Acknowledged:
        return "acknowledged";
      case RecordStatus::Failed:
        return "failed";
      case RecordStatus::Refused:
        return "refused";
    }
    return "";
  }

  LookupResult of_batches() const {
    switch (reference_.name) {
      case WorldName::BatchesOpened:
        return count_of(process_.batches.size());
      case WorldName::BatchesIncomplete:
        return count_of(accumulator().incomplete().size());
      case WorldName::BatchesQueued: {
        std::size_t queued = 0;
        for (const TopicPartition partition : accumulator().partitions()) {
          queued += accumulator().queue(partition)->batches.size();
        }
        return count_of(queued);
      }
      default: {
        std::size_t in_flight = 0;
        accumulator().batches.for_each([&](const core::ProducerBatch& batch) {
          if (batch.requests_out > 0) ++in_flight;
        });
        return count_of(in_flight);
      }
    }
  }

  LookupResult of_batch() const {
    const auto index = static_cast<std::size_t>(reference_.number);
    if (reference_.number < 0 || index >= process_.batches.size()) return Value{None{}};
    const BatchEntry& entry = process_.batches[index];
    switch (reference_.name) {
      case WorldName::BatchStatus:
        return Value{std::string{batch_state(entry)}};
      case WorldName::BatchPartition:
        return Value{world_.scenario->topics.text(entry.partition)};
      case WorldName::BatchRecords:
        return Value{std::int64_t{entry.records}};
      case WorldName::BatchBytes:
        return Value{entry.bytes.count()};
      case WorldName::BatchAttempts:
        return Value{std::int64_t{entry.attempts}};
      case WorldName::BatchSequence:
        return Value{std::int64_t{entry.sequence}};
      default: {
        const bool is_over = entry.status == BatchStatus::Done;
        return Value{(is_over ? entry.completed_at : world_.now) - entry.opened_at};
      }
    }
  }

  static std::string_view batch_state(const BatchEntry& entry) {
    switch (entry.status) {
      case BatchStatus::Open:
        return "open";
      case BatchStatus::Queued:
        return "waiting";
      case BatchStatus::InFlight:
        return "in flight";
      case BatchStatus::Backoff:
        return "retrying";
      case BatchStatus::Done:
        break;
    }
    if (entry.outcome == core::BatchState::Succeeded) return "succeeded";
    return entry.outcome == core::BatchState::Aborted ? "aborted" : "failed";
  }

  std::optional<TopicPartition> partition() const {
    return world_.servers.cluster().find_partition(reference_.partition);
  }

  LookupResult no_such_partition() const {
    return EvalError{"there is no partition '" + reference_.partition.topic + "-" +
                         std::to_string(reference_.partition.partition) + "'",
                     "name a topic of the scenario and one of its partitions, as in 'orders-0'"};
  }

  LookupResult of_partition() const {
    const auto tp = partition();
    if (!tp) return no_such_partition();
    const auto& snapshot = producer().metadata().snapshot();
    switch (reference_.name) {
      case WorldName::PartitionDeque: {
        const auto* queue = accumulator().queue(*tp);
        return count_of(queue == nullptr ? 0 : queue->batches.size());
      }
      case WorldName::PartitionInFlight:
        return count_of(producer().sender().in_flight_batches().of(*tp).size());
      case WorldName::PartitionMuted:
        return Value{accumulator().is_muted(*tp)};
      case WorldName::PartitionLeader: {
        const std::optional<NodeId> leader = snapshot.leader_for(*tp);
        return leader ? Value{std::int64_t{leader->value()}} : Value{None{}};
      }
      case WorldName::PartitionLeaderEpoch: {
        const auto epoch = snapshot.leader_epoch(*tp);
        return epoch ? Value{std::int64_t{*epoch}} : Value{None{}};
      }
      default: {
        const core::TransactionManager* transactions = producer().transactions();
        if (transactions == nullptr) return Value{None{}};
        const auto at = transactions->partitions().find(*tp);
        return Value{
            std::int64_t{at == transactions->partitions().end() ? 0 : at->second.next_sequence}};
      }
    }
  }

  LookupResult of_pool() const {
    const core::BufferPool& pool = accumulator().pool();
    switch (reference_.name) {
      case WorldName::PoolTotal:
        return Value{pool.total().count()};
      case WorldName::PoolAvailable:
        return Value{pool.available().count()};
      case WorldName::PoolNonPooled:
        return Value{pool.non_pooled().count()};
      case WorldName::PoolFreeBuffers:
        return count_of(pool.free_list().size());
      case WorldName::PoolWaiters:
        return Value{std::int64_t{pool.waiter_count()}};
      default:
        return Value{pool.lost().count()};
    }
  }

  LookupResult of_producer() const {
    const core::TransactionManager* transactions = producer().transactions();
    const NodeId node{static_cast<std::int32_t>(reference_.number)};
    switch (reference_.name) {
      case WorldName::RequestsSent:
        return Value{producer().sender().metrics().produce_requests};
      case WorldName::RequestsInFlight:
        return Value{std::int64_t{producer().client().in_flight_count()}};
      case WorldName::NodeConnection:
        return Value{enum_text(producer().client().connections().state(node))};
      case WorldName::NodeInFlight:
        return Value{std::int64_t{producer().client().in_flight_count(node)}};
      case WorldName::ProducerId:
        return Value{transactions == nullptr ? std::int64_t{-1}
                                             : transactions->producer().producer_id};
      case WorldName::ProducerEpoch:
        return Value{transactions == nullptr ? std::int64_t{-1}
                                             : std::int64_t{transactions->producer().epoch}};
      case WorldName::ProducerStatus: {
        const core::Sender& sender = producer().sender();
        return Value{std::string{!sender.is_alive() || process_.has_exited ? "closed"
                                 : sender.is_closing()                     ? "closing"
                                                                           : "running"}};
      }
      case WorldName::ProducerTransactionState:
        if (transactions == nullptr || !transactions->is_transactional()) return Value{None{}};
        return Value{enum_text(transactions->state())};
      case WorldName::ProducerTransactionPartitions:
        return count_of(transactions == nullptr ? 0 : transactions->added_partitions().size());
      case WorldName::ProducerFlushing:
        return Value{accumulator().flush_in_progress()};
      default: {
        std::int64_t blocked = 0;
        for (const AppThread& thread : world_.threads) {
          if (&world_.processes[thread.producer] == &process_ && thread.blocked_on) ++blocked;
        }
        return Value{blocked};
      }
    }
  }

  template <class Enum>
  static std::string enum_text(Enum value) {
    return std::string{word(value)};
  }

  LookupResult of_thread() const {
    const auto& specs = world_.scenario->threads;
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const auto& s) { return s.name == reference_.text; });
    if (spec == specs.end()) {
      return EvalError{"there is no thread '" + reference_.text + "'",
                       "the first one is '" + specs.front().name + "'"};
    }
    const AppThread& thread = world_.threads[static_cast<std::size_t>(spec - specs.begin())];
    if (reference_.name == WorldName::ThreadBlockedOn) {
      return thread.blocked_on ? Value{enum_text(*thread.blocked_on)} : Value{None{}};
    }
    if (thread.has_ended()) return Value{std::string{"ended"}};
    if (thread.blocked_on) return Value{std::string{"blocked"}};
    return Value{std::string{thread.due && *thread.due > world_.now ? "sleeping" : "running"}};
  }

  LookupResult of_log() const {
    const auto tp = partition();
    if (!tp) return no_such_partition();
    const Partition& found = *world_.servers.cluster().find(*tp);
    switch (reference_.name) {
      case WorldName::LogRecords:
        return Value{found.log.end_offset() - found.log.marker_count()};
      case WorldName::LogBatches:
        return count_of(found.log.batch_count());
      case WorldName::LogHighWatermark:
        return Value{found.high_watermark()};
      case WorldName::LogLeader:
        return found.leader ? Value{std::int64_t{found.leader->value()}} : Value{None{}};
      case WorldName::LogDuplicates:
        return Value{reading_of(found.log).duplicates};
      default:
        return Value{reading_of(found.log).is_in_order};
    }
  }

  LookupResult of_committed_log() const {
    const auto tp = partition();
    if (!tp) return no_such_partition();
    const Partition& found = *world_.servers.cluster().find(*tp);
    switch (reference_.name) {
      case WorldName::LogEndOffset:
        return Value{found.log.end_offset()};
      case WorldName::LogStartOffset:
        return Value{found.log.start_offset()};
      case WorldName::LogMarkers:
        return Value{found.log.marker_count()};
      case WorldName::LogLastStableOffset:
        return Value{last_stable_offset(found)};
      default:
        return Value{committed_records(found)};
    }
  }

  LookupResult lost() const {
    if (world_.scenario->live) return Value{None{}};
    if (!reference_.producer) return Value{lost_records(world_, {})};
    const auto index = &process_ - world_.processes.data();
    return Value{lost_records(
        world_, {std::nullopt, core::ProducerIndex{static_cast<std::int32_t>(index)}})};
  }

  LookupResult of_replicas() const {
    const auto tp = partition();
    if (!tp) return no_such_partition();
    const Partition& found = *world_.servers.cluster().find(*tp);
    switch (reference_.name) {
      case WorldName::LogLeaderEpoch:
        return Value{std::int64_t{found.leader_epoch}};
      case WorldName::LogInSync:
        return count_of(found.in_sync_replicas.size());
      default:
        return Value{lost_records(world_, {*tp, std::nullopt})};
    }
  }

  LookupResult of_transaction() const {
    const TransactionLog& log = world_.servers.cluster().transactions;
    const TransactionEntry* entry = log.find(reference_.text);
    if (reference_.name == WorldName::TransactionCoordinator) {
      return broker_of(log.seats.of(reference_.text));
    }
    if (entry == nullptr) {
      const bool is_state = reference_.name == WorldName::TransactionStatus;
      return is_state ? Value{std::string{"none"}} : Value{None{}};
    }
    const TransactionMetadata& metadata = entry->metadata;
    switch (reference_.name) {
      case WorldName::TransactionStatus:
        return Value{enum_text(metadata.state)};
      case WorldName::TransactionProducerId:
        return Value{metadata.producer.producer_id};
      case WorldName::TransactionEpoch:
        return Value{std::int64_t{metadata.producer.epoch}};
      default:
        return count_of(metadata.partitions.size());
    }
  }

  LookupResult of_group() const {
    const GroupTable& groups = world_.servers.cluster().groups;
    if (reference_.name == WorldName::GroupCoordinator) {
      return broker_of(groups.seats.of(reference_.text));
    }
    const ConsumerGroup* group = groups.find(reference_.text);
    if (group == nullptr) return Value{std::int64_t{0}};
    if (reference_.name == WorldName::GroupCommitted) {
      return Value{std::int64_t{offset_count(group->committed)}};
    }
    std::int64_t pending = 0;
    for (const auto& [producer, offsets] : group->pending) pending += offset_count(offsets);
    return Value{pending};
  }

  static Value broker_of(const CoordinatorSeat& seat) {
    return seat.broker ? Value{std::int64_t{seat.broker->value()}} : Value{None{}};
  }

  LookupResult of_broker() const {
    const NodeId id{static_cast<std::int32_t>(reference_.number)};
    const auto& brokers = world_.servers.brokers();
    const auto broker =
        std::find_if(brokers.begin(), brokers.end(), [&](const Broker& b) { return b.id() == id; });
    if (broker == brokers.end()) {
      return EvalError{"there is no broker " + std::to_string(reference_.number),
                       "brokers are numbered from 0 to " + std::to_string(brokers.size() - 1)};
    }
    const auto connections = broker->connections();
    if (reference_.name == WorldName::BrokerConnections) return count_of(connections.size());
    if (reference_.name == WorldName::BrokerQueued) {
      std::size_t queued = 0;
      for (const auto& connection : connections) queued += connection.requests.size();
      return count_of(queued);
    }
    const Network& network = world_.servers.network();
    if (network.is_down(id)) return Value{std::string{"down"}};
    const BrokerSessions& sessions = world_.servers.cluster().sessions;
    if (sessions.pause_end(id, world_.now)) return Value{std::string{"paused"}};
    return Value{std::string{network.is_silent(id, world_.now) ? "silent" : "up"}};
  }

  const World& world_;
  const WorldReference& reference_;
  const ProducerProcess& process_;
};

}  // namespace

Lookup lookup_in(const World& world) {
  return [&world](const WorldReference& reference) -> LookupResult {
    std::size_t producer = 0;
    if (reference.producer) {
      const auto& specs = world.scenario->producers;
      const auto spec = std::find_if(specs.begin(), specs.end(), [&](const ProducerSpec& s) {
        return s.name == *reference.producer;
      });
      if (spec == specs.end()) {
        return EvalError{"there is no producer '" + *reference.producer + "'",
                         "the first one is '" + specs.front().name + "'"};
      }
      producer = static_cast<std::size_t>(spec - specs.begin());
    }
    return WorldLookup{world, reference, producer}.answer();
  };
}

}  // namespace linger::sim
