#include "viz/replica_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// --- What is under way between brokers ---

using FetchKey = std::tuple<core::TopicPartition, core::NodeId, std::int64_t>;

struct FetchUnderWay {
  core::Instant arrives{};
  std::int64_t records = 0;
  std::optional<std::int64_t> truncate_to;
};

using FetchesUnderWay = std::map<FetchKey, FetchUnderWay>;

FetchesUnderWay fetches_under_way(const sim::World& world) {
  FetchesUnderWay found;
  world.events.for_each([&found](core::Instant at, const sim::QueuedEvent& event) {
    const auto* wire = std::get_if<sim::WireEvent>(&event);
    if (wire == nullptr) return;
    if (const auto* asks = std::get_if<sim::ReplicaFetchArrives>(wire)) {
      found[{asks->partition, asks->follower, asks->fetch}] = {at, 0, std::nullopt};
    } else if (const auto* answer = std::get_if<sim::ReplicaFetchAnswered>(wire)) {
      FetchUnderWay& under_way = found[{answer->partition, answer->follower, answer->fetch}];
      under_way = {at, 0, answer->truncate_to};
      if (answer->batches.empty()) return;
      under_way.records =
          answer->batches.back().end_offset() - answer->batches.front().base_offset();
    }
  });
  return found;
}

// --- How far it has come ---

// Where what two logs have in common ends, as their leader epochs tell.
std::int64_t shared_end(const sim::PartitionLog& leader, const sim::PartitionLog& follower) {
  std::int32_t epoch = follower.last_epoch();
  while (true) {
    const auto theirs = leader.end_of_epoch(epoch);
    const auto own = follower.end_of_epoch(theirs.epoch);
    if (own.epoch == theirs.epoch || own.epoch >= epoch) {
      return std::min(theirs.end_offset, own.end_offset);
    }
    epoch = own.epoch;
  }
}

class ReplicasReader {
 public:
  ReplicasReader(const Scene& scene, const FetchesUnderWay& under_way, core::TopicPartition at)
      : scene_{scene},
        cluster_{scene.world().servers.cluster()},
        under_way_{under_way},
        at_{at},
        partition_{*cluster_.find(at)} {}

  ReplicasView read() const {
    ReplicasView view;
    view.partition = at_;
    view.name = scene_.names.topics.text(at_);
    view.leader = partition_.leader;
    view.leader_text = partition_.leader ? tr("{} leads", broker_label(*partition_.leader))
                                         : std::string{tr("nobody leads")};
    view.leader_epoch = partition_.leader_epoch;
    view.end_offset = partition_.log.end_offset();
    view.high_watermark = partition_.high_watermark();
    view.in_sync = static_cast<std::int32_t>(partition_.in_sync_replicas.size());
    view.min_in_sync = partition_.others->min_in_sync;
    view.replicas.reserve(partition_.replicas.size());
    for (const core::NodeId broker : partition_.replicas) {
      view.replicas.push_back(replica(broker));
    }
    add_harm(view);
    add_places(view);
    return view;
  }

 private:
  ReplicaBox replica(core::NodeId broker) const {
    ReplicaBox box;
    box.broker = broker;
    box.name = broker_label(broker);
    box.state = broker_state(scene_, broker);
    box.is_in_sync = partition_.has_in_sync(broker);
    if (broker == partition_.others->leading) {
      box.role = partition_.leader ? ReplicaRole::Leads : ReplicaRole::LedLast;
      box.end_offset = partition_.log.end_offset();
      box.high_watermark = partition_.high_watermark();
      return box;
    }
    const sim::Replica& own = partition_.others->followers.at(broker);
    const std::int64_t shared = shared_end(partition_.log, own.log);
    box.end_offset = own.log.end_offset();
    box.high_watermark = own.high_watermark;
    box.behind = partition_.log.end_offset() - shared;
    box.beyond = own.log.end_offset() - shared;
    if (box.behind > 0 && partition_.leader) box.lags_for = scene_.at - own.progress.caught_up;
    tell_fetch(own, box);
    return box;
  }

