#include "viz/law_numbers.h"

#include <algorithm>

#include "viz/language.h"
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

std::string lost_numbers(const sim::World& world) {
  core::Bytes lost;
  for (const sim::ProducerProcess& process : world.processes) {
    lost += process.producer.accumulator().pool().lost();
  }
  return tr("{} lost", bytes_text(lost));
}

std::string muted_numbers(const sim::World& world) {
  std::int64_t muted = 0;
  std::int64_t all = 0;
  for (const sim::ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    for (const core::TopicPartition partition : accumulator.partitions()) {
      ++all;
      if (accumulator.is_muted(partition)) ++muted;
    }
  }
  return tr("{} of {} partitions muted", number_text(muted), number_text(all));
}

// Of the batch that was opened first, of those whose fate is open.
std::string age_numbers(const sim::World& world) {
  const core::Millis now = world.producer_time();
  std::string text;
  for (const sim::ProducerProcess& process : world.processes) {
    core::Milliseconds oldest{0};
    process.producer.accumulator().batches.for_each([&](const core::ProducerBatch& batch) {
      if (!batch.is_done()) oldest = std::max(oldest, now - batch.created);
    });
    if (!text.empty()) text += "; ";
    text += tr("the oldest is {} of {} ms old", number_text(oldest.count()),
               number_text(process.producer.config().delivery_timeout.count()));
  }
  return text;
}

std::string acknowledged_numbers(const sim::World& world) {
  return tr("{} acknowledged, {} failed", number_text(world.counts.acknowledged),
            number_text(world.counts.failed));
}

struct NumbersOfLaw {
  std::string_view law;
  std::string (*numbers)(const sim::World&);
};
constexpr NumbersOfLaw kNumbers[] = {
    {"the pool's books balance", pool_numbers},
    {"all memory is free when nothing is left", pool_numbers},
    {"no memory is lost", lost_numbers},
    {"no more requests in flight than allowed", in_flight_numbers},
    {"batches keep their limits", batch_numbers},
    {"deques are in order", deque_numbers},
    {"nothing that is done waits", deque_numbers},
    {"nobody who could go on is forgotten", deque_numbers},
    {"no new batch leaves while a sequence is in doubt", deque_numbers},
    {"a batch is not sent again past an earlier sequence", deque_numbers},
    {"one batch of a partition at a time", muted_numbers},
    {"a muted partition is not drained", muted_numbers},
    {"every record has its fate by delivery.timeout.ms", age_numbers},
    {"before KIP-91 a batch expires by one of three clocks", age_numbers},
    {"every record has a fate, or is held", fate_numbers},
    {"no record is told its fate twice", fate_numbers},
};

}  // namespace

std::string law_numbers(std::string_view law, const sim::World& world) {
  for (const NumbersOfLaw& entry : kNumbers) {
    if (entry.law == law) return entry.numbers(world);
  }
  return acknowledged_numbers(world);
}

}  // namespace linger::viz
