// How many states a tiny scenario has, counted without the explorer's key: every way is played,
// nothing is met once, and two worlds are the same if they read the same and the same moves lead to
// worlds that are the same.
#pragma once

#include <algorithm>
#include <cstddef>
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
// has something to do now. What it leaves out is told by what comes of it.
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
           << static_cast<int>(one.state) << one.builder.is_closed_for_appends() << ", epoch "
           << one.leader_epoch << ":";
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

struct IndependentCount {
  std::int64_t worlds = 0;  // at the ends of all ways
  std::int64_t states = 0;  // that differ in what is read, now or after some moves
  // Where the explorer would have counted otherwise: two readings each.
  std::string joined;  // the same key, but not the same state: it would have missed something
  std::string split;   // the same state, but not the same key
};

// Requires: the moves of each way are few, and the ways are.
class EveryWay {
 public:
  EveryWay(const Scenario& scenario, const ExploreOptions& options)
      : options_{options}, first_fault_{scenario.faults.size()} {
    Scenario with_faults = scenario;
    for (const Fault& fault : options.faults) with_faults.faults.push_back({Moment{}, fault, 0});
    play(World{std::make_shared<const Scenario>(with_faults)}, {}, 0);
    count_.states = std::ssize(states_);
  }
  const IndependentCount& count() const { return count_; }

 private:
  // Which state it is. The ways end, so what comes of a world is known before the world is.
  std::int64_t play(const World& world, const LawWatch& watch, int struck) {
    ++count_.worlds;
    const std::string reading = told(world) + ", " + std::to_string(struck) + " faults\n";
    std::set<std::string> moves;
    for (const Move& move : moves_in(world, options_, struck)) {
      World next = world;
      LawWatch watches = watch;
      TraceSink trace;
      std::vector<BrokenLaw> broken;
      make(move, first_fault_, next, trace);
      for (const TraceEvent& event : trace.events) watches.take_in(event, next, broken);
      const std::int64_t leads_to = play(next, watches, struck + (move.fault ? 1 : 0));
      moves.insert(name_of(move, world) + " leads to " + std::to_string(leads_to) + "\n");
    }
    std::string all = reading;
    for (const std::string& move : moves) all += move;
    const auto next_number = std::ssize(states_);
    const std::int64_t state = states_.try_emplace(all, next_number).first->second;
    compare(met_as(world, watch, struck, options_.far), state, all);
    return state;
  }

  static std::string name_of(const Move& move, const World& world) {
    if (move.fault) return "fault " + std::to_string(*move.fault);
    return move.is_end ? "the end" : lane_text(move.next, *world.scenario);
  }

  void compare(const core::StateKey::Digest& key, std::int64_t state, const std::string& all) {
    const auto [of_key, is_new_key] = of_key_.try_emplace(key, state, all);
    if (of_key->second.first != state) count_.joined = of_key->second.second + "--\n" + all;
    const auto [of_state, is_new_state] = of_state_.try_emplace(state, key);
    if (of_state->second != key) count_.split = all;
  }

  const ExploreOptions& options_;
  std::size_t first_fault_;
  IndependentCount count_;
  std::map<std::string, std::int64_t> states_;
  std::map<core::StateKey::Digest, std::pair<std::int64_t, std::string>> of_key_;
  std::map<std::int64_t, core::StateKey::Digest> of_state_;
};

}  // namespace linger::sim
