#include "sim/world_key.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "core/byte_reader.h"
#include "core/check.h"
#include "core/protocol.h"
#include "core/record_batch.h"
#include "core/state_walk.h"
#include "sim/control_batch.h"

namespace linger::sim {

class WorldWalk {
 public:
  WorldWalk(const World& world, Duration far)
      : world_{world}, key_{{world.now, world.producer_time(), far}} {}

  core::StateKey::Digest run() {
    name_records();
    walk(world_.servers.network());
    walk(world_.servers.cluster());
    for (const Broker& broker : world_.servers.brokers()) walk(broker);
    core::StateWalk producers{key_, names_};
    for (std::size_t i = 0; i < world_.processes.size(); ++i) {
      walk(world_.processes[i], producers);
      for (const AppThread& thread : world_.threads) {
        if (thread.producer == i) walk(thread, producers);
      }
    }
    walk_queue();
    const std::vector<ScheduledFault>& faults = world_.scenario->faults;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (faults[i].moment.at || faults[i].moment.when) key_.add(bool{world_.fault_done[i]});
    }
    key_.add(world_.ended.has_value());
    return key_.digest();
  }

 private:
  // --- Records: the ledger ---

  void name_records() {
    std::map<TopicPartition, std::int64_t> counts;
    names_.reserve(world_.records.size());
    for (std::size_t i = 0; i < world_.records.size(); ++i) {
      const RecordEntry& entry = world_.records[i];
      names_.push_back(counts[entry.partition]++);
    }
    for (const auto& [partition, count] : counts) {
      key_.add(partition, count);
      for (std::size_t i = 0; i < world_.records.size(); ++i) {
        const RecordEntry& entry = world_.records[i];
        if (entry.partition != partition) continue;
        key_.add(entry.status, entry.producer, entry.thread, entry.completions, entry.offset);
      }
    }
  }
  void records(const std::vector<core::RecordId>& ids) {
    key_.add(ids.size());
    for (const core::RecordId id : ids) key_.add(names_[static_cast<std::size_t>(id.value())]);
  }
  void producer_id(std::int64_t id) { key_.add(id < 0 ? -1 : producer_ids_.of(id).number); }
  void connection(ConnectionId id) { key_.add(connections_.of(id.value()).number); }

  // --- Bytes on their way ---

  void requests(ConnectionId id, core::ByteSpan stream) {
    constexpr std::size_t kSizeField = 4;
    while (stream.size() >= kSizeField) {
      const auto size = core::load<std::int32_t>(stream.data());
      const bool is_whole =
          size >= 8 && static_cast<std::size_t>(size) <= stream.size() - kSizeField;
      if (!is_whole) break;
      request(id, stream.subspan(kSizeField, static_cast<std::size_t>(size)));
      stream = stream.subspan(kSizeField + static_cast<std::size_t>(size));
    }
    key_.add(stream);
  }

  // A request without its correlation id; of a produce request what it carries, and not its bytes.
  void request(ConnectionId id, core::ByteSpan payload) {
    constexpr std::size_t kBeforeClientId = 8;
    core::ByteReader reader{payload};
    const auto header = core::decode_request_header(reader);
    if (!header.ok() || header->api_key != core::ApiKey::Produce) {
      key_.add(payload.first(4));
      key_.add(payload.subspan(kBeforeClientId));
      return;
    }
    const auto body = core::decode_request_body(*header, reader);
    const auto* produce = body.ok() ? std::get_if<core::ProduceRequest>(&*body) : nullptr;
    if (produce == nullptr) return key_.add(payload);
    key_.add(header->api_version, produce->acks);
    for (const core::ProduceRequestTopic& topic : produce->topics) {
      key_.add(std::string_view{topic.name});
      for (const core::ProduceRequestPartition& partition : topic.partitions) {
        key_.add(partition.index);
        batch(partition.records.value_or(core::ByteSpan{}));
      }
    }
    contents(producer_of(id), header->correlation_id);
  }

  void batch(core::ByteSpan bytes) {
    key_.add(bytes.size());
    if (const auto header = core::decode_batch_header(bytes); header.ok()) walk(*header);
  }
  void walk(const core::RecordBatchHeader& header) {
    key_.add(header.record_count, header.base_sequence, header.producer_id_and_epoch.epoch,
             header.attributes);
    producer_id(header.producer_id_and_epoch.producer_id);
  }

