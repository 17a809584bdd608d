#include "sim/replication.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.h"

namespace linger::sim {
namespace {

// Where the follower has to cut its log off, if it parts from the leader's.
std::optional<std::int64_t> divergence(const PartitionLog& leader, const Replica& follower) {
  const ReplicaFetch& fetch = follower.fetch;
  if (fetch.last_epoch < 0) {  // all it can tell is its offset
    const bool is_behind = fetch.offset <= leader.end_offset();
    return is_behind ? std::nullopt : std::optional{leader.end_offset()};
  }
  const PartitionLog::EpochEnd end = leader.end_of_epoch(fetch.last_epoch);
  if (end.epoch == fetch.last_epoch && end.end_offset >= fetch.offset) return std::nullopt;
  return std::min(end.end_offset, follower.log.end_of_epoch(end.epoch).end_offset);
}

}  // namespace

template <class FetchEvent>
Replica* Replication::current(const FetchEvent& event) {
  const Partition* known = cluster_.find(event.partition);
  if (known == nullptr || !known->is_replicated()) return nullptr;  // the topic was deleted
  Partition& partition = cluster_.write(event.partition);
  const auto at = partition.others->followers.find(event.follower);
  const bool is_current =
      at != partition.others->followers.end() && at->second.fetch.number == event.fetch;
  return is_current ? &at->second : nullptr;
}

// --- A fetch ---

void Replication::begin(TopicPartition at, NodeId follower) {
  Partition& partition = cluster_.write(at);
  Replica& replica = partition.others->followers.at(follower);
  replica.fetch = {.number = ++cluster_.replica_fetches};
  const bool can_fetch = partition.leader && !cluster_.sessions.is_absent(*partition.leader) &&
                         !cluster_.sessions.is_absent(follower) &&
                         !cluster_.sessions.stalls(follower, in_.now);
  if (!can_fetch) return;
  if (std::exchange(replica.is_new_follower, false) && spec().truncates_to_high_watermark) {
    truncate(at, follower, replica.high_watermark);
  }
  replica.fetch.stage = FetchStage::Asking;
  replica.fetch.offset = replica.log.end_offset();
  replica.fetch.last_epoch = spec().truncates_to_high_watermark ? -1 : replica.log.last_epoch();
  in_.effects.scheduled.push_back(
      {in_.now + spec().latency, ReplicaFetchArrives{at, follower, replica.fetch.number}});
}

void Replication::begin_all(TopicPartition at) {
  std::vector<NodeId> followers;
  for (const auto& [broker, replica] : cluster_.find(at)->others->followers) {
    followers.push_back(broker);
  }
  for (const NodeId follower : followers) begin(at, follower);
}

void Replication::begin_of(NodeId broker) {
  for (const TopicPartition at : cluster_.replicated()) {
    const Partition& partition = *cluster_.find(at);
    if (partition.others->followers.contains(broker)) {
      begin(at, broker);
    } else if (partition.is_led_by(broker)) {
      begin_all(at);
    }
  }
}

void Replication::on(const ReplicaFetchArrives& event) {
  Replica* replica = current(event);
  if (replica == nullptr) return;
  const Partition& partition = *cluster_.find(event.partition);
  if (!partition.leader || cluster_.sessions.is_absent(*partition.leader)) {
    replica->fetch.stage = FetchStage::Idle;
    return;
  }
  if (const auto offset = divergence(partition.log, *replica)) {
    return send({.partition = event.partition,
                 .follower = event.follower,
                 .fetch = event.fetch,
                 .high_watermark = partition.high_watermark(),
                 .truncate_to = offset});
  }
  note_progress(event.partition, event.follower);
  if (can_be_fetched(cluster_.find(event.partition)->log, replica->fetch.offset)) {
    return answer(event.partition, event.follower);
  }
  replica->fetch.stage = FetchStage::Waiting;
  in_.effects.scheduled.push_back(
      {in_.now + spec().fetch_wait,
       ReplicaFetchWaitEnds{event.partition, event.follower, event.fetch}});
}

void Replication::on(const ReplicaFetchWaitEnds& event) {
  const Replica* replica = current(event);
  if (replica == nullptr || replica->fetch.stage != FetchStage::Waiting) return;
  const Partition& partition = *cluster_.find(event.partition);
  if (!partition.leader || cluster_.sessions.is_absent(*partition.leader)) return;
  answer(event.partition, event.follower);
}

// Is there anything at the offset that a fetch can bring? Differs: a fetch that meets too large a
// batch waits as if there were none, where a follower of that time tried again at once.
bool Replication::can_be_fetched(const PartitionLog& log, std::int64_t offset) const {
  return log.end_offset() > offset && !is_too_large(log.batch(log.find_batch(offset)));
}

bool Replication::is_too_large(const StoredBatch& batch) const {
  return spec().largest_fetched && batch.bytes.size() > *spec().largest_fetched;
}

void Replication::answer(TopicPartition at, NodeId follower) {
  const Partition& partition = *cluster_.find(at);
  const ReplicaFetch& fetch = partition.others->followers.at(follower).fetch;
  ReplicaFetchAnswered answered{.partition = at,
                                .follower = follower,
                                .fetch = fetch.number,
                                .high_watermark = partition.high_watermark()};
  for (std::size_t i = partition.log.find_batch(fetch.offset); i < partition.log.batch_count();
       ++i) {
    if (is_too_large(partition.log.batch(i))) break;
    answered.batches.push_back(partition.log.batch(i));
  }
  send(std::move(answered));
}

void Replication::send(ReplicaFetchAnswered answer) {
  Replica& replica = cluster_.write(answer.partition).others->followers.at(answer.follower);
  replica.fetch.stage = FetchStage::Answered;
  const Duration extra = cluster_.sessions.extra(answer.follower, in_.now);
  in_.effects.scheduled.push_back({in_.now + spec().latency + extra, std::move(answer)});
}

void Replication::on(const ReplicaFetchAnswered& event) {
  Replica* replica = current(event);
  if (replica == nullptr) return;
  if (cluster_.sessions.is_absent(event.follower) ||
      cluster_.sessions.stalls(event.follower, in_.now)) {
    replica->fetch.stage = FetchStage::Idle;
    return;
  }
  if (event.truncate_to) truncate(event.partition, event.follower, *event.truncate_to);
  const std::int64_t before = replica->log.end_offset();
  for (const StoredBatch& batch : event.batches) {
    replica->log.append(batch);
    replica->producers.update(batch);
  }
  replica->high_watermark = std::min(event.high_watermark, replica->log.end_offset());
  if (!event.batches.empty()) {
    tell(ReplicaFetched{event.partition, event.follower, before, replica->log.end_offset() - before,
                        replica->high_watermark});
  }
  begin(event.partition, event.follower);
}

void Replication::truncate(TopicPartition at, NodeId follower, std::int64_t offset) {
  Replica& replica = cluster_.write(at).others->followers.at(follower);
  const std::int64_t before = replica.log.end_offset();
  replica.log.truncate(offset);
  const std::int64_t end = replica.log.end_offset();
  if (end == before) return;
  replica.producers = producers_in(replica.log);
  replica.high_watermark = std::min(replica.high_watermark, end);
  tell(LogTruncated{at, follower, end, before - end});
}

// --- What the leader knows ---

// Had it all that there is within the time that a follower may lag?
bool Replication::is_caught_up(const Partition& partition, const ReplicaProgress& progress) const {
  return progress.end_offset == partition.log.end_offset() ||
         in_.now - progress.caught_up <= spec().lag_time;
}

bool Replication::may_join(const Partition& partition, NodeId broker) const {
  const auto kept_out = partition.others->kept_out_until.find(broker);
  return cluster_.sessions.is_alive(broker) &&
         (kept_out == partition.others->kept_out_until.end() || kept_out->second <= in_.now);
}

void Replication::note_progress(TopicPartition at, NodeId follower) {
  Partition& partition = cluster_.write(at);
  Replica& replica = partition.others->followers.at(follower);
  ReplicaProgress& progress = replica.progress;
  const std::int64_t offset = replica.fetch.offset;
  if (offset >= partition.log.end_offset()) {
    progress.caught_up = in_.now;
  } else if (progress.end_offset && offset >= progress.leader_end_offset) {
    progress.caught_up = std::max(progress.caught_up, progress.fetched);
  }
  progress.end_offset = offset;
  progress.fetched = in_.now;
  progress.leader_end_offset = partition.log.end_offset();
  const bool joins = !partition.has_in_sync(follower) && may_join(partition, follower) &&
                     offset >= partition.high_watermark() &&
                     offset >= partition.others->epoch_start;
  if (joins) {
    cluster_.remember_leadership(at, in_.now);
    partition.in_sync_replicas.push_back(follower);
    tell(IsrChanged{at, follower, true,
                    static_cast<std::int32_t>(partition.in_sync_replicas.size()), "it caught up"});
  }
  advance(at);
}

void Replication::advance(TopicPartition at) {
  Partition& partition = cluster_.write(at);
  if (!partition.others || !partition.leader) return;
  if (spec().high_watermark_needs_min_isr && !partition.has_enough_in_sync()) return;
  std::int64_t lowest = partition.log.end_offset();
  for (const auto& [broker, replica] : partition.others->followers) {
    // Who is about to join is waited for, too.
    const bool counts = partition.has_in_sync(broker) ||
                        (replica.progress.end_offset && may_join(partition, broker) &&
                         is_caught_up(partition, replica.progress));
    if (!counts) continue;
    if (!replica.progress.end_offset) return;
    lowest = std::min(lowest, *replica.progress.end_offset);
  }
  if (lowest <= partition.others->high_watermark) return;
  partition.others->high_watermark = lowest;
  tell(HighWatermarkMoved{at, *partition.leader, lowest});
}

void Replication::appended(TopicPartition at) {
  const Partition& partition = *cluster_.find(at);
  if (!partition.others) return;
  for (const auto& [broker, replica] : partition.others->followers) {
    if (replica.fetch.stage != FetchStage::Waiting) continue;
    in_.effects.scheduled.push_back(
        {in_.now, ReplicaFetchWaitEnds{at, broker, replica.fetch.number}});
  }
  advance(at);
  schedule_lag_check(at);
}

void Replication::remove_from_isr(TopicPartition at, NodeId broker, std::string why) {
  Partition& partition = cluster_.write(at);
  cluster_.remember_leadership(at, in_.now);
  std::erase(partition.in_sync_replicas, broker);
  tell(IsrChanged{at, broker, false, static_cast<std::int32_t>(partition.in_sync_replicas.size()),
                  std::move(why)});
}

// --- Followers that lag ---

// Leaders look twice within the time that a follower may lag, at fixed times; here only if one of
// them could be found.
void Replication::schedule_lag_check(TopicPartition at) {
  Partition& partition = cluster_.write(at);
  if (!partition.leader || partition.others->is_lag_check_due) return;
  std::optional<Instant> earliest;
  for (const auto& [broker, replica] : partition.others->followers) {
    const bool lags =
        partition.has_in_sync(broker) && replica.progress.end_offset != partition.log.end_offset();
    if (lags) earliest = std::min(earliest.value_or(Instant::max()), replica.progress.caught_up);
  }
  if (!earliest) return;
  const Duration period = std::max(spec().lag_time / 2, Duration{1});
  const Duration too_late = earliest->time_since_epoch() + spec().lag_time;
  const Instant first{(too_late / period + 1) * period};
  const Instant next{(in_.now.time_since_epoch() / period + 1) * period};
  partition.others->is_lag_check_due = true;
  in_.effects.scheduled.push_back({std::max(first, next), ReplicaLagCheck{at}});
}

void Replication::on(const ReplicaLagCheck& event) {
  const Partition* known = cluster_.find(event.partition);
  if (known == nullptr || !known->is_replicated()) return;  // the topic was deleted
  Partition& partition = cluster_.write(event.partition);
  partition.others->is_lag_check_due = false;
  if (!partition.leader) return;
  if (!cluster_.sessions.is_absent(*partition.leader)) {
    for (const auto& [broker, replica] : partition.others->followers) {
      if (!partition.has_in_sync(broker) || is_caught_up(partition, replica.progress)) continue;
      remove_from_isr(event.partition, broker, "it lags");
    }
    advance(event.partition);
  }
  schedule_lag_check(event.partition);
}

}  // namespace linger::sim
