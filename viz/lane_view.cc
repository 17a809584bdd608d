// A producer's deques, as lanes of the picture.
#include <algorithm>
#include <set>
#include <utility>

#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// The topics a producer's threads send to, or all there are if they send to none.
std::set<core::TopicId> topics_of(const Scene& scene, core::ProducerIndex producer) {
  const sim::Scenario& scenario = scene.timeline.scenario();
  std::set<core::TopicId> topics;
  for (const sim::AppThreadSpec& thread : scenario.threads) {
    if (thread.producer != static_cast<std::size_t>(producer.value())) continue;
    for (const sim::AppAction& action : thread.program) {
      const auto* send = std::get_if<sim::SendAction>(&action);
      if (send == nullptr) continue;
      if (const auto topic = scenario.topics.find(send->topic)) topics.insert(*topic);
    }
  }
  if (!topics.empty()) return topics;
  const std::vector<core::TopicId> all = scene.world().servers.cluster().topics();
  return {all.begin(), all.end()};
}

// Those its threads send to, and those it has sent to for another reason.
std::set<core::TopicPartition> partitions_of(const Scene& scene, core::ProducerIndex producer) {
  const sim::Cluster& cluster = scene.world().servers.cluster();
  const std::vector<core::TopicPartition> used = accumulator_of(scene, producer).partitions();
  std::set<core::TopicPartition> partitions{used.begin(), used.end()};
  for (const core::TopicId topic : topics_of(scene, producer)) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) partitions.insert({topic, i});
  }
  return partitions;
}

ReadinessBadge badge(const core::ReadinessDecision& decision) {
  ReadinessBadge badge;
  badge.verdict = decision.verdict;
  badge.word = tr(sim::word(decision.verdict));
  badge.is_ready = decision.verdict == core::ReadinessVerdict::Ready;
  const bool has_terms = badge.is_ready || decision.verdict == core::ReadinessVerdict::Waiting ||
                         decision.verdict == core::ReadinessVerdict::BackingOff;
  if (!has_terms) return badge;
  const std::pair<bool, const char*> terms[] = {
      {decision.full, "full"},           {decision.expired, "expired"},
      {decision.exhausted, "exhausted"}, {decision.closed, "closed"},
      {decision.flushing, "flushing"},   {decision.completing, "completing"}};
  for (const auto& [holds, name] : terms) {
    if (holds) badge.terms.emplace_back(name);
  }
  return badge;
}

void tell_leader(const Scene& scene, Lane& lane) {
  const core::KafkaProducer& producer = process_of(scene, lane.ref.producer).producer;
  lane.leader = producer.metadata().snapshot().leader_for(lane.ref.partition);
  lane.leader_text = lane.leader ? broker_label(*lane.leader) : std::string{tr("no leader")};
  const sim::Partition* partition = scene.world().servers.cluster().find(lane.ref.partition);
  lane.leader_is_stale = lane.leader && partition != nullptr && partition->leader != lane.leader;
}

Lane lane_of(const Scene& scene, LaneRef ref) {
  const core::KafkaProducer& producer = process_of(scene, ref.producer).producer;
  const core::RecordAccumulator& accumulator = producer.accumulator();
  Lane lane;
  lane.ref = ref;
  lane.name = scene.names.topics.text(ref.partition);
  lane.is_muted = accumulator.is_muted(ref.partition);
  lane.is_selected = std::get_if<LaneRef>(&scene.selection) != nullptr &&
                     std::get<LaneRef>(scene.selection) == ref;
  tell_leader(scene, lane);
  const auto in_flight = producer.sender().in_flight_batches().of(ref.partition);
  lane.in_flight = static_cast<std::int32_t>(in_flight.size());
  const auto* queue = accumulator.queue(ref.partition);
  if (queue == nullptr) return lane;
  lane.batches.reserve(queue->batches.size());
  for (const core::BatchId batch : queue->batches) {
    lane.batches.push_back(batch_box(scene, {ref.producer, batch}));
  }
  if (queue->last_decision) lane.readiness = badge(*queue->last_decision);
  return lane;
}

}  // namespace

std::vector<Lane> lanes(const Scene& scene, core::ProducerIndex producer) {
  std::vector<Lane> lanes;
  for (const core::TopicPartition partition : partitions_of(scene, producer)) {
    lanes.push_back(lane_of(scene, {producer, partition}));
  }
  return lanes;
}

}  // namespace linger::viz