  // Which records it carries, as the ledger has it.
  void contents(ProducerIndex producer, core::CorrelationId correlation) {
    if (producer == kStranger) return;
    const ProducerProcess& process = world_.processes[static_cast<std::size_t>(producer.value())];
    for (const auto& contents : process.requests) {
      if (contents->correlation != correlation) continue;
      for (const auto& [partition, ids] : contents->batches) records(ids);
    }
  }
  ProducerIndex producer_of(ConnectionId id) const {
    const auto& all = world_.servers.network().connections_;
    const auto at = all.find(id);
    return at == all.end() ? kStranger : at->second.socket.producer;
  }

  // --- Wires ---

  void walk(const Network& network) {
    for (const auto& [socket, id] : network.by_socket_) {
      key_.add(socket.producer, socket.node);
      connection(id);
    }
    for (const auto& [id, each] : network.connections_) {
      connection(id);
      key_.add(each.socket.producer, each.socket.node, each.broker, each.client, each.server,
               each.authentication, each.was_closed, each.is_forgotten, each.first_words.size());
      walk(id, each.to_broker, Direction::ToBroker);
      walk(id, each.to_client, Direction::ToClient);
    }
    for (const auto& [broker, trouble] : network.troubles_) walk(broker, trouble);
    const bool minds_idleness =
        std::any_of(network.troubles_.begin(), network.troubles_.end(),
                    [](const auto& trouble) { return !trouble.second.idle_limits.empty(); });
    if (!minds_idleness) return;
    for (const auto& [id, each] : network.connections_) key_.age(each.last_passed);
  }

  void walk(ConnectionId id, const Network::OneWay& way, Direction direction) {
    key_.add(way.on_link, way.is_leaving, way.is_closing, way.is_stuck, way.pipe.waiting_.size(),
             way.pipe.jitter_.draws_taken());
    key_.deadline(way.pipe.last_arrival_);
    for (const SharedBytes& waiting : way.pipe.waiting_) bytes(id, waiting.span(), direction);
  }
  void bytes(ConnectionId id, core::ByteSpan stream, Direction direction) {
    if (direction == Direction::ToBroker) return requests(id, stream);
    core::add_responses(key_, stream);
  }

  void walk(NodeId broker, const Network::Trouble& trouble) {
    key_.add(broker, trouble.links.size(), trouble.idle_limits.size(),
             trouble.answers_authentication, trouble.is_down);
    for (const Network::LinkFault& fault : trouble.links) {
      key_.add(fault.way, fault.extra_latency, fault.extra_jitter, fault.bandwidth, fault.segment,
               fault.largest);
      key_.deadline(fault.until);
    }
    for (const Network::IdleLimit& limit : trouble.idle_limits) {
      key_.add(limit.after);
      key_.deadline(limit.until);
    }
    key_.deadline(trouble.refuses_until);
    key_.deadline(trouble.refuses_authentication_until);
    key_.deadline(trouble.silent_until);
  }

  // --- Brokers ---

  void walk(const Broker& broker) {
    key_.add(broker.id_, broker.connections_.size());
    for (const auto& [id, shared] : broker.connections_) {
      connection(id);
      walk(id, *shared);
    }
    for (const Broker::FrameLimit& limit : broker.limits_) {
      key_.add(limit.size);
      key_.deadline(limit.until);
    }
    for (const Broker::Slowdown& slow : broker.slowdowns_) {
      key_.add(slow.extra);
      key_.deadline(slow.until);
    }
    broker.quota.add_to(key_, world_.now);
    for (const Broker::RequestCut& cut : broker.request_cuts_) key_.add(cut.after, cut.times);
    for (const Broker::SpoiledAnswer& spoiled : broker.spoiled_answers_) {
      key_.add(spoiled.cut_after, spoiled.garbage.size(), spoiled.times);
      key_.deadline(spoiled.until);
    }
  }

