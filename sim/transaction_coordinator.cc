#include "sim/transaction_coordinator.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "sim/control_batch.h"
#include "sim/replication.h"

namespace linger::sim {
namespace {

using core::ErrorCode;

constexpr Duration kMarkerRetry = std::chrono::milliseconds{100};

std::set<TopicPartition> partitions_in(const core::AddPartitionsToTxnRequest& request,
                                       const core::TopicNames& names) {
  std::set<TopicPartition> partitions;
  for (const core::AddPartitionsToTxnTopic& topic : request.topics) {
    if (topic.partitions.empty()) continue;
    const auto id = names.find(topic.name);
    CHECK(id);  // who asked has looked whether the partitions are there
    for (const std::int32_t partition : topic.partitions) partitions.insert({*id, partition});
  }
  return partitions;
}

// What a partition's leader answers where the coordinator said no; the client tries again after
// NOT_ENOUGH_REPLICAS, without asking for metadata.
ErrorCode verification_error(ErrorCode error) {
  switch (error) {
    case ErrorCode::ConcurrentTransactions:
    case ErrorCode::CoordinatorLoadInProgress:
    case ErrorCode::CoordinatorNotAvailable:
    case ErrorCode::NotCoordinator:
      return ErrorCode::NotEnoughReplicas;
    case ErrorCode::ProducerFenced:
      return ErrorCode::InvalidProducerEpoch;
    default:
      return error;
  }
}

}  // namespace

TransactionCoordinator::TransactionCoordinator(BrokerContext& in)
    : in_{in}, log_{in.cluster.transactions}, spec_{in.cluster.spec().coordination} {}

// --- Requests ---

TransactionCoordinator::Outcome TransactionCoordinator::handle(
    const core::InitProducerIdRequest& request) {
  const std::string& id = *request.transactional_id;
  if (id.empty()) return {.error = ErrorCode::InvalidRequest};
  const Duration timeout = request.transaction_timeout;
  if (timeout <= Duration{} || timeout > spec_.max_timeout) {
    return {.error = ErrorCode::InvalidTransactionTimeout};
  }
  const TransactionEntry& entry = find_or_create(id, timeout);
  if (entry.pending) return {.error = ErrorCode::ConcurrentTransactions};
  TransactionDecision decision =
      decide_init(entry.metadata, {request.producer_id_and_epoch, timeout});
  if (decision.next && decision.next->producer.producer_id == -1) {
    decision.next->producer.producer_id = in_.cluster.next_producer_id();
  }
  core::ProducerIdAndEpoch producer;
  if (decision.error == ErrorCode::None) producer = decision.next->producer;
  Outcome outcome = decided(id, std::move(decision));
  outcome.producer = producer;
  return outcome;
}

TransactionCoordinator::Outcome TransactionCoordinator::handle(
    const core::AddPartitionsToTxnRequest& request) {
  return add(
      request.transactional_id,
      {request.producer_id_and_epoch, partitions_in(request, in_.cluster.names()), {}, in_.now});
}

TransactionCoordinator::Outcome TransactionCoordinator::handle(
    const core::AddOffsetsToTxnRequest& request) {
  return add(request.transactional_id,
             {request.producer_id_and_epoch, {}, {request.group_id}, in_.now});
}

TransactionCoordinator::Outcome TransactionCoordinator::add(const std::string& id,
                                                            AddRequest request) {
  const ErrorCode error = refusal(id, request.producer);
  if (error != ErrorCode::None) return {.error = error};
  return decided(id, decide_add(log_.find(id)->metadata, std::move(request)));
}

TransactionCoordinator::Outcome TransactionCoordinator::handle(const core::EndTxnRequest& request) {
  const std::string& id = request.transactional_id;
  const ErrorCode error = refusal(id, request.producer_id_and_epoch);
  if (error != ErrorCode::None) return {.error = error};
  return decided(
      id, decide_end(log_.find(id)->metadata, {request.producer_id_and_epoch, request.committed}));
}

ErrorCode TransactionCoordinator::verify(std::string_view id, core::ProducerIdAndEpoch producer,
                                         TopicPartition partition) const {
  const CoordinatorSeat& seat = log_.seats.of(id);
  if (!seat.broker || is_gone(seat)) return verification_error(ErrorCode::CoordinatorNotAvailable);
  if (in_.now < seat.loaded) return verification_error(ErrorCode::CoordinatorLoadInProgress);
  const TransactionEntry* entry = log_.find(id);
  if (entry == nullptr) return ErrorCode::InvalidProducerIdMapping;
  return verification_error(sim::verify(entry->metadata, producer, partition));
}

const TransactionEntry& TransactionCoordinator::find_or_create(const std::string& id,
                                                               Duration timeout) {
  if (const TransactionEntry* known = log_.find(id)) return *known;
  TransactionEntry created;
  created.metadata.producer = {in_.cluster.next_producer_id(), -1};
  created.metadata.timeout = timeout;
  log_.entries.emplace(id, core::Cow{std::move(created)});
  return *log_.find(id);
}

ErrorCode TransactionCoordinator::refusal(std::string_view id,
                                          core::ProducerIdAndEpoch producer) const {
  const TransactionEntry* entry = log_.find(id);
  if (entry == nullptr) return ErrorCode::InvalidProducerIdMapping;
  const ErrorCode error = check_owner(entry->metadata, producer);
  if (error != ErrorCode::None) return error;
  return entry->pending ? ErrorCode::ConcurrentTransactions : ErrorCode::None;
}

TransactionCoordinator::Outcome TransactionCoordinator::decided(const std::string& id,
                                                                TransactionDecision decision) {
  Outcome outcome{.error = decision.error};
  if (!decision.next) return outcome;
  if (is_log_failing(id)) return not_logged(id, *decision.next);
  outcome.logged_after = time_to_log(log_.seats.of(id));
  begin(id, *std::move(decision.next));
  return outcome;
}

// Nothing has changed, or, before KAFKA-9666, nothing but the epoch.
TransactionCoordinator::Outcome TransactionCoordinator::not_logged(
    const std::string& id, const TransactionMetadata& next) {
  TransactionMetadata& known = write(id).metadata;
  const bool fences =
      known.state == TransactionState::Ongoing && next.producer.epoch > known.producer.epoch;
  if (fences && spec_.keeps_failed_epochs) known.producer.epoch = next.producer.epoch;
  return {.error = ErrorCode::CoordinatorNotAvailable};
}

// --- Transitions ---

// Requires: none is pending.
void TransactionCoordinator::begin(const std::string& id, TransactionMetadata next) {
  TransactionEntry& entry = write(id);
  CHECK(!entry.pending);
  entry.pending = std::move(next);
  ++entry.transition;
  const Duration delay = time_to_log(log_.seats.of(id));
  if (delay == Duration{}) return apply(id);
  in_.effects.scheduled.push_back({in_.now + delay, TransitionLogged{id, entry.transition}});
}

void TransactionCoordinator::on(const TransitionLogged& event) {
  const TransactionEntry& entry = *log_.find(event.transactional_id);
  if (!entry.pending || entry.transition != event.transition) return;
  const CoordinatorSeat& seat = log_.seats.of(event.transactional_id);
  const bool stands = !is_gone(seat) && has_enough_in_sync(seat);
  if (stands) return apply(event.transactional_id);
  write(event.transactional_id).pending.reset();
  if (!is_gone(seat) && is_ending(entry.metadata.state)) {
    schedule_markers(event.transactional_id, kMarkerRetry);
  }
}

void TransactionCoordinator::apply(const std::string& id) {
  TransactionEntry& entry = write(id);
  const TransactionState before = entry.metadata.state;
  entry.metadata = *std::exchange(entry.pending, std::nullopt);
  const TransactionMetadata& now = entry.metadata;
  in_.effects.happened.push_back(
      {std::nullopt, TransactionChanged{id, now.state, now.producer,
                                        static_cast<std::int32_t>(now.partitions.size()),
                                        static_cast<std::int32_t>(now.groups.size())}});
  if (now.state == TransactionState::Ongoing && before != TransactionState::Ongoing) {
    schedule_expiry(id, now.started + now.timeout);
  } else if (is_ending(now.state)) {
    schedule_markers(id, spec_.marker_time);
  }
}

// --- Markers ---

void TransactionCoordinator::schedule_markers(const std::string& id, Duration delay) {
  if (delay == Duration{}) return write_markers(id);
  in_.effects.scheduled.push_back({in_.now + delay, MarkersDue{id, log_.find(id)->transition}});
}

void TransactionCoordinator::on(const MarkersDue& event) {
  const TransactionEntry& entry = *log_.find(event.transactional_id);
  const CoordinatorSeat& seat = log_.seats.of(event.transactional_id);
  const bool is_current = entry.transition == event.transition && is_ending(entry.metadata.state);
  // A new coordinator begins anew, once it has loaded.
  const bool has_coordinator =
      spec_.transaction_coordinator || (seat.broker && in_.now >= seat.loaded && !is_gone(seat));
  if (is_current && has_coordinator) write_markers(event.transactional_id);
}

void TransactionCoordinator::write_markers(const std::string& id) {
  TransactionMetadata metadata = log_.find(id)->metadata;
  std::erase_if(metadata.partitions,
                [&](TopicPartition partition) { return write_marker(partition, metadata); });
  std::erase_if(metadata.groups,
                [&](const std::string& group) { return write_group_marker(group, metadata); });
  write(id).metadata = metadata;
  const bool is_done =
      metadata.partitions.empty() && metadata.groups.empty() && !is_log_failing(id);
  if (is_done) return begin(id, completed(metadata));
  schedule_markers(id, kMarkerRetry);
}

// False if it has to be tried again.
bool TransactionCoordinator::write_marker(TopicPartition at, const TransactionMetadata& metadata) {
  if (!in_.cluster.has_partition(at)) return true;
  Partition& partition = in_.cluster.write(at);
  if (!partition.leader && spec_.markers_need_leader) return false;
  const bool is_leader_gone = partition.is_replicated() && partition.leader &&
                              in_.cluster.sessions.is_absent(*partition.leader);
  if (is_leader_gone || !partition.has_enough_in_sync()) return false;
  const Marker marker{
      metadata.state == TransactionState::PrepareCommit ? MarkerType::Commit : MarkerType::Abort,
      metadata.producer, 0};
  MarkerWritten written{at, marker.type, partition.producers.check(marker), -1, marker.producer};
  if (written.error == ErrorCode::None) {
    const NodeId writer = partition.leader.value_or(partition.replicas.front());
    const std::int64_t milliseconds = in_.cluster.clocks.milliseconds(writer, in_.now);
    const core::ByteVector batch = encode_marker(marker, milliseconds);
    const auto header = core::decode_batch_header(batch);
    written.offset =
        partition.log.append(header.value(), batch, partition.leader_epoch, {{}, {}, {}, in_.now});
    partition.producers.update(marker, written.offset, milliseconds);
    Replication{in_}.appended(at);
  }
  in_.effects.happened.push_back({std::nullopt, written});
  return true;
}

bool TransactionCoordinator::write_group_marker(const std::string& group,
                                                const TransactionMetadata& metadata) {
  const bool is_commit = metadata.state == TransactionState::PrepareCommit;
  if (!in_.cluster.groups.seats.of(group).broker && spec_.markers_need_leader) return false;
  const std::int32_t offsets = in_.cluster.groups.end_transaction(
      group, metadata.producer.producer_id,
      is_commit ? GroupTable::End::Commit : GroupTable::End::Abort);
  in_.effects.happened.push_back(
      {std::nullopt, GroupMarkerWritten{group, is_commit ? MarkerType::Commit : MarkerType::Abort,
                                        metadata.producer, offsets}});
  return true;
}

// --- Transactions that take too long ---

// At the first check after that.
void TransactionCoordinator::schedule_expiry(const std::string& id, Instant earliest) {
  if (spec_.expiry_check == Duration{}) return;
  const auto checks = earliest.time_since_epoch() / spec_.expiry_check + 1;
  in_.effects.scheduled.push_back(
      {Instant{checks * spec_.expiry_check}, ExpiryCheckDue{id, log_.find(id)->metadata.started}});
}

void TransactionCoordinator::on(const ExpiryCheckDue& event) {
  const std::string& id = event.transactional_id;
  const TransactionEntry& entry = *log_.find(id);
  const bool is_open =
      entry.metadata.state == TransactionState::Ongoing && entry.metadata.started == event.started;
  if (!is_open) return;
  const CoordinatorSeat& seat = log_.seats.of(id);
  const bool can_act = !entry.pending && seat.broker && in_.now >= seat.loaded && !is_gone(seat) &&
                       !is_log_failing(id);
  if (!can_act) return schedule_expiry(id, in_.now);
  expire(id);
}

// --- The log's replicas ---

bool TransactionCoordinator::is_log_failing(std::string_view id) const {
  return in_.now < log_.fails_until || !has_enough_in_sync(log_.seats.of(id));
}

bool TransactionCoordinator::has_enough_in_sync(const CoordinatorSeat& seat) const {
  return seat.replicas.empty() || std::ssize(seat.in_sync) >= spec_.log_min_in_sync;
}

bool TransactionCoordinator::is_gone(const CoordinatorSeat& seat) const {
  return !seat.replicas.empty() && seat.broker && in_.cluster.sessions.is_absent(*seat.broker);
}

// Until all in-sync replicas have fetched it, and fetched again. One that is gone counts as in sync
// until the controller misses it. Differs: it is not known to come back before.
Duration TransactionCoordinator::time_to_log(const CoordinatorSeat& seat) const {
  if (seat.in_sync.size() < 2) return spec_.log_time;
  const ReplicationSpec& replication = in_.cluster.spec().replication;
  Instant fetched = in_.now + 2 * replication.latency;
  for (const NodeId replica : seat.in_sync) {
    const auto absence = in_.cluster.sessions.absences.find(replica);
    if (absence == in_.cluster.sessions.absences.end() || absence->second.is_noticed) continue;
    fetched = std::max(fetched, absence->second.since + replication.session_timeout);
  }
  return spec_.log_time + (fetched - in_.now);
}

// The last of the in-sync replicas stays one: it alone may lead when it comes back.
void TransactionCoordinator::broker_is_gone(NodeId broker) {
  for (std::int32_t partition = 0; partition < log_.seats.count(); ++partition) {
    if (!log_.seats.at(partition).has_in_sync(broker)) continue;
    CoordinatorSeat& seat = log_.seats.write(partition);
    if (seat.in_sync.size() > 1) std::erase(seat.in_sync, broker);
    if (seat.broker == broker) elect(partition);
  }
}

void TransactionCoordinator::broker_is_back(NodeId broker) {
  for (std::int32_t partition = 0; partition < log_.seats.count(); ++partition) {
    const std::vector<NodeId>& replicas = log_.seats.at(partition).replicas;
    if (std::find(replicas.begin(), replicas.end(), broker) == replicas.end()) continue;
    CoordinatorSeat& seat = log_.seats.write(partition);
    if (!seat.broker) {
      elect(partition);
    } else if (seat.broker == broker) {
      go_on(partition);
    }
    if (!seat.broker) continue;
    for (const NodeId replica : seat.replicas) {  // they catch up at once
      const bool joins = !in_.cluster.sessions.is_absent(replica) && !seat.has_in_sync(replica);
      if (joins) seat.in_sync.push_back(replica);
    }
  }
}

void TransactionCoordinator::elect(std::int32_t partition) {
  CoordinatorSeat& seat = log_.seats.write(partition);
  const auto next = std::find_if(seat.replicas.begin(), seat.replicas.end(), [&](NodeId replica) {
    return seat.has_in_sync(replica) && in_.cluster.sessions.is_alive(replica);
  });
  std::optional<NodeId> to;
  if (next != seat.replicas.end()) to = *next;
  if (to == seat.broker) return;
  seat.broker = to;
  seat.loaded = in_.now;
  ++seat.epoch;
  for (const auto& [id, entry] : log_.entries) {
    if (log_.seats.partition_of(id) != partition) continue;
    in_.effects.happened.push_back(
        {std::nullopt, CoordinatorMoved{core::CoordinatorType::Transaction, id, to}});
  }
  go_on(partition);
}

void TransactionCoordinator::go_on(std::int32_t partition) {
  const CoordinatorSeat& seat = log_.seats.at(partition);
  const Instant begins = std::max(in_.now, seat.loaded) + spec_.marker_time;
  for (auto& [id, shared] : log_.entries) {
    if (log_.seats.partition_of(id) != partition) continue;
    TransactionEntry& entry = shared.write();
    entry.pending.reset();
    if (!is_ending(entry.metadata.state) || !seat.broker) continue;
    ++entry.transition;
    in_.effects.scheduled.push_back({begins, MarkersDue{id, entry.transition}});
  }
}

// --- Faults ---

void TransactionCoordinator::expire(const std::string& id) {
  const TransactionEntry* entry = log_.find(id);
  const bool is_open =
      entry != nullptr && !entry->pending && entry->metadata.state == TransactionState::Ongoing;
  if (is_open) begin(id, fenced(entry->metadata));
}

// As if the other producer had come back until everything of the old transaction was done. Of many
// times, the first and the last are told: in between nothing but the epoch changes.
void TransactionCoordinator::fence(const std::string& id, std::int32_t times) {
  fence_once(id);
  if (times == 1) return;
  TransactionEntry& entry = write(id);
  if (entry.pending) apply(id);
  for (std::int32_t i = 2; i < times && !is_ending(entry.metadata.state); ++i) {
    entry.metadata = next_of(entry.metadata);
  }
  fence_once(id);
}

TransactionMetadata TransactionCoordinator::next_of(const TransactionMetadata& known) {
  TransactionMetadata next = *decide_init(known, {{}, known.timeout}).next;
  if (next.producer.producer_id == -1) next.producer.producer_id = in_.cluster.next_producer_id();
  return next;
}

void TransactionCoordinator::fence_once(const std::string& id) {
  if (log_.find(id) == nullptr) find_or_create(id, std::chrono::seconds{60});
  TransactionEntry& entry = write(id);
  if (entry.pending) apply(id);
  if (entry.metadata.state == TransactionState::Ongoing) {
    entry.pending = fenced(entry.metadata);
    ++entry.transition;
    apply(id);
  }
  if (is_ending(entry.metadata.state)) write_markers(id);
  if (entry.pending) apply(id);
  if (is_ending(entry.metadata.state)) return;  // some partition has no leader: it goes on waiting
  begin(id, next_of(entry.metadata));
}

// Where the log has replicas, nobody else can lead it.
void TransactionCoordinator::move(const MoveCoordinator& fault) {
  const std::vector<std::int32_t> moved = moving(fault);
  for (const std::int32_t partition : moved) {
    CoordinatorSeat& seat = log_.seats.write(partition);
    seat.broker = fault.to;
    seat.loaded = in_.now + fault.loads;
    ++seat.epoch;
  }
  if (moved.empty()) return;
  in_.effects.happened.push_back(
      {std::nullopt,
       CoordinatorMoved{core::CoordinatorType::Transaction, fault.key.value_or(""), fault.to}});
  if (spec_.transaction_coordinator) return;
  for (const std::int32_t partition : moved) go_on(partition);
}

std::vector<std::int32_t> TransactionCoordinator::moving(const MoveCoordinator& fault) const {
  std::vector<std::int32_t> moving;
  for (std::int32_t partition = 0; partition < log_.seats.count(); ++partition) {
    const CoordinatorSeat& seat = log_.seats.at(partition);
    const bool is_meant = !fault.key || log_.seats.partition_of(*fault.key) == partition;
    const bool can_lead =
        seat.replicas.empty() || !fault.to ||
        (seat.has_in_sync(*fault.to) && !in_.cluster.sessions.is_absent(*fault.to));
    if (is_meant && can_lead) moving.push_back(partition);
  }
  return moving;
}

}  // namespace linger::sim
