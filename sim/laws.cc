#include "sim/laws.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace linger::sim {

namespace {

using Broken = std::optional<std::string>;

std::string amount(std::string_view what, core::Bytes bytes) {
  return std::string{what} + " " + std::to_string(bytes.count());
}

// free + held by batches + gathered by waiters + lost = buffer.memory
Broken pool_books_balance(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    const core::BufferPool& pool = accumulator.pool();
    core::Bytes held;
    for (const core::BatchId id : accumulator.incomplete()) {
      const core::ProducerBatch& batch = accumulator.batches.at(id);
      if (!batch.is_split) held += batch.builder.capacity();
    }
    const core::Bytes sum = pool.available() + held + pool.gathered_by_waiters() + pool.lost();
    if (sum != pool.total()) {
      return amount("available", pool.available()) + amount(", held", held) +
             amount(", gathered", pool.gathered_by_waiters()) + amount(", lost", pool.lost()) +
             amount(": not", pool.total());
    }
  }
  return std::nullopt;
}

Broken no_more_in_flight_than_allowed(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const std::int32_t limit = process.producer.config().max_in_flight_requests_per_connection;
    for (std::int32_t node = -world.scenario->cluster.brokers;
         node < world.scenario->cluster.brokers; ++node) {
      const std::int32_t count = process.producer.client().in_flight_count(NodeId{node});
      if (count > limit) {
        return std::to_string(count) + " in flight to node " + std::to_string(node) +
               ", allowed are " + std::to_string(limit);
      }
    }
  }
  return std::nullopt;
}

Broken batches_keep_their_limits(const World& world) {
  Broken broken;
  for (const ProducerProcess& process : world.processes) {
    process.producer.accumulator().batches.for_each([&](const core::ProducerBatch& batch) {
      const bool fits = batch.builder.size() <= batch.builder.capacity() ||
                        batch.builder.format().is_compressed();  // nobody knows it beforehand
      const bool counted =
          static_cast<std::size_t>(batch.builder.record_count()) == batch.records.size();
      if (!fits || !counted) {
        broken = "batch " + std::to_string(batch.id.value()) +
                 " is larger than its buffer, or "
                 "holds other records than it counts";
      }
    });
  }
  return broken;
}

// Batches that were never sent lie in the order in which they were opened; with idempotence, those
// that have a sequence lie before them, in its order.
Broken deques_are_in_order(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    for (const TopicPartition partition : accumulator.partitions()) {
      std::optional<core::BatchId> last_new;
      std::int32_t last_sequence = -1;
      for (const core::BatchId id : accumulator.queue(partition)->batches) {
        const core::ProducerBatch& batch = accumulator.batches.at(id);
        const bool is_new = batch.attempts == 0 && !batch.is_split;
        if (is_new && last_new && id < *last_new)
          return "a later batch stands before batch " + std::to_string(id.value());
        if (is_new) last_new = id;
        const std::int32_t sequence = batch.builder.base_sequence();
        if (sequence >= 0 && sequence < last_sequence) {
          return "batch " + std::to_string(id.value()) + " stands behind a later sequence";
        }
        if (sequence < 0 && batch.attempts > 0 && process.producer.transactions() != nullptr) {
          return "batch " + std::to_string(id.value()) + " was sent without a sequence";
        }
        last_sequence = std::max(last_sequence, sequence);
      }
    }
  }
  return std::nullopt;
}

// A batch is done when its fate is told: nothing of it may wait to be sent again.
Broken nothing_done_waits(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    for (const TopicPartition partition : accumulator.partitions()) {
      for (const core::BatchId id : accumulator.queue(partition)->batches) {
        if (!accumulator.batches.at(id).is_done()) continue;
        return "batch " + std::to_string(id.value()) + " is done, and waits to be sent";
      }
    }
  }
  return std::nullopt;
}

Broken no_record_is_told_twice(const World& world) {
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    if (world.records[i].completions > 1) {
      return "record " + std::to_string(i) + " was completed more than once";
    }
  }
  return std::nullopt;
}

// When nothing holds a record any more, it has a fate.
Broken every_record_has_a_fate(const World& world) {
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& entry = world.records[i];
    const ProducerProcess& process =
        world.processes[static_cast<std::size_t>(entry.producer.value())];
    if (entry.status != RecordStatus::Pending || process.has_exited) continue;
    const bool is_held =
        entry.batch && process.producer.accumulator().batches.contains(*entry.batch);
    if (!is_held && process.producer.sender().is_alive()) {
      return "record " + std::to_string(i) + " was forgotten";
    }
  }
  return std::nullopt;
}

Broken memory_is_free_when_nothing_is_left(const World& world) {
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    if (accumulator.has_incomplete() || accumulator.pool().waiter_count() > 0) continue;
    const core::BufferPool& pool = accumulator.pool();
    if (pool.available() + pool.lost() != pool.total()) {
      return amount("nothing is left, and available is", pool.available());
    }
  }
  return std::nullopt;
}

constexpr std::array kLawsOfAStep{
    Law{"the pool's books balance", pool_books_balance},
    Law{"no more requests in flight than allowed", no_more_in_flight_than_allowed},
    Law{"batches keep their limits", batches_keep_their_limits},
    Law{"deques are in order", deques_are_in_order},
    Law{"nothing that is done waits", nothing_done_waits},
};

constexpr std::array kLawsOfARun{
    Law{"no record is told its fate twice", no_record_is_told_twice},
    Law{"every record has a fate, or is held", every_record_has_a_fate},
    Law{"all memory is free when nothing is left", memory_is_free_when_nothing_is_left},
};

}  // namespace

std::span<const Law> laws_of_a_step() {
  return kLawsOfAStep;
}
std::span<const Law> laws_of_a_run() {
  return kLawsOfARun;
}

}  // namespace linger::sim