  void walk(ConnectionId id, const Broker::Connection& each) {
    key_.add(each.serving, each.is_lost, each.ending.has_value(), each.requests.size(),
             each.leaving.size(), each.waiting.has_value(), each.receive.bytes_read());
    if (const auto& logged = each.logged_answer) {
      core::add_responses(key_, core::encode_response(logged->header, logged->answer.response));
    }
    key_.deadline(each.muted_until);
    for (const Broker::Received& received : each.requests) request(id, received.payload.span());
    for (const Broker::Leaving& leaving : each.leaving) {
      key_.deadline(leaving.at);
      key_.add(leaving.frame.has_value());
      if (leaving.frame) core::add_responses(key_, leaving.frame->span());
    }
    if (!each.waiting) return;
    key_.deadline(each.waiting->timeout);
    const PendingProduce& produce = each.waiting->produce;
    key_.add(produce.fate, produce.delay, produce.mutes, produce.undecided.size());
    for (const PendingProduce::Undecided& undecided : produce.undecided) {
      key_.add(undecided.partition, undecided.end_offset);
      key_.deadline(undecided.appended_at + world_.scenario->cluster.replication_time);
    }
    for (const core::ProduceResponseTopic& topic : produce.response.topics) {
      for (const core::ProduceResponsePartition& partition : topic.partitions) {
        key_.add(partition.index, partition.error_code, partition.base_offset);
      }
    }
  }

  // --- The cluster's data ---

  void walk(const Cluster& cluster) {
    for (const auto& [topic, partitions] : cluster.topics_) {
      key_.add(topic, partitions.size(), cluster.uuid(topic).least_significant);
      for (const auto& shared : partitions) walk(*shared);
    }
    walk(cluster.transactions);
    key_.add(cluster.advertised_.size(), cluster.produce_answer_delay_,
             cluster.coordination_answer_delay_);
    for (const auto& [broker, address] : cluster.advertised_) {
      key_.add(broker, std::string_view{address.host}, address.port);
    }
    if (!cluster.produce_rules.empty()) {
      key_.add(cluster.produce_rules.arrived_);
      for (const ProduceRule& rule : cluster.produce_rules.rules_) {
        key_.add(rule.times);
        key_.deadline(rule.from);
        key_.deadline(rule.until);
      }
    }
    for (const auto& [broker, skew] : cluster.clocks.skews) key_.add(broker, skew);
    const BrokerSessions& sessions = cluster.sessions;
    for (const auto& [broker, absence] : sessions.absences) key_.add(broker, absence.is_noticed);
    for (const auto& [broker, until] : sessions.paused_until) {
      key_.add(broker);
      key_.deadline(until);
    }
    for (const FollowerTrouble& trouble : sessions.troubles) {
      key_.add(trouble.follower, trouble.extra, trouble.stalls);
      key_.deadline(trouble.until);
    }
  }

  void walk(const TransactionLog& log) {
    for (const auto& [id, entry] : log.entries) {
      const CoordinatorSeat& seat = log.seats.of(id);
      key_.add(std::string_view{id}, seat.broker, seat.epoch, entry->pending.has_value());
      key_.deadline(seat.loaded);
      walk(entry->metadata);
      if (entry->pending) walk(*entry->pending);
    }
    if (!log.entries.empty()) key_.deadline(log.fails_until);
  }
  void walk(const TransactionMetadata& known) {
    producer_id(known.producer.producer_id);
    producer_id(known.last_producer.producer_id);
    key_.add(known.producer.epoch, known.last_producer.epoch, known.timeout, known.state,
             known.partitions.size());
    for (const TopicPartition partition : known.partitions) key_.add(partition);
    if (known.state == TransactionState::Ongoing) key_.deadline(known.started + known.timeout);
    CHECK(known.groups.empty());
  }

  void walk(const Partition& partition) {
    key_.add(partition.leader, partition.leader_epoch, partition.in_sync_replicas.size());
    for (const NodeId replica : partition.in_sync_replicas) key_.add(replica);
    walk(partition.log);
    walk(partition.producers);
    key_.add(partition.failures.size(), partition.losses.size(),
             partition.metadata_failures.size());
    for (const ProduceFailure& failure : partition.failures) {
      key_.add(failure.error, failure.append, failure.times);
      key_.deadline(failure.until);
    }
    for (const LoseResponse& loss : partition.losses) key_.add(loss.times, loss.disconnect);
    for (const MetadataFailure& failure : partition.metadata_failures) {
      key_.add(failure.error, failure.times);
      key_.deadline(failure.until);
    }
    if (world_.scenario->cluster.replication.metadata_lag > Duration{}) {
      for (const Partition::Past& past : partition.past) {
        key_.deadline(past.until + world_.scenario->cluster.replication.metadata_lag);
        key_.add(past.leader, past.leader_epoch);
      }
    }
    if (partition.others) walk(*partition.others);
  }

