// The brokers: what waits in them, and the ends of the logs they lead.
#include <algorithm>
#include <string>
#include <utility>

#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/shown_log.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// "down" alone is a direction, too, which other languages tell apart.
std::string_view state_word(sim::BrokerState state) {
  if (language() == Language::English) return sim::word(state);
  switch (state) {
    case sim::BrokerState::Up:
      return tr("the broker is up");
    case sim::BrokerState::Silent:
      return tr("the broker is silent");
    case sim::BrokerState::Down:
      return tr("the broker is down");
    case sim::BrokerState::Paused:
      return tr("the broker is paused");
  }
  return "";
}

LogBatch log_batch(const Scene& scene, const ShownLog& shown, const sim::StoredBatch& stored) {
  LogBatch batch;
  batch.base_offset = stored.base_offset();
  batch.records = stored.header.record_count;
  batch.label = offsets_text(batch.base_offset, batch.records);
  batch.producer = stored.origin.producer;
  if (scene.names.producers.size() > 1) {
    batch.producer_name = scene.names.producers[static_cast<std::size_t>(batch.producer.value())];
  }
  batch.sequence = stored.header.base_sequence;
  if (!stored.records.empty()) {
    const sim::RecordEntry& entry = entry_of(scene, stored.records.front());
    if (entry.batch) batch.batch = BatchRef{entry.producer, *entry.batch};
  }
  for (std::int64_t at = stored.base_offset(); at < stored.end_offset(); ++at) {
    const LogNote& note = shown.at(at);
    batch.is_duplicate = batch.is_duplicate || note.is_duplicate();
    batch.is_reordered = batch.is_reordered || note.is_reordered();
    if (note.record && is_selected(scene, *note.record)) batch.is_selected = true;
  }
  if (batch.batch && is_selected(scene, *batch.batch)) batch.is_selected = true;
  return batch;
}

bool is_selected(const Scene& scene, core::TopicPartition partition) {
  const auto* lane = std::get_if<LaneRef>(&scene.selection);
  return lane != nullptr && lane->partition == partition;
}

LogTail log_tail(const Scene& scene, core::TopicPartition partition, std::size_t at_most) {
  const sim::Partition& stored = *scene.world().servers.cluster().find(partition);
  LogTail tail;
  tail.partition = partition;
  tail.name = scene.names.topics.text(partition);
  tail.end_offset = stored.log.end_offset();
  tail.leader_epoch = stored.leader_epoch;
  const std::size_t count = stored.log.batch_count();
  const std::size_t first = count - std::min(count, at_most);
  tail.hidden = static_cast<std::int64_t>(first);
  tail.batches.reserve(count - first);
  const ShownLog shown{scene, partition};
  for (std::size_t i = first; i < count; ++i) {
    tail.batches.push_back(log_batch(scene, shown, stored.log.batch(i)));
    tail.batches.back().awaits_followers =
        stored.log.batch(i).end_offset() > stored.high_watermark();
  }
  tail.is_selected = is_selected(scene, partition);
  return tail;
}

// Their ids are their places.
BrokerBox* find_box(PipelineView& view, core::NodeId broker) {
  const auto index = static_cast<std::size_t>(broker.value());
  return index < view.brokers.size() ? &view.brokers[index] : nullptr;
}

// Whoever leads has the log; where nobody does, none has.
void add_logs(const Scene& scene, std::size_t at_most, PipelineView& view) {
  const sim::Cluster& cluster = scene.world().servers.cluster();
  for (const core::TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const core::TopicPartition partition{topic, i};
      const auto leader = cluster.find(partition)->leader;
      BrokerBox* box = leader ? find_box(view, *leader) : nullptr;
      std::vector<LogTail>& logs = box != nullptr ? box->logs : view.leaderless;
      logs.push_back(log_tail(scene, partition, at_most));
    }
  }
}

LogTail* find_log(PipelineView& view, const ReplicasView& replicas) {
  BrokerBox* box = replicas.leader ? find_box(view, *replicas.leader) : nullptr;
  std::vector<LogTail>& logs = box != nullptr ? box->logs : view.leaderless;
  const auto found = std::ranges::find(logs, replicas.partition, &LogTail::partition);
  return found == logs.end() ? nullptr : &*found;
}

void add_replicas(const Scene& scene, PipelineView& view) {
  for (ReplicasView& replicas : replicas_views(scene)) {
    for (const ReplicaBox& replica : replicas.replicas) {
      if (replica.role == ReplicaRole::Leads) continue;
      BrokerBox* box = find_box(view, replica.broker);
      if (box == nullptr) continue;
      box->followed.push_back({replicas.partition, replicas.name, replicas.leader_text,
                               replicas.leader_epoch, replicas.end_offset, replica,
                               is_selected(scene, replicas.partition)});
    }
    if (LogTail* log = find_log(view, replicas)) log->replicas = std::move(replicas);
  }
}

std::vector<QueuedRequest> queue_of(const Scene& scene, const sim::Broker& broker) {
  using Serving = sim::Broker::Serving;
  std::vector<QueuedRequest> queue;
  for (const sim::Broker::ConnectionView& connection : broker.connections()) {
    bool is_first = true;
    for (const core::RequestHeader& header : connection.requests) {
      QueuedRequest request;
      request.producer = scene.index.client_of(connection.connection).value_or(request.producer);
      request.connection = connection.connection;
      request.correlation = header.correlation_id;
      request.api = header.api_key;
      request.label = request_label(header.api_key, header.correlation_id);
      request.is_served = is_first && connection.serving == Serving::Request;
      request.awaits_followers = is_first && connection.serving == Serving::AwaitingFollowers;
      request.batches = scene.index.carried(request.producer, header.correlation_id);
      for (const BatchRef& batch : request.batches) {
        if (is_selected(scene, batch)) request.is_selected = true;
      }
      queue.push_back(std::move(request));
      is_first = false;
    }
  }
  return queue;
}

}  // namespace

sim::BrokerState broker_state(const Scene& scene, core::NodeId broker) {
  const sim::ServerSide& servers = scene.world().servers;
  const core::Instant now = scene.world().now;
  if (servers.network().is_down(broker)) return sim::BrokerState::Down;
  if (servers.network().is_silent(broker, now)) return sim::BrokerState::Silent;
  const bool is_paused = servers.cluster().sessions.pause_end(broker, now).has_value();
  return is_paused ? sim::BrokerState::Paused : sim::BrokerState::Up;
}

void add_brokers(const Scene& scene, std::size_t log_batches, PipelineView& view) {
  const sim::ServerSide& servers = scene.world().servers;
  for (const sim::Broker& broker : servers.brokers()) {
    BrokerBox box;
    box.id = broker.id();
    box.name = broker_label(broker.id());
    box.state = broker_state(scene, broker.id());
    box.word = state_word(box.state);
    box.queue = queue_of(scene, broker);
    const auto* selected = std::get_if<core::NodeId>(&scene.selection);
    box.is_selected = selected != nullptr && *selected == broker.id();
    view.brokers.push_back(std::move(box));
  }
  add_logs(scene, log_batches, view);
  add_replicas(scene, view);
}

}  // namespace linger::viz
