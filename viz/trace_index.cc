#include "viz/trace_index.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "sim/world.h"

namespace linger::viz {
namespace {

// Waits longer than this are drawn shorter than they are.
constexpr double kUnsqueezed = 5'000;  // microseconds
// From this factor on, a wait is marked as squeezed.
constexpr double kWorthAMark = 3;

double squeeze(core::Duration wait) {
  const auto us = static_cast<double>(wait.count());
  return us <= kUnsqueezed ? us : kUnsqueezed * (1 + std::log(us / kUnsqueezed));
}

std::size_t index_of(core::RecordId record) {
  return static_cast<std::size_t>(record.value());
}

std::int64_t entry_or_none(const std::vector<std::int64_t>& list, core::RecordId record) {
  return index_of(record) < list.size() ? list[index_of(record)] : -1;
}

void put(std::vector<std::int64_t>& list, core::RecordId record, std::int64_t value) {
  if (index_of(record) >= list.size()) list.resize(index_of(record) + 1, -1);
  list[index_of(record)] = value;
}

}  // namespace

// Reads one event of the trace into the index.
struct TraceIndex::Reader {
  TraceIndex& index;
  const sim::TraceEvent& event;
  std::size_t position;

  core::ProducerIndex producer() const { return event.producer.value_or(core::ProducerIndex{}); }
  BatchRef ref(core::BatchId batch) const { return {producer(), batch}; }

  void note(MomentKind kind) const {
    index.moments_[static_cast<std::size_t>(kind)].push_back({position, event.step, event.at});
  }
  void about(core::BatchId batch) const { index.batches_[ref(batch)].push_back(position); }
  // A broker tells its connection, not whose it is.
  std::vector<BatchRef> carried(sim::ConnectionId connection,
                                core::CorrelationId correlation) const {
    const auto client = index.client_of(connection);
    return client ? index.carried(*client, correlation) : std::vector<BatchRef>{};
  }
  void about_all(const std::vector<BatchRef>& batches) const {
    for (const BatchRef& batch : batches) index.batches_[batch].push_back(position);
  }
  void on_the_way(core::CorrelationId correlation) const {
    index.ways_[{producer(), correlation}].push_back(position);
  }
  void on_the_way(sim::ConnectionId connection, core::CorrelationId correlation) const {
    if (const auto client = index.client_of(connection)) {
      index.ways_[{*client, correlation}].push_back(position);
    }
  }
  WireStream& wire(sim::ConnectionId connection, sim::Direction direction) const {
    return index.wires_[{connection, direction}];
  }
  static std::int64_t framed(const WireStream& wire) {
    return wire.frames.empty() ? 0 : wire.frames.back().end;
  }

  // --- What the producer decided, and did ---

  void operator()(const core::ReadinessDecision& decision) const {
    index.decisions_[{producer(), decision.partition}].push_back(position);
    if (decision.batch) about(*decision.batch);
  }
  void operator()(const core::DrainDecision& decision) const {
    index.decisions_[{producer(), decision.partition}].push_back(position);
    if (decision.batch) about(*decision.batch);
  }
  void operator()(const core::RetryDecision& decision) const { about(decision.batch); }
  void operator()(const core::CallBlocked& blocked) const {
    index.held_calls_[blocked.thread].push_back(position);
  }
  void operator()(const core::SendCalled&) const { note(MomentKind::Send); }
  void operator()(const core::FlushStarted&) const { note(MomentKind::Flush); }
  void operator()(const core::SenderPassStarted&) const { note(MomentKind::SenderPass); }
  void operator()(const core::RecordCompleted& completed) const {
    note(MomentKind::RecordFate);
    if (completed.batch) about(*completed.batch);
  }
  void operator()(const core::SendFailed& failed) const {
    // One whose batch goes on is told its fate later.
    if (index.ranked(failed.record) < 0) note(MomentKind::RecordFate);
  }
  void operator()(const core::MemoryReleased& released) const {
    const auto owner = index.owner_of_.find({producer(), released.buffer});
    if (owner == index.owner_of_.end()) return;
    about(owner->second);
    index.released_.emplace(position, ref(owner->second));
    index.owner_of_.erase(owner);
  }