  void walk(const PartitionLog& log) {
    key_.add(log.start_offset(), log.batch_count(), log.marker_count());
    for (std::size_t i = 0; i < log.batch_count(); ++i) {
      const StoredBatch& stored = log.batch(i);
      walk(stored.header);
      key_.add(stored.header.partition_leader_epoch);
      records(stored.records);
      if (!stored.header.is_control()) continue;
      if (const auto marker = decode_marker(stored.bytes.span())) key_.add(marker->type);
    }
  }

  void walk(const ProducerStateManager& producers) {
    key_.add(producers.entries().size());
    for (const auto& [id, entry] : producers.entries()) {
      producer_id(id);
      key_.add(entry.epoch, entry.transaction_began, entry.batches.size());
      for (const BatchMetadata& known : entry.batches) {
        key_.add(known.first_sequence, known.last_sequence, known.base_offset);
      }
    }
    key_.add(producers.aborted().size());
    for (const AbortedTransaction& aborted : producers.aborted()) {
      producer_id(aborted.producer_id);
      key_.add(aborted.first_offset, aborted.marker_offset);
    }
  }

  void walk(const ReplicaSet& replicas) {
    key_.add(replicas.leading, replicas.high_watermark, replicas.epoch_start,
             replicas.is_lag_check_due);
    const Duration lag_time = world_.scenario->cluster.replication.lag_time;
    for (const auto& [broker, replica] : replicas.followers) {
      key_.add(broker, replica.high_watermark, replica.is_new_follower, replica.fetch.stage,
               replica.fetch.offset, replica.fetch.last_epoch, replica.progress.end_offset,
               replica.progress.leader_end_offset);
      key_.deadline(replica.progress.caught_up + lag_time);
      key_.deadline(replica.progress.fetched + lag_time);
      walk(replica.log);
      walk(replica.producers);
    }
    for (const auto& [broker, until] : replicas.kept_out_until) {
      key_.add(broker);
      key_.deadline(until);
    }
  }

  // --- Producers and threads ---

  void walk(const ProducerProcess& process, core::StateWalk& producers) {
    producers.walk(process.producer);
    const SenderThread& sender = process.sender;
    CHECK(!sender.user_code);
    // From the third on, each takes its time.
    key_.add(process.has_exited, sender.state, std::min(sender.empty_polls, 3), sender.is_spinning,
             sender.waits_since.has_value());
    key_.deadline(sender.due);
    key_.deadline(sender.poll_ends);
    for (const auto& [code, count] : process.user_calls) {
      key_.add(code.kind, code.index, count);
    }
  }

  void walk(const AppThread& thread, core::StateWalk& producers) {
    CHECK(!thread.user_code && thread.watched.empty());
    key_.add(thread.id, thread.action, thread.turn, thread.is_to_end, thread.is_woken,
             thread.is_late, thread.sent, thread.blocked_on, thread.call.index(),
             thread.random.draws_taken());
    key_.deadline(thread.due);
    key_.deadline(thread.deadline);
    if (paces_itself(thread)) key_.age(thread.run_began);
    if (const auto* send = std::get_if<core::SendCall>(&thread.call)) producers.walk(*send);
    if (const auto* flush = std::get_if<core::FlushCall>(&thread.call)) producers.walk(*flush);
    if (const auto* future = std::get_if<core::FutureCall>(&thread.call)) producers.walk(*future);
    if (const auto* close = std::get_if<core::CloseCall>(&thread.call)) producers.walk(*close);
    if (const auto* call = std::get_if<core::TransactionCall>(&thread.call)) producers.walk(*call);
  }

  bool paces_itself(const AppThread& thread) const {
    const auto& program =
        world_.scenario->threads[static_cast<std::size_t>(thread.id.value())].program;
    if (thread.action >= program.size()) return false;
    const auto* send = std::get_if<SendAction>(&program[thread.action]);
    return send != nullptr && send->every > Duration{} && thread.sent > 0;
  }

  // --- What is due ---

