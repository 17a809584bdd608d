// What happens to topics, and to what is in them.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/controller.h"
#include "sim/server_side.h"

namespace linger::sim {

void ServerSide::apply_to(const CreateTopic& fault, Instant now, Effects& effects) {
  const std::optional<TopicId> topic = cluster_.names().find(fault.topic.name);
  const bool can_lead = !fault.leader || find_broker(*fault.leader) != nullptr;
  if (!topic || cluster_.has_topic(*topic) || !can_lead) return;
  TopicSpec spec = cluster_.usual_spec(*topic);
  const std::int32_t brokers = cluster_.spec().brokers;
  if (fault.partitions || fault.leader) {
    const auto usual_count = static_cast<std::int32_t>(spec.leaders.size());
    const std::int32_t first = fault.leader.value_or(NodeId{0}).value();
    spec.leaders.clear();
    for (std::int32_t i = 0; i < fault.partitions.value_or(usual_count); ++i) {
      spec.leaders.emplace_back(NodeId{(first + i) % brokers});
    }
  }
  cluster_.create_topic(*topic, spec);
  BrokerContext context{cluster_, now, effects};
  for (std::int32_t i = 0; i < cluster_.partition_count(*topic); ++i) {
    if (cluster_.find({*topic, i})->is_replicated()) Controller{context}.created({*topic, i});
  }
}

void ServerSide::apply_to(const DeleteTopic& fault, Instant now, Effects& effects) {
  const std::optional<TopicId> topic = cluster_.names().find(fault.topic.name);
  if (!topic || !cluster_.has_topic(*topic)) return;
  cluster_.delete_topic(*topic);
  look_at_waiting(now, effects);
}

void ServerSide::apply_to(const DeleteRecords& fault, Instant, Effects&) {
  const std::optional<TopicPartition> at = cluster_.find_partition(fault.partition);
  if (!at) return;
  const bool forgets = cluster_.spec().unknown_producer != UnknownProducer::Any;
  Partition& partition = cluster_.write(*at);
  const std::int64_t most = partition.high_watermark();
  const std::int64_t before = std::min<std::int64_t>(fault.before.value_or(most), most);
  const auto delete_in = [&](PartitionLog& log, ProducerStateManager& producers) {
    log.delete_before(before);
    if (forgets) producers.forget_before(log.start_offset());
  };
  delete_in(partition.log, partition.producers);
  if (!partition.others) return;
  for (auto& [broker, replica] : partition.others->followers) {
    delete_in(replica.log, replica.producers);
  }
}

}  // namespace linger::sim
