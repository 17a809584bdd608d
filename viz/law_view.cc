#include "viz/law_view.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/law_follow.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"
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
    text += tr("free {} + held {} + gathered {}", bytes_text(pool.available()), bytes_text(held),
               bytes_text(pool.gathered_by_waiters()));
    if (pool.lost() > core::Bytes{0}) text += tr(" + lost {}", bytes_text(pool.lost()));
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
    text += tr("{} of {}", number_text(most),
               number_text(process.producer.config().max_in_flight_requests_per_connection));
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
  return tr("{} alive, the largest {}", number_text(batches), bytes_text(largest));
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
  return tr("{} in {} deques", number_text(queued), number_text(deques));
}

std::string fate_numbers(const sim::World& world) {
  const sim::RecordCounts& counts = world.counts;
  const std::int64_t held = counts.sent - counts.acknowledged - counts.failed - counts.refused;
  return tr("{} sent = {} acknowledged + {} failed + {} refused + {} held",
            number_text(counts.sent), number_text(counts.acknowledged), number_text(counts.failed),
            number_text(counts.refused), number_text(held));
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
  const auto& laws = state.branches[state.branch].laws;
  if (!laws) return view;
  std::int64_t broken = 0;
  const auto add = [&](const std::vector<std::string_view>& names) {
    for (const std::string_view name : names) {
      LawRow row{tr(name), true, numbers_of(name, world), ""};
      for (const sim::BrokenLaw& law : laws->broken()) {
        if (law.name != name || law.step > state.timeline().cursor()) continue;
        row.holds = false;
        row.broken = sim::instant_text(law.at) + ": " + tr_said(law.what);
        row.step = law.step;
        ++broken;
      }
      view.rows.push_back(std::move(row));
    }
  };
  add(laws->of_each_step());
  if (world.ended) add(sim::LawFollow::of_the_end());
  view.all_hold = broken == 0;
  view.headline = broken == 0 ? std::string{tr("all hold")} : tr("{} broken", number_text(broken));
  return view;
}

}  // namespace linger::viz