  void walk_queue() {
    struct Pending {
      Lane lane;
      EventQueue::Place place;
      const QueuedEvent* event;
    };
    std::vector<Pending> pending;
    pending.reserve(world_.events.size());
    world_.events.for_each_place([&](const EventQueue::Place& place, const QueuedEvent& event) {
      Lane lane = lane_of(event);
      const bool is_of_connection = lane.kind == Lane::Kind::ToBroker ||
                                    lane.kind == Lane::Kind::ToClient ||
                                    lane.kind == Lane::Kind::AtBroker;
      if (is_of_connection) {
        lane.number = static_cast<std::int32_t>(connections_.of(lane.number).number);
      }
      pending.push_back({lane, place, &event});
    });
    std::sort(pending.begin(), pending.end(), [](const Pending& a, const Pending& b) {
      if (a.lane != b.lane) return a.lane < b.lane;
      return a.place.is_before(b.place);
    });
    for (const Pending& each : pending) {
      key_.add(each.lane.kind, each.lane.number, each.lane.partition);
      key_.deadline(each.place.at);
      if (const auto* wire = std::get_if<WireEvent>(each.event)) walk(*wire);
    }
  }

  void walk(const WireEvent& event) {
    key_.add(event.index());
    if (const auto* segment = std::get_if<SegmentArrival>(&event)) {
      bytes(segment->connection, segment->bytes.span(), segment->direction);
    } else if (const auto* arrives = std::get_if<ReplicaFetchArrives>(&event)) {
      key_.add(is_current(*arrives));
    } else if (const auto* ends = std::get_if<ReplicaFetchWaitEnds>(&event)) {
      key_.add(is_current(*ends));
    } else if (const auto* answered = std::get_if<ReplicaFetchAnswered>(&event)) {
      key_.add(is_current(*answered), answered->high_watermark, answered->batches.size(),
               answered->truncate_to);
      for (const StoredBatch& fetched : answered->batches) records(fetched.records);
    } else if (const auto* expires = std::get_if<BrokerSessionExpires>(&event)) {
      const auto& absences = world_.servers.cluster().sessions.absences;
      const auto absence = absences.find(expires->broker);
      key_.add(absence != absences.end() && absence->second.number == expires->absence);
    } else if (const auto* due = std::get_if<AcknowledgementDue>(&event)) {
      key_.add(is_current(*due));
    } else if (const auto* answer = std::get_if<LoggedAnswerDue>(&event)) {
      key_.add(is_current(*answer));
    } else if (const auto* logged = std::get_if<TransitionLogged>(&event)) {
      transition(*logged);
    } else if (const auto* markers = std::get_if<MarkersDue>(&event)) {
      transition(*markers);
    } else if (const auto* check = std::get_if<ExpiryCheckDue>(&event)) {
      const TransactionEntry* known = transaction(check->transactional_id);
      key_.add(known != nullptr && known->metadata.started == check->started);
    }
  }

  template <class FetchEvent>
  bool is_current(const FetchEvent& event) const {
    const Partition* partition = world_.servers.cluster().find(event.partition);
    if (partition == nullptr || !partition->others) return false;
    const auto at = partition->others->followers.find(event.follower);
    return at != partition->others->followers.end() && at->second.fetch.number == event.fetch;
  }
  template <class TransitionEvent>
  void transition(const TransitionEvent& event) {
    const TransactionEntry* known = transaction(event.transactional_id);
    key_.add(known != nullptr && known->transition == event.transition);
  }
  const TransactionEntry* transaction(const std::string& id) {
    key_.add(std::string_view{id});
    return world_.servers.cluster().transactions.find(id);
  }
  template <class AnswerEvent>
  requires requires(AnswerEvent event) { event.request; }
  bool is_current(const AnswerEvent& event) const {
    for (const Broker& broker : world_.servers.brokers()) {
      if (broker.id_ != event.broker) continue;
      const auto at = broker.connections_.find(event.connection);
      return at != broker.connections_.end() && at->second->served == event.request;
    }
    return false;
  }

  const World& world_;
  core::StateKey key_;
  std::vector<std::int64_t> names_;  // of records
  core::FirstMet connections_;
  core::FirstMet producer_ids_;
};

core::StateKey::Digest world_key(const World& world, Duration far) {
  return WorldWalk{world, far}.run();
}

}  // namespace linger::sim