  // --- Its fetch ---

  void tell_fetch(const sim::Replica& own, ReplicaBox& box) const {
    const auto under_way = under_way_.find({at_, box.broker, own.fetch.number});
    if (under_way != under_way_.end()) box.due = under_way->second.arrives - scene_.at;
    switch (own.fetch.stage) {
      case sim::FetchStage::Idle:
        box.fetch = FetchLook::Stands;
        box.fetch_text = why_it_stands(box);
        return;
      case sim::FetchStage::Asking:
        box.fetch = FetchLook::Asks;
        box.fetch_text = tr("asks for what comes from offset {}", own.fetch.offset);
        return;
      case sim::FetchStage::Waiting:
        box.fetch = FetchLook::Waits;
        box.fetch_text = why_it_waits(own);
        return;
      case sim::FetchStage::Answered:
        box.fetch = FetchLook::Answered;
        if (under_way != under_way_.end()) box.fetch_text = answer_text(under_way->second);
        return;
    }
  }
  std::string why_it_stands(const ReplicaBox& box) const {
    const sim::BrokerSessions& sessions = cluster_.sessions;
    if (sessions.is_absent(box.broker)) return tr("fetches nothing: it takes no part");
    if (sessions.stalls(box.broker, scene_.world().now))
      return tr("fetches nothing: it is stalled");
    if (!partition_.leader) return tr("fetches nothing: nobody leads");
    return tr("fetches nothing: it does not reach the leader");
  }
  std::string why_it_waits(const sim::Replica& own) const {
    const std::size_t next = partition_.log.find_batch(own.fetch.offset);
    if (next >= partition_.log.batch_count())
      return tr("has all, and waits at the leader for more");
    const core::Bytes size = partition_.log.batch(next).bytes.size();
    const auto most = cluster_.spec().replication.largest_fetched;
    if (!most || size <= *most) return tr("is about to be answered");
    return tr("stuck: the next batch has {}, a fetch brings at most {}", bytes_text(size),
              bytes_text(*most));
  }
  static std::string answer_text(const FetchUnderWay& answer) {
    if (answer.truncate_to) {
      return tr("is told to cut off what stands from offset {} on", *answer.truncate_to);
    }
    if (answer.records == 0) return tr("is answered that there is nothing new");
    return tr("an answer is under way: {}", count_text(answer.records, "record"));
  }

  // --- What is gone ---

  void add_harm(ReplicasView& view) const {
    for (const std::size_t position : scene_.index.replication_of(at_)) {
      if (position >= scene_.position()) break;
      const sim::TraceEvent& event = scene_.timeline.trace()[position];
      if (const auto* lost = event.as<sim::RecordsLost>()) view.lost += lost->records;
      const auto* truncated = event.as<sim::LogTruncated>();
      if (truncated == nullptr) continue;
      for (ReplicaBox& box : view.replicas) {
        if (box.broker == truncated->broker) box.cut_off += truncated->offsets;
      }
    }
  }

  // --- To scale ---

  // Some of what all have is shown before the part in which they differ.
  static void add_places(ReplicasView& view) {
    constexpr std::int64_t kLeastShared = 4;
    std::int64_t last = view.end_offset;
    std::int64_t first = view.high_watermark;
    for (const ReplicaBox& box : view.replicas) {
      last = std::max(last, box.end_offset);
      first = std::min({first, box.high_watermark, box.end_offset - box.beyond});
    }
    first = std::max<std::int64_t>(first - std::max(kLeastShared, (last - first) / 3), 0);
    const auto length = static_cast<float>(std::max<std::int64_t>(last - first, 1));
    const auto along = [&](std::int64_t offset) {
      return static_cast<float>(std::max<std::int64_t>(offset - first, 0)) / length;
    };
    for (ReplicaBox& box : view.replicas) {
      box.shared_until = along(box.end_offset - box.beyond);
      box.watermark_at = along(box.high_watermark);
      box.ends_at = along(box.end_offset);
    }
  }