  // --- The life of a batch ---

  void operator()(const core::BatchOpened& opened) const {
    index.partition_of_.emplace(ref(opened.batch), opened.partition);
    index.owner_of_[{producer(), opened.buffer}] = opened.batch;
    about(opened.batch);
  }
  void operator()(const core::RecordAppended& appended) const {
    note(MomentKind::Appended);
    about(appended.batch);
    std::vector<core::RecordId>& records = index.appended_[{producer(), appended.partition}];
    put(index.rank_of_, appended.record, static_cast<std::int64_t>(records.size()));
    records.push_back(appended.record);
  }
  void operator()(const core::BatchClosedForAppends& closed) const { about(closed.batch); }
  void operator()(const core::BatchDrained& drained) const {
    note(MomentKind::Drain);
    about(drained.batch);
  }
  void operator()(const core::BatchRetried& retried) const {
    note(MomentKind::Retry);
    about(retried.batch);
  }
  void operator()(const core::BatchSplit& split) const {
    about(split.batch);
    for (const core::BatchId part : split.into) {
      index.partition_of_.emplace(ref(part), split.partition);
      about(part);
    }
  }
  void operator()(const core::BatchExpired& expired) const {
    note(MomentKind::Expiry);
    about(expired.batch);
  }
  void operator()(const core::BatchCompleted& completed) const {
    const bool is_success = completed.state == core::BatchState::Succeeded;
    note(is_success ? MomentKind::Success : MomentKind::Failure);
    about(completed.batch);
  }
  void operator()(const core::LateAnswerIgnored& late) const { about(late.batch); }

  // --- Requests ---

  void operator()(const core::RequestSent& sent) const {
    on_the_way(sent.correlation);
    for (const core::BatchId batch : sent.batches) about(batch);
    index.carried_[{producer(), sent.correlation}] = sent.batches;
    const auto connection = index.connection_of_.find({producer(), sent.node});
    if (connection == index.connection_of_.end()) return;
    WireStream& to_broker = wire(connection->second, sim::Direction::ToBroker);
    const std::int64_t begin = framed(to_broker);
    to_broker.frames.push_back(
        {position, sent.correlation, sent.api, begin, begin + sent.bytes.count(), sent.batches});
  }
  void operator()(const core::RequestWritten& written) const {
    on_the_way(written.correlation);
    about_all(index.carried(producer(), written.correlation));
  }
  void operator()(const core::RequestCompleted& completed) const {
    on_the_way(completed.correlation);
    about_all(index.carried(producer(), completed.correlation));
  }
  void operator()(const sim::RequestReceived& received) const {
    on_the_way(received.connection, received.correlation);
    about_all(carried(received.connection, received.correlation));
  }
  void operator()(const sim::BatchWritten& written) const {
    for (const BatchRef& batch : carried(written.connection, written.correlation)) {
      if (index.partition_of_.at(batch) == written.partition) about_all({batch});
    }
  }
  void operator()(const sim::ResponseSent& sent) const {
    on_the_way(sent.connection, sent.correlation);
    const std::vector<BatchRef> batches = carried(sent.connection, sent.correlation);
    about_all(batches);
    if (sent.lost) return;
    WireStream& to_client = wire(sent.connection, sim::Direction::ToClient);
    const std::int64_t begin = framed(to_client);
    to_client.frames.push_back(
        {position, sent.correlation, sent.api, begin, begin + sent.bytes.count(), {}});
    for (const BatchRef& batch : batches) to_client.frames.back().batches.push_back(batch.batch);
  }

  // --- Replicas ---

