#include "viz/scene.h"

namespace linger::viz {
namespace {

bool exists(const Scene& scene, core::ProducerIndex producer) {
  return producer.value() >= 0 &&
         static_cast<std::size_t>(producer.value()) < scene.world().processes.size();
}

bool exists(const Scene& scene, BatchRef batch) {
  return exists(scene, batch.producer) && batch.batch.value() >= 0 &&
         static_cast<std::size_t>(batch.batch.value()) <
             process_of(scene, batch.producer).batches.size();
}

bool exists(const Scene& scene, core::RecordId record) {
  return record.value() >= 0 &&
         static_cast<std::size_t>(record.value()) < scene.world().records.size();
}

// The first partition there is.
std::optional<LaneRef> first_lane(const Scene& scene) {
  const sim::Cluster& cluster = scene.world().servers.cluster();
  for (const core::TopicId topic : cluster.topics()) {
    if (cluster.partition_count(topic) > 0 && !scene.world().processes.empty()) {
      return LaneRef{core::ProducerIndex{0}, {topic, 0}};
    }
  }
  return std::nullopt;
}

}  // namespace

const sim::ProducerProcess& process_of(const Scene& scene, core::ProducerIndex producer) {
  return scene.world().processes[static_cast<std::size_t>(producer.value())];
}

const core::RecordAccumulator& accumulator_of(const Scene& scene, core::ProducerIndex producer) {
  return process_of(scene, producer).producer.accumulator();
}

const sim::BatchEntry& entry_of(const Scene& scene, BatchRef batch) {
  return process_of(scene, batch.producer).batches[static_cast<std::size_t>(batch.batch.value())];
}

const sim::RecordEntry& entry_of(const Scene& scene, core::RecordId record) {
  return scene.world().records[static_cast<std::size_t>(record.value())];
}

const core::ProducerBatch* find_batch(const Scene& scene, BatchRef batch) {
  if (!exists(scene, batch.producer)) return nullptr;
  const core::BatchTable& batches = accumulator_of(scene, batch.producer).batches;
  return batches.contains(batch.batch) ? &batches.at(batch.batch) : nullptr;
}

bool is_selected(const Scene& scene, BatchRef batch) {
  return selected_batch(scene) == batch;
}

bool is_selected(const Scene& scene, core::RecordId record) {
  const auto* selected = std::get_if<core::RecordId>(&scene.selection);
  return selected != nullptr && *selected == record;
}

bool is_selected(const Scene& scene, RequestRef request) {
  const auto* selected = std::get_if<RequestRef>(&scene.selection);
  return selected != nullptr && *selected == request;
}

std::optional<BatchRef> selected_batch(const Scene& scene) {
  if (const auto* batch = std::get_if<BatchRef>(&scene.selection)) {
    if (exists(scene, *batch)) return *batch;
  }
  if (const auto* record = std::get_if<core::RecordId>(&scene.selection)) {
    if (!exists(scene, *record)) return std::nullopt;
    const sim::RecordEntry& entry = entry_of(scene, *record);
    if (entry.batch) return BatchRef{entry.producer, *entry.batch};
  }
  if (const auto* request = std::get_if<RequestRef>(&scene.selection)) {
    const auto carried = scene.index.carried(request->producer, request->correlation);
    if (!carried.empty() && exists(scene, carried.front())) return carried.front();
  }
  return std::nullopt;
}

std::optional<LaneRef> selected_lane(const Scene& scene) {
  if (const auto* lane = std::get_if<LaneRef>(&scene.selection)) return *lane;
  if (const auto batch = selected_batch(scene)) {
    return LaneRef{batch->producer, entry_of(scene, *batch).partition};
  }
  if (const auto* record = std::get_if<core::RecordId>(&scene.selection)) {
    if (!exists(scene, *record)) return std::nullopt;
    const sim::RecordEntry& entry = entry_of(scene, *record);
    if (entry.partition.partition >= 0) return LaneRef{entry.producer, entry.partition};
  }
  return std::nullopt;
}

std::optional<LaneRef> lane_in_focus(const Scene& scene) {
  if (const auto selected = selected_lane(scene)) return selected;
  for (std::size_t i = 0; i < scene.world().processes.size(); ++i) {
    const core::ProducerIndex producer{static_cast<std::int32_t>(i)};
    const core::RecordAccumulator& accumulator = accumulator_of(scene, producer);
    for (const core::TopicPartition partition : accumulator.partitions()) {
      if (!accumulator.queue(partition)->batches.empty()) return LaneRef{producer, partition};
    }
  }
  return first_lane(scene);
}

}  // namespace linger::viz