  const Scene& scene_;
  const sim::Cluster& cluster_;
  const FetchesUnderWay& under_way_;
  core::TopicPartition at_;
  const sim::Partition& partition_;
};

// --- What happened ---

bool is_harm(const sim::TraceEvent& event) {
  const auto* isr = event.as<sim::IsrChanged>();
  const auto* elected = event.as<sim::LeaderElected>();
  return (isr != nullptr && !isr->joined) ||
         (elected != nullptr && (!elected->clean || !elected->leader)) ||
         event.as<sim::LogTruncated>() != nullptr || event.as<sim::RecordsLost>() != nullptr;
}

void add_history(const Scene& scene, const std::vector<core::TopicPartition>& of, std::size_t most,
                 ReplicasInspectorView& view) {
  std::vector<std::size_t> positions;
  for (const core::TopicPartition partition : of) {
    for (const std::size_t position : scene.index.replication_of(partition)) {
      if (position < scene.position()) positions.push_back(position);
    }
  }
  std::sort(positions.begin(), positions.end(), std::greater{});
  for (const std::size_t position : positions) {
    if (view.history.size() == most) break;
    const sim::TraceEvent& event = scene.timeline.trace()[position];
    view.history.push_back({event.step, sim::instant_text(event.at),
                            tr_said(sim::describe(event, scene.names).sentence), is_harm(event)});
  }
  view.hidden = positions.size() - view.history.size();
}

bool is_led_by(const ReplicasView& view, core::NodeId broker) {
  return view.leader == broker;
}

bool has_replica_at(const ReplicasView& view, core::NodeId broker) {
  return std::ranges::find(view.replicas, broker, &ReplicaBox::broker) != view.replicas.end();
}

}  // namespace

std::vector<ReplicasView> replicas_views(const Scene& scene) {
  std::vector<ReplicasView> views;
  const std::vector<core::TopicPartition> partitions = scene.world().servers.cluster().replicated();
  if (partitions.empty()) return views;
  const FetchesUnderWay under_way = fetches_under_way(scene.world());
  views.reserve(partitions.size());
  for (const core::TopicPartition partition : partitions) {
    views.push_back(ReplicasReader{scene, under_way, partition}.read());
  }
  return views;
}

std::optional<ReplicasInspectorView> replicas_inspector_view(const Scene& scene,
                                                             std::size_t history) {
  const auto* broker = std::get_if<core::NodeId>(&scene.selection);
  const auto* lane = std::get_if<LaneRef>(&scene.selection);
  if (broker == nullptr && lane == nullptr) return std::nullopt;
  ReplicasInspectorView view;
  std::vector<core::TopicPartition> shown;
  for (ReplicasView& one : replicas_views(scene)) {
    const bool is_meant =
        broker != nullptr ? has_replica_at(one, *broker) : one.partition == lane->partition;
    if (!is_meant) continue;
    shown.push_back(one.partition);
    const bool leads = broker == nullptr || is_led_by(one, *broker);
    (leads ? view.leads : view.follows).push_back(std::move(one));
  }
  if (shown.empty()) return std::nullopt;
  if (broker != nullptr) view.broker = *broker;
  view.title = broker != nullptr ? broker_label(*broker) : scene.names.topics.text(lane->partition);
  add_history(scene, shown, history, view);
  return view;
}

std::string standing_text(const ReplicaBox& replica) {
  if (replica.role != ReplicaRole::Follows) return std::string{word(replica.role)};
  if (replica.beyond > 0) return tr("{} beyond", number_text(replica.beyond));
  if (replica.behind > 0) return tr("{} behind", number_text(replica.behind));
  return tr("caught up");
}

std::string_view word(ReplicaRole role) {
  switch (role) {
    case ReplicaRole::Leads:
      return tr("leader");
    case ReplicaRole::LedLast:
      return tr("led last");
    case ReplicaRole::Follows:
      return tr("follower");
  }
  return "";
}

}  // namespace linger::viz