  void operator()(const sim::LeaderElected& elected) const { replicas(elected.partition); }
  void operator()(const sim::IsrChanged& changed) const { replicas(changed.partition); }
  void operator()(const sim::LogTruncated& truncated) const { replicas(truncated.partition); }
  void operator()(const sim::RecordsLost& lost) const { replicas(lost.partition); }
  void replicas(core::TopicPartition partition) const {
    index.replication_[partition].push_back(position);
  }

  // --- Wires ---

  void operator()(const sim::ConnectionOpened& opened) const {
    if (!event.producer) return;  // somebody's who is no producer
    index.add_connection({producer(), opened.node}, opened.connection, opened.broker);
  }
  void operator()(const sim::ConnectionClosed& closed) const {
    if (closed.by != sim::ClosedBy::Network) return;
    wire(closed.connection, sim::Direction::ToBroker).cut_at = position;
    wire(closed.connection, sim::Direction::ToClient).cut_at = position;
  }
  void operator()(const sim::SegmentSent& sent) const {
    WireStream& stream = wire(sent.connection, sent.direction);
    const std::int64_t begin = stream.segments.empty() ? 0 : stream.segments.back().end;
    stream.segments.push_back(
        {position, begin, begin + sent.bytes.count(), event.at, sent.arrives});
  }
  void operator()(const sim::FaultApplied&) const { note(MomentKind::Fault); }
  void operator()(const sim::NarrationReached&) const { note(MomentKind::Narration); }

  template <class Other>
  void operator()(const Other&) const {}
};

void TraceIndex::add_connection(sim::ClientSocket socket, sim::ConnectionId connection,
                                core::NodeId broker) {
  connection_of_[socket] = connection;
  client_of_[connection] = socket.producer;
  for (const sim::Direction direction : {sim::Direction::ToBroker, sim::Direction::ToClient}) {
    WireStream& stream = wires_[{connection, direction}];
    stream.producer = socket.producer;
    stream.broker = broker;
    stream.direction = direction;
  }
}

void TraceIndex::extend(const sim::Timeline& timeline) {
  if (size_ == 0) {
    // Connections that stood before the run were never opened in it.
    const sim::World start{timeline.world().scenario};
    for (const auto& view : start.servers.network().connections()) {
      add_connection(view.socket, view.connection, view.broker);
    }
    sequence_.begin(start.servers.network());
    series_.emplace(timeline.scenario());
  }
  const std::vector<sim::TraceEvent>& trace = timeline.trace();
  for (; size_ < trace.size(); ++size_) {
    const sim::TraceEvent& event = trace[size_];
    sim::visit_event(event, [&]<class Event>(const Event& what) {
      streams_[static_cast<std::size_t>(Event::kStream)].push_back(size_);
      Reader{*this, event, size_}(what);
    });
    kinds_.add(event, size_);
    lives_.add(event, size_);
    batch_rows_.follow(lives_);
    sequence_.add(event, size_);
    series_->add(event, static_cast<std::int64_t>(size_));
    add_tick(event.at);
  }
  if (timeline.frontier() > 0) add_tick(timeline.step_at(timeline.frontier() - 1));
  extend_logs(timeline.world());
}

// --- Logs ---

void TraceIndex::extend_logs(const sim::World& world) {
  const sim::Cluster& cluster = world.servers.cluster();
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const core::TopicPartition partition{topic, i};
      logs_[partition].follow(cluster, partition, rank_of_);
    }
  }
}

const LogNotes* TraceIndex::log(core::TopicPartition partition) const {
  const auto found = logs_.find(partition);
  return found == logs_.end() ? nullptr : &found->second;
}

std::int64_t TraceIndex::ranked(core::RecordId record) const {
  return entry_or_none(rank_of_, record);
}

std::span<const core::RecordId> TraceIndex::appended(LaneRef lane) const {
  const auto found = appended_.find(lane);
  if (found == appended_.end()) return {};
  return found->second;
}

