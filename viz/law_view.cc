#include "viz/law_view.h"

#include <algorithm>
#include <string_view>

#include "sim/laws.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

std::string pool_numbers(const sim::World& world) {
  std::string text;
  for (const sim::ProducerProcess& process : world.processes) {
    const core::BufferPool& pool = process.producer.accumulator().pool();
    const core::Bytes held =
        pool.total() - pool.available() - pool.gathered_by_waiters() - pool.lost();
    if (!text.empty()) text += "; ";
    text += "free " + bytes_text(pool.available()) + " + held " + bytes_text(held) +
            " + gathered " + bytes_text(pool.gathered_by_waiters());
    if (pool.lost() > core::Bytes{0}) text += " + lost " + bytes_text(pool.lost());
    text += " = " + bytes_text(pool.total());
  }
  return text;
}

std::string in_flight_numbers(const sim::World& world) {
  std::string text;
  for (const sim::ProducerProcess& process : world.processes) {
    std::int32_t most = 0;
    for (const core::NodeId node : world.servers.cluster().brokers()) {
      most = std::max(most, process.producer.client().in_flight_count(node));
    }
    if (!text.empty()) text += "; ";
    text += number_text(most) + " of " +
            number_text(process.producer.config().max_in_flight_requests_per_connection);
  }
  return text;
}

std::string batch_numbers(const sim::World& world) {
  std::int64_t batches = 0;
  core::Bytes largest;
  for (const sim::ProducerProcess& process : world.processes) {
    process.producer.accumulator().batches.for_each([&](const core::ProducerBatch& batch) {
      ++batches;
      largest = std::max(largest, batch.builder.size());
    });
  }
  return number_text(batches) + " alive, the largest " + bytes_text(largest);
}

std::string deque_numbers(const sim::World& world) {
  std::int64_t deques = 0;
  std::int64_t queued = 0;
  for (const sim::ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    for (const core::TopicPartition partition : accumulator.partitions()) {
      ++deques;
      queued += static_cast<std::int64_t>(accumulator.queue(partition)->batches.size());
    }
  }
  return number_text(queued) + " in " + number_text(deques) + " deques";
}

std::string fate_numbers(const sim::World& world) {
  const sim::RecordCounts& counts = world.counts;
  const std::int64_t held = counts.sent - counts.acknowledged - counts.failed - counts.refused;
  return number_text(counts.sent) + " sent = " + number_text(counts.acknowledged) +
         " acknowledged + " + number_text(counts.failed) + " failed + " +
         number_text(counts.refused) + " refused + " + number_text(held) + " held";
}

// By the beginning of the law's name; a law without numbers has none.
std::string numbers_of(std::string_view law, const sim::World& world) {
  if (law.find("pool") != std::string_view::npos) return pool_numbers(world);
  if (law.find("in flight") != std::string_view::npos) return in_flight_numbers(world);
  if (law.find("batches") != std::string_view::npos) return batch_numbers(world);
  if (law.find("deques") != std::string_view::npos) return deque_numbers(world);
  if (law.find("fate") != std::string_view::npos) return fate_numbers(world);
  return "";
}

}  // namespace

LawView law_view(const ViewerState& state) {
  LawView view;
  view.stops = state.stops_at_broken_law;
  const sim::World& world = state.world();
  std::int64_t broken = 0;
  const auto add = [&](std::span<const sim::Law> laws) {
    for (const sim::Law& law : laws) {
      const auto wrong = law.broken(world);
      LawRow row{std::string{law.name}, !wrong, numbers_of(law.name, world), ""};
      if (wrong) row.broken = *wrong;
      broken += wrong ? 1 : 0;
      view.rows.push_back(std::move(row));
    }
  };
  add(sim::laws_of_a_step());
  if (world.ended) add(sim::laws_of_a_run());
  view.all_hold = broken == 0;
  view.headline = broken == 0 ? "all hold" : number_text(broken) + " broken";
  return view;
}

}  // namespace linger::viz
