// All that can come of a tiny scenario, without the explorer: every way is played from the
// beginning, nothing is met once, and what has the same key must read the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/explorer.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// A world as a reader would tell it, without ids and times: by what its records are where, and who
// has something to do now. Enough where no time passes until the run ends.
inline std::string told(const World& world) {
  std::ostringstream text;
  std::map<TopicPartition, std::int64_t> counts;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const RecordEntry& record = world.records[i];
    names.push_back(std::to_string(record.partition.topic.value()) + "-" +
                    std::to_string(record.partition.partition) + "." +
                    std::to_string(counts[record.partition]++));
  }
  const auto name = [&](core::RecordId id) { return names[static_cast<std::size_t>(id.value())]; };
  std::set<std::string> fates;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    fates.insert(names[i] + " of " + std::to_string(world.records[i].thread.value()) + " is " +
                 std::to_string(static_cast<int>(world.records[i].status)) + " at " +
                 std::to_string(world.records[i].offset) + "\n");
  }
  for (const std::string& fate : fates) text << fate;
  for (const ProducerProcess& process : world.processes) {
    const core::RecordAccumulator& accumulator = process.producer.accumulator();
    const auto batch = [&](core::BatchId id) {
      const core::ProducerBatch& one = accumulator.batches.at(id);
      text << " [" << one.attempts << " " << one.builder.base_sequence() << " "
           << static_cast<int>(one.state) << one.builder.is_closed_for_appends();
      for (const core::AppendedRecord& record : one.records) text << " " << name(record.id);
      text << "]";
    };
    text << "producer: pool " << accumulator.pool().available() << ", "
         << accumulator.pool().free_list().size() << " free, sender "
         << static_cast<int>(process.sender.state) << std::min(process.sender.empty_polls, 3)
         << process.sender.is_spinning << process.sender.waits_since.has_value()
         << process.producer.has_ready_events() << process.producer.has_network_events()
         << process.producer.metadata().update_requested();
    for (const TopicPartition partition : accumulator.partitions()) {
      text << "\n deque " << partition.partition;
      for (const core::BatchId id : accumulator.queue(partition)->batches) batch(id);
    }
    const auto tell = [&](core::TopicPartition partition, const std::vector<core::BatchId>& ids) {
      text << "\n in flight " << partition.partition;
      for (const core::BatchId id : ids) batch(id);
    };
    process.producer.sender().in_flight_batches().for_each(tell);
    for (std::int32_t node = 0; node < world.scenario->cluster.brokers; ++node) {
      text << "\n requests to " << node << ":";
      for (const auto& request : process.producer.client().in_flight().requests(NodeId{node})) {
        text << " " << request.send_completed;
        for (const core::InFlightBatch& carried : request.batches) {
          text << (accumulator.batches.contains(carried.batch) ? "" : "gone");
          if (accumulator.batches.contains(carried.batch)) batch(carried.batch);
        }
      }
      text << " unread " << process.producer.client().connections().is_connected(NodeId{node});
    }
    text << "\n";
  }
  for (const AppThread& thread : world.threads) {
    text << "thread: " << thread.action << " " << thread.sent << " " << thread.call.index() << " "
         << thread.is_late << " " << (thread.due && *thread.due <= world.now) << "\n";
  }
  for (const Broker& broker : world.servers.brokers()) {
    for (const auto& connection : broker.connections()) {
      text << "broker " << broker.id().value() << ": serves "
           << static_cast<int>(connection.serving) << ", has " << connection.requests.size()
           << "\n";
    }
  }
  for (const TopicPartition partition :
       {TopicPartition{core::TopicId{0}, 0}, TopicPartition{core::TopicId{0}, 1}}) {
    const Partition* found = world.servers.cluster().find(partition);
    if (found == nullptr) continue;
    text << "log " << partition.partition << ", " << found->failures.size() << " failures:";
    for (const LoggedRecord& record : found->log.records()) {
      text << " " << (record.id ? name(*record.id) : "?");
    }
    text << "\n";
  }
  std::map<std::string, std::vector<std::string>> due;
  world.events.for_each_place([&](const EventQueue::Place& place, const QueuedEvent& event) {
    const auto* wire = std::get_if<WireEvent>(&event);
    std::string what = std::to_string(wire ? wire->index() : 99);
    const auto* segment = wire ? std::get_if<SegmentArrival>(wire) : nullptr;
    if (segment != nullptr) what += " of " + std::to_string(segment->bytes.size().count());
    due[lane_text(lane_of(event), *world.scenario)].push_back(
        (place.at <= world.now ? "now " : "later ") + what);
  });
  for (auto& [lane, events] : due) {
    text << lane << ":";
    for (const std::string& event : events) text << " " << event;
    text << "\n";
  }
  text << (world.ended ? "over" : "goes on");
  return text.str();
}

struct BruteCount {
  std::int64_t worlds = 0;                               // played, each from the beginning
  std::map<core::StateKey::Digest, std::string> states;  // as they are met, told
  std::string told_apart;  // two worlds that are met as one, and do not read the same
};

// Requires: the moves of each way are few, and the ways are.
inline void count_all(const Scenario& scenario, const ExploreOptions& options,
                      std::vector<Move>& way, BruteCount& count) {
  Scenario with_faults = scenario;
  for (const Fault& fault : options.faults) with_faults.faults.push_back({Moment{}, fault, 0});
  World world{std::make_shared<const Scenario>(with_faults)};
  TraceSink trace;
  LawWatch watch;
  int struck = 0;
  std::vector<BrokenLaw> broken;
  for (const Move& move : way) {
    make(move, scenario.faults.size(), world, trace);
    for (const TraceEvent& event : trace.take()) watch.take_in(event, world, broken);
    struck += move.fault ? 1 : 0;
  }
  ++count.worlds;
  const std::string text = told(world) + ", " + std::to_string(struck) + " faults";
  const auto [known, is_new] =
      count.states.try_emplace(met_as(world, watch, struck, options.far), text);
  if (known->second != text) count.told_apart = known->second + "\n--\n" + text;
  for (const Move& move : moves_in(world, options, struck)) {
    way.push_back(move);
    count_all(scenario, options, way, count);
    way.pop_back();
  }
}

}  // namespace linger::sim