// --- Places in the trace ---

std::span<const TraceMoment> TraceIndex::moments_before(MomentKind kind,
                                                        std::size_t position) const {
  const std::vector<TraceMoment>& all = moments(kind);
  const auto end = std::lower_bound(
      all.begin(), all.end(), position,
      [](const TraceMoment& moment, std::size_t before) { return moment.position < before; });
  return {all.begin(), end};
}

std::span<const std::size_t> TraceIndex::events_of(BatchRef batch) const {
  const auto found = batches_.find(batch);
  if (found == batches_.end()) return {};
  return found->second;
}

std::span<const std::size_t> TraceIndex::events_of(RequestRef request) const {
  const auto found = ways_.find({request.producer, request.correlation});
  if (found == ways_.end()) return {};
  return found->second;
}

std::span<const std::size_t> TraceIndex::held_calls_of(core::ThreadId thread) const {
  const auto found = held_calls_.find(thread);
  if (found == held_calls_.end()) return {};
  return found->second;
}

std::span<const std::size_t> TraceIndex::decisions_on(LaneRef lane) const {
  const auto found = decisions_.find(lane);
  if (found == decisions_.end()) return {};
  return found->second;
}

std::span<const std::size_t> TraceIndex::replication_of(core::TopicPartition partition) const {
  const auto found = replication_.find(partition);
  if (found == replication_.end()) return {};
  return found->second;
}

std::optional<core::ProducerIndex> TraceIndex::client_of(sim::ConnectionId connection) const {
  const auto found = client_of_.find(connection);
  if (found == client_of_.end()) return std::nullopt;
  return found->second;
}

std::vector<BatchRef> TraceIndex::carried(core::ProducerIndex client,
                                          core::CorrelationId correlation) const {
  std::vector<BatchRef> refs;
  const auto found = carried_.find({client, correlation});
  if (found == carried_.end()) return refs;
  for (const core::BatchId batch : found->second) refs.push_back({client, batch});
  return refs;
}

std::optional<BatchRef> TraceIndex::released_by(std::size_t position) const {
  const auto found = released_.find(position);
  if (found == released_.end()) return std::nullopt;
  return found->second;
}

// --- The axis ---

void TraceIndex::add_tick(core::Instant at) {
  if (ticks_.empty()) ticks_.push_back({});
  const Tick last = ticks_.back();
  if (at <= last.at) return;
  const core::Duration wait = at - last.at;
  const double along = squeeze(wait);
  if (static_cast<double>(wait.count()) >= kWorthAMark * along) squeezed_.push_back({last.at, at});
  ticks_.push_back({at, last.along + along});
}

double TraceIndex::axis(core::Instant at) const {
  if (ticks_.size() < 2) return 0;
  const auto after =
      std::upper_bound(ticks_.begin(), ticks_.end(), at,
                       [](core::Instant instant, const Tick& tick) { return instant < tick.at; });
  if (after == ticks_.end()) return 1;
  if (after == ticks_.begin()) return 0;
  const Tick& before = *std::prev(after);
  const double share = static_cast<double>((at - before.at).count()) /
                       static_cast<double>((after->at - before.at).count());
  return (before.along + share * (after->along - before.along)) / ticks_.back().along;
}

core::Instant TraceIndex::instant_at(double fraction) const {
  if (ticks_.size() < 2) return {};
  const double along = std::clamp(fraction, 0.0, 1.0) * ticks_.back().along;
  const auto after =
      std::upper_bound(ticks_.begin(), ticks_.end(), along,
                       [](double wanted, const Tick& tick) { return wanted < tick.along; });
  if (after == ticks_.end()) return ticks_.back().at;
  const Tick& before = *std::prev(after);
  const double share = (along - before.along) / (after->along - before.along);
  const auto wait = static_cast<double>((after->at - before.at).count());
  return before.at + core::Duration{std::llround(share * wait)};
}

}  // namespace linger::viz
