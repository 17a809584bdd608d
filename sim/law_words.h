// What laws call things, and where they find who is meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/kafka_producer.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

inline std::string batch_text(core::BatchId batch) {
  return "batch " + std::to_string(batch.value());
}
inline std::string record_text(core::RecordId record) {
  return "record " + std::to_string(record.value());
}

inline const core::KafkaProducer& producer_of(ProducerIndex producer, const World& world) {
  return world.processes[static_cast<std::size_t>(producer.value())].producer;
}
inline const core::ProducerConfig& config_of(ProducerIndex producer, const World& world) {
  return producer_of(producer, world).config();
}

using Deque = core::RecordAccumulator::PartitionQueue;

// Calls visit(partition, deque) for each that there is.
template <class Visit>
void for_each_deque(const core::RecordAccumulator& accumulator, Visit visit) {
  for (std::size_t i = 0; i < accumulator.settings().topics.size(); ++i) {
    const core::TopicId topic{static_cast<std::int32_t>(i)};
    const auto* deques = accumulator.queues(topic);
    if (deques == nullptr) continue;
    for (const auto& [number, deque] : *deques) visit(TopicPartition{topic, number}, deque);
  }
}

// A request of a transaction is sent, or waits for its node: meanwhile no data is looked at.
inline bool has_request_under_way(const core::KafkaProducer& producer) {
  const core::TransactionManager* transactions = producer.transactions();
  if (transactions == nullptr) return false;
  // EndTxn stays in the queue until all batches are done; others stay if no node can be asked.
  const bool is_kept =
      transactions->has_pending_requests() && !transactions->pending_requests().next().is_end_txn();
  return transactions->has_in_flight_request() || producer.sender().awaits_node() || is_kept;
}

}  // namespace linger::sim
